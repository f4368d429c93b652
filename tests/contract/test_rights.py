"""Who may do what on a shared database, said by the database itself: every role against every act, by SQL.

The owner of the tables is no superuser, as a city would have it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import func, select

from dispatch.__main__ import main
from dispatch.clock import WallClock
from dispatch.errors import ActRefused, NotAllowed, StoreUnusable
from dispatch.records import Actor, Role
from dispatch.store import rights, schema
from dispatch.store.grants import GROUPS, LOGINS
from dispatch.store.migrate import take_back
from dispatch.store.store import Store, open_store
from tests.postgres import PostgresServer

OWNER = "city_it"
PEOPLE = {
    Role.VIEWER: "vera",
    Role.OPERATOR: "otto",
    Role.SUPERVISOR: "susan",
    Role.MANAGER: "max",
    Role.ADMINISTRATOR: "ada",
    Role.SYNC: "robin",
}
NAMES = {role: login.title() for role, login in PEOPLE.items()}
ROLES = tuple(PEOPLE)

LINE = (
    "INSERT INTO activity_log (number, at, person, act, subject, previous_hash, hash)"
    " VALUES (1000, 1, '{name}', '{act}', '{subject}', 'x', 'y')"
)
CHANGE = "INSERT INTO change (n, body) VALUES (1000, '')"
FEED = "SELECT n FROM feed FOR UPDATE"
NUMBERS = "UPDATE feed SET n = n + 1, log_number = log_number + 1"

# Viewer, operator, supervisor, emergency manager, administrator, sync. A letter: may; "-": neither the act
# nor its line; "l": its line alone is refused, so that the program, which writes both, does neither.
QUEUE, SITES, WATCH, HEADS, BOSS = "-OS---", "-OSM--", "-OSM-Y", "--SM--", "--S---"


def _step(notice_id: str, change: str) -> str:
    return f"UPDATE notice SET version = version + 1, {change} WHERE notice_id = '{notice_id}'"


def _place(place: str) -> str:
    return (
        "INSERT INTO notice_place (notice_id, place, language, state, at, person)"
        f" VALUES ('n_on', '{place}', '', 'done', 1, '{{name}}')"
    )


_PUBLISHED = "state = 'published', number = 2, content = 'y', published_by = '{name}', published_at = 1"


def _kept(name: str, state: str) -> str:
    return (
        "INSERT INTO snapshot_version (version_id, activation_id, state, from_at, to_at, content, made_by,"
        f" made_at) VALUES ('v9', 'a', '{state}', 1, 2, 'x', '{name}', 1)"
    )


def _to(version_id: str, change: str) -> str:
    return f"UPDATE snapshot_version SET {change} WHERE version_id = '{version_id}'"


def _redacted(name: str) -> str:
    return (
        "INSERT INTO redaction (redaction_id, records_id, record_id, field, start_char, end_char, statute,"
        f" person, at) VALUES ('x9', 'q', 'report:1', 'summary', 0, 3, '119.071(5)(j)', '{name}', 1)"
    )


def _held(name: str) -> str:
    return (
        "INSERT INTO legal_hold (hold_id, activation_id, since_at, why, person, at)"
        f" VALUES ('h9', 'a', 1, 'a suit', '{name}', 1)"
    )


# What an act says to the database, beside taking the feed and writing its log line and its change.
ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "claim": (SITES, ("INSERT INTO claim (site_id, person, seat, at) VALUES (1, '{name}', 's', 1)",)),
    "let_go": ("-OSM-l", ("DELETE FROM claim WHERE site_id = 2",)),
    "take_over": (SITES, ("UPDATE claim SET person = '{name}' WHERE site_id = 2",)),
    "ask_for": (SITES, ("INSERT INTO claim_ask (site_id, person, at) VALUES (2, '{name}', 1)",)),
    "opened": ("-OSMll", ()),
    "band": (QUEUE, ("UPDATE site SET own_band = 1, own_band_who = '{name}' WHERE site_id = 1",)),
    "wait": (
        "-OS---",
        ("UPDATE site SET state = 2, state_note = '' WHERE site_id = 1",),
    ),
    "resume": ("-OSl-l", ("UPDATE site SET state = 1, state_reason = '' WHERE site_id = 1",)),
    "snooze": (QUEUE, ("UPDATE site SET snoozed_until = 9 WHERE site_id = 1",)),
    "close": (QUEUE, ("UPDATE site SET state = 3, state_note = '', closed_at = 1 WHERE site_id = 1",)),
    "reopen": ("-OS--l", ("UPDATE site SET state = 1, closed_at = NULL WHERE site_id = 1",)),
    "merge": ("-OS--l", ("UPDATE membership SET site_id = 2 WHERE request_key = 1",)),
    "link": (QUEUE, ("INSERT INTO link (site_id, other_id) VALUES (1, 2)",)),
    "not_the_same": ("-OS--l", ("UPDATE suggestion SET decided = 'no', who = '{name}'",)),
    "note": (SITES, ("INSERT INTO fact (fact_id, site_id, name, at) VALUES ('n', 1, 'note', 1)",)),
    "911": (
        SITES,
        (
            "INSERT INTO fact (fact_id, site_id, name, at) VALUES ('9', 1, '911', 1)",
            "UPDATE site SET own_flags = own_flags | 32768 WHERE site_id = 1",
        ),
    ),
    "place_by_hand": (
        SITES,
        (
            "INSERT INTO fact (fact_id, site_id, name, at) VALUES ('p', 1, 'place_by_hand', 1)",
            "UPDATE site SET lat = 27.7, lng = -82.6 WHERE site_id = 1",
        ),
    ),
    "call": (
        QUEUE,
        (
            "INSERT INTO request (request_key, server_id, digest, status, summary, created_at, updated_at)"
            " VALUES (77, 1, '', 'open', 'x', 1, 1)",
            "INSERT INTO site (site_id, activation_id, band, assessed_band, score, first_at, last_at,"
            " reports, flags) VALUES (77, 'a', 3, 3, 1, 1, 1, 1, 0)",
            "INSERT INTO membership (request_key, site_id) VALUES (77, 77)",
            "INSERT INTO outbox (outbox_id, kind, request_key, state, at, due_at, person)"
            " VALUES ('o', 'new_request', 77, 'waiting', 1, 1, '{name}')",
            "INSERT INTO caller (request_key, activation_id, number, name, phone, who, at)"
            " VALUES (77, 'a', 2, 'Maria', '727-555-0100', '{name}', 1)",
        ),
    ),
    "calls_pasted": (
        QUEUE,
        (
            "INSERT INTO request (request_key, server_id, digest, status, summary, created_at, updated_at)"
            " VALUES (78, 1, '', 'open', 'x', 1, 1)",
            "INSERT INTO caller (request_key, activation_id, number, paste_id, who, at)"
            " VALUES (78, 'a', 2, 'p', '{name}', 1)",
        ),
    ),
    "message": (
        QUEUE,
        (
            "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
            " VALUES ('o', 'message', 1, 'x', 'waiting', 1, 1)",
        ),
    ),
    # Whoever may write to residents may keep what they were told; correcting it is the supervisor's.
    "date_moved": (
        "-lS---",
        (
            "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
            " VALUES ('o', 'message', 1, 'x', 'waiting', 1, 1)",
            "INSERT INTO told (told_id, activation_id, request_key, at, low_days, normal_days, open,"
            " closed_day, closed_week, outbox_id) VALUES ('t', 'a', 1, 1, 2, 2, 9, 1, 1, 'o')",
        ),
    ),
    "take_back": ("-OS--l", ("UPDATE outbox SET state = 'taken_back'",)),
    "escalate": (
        "-OSM-l",
        (
            "INSERT INTO escalation (escalation_id, number, site_id, state, created_at, body)"
            " VALUES ('e9', 'EOC-9', 1, 'sent', 1, '{{}}')",
            "INSERT INTO escalation_of_site (escalation_id, site_id) VALUES ('e9', 1)",
            "INSERT INTO delivery (delivery_id, escalation_id, channel, state, at)"
            " VALUES ('d9', 'e9', 'desk', 'queued', 1)",
            "UPDATE feed SET escalation_number = escalation_number + 1",
        ),
    ),
    # Also by e-mail, and then the residents hear of it.
    "accept": (
        WATCH,
        (
            "UPDATE escalation SET state = 'accepted' WHERE escalation_id = 'e'",
            "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
            " VALUES ('e:1', 'message', 1, 'x', 'waiting', 1, 1)",
        ),
    ),
    "return": (WATCH, ("UPDATE escalation SET state = 'returned' WHERE escalation_id = 'e'",)),
    "close, of a hand-over": (WATCH, ("UPDATE escalation SET state = 'closed', closed_at = 1",)),
    "expired": (
        WATCH,
        (
            "UPDATE escalation SET state = 'expired' WHERE escalation_id = 'e'",
            "INSERT INTO delivery (delivery_id, escalation_id, channel, state, at)"
            " VALUES ('d9', 'e', 'email', 'queued', 1)",
        ),
    ),
    "answer_read": ("-OSM-l", ("UPDATE incoming SET state = 'read', who = '{name}'",)),
    "form": (
        SITES,
        ("INSERT INTO form (form_id, version, activation_id, kind, at, body) VALUES ('f',1,'a','x',1,'')",),
    ),
    "pack_made": (
        BOSS,
        (
            "INSERT INTO shift_pack (pack_id, version, activation_id, number, edit, state, since_at,"
            " since_is_hand_over, at, until_at, made_at, totals)"
            " VALUES ('p9', 1, 'a', 2, 1, 'draft', 1, 0, 1, 2, 1, '')",
        ),
    ),
    "pack_kept": (BOSS, ("UPDATE shift_pack SET remarks = 'x', edit = 2 WHERE pack_id = 'd'",)),
    "pack_handed_over": (
        BOSS,
        ("UPDATE shift_pack SET state = 'handed_over', out_person = '{name}' WHERE pack_id = 'd'",),
    ),
    "pack_confirmed": (
        QUEUE,
        ("UPDATE shift_pack SET state = 'confirmed', in_person = '{name}' WHERE pack_id = 'p'",),
    ),
    "a confirmed pack changed": ("------", ("UPDATE shift_pack SET in_person = 'x' WHERE pack_id = 'c'",)),
    "shelve": (
        SITES,
        (
            "INSERT INTO alarm_shelf (activation_id, kind, site_id, reason, at, until)"
            " VALUES ('a', 'p1', 2, 'x', 1, 2)",
        ),
    ),
    "template_edited": (
        HEADS,
        (
            "INSERT INTO template (template_id, version, intent, language, at)"
            " VALUES ('got_it.en', 1, 'got_it', 'en', 1)",
        ),
    ),
    "outreach": (
        SITES,
        (
            "INSERT INTO outreach (outreach_id, activation_id, kind, area, at, recorded_at)"
            " VALUES ('u9', 'a', 'door', 'Childs Park', 1, 1)",
        ),
    ),
    "rule_on": (
        HEADS,
        ("INSERT INTO rule (activation_id, kind, version, is_on, settings, at) VALUES ('a','x',1,1,'',1)",),
    ),
    # Only the syncing, and only of a rule that somebody has switched on.
    "rule_message": (
        "-----Y",
        (
            "INSERT INTO rule_sent (activation_id, kind, request_key, round, version, outbox_id, at)"
            " VALUES ('a', 'got_it', 1, 0, 2, 'rule:1', 1)",
            "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
            " VALUES ('rule:1', 'message', 1, 'x', 'waiting', 1, 1)",
        ),
    ),
    "a message of a rule that is off": (
        "------",
        (
            "INSERT INTO rule_sent (activation_id, kind, request_key, round, version, outbox_id, at)"
            " VALUES ('a', 'better_photo', 1, 0, 1, 'rule:2', 1)",
        ),
    ),
    "a message of a rule as it was": (
        "------",
        (
            "INSERT INTO rule_sent (activation_id, kind, request_key, round, version, outbox_id, at)"
            " VALUES ('a', 'got_it', 1, 0, 1, 'rule:3', 1)",
        ),
    ),
    "sweep_planned": (
        HEADS,
        (
            "INSERT INTO sweep (sweep_id, version, activation_id, number, state, body, at)"
            " VALUES ('w9', 1, 'a', 1, 'planned', '{{}}', 1)",
        ),
    ),
    "sweep_started": (
        SITES,
        (
            "INSERT INTO sweep (sweep_id, version, activation_id, number, state, at)"
            " VALUES ('w9', 2, 'a', 1, 'running', 1)",
        ),
    ),
    "sweep_cancelled": (
        HEADS,
        (
            "INSERT INTO sweep (sweep_id, version, activation_id, number, state, at)"
            " VALUES ('w9', 2, 'a', 1, 'cancelled', 1)",
        ),
    ),
    "city_fact": (
        SITES,
        (
            "INSERT INTO city_fact (fact_id, activation_id, number, kind, name, at)"
            " VALUES ('f9', 'a', 1, 'closure', 'x', 1)",
        ),
    ),
    "storm_facts": (
        HEADS,
        ("INSERT INTO storm_fact (activation_id, number, contact, at) VALUES ('a', 2, 'x', 1)",),
    ),
    "snapshot_kept": (SITES, (_kept("{name}", "working"),)),
    "snapshot_kept, in another name": ("------", (_kept("Ben", "working"),)),
    "snapshot_kept, reviewed from the first": ("------", (_kept("{name}", "reviewed"),)),
    "snapshot_discarded": (SITES, (_to("v_new", "state = 'discarded'"),)),
    "snapshot_reviewed": (HEADS, (_to("v_new", "state = 'reviewed', reviewed_by = '{name}'"),)),
    "snapshot_reviewed, in another name": (
        "------",
        (_to("v_new", "state = 'reviewed', reviewed_by = 'Ben'"),),
    ),
    "snapshot_withdrawn": (HEADS, (_to("v_seen", "state = 'discarded'"),)),
    "snapshot_published": (HEADS, (_to("v_seen", _PUBLISHED),)),
    "snapshot_published, not reviewed": ("------", (_to("v_new", _PUBLISHED),)),
    "snapshot_published, with a gap": ("------", (_to("v_seen", _PUBLISHED.replace("= 2", "= 3")),)),
    "snapshot_published, a number twice": ("------", (_to("v_seen", _PUBLISHED.replace("= 2", "= 1")),)),
    "a reviewed snapshot changed": ("------", (_to("v_seen", "content = 'x'"),)),
    "a published snapshot changed": ("------", (_to("v_out", "content = 'x'"),)),
    "a published snapshot discarded": ("------", (_to("v_out", "state = 'discarded'"),)),
    "survey_imported": (
        HEADS,
        (
            "INSERT INTO survey (survey_id, activation_id, kind, at, rows_read, rows_taken, rows_joined)"
            " VALUES ('s9', 'a', 'county', 1, 1, 1, 1)",
            "INSERT INTO survey_row (survey_id, number, original, is_taken) VALUES ('s9', 2, '{{}}', 1)",
        ),
    ),
    "survey_taken_back": (HEADS, ("UPDATE survey SET is_taken_back = 1",)),
    "records_requested": (
        BOSS,
        (
            "INSERT INTO records_request (records_id, number, activation_id, received_at, query, records,"
            " content, person, at) VALUES ('q9', 2, 'a', 1, '{{}}', 0, '', '{name}', 1)",
        ),
    ),
    "records_redacted": (BOSS, (_redacted("{name}"),)),
    "records_redacted, in another name": ("------", (_redacted("Ben"),)),
    "records_withdrawn": (
        BOSS,
        ("UPDATE redaction SET withdrawn_at = 1, withdrawn_by = '{name}' WHERE redaction_id = 'x'",),
    ),
    "records_withdrawn, in another name": (
        "------",
        ("UPDATE redaction SET withdrawn_at = 1, withdrawn_by = 'Ben' WHERE redaction_id = 'x'",),
    ),
    "records_withdrawn, and put back": (
        "------",
        (
            "UPDATE redaction SET withdrawn_at = 1, withdrawn_by = '{name}' WHERE redaction_id = 'x'",
            "UPDATE redaction SET withdrawn_at = NULL, withdrawn_by = '' WHERE redaction_id = 'x'",
        ),
    ),
    "hold_placed": (BOSS, (_held("{name}"),)),
    "hold_placed, in another name": ("------", (_held("Ben"),)),
    "hold_lifted": (
        BOSS,
        ("UPDATE legal_hold SET lifted_at = 1, lifted_by = '{name}', lifted_why = 'over'",),
    ),
    "reading what was redacted": ("--S---", ("SELECT statute FROM public.redaction",)),
    "reading what was collected": ("--S---", ("SELECT content FROM public.records_request",)),
    "unshelve": (SITES, ("DELETE FROM alarm_shelf",)),
    "suspend": (
        HEADS,
        ("INSERT INTO suspension (activation_id, service, since_at, review_at) VALUES ('a','police',1,2)",),
    ),
    "resume_service": (HEADS, ("DELETE FROM suspension",)),
    "desk_taken": (
        HEADS,
        (
            "INSERT INTO roster (activation_id, desk, person, since_at) VALUES ('a', 'EMS', 'x', 1)",
            "UPDATE escalation SET body = body",
        ),
    ),
    "storm_mode": ("--S--Y", ("UPDATE activation SET storm_mode = 0",)),
    # Also at its time, by the syncing; what is then done at the server is the syncing's alone.
    "public_mode_on": (
        "--SM-Y",
        (
            "INSERT INTO category_switch (activation_id, number, category_id, server_id, phase, was_offered,"
            " wanted, state, at) VALUES ('a', 2, 'x', 1, 'on', 1, 0, 'waiting', 1)",
        ),
    ),
    "public_mode_off": (
        "--SM-Y",
        ("UPDATE category_switch SET phase = 'restore', wanted = 1, state = 'waiting' WHERE number = 1",),
    ),
    "category_ticked": (
        "--SM-l",
        (
            "UPDATE category_switch SET state = 'ticked', ticked_by = '{name}' WHERE number = 1",
            "UPDATE category_look SET wanted_at = 1",
        ),
    ),
    "category_switched": (
        "--ll-Y",
        ("UPDATE category_switch SET state = 'done' WHERE number = 1",),
    ),
    "what the server offers written by hand": (
        "-----Y",
        ("UPDATE offered_category SET is_offered = 0",),
    ),
    "profile": (BOSS, ("INSERT INTO profile (activation_id, version, at, body) VALUES ('a', 5, 1, '')",)),
    "activation": (
        "--S-AY",
        (
            "UPDATE activation SET is_current = 0",
            "INSERT INTO activation (activation_id, name, is_exercise, started_at, storm_mode, is_current)"
            " VALUES ('b', 'B', 1, 1, 1, 1)",
        ),
    ),
    "layer": ("-lSlAl", ()),
    "channel": ("-lSlAl", ()),
    "seat_taken": ("-OSMAl", ()),
    "notice_drafted": (
        "-OSM--",
        (
            "INSERT INTO notice (notice_id, activation_id, state, created_at, body, drafted_by, edited_by)"
            " VALUES ('n9', 'a', 'draft', 1, '', '{name}', '{name}')",
            "INSERT INTO notice_version (notice_id, version, state, at, person, body)"
            " VALUES ('n9', 1, 'draft', 1, '{name}', '')",
        ),
    ),
    "notice_edited": (
        "-OSM--",
        (
            "UPDATE notice SET version = 2, body = 'x', edited_by = '{name}' WHERE notice_id = 'n'",
            "INSERT INTO notice_version (notice_id, version, state, at, person, body)"
            " VALUES ('n', 2, 'draft', 1, '{name}', 'x')",
        ),
    ),
    "notice_submitted": ("-OSM--", (_step("n", "state = 'submitted'"),)),
    "notice_discarded": ("-OSM--", (_step("n", "state = 'discarded'"),)),
    "notice_sent_back": ("-lSM--", (_step("n_in", "state = 'draft', sent_back_why = 'x'"),)),
    "notice_approved": (HEADS, (_step("n_in", "state = 'approved', approved_by = '{name}'"),)),
    "notice_seconded": ("---M--", (_step("e_1", "second_by = '{name}'"),)),
    "notice_published": (HEADS, (_step("n_ok", "state = 'live', published_by = '{name}'"),)),
    "notice_ordered": ("---M--", (_step("e_2", "state = 'live', published_by = '{name}'"),)),
    "notice_cancelled": (HEADS, (_step("n_on", "state = 'cancelled', ended_why = 'x'"),)),
    "notice_ordered, to cancel one": (
        "---M--",
        (_step("e_on", "state = 'cancelled', ended_why = 'x'"),),
    ),
    "notice_ordered, to supersede one": ("---M--", (_step("e_on", "state = 'superseded'"),)),
    "notice_expired": (
        "--SM-Y",
        (_step("n_on", "state = 'expired', ended_at = 9"),),
    ),
    "notice_put": ("-OSM-l", (_place("radio"),)),
    "notice_on_server": ("--SM-Y", (_place("server"),)),
    # What no role may do at a notice.
    "notice_published, not approved": ("------", (_step("n_in", "state = 'live', published_by = '{name}'"),)),
    "notice_published, a draft": ("------", (_step("n", "state = 'live', published_by = '{name}'"),)),
    "notice_published, an order approved once": (
        "------",
        (_step("e_1", "state = 'live', published_by = '{name}'"),),
    ),
    "notice_published, in another name": ("------", (_step("n_ok", "state = 'live', published_by = 'Ben'"),)),
    "notice_approved, in another name": (
        "------",
        (_step("n_in", "state = 'approved', approved_by = 'Ben'"),),
    ),
    "notice_approved, one's own": (
        "------",
        (
            "INSERT INTO notice (notice_id, activation_id, state, created_at, body, drafted_by, edited_by)"
            " VALUES ('n9', 'a', 'draft', 1, '', '{name}', '{name}')",
            _step("n9", "state = 'submitted'"),
            _step("n9", "state = 'approved', approved_by = '{name}'"),
        ),
    ),
    "notice_approved, what one has edited": (
        "------",
        (
            _step("n", "body = 'x', edited_by = '{name}'"),
            _step("n", "state = 'submitted'"),
            _step("n", "state = 'approved', approved_by = '{name}'"),
        ),
    ),
    "notice_seconded, twice by one": (
        "------",
        (
            _step("e_in", "state = 'approved', approved_by = '{name}'"),
            _step("e_in", "second_by = '{name}'"),
        ),
    ),
    "notice_edited, after it was handed in": (
        "------",
        (_step("n_in", "body = 'x', edited_by = '{name}'"),),
    ),
    "notice_edited, after it was approved": (
        "------",
        (_step("n_ok", "state = 'live', published_by = '{name}', body = 'x'"),),
    ),
    "notice_edited, while it is live": ("------", (_step("n_on", "body = 'x'"),)),
    "notice_edited, to end later": ("------", (_step("n_on", "expires_at = 99"),)),
    "notice_edited, to be no order": ("------", (_step("e_1", "kind = 'service', state = 'live'"),)),
    "notice_edited, without its version": (
        "------",
        ("UPDATE notice SET body = 'x', edited_by = '{name}' WHERE notice_id = 'n'",),
    ),
    "notice_drafted, approved from the first": (
        "------",
        (
            "INSERT INTO notice (notice_id, activation_id, state, created_at, body, drafted_by, edited_by,"
            " approved_by) VALUES ('n9', 'a', 'draft', 1, '', '{name}', '{name}', 'Ben')",
        ),
    ),
    "notice_drafted, in another name": (
        "------",
        (
            "INSERT INTO notice (notice_id, activation_id, state, created_at, body, drafted_by, edited_by)"
            " VALUES ('n9', 'a', 'draft', 1, '', 'Ben', 'Ben')",
        ),
    ),
    "a version of a notice that it never had": (
        "------",
        (
            "INSERT INTO notice_version (notice_id, version, state, at, person, body)"
            " VALUES ('n_on', 7, 'live', 1, '{name}', '')",
        ),
    ),
    "person_added": (
        "----A-",
        ("INSERT INTO person (login, name, role, at) VALUES ('eve', 'Eve', 'operator', 1)",),
    ),
    "person_role": ("----A-", ("UPDATE person SET role = 'supervisor' WHERE login = 'otto'",)),
    "person_closed": ("----A-", ("UPDATE person SET is_active = 0 WHERE login = 'otto'",)),
    "server": ("----AY", ("UPDATE server SET capabilities = 'x'",)),
    "closed": (
        "-ll--Y",
        ("UPDATE site SET state = 3, state_reason = 'server', closed_at = 1 WHERE site_id = 1",),
    ),
    "refused": ("-ll--Y", ("UPDATE outbox SET state = 'failed', error = 'x'",)),
    "a page of reports": (
        "-----Y",
        (
            "INSERT INTO request (request_key, server_id, remote_id, digest, status, created_at, updated_at)"
            " VALUES (78, 1, '78', '', 'open', 1, 1)",
        ),
    ),
    "a report changed by its server": ("-----Y", ("UPDATE request SET description = 'x'",)),
    "a message read from its server": (
        "-----Y",
        ("INSERT INTO message (request_key, message_id, at) VALUES (1, 'm2', 1)",),
    ),
    "a broken row set aside": (
        "-----Y",
        ("INSERT INTO quarantine (digest, server_id, at, reason, raw) VALUES ('q', 1, 1, 'x', '')",),
    ),
    "rules made anew": ("-----Y", ("UPDATE rescoring SET below_key = 0",)),
    "taking the syncing over": ("-----Y", ("UPDATE syncing SET holder = 'me'",)),
    "where a seat looks": (
        "-OSMAY",
        ("INSERT INTO presence (seat, person, site_id, since_at, at) VALUES ('s', '{name}', 1, 1, 1)",),
    ),
}
# What nobody may do, whatever their role: each ends in a refusal by the database.
ATTACKS = {
    "change a log line": "UPDATE activity_log SET person = 'x'",
    "delete the log": "DELETE FROM public.activity_log",
    "empty the log": "TRUNCATE public.activity_log",
    "change a change": "UPDATE change SET body = '{}'",
    "delete the changes": "DELETE FROM public.change",
    "turn the feed back": "UPDATE feed SET log_number = -1",
    "change a fact": "UPDATE fact SET value = ''",
    "delete a form": "DELETE FROM form",
    "change a sweep": "UPDATE sweep SET body = ''",
    "delete what is told": "DELETE FROM city_fact",
    "change what heads a snapshot": "UPDATE storm_fact SET contact = ''",
    "delete a snapshot": "DELETE FROM snapshot_version",
    "move a snapshot to another time": "UPDATE snapshot_version SET from_at = 0",
    "change who made a snapshot": "UPDATE snapshot_version SET made_by = 'x'",
    "change a survey": "UPDATE survey SET rows_read = 0",
    "change what was surveyed": "UPDATE survey_row SET cost_cents = 1",
    "delete what was surveyed": "DELETE FROM survey_row",
    "change what was collected": "UPDATE records_request SET content = ''",
    "delete what was collected": "DELETE FROM records_request",
    "change a redaction": "UPDATE redaction SET statute = 'x'",
    "delete a redaction": "DELETE FROM redaction",
    "change a legal hold": "UPDATE legal_hold SET why = ''",
    "delete a legal hold": "DELETE FROM legal_hold",
    "change a form": "UPDATE form SET body = ''",
    "delete a site": "DELETE FROM site",
    "move a site to another storm": "UPDATE site SET activation_id = 'b'",
    "delete a hand-over": "DELETE FROM escalation",
    "delete a profile": "DELETE FROM profile",
    "delete a notice": "DELETE FROM notice",
    "change the history of a notice": "UPDATE notice_version SET body = ''",
    "delete the history of a notice": "DELETE FROM notice_version",
    "forget where a notice stands": "DELETE FROM notice_place",
    "delete what is on its way": "DELETE FROM outbox",
    "delete a person": "DELETE FROM person",
    "drop a table": "DROP TABLE public.site",
    "change a table": "ALTER TABLE public.site ADD COLUMN x int",
    "make a table": "CREATE TABLE public.mine (x int)",
    "make a schema": "CREATE SCHEMA mine",
    "make a temporary table": "CREATE TEMPORARY TABLE person (login text)",
    "make a masked view": "CREATE VIEW masked.mine AS SELECT 1",
    "switch a trigger off": "ALTER TABLE public.activity_log DISABLE TRIGGER hold_line",
    "do as if no trigger was there": "SET session_replication_role = replica",
    "switch a policy off": "ALTER TABLE public.outbox DISABLE ROW LEVEL SECURITY",
    "replace a function": "CREATE OR REPLACE FUNCTION rights.own_name() RETURNS text AS '' LANGUAGE sql",
    "give an act to one's role": "INSERT INTO rights.act VALUES ('suspend', 'landfall_operator')",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'cat'",
    "become the owner": f"SET ROLE {OWNER}",
    "become a superuser": "SET SESSION AUTHORIZATION postgres",
    "make a login": "CREATE ROLE evil LOGIN",
    "raise one's role": "GRANT landfall_supervisor TO CURRENT_USER",
    "raise oneself": "ALTER ROLE CURRENT_USER CREATEROLE",
    "end somebody's session": (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'"
    ),
    "read the server's passwords": "SELECT rolpassword FROM pg_authid",
    "pretend to be migrated": "UPDATE alembic_version SET version_num = '0001'",
}
# What a viewer sees of a table is a view, into which nothing can be written, or it sees no such table.
REFUSED = (
    errors.InsufficientPrivilege,
    errors.ObjectNotInPrerequisiteState,
    errors.FeatureNotSupported,
    errors.UndefinedTable,
)
WORDS = (
    *(
        "Maria",
        "727-555",
        "oxygen",
        "SecretHash",
        "Elm St",
        "Ben",
        "Fire Chief",
        "Otto",
        "Susan",
        "server-17",
    ),
    *("Max", "Ada", "Robin"),
)


@dataclass(frozen=True)
class City:
    """A database with one restricted site, and a login for each role."""

    server: PostgresServer
    url: str  # the owner's

    def url_of(self, login: str) -> str:
        return self.url.replace(f"{OWNER}@/", f"{login}@/")

    def line(self, role: Role) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url_of(PEOPLE[role]).replace("+psycopg", ""))

    def store(self, role: Role) -> Store:
        return open_store(self.url_of(PEOPLE[role]), clock=WallClock())


@pytest.fixture(scope="module")
def room(postgres: PostgresServer) -> Iterator[City]:
    url = owned(postgres)
    store = open_store(url, clock=WallClock())
    with store.owning() as connection:
        for statement in FILL:
            connection.exec_driver_sql(statement)
        rights.install(connection)
        rights.install(connection)  # again, as after a new version
        for role, login in PEOPLE.items():
            rights.add_login(connection, login, "correct horse battery", role)
            connection.execute(
                schema.person.insert().values(
                    login=login, name=NAMES[role], role=role.value, password_hash="SecretHash", at=1
                )
            )
    store.close()
    yield City(postgres, url)
    postgres.drop(url)


def owned(postgres: PostgresServer) -> str:
    """The URL of a new database of somebody who may make roles, and nothing else of the server's."""
    url = postgres.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        if not line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (OWNER,)).fetchone():
            line.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE".encode())
        # Where another test's database was first, its owner has made the groups of the whole server.
        for group in (LOGINS, *GROUPS.values()):
            if line.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (group,)).fetchone():
                line.execute(f"GRANT {group} TO {OWNER} WITH ADMIN OPTION".encode())
        line.execute(f"ALTER DATABASE {name} OWNER TO {OWNER}".encode())
    return url.replace("postgres@/", f"{OWNER}@/")


