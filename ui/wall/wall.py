"""The wall as the console has it: opened and blanked by command, told of the board, put on its screen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication, QScreen

from dispatch import settings
from dispatch.errors import LandfallError
from dispatch.insight.wall import HOUR_MS, arrivals, numbers, unanswered
from dispatch.records import Millis, Role, SyncStatus
from ui.theme import Theme
from ui.wall.screens import Place, Screen, place_for, seen
from ui.wall.words import Around, Counted, blanked, said, title

if TYPE_CHECKING:
    from ui.wall.map import WallMap
    from ui.wall.window import WallWindow

log = logging.getLogger(__name__)

MINUTE_MS = HOUR_MS // 60
# A screen that was just plugged in says its size a moment later.
SETTLE_MS = 400


class Wall(QObject):
    """It stands beside the console and shows now, whatever the console looks at.

    Locking and covering the console leave it as it is: it has nothing that the room may not see, and the room
    needs it most while an operator is away. It can be blanked meanwhile, but not shown again.
    """

    def __init__(
        self,
        *,
        bridge: Any,
        theme: Theme,
        console: Any,
        make_map: Callable[[QObject], WallMap],
        status: Callable[[], SyncStatus | None],
        is_sync_lost: Callable[[], bool],
        wall_now_s: Callable[[], float] = time.time,
    ) -> None:
        """`console` is the main window."""
        super().__init__(console)
        self._bridge, self._theme, self._console = bridge, theme, console
        self._make_map, self._status = make_map, status
        self._is_sync_lost, self._wall_now_s = is_sync_lost, wall_now_s
        kept = bridge.parts.settings
        self._settings = kept
        self._wanted, self._blanked_at = kept.wall_screen, kept.wall_blanked_at
        self._counted: Counted | None = None
        self._counted_in = -1  # minute of the storm
        self._stays_open = kept.wall_is_open  # also over the program's end
        self._in_window = False  # because somebody wanted it there
        self._waits = False
        self.window: WallWindow | None = None
        self.map: WallMap | None = None
        self._written: dict[str, Any] = {}
        self._writing: asyncio.Task[None] | None = None
        self._soon = QTimer(self, interval=SETTLE_MS, singleShot=True, timeout=self._look_at_screens)

    @property
    def is_open(self) -> bool:
        return self.window is not None and self.window.isVisible()

    # -- what a person does -----------------------------------------------------------------------------

    def begin(self) -> None:
        """Open again where it was open when the program ended."""
        if self._settings.wall_is_open:
            self.open()

    def toggle(self) -> None:
        if self.is_open:
            self.window.close()
            return
        self.open()
        if not self.window.isFullScreen():
            # On the console's own screen it would else be behind it.
            self.window.activateWindow()

    def open(self) -> None:
        if self.is_open:
            return
        if self.window is None:
            self._make()
        self._stays_open, self._in_window, self._counted = True, False, None
        self.settle(_plugged_in())
        self.look()
        self._keep()
        self._say_letters()

    def blank(self) -> None:
        """Or show it again."""
        if not self.is_open:
            self._console.say(self.tr("The wall is not open."))
            return
        if self._blanked_at and self._is_locked():
            return
        self._blanked_at = 0 if self._blanked_at else self._bridge.clock.now()
        self._counted = None
        self.look()
        self._keep()
        if self._blanked_at:
            self._console.say(self.tr("The wall is blanked. Alt W shows it again."))

    def full_or_window(self) -> None:
        """All of the screen where it stands now, or a window there again."""
        if self.window is None:
            return
        here = seen(self.window.screen())
        if self.window.isFullScreen():
            self._in_window = True
            self.window.stand_in_window(here)
            return
        if here.name == self._console_screen():
            words = self.tr("The wall does not cover the console: move it to another screen first.")
            self._console.say(words)
            return
        self._in_window, self._wanted = False, here.key
        self.window.stand_on(here)
        self._keep()
        self._say_letters()

    def leave(self) -> None:
        """The program ends: what is remembered stays as it is."""
        if self.window is not None:
            self.window.closed.disconnect(self._closed)
            self.window.close()
            self.window.deleteLater()
            self.window = None
        if self.map is not None:
            self.map.close()
            self.map = None

    # -- screens ----------------------------------------------------------------------------------------

    def settle(self, screens: Sequence[Screen]) -> None:
        """Stand where it belongs with these screens plugged in."""
        if self.window is None or not screens:
            return
        place = place_for(self._wanted, screens, self._console_screen())
        if self._in_window and not place.waits:
            return
        if place.is_full and not self._wanted:
            self._wanted = place.screen.key
            self._keep()
        self._stand(place)

    def _stand(self, place: Place) -> None:
        was_waiting, self._waits = self._waits, place.waits
        if place.is_full:
            with self._focus_kept():
                self.window.stand_on(place.screen)
            return
        if self.window.isVisible() and not self.window.isFullScreen() and place.waits == was_waiting:
            return  # it stays where somebody moved it
        with self._focus_kept():
            self.window.stand_in_window(place.screen)
        if place.waits and not was_waiting:
            # Behind the console: whoever works there goes on without having to put it away.
            self.window.lower()
            words = self.tr("The wall's screen is gone: it waits in a window until that is plugged in again.")
            self._console.say(words)

    @contextmanager
    def _focus_kept(self) -> Iterator[None]:
        """Who works at the console types on, also where a desktop gives each window it shows the focus."""
        was_active = self._console.isActiveWindow()
        yield
        if was_active:
            self._console.activateWindow()

    def _look_at_screens(self) -> None:
        if self.is_open:
            self.settle(_plugged_in())

    def _gone(self, screen: QScreen) -> None:
        # At once: Qt has moved the window, in full screen, to where the console may be.
        if self.is_open:
            self.settle([seen(each) for each in QGuiApplication.screens() if each is not screen])

    def _console_screen(self) -> str:
        """Empty where who sits there only looks on: nobody's work is covered then."""
        if self._bridge.parts.actor.role is Role.VIEWER:
            return ""
        handle = self._console.windowHandle()
        screen = handle.screen() if handle is not None else QGuiApplication.primaryScreen()
        return str(screen.name())

    # -- what it shows ----------------------------------------------------------------------------------

    def look(self, now: Millis | None = None) -> None:
        """Each second, and when it was opened or shown again; the board is counted when it has changed."""
        if self.window is None or not self.window.isVisible():
            return
        now = self._bridge.clock.now() if now is None else now
        activation = self._bridge.activation
        self.window.setWindowTitle(title(activation))
        if self._blanked_at:
            words = blanked(self._blanked_at, now, self._bridge.zone)
            self.window.blank(words, is_exercise=activation.is_exercise)
            return
        if self._counted is None or now // MINUTE_MS != self._counted_in:
            self._counted, self._counted_in = self._count(now), now // MINUTE_MS
        self.window.say(said(self._counted, self._around(now)))

    def _count(self, now: Millis) -> Counted:
        board = self._bridge.board
        self.map.count(board, now)
        return Counted(
            numbers(board, self._bridge.activation.started_at, now), unanswered(board), arrivals(board, now)
        )

    def _around(self, now: Millis) -> Around:
        bridge = self._bridge
        return Around(
            activation=bridge.activation,
            suspensions=bridge.suspensions,
            status=self._status(),
            is_sync_lost=self._is_sync_lost(),
            away_since=self._console.kept.away_since,
            now=now,
            wall_now_s=self._wall_now_s(),
            zone=bridge.zone,
            category=bridge.shown.label,
        )

    def _age(self, *_what: object) -> None:
        self._counted = None

    # -- inside -----------------------------------------------------------------------------------------

    def _make(self) -> None:
        from ui.wall.window import WallWindow

        kept, bridge = self._settings, self._bridge
        self.map = self._make_map(self)
        self.window = WallWindow(
            theme=self._theme,
            wall_map=self.map,
            zone=bridge.zone,
            distance_m=kept.wall_distance_m,
            diagonal_in=kept.wall_diagonal_in,
            turn_s=kept.wall_turn_s,
        )
        self.window.setWindowTitle(title(bridge.activation))
        self.window.setWindowIcon(self._console.windowIcon())
        self.window.closed.connect(self._closed)
        self.window.blank_wanted.connect(self.blank)
        self.window.full_wanted.connect(self.full_or_window)
        self.window.left.connect(self._console.activateWindow)
        bridge.changed.connect(self._age)
        bridge.room_changed.connect(self._age)
        bridge.ticked.connect(self.look)
        app = QGuiApplication.instance()
        app.screenRemoved.connect(self._gone)
        app.screenAdded.connect(self._soon.start)
        if (handle := self._console.windowHandle()) is not None:
            handle.screenChanged.connect(self._soon.start)

    def _closed(self) -> None:
        self._stays_open = False
        self._keep()

    def _is_locked(self) -> bool:
        locking = self._console.locking
        return locking is not None and locking.is_up

    def _say_letters(self) -> None:
        """What somebody should know who has put it up."""
        letters = self.window.letters
        if not self.window.isFullScreen():
            return
        if not letters.readable_m:
            words = self.tr(
                "This screen does not say how large it is: [wall] diagonal_in in settings.toml makes the "
                "letters right."
            )
            self._console.say(words)
        elif letters.are_small:
            words = self.tr("The wall can be read from {} m, not from {} m: its screen is small for that.")
            self._console.say(words.format(f"{letters.readable_m:.1f}", letters.wanted_m))

    def _keep(self) -> None:
        """For the next start; the file is written on the network lane, never by the window."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())

    def _remembered(self) -> dict[str, Any]:
        return {
            "wall_is_open": self._stays_open,
            "wall_screen": self._wanted,
            "wall_blanked_at": self._blanked_at,
        }

    async def _write(self) -> None:
        """Until the file has what is so now."""
        parts = self._bridge.parts
        while (now := self._remembered()) != self._written:
            self._written = now
            try:
                await parts.workers.network(settings.keep, parts.folder, **now)
            except LandfallError as error:
                self._bridge.said.emit(str(error), True)
                log.info("where the wall stands was not written: %s", error)


def _plugged_in() -> list[Screen]:
    return [seen(each) for each in QGuiApplication.screens()]
