"""What each role may do at each table of a shared database; everything that is not said is refused.

S select, I insert, U update, D delete. Columns in brackets narrow the one letter before them. The name of an
act is looked at besides, by the table of `dispatch.rights`.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.records import Role
from dispatch.store import schema

# The name of each role among the database's own.
GROUPS: Mapping[Role, str] = {
    Role.VIEWER: "landfall_viewer",
    Role.OPERATOR: "landfall_operator",
    Role.SUPERVISOR: "landfall_supervisor",
    Role.MANAGER: "landfall_manager",
    Role.ADMINISTRATOR: "landfall_admin",
    Role.SYNC: "landfall_sync",
}
# Every login of ours is in it for good: no other login of the server is touched by what keeps people.
LOGINS = "landfall_login"
ALEMBIC = "alembic_version"
# Where the table of acts and the functions stand.
RIGHTS_SCHEMA = "rights"
# A function that sees and does what the owner may, whoever runs it, and finds no table of theirs.
DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


def _but(table: str, *left_out: str) -> str:
    """All columns of a table except these."""
    return f"({', '.join(c.name for c in schema.metadata.tables[table].c if c.name not in left_out)})"


_PERSON = "S" + _but("person", "password_hash")
_STORM_MODE = "(storm_mode, storm_mode_from, storm_mode_until, storm_mode_public, is_current)"
# Of the log and the changes nothing is ever taken away; the feed's one row is taken by every act.
_ACT = {
    "feed": "SU" + _but("feed", "one"),
    "change": "SI",
    "activity_log": "SI",
    "done": "SI",
    "presence": "SIUD",
}
# Whoever answers a records request reads what was collected for it, and nobody else.
_OF_RECORDS = ("records_request", "redaction")
_READ = dict.fromkeys((ALEMBIC, *(t for t in schema.metadata.tables if t not in _OF_RECORDS)), "S") | {
    "person": _PERSON
}
_WORKING = {
    **_READ,
    **_ACT,
    "fact": "SI",
    "claim": "SIUD",
    "claim_ask": "SIUD",
    "escalation": "SIU",
    "escalation_of_site": "SID",
    "delivery": "SIUD",  # a draft's way that is not set up
    "incoming": "SIU(state, who)",
    "form": "SI",
    "alarm_shelf": "SIUD",
    "outreach": "SI",
    "plan_step": "SI",  # of an operator only ticks: by a policy
    "notice": "SIU",  # of an operator only what is not approved yet: by a policy
    "notice_version": "SI",
    "notice_place": "SIU",
    "sweep": "SI",  # of an operator only its state: by a policy
    "city_fact": "SI",
    # Of an operator only working copies: by a policy. What was counted, of which time, nobody changes.
    "snapshot_version": "SI"
    "U(state, number, replaces, content, reviewed_by, reviewed_position, reviewed_at, published_by,"
    " published_position, published_at)",
}
_AT_QUEUE = {
    **_WORKING,
    # A caller's report, which no server has yet. What a server said stays as it said it.
    "request": "SI" + _but("request", "remote_id", "token", "missing_at", "gone_at"),
    "site": "SIU" + _but("site", "site_id", "activation_id"),
    "membership": "SIU(site_id, happened_at)",
    "link": "SID",
    "suggestion": "SIU",
    "fact": "SID",  # deleted with the bulk act that is undone
    "assessment": "SIU",
    "outbox": "SIU(state, due_at, attempts, error)",
    "caller": "SI",
    "notice": "SIU",  # of an operator only drafts: by a policy
    "told": "SI",
}
# What only a person at the queue says of a site. Emergency management says what it knows of it and where it
# is; it closes none.
_A_PERSONS = (
    *("site_id", "activation_id", "state_note", "snoozed_until"),
    *("own_band", "own_band_reason", "own_band_who", "own_band_at"),
)
# Who comes signs and changes nothing else of a pack.
_CONFIRMING = "SU(state, in_person, in_position, in_at)"
_SUSPENDING = {
    "suspension": "SIUD",
    "roster": "SIU",
    "rule": "SI",
    "storm_fact": "SI",
    "survey": "SIU(is_taken_back)",
    "survey_row": "SI",
}
# What the live list says, only the syncing writes; a person asks for it to be read again.
_FOR_THE_PUBLIC = {"category_switch": "SIU", "category_look": "SIU(wanted_at)"}
# What an administrator writes; of all else there is what a viewer sees.
KEEPING: Mapping[str, str] = {
    **_ACT,
    ALEMBIC: "S",
    "person": "SIU",
    "activation": "SIU(is_current)",
    "server": "SU(capabilities)",
    "syncing": "S",
}
GRANTS: Mapping[Role, Mapping[str, str]] = {
    Role.VIEWER: {},
    Role.OPERATOR: {**_AT_QUEUE, "shift_pack": _CONFIRMING},
    Role.SUPERVISOR: {
        **_AT_QUEUE,
        **_SUSPENDING,
        **_FOR_THE_PUBLIC,
        "activation": "SIU" + _STORM_MODE,
        "profile": "SI",
        "shift_pack": "SIU",
        "template": "SI",
        # The custodian of records. What was collected stays; a redaction is withdrawn, a hold lifted.
        "records_request": "SI",
        "redaction": "SIU(withdrawn_at, withdrawn_by, withdrawn_why)",
        "legal_hold": "SIU(lifted_at, lifted_by, lifted_why)",
    },
    Role.MANAGER: {
        **_WORKING,
        **_SUSPENDING,
        **_FOR_THE_PUBLIC,
        "site": "SU" + _but("site", *_A_PERSONS, "closed_at"),
        "outbox": "SI",  # what residents hear of an answer: by a policy
        "notice": "SIU",
        "template": "SI",
    },
    Role.ADMINISTRATOR: KEEPING,
    Role.SYNC: {
        # Whoever carries words to the server has no need of who called, and whose home others looked at.
        **{t: letters for t, letters in _READ.items() if t not in ("caller", "survey", "survey_row")},
        "caller": "S(request_key)",  # that somebody called, which a snapshot counts
        **_ACT,
        "done": "SID",
        "server": "SIU",
        "request": "SIUD",
        "message": "SIUD",
        "quarantine": "SIUD",
        "activation": "SIU" + _STORM_MODE,
        "rescoring": "SIU",
        "site": "SIU" + _but("site", *_A_PERSONS),
        "membership": "SIUD",
        "suggestion": "SIU",
        "assessment": "SIUD",
        "claim": "SD",
        "claim_ask": "SD",
        "escalation": "SIU",
        "escalation_of_site": "SID",
        "delivery": "SIUD",
        "incoming": "SIU",
        "outbox": "SIU",
        "notice": "SU(state, version, ended_at)",  # whose time is over: by a policy
        "notice_version": "SI",
        "notice_place": "SIU",
        "syncing": "SIU",
        "rule_sent": "SI",  # of a rule that somebody has switched on: by a policy
        "told": "SU(request_key)",  # a caller's report that came in a second time
        "offered_category": "SIU",
        "category_look": "SIU",
        "category_switch": "SIU",
    },
}
