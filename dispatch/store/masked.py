"""The tables as a viewer's session finds them (`safety.md` S15): under their own names in a schema of their
own, so that the program's SQL stays one. What is not named here shows nothing: a new column hides itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import NamedTuple

import orjson
from sqlalchemy import Column

from dispatch.masking import LIFE_SAFETY, RESTRICTED
from dispatch.records import Band, Escalation, Flag
from dispatch.store import schema
from dispatch.store.grants import ALEMBIC, KEEPING

MASKED_SCHEMA = "masked"
# Before it for an administrator: what they keep, as it is.
KEEPING_SCHEMA = "keeping"

_IS_RESTRICTED = f"((flags | own_flags) & {int(Flag.RESTRICTED)}) <> 0"
# Of a hand-over: who has it, since when and how urgent it is. No words, nobody's name.
_OF_HAND_OVER = (
    *("escalation_id", "number", "site_id", "activation_id", "activation_name", "is_exercise", "band"),
    *("desk", "esf", "need_by_at", "needs_911", "reports", "first_reported_at", "last_confirmed_at"),
    *("channels", "created_at", "state", "state_at", "timer_from_at", "is_restricted", "sent_at"),
    *("received_at", "accepted_at", "closed_at", "eta_at", "on_scene_at", "has_wire", "forwarded_at"),
    *("other_site_ids", "asked_at"),
)
_NOTHING: Mapping[str, object] = {"place": None, "told_911": None, "request_ids": [], "answers": []}
# Of a sweep's words those about people.
_NOBODYS_WORDS = '{"who": "", "note": ""}'

# PostgreSQL's names of the columns' types, and what says nothing in one that must say something.
_TYPES = {
    "text": ("text", "''"),
    "large_binary": ("bytea", "''"),
    "integer": ("integer", "0"),
    "big_integer": ("bigint", "0"),
    "double": ("double precision", "0"),
}


class Shown(NamedTuple):
    columns: Mapping[str, str]
    where: str = ""


def _as_they_are(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _all_of(table: str) -> dict[str, str]:
    return _as_they_are(*(column.name for column in schema.metadata.tables[table].c))


def _hidden(shown: str, instead: str = "''") -> str:
    return f"CASE WHEN {_IS_RESTRICTED} THEN {instead} ELSE {shown} END"


def _body() -> str:
    """A hand-over's record with these fields alone; the others that it must have say nothing."""
    must_be = [each.name for each in fields(Escalation) if each.default is MISSING]
    empty: dict[str, object] = {name: "" for name in must_be if name not in _OF_HAND_OVER} | {**_NOTHING}
    kept = f"'{{{','.join(_OF_HAND_OVER)}}}'"
    return (
        f"(SELECT '{orjson.dumps(empty).decode()}'::jsonb || jsonb_object_agg(key, value)"
        f" FROM jsonb_each(body::jsonb) WHERE key = ANY ({kept}))::text"
    )