FILL = (
    "INSERT INTO activation (activation_id, name, is_exercise, started_at, storm_mode, is_current)"
    " VALUES ('a', 'Test', 1, 1, 1, 1)",
    "INSERT INTO rescoring (activation_id, made_with, below_key) VALUES ('a', '', 9)",
    "INSERT INTO server (server_id, address, kind, is_current)"
    " VALUES (1, 'https://x.example', 'georeport', 1)",
    "INSERT INTO request (request_key, server_id, remote_id, digest, status, description, reporter_name,"
    " address, created_at, updated_at) VALUES (1, 1, 'server-17', '', 'open', 'Mother on oxygen,"
    " 727-555-0100', 'Maria Lopez', '12 Elm St', 1, 1)",
    "INSERT INTO message (request_key, message_id, text, author_name, at)"
    " VALUES (1, 'm', 'call Maria 727-555-0100', 'Maria', 1)",
    *(
        "INSERT INTO site (site_id, activation_id, band, assessed_band, score, first_at, last_at, reports,"
        f" flags, what, where_words, lat, lng, state_note, own_band_who) VALUES ({n}, 'a', 1, 1, 9, 1, 1, 1,"
        " 2, 'Mother on oxygen', '12 Elm St', 27.7, -82.6, 'Maria called', 'Otto')"
        for n in (1, 2)
    ),
    "INSERT INTO membership (request_key, site_id) VALUES (1, 1)",
    "INSERT INTO fact (fact_id, site_id, name, value, who, at)"
    " VALUES ('f', 1, 'note', 'Maria, Elm St', 'x', 1)",
    "INSERT INTO assessment (request_key, band, score, is_assessed, is_set_aside, reasons, cues)"
    " VALUES (1, 1, 9, 1, 0, 'says oxygen', 'oxygen')",
    "INSERT INTO claim (site_id, person, seat, at) VALUES (2, 'Ben', 's2', 1)",
    "INSERT INTO suggestion (site_id, other_id, likeness, why, at) VALUES (1, 2, 0.9, 'Elm St', 1)",
    "INSERT INTO escalation (escalation_id, number, site_id, state, created_at, body)"
    ' VALUES (\'e\', \'EOC-1\', 1, \'sent\', 1, \'{"call_back": "727-555-0100", "people": "Maria",'
    ' "subject": "oxygen", "some_later_field": "Elm St", "desk": "Fire"}\')',
    "INSERT INTO escalation_of_site (escalation_id, site_id) VALUES ('e', 1)",
    "INSERT INTO incoming (incoming_key, state, at, body) VALUES ('i', 'to_read', 1, 'Maria')",
    "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
    " VALUES ('o1', 'message', 1, 'to Maria', 'waiting', 1, 1)",
    "INSERT INTO roster (activation_id, desk, person, contact, since_at)"
    " VALUES ('a', 'Fire', 'Fire Chief', '727-555-0111', 1)",
    "INSERT INTO suspension (activation_id, service, since_at, review_at, who)"
    " VALUES ('a', 'fire', 1, 2, 'Susan')",
    "INSERT INTO alarm_shelf (activation_id, kind, site_id, reason, note, who, at, until)"
    " VALUES ('a', 'p1', 1, 'x', 'Maria', 'Otto', 1, 2)",
    "INSERT INTO rule (activation_id, kind, version, is_on, settings, person, at) VALUES"
    " ('a', 'got_it', 1, 1, '', 'Susan', 1), ('a', 'got_it', 2, 1, '', 'Susan', 1),"
    " ('a', 'better_photo', 1, 0, '', 'Susan', 1)",
    "INSERT INTO rule_sent (activation_id, kind, request_key, round, version, outbox_id, reporter_id, at)"
    " VALUES ('a', 'got_it', 1, 7, 1, 'rule:0', 'server-17', 1)",
    "INSERT INTO outreach (outreach_id, activation_id, kind, area, at, partner, note, person, recorded_at)"
    " VALUES ('u', 'a', 'door', 'Childs Park', 1, 'Maria', 'Elm St', 'Otto', 1)",
    "INSERT INTO presence (seat, person, site_id, since_at, at) VALUES ('s9', 'Ben', 1, 1, 1)",
    "INSERT INTO activity_log (number, at, person, act, text, previous_hash, hash)"
    " VALUES (900000, 1, 'Ben', 'note', 'Elm St', '', '')",
    "INSERT INTO profile (activation_id, version, at, person, body) VALUES ('a', 1, 1, 'Susan', '')",
    "INSERT INTO notice (notice_id, activation_id, state, kind, starts_at, expires_at, created_at, body,"
    " drafted_by, edited_by, approved_by, second_by) VALUES"
    " ('n', 'a', 'draft', 'service', 1, 2, 1, 'Maria', 'Ben', 'Ben', '', ''),"
    " ('n_in', 'a', 'submitted', 'service', 1, 2, 1, 'Maria', 'Ben', 'Ben', '', ''),"
    " ('n_ok', 'a', 'approved', 'service', 1, 2, 1, 'Maria', 'Ben', 'Ben', 'Cleo', ''),"
    " ('n_on', 'a', 'live', 'service', 1, 2, 1, 'x', 'Ben', 'Ben', 'Cleo', ''),"
    " ('e_in', 'a', 'submitted', 'evacuation', 1, 2, 1, 'Maria', 'Ben', 'Ben', '', ''),"
    " ('e_1', 'a', 'approved', 'evacuation', 1, 2, 1, 'Maria', 'Ben', 'Ben', 'Cleo', ''),"
    " ('e_on', 'a', 'live', 'evacuation', 1, 2, 1, 'x', 'Ben', 'Ben', 'Cleo', 'Dora'),"
    " ('e_2', 'a', 'approved', 'evacuation', 1, 2, 1, 'Maria', 'Ben', 'Ben', 'Cleo', 'Dora')",
    "INSERT INTO notice_version (notice_id, version, state, at, person, body)"
    " VALUES ('n', 1, 'draft', 1, 'Ben', 'Maria')",
    "INSERT INTO form (form_id, version, activation_id, kind, at, person, body)"
    " VALUES ('f0', 1, 'a', 'ics214', 1, 'Otto', 'Maria')",
    *(
        "INSERT INTO shift_pack (pack_id, version, activation_id, number, edit, state, since_at,"
        " since_is_hand_over, at, until_at, made_at, totals, body, remarks)"
        f" VALUES ('{pack}', 1, 'a', 1, 1, '{state}', 1, 0, 1, 2, 1, '3', 'Elm St', 'Maria')"
        for pack, state in (("d", "draft"), ("p", "handed_over"), ("c", "confirmed"))
    ),
    "INSERT INTO caller (request_key, activation_id, number, name, phone, note, who, at)"
    " VALUES (1, 'a', 1, 'Maria', '727-555-0100', 'Elm St', 'Otto', 1)",
    "INSERT INTO offered_category (server_id, category_id, title, is_offered) VALUES (1, 'x', 'Hole', 1)",
    "INSERT INTO category_look (server_id, seen_at) VALUES (1, 1)",
    "INSERT INTO category_switch (activation_id, number, category_id, server_id, phase, was_offered, wanted,"
    " state, at, person, ticked_by) VALUES ('a', 1, 'x', 1, 'on', 1, 0, 'by_hand', 1, 'Susan', 'Susan')",
    "INSERT INTO records_request (records_id, number, activation_id, requester, received_at, query, records,"
    " content, person, at) VALUES ('q', 1, 'a', 'Maria', 1, 'Elm St', 1, 'Maria', 'Ben', 1)",
    "INSERT INTO redaction (redaction_id, records_id, record_id, field, start_char, end_char, statute,"
    " reason, person, at) VALUES ('x', 'q', 'report:17', 'summary', 0, 3, '119.0725', 'Maria', 'Ben', 1)",
    "INSERT INTO legal_hold (hold_id, activation_id, since_at, why, person, at)"
    " VALUES ('h', 'a', 1, 'Maria sues', 'Ben', 1)",
    "INSERT INTO quarantine (digest, server_id, at, reason, raw) VALUES ('k', 1, 1, 'x', 'Maria')",
    "INSERT INTO storm_fact (activation_id, number, contact, person, at)"
    " VALUES ('a', 1, 'Maria 727-555-0100', 'Susan', 1)",
    "INSERT INTO snapshot_version (version_id, activation_id, state, number, from_at, to_at, content, why,"
    " made_by, made_at, reviewed_by, published_by) VALUES"
    " ('v_new', 'a', 'working', 0, 1, 2, 'Elm St', 'Maria', 'Ben', 1, '', ''),"
    " ('v_seen', 'a', 'reviewed', 0, 1, 2, 'Elm St', 'Maria', 'Ben', 1, 'Ben', ''),"
    " ('v_out', 'a', 'published', 1, 1, 2, 'Elm St', 'Maria', 'Ben', 1, 'Ben', 'Ben')",
    "INSERT INTO survey (survey_id, activation_id, kind, file_name, person, at, rows_read, rows_taken,"
    " rows_joined) VALUES ('s', 'a', 'crew', 'Elm St.csv', 'Susan', 1, 1, 1, 1)",
    "INSERT INTO survey_row (survey_id, number, original, is_taken, address, cost_by, site_id)"
    " VALUES ('s', 2, 'Maria', 1, 'Elm St', 'Ben', 1)",
)


