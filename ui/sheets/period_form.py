"""The ICS forms of an operational period: activity log (214), briefing (201), status summary (209)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from dispatch.form_kinds import Opened
from dispatch.periods import operational_period
from dispatch.records import Millis
from ui.sheets.form import FormSheet
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField


class PeriodFormSheet(FormSheet):
    """Which period stands above the form's own boxes; another one is another form."""

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(bridge=bridge, theme=theme)
        self.say_title(self.heading())
        self._periods = self._two_periods()
        choices = [(name, self._period_words(name)) for name in self._periods]
        self.period = PickField(self.tr("Operational period"), choices, theme=theme)
        self.period.show_value(next(iter(self._periods)))
        self.period.edited.connect(self._turn)
        self.body.insertWidget(0, self.period)
        self.add_choices()
        self.read()

    def first_focus(self) -> QWidget:
        return self.period

    def heading(self) -> str:
        raise NotImplementedError

    def add_choices(self) -> None:
        """What else tells one form of this kind from another, under the period."""

    def chosen(self) -> tuple[Millis, Millis]:
        return self._periods[self.period.value()]

    def _turn(self) -> None:
        """To another form: what was typed belongs to the one before."""
        self.opened = None
        self.button.setEnabled(False)
        for field in self.fields.values():
            field.touched = False
        self.read()

    def _two_periods(self) -> dict[str, tuple[Millis, Millis]]:
        now = self.bridge.activation
        found = {"this": (now.period_from_at, now.period_to_at)}
        if now.period_number > 1:
            _, *before = operational_period(now.started_at, now.period_from_at - 1, self.bridge.zone)
            found["before"] = (before[0], before[1])
        return found

    def _period_words(self, name: str) -> str:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        from_at, to_at = (times.clock(at, now, zone) for at in self._periods[name])
        words = self.tr("This one, {0} to {1}") if name == "this" else self.tr("The one before, {0} to {1}")
        return words.format(from_at, to_at)


class ActivityLogSheet(PeriodFormSheet):
    NAME = KIND = "ics214"

    def add_choices(self) -> None:
        label = self.tr("Position whose log it is, as it stands in the log")
        self.whose = LineField(label, theme=self.theme, text=self.bridge.position)
        self.whose.line.editingFinished.connect(self._take_position)
        self._asked = self.whose.value()
        self.body.insertWidget(1, self.whose)

    def heading(self) -> str:
        return self.tr("Activity log (ICS 214)")

    def open_form(self) -> Opened:
        opened: Opened = self.bridge.parts.form_desk.activity_log(self.whose.value(), *self.chosen())
        return opened

    def _take_position(self) -> None:
        if self.whose.value() != self._asked:
            self._asked = self.whose.value()
            self._turn()


class BriefingSheet(PeriodFormSheet):
    NAME = KIND = "ics201"

    def heading(self) -> str:
        return self.tr("Incident briefing (ICS 201)")

    def open_form(self) -> Opened:
        opened: Opened = self.bridge.parts.form_desk.briefing(*self.chosen())
        return opened


class StatusSheet(PeriodFormSheet):
    NAME = KIND = "ics209"

    def heading(self) -> str:
        return self.tr("Status summary (ICS 209), fill sheet")

    def open_form(self) -> Opened:
        opened: Opened = self.bridge.parts.form_desk.status_summary(*self.chosen())
        return opened
