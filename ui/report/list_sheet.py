"""Where a list with addresses or costs goes; that it was written stands in the log before it is."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.snapshot.asked import Asked
from dispatch.snapshot_job.orders import What
from ui.report import period
from ui.report.folder_sheet import FolderSheet, documents
from ui.report.lists_page import ACTS
from ui.theme import Theme
from ui.widgets.times import local


class ListSheet(FolderSheet):
    NAME = "report_list"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(bridge=bridge, theme=theme)
        self._what = What.HOMES
        self._asked = Asked(0, 0)
        self.add_folder()
        self.say_act(self.tr("Write it"))

    def begin(self, screen: Any = None, what: What = What.HOMES, **given: Any) -> None:
        self._screen, self._what, self._asked = screen, what, screen.asked()
        tr = self.tr
        titles = {
            What.HOMES: tr("Homes for assessors"),
            What.PA_COSTS: tr("Costs by line"),
            What.EVIDENCE: tr("Photos as evidence"),
            What.RESTRICTED: tr("Restricted places"),
        }
        effects = {
            What.HOMES: tr("It has addresses of homes: for the assessors alone, never for the public."),
            What.PA_COSTS: tr("Each cost with the person and the source that stand for it."),
            What.EVIDENCE: tr(
                "Photos are fetched from the 311 server; what cannot be had is listed with its reason. They"
                " show faces and plates: look before you give them away."
            ),
            What.RESTRICTED: tr(
                "Where people are in danger or need care at home: for whoever goes there alone. Give it to"
                " nobody else, and destroy it after."
            ),
        }
        asked, zone = self._asked, self.bridge.zone
        # Costs are the storm's: they have no time of entry.
        span = "" if what is What.PA_COSTS else period.between(asked.from_at, asked.to_at, zone)
        self.say_title(titles[what])
        logged = tr("That you wrote it stands in the log.")
        self.say_effect(" ".join(filter(None, (span and f"{span}.", effects[what], logged))))
        day = f"{local(self.bridge.clock.now(), zone):%Y-%m-%d-%H%M}"
        self.folder.fill(str(documents() / f"{what.value.replace('_', '-')}-{day}"))

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        await self.bridge.act(self.bridge.parts.snapshot_desk.listed, ACTS[self._what], self._asked)
        self._screen.write_list(self._what, self._asked, self.into())