def tried(line: psycopg.Connection[Any], statements: tuple[str, ...]) -> bool:
    """Whether the database does it all; taken back in any case."""
    with line.transaction(force_rollback=True):
        try:
            for statement in statements:
                # A change of no row is a refusal by a policy: there is one to change.
                if not line.execute(statement.encode()).rowcount and not statement.startswith("SELECT"):
                    return False
        except REFUSED:
            return False
    return True


def test_every_role_against_every_act(room: City, say_table: Callable[[str, list[str]], None]) -> None:
    table = [f"{'act':42}" + "".join(f"{role.value.split()[-1][:9]:>11}" for role in ROLES)]
    wrong = []
    lines = {role: room.line(role) for role in ROLES}
    for act, (letters, statements) in ACTS.items():
        said = []
        for role, letter in zip(ROLES, letters, strict=True):
            name, _, of_hand_over = act.partition(",")
            given = {"name": NAMES[role], "act": name, "subject": "e" if of_hand_over else ""}
            did = tuple(each.format(**given) for each in statements)
            around = tuple(each.format(**given) for each in (NUMBERS, LINE, CHANGE))
            found = "may" if tried(lines[role], (FEED, *did, *around)) else "-"
            if found == "-" and tried(lines[role], (FEED, *did)):
                found = "its line"
            expected = {"-": "-", "l": "its line"}.get(letter, "may")
            said.append(found)
            if found != expected:
                wrong.append((act, role.value, found, expected))
        table.append(f"{act:42}" + "".join(f"{each if each != '-' else '·':>11}" for each in said))
    for each in lines.values():
        each.close()
    say_table("Every role against every act, by SQL (·: refused; its line: only its log line is)", table)
    assert wrong == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_nobody_may_do(room: City, attack: str) -> None:
    for role in ROLES:
        with room.line(role) as line:
            with pytest.raises(REFUSED):
                line.execute(ATTACKS[attack].encode())
            line.rollback()


