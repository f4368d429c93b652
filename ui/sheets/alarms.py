"""What calls at this seat now, and how often it was called, beside the budget: whether the alarms still help.
What is shelved stands in the same list, with who shelved it, why, and when it comes back."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QListWidgetItem
from shiboken6 import isValid

from dispatch.alarms import BUDGET, FLOOD_OVER, Call, Kind, Tally, longest_ms
from dispatch.errors import LandfallError
from dispatch.records import Band, Shelf, Unreadable
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, near_list
from ui.sheets.shelve import ShelveSheet, kind_words, reason_words
from ui.sound import Alarm
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_PLAIN = Qt.KeyboardModifier.NoModifier
SHOWN = 6
LISTED = 100  # of P1 nobody acted on: the queue has all of them, and the list is made anew each second
WIDTH = 480


class AlarmsSheet(Sheet):
    """S opens the sheet that shelves the current one; B brings a shelved one back at once."""

    NAME = "alarms"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._alarm: Alarm | None = None
        self._calls: tuple[Call, ...] = ()
        self._unreadable: tuple[Unreadable, ...] = ()
        self._shelving: Call | None = None
        self.say_title(self.tr("Alarms at this seat"))
        self.list = near_list(self.tr("What calls now"), theme=theme)
        self.body.addWidget(self.list)
        self._more = Words(theme=theme, role="small", tone="text_dim")
        self.body.addWidget(self._more)
        self._about = Words(theme=theme, tone="text_soft", copyable=True)
        self.body.addWidget(self._about)
        parts = [Words(theme=theme) for _ in range(5)]
        self._rate, self._flood, self._kinds, self._sources, self._acted = parts
        for words in parts:
            self.body.addWidget(words)
        self._shelve_button = self.add_side_button(self.tr("Shelve…"), "S", self.shelve)
        self._back_button = self.add_side_button(self.tr("Bring back"), "B", self.bring_back)
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self._step(step)
        self.shortcuts[(_PLAIN, Qt.Key.Key_S)] = self.shelve
        self.shortcuts[(_PLAIN, Qt.Key.Key_B)] = self.bring_back
        self.list.currentRowChanged.connect(self._take_moved)
        bridge.ticked.connect(self.look)
        self.say_act(self.tr("Close"))

    def begin(self, *, alarm: Alarm | None = None, **given: Any) -> None:
        if alarm is not None:
            self._alarm = alarm
            alarm.changed.connect(self.look)
            self.look()
            if any(kind is Kind.MISMATCH for kind, _ in self._calls):
                self._reading = asyncio.ensure_future(self._read_rows())

    def current(self) -> Call | None:
        row = self.list.currentRow()
        return self._calls[row] if 0 <= row < len(self._calls) else None

    def look(self, _what: object = None) -> None:
        """Show what calls now; what a person has chosen stays chosen."""
        if self._alarm is None or not isValid(self.list):
            return
        self._say(self._alarm.log.tally())
        chosen, row = self.current(), max(0, self.list.currentRow())
        self._calls = tuple(sorted(self._alarm.log.first(LISTED), key=self._rank))
        left = len(self._alarm.calling) - len(self._calls)
        self._more.say(self.tr("and %n more P1 that nobody acted on, in the queue", "", left) if left else "")
        self.list.blockSignals(True)
        while self.list.count() > len(self._calls):
            self.list.takeItem(self.list.count() - 1)
        for at, call in enumerate(self._calls):
            if at == self.list.count():
                self.list.addItem(QListWidgetItem())
            item = self.list.item(at)
            item.setText(self._line(call))
            item.setData(BAND_ROLE, self._band(call))
        self.list.setFixedHeight(min(SHOWN, len(self._calls)) * ROW_HEIGHT + 2 * LIST_EDGE)
        at = self._calls.index(chosen) if chosen in self._calls else min(row, len(self._calls) - 1)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self._say_current()

    # -- doing --------------------------------------------------------------------------------------

    def shelve(self) -> None:
        call = self.current()
        if call is None or self._alarm is None or call in self._alarm.aside:
            return
        if not longest_ms(call[0], self._alarm.band(call)):
            self._trouble.say(
                self.tr("A P1 that nobody acted on is not shelved: claim it, or set its band."), "warn"
            )
            self.grew.emit()
            return
        self._shelving = call
        self.finished.emit(True)

    def bring_back(self) -> None:
        """Raising at once needs no second key: it only lets an alarm sound again."""
        call = self.current()
        if call is not None and self._alarm is not None and call in self._alarm.aside:
            task = self.bridge.act(self.bridge.parts.alarm_desk.bring_back, *call)
            task.add_done_callback(self._take_brought)

    def act(self) -> asyncio.Task[Any] | None:
        return None

    def follows(self) -> Sheet | None:
        """The sheet for reason and end, where one is to be shelved."""
        if self._shelving is None or self._alarm is None:
            return None
        return ShelveSheet(
            bridge=self.bridge, theme=self.theme, call=self._shelving, alarm=self._alarm, back=self._again
        )

    def said(self) -> str:
        parts = (self._rate, self._flood, self._kinds, self._sources, self._acted)
        return "\n".join(words.said() for words in parts if words.said())

    # -- inside -------------------------------------------------------------------------------------

    def _again(self) -> Sheet:
        sheet = type(self)(bridge=self.bridge, theme=self.theme)
        sheet.begin(alarm=self._alarm)
        return sheet

    def _take_brought(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and (error := task.exception()) and isValid(self):
            self._say_error(error)

    async def _read_rows(self) -> None:
        try:
            rows = await self.bridge.read(self.bridge.parts.alarm_desk.unreadable)
        except LandfallError:
            return  # the store's own trouble is said elsewhere
        if isValid(self):
            self._unreadable = rows
            self._say_current()

    def _step(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _rank(self, call: Call) -> tuple[bool, int, int, Kind, int]:
        assert self._alarm is not None
        return call in self._alarm.aside, self._band(call), self._alarm.log.since(call), *call

    def _band(self, call: Call) -> int:
        band = self._alarm.band(call) if self._alarm else None
        return int(Band.INFO) if band is None else band

    def _shelf(self, call: Call | None) -> Shelf | None:
        is_aside = self._alarm is not None and call in self._alarm.aside
        return self._alarm.shelf(call) if is_aside and self._alarm and call else None

    def _line(self, call: Call) -> str:
        assert self._alarm is not None
        what = " · ".join(filter(None, (kind_words(call[0]), site_words(self.bridge, call[1]))))
        what = what[:1].upper() + what[1:]
        if (shelf := self._shelf(call)) is None:
            age = times.age(self._alarm.wall_now() - self._alarm.log.since(call))
            return f"{what}\n" + self.tr("for {}").format(age)
        left = times.age(shelf.until - self._alarm.wall_now() + times.MINUTE_MS - 1)
        said = self.tr("shelved by {who}: {why}, back in {left}")
        return f"{what}\n" + said.format(who=shelf.who, why=reason_words(shelf.reason).lower(), left=left)

    def _take_moved(self, _row: int) -> None:
        self._trouble.say("")
        self._say_current()

    def _say_current(self) -> None:
        call, shelf = self.current(), self._shelf(self.current())
        self.list.setVisible(call is not None)
        self._shelve_button.setVisible(call is not None and shelf is None)
        self._back_button.setVisible(shelf is not None)
        self._about.say(self._about_words(call, shelf))
        self.grew.emit()

    def _about_words(self, call: Call | None, shelf: Shelf | None) -> str:
        if call is None:
            return self.tr("Nothing calls now, and nothing is shelved.")
        if shelf is not None and shelf.note:
            return self.tr("{who} wrote: {note}").format(who=shelf.who, note=shelf.note)
        if call[0] is Kind.SYNC_LOST and self._alarm is not None and self._alarm.status is not None:
            said = self._alarm.status.sentence.rstrip(".")
            return ". ".join(filter(None, (said, self.tr("Work from what stands here; G S says more."))))
        if call[0] is Kind.MISMATCH:
            return self._mismatch_words()
        return ""

    def _mismatch_words(self) -> str:
        numbers = ", ".join(row.request_id or self.tr("no number") for row in self._unreadable)
        said = self.tr("Rows of the 311 server could not be read, and stand on no list here.")
        return f"{said} " + self.tr("Look them up there: {}.").format(numbers) if numbers else said

    def _say(self, tally: Tally) -> None:
        locale = QLocale()
        opened = self.tr("Since this console was opened, {age} ago.")
        self.say_effect(opened.format(age=times.age(tally.for_ms)))
        self._rate.say(
            self.tr("{count} alarms, {rate} in ten minutes at the mean; the budget is {budget}.").format(
                count=locale.toString(tally.count),
                rate=locale.toString(tally.per_window, "f", 1),
                budget=BUDGET,
            ),
            "warn" if tally.is_over_budget else "text",
        )
        flood = self.tr("In the last ten minutes {count}.").format(count=tally.last_window)
        if tally.is_flood:
            flood += " " + self.tr("This is a flood: more than {most} in ten minutes.").format(
                most=FLOOD_OVER
            )
        flood += " " + self.tr("Time in floods: {age}.").format(age=times.age(tally.flood_ms))
        self._flood.say(flood, "alarm" if tally.is_flood else "text")
        kinds = [f"{kind_words(kind)} {locale.toString(count)}" for kind, count in tally.by_kind.items()]
        self._kinds.say(self.tr("By what: {}.").format(", ".join(kinds)) if kinds else "")
        sources = [self._source_words(call, count) for call, count in tally.top_sources]
        self._sources.say(self.tr("Most often: {}.").format("; ".join(sources)) if sources else "")
        self._acted.say(self._acted_words(tally))

    def _source_words(self, call: Call, count: int) -> str:
        where = site_words(self.bridge, call[1])
        return self.tr("{what}, {count} times").format(
            what=" · ".join(filter(None, (kind_words(call[0]), where))), count=count
        )

    def _acted_words(self, tally: Tally) -> str:
        if tally.median_ms is None:
            return self.tr("No alarm was answered yet.")
        said = self.tr("Until somebody acted: {median} at the median of {n}").format(
            median=times.stopwatch(tally.median_ms), n=tally.answered
        )
        if tally.slowest_tenth_ms is None:
            return f"{said}."
        slow = times.stopwatch(tally.slowest_tenth_ms)
        return self.tr("{said}, the slowest tenth over {slow}.").format(said=said, slow=slow)


def site_words(bridge: Any, site_id: int) -> str:
    """What and where the site is, as its row says it; empty of no site, or of one that has gone."""
    board = bridge.board
    row = board.row(site_id) if site_id else -1
    return " · ".join(filter(None, (board.what[row], board.where[row]))) if row >= 0 else ""
