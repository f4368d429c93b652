"""The application: event loop, parts, window; opened in order and closed in the opposite one."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import sys
from concurrent.futures import Future
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from dispatch import log_lines
from dispatch.clock import WallClock
from dispatch.errors import LandfallError, SettingsBroken
from dispatch.front_door import FrontDoor, Sitting
from dispatch.jurisdiction import load_jurisdiction
from dispatch.locks import seat_lock
from dispatch.opening import Opening, read_ahead, standing
from dispatch.passwords import Verifier
from dispatch.positions import positions_of
from dispatch.records import Person, Role
from dispatch.settings import Settings, default_folder, load, secret
from ui import arguments
from ui.arguments import Wish
from ui.bridge import Bridge
from ui.collector import Collector
from ui.first_paint import FirstPaint
from ui.theme import Theme
from ui.work import Work

if TYPE_CHECKING:
    from dispatch.assembly import Parts
    from dispatch.board import Board
    from dispatch.opening import Ahead
    from dispatch.rehearsal import Rehearsal
    from dispatch.workers import Workers
    from ui.compose import Console

log = logging.getLogger(__name__)

# A tour ends in three minutes; at twenty calls a minute half of them would be spent on waiting.
TOUR_CALLS = 120
STORMS = {"irma": ("Hurricane Irma", "st-petersburg"), "harvey": ("Hurricane Harvey", "houston")}
# The window to sign in was closed: nobody came.
LEFT = Sitting(Person("", "", Role.VIEWER), "")
WISHED_SIZE = QSize(1600, 1000)
NOT_SET_UP = (
    'No 311 server is set up yet. Put its address into {path} ([server] url = "https://…/api/v2"), '
    "or try an exercise: main.py --exercise irma."
)


def let_the_window_go_first() -> None:
    """Each call into Qt gives the interpreter away and has to get it back from the lanes: within half a
    millisecond instead of five, or one paint of the window waits a hundred times while a page comes in."""
    sys.setswitchinterval(0.0005)


def run(argv: list[str]) -> int:
    """0 when the window was closed; 1 with one sentence when it could not open."""
    wish = arguments.read(argv)
    log_lines.begin(logging.INFO)
    let_the_window_go_first()
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Landfall")
    # The loop ends when all is put away, not when the window has gone.
    application.setQuitOnLastWindowClosed(False)
    with QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        try:
            return loop.run_until_complete(_live(application, wish))
        except LandfallError as error:
            is_alone = wish.tour is None and application.platformName() != "offscreen"
            loop.run_until_complete(_say(str(error), is_alone=is_alone))
            return 1


async def _live(application: QApplication, wish: Wish) -> int:
    async with AsyncExitStack() as opened:
        folder = wish.data or default_folder(wish.exercise and Path(wish.exercise).stem)
        read = None if wish.exercise else read_ahead(folder)
        from ui.compose import Console  # every screen, meanwhile

        seat = seat_lock(folder)
        seat.take()
        opened.callback(seat.let_go)
        opened.callback(Collector().close)
        settings = load(folder)
        theme = Theme(wish.theme or settings.theme)
        sitting = await _sit_down(wish, folder, settings, theme)
        if sitting is LEFT:
            return 0
        parts, rehearsal = _open_parts(wish, folder, settings, sitting, opened, read)
        bridge = Bridge(parts)
        work = Work(
            parts,
            bridge,
            rehearsal,
            token=partial(_token, wish),
            failed=lambda: console.window.close(),
            get_ready=lambda: console.get_ready(),
        )
        console = Console(parts=parts, bridge=bridge, theme=theme, want_thread=work.want_thread)
        opened.callback(console.close)
        if sitting is not None:
            console.locking.verifier = Verifier(sitting.password)
        console.window.pause_wanted.connect(work.pause_backlog)
        opened.push_async_callback(work.stop)
        opened.push_async_callback(console.leave)
        work.on_presence = console.presence.look
        first_paint = FirstPaint(console.first_seen())
        _show(console.window, wish)
        # What stands now stays: the collector need not stop the window to walk it.
        gc.freeze()
        work.begin(first_paint)
        if wish.tour and rehearsal:
            from ui.tour import Tour

            outcome = await Tour(wish.tour, console=console, rehearsal=rehearsal, theme=theme).go()
            print(json.dumps(outcome), flush=True)  # noqa: T201
            return 0 if all(step["ok"] for step in outcome["story"]) else 1
        await _until_closed(console)
        if work.failure:
            raise work.failure
    return 0


async def _sit_down(wish: Wish, folder: Path, settings: Settings, theme: Theme) -> Sitting | None:
    """Who signs in before anything of the queue is read; None where nobody has to, LEFT where nobody did."""
    if wish.tour or (wish.exercise and wish.data is None):
        return None
    door = FrontDoor(folder=folder, settings=settings)
    found = door.knock()
    if isinstance(found, Person):
        return Sitting(found, settings.position)
    if not found:
        return None
    from ui.entrance import Entrance

    positions = positions_of(load_jurisdiction(settings.city), settings.position)
    entrance = Entrance(door=door, positions=positions, position=settings.position, theme=theme)
    _show(entrance, wish)
    log.info("somebody has to sign in")
    came = await entrance.came
    entrance.done()
    return came or LEFT


def _open_parts(
    wish: Wish,
    folder: Path,
    settings: Settings,
    sitting: Sitting | None,
    opened: AsyncExitStack,
    read: Future[Ahead | None] | None,
) -> tuple[Parts | Opening, Rehearsal | None]:
    if sitting is not None:
        settings = replace(settings, person=sitting.person.name, position=sitting.position)
    if not wish.exercise:
        if not settings.server_url:
            raise LandfallError(NOT_SET_UP.format(path=folder / "settings.toml"))
        build = partial(_build, folder, settings, sitting)
        seen = None
        if read and (sitting is None or sitting.person.role is not Role.VIEWER):
            # A snapshot holds what who only looks on does not see (S15).
            seen = standing(folder, settings, WallClock(), storm=settings.city, build=build, read=read)
        parts = seen or build()
        opened.callback(parts.close)
        return parts, None
    from dispatch import assembly

    if wish.data is None:
        assembly.begin_anew(folder)
    if wish.tour:
        settings = replace(settings, calls_per_minute=TOUR_CALLS)
    rehearsal = assembly.open_exercise(
        wish.exercise,
        speed=wish.speed,
        folder=folder / "server",
        calls_per_minute=settings.calls_per_minute,
    )
    opened.callback(rehearsal.stop)
    name, city = STORMS.get(wish.exercise, (Path(wish.exercise).stem, settings.city))
    parts = assembly.build(
        folder=folder,
        settings=_in_exercise(settings, city, rehearsal.addresses.feeds_url),
        clock=rehearsal.clock,
        storm=assembly.Storm(name, is_exercise=True),
        is_masked=wish.tour is not None,  # its pictures are for everybody (S15)
        sitting=sitting,
    )
    opened.callback(parts.close)
    return parts, rehearsal


def _build(
    folder: Path,
    settings: Settings,
    sitting: Sitting | None,
    board: Board | None = None,
    workers: Workers | None = None,
) -> Parts:
    from dispatch import assembly  # what takes its time

    return assembly.build(
        folder=folder,
        settings=settings,
        clock=WallClock(),
        storm=assembly.Storm(settings.city, is_exercise=False),
        board=board,
        workers=workers,
        sitting=sitting,
    )


def _token(wish: Wish) -> str:
    try:
        return secret("server", env=wish.token_env)
    except SettingsBroken as error:
        # Without a token the queue can still be read; what is to be sent waits and says why.
        log.warning("%s", error)
        return ""


async def _until_closed(console: Console) -> None:
    """Until the window is closed, by its person or by who ends the program from outside."""
    closed = asyncio.get_running_loop().create_future()
    console.window.closed.connect(lambda: None if closed.done() else closed.set_result(None))
    end = partial(_end_politely, console)
    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    log.info("the console is open")
    try:
        await closed
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end_politely(console: Console, *_: object) -> None:
    """Told to end from outside (log-off, Ctrl+C): as when the window is closed."""
    console.window.close()


def _show(window: QWidget, wish: Wish) -> None:
    """As large as it was asked for, else as it was drawn, else as large as the screen lets it."""
    screen = QApplication.primaryScreen()
    room = screen.availableSize() if screen else WISHED_SIZE
    window.resize(wish.size or WISHED_SIZE)
    is_too_large = room.width() <= WISHED_SIZE.width() or room.height() <= WISHED_SIZE.height()
    if is_too_large and not wish.size and not wish.tour:
        window.showMaximized()
    else:
        window.show()
    # Sizes that follow from others come before the first paint, or it is of the wrong ones and done twice.
    QCoreApplication.sendPostedEvents()


def _in_exercise(settings: Settings, city: str, feeds_url: str) -> Settings:
    """Real weather never mixes with an exercise's."""
    nhc_url = f"{feeds_url}/nhc/CurrentStorms.json"
    return replace(settings, city=city, nws_url=f"{feeds_url}/nws", nhc_url=nhc_url)


async def _say(sentence: str, *, is_alone: bool) -> None:
    """On standard error for whoever typed the command, and in a window for whoever clicked."""
    print(sentence, file=sys.stderr)  # noqa: T201
    if not is_alone:
        return
    from PySide6.QtWidgets import QMessageBox

    box = QMessageBox(QMessageBox.Icon.Warning, "Landfall", sentence)
    box.setTextFormat(Qt.TextFormat.PlainText)
    read = asyncio.get_running_loop().create_future()
    box.finished.connect(lambda _result: read.set_result(None))
    box.open()
    await read
