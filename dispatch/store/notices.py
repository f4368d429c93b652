"""Notices as rows: each step is a new version in an insert-only history; where they stand lies beside them.

Who may take which step is looked at by the desk, and by a shared database once more (`store/triggers.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from dispatch.errors import ActRefused
from dispatch.records import (
    ENDED,
    Actor,
    Changes,
    Millis,
    Notice,
    NoticeArea,
    NoticeKind,
    NoticePart,
    NoticePlace,
    NoticeState,
    NoticeStep,
    NoticeText,
)
from dispatch.store.schema import activation, feed, notice, notice_place, notice_version
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

OTHERS = "notices"
SERVER = "server"
# On its way to the server, or there.
WAITING, SENDING, DONE, FAILED, STOPPED, END = "waiting", "sending", "done", "failed", "stopped", "ended"
GONE_ON = "Somebody has gone on with this notice since you opened it: look at it again."

_PERSONS = ("drafted_by", "edited_by", "approved_by", "second_by", "published_by")
_TIMES = ("submitted_at", "approved_at", "second_at", "published_at", "ended_at")
_WORDS = ("number", "ended_why", "sent_back_why", "updates")


# -- reading ----------------------------------------------------------------------------------------------


def live(connection: Connection, now: Millis) -> tuple[Notice, ...]:
    """Published in the current activation and not over by their own time, the one that ends first first;
    also those that begin later: `starts_at` says when."""
    rows = connection.execute(
        select(notice)
        .join(activation, activation.c.activation_id == notice.c.activation_id)
        .where(
            activation.c.is_current == 1,
            notice.c.state == NoticeState.LIVE.value,
            notice.c.expires_at > now,
        )
        .order_by(notice.c.expires_at, notice.c.number)
    ).all()
    chains = _chains(connection)
    return tuple(_notice(row, chains) for row in rows)


def every(connection: Connection, activation_id: str) -> tuple[Notice, ...]:
    """All of an activation but what was discarded, the newest first."""
    rows = connection.execute(
        select(notice)
        .where(notice.c.activation_id == activation_id, notice.c.state != NoticeState.DISCARDED.value)
        .order_by(notice.c.number.desc())
    ).all()
    chains = _chains(connection)
    return tuple(_notice(row, chains) for row in rows)


def get(connection: Connection, notice_id: str) -> Notice | None:
    row = connection.execute(select(notice).where(notice.c.notice_id == notice_id)).first()
    return None if row is None else _notice(row, _chains(connection))


def history(connection: Connection, notice_id: str) -> tuple[NoticeStep, ...]:
    """Its versions, the first one first."""
    rows = connection.execute(
        select(notice_version)
        .where(notice_version.c.notice_id == notice_id)
        .order_by(notice_version.c.version)
    )
    return tuple(
        NoticeStep(row.version, NoticeState(row.state), row.at, row.person, row.position) for row in rows
    )


def places(connection: Connection, notice_ids: Collection[str]) -> tuple[NoticePlace, ...]:
    """Where these stand or are to."""
    rows = connection.execute(
        select(notice_place)
        .where(notice_place.c.notice_id.in_(list(notice_ids)))
        .order_by(notice_place.c.notice_id, notice_place.c.place, notice_place.c.language)
    )
    return tuple(map(_place, rows))


def over(connection: Connection, activation_id: str, now: Millis) -> tuple[Notice, ...]:
    """Still marked live although their time is over."""
    rows = connection.execute(
        select(notice).where(
            notice.c.activation_id == activation_id,
            notice.c.state == NoticeState.LIVE.value,
            notice.c.expires_at <= now,
        )
    ).all()
    return tuple(_notice(row, {}) for row in rows)


def for_server(connection: Connection, wall_now: Millis) -> tuple[tuple[Notice, NoticePlace], ...]:
    """What is due at the server now, the oldest first: notices to put there, and such that have ended here
    and still stand there."""
    c = notice_place.c
    rows = connection.execute(
        select(notice, *(each.label(f"place_{each.name}") for each in c))
        .join(notice, notice.c.notice_id == c.notice_id)
        .where(
            c.place == SERVER,
            c.due_at <= wall_now,
            (c.state.in_((WAITING, SENDING)))
            | (c.state == DONE) & notice.c.state.in_([each.value for each in ENDED]),
        )
        .order_by(c.due_at, notice.c.number)
    ).all()
    chains = _chains(connection)
    return tuple((_notice(row, chains), _place_of(row)) for row in rows)


# -- writing ----------------------------------------------------------------------------------------------


def add(tx: Transaction, item: Notice) -> Notice:
    """A first version, with the next number."""
    # Two seats at once would take one number: the feed's row lets one of them go first.
    tx.connection.execute(select(feed.c.one).with_for_update())
    count = select(func.count()).where(notice.c.activation_id == tx.actor.activation_id)
    number = f"N-{int(tx.connection.execute(count).scalar_one()) + 1:03d}"
    item = replace(item, number=number, version=1)
    values = {"notice_id": item.notice_id, "activation_id": tx.actor.activation_id, **_values(item)}
    tx.connection.execute(insert(notice).values(**values))
    _keep(tx, item)
    return item


def change(tx: Transaction, before: Notice, after: Notice) -> Notice:
    """The next version. ActRefused where somebody else has made one since `before` was read."""
    after = replace(after, version=before.version + 1)
    changed = {name: value for name, value in _values(after).items() if value != _values(before)[name]}
    done = tx.connection.execute(
        update(notice)
        .where(notice.c.notice_id == before.notice_id, notice.c.version == before.version)
        .values(**changed)
    )
    if not done.rowcount:
        raise ActRefused(GONE_ON)
    _keep(tx, after)
    return after


def expire(store: Store, actor: Actor) -> Changes:
    """Mark what is over by its own time; by whoever comes first, and once."""
    with store.reading() as connection:
        if not over(connection, actor.activation_id, store.clock.now()):
            return Changes()
    with store.transaction(actor) as tx:
        for before in over(tx.connection, actor.activation_id, tx.now):
            after = replace(before, state=NoticeState.EXPIRED, ended_at=before.expires_at)
            after = change(tx, before, after)
            detail = {"before": {"state": before.state.value}, "after": {"state": after.state.value}}
            tx.log("notice_expired", f"{after.number} expired", subject=after.notice_id, detail=detail)
    return tx.changes


def take_back(tx: Transaction, said: dict[str, Any]) -> None:
    """Undo a step of its preparation: of which `id`, the `version` it made, and the one it goes `back` to, 0
    for none. ActRefused where somebody has gone on with it."""
    now = get(tx.connection, said["id"])
    kept = {
        row.version: row
        for row in tx.connection.execute(
            select(notice_version).where(notice_version.c.notice_id == said["id"])
        )
    }
    if now is None or _what(kept[now.version]) != _what(kept[said["version"]]):
        raise ActRefused(GONE_ON)
    if not said["back"]:
        change(tx, now, replace(now, state=NoticeState.DISCARDED))
        return
    back = kept[said["back"]]
    was = _written(orjson.loads(back.body))
    change(tx, now, replace(now, **was, state=NoticeState(back.state), edited_by=_editor(tx, now, was)))


def put_place(tx: Transaction, place: NoticePlace) -> None:
    """As it is now, in the place of what was known of it."""
    values = {
        "state": place.state,
        "at": place.at,
        "person": place.person,
        "link": place.link,
        "error": place.error,
        "due_at": place.due_at,
        "attempts": place.attempts,
    }
    key = {"notice_id": place.notice_id, "place": place.place, "language": place.language}
    where = [notice_place.c[name] == value for name, value in key.items()]
    if not tx.connection.execute(update(notice_place).where(*where).values(**values)).rowcount:
        tx.connection.execute(insert(notice_place).values(**key, **values))
    tx.others.add(OTHERS)


# -- inside -----------------------------------------------------------------------------------------------


def _keep(tx: Transaction, item: Notice) -> None:
    row = {
        "notice_id": item.notice_id,
        "version": item.version,
        "state": item.state.value,
        "at": tx.now,
        "person": tx.actor.person,
        "position": tx.actor.position,
        "body": orjson.dumps({**_columns(item), **orjson.loads(_body(item))}).decode(),
    }
    tx.connection.execute(insert(notice_version).values(**row))
    tx.others.add(OTHERS)


def _what(version: Row[Any]) -> tuple[str, str]:
    """What was done since and taken back again leaves it as it was."""
    return version.state, version.body


def _editor(tx: Transaction, now: Notice, was: dict[str, Any]) -> str:
    """Who brings other words back has written them, as the next one to approve must see it."""
    return (
        now.edited_by if all(getattr(now, name) == value for name, value in was.items()) else tx.actor.person
    )


def _columns(item: Notice) -> dict[str, Any]:
    return {"kind": item.kind.value, "starts_at": item.starts_at, "expires_at": item.expires_at}


def _values(item: Notice) -> dict[str, Any]:
    texts = orjson.dumps(item.cancel_texts).decode() if item.cancel_texts else ""
    return {
        "state": item.state.value,
        "created_at": item.created_at,
        "body": _body(item),
        "version": item.version,
        "cancel_texts": texts,
        **_columns(item),
        **{name: getattr(item, name) for name in (*_PERSONS, *_WORDS)},
        **{name: getattr(item, name) or None for name in _TIMES},
    }


def _body(item: Notice) -> str:
    said = {
        "texts": item.texts,
        "area": item.area,
        "authority": item.authority,
        "order": item.order,
        "from_draft": item.from_draft,
        "storm_as_of_at": item.storm_as_of_at,
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()


def _written(said: dict[str, Any]) -> dict[str, Any]:
    """What a person wrote, from the body of a row or of a version."""
    known = {
        "texts": _texts(said.get("texts", ())),
        "area": _area(said.get("area") or {}),
        **{name: said.get(name, "") for name in ("authority", "order", "from_draft")},
        "storm_as_of_at": said.get("storm_as_of_at", 0),
    }
    if "kind" in said:
        known |= {"kind": NoticeKind(said["kind"])}
        known |= {name: said[name] for name in ("starts_at", "expires_at")}
    return known


def _notice(row: Row[Any], chains: dict[str, str]) -> Notice:
    said: dict[str, Any] = {name: getattr(row, name) for name in (*_PERSONS, *_WORDS)}
    said |= {name: getattr(row, name) or 0 for name in _TIMES}
    return Notice(
        notice_id=row.notice_id,
        kind=NoticeKind(row.kind),
        state=NoticeState(row.state),
        starts_at=row.starts_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        version=row.version,
        cancel_texts=_texts(orjson.loads(row.cancel_texts or "[]")),
        chain=_chain(row.updates, chains),
        **said,
        **_written(orjson.loads(row.body or "{}")),
    )


def _texts(said: Iterable[dict[str, str]]) -> tuple[NoticeText, ...]:
    return tuple(NoticeText(**each) for each in said)


def _area(said: dict[str, Any]) -> NoticeArea:
    parts = tuple(
        NoticePart(each["layer"], each["name"], _rings(each["rings"])) for each in said.get("parts", ())
    )
    return NoticeArea(parts, _rings(said.get("city", ())))


def _rings(said: Iterable[Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    return tuple(tuple((lat, lon) for lat, lon in ring) for ring in said)


def _chains(connection: Connection) -> dict[str, str]:
    """Which notice each one updates."""
    rows = connection.execute(select(notice.c.notice_id, notice.c.updates).where(notice.c.updates != ""))
    return dict(map(tuple, rows))


def _chain(updates: str, chains: dict[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    while updates and updates not in found:
        found.insert(0, updates)
        updates = chains.get(updates, "")
    return tuple(found)


def _place(row: Row[Any]) -> NoticePlace:
    return NoticePlace(**row._asdict())


def _place_of(row: Row[Any]) -> NoticePlace:
    return NoticePlace(**{each.name: getattr(row, f"place_{each.name}") for each in notice_place.c})