def test_no_role_can_be_taken_but_ones_own(room: City) -> None:
    for role in ROLES:
        with room.line(role) as line:
            for other, group in GROUPS.items():
                if other is not role:
                    with pytest.raises(errors.InsufficientPrivilege), line.transaction():
                        line.execute(f"SET ROLE {group}".encode())


def test_a_viewers_stolen_connection_finds_no_word_and_no_name(room: City) -> None:
    """S15: every column of every table there is; and of the tables themselves nothing at all."""
    with room.line(Role.VIEWER) as line:
        found = line.execute(
            "SELECT n.nspname, c.relname, a.attname FROM pg_attribute a"
            " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname IN ('public', 'masked', 'keeping', 'rights') AND c.relkind IN ('r', 'v')"
            " AND a.attnum > 0"
        ).fetchall()
        read = set()
        for where, table, column in found:
            try:
                with line.transaction():
                    rows = line.execute(f'SELECT "{column}"::text FROM {where}."{table}"'.encode()).fetchall()
            except errors.InsufficientPrivilege:
                continue
            read.add((where, table, column))
            assert not [row for row in rows if any(word in str(row) for word in WORDS)], (table, column)
        assert {where for where, _, _ in read} == {"masked"}
        columns = {
            (table.name, column.name) for table in schema.metadata.tables.values() for column in table.c
        }
        assert {(table, column) for _, table, column in read} >= columns
        assert line.execute("SELECT what, lat FROM site WHERE site_id = 1").fetchone() == (
            "Life safety",
            None,
        )
        line.execute("SET search_path = public")
        with pytest.raises(REFUSED):
            line.execute("SELECT description FROM request")


