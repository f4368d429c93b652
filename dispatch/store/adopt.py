"""A report typed in here and the server's id for it: one request and one site, whichever came first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, select, update

from dispatch.records import Flag, OutboxKind, OutboxState
from dispatch.store import escalations, mirror, outbox, search, sites
from dispatch.store import schema as s
from dispatch.store.transaction import Transaction


def adopt(tx: Transaction, server_id: int, request_key: int, request_id: str) -> set[int]:
    """Give our request the server's id; the sites whose reports are others now.

    Where a pull has taken the server's row in as a stranger's, that row, its thread and what waits for it
    become ours. Where the id belongs to another call of ours (equal words at one time), that one keeps it.
    """
    same = s.request.c.server_id == server_id, s.request.c.remote_id == request_id
    stranger = tx.connection.execute(select(s.request).where(*same)).first()
    if stranger is None:
        tx.connection.execute(
            update(s.request).where(s.request.c.request_key == request_key).values(remote_id=request_id)
        )
        tx.sites.add(_site_of(tx, request_key))
        return set()
    if stranger.request_key == request_key or outbox.is_call(tx.connection, stranger.request_key):
        return set()
    return _fold(tx, server_id, stranger, request_key)


def keep_token(tx: Transaction, request_key: int, token: str) -> None:
    """What the server gave in place of an id, to ask for it with."""
    this = update(s.request).where(s.request.c.request_key == request_key)
    tx.connection.execute(this.values(token=token))


def arrived(tx: Transaction, request_key: int) -> None:
    """The call's own row has nothing left to do."""
    tx.connection.execute(
        update(s.outbox)
        .where(
            s.outbox.c.request_key == request_key,
            s.outbox.c.kind == OutboxKind.NEW_REQUEST,
            s.outbox.c.state.in_((OutboxState.SENDING, OutboxState.HELD)),
        )
        .values(state=OutboxState.SENT.value, error="")
    )
    tx.others.add("outbox")


def _fold(tx: Transaction, server_id: int, stranger: Row[Any], request_key: int) -> set[int]:
    """The stranger's row goes, all that hangs on it is ours; of two sites the one people worked on stays."""
    old = stranger.request_key
    item = mirror.request_of(stranger)
    here, there = _site_of(tx, request_key), _site_of(tx, old)
    for table in (s.message, s.outbox, s.told):
        tx.connection.execute(update(table).where(table.c.request_key == old).values(request_key=request_key))
    for table in (s.membership, s.assessment, s.request):
        tx.connection.execute(delete(table).where(table.c.request_key == old))
    search.remove(tx.connection, [old])
    mirror.save(tx, server_id, [(request_key, item, mirror.digest(item))])
    if here == there:
        return {here}
    if not sites.members(tx.connection, [there]):
        gone, stays = (here, there) if _is_worked_on(tx, there) else (there, here)
        if gone == here:
            sites.move_members(tx, [key for key, _, _ in sites.members(tx.connection, [here])[here]], stays)
        sites.set_flags(tx, gone, add=Flag.MERGED)
        tx.log("merged", f"came in twice: merged into site {stays}", site_id=gone)
        return {stays}
    return {here, there}


def _is_worked_on(tx: Transaction, site_id: int) -> bool:
    row = sites.row(tx.connection, site_id)
    is_claimed = sites.claim_of(tx.connection, site_id) is not None
    has_acts = row is not None and bool(row.acted_at)
    return has_acts or is_claimed or bool(escalations.of_site(tx.connection, site_id))


def _site_of(tx: Transaction, request_key: int) -> int:
    found = select(s.membership.c.site_id).where(s.membership.c.request_key == request_key)
    return int(tx.connection.execute(found).scalar_one())
