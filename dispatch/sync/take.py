"""What an answer of the 311 server means for our sites: saved, scored and summed in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dispatch import offers
from dispatch.in_force import InForce
from dispatch.records import (
    SITE_STATES,
    Actor,
    Assessment,
    Band,
    Changes,
    Flag,
    Message,
    Millis,
    OwnPlace,
    Page,
    ServiceRequest,
    SiteState,
    SiteSummary,
)
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME
from dispatch.store import escalations, mirror, missing, own_places, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.sync.adoption import adopt_listed
from dispatch.sync.arrivals import Arrivals
from dispatch.sync.finer import that_say_more
from dispatch.triage.judge import Judge

NEW = SITE_STATES.index(SiteState.NEW)
CLOSED = SITE_STATES.index(SiteState.CLOSED)
# Servers touch a fresh report several times by themselves (acknowledgement, pictures).
SETTLED_MS = 90_000
# How far back a start looks for threads it had not read.
UNREAD_MS = 6 * 3_600_000
# Fewer on one point may be one tall building.
DEFAULT_PIN_REPORTS = 20
Judged = tuple[ServiceRequest, Band]


class Verdict(NamedTuple):
    """What triage makes of a request, and of the site that it would open by itself."""

    request: ServiceRequest
    assessment: Assessment
    summary: SiteSummary


@dataclass(frozen=True, slots=True)
class Taker:
    """Works on the store lane. `actor` is the syncing seat."""

    store: Store
    in_force: InForce
    actor: Actor
    server_id: int
    # Nothing entered before opens a site; what stands here already is kept up all the same.
    since_at: Millis = 0
    # Open requests that changed a while after they came: somebody may have written. In the order to ask.
    written_to: dict[str, None] = field(default_factory=dict)
    # Those of them that stand in P1 or P2: what is said there is read before anything else.
    urgent: dict[str, None] = field(default_factory=dict)
    arrivals: Arrivals = field(default_factory=Arrivals)
    # Not found on the server when last read by id: whatever answer holds one of them takes that back.
    missing: set[str] = field(default_factory=set)

    @property
    def judge(self) -> Judge:
        return self.in_force.judge

    def remember(self) -> None:
        """After a start: whose threads were not read any more before the end."""
        with self.store.reading() as connection:
            for request_id, band in mirror.unread(connection, self.server_id, SETTLED_MS, UNREAD_MS):
                self._read_later(request_id, band)
            self.missing.update(missing.noted(connection, self.server_id))

    def page(self, page: Page, *, was_there_before_us: bool = False, **progress: object) -> Changes:
        """Take a page in and move the progress marks (watermark, backlog) in the same transaction.

        What residents wrote to reports that were there before us is read when somebody looks at them: a
        city has thousands of those, and a call for each would take a day.
        """
        verdicts = self._of_new(page.requests)
        with self.store.transaction(self.actor, durable=False) as tx:
            if self.in_force.look(tx.connection):
                verdicts = {}  # by a profile that no longer holds
            if page.bad:
                mirror.put_in_quarantine(tx.connection, self.server_id, page.bad, tx.now)
                tx.others.add("quarantine")
            if page.requests:
                if self.missing and (
                    back := [r.request_id for r in page.requests if r.request_id in self.missing]
                ):
                    missing.there_again(tx, self.server_id, back)
                fresh = self._requests(tx, page.requests, verdicts)
                if not was_there_before_us:
                    self._may_be_written_to(fresh)
            if progress:
                mirror.set_server(tx.connection, self.server_id, **progress)
        self.missing.difference_update(item.request_id for item in page.requests)
        if was_there_before_us:
            self.arrivals.note(page)
        return tx.changes

    def thread(self, request_id: str, messages: Sequence[Message]) -> Changes:
        """Take a request's thread in."""
        with self.store.transaction(self.actor, durable=False) as tx:
            self.in_force.look(tx.connection)
            item = mirror.known(tx.connection, self.server_id, [request_id]).get(request_id)
            if item is not None and mirror.save_messages(tx, item.request_key, messages):
                self._read_again(tx, item)
        return tx.changes

    def learn_default_pins(self) -> Changes:
        """Find the points where a geocoder puts what it does not know, and doubt the places there (S11)."""
        with self.store.reading() as connection:
            crowded = dict(sites.crowded_points(connection, at_least=DEFAULT_PIN_REPORTS))
        fresh = self.judge.places.learn(crowded)
        if not fresh:
            return Changes()
        with self.store.transaction(self.actor, durable=False) as tx:
            doubtful = [site_id for place in fresh for site_id in crowded[place]]
            owns = own_places.of_sites(tx.connection, doubtful)
            for site_id, members in sites.members(tx.connection, doubtful).items():
                sites.refresh(tx, site_id, self.judge.summarize(members, owns.get(site_id)))
        return tx.changes

    def _read_again(self, tx: Transaction, item: mirror.Known) -> None:
        """What a resident wrote later can raise the band, and bring back what was set aside (S1)."""
        members = sites.members(tx.connection, [item.site_id])[item.site_id]
        request = next(request for key, request, _ in members if key == item.request_key)
        thread = mirror.thread(tx.connection, [item.request_key])[item.request_key]
        sites.save_assessments(
            tx, [(item.request_key, self.judge.assess(request, later=mirror.said_later(thread)))]
        )
        own = own_places.of_site(tx.connection, item.site_id)
        self._refresh(tx, item.site_id, sites.members(tx.connection, [item.site_id])[item.site_id], own)

    def _of_new(self, requests: Sequence[ServiceRequest]) -> dict[str, Verdict]:
        """What to think of those that are not here yet. Thought before the database is held for writing: that
        takes longer than the writing, and an operator's act would wait for it."""
        if not requests:
            return {}
        with self.store.reading() as connection:
            self.in_force.look(connection)
            old = mirror.known_ids(connection, self.server_id, [item.request_id for item in requests])
        return self._verdicts([item for item in requests if item.request_id not in old])

    def _verdicts(self, requests: Sequence[ServiceRequest]) -> dict[str, Verdict]:
        assessments = [self.judge.assess(item) for item in requests]
        alone = [[(0, item, each)] for item, each in zip(requests, assessments, strict=True)]
        summaries = self.judge.summarize_all(alone)
        return {
            item.request_id: Verdict(item, each, summary)
            for item, each, summary in zip(requests, assessments, summaries, strict=True)
        }

    def _requests(
        self, tx: Transaction, requests: Sequence[ServiceRequest], verdicts: dict[str, Verdict]
    ) -> list[Judged]:
        """Save what is new or newer; gives the new ones."""
        # A list that moved between two calls may hold a row twice: the newer one counts.
        newest: dict[str, ServiceRequest] = {}
        for item in requests:
            seen = newest.get(item.request_id)
            if seen is None or item.updated_at >= seen.updated_at:
                newest[item.request_id] = item
        old = mirror.known(tx.connection, self.server_id, newest)
        fresh = [
            item
            for item in newest.values()
            if item.request_id not in old and item.created_at >= self.since_at
        ]
        if fresh and (ours := adopt_listed(tx, self.server_id, fresh)):
            old |= mirror.known(tx.connection, self.server_id, ours)
            fresh = [item for item in fresh if item.request_id not in ours]
        # Oldest first, so that our numbers follow the order of arrival.
        fresh.sort(key=lambda item: item.created_at)
        opened = self._open(tx, fresh, verdicts)
        changed: list[tuple[mirror.Known, ServiceRequest, str]] = []
        for request_id, known in old.items():
            item = _as_known(newest[request_id], known)
            print_ = mirror.digest(item)
            # An older answer (a lagging replica) must not undo a newer one.
            if item.updated_at >= known.updated_at and print_ != known.digest:
                changed.append((known, item, print_))
        self._change(tx, that_say_more(tx.connection, changed))
        return opened

    def _open(
        self, tx: Transaction, fresh: Sequence[ServiceRequest], verdicts: dict[str, Verdict]
    ) -> list[Judged]:
        if not fresh:
            return []
        # Gone from the store since we looked, or twice in the answer: rare, but never without a verdict.
        unjudged = [
            item
            for item in fresh
            if (known := verdicts.get(item.request_id)) is None or known.request is not item
        ]
        verdicts = verdicts | self._verdicts(unjudged)
        judged = [verdicts[item.request_id] for item in fresh]
        keys = tx.next_request_keys(len(fresh))
        mirror.add(tx, self.server_id, list(zip(keys, fresh, strict=True)))
        opened = [(key, v.summary, not v.request.is_open) for key, v in zip(keys, judged, strict=True)]
        sites.open_new(tx, opened)
        sites.save_assessments(tx, [(key, v.assessment) for key, v in zip(keys, judged, strict=True)])
        return [(v.request, v.assessment.band) for v in judged]

    def _change(self, tx: Transaction, changed: Sequence[tuple[mirror.Known, ServiceRequest, str]]) -> None:
        if not changed:
            return
        mirror.save(tx, self.server_id, [(known.request_key, item, p) for known, item, p in changed])
        threads = mirror.thread(tx.connection, [known.request_key for known, _, _ in changed])
        assessed = [
            (known.request_key, self.judge.assess(item, later=mirror.said_later(threads[known.request_key])))
            for known, item, _ in changed
        ]
        sites.save_assessments(tx, assessed)
        touched = {known.site_id for known, _, _ in changed}
        members = sites.members(tx.connection, touched)
        owns = own_places.of_sites(tx.connection, touched)
        for site_id in sorted(touched):
            self._refresh(tx, site_id, members[site_id], owns.get(site_id))
        bands = (assessment.band for _, assessment in assessed)
        self._may_be_written_to(zip((item for _, item, _ in changed), bands, strict=True))
        for known, item, _ in changed:
            if not known.status.is_open and item.is_open:
                self._reopened(tx, known.site_id)
        for site_id in sorted(touched):
            if not any(item.is_open for _, item, _ in members[site_id]):
                self._closed_elsewhere(tx, site_id)

    def _may_be_written_to(self, judged: Iterable[Judged]) -> None:
        for item, band in judged:
            if item.is_open and item.updated_at > item.created_at + SETTLED_MS:
                self._read_later(item.request_id, band)

    def _read_later(self, request_id: str, band: int) -> None:
        self.written_to[request_id] = None
        if band <= Band.P2:
            self.urgent[request_id] = None

    def _refresh(
        self, tx: Transaction, site_id: int, members: Sequence[sites.Member], own: OwnPlace | None
    ) -> None:
        row = sites.row(tx.connection, site_id)
        summary = self.judge.summarize(members, own)
        sites.refresh(tx, site_id, summary)
        if row is not None and row.own_flags & Flag.OFFERS_ENDED:
            offers.mark(tx, self.judge, site_id)  # another one may have come
        if row is not None and summary.band < row.assessed_band and summary.band <= 2 and row.acted_at:
            # Somebody had acted on less than what is known now (S10).
            sites.set_flags(tx, site_id, add=Flag.NEW_FACT)

    def _reopened(self, tx: Transaction, site_id: int) -> None:
        """A resident opened it again: back on top of its band, with a mark."""
        row = sites.row(tx.connection, site_id)
        sites.set_flags(tx, site_id, add=Flag.REOPENED, drop=Flag.SERVER_CLOSED)
        if row is not None and row.state == CLOSED:
            sites.change(tx, site_id, state=NEW, state_reason="", closed_at=None, acted_at=0)
            detail = {"before": {"state": CLOSED}, "after": {"state": NEW}}
            tx.log("reopened", "opened again on the 311 server", site_id=site_id, detail=detail)

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
        detail = {"before": {"state": row.state}, "after": {"state": CLOSED}}
        tx.log("closed", "closed on the 311 server", site_id=site_id, detail=detail)


def _as_known(item: ServiceRequest, known: mirror.Known) -> ServiceRequest:
    """Times the server leaves out stay what they were when the request was first met: it must not look new at
    each answer, nor may its closing count as older than what is here."""
    if NO_ENTRY_TIME in item.doubts:
        item = replace(item, created_at=known.created_at)
    if NO_CHANGE_TIME in item.doubts:
        return replace(item, updated_at=known.updated_at)
    return item if item.updated_at >= item.created_at else replace(item, updated_at=item.created_at)
