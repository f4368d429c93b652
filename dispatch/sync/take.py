"""What an answer of the 311 server means for our sites: saved, scored and summed in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from dispatch.records import (
    SITE_STATES,
    Actor,
    Changes,
    Flag,
    Message,
    Page,
    ServiceRequest,
    SiteState,
)
from dispatch.store import escalations, mirror, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.judge import Judge

NEW = SITE_STATES.index(SiteState.NEW)
CLOSED = SITE_STATES.index(SiteState.CLOSED)
# Servers touch a fresh report several times by themselves (acknowledgement, pictures).
SETTLED_MS = 90_000
KEPT_WRITTEN_TO = 200
STAFF_ROLES = ("Verified Official", "Admin")


@dataclass(frozen=True, slots=True)
class Taker:
    """Works on the store lane. `actor` is the syncing seat."""

    store: Store
    judge: Judge
    actor: Actor
    server_id: int
    # Open requests that changed a while after they came: somebody may have written.
    written_to: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_WRITTEN_TO))

    def page(self, page: Page, **progress: object) -> Changes:
        """Take a page in and move the progress marks (watermark, backlog) in the same transaction."""
        with self.store.transaction(self.actor, durable=False) as tx:
            if page.bad:
                mirror.put_in_quarantine(tx.connection, self.server_id, page.bad, tx.now)
                tx.others.add("quarantine")
            if page.requests:
                self._requests(tx, page.requests)
            if progress:
                mirror.set_server(tx.connection, self.server_id, **progress)
        return tx.changes

    def thread(self, request_id: str, messages: Sequence[Message]) -> Changes:
        """Take a request's thread in."""
        with self.store.transaction(self.actor, durable=False) as tx:
            item = mirror.known(tx.connection, self.server_id, [request_id]).get(request_id)
            if item is not None and mirror.save_messages(tx, item.request_key, messages):
                self._read_again(tx, item)
        return tx.changes

    def _read_again(self, tx: Transaction, item: mirror.Known) -> None:
        """What a resident wrote later can raise the band, and bring back what was set aside (S1)."""
        members = sites.members(tx.connection, [item.site_id])[item.site_id]
        request = next(request for key, request, _ in members if key == item.request_key)
        thread = mirror.thread(tx.connection, [item.request_key])[item.request_key]
        later = [line.text for line in thread if line.author.role not in STAFF_ROLES]
        sites.save_assessments(tx, [(item.request_key, self.judge.assess(request, later=later))])
        self._refresh(tx, item.site_id, sites.members(tx.connection, [item.site_id])[item.site_id])

    def _requests(self, tx: Transaction, requests: Sequence[ServiceRequest]) -> None:
        # A list that moved between two calls may hold a row twice: the newer one counts.
        newest: dict[str, ServiceRequest] = {}
        for item in requests:
            seen = newest.get(item.request_id)
            if seen is None or item.updated_at >= seen.updated_at:
                newest[item.request_id] = item
        old = mirror.known(tx.connection, self.server_id, newest)
        fresh = [item for item in newest.values() if item.request_id not in old]
        # Oldest first, so that our numbers follow the order of arrival.
        fresh.sort(key=lambda item: item.created_at)
        self._open(tx, fresh)
        changed: list[tuple[mirror.Known, ServiceRequest, str]] = []
        for request_id, known in old.items():
            item = newest[request_id]
            print_ = mirror.digest(item)
            # An older answer (a lagging replica) must not undo a newer one.
            if item.updated_at >= known.updated_at and print_ != known.digest:
                changed.append((known, item, print_))
        self._change(tx, changed)

    def _open(self, tx: Transaction, fresh: Sequence[ServiceRequest]) -> None:
        if not fresh:
            return
        keyed = list(zip(tx.next_request_keys(len(fresh)), fresh, strict=True))
        assessed = [(key, item, self.judge.assess(item)) for key, item in keyed]
        mirror.add(tx, self.server_id, [(key, item, mirror.digest(item)) for key, item in keyed])
        summaries = self.judge.summarize_all([[member] for member in assessed])
        opened = [(m[0], summary, not m[1].is_open) for m, summary in zip(assessed, summaries, strict=True)]
        sites.open_new(tx, opened)
        sites.save_assessments(tx, [(key, assessment) for key, _, assessment in assessed])

    def _change(self, tx: Transaction, changed: Sequence[tuple[mirror.Known, ServiceRequest, str]]) -> None:
        if not changed:
            return
        mirror.save(tx, self.server_id, [(known.request_key, item, p) for known, item, p in changed])
        sites.save_assessments(
            tx, [(known.request_key, self.judge.assess(item)) for known, item, _ in changed]
        )
        touched = {known.site_id for known, _, _ in changed}
        members = sites.members(tx.connection, touched)
        for site_id in sorted(touched):
            self._refresh(tx, site_id, members[site_id])
        for known, item, _ in changed:
            if item.is_open and item.updated_at > item.created_at + SETTLED_MS:
                self.written_to.append(item.request_id)
            if not known.status.is_open and item.is_open:
                self._reopened(tx, known.site_id)
        for site_id in sorted(touched):
            if not any(item.is_open for _, item, _ in members[site_id]):
                self._closed_elsewhere(tx, site_id)

    def _refresh(self, tx: Transaction, site_id: int, members: Sequence[sites.Member]) -> None:
        row = sites.row(tx.connection, site_id)
        summary = self.judge.summarize(members)
        sites.refresh(tx, site_id, summary)
        if row is not None and summary.band < row.assessed_band and summary.band <= 2 and row.acted_at:
            # Somebody had acted on less than what is known now (S10).
            sites.set_flags(tx, site_id, add=Flag.NEW_FACT)

    def _reopened(self, tx: Transaction, site_id: int) -> None:
        """A resident opened it again: back on top of its band, with a mark."""
        row = sites.row(tx.connection, site_id)
        sites.set_flags(tx, site_id, add=Flag.REOPENED, drop=Flag.SERVER_CLOSED)
        if row is not None and row.state == CLOSED:
            sites.change(tx, site_id, state=NEW, state_reason="", closed_at=None, acted_at=0)
            tx.log("reopened", "opened again on the 311 server", site_id=site_id)

    def _closed_elsewhere(self, tx: Transaction, site_id: int) -> None:
        """Closed on the server by somebody else: ours follows, unless somebody here still works on it."""
        row = sites.row(tx.connection, site_id)
        if row is None or row.state == CLOSED:
            return
        is_handed_over = any(item.state.is_open for item in escalations.of_site(tx.connection, site_id))
        if is_handed_over or sites.claim_of(tx.connection, site_id):
            sites.set_flags(tx, site_id, add=Flag.SERVER_CLOSED)
            return
        sites.change(tx, site_id, state=CLOSED, state_reason="server", closed_at=tx.now)
        tx.log("closed", "closed on the 311 server", site_id=site_id)
