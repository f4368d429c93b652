"""What goes on behind the window: its store is opened, followed and synced, and put away in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dispatch.errors import LandfallError, SettingsBroken
from dispatch.opening import Opening
from dispatch.settings import secret
from ui.background import keep_going

if TYPE_CHECKING:
    from dispatch.assembly import Parts
    from dispatch.rehearsal import Rehearsal
    from dispatch.sync.apart import Apart
    from ui.bridge import Bridge
    from ui.first_paint import FirstPaint

log = logging.getLogger(__name__)

# What the exercise's own account logs in with on its own server: no secret.
EXERCISE_TOKEN = "exercise"
# Ten polls of the twenty calls a minute; the rest is for acts and for what somebody reads.
EXERCISE_POLL_S = 6.0
LOOK_AT_CLOCK_S = 15.0
LOOK_AT_KEPT_S = 1.0
SLOW_S = 1.5
ELSEWHERE = "Another process hands over for this store: it needs the same settings and a restart."
SYNC_SECRET = "store-sync"
NO_SYNC_LOGIN = (
    "This seat does not ask the 311 server: another seat or the service syncs. To let it, set store.sync_user"
    " and keep its password as store-sync in the keyring."
)
SLOW = "The store is still being opened: what you do is done as soon as it is."


class Work:
    """`token` gives the server's, and may ask the desktop for it; `failed` is told when the store could not
    be opened under a window that stands on a snapshot, `get_ready` makes what such a window does without."""

    def __init__(
        self,
        parts: Parts | Opening,
        bridge: Bridge,
        rehearsal: Rehearsal | None,
        *,
        token: Callable[[], str],
        failed: Callable[[], None],
        get_ready: Callable[[], Coroutine[Any, Any, None]],
    ) -> None:
        self._parts, self._bridge, self._rehearsal = parts, bridge, rehearsal
        self._get_ready = get_ready
        self._token, self._tell_failed = token, failed
        self._sync: Apart | None = None
        self._listener: Any = None
        self.on_presence: Callable[[], None] = lambda: None
        self._tasks: list[asyncio.Task[None]] = []
        self._opening: asyncio.Task[None] | None = None
        self.failure: Exception | None = None

    def begin(self, first_paint: FirstPaint) -> None:
        if isinstance(self._parts, Opening):
            self._opening = asyncio.ensure_future(self._open(self._parts, first_paint))
        else:
            self._go_on(self._parts)

    async def stop(self) -> None:
        """Nothing that somebody asked for is lost: what waited for the store is done before it is closed."""
        if self._opening:
            await self._opening
            while self._parts.workers.is_waited_for:
                await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sync:
            await self._sync.stop()
        if self._listener:
            await self._bridge.parts.workers.network(self._listener.stop)
        parts = self._parts.parts if isinstance(self._parts, Opening) else self._parts
        if parts:
            await parts.workers.store(parts.keep_columns)

    def want_thread(self, request_ids: list[str]) -> None:
        if self._sync:
            self._sync.want_thread(request_ids)

    def pause_backlog(self, is_paused: bool) -> None:
        if self._sync:
            self._sync.pause_backlog(is_paused)

    async def _open(self, opening: Opening, first_paint: FirstPaint) -> None:
        await first_paint.done()
        slow = asyncio.get_running_loop().call_later(SLOW_S, self._say_slow)
        try:
            delta, room = await opening.open()
        except Exception as error:
            # Whatever it was, the program ends by it as it would have without a window.
            self.failure = error
            self._tell_failed()
            return
        finally:
            slow.cancel()
        self._bridge.look_at_room(room)
        self._bridge.changed.emit(delta)
        assert opening.parts
        self._go_on(opening.parts)

    def _take_channels(self, channels: Mapping[str, Mapping[str, str]]) -> str:
        """Tell the syncing, which hands over; what else has to happen, in a sentence."""
        assert self._sync
        self._sync.take_channels(channels)
        return self._bridge.tr(ELSEWHERE) if self._sync.status.state == "elsewhere" else ""

    def _say_slow(self) -> None:
        self._bridge.said.emit(self._bridge.tr(SLOW), False)

    def _go_on(self, parts: Parts) -> None:
        from dispatch import assembly

        loop = asyncio.get_running_loop()
        self._listener = assembly.listen(
            parts,
            feed=lambda: loop.call_soon_threadsafe(self._bridge.nudge),
            presence=lambda: loop.call_soon_threadsafe(self.on_presence),
        )
        if self._listener:
            self._listener.start()
        parts.acts.tell = lambda words, alarm: _soon(loop, self._bridge.said.emit, words, alarm)
        parts.follow.tell_away = lambda words: _soon(loop, self._bridge.said.emit, words, True)
        tr = self._bridge.tr
        if not parts.store.is_sqlite:
            self._do(lambda: self._do_what_is_kept(parts), tr("Doing what was kept here"))
        self._do(self._bridge.follow, tr("Following the room"))
        self._do(self._get_ready, tr("Making the window ready"))
        self._do(assembly.build_watch(parts).go_on, tr("Watching the clocks"))
        self._do(parts.feed_timer.go_on, tr("Asking for alerts"))
        if rehearsal := self._rehearsal:
            self._do(lambda: self._keep_clock(parts, rehearsal), tr("Reading the exercise's clock"))
            self._start_sync(parts, rehearsal, EXERCISE_TOKEN)
        else:
            self._do(lambda: self._ask_and_sync(parts), tr("Beginning to sync"))

    def _do(self, work: Callable[[], Coroutine[Any, Any, None]], what: str) -> None:
        self._tasks.append(asyncio.ensure_future(keep_going(work, what, self._bridge.said.emit)))

    async def _ask_and_sync(self, parts: Parts) -> None:
        from dispatch import assembly

        password = ""
        if assembly.needs_sync_login(parts):
            if not parts.settings.sync_user:
                # Nobody's own login syncs: whoever it is would be written beside what the server said.
                log.info("this seat has no login to sync with: another seat or the service syncs")
                self._bridge.said.emit(self._bridge.tr(NO_SYNC_LOGIN), False)
                return
            try:
                password = await parts.workers.network(secret, SYNC_SECRET)
            except SettingsBroken as error:
                log.warning("%s", error)
        self._start_sync(parts, None, await parts.workers.network(self._token), password)

    def _start_sync(
        self, parts: Parts, rehearsal: Rehearsal | None, token: str, sync_password: str = ""
    ) -> None:
        """The syncing of this seat, in a process of its own; it waits there while another one does it."""
        from dispatch import assembly

        settings = parts.settings
        self._sync = assembly.sync_apart(
            parts,
            url=rehearsal.addresses.url if rehearsal else settings.server_url,
            token=token,
            kind="seeclickfix" if rehearsal else settings.server_kind,
            organization="" if rehearsal else settings.jurisdiction,
            calls_per_minute=settings.calls_per_minute,
            poll_s=EXERCISE_POLL_S if rehearsal else settings.poll_s,
            control_url=rehearsal.addresses.control_url if rehearsal else "",
            sync_password=sync_password,
            tell=self._bridge.synced.emit,
            nudge_readers=self._bridge.nudge,
        )
        self._bridge.on_act = self._sync.nudge
        self._bridge.take_channels = self._take_channels
        if rehearsal:
            rehearsal.on_steered = self._sync.look_at_clock
        self._sync.start()

    async def _do_what_is_kept(self, parts: Parts) -> None:
        """What was done here while the room's database was away, as soon as it answers."""
        while True:
            if await parts.workers.store(parts.acts.replay):
                self._bridge.nudge()
                self._bridge.on_act()
            await asyncio.sleep(LOOK_AT_KEPT_S)

    async def _keep_clock(self, parts: Parts, rehearsal: Rehearsal) -> None:
        """Read the storm's clock now and then: a trainer may have paused it."""
        while True:
            await asyncio.sleep(LOOK_AT_CLOCK_S)
            try:
                await parts.workers.network(rehearsal.look)
            except LandfallError as error:
                log.info("the storm's clock could not be read: %s", error)


def _soon(loop: asyncio.AbstractEventLoop, work: Callable[..., None], *args: object) -> None:
    with suppress(RuntimeError):  # the loop was closed meanwhile
        loop.call_soon_threadsafe(work, *args)
