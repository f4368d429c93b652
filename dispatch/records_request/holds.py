"""Legal holds: placed and lifted by a person, shown to all. While one stands nothing of its storm may be
disposed of, by whoever does that; the program itself never does."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.errors import ActRefused
from dispatch.records import Actor, Changes, LegalHold, Millis
from dispatch.records_request.named import must_be_named
from dispatch.store import legal_holds
from dispatch.store.legal_holds import StoredStorm
from dispatch.store.store import Store

MOST_WORDS = 500


class HoldDesk:
    def __init__(self, *, store: Store, actor: Callable[[], Actor]) -> None:
        self._store, self._actor = store, actor

    def place(self, storm: str, why: str, *, since_at: Millis) -> tuple[LegalHold, Changes]:
        """`storm` is its name or id. The reason stays in the table: the log goes to who asks for records."""
        must_be_named(self._actor())
        why = _said(why)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("hold_placed")
            found = _found(legal_holds.storms(tx.connection), storm)
            made = legal_holds.place(tx, found.activation_id, since_at, why)
            detail = {"before": None, "after": {"activation": found.activation_id, "since_at": since_at}}
            tx.log("hold_placed", f"legal hold on {found.name}", subject=made.hold_id, detail=detail)
        return made, tx.changes

    def lift(self, hold_id: str, why: str) -> Changes:
        """Raises ActRefused where it does not stand."""
        must_be_named(self._actor())
        why = _said(why)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("hold_lifted")
            legal_holds.lift(tx, hold_id, why)
            detail = {"before": {"hold": hold_id}, "after": None}
            tx.log("hold_lifted", "legal hold lifted", subject=hold_id, detail=detail)
        return tx.changes

    def holds(self) -> tuple[LegalHold, ...]:
        """Of all storms, oldest first, those lifted among them."""
        with self._store.reading() as connection:
            return legal_holds.holds(connection)

    def storms(self) -> tuple[StoredStorm, ...]:
        with self._store.reading() as connection:
            return legal_holds.storms(connection)


def _found(storms: tuple[StoredStorm, ...], asked: str) -> StoredStorm:
    mine = [each for each in storms if asked in (each.activation_id, each.name)]
    if len(mine) == 1:
        return mine[0]
    if mine:
        raise ActRefused(f"Several storms are called {asked}: say the id that `retention` lists.")
    raise ActRefused(f"There is no storm {asked}: `retention` lists those there are.")


def _said(why: str) -> str:
    if not why.strip():
        raise ActRefused("Say why, and who asked for it.")
    return why.strip()[:MOST_WORDS]
