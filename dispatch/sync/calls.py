"""Reports typed in for callers, on their way to the server: looked for before every second try."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.records import Changes, Millis, OutboxItem, Page, ServiceRequest
from dispatch.servers import Newest
from dispatch.store import adopt, mirror, outbox, own_places, sites
from dispatch.sync.adoption import SLACK_MS, beyond, in_order, is_equal
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line

MOST_PAGES = 20


class Calls:
    def __init__(self, line: Line) -> None:
        self._line = line

    async def before(self, item: OutboxItem, account_id: str) -> dict[str, str]:
        """What the read-back must know of the time before the first try."""
        now = self._line.store.clock.now()
        equal = [each.request_id for each in await self._equal(item, account_id, now - SLACK_MS)]
        return {**item.detail, "tried_at": str(now), "before": ",".join(equal)}

    async def find(self, item: OutboxItem, account_id: str) -> ServiceRequest | None:
        """This call as the server has it by now: oldest first of the equal rows no other call is known by."""
        rows = await self._equal(item, account_id, int(item.detail["tried_at"]) - SLACK_MS)
        return await self._line.workers.store(self._free, item, rows)

    def keep_token(self, item: OutboxItem, token: str) -> None:
        """On the store lane."""
        with self._line.store.transaction(self._line.taker.actor) as tx:
            adopt.keep_token(tx, item.request_key, token)

    def adopt(self, item: OutboxItem, request_id: str, request: ServiceRequest | None = None) -> Changes:
        """The server's id for a call; on the store lane."""
        taker = self._line.taker
        with self._line.store.transaction(taker.actor) as tx:
            for site_id in adopt.adopt(tx, taker.server_id, item.request_key, request_id):
                members = sites.members(tx.connection, [site_id])[site_id]
                sites.save_assessments(tx, [(key, taker.judge.assess(each)) for key, each, _ in members])
                again = sites.members(tx.connection, [site_id])[site_id]
                own = own_places.of_site(tx.connection, site_id)
                sites.refresh(tx, site_id, taker.judge.summarize(again, own))
            adopt.arrived(tx, item.request_key)
        changes = tx.changes
        if request is not None:
            changes |= taker.page(Page((request,), (), None, None))
        return changes

    async def _equal(self, item: OutboxItem, account_id: str, since_at: Millis) -> list[ServiceRequest]:
        """Every row in these words that may be of our account, entered since then; oldest first."""
        found: dict[str, ServiceRequest] = {}
        number: int | None = 1
        while number is not None and number <= MOST_PAGES:
            page = await self._line.ask(Lane.ACT, self._line.server.page, Newest(since_at=since_at), number)
            found |= {each.request_id: each for each in page.requests}
            number = page.next_page
        equal = [each for each in found.values() if is_equal(item, each, account_id, since_at)]
        return sorted(equal, key=in_order)

    def _free(self, item: OutboxItem, rows: Sequence[ServiceRequest]) -> ServiceRequest | None:
        with self._line.store.reading() as connection:
            known = mirror.known(connection, self._line.taker.server_id, [each.request_id for each in rows])
            taken = {
                request_id
                for request_id, each in known.items()
                if each.request_key != item.request_key and outbox.is_call(connection, each.request_key)
            }
        return next(iter(beyond(item, rows, taken)), None)
