"""What each role may do at each table of a shared database; everything that is not said is refused.

S select, I insert, U update, D delete. Columns in brackets narrow the one letter before them.
"""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.records import Role

# The name of each role among the database's own.
GROUPS: Mapping[Role, str] = {
    Role.VIEWER: "landfall_viewer",
    Role.OPERATOR: "landfall_operator",
    Role.SUPERVISOR: "landfall_supervisor",
    Role.MANAGER: "landfall_manager",
    Role.ADMINISTRATOR: "landfall_admin",
    Role.SYNC: "landfall_sync",
}
_PERSON = "S(login, name, role, is_active, at)"
# No words of residents, no names of theirs, no place of a restricted site stands in these.
_PLAIN = {
    "alembic_version": "S",
    "feed": "S",
    "change": "S",
    "activation": "S",
    "server": "S",
    "profile": "S",
    "suspension": "S",
    "rescoring": "S",
    "membership": "S",
    "link": "S",
    "escalation_of_site": "S",
    "alarm_shelf": "S",
    "presence": "S",
    "syncing": "S",
    "person": _PERSON,
}
_READ = {
    **_PLAIN,
    "request": "S",
    "message": "S",
    "quarantine": "S",
    "site": "S",
    "suggestion": "S",
    "fact": "S",
    "assessment": "S",
    "claim": "S",
    "claim_ask": "S",
    "escalation": "S",
    "delivery": "S",
    "incoming": "S",
    "outbox": "S",
    "roster": "S",
    "notice": "S",
    "form": "S",
    "activity_log": "S",
    "done": "S",
}
# The feed's one row is taken by every act; the log and the changes are only ever added to.
_ACT = {
    "feed": "SU",
    "change": "SI",
    "activity_log": "SI",
    "done": "SI",
    "presence": "SIUD",
}
_AT_SITES = {
    **_READ,
    **_ACT,
    "request": "SI",  # a caller's, which no server has yet: by a policy
    "site": "SIU",
    "membership": "SIU",
    "link": "SID",
    "suggestion": "SIU",
    "fact": "SID",  # deleted with the bulk act that is undone
    "assessment": "SIU",
    "claim": "SIUD",
    "claim_ask": "SIUD",
    "escalation": "SIU",
    "escalation_of_site": "SID",
    "delivery": "SIUD",  # a draft's way that is not set up
    "incoming": "SIU",
    "outbox": "SIU",
    "form": "SI",
    "alarm_shelf": "SIUD",
    "notice": "SIU",  # of an operator only drafts: by a policy
}
GRANTS: Mapping[Role, Mapping[str, str]] = {
    Role.VIEWER: _PLAIN,
    Role.OPERATOR: _AT_SITES,
    Role.MANAGER: {**_AT_SITES, "suspension": "SIUD", "roster": "SIU"},
    Role.SUPERVISOR: {
        **_AT_SITES,
        "suspension": "SIUD",
        "roster": "SIU",
        "activation": "SIU",
        "profile": "SI",
        "rescoring": "SIU",
    },
    Role.ADMINISTRATOR: {
        **_PLAIN,
        **_ACT,
        "activity_log": "SI",
        "person": "SIUD",
        "activation": "SIU",
        "server": "SU(capabilities)",
    },
    Role.SYNC: {
        **_AT_SITES,
        "server": "SIU",
        "request": "SIUD",
        "message": "SIUD",
        "quarantine": "SIUD",
        "membership": "SIUD",
        "assessment": "SIUD",
        "suggestion": "SIUD",
        "outbox": "SIUD",
        "rescoring": "SIU",
        "activation": "SIU",
        "suspension": "S",
        "syncing": "SIU",
    },
}
# What the program reads of a table, with nothing in it that a viewer must not see (`safety.md` S15). They
# stand in a schema that comes first where a viewer or an administrator looks for a table.
MASKED_SCHEMA = "masked"
_IS_RESTRICTED = "((flags | own_flags) & 2) <> 0"
_NO_WORDS = "''::text"


def _hidden(shown: str, instead: str = _NO_WORDS) -> str:
    return f"CASE WHEN {_IS_RESTRICTED} THEN {instead} ELSE {shown} END"


MASKED: Mapping[str, Mapping[str, str]] = {
    "site": {
        # The kind of it stands before the resident's words.
        "what": _hidden(
            "split_part(what, ': ', 1)", "CASE WHEN band = 1 THEN 'Life safety' ELSE 'Restricted' END"
        ),
        "where_words": _hidden("where_words"),
        "lat": _hidden("lat", "NULL"),
        "lng": _hidden("lng", "NULL"),
        "place_doubt": _NO_WORDS,
        "why": _hidden("why"),
        "state_note": _NO_WORDS,
        "own_band_reason": _NO_WORDS,
        "own_band_who": _NO_WORDS,
    },
    "request": {
        **dict.fromkeys(("summary", "description", "address", "status_notes", "doubts"), _NO_WORDS),
        **dict.fromkeys(("reporter_id", "reporter_name", "reporter_role", "token"), _NO_WORDS),
        **dict.fromkeys(("photo_url", "page_url", "transitions", "assignee_id"), _NO_WORDS),
        **dict.fromkeys(("lat", "lng"), "NULL::double precision"),
    },
    "message": dict.fromkeys(("author_id", "author_name", "author_role", "text"), _NO_WORDS),
    "fact": dict.fromkeys(("value", "who"), _NO_WORDS),
    "assessment": dict.fromkeys(("cues", "reasons"), "'[]'::text"),
    "claim": {"person": "seat || ''"},
    "escalation": {
        "body": "(body::jsonb || '{"
        + ", ".join(
            f'"{name}": ""'
            for name in (
                *("subject", "summary", "details", "address", "people", "mobility", "safe_approach"),
                *("call_back", "language", "already_done", "why_now", "unit", "cross_street", "outcome"),
                *("confirmed_by", "from_person", "to_person", "placed_by", "token", "place_quality"),
                *("effect_needed", "utility", "made_safe", "resource", "forwarded_number"),
            )
        )
        + ', "place": null, "told_911": null, "answers": [], "request_ids": []}\'::jsonb)::text'
    },
}
# Tables of which such a seat's screens read only that there is nothing; of the log a viewer as well, whose
# schema for it comes first. An administrator writes and reads the log itself.
UNSEEN_SCHEMA = "unseen"
UNSEEN = ("activity_log",)
EMPTY = (
    *("quarantine", "suggestion", "claim_ask", "delivery", "incoming", "outbox", "roster", "notice", "form"),
)