def test_a_condition_of_ones_own_sees_no_hidden_row(room: City) -> None:
    with room.line(Role.VIEWER) as line:
        for guess in ("where_words ~ 'Elm'", "what LIKE '%oxygen%'", "1 / (length(where_words) - 9) > 5"):
            assert not line.execute(f"SELECT site_id FROM site WHERE {guess}".encode()).fetchall()


def test_an_administrator_keeps_people_and_reads_no_words(room: City) -> None:
    with room.line(Role.ADMINISTRATOR) as line:
        assert line.execute("SELECT count(*) FROM person").fetchone() == (len(ROLES),)
        assert line.execute("SELECT what, where_words FROM site WHERE site_id = 1").fetchone() == (
            "Life safety",
            "",
        )
        for asked in ("description FROM public.request", "text FROM public.message", "what FROM public.site"):
            with pytest.raises(errors.InsufficientPrivilege), line.transaction():
                line.execute(f"SELECT {asked}".encode())
        assert line.execute("SELECT text FROM message").fetchall() == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER, Role.SYNC])
def test_nobody_but_an_administrator_reads_a_password(room: City, role: Role) -> None:
    with room.line(role) as line:
        assert line.execute("SELECT login FROM person").fetchall()
        with pytest.raises(errors.InsufficientPrivilege):
            line.execute("SELECT password_hash FROM person")


