"""Switch a rule on or off: its settings, what it would send now and would have sent, before it is done."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import Qt, QTimer
from shiboken6 import isValid

from dispatch.bulk.order import SaidTo
from dispatch.errors import LandfallError
from dispatch.records import Rule, RuleKind, RuleSettings
from dispatch.residents.rules import DEFAULTS
from ui.residents import rule_words
from ui.sheets.sample import Sample
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField, TicksField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

log = logging.getLogger(__name__)

WIDTH = 520
TYPING_MS = 350
MOST_SAMPLES = 50


class RuleSheet(Sheet):
    NAME = "rule"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._kind = RuleKind.GOT_IT
        self._reading: asyncio.Task[None] | None = None
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look)
        tr = self.tr
        self._about = Words(theme=theme, tone="text_soft")
        self.body.addWidget(self._about)
        self._on = self.add("on", PickField(tr("It is"), [(True, tr("On")), (False, tr("Off"))], theme=theme))
        self._wait = self.add("wait_min", LineField(tr("Minutes after the entry"), theme=theme))
        self._back = self.add("back_h", LineField(tr("Hours back when it is switched on"), theme=theme))
        self._days = self.add("days", LineField(tr("Open for more than so many days"), theme=theme))
        labels = sorted(bridge.shown.labels.items(), key=lambda each: each[1])
        self._categories = self.add(
            "categories", TicksField(tr("Only these categories (none: all)"), labels, theme=theme, columns=1)
        )
        self._left_out = Words(theme=theme, role="small", tone="text_soft")
        self._sample = Sample(tr("PUBLIC, by rule"), theme=theme)
        self._sample.grew.connect(self.grew)
        self.keep_in_sight(self._left_out)
        self.keep_in_sight(self._sample)
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_T)] = self._sample.turn
        for field in self.fields.values():
            field.edited.connect(self._typing.start)

    def begin(self, *, rule: Rule | None = None, **given: Any) -> None:
        rule = rule or Rule(kind=self._kind, settings=DEFAULTS[self._kind])
        self._kind = rule.kind
        self.say_title(rule_words.name(rule.kind))
        self._about.say(f"{rule_words.about(rule.kind)} {rule_words.always()}")
        asks_again = rule.kind is RuleKind.STILL_NEEDED
        self._days.setVisible(asks_again)
        self._wait.setVisible(not asks_again)
        self._back.setVisible(not asks_again)
        said = rule.settings
        self._on.fill(not rule.is_on if not rule.version else rule.is_on)
        self._wait.fill(str(said.wait_min))
        self._back.fill(str(said.back_h))
        self._days.fill(str(said.days))
        self._categories.fill(tuple(said.categories))
        self.say_act(self.tr("Do it"))
        self._look()

    def settings(self) -> RuleSettings | None:
        """None while something that is no number stands where one should."""
        texts = (self._wait.value(), self._back.value(), self._days.value())
        if not all(text.isascii() and text.isdigit() for text in texts):
            return None
        wait, back, days = map(int, texts)
        return RuleSettings(
            wait_min=wait, back_h=back, days=days, categories=frozenset(self._categories.value())
        )

    def problem(self) -> tuple[str, str] | None:
        if self._on.value() is None:
            return "on", self.tr("Choose on or off.")
        if self._on.value() and self.settings() is None:
            return "", self.tr("Type whole numbers.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk = self.bridge.parts.rule_desk
        if self._on.value():
            return self.bridge.act(desk.turn_on, self._kind, self.settings())
        return self.bridge.act(desk.turn_off, self._kind)

    def done_words(self) -> tuple[str, bool]:
        is_on = self.tr("{} is on.") if self._on.value() else self.tr("{} is off.")
        return is_on.format(rule_words.name(self._kind)), False

    def _look(self) -> None:
        self._typing.stop()
        self.say_act(self.tr("Switch it on") if self._on.value() else self.tr("Switch it off"))
        settings = self.settings()
        if settings is None:
            self.say_effect(self.tr("Type whole numbers."), "alarm")
            return
        if self._reading is not None:
            self._reading.cancel()
        self.say_effect(self.tr("Looking what it would send…"))
        self._reading = asyncio.ensure_future(self._read(settings))

    async def _read(self, settings: RuleSettings) -> None:
        desk = self.bridge.parts.rule_desk
        try:
            now = await self.bridge.read(desk.dry_run, self._kind, settings)
            day = await self.bridge.read(desk.last_day, self._kind, settings)
        except LandfallError as error:
            if isValid(self):
                self.say_effect(str(error), "alarm")
            return
        except Exception:
            # An edge: what cannot be looked up is said so.
            log.exception("What a rule would send could not be read")
            if isValid(self):
                self.say_effect(self.tr("What it would send could not be read."), "alarm")
            return
        if not isValid(self):
            return
        said = self.tr("On, it would send now: {now}. In the last 24 hours it would have sent: {day}.")
        self.say_effect(said.format(now=rule_words.would(now), day=rule_words.would(day)), "text")
        left_out = rule_words.left_out(day)
        self._left_out.say(self.tr("Left out of those 24 hours:\n{}").format(left_out) if left_out else "")
        messages = (now.messages or day.messages)[:MOST_SAMPLES]
        self._sample.setVisible(bool(messages))
        self._sample.show_texts([SaidTo(each.language, each.text, 1, 1) for each in messages])
        self.grew.emit()
