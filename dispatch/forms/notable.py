"""Which entries of the activity log are worth a line on an ICS form, and in which words: one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from dispatch.forms import common
from dispatch.records import LogEntry

# Act -> what is said after the number of the hand-over it is about; empty: the log's own words. Left out is
# what changes nothing for anybody outside: looking, claiming, notes, receipts, links, the syncing's own.
NOTABLE: Mapping[str, str] = {
    # the room
    "activation": "",
    "profile": "",
    "storm_mode": "",
    "public_mode_on": "",
    "public_mode_off": "",
    "suspend": "",
    "resume_service": "",
    "figure": "",
    "template_edited": "",
    "template_approved": "",
    "shelve": "",
    "unshelve": "",
    "form": "",
    "outreach": "",
    "outreach_corrected": "",
    "outreach_taken_back": "",
    "plan_zero": "",
    "plan_done": "",
    "plan_skipped": "",
    "rule_on": "",
    "rule_off": "",
    "desk_taken": "",
    "notice_approved": "",
    "notice_seconded": "",
    "notice_sent_back": "",
    "notice_published": "",
    "notice_ordered": "",
    "notice_cancelled": "",
    "notice_expired": "",
    "pack_handed_over": "",
    "pack_confirmed": "",
    "seat_taken": "",
    "signed_in": "",
    # a site
    "call": "",
    "calls_pasted": "",
    "band": "",
    "wait": "",
    "resume": "",
    "close": "closed with its outcome",
    "reopen": "",
    "reopened": "",
    "merge": "",
    "split": "",
    "911": "",
    "utility_told": "",
    "made_safe": "",
    "place": "",
    "place_by_hand": "",
    "message": "",
    "assign": "",
    "offer": "",
    "refused": "",
    "bulk": "",
    "undo": "",
    "date_moved": "",
    # a hand-over
    "escalate": "",
    "accept": "accepted",
    "hold": "accepted, held for weather",
    "still_needed": "still needed: the hold for weather ended",
    "not_reached": "asked whether it is still needed, nobody reached: it stays held",
    "resource": "resource named",
    "on_scene": "on scene",
    "pass_on": "passed on to another desk",
    "forward": "forwarded to the county",
    "mutual_aid": "mutual aid needed",
    "ask": "question to the operator",
    "add": "fact added",
    "return": "returned",
    "expired": "",
    "not_handed_over": "",
    "undelivered": "",
    # crews by area
    "sweep_planned": "",
    "sweep_changed": "",
    "sweep_started": "",
    "sweep_done": "",
    "sweep_cancelled": "",
    # what county, state and FEMA are given
    "snapshot_published": "",
    "snapshot_exported": "",
    "homes_listed": "",
    "evidence_listed": "",
    "restricted_listed": "",
    "costs_listed": "",
    # surveys of others
    "survey_imported": "",
    "survey_taken_back": "",
    # legal holds
    "hold_placed": "",
    "hold_lifted": "",
}
# Looked at, and left out of every form.
QUIET = frozenset(
    {
        "claim",
        "let_go",
        "ask_for",
        "give",
        "keep",
        "take_over",
        "opened",
        "note",
        "snooze",
        "link",
        "not_the_same",
        "merged",
        "take_back",
        "raise",
    }
    | {"answer_to_read", "answer_read"}
    | {"sent", "received", "receive", "send", "expire", "server", "gone", "back", "closed", "layer"}
    | {"plan_reopened", "plan_edited"}
    | {"weather", "channel", "channel_tried", "pack_made", "pack_kept"}
    | {"notice_drafted", "notice_edited", "notice_submitted", "notice_discarded", "notice_put"}
    | {"notice_on_server"}
    | {"rule_message", "rule_withdrawn"}
    | {"category_ticked", "category_switched"}
    | {"person_added", "person_role", "person_password", "person_closed", "unmasked"}
    | {"records_requested", "records_redacted", "records_withheld", "records_withdrawn", "records_packed"}
    | {"city_fact", "city_fact_gone"}
    | {"storm_facts", "snapshot_kept", "snapshot_reviewed", "snapshot_discarded", "snapshot_withdrawn"}
)
# What a briefing tells of them: what others outside the room have a part in.
FOR_A_BRIEFING = frozenset(
    {"public_mode_on", "public_mode_off"}
    | {"activation", "storm_mode", "suspend", "resume_service", "escalate", "accept", "hold", "resource"}
    | {"on_scene", "still_needed", "forward", "mutual_aid", "return", "expired", "bulk", "911", "made_safe"}
)


def notable(entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
    return tuple(entry for entry in entries if entry.act in NOTABLE and not entry.is_part)


def said(entry: LogEntry, numbers: Mapping[int, str]) -> str:
    """The entry as a line of a form; a site is named by its service request's number."""
    words = entry.text.replace("_", " ").strip()
    if entry.act == "escalate":
        words = f"handed over as {words}"
    of_hand_over = f" {entry.act.replace('_', ' ')}"
    if NOTABLE.get(entry.act) and words.endswith(of_hand_over):
        words = f"{words.removesuffix(of_hand_over)} {NOTABLE[entry.act]}"
    words = words[:1].upper() + words[1:]
    if entry.site_id is None:
        return words
    return f"{numbers.get(entry.site_id, f'site {entry.site_id}')}: {words}"


def rows(
    entries: Iterable[LogEntry], numbers: Mapping[int, str], zone: tzinfo, *, with_names: bool
) -> tuple[tuple[str, str], ...]:
    """(date and time, what) of each notable entry; `with_names` where more than one person acted."""
    return tuple(
        (
            common.date_time(entry.at, zone),
            said(entry, numbers) + (f" ({entry.person})" if with_names and entry.person else ""),
        )
        for entry in notable(entries)
    )
