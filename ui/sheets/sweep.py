"""Plan or change an area sweep: where, what for, which crew, when; what it would cover stands below."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer
from shiboken6 import isValid

from dispatch.records import Band, Coverage, Sweep, SweepArea, SweepDraft
from ui.sheets import sweep_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, TextField, TicksField, pack
from ui.widgets.sheet import Sheet

TYPING_MS = 250
DAY_START_H, DAY_H = 8, 9


class SweepSheet(Sheet):
    NAME = "sweep"
    KEEPS_WORDS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=470)
        self.bridge = bridge
        self._sweep: Sweep | None = None
        self._areas: tuple[SweepArea, ...] = ()
        self._reading: asyncio.Task[None] | None = None
        self.coverage: Coverage | None = None
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look)
        self.say_title(self.tr("Sweep of an area"))
        tr = self.tr
        self._area = self.keep("area", ChoiceField(tr("Area"), theme=theme))
        self._name = self.keep("name", LineField(tr("What people call it"), theme=theme))
        kinds = [(e.key, e.label) for e in bridge.parts.sweep_desk.sweepable() if _is_swept(e)]
        self._what = self.keep("what", TicksField(tr("What the crew clears"), kinds, theme=theme, columns=1))
        self._from = self.keep("from", LineField(tr("From"), theme=theme, placeholder=tr("Tue 08:00")))
        self._until = self.keep("until", LineField(tr("Until"), theme=theme, placeholder=tr("Tue 17:00")))
        self._crew = self.keep("crew", LineField(tr("Crew"), theme=theme))
        self._who = self.keep("who", LineField(tr("Who leads it"), theme=theme))
        for row, shares in (
            (("area", "name"), (1, 1)),
            (("what",), (1,)),
            (("from", "until"), (1, 1)),
            (("crew", "who"), (1, 1)),
        ):
            self.body.addWidget(pack(self.fields, *row, shares=shares))
        self._note = self.add("note", TextField(tr("Note (internal)"), theme=theme, least=1, most=4))
        for field in self.fields.values():
            field.edited.connect(self._typing.start)
        self._area.edited.connect(self._name_area)
        self.say_act(tr("Plan it"))

    def begin(self, *, areas: Sequence[SweepArea] = (), sweep: Sweep | None = None, **given: Any) -> None:
        """`areas` may be chosen, the likeliest first; with a sweep it is changed."""
        self._areas = (*([sweep.said.area] if sweep else []), *areas)
        self._area.offer([(at, each.name) for at, each in enumerate(self._areas)])
        if sweep is not None:
            self._show_sweep(sweep)
        else:
            self._name_area()
            self._fill_times()
        self._look()
        self.grew.emit()

    def problem(self) -> tuple[str, str] | None:
        if self._chosen() is None:
            return "area", self.tr("Choose a neighborhood, or draw the area on the map: Ctrl and the mouse.")
        if not self._name.value():
            return "name", self.tr("Say what people call this area.")
        if not self._what.value():
            return "what", self.tr("Choose what the crew clears.")
        for name, field in (("from", self._from), ("until", self._until)):
            if self._time(field) is None:
                return name, self.tr("Type a time like Tue 08:00, 12 Sep 08:00 or +2 h.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk, said = self.bridge.parts.sweep_desk, self.draft_of()
        assert said is not None
        if self._sweep is not None:
            return self.bridge.act(desk.change, self._sweep.sweep_id, self._sweep.version, said)
        return self.bridge.act(desk.plan, said)

    def done_words(self) -> tuple[str, bool]:
        words = self.tr("Sweep changed: {}.") if self._sweep else self.tr("Sweep planned: {}.")
        return words.format(self._name.value()), True

    def draft_of(self) -> SweepDraft | None:
        """What stands here; None while it is not whole."""
        area, from_at, until_at = self._chosen(), self._time(self._from), self._time(self._until)
        if area is None or from_at is None or until_at is None or not self._what.value():
            return None
        return SweepDraft(
            area=SweepArea(self._name.value() or area.name, area.neighborhoods, area.rings),
            categories=self._what.value(),
            crew=self._crew.value(),
            from_at=from_at,
            until_at=until_at,
            who=self._who.value(),
            note=self._note.value(),
        )

    # -- inside ---------------------------------------------------------------------------------------

    def _chosen(self) -> SweepArea | None:
        at = self._area.value()
        return self._areas[at] if at is not None and at < len(self._areas) else None

    def _name_area(self) -> None:
        area = self._chosen()
        self._name.fill(area.name if area else "")

    def _fill_times(self) -> None:
        """A working day from tomorrow morning, until somebody types another."""
        now, zone = self.bridge.clock.now(), self.bridge.zone
        morning = times.local(now + times.DAY_MS, zone).replace(
            hour=DAY_START_H, minute=0, second=0, microsecond=0
        )
        start = int(morning.timestamp() * 1000)
        self._from.fill(sweep_words.day_clock(start, zone))
        self._until.fill(sweep_words.day_clock(start + DAY_H * times.HOUR_MS, zone))

    def _time(self, field: LineField) -> int | None:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        if self._sweep is not None and not field.touched:
            return self._sweep.said.from_at if field is self._from else self._sweep.said.until_at
        return sweep_words.read_day(field.value(), now, zone) if field.value() else None

    def _show_sweep(self, sweep: Sweep) -> None:
        said, zone = sweep.said, self.bridge.zone
        self._sweep = sweep
        self.say_title(self.tr("Change a sweep"), sweep.label)
        self.say_act(self.tr("Change it"))
        table = {each.key: each.family for each in self.bridge.parts.sweep_desk.sweepable()}
        keys = [key for key, name in table.items() if key in said.categories or name in said.families]
        shown = {
            self._area: 0,
            self._name: said.area.name,
            self._what: keys,
            self._from: sweep_words.day_clock(said.from_at, zone),
            self._until: sweep_words.day_clock(said.until_at, zone),
            self._crew: said.crew,
            self._who: said.who,
            self._note: said.note,
        }
        for field, value in shown.items():
            field.show_value(value)
        for field in self.fields.values():
            field.touched = False

    def _look(self) -> None:
        self._typing.stop()
        for field in (self._from, self._until):
            at = self._time(field)
            field.say_aside(times.ahead(at, self.bridge.clock.now()) if at else "")
        said = self.draft_of()
        if said is None:
            self.say_effect(self.tr("Choose where and what: then it is said here what the sweep covers."))
            return
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self.read_for(self._read(said))

    async def _read(self, said: SweepDraft) -> None:
        found: Coverage = await self.bridge.read(self.bridge.parts.sweep_desk.would_cover, said)
        if not isValid(self):
            return
        self.coverage = found
        lines = (sweep_words.covers_words(found), sweep_words.all_left_words(found.left))
        self.say_effect(" ".join(filter(None, lines)))
        self.grew.emit()


def _is_swept(category: Any) -> bool:
    """What crews clear street by street after a storm; the rest of the table is nobody's round."""
    is_minor = category.default_band in (Band.P3, Band.P4) and category.family in _SWEPT
    return bool(category.is_essential and (is_minor or category.family == "trees"))


_SWEPT = frozenset({"signals", "flooding", "other"})
