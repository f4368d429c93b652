"""The tour: every screen in both themes with data on it, and one whole story from report to outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QWidget

from dispatch.errors import LandfallError
from dispatch.records import Band, CloseReason, EscalationState, SiteView, SyncStatus
from dispatch.rehearsal import Rehearsal
from ui.compose import Console
from ui.residents.pages import PAGES
from ui.theme import Theme
from ui.wall.window import VIEWS

PATIENCE_S = 40.0
LOOK_S = 0.05
# A picture waits until nothing has been painted for so long: tiles, reads and timers have settled then.
SETTLE_S = 0.6
# The first look at a city in a theme has its base map drawn.
TILES_S = 6.0
THEMES = ("light", "dim")
WALL_SIZE = (1920, 1080)

PLACE = {"lat": 27.77675, "lng": -82.6455}
FIRST_WORDS = "Huge oak across both lanes, cars are turning back"
SECOND_WORDS = "Tree blocks 5th Ave N completely"
TOLD = "We have your report. Please keep away from the tree. This is not 911."
DONE = "The road is open again. Thank you for telling us."


class Tour:
    """Saves a PNG of each stop into `folder`; `go` gives the one line of JSON (interfaces.md)."""

    def __init__(self, folder: Path, *, console: Console, rehearsal: Rehearsal, theme: Theme) -> None:
        self._folder = folder
        self._console = console
        self._rehearsal = rehearsal
        self._theme = theme
        self._bridge = console.bridge
        self._stops: list[dict[str, str]] = []
        self._story: list[dict[str, Any]] = []
        self._status: SyncStatus | None = None
        self._site = 0
        self._bridge.synced.connect(self._take_status)

    async def go(self) -> dict[str, Any]:
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._until(lambda: self._status is not None and self._status.state == "in_step")
        # Once around in each theme: to change it is a second's work where every screen has been made.
        for theme in THEMES:
            self._theme.set(theme)
            await self._visit()
        self._theme.set(THEMES[0])
        await self._control(self._rehearsal.steer, paused=True)
        steps: tuple[tuple[str, Callable[[], Awaitable[bool]]], ...] = (
            ("new report", self._report),
            ("triage", self._triage),
            ("merge", self._merge),
            ("message", self._message),
            ("escalate", self._escalate),
            ("accepted on the EM desk", self._accept),
            ("closed", self._close),
            ("snapshot", self._count),
        )
        for name, step in steps:
            try:
                is_done = await step()
            except LandfallError:
                is_done = False
            self._story.append({"step": name, "ok": is_done})
        await self._control(self._rehearsal.steer, paused=False)
        board = self._bridge.board
        return {
            "stops": self._stops,
            "story": self._story,
            "reports": int(board.report_count),
            "sites": int((board.reports > 0).sum()),
            "store": self._bridge.parts.store.engine.url.render_as_string(hide_password=True),
        }

    # -- the screens ----------------------------------------------------------------------------------

    async def _visit(self) -> None:
        console, selection = self._console, self._console.selection
        top = selection.board.order(np.flatnonzero(selection.mask))
        if top.size:
            selection.go(int(selection.board.site_id[top[0]]))
        await self._one("queue")
        now = self._bridge.clock.now()
        selection.brush(now - 2 * 3_600_000, now)
        await self._one("queue-last-two-hours")
        selection.clear_all()
        console.window.open_command_line("esc")
        await self._one("command-line")
        console.window.command_line.close()
        console.window.open_help()
        await self._one("help")
        console.window.help.close()
        console.window.go_to("neighborhoods")
        await self._until(lambda: console.neighborhoods.found is not None)
        # An exercise's activation has just begun: the storm's reports are of the hours before.
        console.neighborhoods.change_span()
        await self._until(lambda: console.neighborhoods.is_at_rest)
        await self._one("neighborhoods")
        console.neighborhoods.change_span()
        await self._visit_residents()
        console.window.go_to("notices")
        await self._until(lambda: console.notices.board is not None)
        await self._one("notices")
        console.window.go_to("volumes")
        await self._until(lambda: console.volumes.shown is not None)
        await self._one("volumes")
        console.window.go_to("profile")
        await self._until(lambda: console.profile.model.rowCount() > 0)
        # What holding the trees on private land would do, looked at and not applied.
        console.profile.model.toggle(console.profile.model.row_of("tree_private"))
        await self._one("storm-profile")
        console.profile.discard()
        console.window.go_to("storm_plan")
        await self._until(lambda: console.storm_plan.plan is not None)
        await self._one("storm-plan")
        console.window.go_to("shift")
        await self._until(lambda: console.shift.pack is not None)
        await self._one("shift-hand-over")
        console.window.go_to("report")
        await self._until(lambda: console.report.look is not None and console.report.is_at_rest)
        await self._one("report")
        for number, name in enumerate(("versions", "lists"), 1):
            console.report.show_page(number)
            await self._until(lambda: console.report.is_at_rest)
            await self._one(f"report-{name}")
        console.report.show_page(0)
        console.window.go_to("statistics")
        console.statistics.show_part(0)
        await self._until(lambda: console.statistics.room is not None)
        await self._one("statistics-console")
        console.statistics.show_part(1)
        await self._until(lambda: console.statistics.trust is not None)
        await self._one("statistics-residents")
        console.window.go_to("queue")
        await self._visit_wall()
        for name in ("message", "escalate"):
            console.sheets.open(name, selection.current)
            await self._one(f"sheet-{name}")
            if name == "message":
                console.facts_beside.toggle()
                await self._until(lambda: bool(console.facts_beside.panel.lines))
                await self._one("sheet-message-facts")
            console.sheets.close()
        sheet = console.sheets.open("call")
        sheet.fields["what"].fill(FIRST_WORDS)
        await self._one("sheet-call")
        console.sheets.close()

    async def _visit_residents(self) -> None:
        """Each page: what was told before, how long things take, rules, sweeps."""
        self._console.window.go_to("residents")
        for name in PAGES:
            self._console.residents.show_page(name)
            await self._one(f"residents-{name}")

    async def _visit_wall(self) -> None:
        """Each of its views, as on a screen of a room."""
        wall = self._console.wall
        wall.open()
        wall.window.resize(*WALL_SIZE)
        wall.window.turn_or_stay()
        for view in VIEWS:
            wall.window.show_view(view)
            await self._one(f"wall-{view}", of=wall.window)
        wall.window.close()

    # -- the story ------------------------------------------------------------------------------------

    async def _report(self) -> bool:
        first = await self._add(FIRST_WORDS, "5th Ave N & 9th St N, St. Petersburg")
        second = await self._add(SECOND_WORDS, "5th Ave N & 9th St N, St. Petersburg")
        self._first_id, self._second_id = first, second
        await self._until(lambda: self._status is not None and self._on_board(first, second))
        self._site = await self._site_of(first)
        self._console.selection.go(self._site)
        await self._one("story-1-new-report")
        return self._site > 0

    async def _triage(self) -> bool:
        await self._bridge.act(self._bridge.desk.claim, self._site)
        await self._bridge.act(self._bridge.desk.set_band, self._site, Band.P2)
        await self._one("story-2-triage")
        view = await self._view()
        return view.row.claimed_by == self._bridge.person and view.row.band == Band.P2

    async def _merge(self) -> bool:
        other = await self._site_of(self._second_id)
        self._console.sheets.open("duplicate", other, target=self._site)
        await self._one("story-3-merge")
        return await self._confirm() and (await self._view()).row.reports == 2

    async def _message(self) -> bool:
        sheet = self._console.sheets.open("message", self._site)
        sheet.fields["text"].fill(TOLD)
        await self._one("story-4-message")
        if not await self._confirm():
            return False
        return await self._until(lambda: self._told(TOLD) == {self._first_id: 1, self._second_id: 1})

    async def _escalate(self) -> bool:
        self._console.sheets.open("escalate", self._site)
        await self._one("story-5-escalate")
        if not await self._confirm():
            return False
        # What is handed over leaves within the second, also while the storm stands still.
        return await self._until(lambda: self._handed_over() == EscalationState.SENT)

    async def _accept(self) -> bool:
        self._console.window.go_to("em_desk")
        await self._both("em-desk")
        escalation = (await self._view()).escalations[-1]
        act, desk = self._bridge.act, self._bridge.em_desk
        await act(
            desk.accept, escalation.escalation_id, "crew 4", by_name="B. Ortiz", by_position="Public works"
        )
        eta_at = self._bridge.clock.now() + 30 * 60_000
        await act(desk.resource, escalation.escalation_id, "Crew 4", eta_at)
        await self._both("em-desk-under-way")
        return (await self._view()).escalations[-1].state == EscalationState.UNDER_WAY

    async def _close(self) -> bool:
        escalation = (await self._view()).escalations[-1]
        act = self._bridge.act
        await act(self._bridge.em_desk.close, escalation.escalation_id, "Road open", "Crew 4")
        self._console.window.go_to("queue")
        reason = CloseReason.FIXED_CONFIRMED
        await act(
            self._bridge.desk.close, self._site, reason, note="Road open", confirmed_by="Crew 4", message=DONE
        )
        self._console.selection.narrow(with_closed=True)
        self._console.selection.go(self._site)
        is_told = await self._until(lambda: self._told(DONE) == {self._first_id: 1, self._second_id: 1})
        await self._one("story-6-closed")
        return is_told

    async def _count(self) -> bool:
        """What was done in the story stands in the numbers, and each report of the board is one of them."""
        report = self._console.report
        self._console.window.go_to("report")
        report.count()
        await self._until(lambda: report.is_at_rest)
        await self._both("story-7-snapshot")
        look = report.look
        counted = {each.key: each.value for each in look.snapshot.all_numbers} if look else {}
        is_whole = counted.get("reports") == int(self._bridge.board.report_count)
        return is_whole and counted.get("fixed_confirmed", 0) >= 1

    # -- by hand --------------------------------------------------------------------------------------

    async def _confirm(self) -> bool:
        """Press the sheet's button as often as it asks; True when the sheet has gone."""
        sheets = self._console.sheets
        for _ in range(2):
            if sheets.current is not None:
                sheets.current.confirm()
                if await self._until(lambda: sheets.current is None, 3.0):
                    return True
        sheets.close()
        return False

    async def _view(self) -> SiteView:
        return await self._bridge.read(self._bridge.detail.view, self._site)

    async def _add(self, words: str, address: str) -> str:
        report = {"description": words, "category": "tree_road_blocked", "address": address, **PLACE}
        answer = await self._control(self._rehearsal.control, "reports", report)
        return str(answer["id"])

    def _on_board(self, *request_ids: str) -> bool:
        return all(self._bridge.detail.find(request_id) for request_id in request_ids)

    async def _site_of(self, request_id: str) -> int:
        return await self._bridge.read(self._bridge.detail.find, request_id)

    def _told(self, words: str) -> dict[str, int]:
        """How often the server holds these words, by request of the story."""
        wanted = (self._first_id, self._second_id)
        truth = self._rehearsal.control("truth")["requests"]
        return {
            str(each["id"]): sum(line["text"] == words for line in each["messages"])
            for each in truth
            if str(each["id"]) in wanted
        }

    def _handed_over(self) -> EscalationState | None:
        found = self._bridge.board.hand_overs.get(self._site)
        return found.state if found and found.at else None

    async def _control(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self._bridge.parts.workers.network(work, *args, **kwargs)

    async def _until(self, condition: Callable[[], bool], seconds: float = PATIENCE_S) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            # On the network lane: some conditions ask the server, and none may hold the window up.
            if await self._bridge.parts.workers.network(condition):
                return True
            await asyncio.sleep(LOOK_S)
        return False

    # -- pictures -------------------------------------------------------------------------------------

    async def _both(self, name: str, of: QWidget | None = None) -> None:
        for theme in THEMES:
            self._theme.set(theme)
            await self._one(name, of)
        self._theme.set(THEMES[0])

    async def _one(self, name: str, of: QWidget | None = None) -> None:
        """Of the console, or of another window."""
        await asyncio.sleep(SETTLE_S)
        patience = time.monotonic() + TILES_S
        while self._needs_tiles() and time.monotonic() < patience:
            await asyncio.sleep(LOOK_S)
        theme = "dim" if self._theme.is_dim else "light"
        file = f"{len(self._stops) + 1:02d}-{name}-{theme}.png"
        (of or self._console.window).grab().save(str(self._folder / file))
        self._stops.append({"name": name, "file": file, "theme": theme})

    def _needs_tiles(self) -> bool:
        """Of the maps that are in sight: behind another screen one waits with its tiles until it is shown."""
        console = self._console
        maps = [console.map] if console.map.isVisible() else []
        if console.wall.is_open and console.wall.map is not None:
            maps.append(console.wall.map)
        return any(each.tiles.needs_any for each in maps)

    def _take_status(self, status: SyncStatus) -> None:
        self._status = status
