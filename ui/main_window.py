"""The frame: rail, status line, bars, the screens in a stack, and where keys become commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from dispatch.records import EscalationState, Millis
from ui.ask_bar import AskBar
from ui.away_bar import AwayBar
from ui.call_commands import call_commands
from ui.commands import Command, Commands, QueueActs, console_commands
from ui.kept import Kept
from ui.keys import KeyReader
from ui.neighborhoods.commands import neighborhood_commands
from ui.offer_commands import offer_commands
from ui.past_bar import PastBar
from ui.past_commands import past_commands
from ui.queue.play_back import PlayBack
from ui.queue.view import QueueView
from ui.queue.view_menu import ViewMenu
from ui.report.commands import report_commands
from ui.sound import Alarm
from ui.status_line import StatusLine, SuspensionBar
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.icon import icon
from ui.widgets.rail import SOFT_HYPHEN, Rail
from ui.widgets.toast import Toast

if TYPE_CHECKING:
    from dispatch.records import SyncStatus
    from ui.help import KeySheet
    from ui.locking import Locking
    from ui.palette import CommandLine, SiteByNumber
    from ui.palette_search import LookUpBy
    from ui.sync_panel import SyncPanel

LEAST_WIDTH, LEAST_HEIGHT = 1180, 680
FRAME = 4  # of an exercise, on all four sides (S18)

Categories = Callable[[], tuple[int, int]]


class MainWindow(QMainWindow):
    """Screens are added with `add_screen`, the first one is shown; `command` gives them their keys.

    `categories` says how many categories storm mode leaves in the queue, and how many there are.
    """

    closed = Signal()
    screen_changed = Signal(str)
    pause_wanted = Signal(bool)  # of older reports

    def __init__(
        self,
        *,
        bridge: Any,
        theme: Theme,
        categories: Categories,
        wall_now_s: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.screen = ""
        self._categories = categories
        self._screens: dict[str, tuple[str, Callable[[], QWidget]]] = {}
        self._queue: QueueView | None = None
        self._alarm: Alarm | None = None
        self.view_menu: ViewMenu | None = None
        self.locking: Locking | None = None
        self._held: tuple[str, bool, bool] | None = None  # said while the window was covered
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.status = StatusLine(
            zone=bridge.zone,
            theme=theme,
            wall_now_s=wall_now_s,
        )
        self.suspended = SuspensionBar(zone=bridge.zone, theme=theme)
        self.rail = Rail(theme=theme)
        self.stack = QStackedWidget()
        self.stage = _Stage(theme=theme)
        self._lay_out()
        self.toast = Toast(theme=theme, host=self.stage)
        self._wall_now_s = wall_now_s
        self._sync: SyncStatus | None = None
        self.status.sync_wanted.connect(self.open_sync)
        self.rail.chosen.connect(self.go_to)
        theme.changed.connect(self._show_icon)
        bridge.synced.connect(self.show_sync)
        bridge.said.connect(self.say)
        bridge.ticked.connect(self.tick)
        bridge.room_changed.connect(self.show_room)
        self._show_icon()
        self.show_room()
        self.tick(bridge.clock.now())

    def _lay_out(self) -> None:
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(self.stack, 1)
        self._column = QVBoxLayout(self.stage)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.status)
        self._column.addWidget(self.suspended)
        self._column.addLayout(across, 1)
        self.setCentralWidget(self.stage)

    # -- screens ------------------------------------------------------------------------------------

    def add_bar(self, bar: QWidget) -> None:
        """Right under the status line, over every screen."""
        self._column.insertWidget(1, bar)

    def add_screen(self, name: str, title: str, icon_name: str, widget: QWidget) -> None:
        self.add_screen_later(name, title, icon_name, lambda: widget)
        self.stack.addWidget(widget)
        if not self.screen:
            self.go_to(name)

    def add_screen_later(self, name: str, title: str, icon_name: str, made: Callable[[], QWidget]) -> None:
        """`made` gives it once it is needed, always the same one."""
        self._screens[name] = (title.replace(SOFT_HYPHEN, ""), made)
        self.rail.add(name, title, icon_name)

    def add_screen_beside(self, name: str, title: str, made: Callable[[], QWidget]) -> None:
        """One that is gone to now and then, by its key: it has no button on the rail."""
        self._screens[name] = (title, made)

    def go_to(self, screen: str) -> None:
        if screen not in self._screens or screen == self.screen:
            return
        self.screen = screen
        widget = self._screens[screen][1]()
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        self.rail.show_chosen(screen)
        widget.setFocus()
        self._show_title()
        self.screen_changed.emit(screen)

    # -- commands -----------------------------------------------------------------------------------

    def command(
        self,
        *,
        queue: QueueView,
        sheets: Any,
        alarm: Alarm,
        site_by_number: SiteByNumber | None = None,
        look_up: LookUpBy | None = None,
        more: Sequence[Command] = (),
        keys: Mapping[str, str] | None = None,
        single_letters: bool = True,
        now_ms: Callable[[], float] = lambda: time.monotonic() * 1000,
    ) -> Commands:
        """Give the screens their commands and keys; once, when all parts are there."""
        self._queue, self._alarm, self._sheets = queue, alarm, sheets
        self.play_back = PlayBack(
            bridge=self.bridge, selection=queue.selection, step_ms=lambda: queue.strip.step_ms, parent=self
        )
        self.past_bar = PastBar(play_back=self.play_back, zone=self.bridge.zone, theme=self.theme)
        self.past_bar.hang_up(self, sheets=sheets)
        queue.strip.bar.past_wanted.connect(lambda: self.play_back.start())
        self.ask_bar = AskBar(bridge=self.bridge, theme=self.theme)
        self.ask_bar.told.connect(self.say)
        self.add_bar(self.ask_bar)
        self.kept = Kept(bridge=self.bridge, parent=self)
        self.away_bar = AwayBar(bridge=self.bridge, kept=self.kept, theme=self.theme, sheets=sheets)
        self.add_bar(self.away_bar)
        self.acts = QueueActs(bridge=self.bridge, queue=queue, sheets=sheets, window=self)
        self.commands = Commands(
            [
                *console_commands(self.acts, queue=queue, window=self, sheets=sheets),
                *call_commands(sheets=sheets),
                *offer_commands(self.acts, selection=queue.selection, window=self, sheets=sheets),
                *past_commands(self.play_back, window=self),
                *neighborhood_commands(self, lambda: self._screens["neighborhoods"][1]()),
                *report_commands(self, lambda: self._screens["report"][1]()),
                *more,
            ],
            keys=keys,
            single_letters=single_letters,
        )
        self._site_by_number, self._look_up = site_by_number, look_up
        self.keys = KeyReader(
            self,
            commands=self.commands,
            is_sheet_open=lambda: sheets.current is not None,
            remember=self._remember,
            word_typed=self.open_command_line,
            touched=self._touch,
            is_covered=lambda: self.locking is not None and self.locking.is_up,
            now_ms=now_ms,
        )
        queue.selection.search_failed.connect(lambda sentence: self.say(sentence, True))
        self.bridge.changed.connect(queue.selection.take)
        self.bridge.changed.connect(lambda _delta: alarm.look())
        self.status.storm_mode_wanted.connect(lambda: sheets.open("storm_mode", 0))
        self.status.mute_wanted.connect(self.mute)
        self.status.seat_wanted.connect(self.change_person)
        alarm.changed.connect(self.status.show_alarm)
        self.toast.free = self._free_of_sheets
        sheets.opened.connect(lambda _name: self.toast.place())
        sheets.did.connect(lambda sentence, can_undo: self.say(sentence, can_undo=can_undo))
        queue.list.setFocus()
        return self.commands

    @cached_property
    def sync_panel(self) -> SyncPanel:
        from ui.sync_panel import SyncPanel

        made = SyncPanel(
            theme=self.theme, host=self.stage, anchor=self.status.sync, wall_now_s=self._wall_now_s
        )
        made.pause_wanted.connect(self.pause_wanted)
        if self._sync is not None:
            made.show_status(self._sync)
        return made

    @cached_property
    def command_line(self) -> CommandLine:
        from ui.palette import CommandLine

        assert self._queue is not None
        board = self._queue.selection.board
        return CommandLine(
            commands=self.commands,
            acts=self.acts,
            selection=self._queue.selection,
            site_by_number=self._site_by_number or (lambda text: int(text) if _is_site(board, text) else 0),
            sheets_open=self._open_sheet,
            desks=self.bridge.jurisdiction.desks,
            theme=self.theme,
            host=self.stage,
            look_up=self._look_up,
        )

    @cached_property
    def help(self) -> KeySheet:
        from ui.help import KeySheet

        return KeySheet(commands=self.commands, theme=self.theme, host=self.stage)

    def open_command_line(self, text: str = "") -> None:
        self.command_line.open(text)

    def open_help(self) -> None:
        self.help.open()

    def open_sync(self) -> None:
        self.sync_panel.toggle()

    def open_views(self) -> None:
        if self.view_menu is not None:
            self.view_menu.open()

    def save_view(self) -> None:
        if self.view_menu is not None:
            self.view_menu.save()

    def lock(self) -> None:
        if self.locking is not None:
            self.locking.lock()

    def change_person(self) -> None:
        """The next one signs in; where nobody has to, they say who they are."""
        if self.locking is not None and self.locking.verifier is not None:
            self.locking.switch()
        else:
            self._sheets.open("seat", 0)

    def stand_behind(self, locking: Locking) -> None:
        self.locking = locking
        if self._alarm is not None:
            self._alarm.changed.connect(locking.show_alarm)
            locking.show_alarm(self._alarm.words())

    def _touch(self) -> None:
        if self._queue is not None:
            self._queue.order.touch()
        if self.locking is not None:
            self.locking.touch()

    def toggle_theme(self) -> None:
        self.theme.toggle()

    def mute(self) -> None:
        if self._alarm is not None and not self._alarm.mute():
            self.say(self.tr("This is the last seat that sounds: it cannot be muted."))

    def show_alarms(self) -> None:
        if self._alarm is not None and self._sheets is not None:
            self._sheets.open("alarms", 0, alarm=self._alarm)

    def _open_sheet(self, name: str, site_id: int, **given: str) -> None:
        self.go_to("queue")
        self._sheets.open(name, site_id, **given)

    def _remember(self) -> Callable[[], None]:
        """What a letter may change at once, to be put back when it was the beginning of a word (S12)."""
        assert self._queue is not None
        queue, selection, sheets = self._queue, self._queue.selection, self._sheets
        current, checked, filters = selection.current, set(selection.checked), selection.filters
        screen, sheet = self.screen, sheets.current

        def put_back() -> None:
            if sheets.current is not sheet:
                sheets.close()
            queue.facets.hide()
            self.go_to(screen)
            selection.show(filters)
            selection.tick(selection.checked - checked, False)
            selection.tick(checked, True)
            selection.go(current)

        return put_back

    # -- what the bridge says -----------------------------------------------------------------------

    def say(self, sentence: str, is_alarm: bool = False, can_undo: bool = False) -> None:
        """A short sentence at the foot of the window; takes no focus. It may name a place or hold words:
        while the window is covered the newest one waits."""
        if self.locking is not None and self.locking.is_up:
            self._held = (sentence, is_alarm, can_undo)
        else:
            self.toast.say(sentence, is_alarm=is_alarm, can_undo=can_undo)

    def _free_of_sheets(self) -> tuple[int, int]:
        """The wider side of an open sheet: its buttons stand at its foot."""
        sheet, width = self._sheets.current, self.stage.width()
        if sheet is None or not sheet.isVisible():
            return 0, width
        left = sheet.mapTo(self.stage, QPoint(0, 0)).x()
        right = left + sheet.width()
        return (right, width) if width - right > left else (0, left)

    def say_held(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self.say(*held)

    def show_sync(self, status: SyncStatus) -> None:
        self.status.show_sync(status)
        self._sync = status
        if "sync_panel" in vars(self):
            self.sync_panel.show_status(status)

    def show_room(self) -> None:
        """The activation, its storm mode and what is suspended, as the store has them now."""
        now = self.bridge.clock.now()
        activation = self.bridge.activation
        self.status.show_person(self.bridge.person, self.bridge.position)
        self.status.show_activation(activation, now, self._categories())
        self.suspended.show_suspensions(self.bridge.suspensions, now)
        edge = FRAME if activation.is_exercise else 0
        self._column.setContentsMargins(edge, edge, edge, edge)
        self.stage.is_exercise = activation.is_exercise
        self.stage.update()
        self._show_title()
        if self._queue is not None:
            # Storm mode moves whole categories in or out of view.
            self._queue.selection.refresh()

    def tick(self, now: Millis) -> None:
        self.status.tick(now)
        self.suspended.show_suspensions(self.bridge.suspensions, now)
        if self._queue is not None and self.screen == "queue":
            self._queue.tick(now)
            self.past_bar.tell(now)
        if self._alarm is not None:
            self._alarm.look()
        if "em_desk" in self._screens:
            states = (hand_over.state for hand_over in self.bridge.board.hand_overs.values())
            self.rail.show_badge("em_desk", sum(state is EscalationState.EXPIRED for state in states))

    def _show_title(self) -> None:
        activation = self.bridge.activation
        parts = [self.tr("EXERCISE")] if activation.is_exercise else []
        title = self._screens[self.screen][0] if self.screen else ""
        self.setWindowTitle(" · ".join(filter(None, [*parts, activation.name, title, "Landfall"])))

    def _show_icon(self) -> None:
        self.setWindowIcon(QIcon(icon("landfall", color=self.theme.color("text"), size=64)))

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class _Stage(QWidget):
    """The ground everything stands on; in an exercise its edge is the frame (S18)."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self.is_exercise = False
        self._theme = theme
        theme.changed.connect(self.update)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground = self.rect()
        if self.is_exercise:
            painter.fillRect(ground, self._theme.color("exercise"))
            ground = ground.adjusted(FRAME, FRAME, -FRAME, -FRAME)
        painter.fillRect(ground, self._theme.color("window"))


def _is_site(board: Any, text: str) -> bool:
    return text.isdecimal() and board.row(int(text)) >= 0