SHOWN: Mapping[str, Shown] = {
    "site": Shown(
        _as_they_are(
            *("site_id", "activation_id", "state", "state_reason", "acted_at", "snoozed_until", "closed_at"),
            *("own_band", "own_band_at", "own_flags", "band", "assessed_band", "score", "first_at"),
            *("last_at", "reports", "category", "neighborhood", "flags"),
        )
        | {
            "what": _hidden(
                # The kind of it stands before the resident's words.
                "split_part(what, ': ', 1)",
                f"CASE WHEN band = {int(Band.P1)} THEN '{LIFE_SAFETY}' ELSE '{RESTRICTED}' END",
            ),
            "where_words": _hidden("where_words"),
            "lat": _hidden("lat", "NULL"),
            "lng": _hidden("lng", "NULL"),
            "why": _hidden("why"),
        }
    ),
    "request": Shown(
        _as_they_are(
            *("request_key", "server_id", "status", "created_at", "updated_at", "acknowledged_at"),
            *("closed_at", "reopened_at", "followers", "is_private", "missing_at", "gone_at"),
        )
    ),
    "assessment": Shown(
        _as_they_are("request_key", "band", "score", "category", "is_assessed", "is_set_aside")
        | {"reasons": "'[]'"}
    ),
    # A claim is seen by its name: the position says as much as a wall needs.
    "claim": Shown(
        _as_they_are("site_id", "position", "seat", "at")
        | {"person": "coalesce(nullif(position, ''), nullif(seat, ''), 'Operator')"}
    ),
    "escalation": Shown(
        _as_they_are("escalation_id", "number", "site_id", "state", "created_at", "closed_at")
        | {"body": _body()}
    ),
    "server": Shown(
        _as_they_are("server_id", "address", "kind", "watermark_at", "backlog_before_at", "backlog_done")
        | _as_they_are("swept_at", "is_current")
    ),
    "profile": Shown(_as_they_are("activation_id", "version", "at", "body")),
    "suspension": Shown(_as_they_are("activation_id", "service", "since_at", "why", "review_at")),
    # Numbers and who signed; no lists, nobody's words.
    "shift_pack": Shown(
        _as_they_are(
            *("pack_id", "version", "activation_id", "number", "edit", "state", "since_at", "at", "until_at"),
            *("since_is_hand_over", "made_by", "made_position", "made_at", "out_person", "out_position"),
            *("out_at", "to_person", "to_position", "in_person", "in_position", "in_at", "totals"),
        )
    ),
    "alarm_shelf": Shown(_as_they_are("activation_id", "kind", "site_id", "reason", "at", "until")),
    # Which rules are on, and how often each has written; to whom stands nowhere.
    "rule": Shown(_as_they_are("activation_id", "kind", "version", "is_on", "settings", "position", "at")),
    "rule_sent": Shown(_as_they_are("activation_id", "kind", "request_key", "round", "version", "at")),
    # How often each area was gone to, and how; nobody's words and names.
    "outreach": Shown(
        _as_they_are(
            *("outreach_id", "activation_id", "corrects", "is_taken_back", "kind", "area", "at", "reached"),
            *("due_at", "recorded_at"),
        )
        | {"materials": "'[]'"}
    ),
    # What is due and done, by position; nobody's words and names.
    "plan_step": Shown(
        _as_they_are(
            *("step_id", "activation_id", "number", "act", "item_key", "at", "advisory", "hours", "owner"),
            *("takes_back", "position", "recorded_at"),
        )
        | {"person": "coalesce(nullif(position, ''), nullif(seat, ''), 'Operator')"}
    ),
    # What the public was told; nobody's name, and nothing that is still being written.
    "notice": Shown(
        _as_they_are(
            *("notice_id", "activation_id", "state", "created_at", "body", "number", "kind", "version"),
            *("starts_at", "expires_at", "published_at", "ended_at", "cancel_texts", "updates"),
        ),
        "state IN ('live', 'expired', 'cancelled', 'superseded')",
    ),
    # Where and when crews go, and what residents are told: nobody's words. Who planned it stays unnamed.
    "sweep": Shown(
        _as_they_are("sweep_id", "version", "activation_id", "number", "state", "at")
        | {"body": f"CASE WHEN body = '' THEN '' ELSE (body::jsonb || '{_NOBODYS_WORDS}'::jsonb)::text END"}
    ),
    "city_fact": Shown(
        _as_they_are(
            *("fact_id", "activation_id", "number", "kind", "name", "value", "room", "until_at"),
            *("is_gone", "at"),
        )
    ),
    # How the storm is declared; nobody's name and no phone.
    "storm_fact": Shown(
        _as_they_are(
            *("activation_id", "number", "disaster_number", "declared_area", "incident_period"),
            *("activation_level", "local_emergency", "at"),
        )
    ),
    # That one was published, and how much it counts; its rows have places.
    "snapshot_version": Shown(
        _as_they_are(
            *("version_id", "activation_id", "state", "number", "replaces", "from_at", "to_at", "area"),
            *("only_storm", "digest", "reports", "sites", "made_at", "reviewed_at", "published_at"),
        ),
        "state = 'published'",
    ),
    # What the city offers and wants to; nobody's name.
    "category_switch": Shown(
        _as_they_are(
            *("activation_id", "number", "category_id", "server_id", "title", "phase", "was_offered"),
            *("wanted", "state", "attempts", "due_at", "at", "done_at", "ticked_at"),
        )
    ),
    "feed": Shown(_as_they_are("one", "n", "log_number", "request_key", "escalation_number")),
    # Oneself.
    "person": Shown(_as_they_are("login", "name", "role", "is_active", "at"), "login = session_user"),
    **{
        table: Shown(_all_of(table))
        for table in (
            *("activation", "rescoring", "membership", "link", "escalation_of_site", "change", "syncing"),
            *("offered_category", "category_look"),
        )
    },
}


def statements(viewers: str, administrators: str) -> Iterator[str]:
    """Both schemas made anew. By the owner: what the views read they read in the owner's name."""
    yield from drops()
    for name, whose in ((MASKED_SCHEMA, f"{viewers}, {administrators}"), (KEEPING_SCHEMA, administrators)):
        yield f"CREATE SCHEMA {name}"
        yield f"GRANT USAGE ON SCHEMA {name} TO {whose}"
    for table in schema.metadata.tables:
        yield _masked(table)
    yield f"CREATE VIEW {MASKED_SCHEMA}.{ALEMBIC} AS SELECT version_num FROM public.{ALEMBIC}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {MASKED_SCHEMA} TO {viewers}, {administrators}"
    for table in KEEPING:
        # Asked with the rights of who asks.
        yield (
            f"CREATE VIEW {KEEPING_SCHEMA}.{table} WITH (security_invoker) AS SELECT * FROM public.{table}"
        )


def drops() -> Iterator[str]:
    for name in (MASKED_SCHEMA, KEEPING_SCHEMA):
        yield f"DROP SCHEMA IF EXISTS {name} CASCADE"


def _masked(table: str) -> str:
    shown = SHOWN.get(table, Shown({}, "false"))
    columns = ", ".join(_column(column, shown) for column in schema.metadata.tables[table].c)
    where = f" WHERE {shown.where}" if shown.where else ""
    # A barrier: a condition of whoever asks is tried on what the view shows, never on the hidden row.
    return (
        f"CREATE VIEW {MASKED_SCHEMA}.{table} WITH (security_barrier) AS"
        f" SELECT {columns} FROM public.{table}{where}"
    )


def _column(column: Column[object], shown: Shown) -> str:
    type_, nothing = _TYPES[column.type.__visit_name__]
    says = shown.columns.get(column.name, "NULL" if column.nullable else nothing)
    return f"({says})::{type_} AS {column.name}"
