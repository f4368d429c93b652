"""The versions of the storm's report: working copies, reviewed ones, what was published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatch.records import KeptVersion, VersionState
from dispatch.rights import why_not
from ui.report import period, version_words
from ui.report.version_sheets import DISCARD, FROM, PUBLISH, REVIEW, right_of
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.count_table import Cell, Column, CountTable, Row
from ui.widgets.key_button import KeyButton
from ui.widgets.reading import Reading
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, hint

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
# What cannot be taken back needs Shift.
_KEYS = {
    (_NONE, Qt.Key.Key_R): REVIEW,
    (_SHIFT, Qt.Key.Key_P): PUBLISH,
    (_SHIFT, Qt.Key.Key_X): DISCARD,
}


class VersionsPage(QWidget):
    shown = Signal(object)  # the KeptVersion that is wanted on the other page

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.versions: tuple[KeptVersion, ...] = ()
        self._reading = Reading(self, bridge)
        self._wants_newest = False
        self._build()
        self._say()

    @property
    def is_at_rest(self) -> bool:
        return self._reading.is_at_rest

    def look(self) -> None:
        """What the store has now."""
        self._reading.begin(self._bridge.read(self._bridge.parts.snapshot_desk.versions), self.take)

    def choose_newest(self) -> None:
        """What the person here has just kept, once the list has it."""
        self._wants_newest = True
        self.look()

    def take(self, versions: tuple[KeptVersion, ...]) -> None:
        before = self.current()
        self.versions = versions
        self.table.show_rows([self._row(each) for each in versions])
        ids = [each.version_id for each in versions]
        if self._wants_newest and versions:
            self._wants_newest = False
            self.table.go(0)
        elif before is not None and before.version_id in ids:
            self.table.go(ids.index(before.version_id))
        self._say()

    def current(self) -> KeptVersion | None:
        return self.versions[self.table.current] if self.table.current < len(self.versions) else None

    # -- what a person does ---------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = _KEYS.get((held, Qt.Key(event.key())))
        return (lambda: self.step(step)) if step else None

    def show_current(self) -> None:
        if kept := self.current():
            self.shown.emit(kept)

    def step(self, step: str) -> None:
        """The sheet that says what the step does; nothing is done before."""
        kept = self.current()
        if kept is None:
            return
        if no := self._why_not(step, kept):
            self._bridge.said.emit(no, False)
            return
        self._sheets.open("report_step", kept=kept, step=step)

    def _why_not(self, step: str, kept: KeptVersion) -> str:
        if kept.state not in FROM[step]:
            return {
                VersionState.WORKING: self.tr("Somebody reviews it first: R."),
                VersionState.REVIEWED: self.tr("It is reviewed already."),
                VersionState.PUBLISHED: self.tr("It is published: a correction is a new version."),
                VersionState.DISCARDED: self.tr("It was discarded: count again."),
            }[kept.state]
        return why_not(self._bridge.parts.actor.role, right_of(step, kept))

    # -- inside ---------------------------------------------------------------------------------------

    def _row(self, kept: KeptVersion) -> Row:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        tone = "text_dim" if kept.state is VersionState.DISCARDED else "text"
        return Row(
            (
                Cell(version_words.name(kept), tone=tone),
                Cell(period.between(kept.from_at, kept.to_at, zone), tone=tone),
                Cell(version_words.what(kept.area, kept.only_storm), tone=tone),
                Cell(f"{kept.reports:,}", tone=tone),
                Cell(f"{kept.sites:,}", tone=tone),
                Cell(version_words.signed(kept.made, now, zone), tone=tone),
                Cell(version_words.signed(kept.reviewed, now, zone), tone=tone),
                Cell(version_words.signed(kept.published, now, zone), tone=tone),
            ),
            opens=self.show_current,
        )

    def _say(self) -> None:
        kept = self.current()
        for button in (self._show, *self._buttons.values()):
            button.setVisible(kept is not None)
        if kept is None:
            self._title.say(self.tr("No version is kept yet"))
            self._what.say(
                self.tr(
                    "Alt+V keeps what is counted as a working copy. Somebody reviews it, a supervisor or "
                    "emergency management publishes it: from then on it says for ever what it said, and a "
                    "correction is a new version with the list of what changed."
                )
            )
            self._why.say("")
            return
        now, zone = self._bridge.clock.now(), self._bridge.zone
        self._title.say(f"{version_words.name(kept)} · {period.between(kept.from_at, kept.to_at, zone)}")
        self._what.say(version_words.story(kept, now, zone))
        self._why.say(kept.why)
        for step, button in self._buttons.items():
            no = self._why_not(step, kept)
            button.setEnabled(not no)
            button.setToolTip(hint(no))

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        columns = (
            Column(tr("Version"), 10, is_number=False),
            Column(tr("Entered"), 26, is_number=False),
            Column(tr("What"), 16, is_number=False),
            Column(tr("Reports"), 6),
            Column(tr("Sites"), 6),
            Column(tr("Made"), 13, is_number=False),
            Column(tr("Reviewed"), 13, is_number=False),
            Column(tr("Published"), 13, is_number=False),
        )
        empty = tr("None yet: Alt+V keeps what is counted.")
        self.table = CountTable(tr("Versions"), columns, theme=theme, empty=empty)
        self.table.moved.connect(self._say)
        self.setFocusProxy(self.table)
        above = ScrollBody()
        tables = QVBoxLayout(above)
        tables.setContentsMargins(0, 0, 6, 0)
        tables.addWidget(self.table)
        tables.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._panel())
        column.addWidget(scroller(above), 1)

    def _panel(self) -> QFrame:
        theme, tr = self._theme, self.tr
        self._title = Words(theme=theme, role="strong")
        self._what, self._why = Words(theme=theme), Words(theme=theme, tone="text_soft")
        self._show = KeyButton(tr("Show it"), "Enter", theme=theme)
        self._show.clicked.connect(self.show_current)
        self._buttons = {
            REVIEW: KeyButton(tr("Reviewed"), "R", theme=theme),
            PUBLISH: KeyButton(tr("Publish"), "Shift P", theme=theme),
            DISCARD: KeyButton(tr("Discard"), "Shift X", theme=theme),
        }
        panel = QFrame()
        panel.setProperty("part", "card")
        frame = QVBoxLayout(panel)
        frame.setContentsMargins(18, 14, 18, 14)
        frame.setSpacing(6)
        for words in (self._title, self._what, self._why):
            frame.addWidget(words)
        across = QHBoxLayout()
        across.setSpacing(8)
        across.addWidget(self._show)
        for step, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, step=step: self.step(step))
            across.addWidget(button)
        across.addStretch()
        frame.addLayout(across)
        return panel
