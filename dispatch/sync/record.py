"""Where the record of what a server can do is read and kept: as text in the store, for probe and people."""

from __future__ import annotations

from dispatch.records import Actor
from dispatch.servers.capabilities import Capabilities, from_text, to_text
from dispatch.store import mirror
from dispatch.store.store import Store


def read(store: Store, server_id: int, careful: Capabilities) -> tuple[Capabilities, str]:
    """The record and what is wrong with it, in a sentence; `careful` where nobody has asked or said."""
    with store.reading() as connection:
        text = mirror.server_row(connection, server_id).capabilities
    return from_text(text, careful) if text.strip() else (careful, "")


def keep(store: Store, actor: Actor, server_id: int, record: Capabilities, *, why: str = "") -> None:
    """Write it over the old one, whose lines that nobody understood stay; `why` goes to the activity log."""
    with store.transaction(actor) as tx:
        before = mirror.server_row(tx.connection, server_id).capabilities
        text = to_text(record, before=before)
        if text == before:
            return
        mirror.set_server(tx.connection, server_id, capabilities=text)
        if why:
            tx.log("server", why)
