"""Phones, units and mail addresses stay covered until somebody at this seat asks for those of one site (S15);
that, and the opening of a restricted site, is in the log: references, never the words."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from dispatch.errors import NotAllowed
from dispatch.periods import operational_period
from dispatch.records import Actor, Changes, Millis
from dispatch.rights import MASKED_FOR
from dispatch.store import forms, log
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

NEVER = "Who only looks on, or keeps the people, sees no phone numbers: an operator can."


class Unmasking:
    def __init__(self, *, store: Store, actor: Callable[[], Actor], zone: ZoneInfo) -> None:
        self._store = store
        self._actor = actor
        self._zone = zone
        self._open: tuple[str, int] | None = None  # person and site

    @property
    def is_masked(self) -> bool:
        """Whether who sits here sees restricted sites as the wall shows them."""
        return self._actor().role in MASKED_FOR

    def is_open(self, site_id: int) -> bool:
        return self._open == (self._actor().person, site_id)

    def unmask(self, site_id: int, what: str = "") -> Changes:
        """Phones and units of this site are shown from now on, until `cover`; `what` says where: a number of
        a hand-over, the name of a sheet."""
        changes = self.note(site_id, what)
        self._open = (self._actor().person, site_id)
        return changes

    def note(self, site_id: int, what: str = "") -> Changes:
        """They are shown once, and covered again with what showed them. NotAllowed for who only looks on."""
        actor = self._actor()
        if actor.role in MASKED_FOR:
            raise NotAllowed(NEVER)
        with self._store.transaction(actor) as tx:
            where = f" ({what})" if what else ""
            tx.log("unmasked", f"phones and units shown{where}", site_id=site_id, subject=what)
        return tx.changes

    def cover(self) -> None:
        """The site was left, or somebody else sits here."""
        self._open = None

    def opened(self, site_id: int) -> Changes:
        """Somebody reads the words of a restricted site: once in the log for each person and shift. Who is
        shown none reads none."""
        if self.is_masked:
            return Changes()
        with self._store.transaction(self._actor()) as tx:
            if not self._is_known(tx, site_id):
                tx.log("opened", "opened the words of a restricted site", site_id=site_id)
        return tx.changes

    def _is_known(self, tx: Transaction, site_id: int) -> bool:
        since = self._shift_from(tx)
        return any(
            line.act == "opened" and line.person == tx.actor.person and line.at >= since
            for line in log.of_site(tx.connection, site_id)
        )

    def _shift_from(self, tx: Transaction) -> Millis:
        started = forms.started_at(tx.connection, tx.actor.activation_id)
        _, from_at, _ = operational_period(started, tx.now, self._zone)
        return from_at
