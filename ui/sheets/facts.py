"""What a person establishes about a site: the utility told and the wire made safe (S13), the place (S11)."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Flag, SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import qualities
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField


class UtilitySheet(SiteSheet):
    NAME = "utility"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Utility"))
        steps = [("told", self.tr("Utility told")), ("safe", self.tr("Made safe: the utility says dead"))]
        self._step = self.add("step", PickField(self.tr("What happened"), steps, theme=theme))
        self._words = self.add("words", LineField(self.tr("Ticket number"), theme=theme))
        self._step.edited.connect(self._say)
        self.say_act(self.tr("Record"))

    def first_focus(self) -> LineField:
        return self._words

    def show_site(self, view: SiteView) -> None:
        self._step.fill("safe" if view.row.flags & Flag.UTILITY_TOLD else "told")
        self._say()

    def problem(self) -> tuple[str, str] | None:
        if self._step.value() == "safe" and not self._words.value():
            return "words", self.tr("Say who made it safe: a name at the utility or the crew.")
        if not self._words.value():
            return "words", self.tr("Type the utility's ticket, or who took the call.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk = self.bridge.desk
        work = desk.made_safe if self._step.value() == "safe" else desk.tell_utility
        return self.bridge.act(work, self.site_id, self._words.value())

    def _say(self) -> None:
        is_safe = self._step.value() == "safe"
        self._words.say_label(self.tr("Made safe by whom") if is_safe else self.tr("Ticket number"))
        if is_safe:
            self.say_effect(
                self.tr(
                    "Takes TREAT AS LIVE off every form and lets tree crews in. Only the utility can say it."
                ),
                "alarm",
            )
            self.say_act(self.tr("Record: made safe"))
        else:
            self.say_effect(
                self.tr("Every line is live until the utility says dead: it stays TREAT AS LIVE.")
            )
            self.say_act(self.tr("Record: utility told"))


class PlaceSheet(SiteSheet):
    NAME = "place"
    NEEDS_WHOLE = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Confirm the place"))
        self._words = self.add(
            "words",
            LineField(
                self.tr("Where it is, read back"),
                theme=theme,
                placeholder=self.tr("2214 22nd Ave S, unit 4, behind the store"),
            ),
        )
        self._quality = self.add("quality", PickField(self.tr("How sure"), qualities(), theme=theme))
        self.say_act(self.tr("Record the place"))

    def show_site(self, view: SiteView) -> None:
        if view.place_doubt:
            self.say_effect(view.place_doubt, "warn")
        else:
            self.say_effect(
                self.tr("22nd Ave S, 22nd Ave N and 22nd St S are three places: read the suffix back.")
            )
        self._words.fill(view.address)

    def problem(self) -> tuple[str, str] | None:
        if self._quality.value() is None:
            return "quality", self.tr("Say how sure the place is.")
        if self._quality.value() != "none" and not self._words.value():
            return "words", self.tr("Type where it is, with AVE or ST and N or S.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.desk.confirm_place, self.site_id, self._quality.value(), self._words.value()
        )
