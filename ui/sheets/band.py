"""Set a band by hand; lowering out of P1 asks why."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Band, SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import band_words
from ui.theme import Theme
from ui.widgets.fields import PickField, TextField


class BandSheet(SiteSheet):
    NAME = "band"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Set the band"))
        bands = [(band, f"{band.name}  {band_words(band)}") for band in Band]
        self._band = self.add("band", PickField(self.tr("Band"), bands, theme=theme))
        self._reason = self.add("reason", TextField(self.tr("Why"), theme=theme))
        self._band.edited.connect(self._say)
        self.say_act(self.tr("Set the band"))

    def begin(self, *, band: int = 0, **given: Any) -> None:
        if band:
            self._band.show_value(Band(band))
            self._band.touched = True
            self._say()

    def show_site(self, view: SiteView) -> None:
        self._band.fill(Band(view.row.band))
        self._say()

    def problem(self) -> tuple[str, str] | None:
        if self._band.value() is None:
            return "band", self.tr("Choose a band.")
        if self._leaves_p1() and not self._reason.value():
            return "reason", self.tr("A site leaves life safety only with a reason.")
        return None

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Set to {}.").format(self._band.value().name), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.desk.set_band, self.site_id, self._band.value(), self._reason.value()
        )

    def _leaves_p1(self) -> bool:
        return self.view is not None and self.view.row.band == Band.P1 and self._band.value() != Band.P1

    def _say(self) -> None:
        band = self._band.value()
        if self.view is None or band is None:
            return
        found = self.view.assessed_band
        if band == self.view.row.band:
            self.say_effect(self.tr("It is {band} now.").format(band=band.name))
        else:
            self.say_effect(
                self.tr("{old} becomes {new}, as your own decision. The reports say {found}.").format(
                    old=Band(self.view.row.band).name, new=band.name, found=found.name
                ),
                "warn" if band > found else "text_soft",
            )
        self.say_act(self.tr("Set {band}").format(band=band.name))
