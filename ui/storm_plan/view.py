"""The Storm plan screen: the line of time above, the items in order below, each done by a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import PlanKind, Role, StormPlan
from ui.sheets.registry import Sheets
from ui.storm_plan import words
from ui.storm_plan.rows import ROW, PlanRows
from ui.storm_plan.strip import PlanStrip
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.scroll_body import scroller
from ui.widgets.words import Words, grounds

MINUTE_MS = 60_000
_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
# Who is told by a number on the rail that items are late.
TOLD = (None, Role.SUPERVISOR, Role.MANAGER)


class StormPlanScreen(KeyedScreen):
    """Reads the plan when it is shown, each minute, and whenever a seat has changed it. `late` has the number
    of overdue items, also while another screen is shown."""

    late = Signal(int)

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.plan: StormPlan | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_again = False
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.read)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self.read)

    def begin(self) -> None:
        """From now on what is late is told, whatever screen is shown."""
        self._minute.start()
        self.read()

    # -- reading ------------------------------------------------------------------------------------

    @property
    def is_at_rest(self) -> bool:
        return self._reading is None or self._reading.done()

    def read(self) -> None:
        if not self.is_at_rest:
            self._is_again = True
            return
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        parts = self._bridge.parts
        while True:
            self._is_again = False
            try:
                plan = await parts.workers.network(parts.plan_desk.plan)
            except LandfallError as error:
                self._bridge.said.emit(str(error), True)
                return
            if not isValid(self):
                return
            self.take(plan)
            if not self._is_again:
                return

    def take(self, plan: StormPlan) -> None:
        self.plan = plan
        now, zone = self._bridge.clock.now(), self._bridge.zone
        self.rows.show_plan(plan, now)
        self._head.say(words.zero(plan, now, zone))
        said = words.proposal(plan, now, zone) or words.empty(plan)
        self._said.say(said)
        self._bar.setVisible(bool(said))
        self._take_key.say(self.tr("Look at it") if plan.proposal else self.tr("Set hour 0"))
        self._show_moved()
        self.late.emit(plan.overdue if self._bridge.parts.actor.role in TOLD else 0)

    # -- what a person does -----------------------------------------------------------------------------

    def do(self) -> None:
        """What the item asks for: its notice, its sheet, or the tick; what is settled can be opened again."""
        line = self.rows.current
        if line is None:
            return
        if line.is_settled or not (line.item.draft or line.item.sheet):
            self.tick()
        elif line.item.kind is PlanKind.SEND:
            self._sheets.open("notice", draft=line.item.draft)
        else:
            self._sheets.open(line.item.sheet)

    def tick(self) -> None:
        self._open("plan_done")

    def skip(self) -> None:
        line = self.rows.current
        if line is not None and line.is_settled:
            self._bridge.said.emit(self.tr("This item is settled: open it again first."), False)
            return
        self._open("plan_skip")

    def change(self) -> None:
        self._open("plan_owner")

    def set_zero(self) -> None:
        if self.plan is not None and self.plan.proposal is not None:
            self._sheets.open("plan_take", plan=self.plan)
        else:
            self.type_zero()

    def type_zero(self) -> None:
        self._sheets.open("plan_zero")

    def _open(self, name: str) -> None:
        if self.rows.current is not None:
            self._sheets.open(name, line=self.rows.current)

    # -- keys ---------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        works: dict[tuple[Any, Qt.Key], Callable[[], object]] = {
            (_NONE, Qt.Key.Key_J): lambda: self.rows.step(1),
            (_NONE, Qt.Key.Key_Down): lambda: self.rows.step(1),
            (_NONE, Qt.Key.Key_K): lambda: self.rows.step(-1),
            (_NONE, Qt.Key.Key_Up): lambda: self.rows.step(-1),
            (_NONE, Qt.Key.Key_Return): self.do,
            (_NONE, Qt.Key.Key_Enter): self.do,
            (_NONE, Qt.Key.Key_Space): self.tick,
            (_NONE, Qt.Key.Key_S): self.skip,
            (_NONE, Qt.Key.Key_O): self.change,
            (_NONE, Qt.Key.Key_Z): self.set_zero,
            (_SHIFT, Qt.Key.Key_Z): self.type_zero,
        }
        return works.get((held, Qt.Key(event.key())))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        self.read()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.rows.setFocus()

    # -- inside -------------------------------------------------------------------------------------

    def _show_moved(self) -> None:
        if self.plan is None:
            return
        self.strip.show_plan(self.plan, self._bridge.clock.now(), self.rows.chosen)
        top = self.rows.top_of(self.rows.chosen)
        self._scroll.ensureVisible(0, top + ROW // 2, 0, ROW)

    def _build(self) -> None:
        theme, zone = self._theme, self._bridge.zone
        self._head = Words(theme=theme, tone="text_dim", wrap=False)
        self.strip = PlanStrip(theme=theme, zone=zone)
        self.rows = PlanRows(theme=theme, zone=zone)
        self.rows.moved.connect(self._show_moved)
        self.rows.opened.connect(self.do)
        self.setFocusProxy(self.rows)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(Words(self.tr("Storm plan"), theme=theme, role="title", wrap=False))
        top.addWidget(self._head)
        top.addStretch()
        self._said = Words(theme=theme)
        self._take_key = KeyButton("", "Z", theme=theme)
        self._take_key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._take_key.clicked.connect(self.set_zero)
        self._bar = QFrame()
        self._bar.setProperty("part", "ours")
        inside = QHBoxLayout(self._bar)
        inside.setContentsMargins(14, 8, 10, 8)
        inside.addWidget(self._said, 1)
        inside.addWidget(self._take_key)
        keys = Words(
            self.tr(
                "Enter does it · Space done? · S skip with why · O owner and hour · Shift+Z types hour 0"
            ),
            theme=theme,
            role="small",
            tone="text_dim",
            wrap=False,
        )
        self._scroll = scroller(self.rows)
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 12, 18, 14)
        page.setSpacing(10)
        page.addLayout(top)
        page.addWidget(self._bar)
        page.addWidget(self.strip)
        page.addWidget(self._scroll, 1)
        page.addWidget(keys)
        self._bar.hide()

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