def test_s15_who_called_is_read_by_who_works_on_sites_and_nobody_changes_it(room: City) -> None:
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER):
        with room.line(role) as line:
            assert line.execute("SELECT phone FROM caller").fetchall() == [("727-555-0100",)]
            for attack in ("UPDATE caller SET phone = ''", "DELETE FROM caller"):
                with pytest.raises(errors.InsufficientPrivilege), line.transaction():
                    line.execute(attack.encode())
    with room.line(Role.SYNC) as line, pytest.raises(errors.InsufficientPrivilege):
        line.execute("SELECT phone FROM caller")


def test_a_line_or_a_claim_in_the_name_of_somebody_else_is_refused(room: City) -> None:
    line_of = LINE.replace("{subject}", "")
    kept = line_of.replace("hash)", "hash, detail)").replace("'y')", "'y', '{{\"kept_by\": \"%s\"}}')")
    given = "UPDATE claim SET person = 'Susan' WHERE site_id = 2"
    mine = "UPDATE claim SET person = 'Otto' WHERE site_id = 2"
    with room.line(Role.OPERATOR) as line:
        assert not tried(line, (line_of.format(name="Susan", act="note"),))
        assert not tried(line, (line_of.format(name="", act="note"),))
        assert not tried(line, ("INSERT INTO claim (site_id, person, seat, at) VALUES (1, 'Susan', 's', 1)",))
        assert not tried(line, ("INSERT INTO claim_ask (site_id, person, at) VALUES (1, 'Susan', 1)",))
        assert not tried(line, (given,))
        # What one has may be given away.
        assert tried(line, (mine, given))
        # Kept by this login while the database was away, by another one, and an act beyond the role.
        assert tried(line, ((kept % "otto").format(name="Susan", act="note"),))
        assert not tried(line, ((kept % "susan").format(name="Susan", act="note"),))
        assert not tried(line, ((kept % "otto").format(name="Susan", act="suspend"),))
    with room.line(Role.SYNC) as line:
        assert tried(line, (line_of.format(name="", act="accept"),))


