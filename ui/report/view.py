"""The Report screen: the pages as they will print beside every number, its definition and its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import Millis
from dispatch.snapshot_job.orders import Done, Orders, Step
from ui.report import period
from ui.report.behind import Behind
from ui.report.export_bar import ExportBar
from ui.report.job import Job
from ui.report.looking import Folders, Look, open_look
from ui.report.numbers import NumbersTable, rows_of
from ui.report.page_view import PageView
from ui.report.period import Span
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

PAPER_SHARE, NUMBERS_SHARE = 52, 48
_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be counted; a span of its own has times of its own."""

    kind: Span = Span.STORM
    from_at: Millis = 0
    to_at: Millis = 0
    area: str = ""
    only_storm: bool = False


class ReportScreen(KeyedScreen):
    """`opened` has the number of a report on the server, whose site is wanted in the queue."""

    opened = Signal(str)

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.wish = Wish()
        self.look: Look | None = None
        self._counted_at: Millis = 0
        self._opening: asyncio.Task[None] | None = None
        self._folders = Folders(bridge.data_dir / "report")
        self.job = Job(self)
        self.job.stepped.connect(self._say_step)
        self.job.finished.connect(self._take_done)
        self.job.refused.connect(self._take_refusal)
        self.writing = Job(self)
        self.writing.finished.connect(self._take_written)
        self.writing.refused.connect(self._take_not_written)
        self._build()
        self.writing.stepped.connect(self.export_bar.show_step)
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)

    @property
    def is_at_rest(self) -> bool:
        """Everything asked for is counted, drawn and read."""
        is_open = self._opening is None or self._opening.done()
        return is_open and not self.job.is_running and self.pages.is_at_rest and self.behind.is_at_rest

    # -- counting -------------------------------------------------------------------------------------

    def count(self) -> None:
        """As it stands now; what is counted already is given up."""
        from_at, to_at = self.span()
        self._folder = self._folders.new()
        wish, parts = self.wish, self._bridge.parts
        self._counting_at = self._bridge.clock.now()
        address = parts.store.address()
        self.job.begin(
            Orders(
                folder=str(self._folder),
                city=self._bridge.jurisdiction.key,
                store_url=address.url,
                login=address.login,
                password=address.password,
                from_at=from_at,
                to_at=to_at,
                area=wish.area,
                only_storm=wish.only_storm,
            )
        )
        self._say()

    def ask_for(self, wish: Wish) -> None:
        self.wish = wish
        self.count()

    def span(self) -> tuple[Millis, Millis]:
        return self.span_of(self.wish)

    def span_of(self, wish: Wish) -> tuple[Millis, Millis]:
        now = self._bridge.clock.now()
        if wish.kind is Span.OWN:
            return wish.from_at, wish.to_at
        board = self._bridge.board
        first = int(board.first_at.min()) if board.first_at.size else now
        return period.span(wish.kind, self._bridge.activation, first, now, self._bridge.zone)

    def close_job(self) -> None:
        """The program ends: nothing is left running, no address on the disk."""
        self.job.end()
        self.writing.end()
        self._folders.keep_only(None)

    def _take_done(self, _done: Done) -> None:
        self._opening = asyncio.ensure_future(self._open())

    async def _open(self) -> None:
        folder = self._folder
        try:
            look = await self._bridge.parts.workers.network(open_look, folder)
        except LandfallError as error:
            self._take_refusal(str(error))
            return
        if isValid(self) and folder == self._folder:
            self._counted_at = self._counting_at
            self.take(look)
            await self._bridge.parts.workers.network(self._folders.keep_only, folder)

    def take(self, look: Look) -> None:
        self.look = look
        now, whole = self.tr("Now"), self.tr("In the period")
        self.pages.show_look(look)
        self.numbers.show_rows(rows_of(look.snapshot, now, whole))
        self._say()

    def _take_refusal(self, sentence: str) -> None:
        self._bridge.said.emit(sentence, True)
        self._say(sentence)

    # -- what a person does ---------------------------------------------------------------------------

    def change_period(self) -> None:
        self._sheets.open("report_period", screen=self)

    def change_facts(self) -> None:
        self._sheets.open("report_facts", screen=self)

    def export(self) -> None:
        if self.look is None:
            self._bridge.said.emit(self.tr("Nothing is counted yet: there is nothing to export."), False)
        else:
            self._sheets.open("report_export", screen=self, look=self.look)

    def write_files(self, folder: Path, formats: tuple[str, ...]) -> None:
        """Beside everything else; a message says where they lie once they are whole."""
        assert self.look is not None
        self._going_to = folder
        self.export_bar.begin()
        self.writing.begin(
            Orders(
                folder=str(folder),
                city=self._bridge.jurisdiction.key,
                content=str(self.look.content),
                formats=formats,
            )
        )

    def stop_export(self) -> None:
        if self.writing.is_running:
            self.writing.give_up()
            self.export_bar.hide()
            self._bridge.said.emit(
                self.tr("Stopped: the files written so far are whole, no manifest is there."), False
            )

    def _take_written(self, done: Done) -> None:
        self.export_bar.hide()
        said = self.tr("{0} files in {1}").format(len(done.files), self._going_to)
        self._bridge.said.emit(said, False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._going_to)))

    def _take_not_written(self, sentence: str) -> None:
        self.export_bar.hide()
        self._bridge.said.emit(sentence, True)

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        is_in_rows = self.behind.table.hasFocus()
        if held == _NONE and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            return lambda: self.pages.turn(1 if key == Qt.Key.Key_PageDown else -1)
        if held == _CTRL and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self.numbers.step_section(1 if key == Qt.Key.Key_Down else -1)
        if held != _NONE:
            return None
        if key == Qt.Key.Key_Escape and is_in_rows:
            return self.numbers.setFocus
        if is_in_rows:
            return None
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1}
        if key in steps:
            return lambda: self._walk(lambda: self.numbers.step(steps[key]))
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return lambda: self._walk(lambda: self.numbers.across(1 if key == Qt.Key.Key_Right else -1))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.numbers.hasFocus():
            return self.behind.table.setFocus
        return None

    def _walk(self, step: Callable[[], None]) -> None:
        self.numbers.setFocus()
        step()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.numbers.setFocus()
        if self.look is None and not self.job.is_running:
            self.count()
        else:
            self.pages.show_look(self.look)

    # -- inside ---------------------------------------------------------------------------------------

    def _say(self, trouble: str = "") -> None:
        if trouble:
            self._head.say(trouble, "alarm")
            return
        if self.job.is_running:
            self._head.say(self.tr("Counting…"))
            return
        if self.look is None:
            self._head.say("")
            return
        head, zone, now = self.look.snapshot.head, self._bridge.zone, self._bridge.clock.now()
        parts = [period.between(head.from_at, head.to_at, zone)]
        parts.append(self.filter_words(self.wish))
        parts.append(self.tr("counted {}").format(times.clock(self._counted_at, now, zone)))
        self._head.say(" · ".join(filter(None, parts)))

    def head_words(self) -> str:
        return self._head.said()

    def filter_words(self, wish: Wish) -> str:
        what = self.tr("storm categories only") if wish.only_storm else self.tr("everything")
        return f"{wish.area}, {what}" if wish.area else what

    def _say_step(self, step: Step) -> None:
        if not step.of:
            self._head.say(self.tr("Counting…"))
        else:
            self._head.say(self.tr("Counted; drawing {0} of {1}…").format(step.at, step.of))

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        self._head = Words(theme=theme, tone="text_dim", wrap=False)
        self.pages = PageView(bridge=self._bridge, theme=theme)
        self.numbers = NumbersTable(theme=theme)
        self.behind = Behind(bridge=self._bridge, theme=theme)
        self.behind.opened.connect(self.opened)
        self.numbers.chosen.connect(lambda number, of: self.behind.show_number(self.look, number, of))
        self.numbers.opened.connect(self.behind.table.setFocus)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(Words(tr("Report"), theme=theme, role="title", wrap=False))
        top.addWidget(self._head, 1)
        for words, keys, act in (
            (tr("Period and filter"), "Alt T", self.change_period),
            (tr("Head"), "Alt E", self.change_facts),
            (tr("Count again"), "Alt R", self.count),
            (tr("Export"), "Ctrl E", self.export),
        ):
            button = KeyButton(words, keys, theme=theme)
            button.clicked.connect(act)
            top.addWidget(button)
        card = QFrame()
        card.setProperty("part", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 6, 4, 8)
        inside.addWidget(self.numbers)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(card, 58)
        right.addWidget(self.behind, 42)
        across = QHBoxLayout()
        across.setSpacing(14)
        across.addWidget(self.pages, PAPER_SHARE)
        side = QWidget()
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        across.addWidget(side, NUMBERS_SHARE)
        self.setFocusProxy(self.numbers)
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 12, 18, 14)
        page.setSpacing(10)
        page.addLayout(top)
        page.addLayout(across, 1)
        self.export_bar = ExportBar(theme=theme)
        self.export_bar.stop.clicked.connect(self.stop_export)
        page.addWidget(self.export_bar)

    def _paint_in_theme(self) -> None:
        palette = self._theme.palette
        self.setStyleSheet(
            grounds(palette)
            + f'QFrame[part="card"] {{ background: {palette.card}; border: 1px solid {palette.line};'
            f" border-radius: 6px; }} QTableView {{ background: {palette.card}; }}"
        )
