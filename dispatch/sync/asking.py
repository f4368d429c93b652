"""Asking one server: probes it once, walks as its record allows, and sweeps now and then."""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from dispatch.errors import LandfallError
from dispatch.records import Changes, Millis
from dispatch.servers.capabilities import Capabilities
from dispatch.store import mirror
from dispatch.sync import progress, record
from dispatch.sync.line import Line
from dispatch.sync.probe import Probe
from dispatch.sync.progress import Progress
from dispatch.sync.pull import Pull, Step
from dispatch.sync.sweep import Sweep
from dispatch.sync.walk import Took, Walk, nobody
from dispatch.sync.windows import Windows

log = logging.getLogger(__name__)

# After a probe that could not be finished, or found too little there, so long without another.
PROBE_AGAIN_S = 600.0


def follows_bounds(can: Capabilities) -> bool:
    """May a bound in the server's time follow the rows? Else it takes windows."""
    return can.has_sorting and can.has_pages and can.has_updated_after


class Asking:
    """A Walk, made of the one that fits. `careful` is what the kind of server is documented to do."""

    def __init__(self, line: Line, *, since_at: Millis | None = None) -> None:
        self._line = line
        self._since_at = since_at
        self._careful = line.server.capabilities
        self._progress = Progress()
        self._walk: Walk | None = None
        self._sweep = Sweep(line, self._progress)
        self._calls = 0
        self._probe_at = 0.0
        self._is_damaged = False
        self._was_backlog_done = False
        self._is_new = True

    @property
    def calls(self) -> int:
        return self._calls + self._sweep.calls + (self._walk.calls if self._walk else 0)

    @property
    def address(self) -> str:
        return self._line.server.address

    @property
    def capabilities(self) -> Capabilities:
        """What is known of the server by now."""
        return self._line.server.capabilities

    @property
    def is_backlog_done(self) -> bool:
        return self._walk is not None and self._walk.is_backlog_done

    @property
    def is_sweep_due(self) -> bool:
        return self.is_backlog_done and self._sweep.is_due

    def hurry_sweep(self) -> None:
        """After a gap: look through everything open here as soon as there is time."""
        self._sweep.hurry()

    async def live(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        walk = await self._chosen()
        step = await walk.live(for_s=for_s, took=took)
        await self._settle(walk)
        if self._is_new and self._line.server.capabilities.has_sorting:
            # One call, with the first answer on the screen; what takes more waits for the backlog's turn.
            await self._probed()
        self._is_new = False
        return step

    async def backlog(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        walk = await self._probed()
        step = await walk.backlog(for_s=for_s, took=took)
        await self._settle(walk)
        return replace(step, is_in_step=walk.is_backlog_done)

    async def sweep(self) -> Changes:
        """One call of the slow look through everything open here."""
        return await self._sweep.step()

    async def until_in_step(self, took: Took = nobody) -> Changes:
        """Everything, once: of a server that cannot say what changed, all that is open here, too."""
        await self._chosen()
        was_done, changes = self._was_backlog_done, Changes()
        if self._is_new:
            # A first answer on the screen, and some rows to probe with.
            changes = (await self.live(took=took)).changes
        walk = await self._probed()
        changes |= await walk.until_in_step(took)
        await self._settle(walk)
        is_blind = isinstance(walk, Windows) and was_done and not walk.sees_all_changes
        if is_blind or self._sweep.is_wanted:
            swept = await self._sweep.whole()
            took(swept)
            changes |= swept
        return changes

    # -- which way ------------------------------------------------------------------------------------------

    async def _chosen(self) -> Walk:
        if self._walk is None:
            await self._line.workers.store(self._recall)
            self._walk = self._make()
        return self._walk

    def _make(self) -> Walk:
        if follows_bounds(self._line.server.capabilities):
            return Pull(self._line, since_at=self._since_at)
        return Windows(self._line, self._progress, since_at=self._since_at)

    def _recall(self) -> None:
        line = self._line
        can, complaint = record.read(line.store, line.taker.server_id, self._careful)
        line.server.capabilities = can
        if complaint:
            log.warning("%s", complaint)
            self._is_damaged = True
        self._progress = progress.read(line)
        self._sweep = Sweep(line, self._progress)
        with line.store.reading() as connection:
            row = mirror.server_row(connection, line.taker.server_id)
        self._was_backlog_done = row.backlog_done
        self._is_new = row.watermark_at is None
        self._sweep.remember(row.swept_at)

    async def _settle(self, walk: Walk) -> None:
        """The end of the backlog is a sweep of its own; a round that saw too little asks for one."""
        if walk.is_backlog_done and not self._was_backlog_done:
            self._was_backlog_done = True
            await self._sweep.was_listed()
        if isinstance(walk, Windows) and walk.wants_sweep:
            walk.wants_sweep = False
            self._sweep.hurry()

    # -- the probe ------------------------------------------------------------------------------------------

    async def _probed(self) -> Walk:
        """The walk to go on with, after a probe where it is time for one. It never stands in the way."""
        walk = await self._chosen()
        can = self._line.server.capabilities
        if can.probed_at or self._is_damaged or time.monotonic() < self._probe_at:
            return walk
        if not await self._line.workers.store(self._count):
            return walk
        self._probe_at = time.monotonic() + PROBE_AGAIN_S
        probe = Probe(self._line)
        try:
            found = await probe.run()
        except LandfallError as error:
            log.info("what the server can do could not be found out yet: %s", error)
            return walk
        finally:
            self._calls += probe.calls
        return walk if found is None else await self._use(found, walk)

    async def _use(self, found: Capabilities, walk: Walk) -> Walk:
        line = self._line
        before, line.server.capabilities = line.server.capabilities, found
        await line.workers.store(
            record.keep,
            line.store,
            line.taker.actor,
            line.taker.server_id,
            found,
            why="the server was probed",
        )
        if follows_bounds(found) == follows_bounds(before):
            return walk
        # What the other way has fetched may have holes: all of it is listed once more.
        await line.workers.store(self._forget)
        self._calls += walk.calls
        self._was_backlog_done = False
        self._walk = self._make()
        await self._walk.live()
        return self._walk

    def _forget(self) -> None:
        line = self._line
        with line.store.transaction(line.taker.actor) as tx:
            mirror.set_server(
                tx.connection,
                line.taker.server_id,
                backlog_done=0,
                backlog_before_at=None,
                watermark_at=None,
                progress="",
            )
        self._progress.restart()

    def _count(self) -> int:
        with self._line.store.reading() as connection:
            return mirror.counts(connection)[0]