def test_what_a_server_said_stays_as_it_said_it(room: City) -> None:
    entered = (
        "INSERT INTO request (request_key, server_id, digest, status, {}created_at, updated_at)"
        " VALUES (79, 1, '', 'open', {}1, 1)"
    )
    with room.line(Role.OPERATOR) as line:
        assert tried(line, (entered.format("description, ", "'x', "),))
        assert not tried(line, (entered.format("remote_id, ", "'79', "),))
        assert not tried(line, ("UPDATE request SET description = 'x' WHERE request_key = 1",))
        assert not tried(line, ("DELETE FROM message",))
        assert not tried(line, ("UPDATE outbox SET text = 'x'",))
        assert not tried(line, ("UPDATE incoming SET body = 'x'",))


# -- who keeps people ---------------------------------------------------------------------------------------


def test_an_administrator_adds_people_and_closes_logins(room: City) -> None:
    keeper, actor = room.store(Role.ADMINISTRATOR), Actor("a", "Ada", "", "Seat 9", Role.ADMINISTRATOR)
    with keeper.transaction(actor) as tx:
        tx.connection.execute(schema.person.insert().values(login="lea-1", name="Lea", role="operator", at=1))
        rights.add_login(tx.connection, "lea-1", "correct horse battery", Role.OPERATOR)
        tx.log("person_added", "lea-1 may sign in")
    seat = open_store(room.url_of("lea-1"), clock=WallClock())
    assert seat.account() == ("lea-1", "Lea", Role.OPERATOR)
    before = secret(room, "lea-1")
    assert before.startswith("SCRAM-SHA-256$")

    with keeper.transaction(actor) as tx:
        rights.set_password(tx.connection, "lea-1", "another horse battery")
        rights.change_role(tx.connection, "lea-1", Role.VIEWER)
        tx.log("person_role", "lea-1 is viewer now")
    assert secret(room, "lea-1") not in ("", before)
    # The session that is open is held to it at once.
    with pytest.raises(NotAllowed), seat.transaction(replace(actor, person="Lea", role=None)) as tx:
        tx.log("note", "x")

    with keeper.transaction(actor) as tx:
        rights.close_login(tx.connection, "lea-1")
        tx.log("person_closed", "lea-1 may sign in no more")
    with pytest.raises(StoreUnusable):
        seat.feed_number()
    with pytest.raises(StoreUnusable):
        open_store(room.url_of("lea-1"), clock=WallClock())
    seat.close()
    keeper.close()


