"""The Report screen: a period is counted, shown as it will print, kept and exported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import KeptVersion, Millis, VersionState
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot_job.orders import Done, Orders, Step, What
from ui.report import period, version_words
from ui.report.counted_page import CountedPage
from ui.report.export_bar import ExportBar
from ui.report.job import Job
from ui.report.lists_page import ListsPage
from ui.report.looking import Folders, Look, open_look
from ui.report.period import Span
from ui.report.versions_page import VersionsPage
from ui.report.writing import Writing
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.chip import Chip
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

COUNTED, VERSIONS, LISTS = 0, 1, 2
_NONE = Qt.KeyboardModifier.NoModifier
_DIGITS = {Qt.Key.Key_1: COUNTED, Qt.Key.Key_2: VERSIONS, Qt.Key.Key_3: LISTS}


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
        self.version: KeptVersion | None = None  # the one that is shown; None: counted by this seat
        self._asked = self._coming = Asked(0, 0)
        self._coming_version: KeptVersion | None = None
        self._counted_at: Millis = 0
        self._opening: asyncio.Task[None] | None = None
        self._folders = Folders(bridge.data_dir / "report")
        self.job = Job(self)
        self.job.stepped.connect(self._say_step)
        self.job.finished.connect(self._take_done)
        self.job.refused.connect(self._take_refusal)
        self._build()
        self.writing = Writing(bridge=bridge, bar=self.export_bar, parent=self)
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self._look_at_page)

    @property
    def is_at_rest(self) -> bool:
        """Everything asked for is counted, drawn and read."""
        is_open = self._opening is None or self._opening.done()
        return (
            is_open
            and not self.job.is_running
            and self.page.is_at_rest
            and self.versions.is_at_rest
            and self.lists.is_at_rest
        )

    # -- counting -------------------------------------------------------------------------------------

    def count(self) -> None:
        """As it stands now; what is being counted already is given up."""
        self._begin(self.asked(), None)

    def asked(self) -> Asked:
        """What is wished for, with its times as they are now."""
        from_at, to_at = self.span()
        return Asked(from_at, to_at, Wanted(self.wish.area, only_storm=self.wish.only_storm))

    def show_version(self, kept: KeptVersion) -> None:
        """One that was kept, as it says it."""
        self.show_page(COUNTED)
        self._begin(Asked(kept.from_at, kept.to_at, Wanted(kept.area, only_storm=kept.only_storm)), kept)

    def ask_for(self, wish: Wish) -> None:
        self.wish = wish
        self.show_page(COUNTED)
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
        self.writing.job.end()
        self._folders.keep_only()

    def _begin(self, asked: Asked, kept: KeptVersion | None) -> None:
        self._coming, self._coming_version = asked, kept
        self._folder = self._folders.new()
        self._counting_at = self._bridge.clock.now()
        orders = self._orders(self._folder, asked)
        self.job.begin(replace(orders, version_id=kept.version_id if kept else ""))
        self._say()

    def _orders(self, folder: Path, asked: Asked) -> Orders:
        address = self._bridge.parts.store.address()
        return Orders(
            folder=str(folder),
            city=self._bridge.jurisdiction.key,
            data=str(self._bridge.data_dir),
            activation_id=self._bridge.activation.activation_id,
            store_url=address.url,
            login=address.login,
            password=address.password,
            from_at=asked.from_at,
            to_at=asked.to_at,
            area=asked.wanted.area,
            only_storm=asked.wanted.only_storm,
        )

    def _from_look(self, folder: Path) -> Orders:
        assert self.look is not None
        content = str(self.look.content)
        return Orders(folder=str(folder), city=self._bridge.jurisdiction.key, content=content)

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
            self._counted_at, self._asked = self._counting_at, self._coming
            self.version = self._coming_version
            self.look = look
            self.page.take(look)
            self._say()
            await self._bridge.parts.workers.network(self._folders.keep_only, folder, self.writing.reads)

    def _take_refusal(self, sentence: str) -> None:
        self._bridge.said.emit(sentence, True)
        self._say(sentence)

    # -- what a person does ---------------------------------------------------------------------------

    def show_page(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        for at, chip in enumerate(self._chips):
            chip.setChecked(at == number)
        self.setFocusProxy(self._stack.currentWidget())
        self._stack.currentWidget().setFocus()
        self._look_at_page()

    def change_period(self) -> None:
        self._sheets.open("report_period", screen=self)

    def change_facts(self) -> None:
        self._sheets.open("report_facts", screen=self)

    def keep(self) -> None:
        if self._is_counted():
            if self.version is not None:
                self._bridge.said.emit(self.tr("This one is kept already. Count again for a new one."), False)
            else:
                self._sheets.open("report_keep", screen=self, look=self.look, asked=self._asked)

    def export(self) -> None:
        if self._is_counted():
            self._sheets.open("report_export", screen=self, look=self.look)

    def write_files(self, folder: Path, formats: tuple[str, ...]) -> None:
        self.writing.begin(replace(self._from_look(folder), formats=formats))

    def write_pack(self, folder: Path, name: str) -> None:
        """The same as one zip for the county."""
        self.writing.begin(replace(self._from_look(folder), pack=name))

    def write_list(self, what: What, asked: Asked, folder: Path) -> None:
        """One of the lists that are never part of a report; `asked` is what the log says of it."""
        self.writing.begin(replace(self._orders(folder, asked), what=what))

    def stop_export(self) -> None:
        self.writing.stop()

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if held == _NONE and key in _DIGITS:
            return lambda: self.show_page(_DIGITS[key])
        return self._stack.currentWidget().work_of(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_at_page()
        if self.look is None and not self.job.is_running:
            self.count()
        else:
            self.page.pages.show_look(self.look)

    # -- inside ---------------------------------------------------------------------------------------

    def _is_counted(self) -> bool:
        if self.look is None:
            self._bridge.said.emit(self.tr("Nothing is counted yet: wait a moment."), False)
        return self.look is not None

    def _look_at_page(self) -> None:
        page = self._stack.currentWidget()
        if self.isVisible() and page is not self.page:
            page.look()

    def head_words(self) -> str:
        return self._head.said()

    def _say(self, trouble: str = "") -> None:
        if trouble:
            self._head.say(trouble, "alarm")
        elif self.job.is_running:
            self._head.say(self.tr("Counting…"))
        elif self.look is not None:
            self._head.say(" · ".join(self._shown_words(self.look)))
        else:
            self._head.say("")

    def _shown_words(self, look: Look) -> list[str]:
        head, zone, now = look.snapshot.head, self._bridge.zone, self._bridge.clock.now()
        wanted = self._asked.wanted
        words = [period.between(head.from_at, head.to_at, zone)]
        words.append(version_words.what(wanted.area, wanted.only_storm))
        if self.version is None:
            words.append(self.tr("counted {}").format(times.clock(self._counted_at, now, zone)))
        else:
            is_out = self.version.state is VersionState.PUBLISHED
            said = version_words.name(self.version)
            words.insert(0, said if is_out else self.tr("{}, not published").format(said))
        return words

    def _say_step(self, step: Step) -> None:
        if not step.of:
            self._head.say(self.tr("Counting…"))
        else:
            self._head.say(self.tr("Counted; drawing {0} of {1}…").format(step.at, step.of))

    def _build(self) -> None:
        theme = self._theme
        self._head = Words(theme=theme, tone="text_dim", wrap=False)
        self.page = CountedPage(bridge=self._bridge, theme=theme)
        self.page.behind.opened.connect(self.opened)
        self.versions = VersionsPage(bridge=self._bridge, theme=theme, sheets=self._sheets)
        self.versions.shown.connect(self.show_version)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.versions)
        self.lists = ListsPage(bridge=self._bridge, theme=theme, sheets=self._sheets)
        self.lists.wanted.connect(lambda what: self._sheets.open("report_list", screen=self, what=what))
        self._stack.addWidget(self.lists)
        self.setFocusProxy(self.page)
        self.export_bar = ExportBar(theme=theme)
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 12, 18, 14)
        page.setSpacing(8)
        page.addLayout(self._top())
        page.addWidget(self._head)
        page.addWidget(self._stack, 1)
        page.addWidget(self.export_bar)

    def _top(self) -> QHBoxLayout:
        theme, tr = self._theme, self.tr
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Words(tr("Report"), theme=theme, role="title", wrap=False))
        top.addSpacing(8)
        self._chips = [
            Chip(words, theme=theme) for words in (tr("1 Counted"), tr("2 Versions"), tr("3 Lists"))
        ]
        for at, chip in enumerate(self._chips):
            chip.setCheckable(True)
            chip.setChecked(at == COUNTED)
            chip.clicked.connect(lambda _checked=False, at=at: self.show_page(at))
            top.addWidget(chip)
        top.addStretch(1)
        for words, keys, act in (
            (tr("Period and filter"), "Alt T", self.change_period),
            (tr("Head"), "Alt E", self.change_facts),
            (tr("Count again"), "Alt R", self.count),
            (tr("Keep"), "Alt V", self.keep),
            (tr("Export"), "Ctrl E", self.export),
        ):
            button = KeyButton(words, keys, theme=theme)
            button.clicked.connect(act)
            top.addWidget(button)
        return top

    def _paint_in_theme(self) -> None:
        palette = self._theme.palette
        self.setStyleSheet(
            grounds(palette)
            + f'QFrame[part="card"] {{ background: {palette.card}; border: 1px solid {palette.line};'
            f" border-radius: 6px; }} QTableView {{ background: {palette.card}; }}"
        )