def secret(room: City, login: str) -> str:
    with psycopg.connect(room.url_of("postgres").replace("+psycopg", "")) as line:
        found = line.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", (login,)).fetchone()
    assert found
    return str(found[0])


@pytest.mark.parametrize("login", ["postgres", OWNER, "landfall_admin", "pg_monitor", "Ana", 'x"; DROP', "a"])
def test_an_administrator_takes_no_login_that_is_not_a_persons(room: City, login: str) -> None:
    keeper = room.store(Role.ADMINISTRATOR)
    for ask in (
        lambda c: rights.add_login(c, login, "correct horse battery", Role.OPERATOR),
        lambda c: rights.set_password(c, login, "correct horse battery"),
        lambda c: rights.change_role(c, login, Role.SUPERVISOR),
        lambda c: rights.close_login(c, login),
    ):
        with pytest.raises(ActRefused), keeper.owning() as connection:
            ask(connection)
    keeper.close()


@pytest.mark.parametrize("role", [role for role in ROLES if role is not Role.ADMINISTRATOR])
def test_nobody_else_keeps_logins(room: City, role: Role) -> None:
    store = room.store(role)
    with pytest.raises(NotAllowed), store.owning() as connection:
        rights.change_role(connection, PEOPLE[role], Role.SUPERVISOR)
    store.close()


# -- the program on such a database -----------------------------------------------------------------------


def test_an_act_that_the_database_refuses_is_a_sentence_and_leaves_nothing(room: City) -> None:
    store = room.store(Role.OPERATOR)
    before = store.feed_number()
    actor = Actor("a", "Otto", "Operator", "Seat 1")  # a program that knows of no roles
    with pytest.raises(NotAllowed, match="ask a supervisor"), store.transaction(actor) as tx:
        tx.log("note", "internal note")
        tx.connection.execute(
            schema.suspension.insert().values(activation_id="a", service="ems", since_at=1, review_at=2)
        )
    with store.reading() as connection:
        services = connection.execute(select(schema.suspension.c.service)).scalars().all()
        lines = connection.execute(
            select(func.count()).where(schema.activity_log.c.text == "internal note")
        ).scalar_one()
    assert (store.feed_number(), services, lines) == (before, ["fire"], 0)
    store.close()


def test_who_has_no_right_to_tables_is_told_whom_to_ask(postgres: PostgresServer, room: City) -> None:
    empty = owned(postgres)
    with pytest.raises(StoreUnusable, match="dispatch room"):
        open_store(empty.replace(OWNER, PEOPLE[Role.OPERATOR]), clock=WallClock())
    postgres.drop(empty)


def test_rights_are_those_of_the_newest_tables(postgres: PostgresServer, room: City) -> None:
    """A second database of the server, of an earlier form: brought forward, it has all of them."""
    url = owned(postgres)
    store = open_store(url, clock=WallClock())
    with store.owning() as connection:
        rights.install(connection)
        rights.add_login(connection, PEOPLE[Role.VIEWER], "", Role.VIEWER)
        take_back(connection, "0006")
    store.close()
    as_viewer = url.replace(f"{OWNER}@", f"{PEOPLE[Role.VIEWER]}@")
    with pytest.raises(StoreUnusable, match="dispatch room"):
        open_store(as_viewer, clock=WallClock())

    open_store(url, clock=WallClock()).close()

    seat = open_store(as_viewer, clock=WallClock())
    assert seat.feed_number() == 0
    seat.close()
    postgres.drop(url)


def test_an_owner_who_may_make_no_logins_is_told_how_to(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        line.execute("CREATE ROLE plain_owner LOGIN")
        line.execute(f"ALTER DATABASE {name} OWNER TO plain_owner".encode())
    store = open_store(url.replace("postgres@/", "plain_owner@/"), clock=WallClock())
    with (
        pytest.raises(StoreUnusable, match='ALTER ROLE "plain_owner" CREATEROLE'),
        store.owning() as connection,
    ):
        rights.install(connection)
    store.close()
    postgres.drop(url)


def test_the_command_line_sets_a_room_up(
    room: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["room", "--store", room.url]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["roles"] == list(GROUPS.values()) and said["people"] >= len(ROLES)

    assert main(["room", "--store", f"sqlite:///{tmp_path / 'seat.db'}"]) == 1
    assert "A database of one seat has no roles" in capsys.readouterr().err
    assert main(["room", "--store", room.url_of(PEOPLE[Role.SUPERVISOR])]) == 1
    assert "able to make others" in capsys.readouterr().err


def test_a_database_of_one_seat_has_no_roles(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    assert store.account() is None
    with pytest.raises(StoreUnusable, match="no roles"), store.owning() as connection:
        rights.install(connection)
    with pytest.raises(StoreUnusable, match="no roles"), store.owning() as connection:
        rights.add_login(connection, "ana", "correct horse battery", Role.OPERATOR)
    store.close()
