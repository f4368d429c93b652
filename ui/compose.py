"""Puts the screens together over one bridge and one selection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from dispatch.alarms import Kind
from dispatch.board import Filters
from dispatch.clock import WallClock
from dispatch.drafts import Drafts
from dispatch.errors import LandfallError, SettingsBroken
from dispatch.geo.folder import GeoFolder
from dispatch.opening import DRAFTS, NOT_YET
from dispatch.records import Flag, Onlooker, SyncStatus
from dispatch.resources import resource
from dispatch.settings import load
from ui.bridge import Bridge
from ui.em_desk.after_the_wind import AfterTheWind
from ui.kept_words import head_lines as kept_lines
from ui.locking import Locking
from ui.main_window import MainWindow
from ui.map.imported import ImportedLayers
from ui.map.kept_layers import KeptLayers
from ui.map.notices import NoticesOnMap
from ui.map.placing import Placing
from ui.map.sweeps import SweepsOnMap
from ui.map.view import FILLS, MapView
from ui.presence import Presence
from ui.presence_words import head_lines
from ui.public_mode.bar import PublicBar
from ui.queue.detail import Detail
from ui.queue.saved_views import SavedViews
from ui.queue.selection import Selection
from ui.queue.view import QueueView
from ui.queue.view_menu import ViewMenu
from ui.residents.sweep_commands import sweep_commands
from ui.sheets.beside import Beside
from ui.sheets.registry import SHEETS, Sheets, kind_of
from ui.shelves import Shelves
from ui.shift.bar import ShiftBar
from ui.sound import Alarm
from ui.sweeps import Sweeps
from ui.sync_words import is_at_full_speed
from ui.theme import Theme
from ui.wall.commands import wall_commands

if TYPE_CHECKING:
    from dispatch.assembly import Parts
    from dispatch.journal import KeptAct
    from dispatch.opening import Opening
    from ui.em_desk.view import EmDesk
    from ui.map.base_menu import BaseMenu
    from ui.map.paper_menu import PaperMenu
    from ui.neighborhoods.view import NeighborhoodsScreen
    from ui.notices.view import NoticesScreen
    from ui.player import Player
    from ui.profile.view import StormProfile
    from ui.report.view import ReportScreen
    from ui.residents.facts_beside import FactsBeside
    from ui.residents.view import ResidentsScreen
    from ui.shift.view import ShiftScreen
    from ui.statistics.view import StatisticsView
    from ui.storm_plan.view import StormPlanScreen
    from ui.volumes.view import VolumesView
    from ui.wall.map import WallMap
    from ui.wall.wall import Wall

# Passing over a row with j or k asks the server nothing; staying on it fetches its thread.
STAY_MS = 400
BREATH_S = 0.02


class Console:
    """The window and what stands in it; `want_thread` is told whose thread somebody reads."""

    def __init__(
        self,
        *,
        parts: Parts | Opening,
        bridge: Bridge,
        theme: Theme,
        want_thread: Callable[[list[str]], None],
    ) -> None:
        self.bridge = bridge
        self._theme = theme
        self._want_thread = want_thread
        self._fetching: asyncio.Task[None] | None = None
        self.selection = Selection(
            parts.board,
            clock=parts.clock,
            zone=bridge.zone,
            search=lambda words: bridge.read(bridge.detail.search, words),
            category_label=lambda key: bridge.shown.label(key),
            reason_label=lambda name: bridge.shown.reason(name),
        )
        self.window = MainWindow(bridge=bridge, theme=theme, categories=lambda: bridge.shown.essential())
        # Of this activation: in another one the same number is another site.
        self.drafts = Drafts(parts.folder / DRAFTS / bridge.activation.activation_id)
        self._are_drafts_here = False
        self.sheets = Sheets(host=self.window.stack, bridge=bridge, theme=theme, kept=self.drafts)
        self._geo = GeoFolder(resource("geo"), parts.jurisdiction.key)
        self.map = MapView(
            selection=self.selection,
            theme=theme,
            folder=self._geo,
            home=parts.jurisdiction.box,
            tiles_dir=parts.folder / "tiles",
            layers_dir=parts.layers_dir,
            kept_layers=parts.settings.layers,
        )
        bridge.synced.connect(lambda status: self.map.let_ahead_wait(is_at_full_speed(status)))
        self.detail = Detail(bridge=bridge, selection=self.selection, theme=theme, sheets=self.sheets)
        self.queue = QueueView(
            selection=self.selection,
            map_view=self.map,
            detail=self.detail,
            zone=bridge.zone,
            theme=theme,
            me=bridge.person,
            parent=self.window.stack,
        )
        self.sheets.stand_beside(self.detail)
        self.presence = Presence(
            bridge=bridge, selection=self.selection, sheets=self.sheets, parent=self.window
        )
        self.presence.changed.connect(self._show_others)
        self.queue.model.writer.at = self._at
        self.detail.others = self._others_here
        self.beside = Beside(bridge=bridge, sheets=self.sheets, presence=self.presence)
        self.after_the_wind = AfterTheWind(bridge=bridge, sheets=self.sheets)
        self.placing = Placing(sheets=self.sheets, view=self.map, show_map=lambda: self.window.go_to("queue"))
        self.window.add_screen("queue", self.window.tr("Queue"), "queue", self.queue)
        self.window.add_screen_later("em_desk", self.window.tr("EM desk"), "em_desk", lambda: self.em_desk)
        self.window.add_screen_later("volumes", self.window.tr("Volumes"), "volumes", lambda: self.volumes)
        self.window.add_screen_later(
            "residents", self.window.tr("Residents"), "residents", lambda: self.residents
        )
        self.window.add_screen_later("notices", self.window.tr("Notices"), "notices", lambda: self.notices)
        self.window.add_screen_later(
            "neighborhoods",
            self.window.tr("Neighbor\u00adhoods"),
            "neighborhoods",
            lambda: self.neighborhoods,
        )
        self.window.add_screen_later("report", self.window.tr("Report"), "report", lambda: self.report)
        self.window.add_screen_later(
            "statistics", self.window.tr("Statistics"), "statistics", lambda: self.statistics
        )
        self.window.add_screen_later(
            "storm_plan", self.window.tr("Storm plan"), "storm_plan", lambda: self.storm_plan
        )
        self.window.add_screen_later(
            "profile", self.window.tr("Profile"), "storm_profile", lambda: self.profile
        )
        self.window.add_screen_beside("shift", self.window.tr("Shift hand-over"), lambda: self.shift)
        self.shift_bar = ShiftBar(bridge=bridge, theme=theme, window=self.window)
        self.window.add_bar(self.shift_bar)
        self.public_bar = PublicBar(bridge=bridge, theme=theme, sheets=self.sheets)
        self.window.add_bar(self.public_bar)
        self.synced: SyncStatus | None = None
        bridge.synced.connect(self._take_sync)
        self.imported = ImportedLayers(bridge=bridge, view=self.map, parent=self.window)
        self.kept_layers = KeptLayers(bridge=bridge, view=self.map, parent=self.window)
        self.imported.look()
        self.map.layer_box.import_wanted.connect(
            lambda: self.sheets.open("layers" if self.imported.has_any else "import_layer")
        )
        self.map.layer_box.missing_wanted.connect(self._bring)
        if not parts.workers.is_held:
            self._has_store()
        self.map.layer_box.weather.wanted.connect(lambda: self.sheets.open("weather"))
        self.map.base_wanted.connect(lambda: self.base_menu.open())
        if parts.settings.base_map:
            _ = self.base_menu
        self.map.save_wanted.connect(lambda: self.paper_menu.ask_where())
        self.map.print_wanted.connect(lambda: self.paper_menu.ask_printer())
        self.alarm = Alarm(
            parts.board,
            play=lambda: self.player.play(),
            now=parts.clock.now,
            wall_now=WallClock().now,
            may_mute=lambda: False,
            parent=self.window,
        )
        self.shelves = Shelves(bridge=bridge, alarm=self.alarm)
        if not parts.workers.is_held:
            self.shelves.read()
        self.window.command(
            queue=self.queue,
            sheets=self.sheets,
            alarm=self.alarm,
            look_up=lambda words: bridge.read(bridge.detail.look_up, words),
            more=[
                *wall_commands(lambda: self.wall),
                *sweep_commands(
                    sheets=self.sheets, selection=self.selection, facts=lambda: self.facts_beside
                ),
            ],
            keys=parts.settings.keys,
        )
        self.window.kept.changed.connect(self._show_others)
        self.sweeps = Sweeps(bridge=bridge, parent=self.window)
        self.sweeps.marked.connect(self._show_others)
        self.queue.model.writer.sweep = self._sweep_mark
        self.areas = SweepsOnMap(
            bridge=bridge, sweeps=self.sweeps, view=self.map, folder=self._geo, parent=self.window
        )
        self.notice_areas = NoticesOnMap(bridge=bridge, view=self.map, parent=self.window)
        self.queue.model.writer.kept = self._kept
        self.locking = Locking(
            bridge=bridge,
            window=self.window,
            sheets=self.sheets,
            theme=theme,
            lock_after_min=parts.settings.lock_after_min,
        )
        self.window.stand_behind(self.locking)
        hold = self.sheets.hold
        self.sheets.hold = lambda: NOT_YET if parts.workers.is_held else hold()
        self.views = SavedViews(
            selection=self.selection,
            person=bridge.person,
            folder=parts.folder,
            told=parts.settings.views,
            network=parts.workers.network,
            parent=self.window,
        )
        self.views.said.connect(self.window.say)
        bridge.room_changed.connect(self._look_who_sits_here)
        self.views.give_commands(self.window.commands)
        self.window.view_menu = ViewMenu(
            views=self.views,
            header=self.queue.header,
            selection=self.selection,
            sheets=self.sheets,
            theme=theme,
        )
        self._stay = QTimer(self.window, interval=STAY_MS, singleShot=True)
        self._stay.timeout.connect(self._look_closer)
        self.selection.moved.connect(lambda _site: self._stay.start())

    # What is not seen at once is made when it is asked for, or behind the first paint (`get_ready`).

    @cached_property
    def base_menu(self) -> BaseMenu:
        from ui.map.base_menu import BaseMenu

        menu = BaseMenu(bridge=self.bridge, view=self.map, parent=self.window)
        menu.server_wanted.connect(self._show_tile_server)
        return menu

    @cached_property
    def paper_menu(self) -> PaperMenu:
        from ui.map.paper_menu import PaperMenu

        return PaperMenu(bridge=self.bridge, view=self.map, parent=self.window)

    @cached_property
    def player(self) -> Player:
        from ui.player import Player

        return Player()

    @cached_property
    def em_desk(self) -> EmDesk:
        from ui.em_desk.view import EmDesk

        return EmDesk(bridge=self.bridge, theme=self._theme, sheets=self.sheets)

    @cached_property
    def neighborhoods(self) -> NeighborhoodsScreen:
        from ui.neighborhoods.view import NeighborhoodsScreen

        return NeighborhoodsScreen(
            bridge=self.bridge,
            theme=self._theme,
            sheets=self.sheets,
            folder=self._geo,
            open_rows=self._show_rows,
        )

    @cached_property
    def report(self) -> ReportScreen:
        from ui.report.view import ReportScreen

        screen = ReportScreen(bridge=self.bridge, theme=self._theme, sheets=self.sheets)
        screen.opened.connect(self._show_reported)
        return screen

    @cached_property
    def facts_beside(self) -> FactsBeside:
        from ui.residents.facts_beside import FactsBeside

        return FactsBeside(host=self.window.stack, bridge=self.bridge, theme=self._theme, sheets=self.sheets)

    @cached_property
    def residents(self) -> ResidentsScreen:
        from ui.residents.view import ResidentsScreen

        screen = ResidentsScreen(bridge=self.bridge, theme=self._theme, sheets=self.sheets)
        screen.opened.connect(self._show_rows)
        return screen

    @cached_property
    def notices(self) -> NoticesScreen:
        from ui.notices.view import NoticesScreen, rail_badge

        return NoticesScreen(
            bridge=self.bridge,
            theme=self._theme,
            sheets=self.sheets,
            badge=rail_badge(self.window.rail),
        )

    @cached_property
    def volumes(self) -> VolumesView:
        from ui.volumes.view import VolumesView

        view = VolumesView(bridge=self.bridge, theme=self._theme)
        view.opened.connect(self._show_rows)
        view.figure_wanted.connect(lambda: self.sheets.open("figure"))
        return view

    @cached_property
    def profile(self) -> StormProfile:
        from ui.profile.view import StormProfile

        return StormProfile(bridge=self.bridge, theme=self._theme, sheets=self.sheets)

    @cached_property
    def storm_plan(self) -> StormPlanScreen:
        from ui.storm_plan.view import StormPlanScreen

        screen = StormPlanScreen(bridge=self.bridge, theme=self._theme, sheets=self.sheets)
        screen.late.connect(lambda count: self.window.rail.show_badge("storm_plan", count))
        return screen

    @cached_property
    def wall(self) -> Wall:
        from ui.wall.wall import Wall

        return Wall(
            bridge=self.bridge,
            theme=self._theme,
            console=self.window,
            make_map=partial(self._wall_map, self.bridge.data_dir / "tiles"),
            status=lambda: self.synced,
            is_sync_lost=lambda: (Kind.SYNC_LOST, 0) in self.alarm.calling,
        )

    def _wall_map(self, tiles_dir: Path, parent: QObject) -> WallMap:
        from ui.wall.map import WallMap

        return WallMap(
            theme=self._theme, folder=self._geo, home=self.map.home, tiles_dir=tiles_dir, parent=parent
        )

    @cached_property
    def shift(self) -> ShiftScreen:
        from ui.shift.view import ShiftScreen

        return ShiftScreen(
            bridge=self.bridge,
            theme=self._theme,
            drafts=self.drafts,
            go_to_site=self._go_to_site,
            open_sheet=self.sheets.open,
            sync=lambda: self.synced,
        )

    @cached_property
    def statistics(self) -> StatisticsView:
        from ui.statistics.view import StatisticsView

        view = StatisticsView(bridge=self.bridge, theme=self._theme, alarm=self.alarm)
        view.opened.connect(self._show_rows)
        return view

    def first_seen(self) -> tuple[QWidget, ...]:
        """What a person looks at first: once these are painted the window stands."""
        queue = self.queue
        return queue.list.viewport(), queue.map, queue.strip, queue.header, self.window.status

    def _has_store(self) -> None:
        from ui.map.weather import WeatherOnMap

        self.weather = WeatherOnMap(
            bridge=self.bridge, view=self.map, open_import=self._import_layer, parent=self.window
        )

    def _show_tile_server(self) -> None:
        from ui.sheets.tile_server import TileServerSheet

        self.sheets.show(TileServerSheet(menu=self.base_menu, bridge=self.bridge, theme=self._theme))

    async def get_ready(self) -> None:
        """The store is open: make what the first paint did without, in pieces so that a key never waits
        long."""
        if not hasattr(self, "weather"):
            self._has_store()
        self.shelves.read()
        self.presence.begin()
        self.sweeps.begin()
        self.notice_areas.look()
        self.window.kept.begin()
        await self.bring_drafts()
        # Half a second of work that no key should wait for.
        await self.bridge.parts.workers.network(import_module, "pyqtgraph")
        for make in (
            lambda: self.paper_menu,
            lambda: self.player,
            lambda: self.locking.cover,
            lambda: self.queue.detail.page,
            lambda: self.window.command_line,
            lambda: self.queue.facets,
            lambda: self.base_menu,
            lambda: self.window.help,
            lambda: self.window.sync_panel,
            *(layer.get_ready for layer in self.map.layers),
            *(partial(kind_of, name) for name in SHEETS),
            lambda: self.em_desk,
            lambda: self.neighborhoods,
            lambda: self.residents,
            lambda: self.notices,
            lambda: self.profile,
            lambda: self.volumes,
            lambda: self.shift,
            lambda: self.statistics,
            lambda: self.storm_plan.begin(),
        ):
            make()
            await asyncio.sleep(BREATH_S)
        self.wall.begin()

    async def bring_drafts(self) -> None:
        """What the person here was writing when the program ended last is offered again."""
        self.drafts.by = self._whose()
        self._are_drafts_here = True
        self.sheets.offer(await asyncio.wrap_future(self.drafts.load()))
        if left := list(self.sheets.left_behind().values()):
            tr = self.window.tr
            said = tr("Not sent yet: {}.").format(left[0])
            if len(left) > 1:
                said = tr("{} texts were not sent.").format(len(left))
            self.window.say(tr("{} G U shows what was left.").format(said))

    async def leave(self) -> None:
        """Tell the other seats that this one goes, while the store is still open."""
        await self.presence.leave()

    def close(self) -> None:
        self._stay.stop()
        if "wall" in vars(self):
            self.wall.leave()
        self.sheets.keep_words()
        if "shift" in vars(self):
            self.shift.keep_words()
        self.drafts.close()
        if "report" in vars(self):
            self.report.close_job()
        self.map.close_tiles()
        if "player" in vars(self):
            self.player.close()

    def _show_reported(self, number: str) -> None:
        """The site of a report, by the number that a snapshot has for it."""
        self._finding = asyncio.ensure_future(self._find_reported(number))

    async def _find_reported(self, number: str) -> None:
        try:
            found = await self.bridge.read(self.bridge.detail.look_up, number)
        except LandfallError as error:
            self.window.say(str(error), True)
            return
        if found.by_number:
            self._go_to_site(found.by_number)
        else:
            self.window.say(self.window.tr("{} has no number on the server yet.").format(number), False)

    def _show_rows(self, filters: Filters) -> None:
        """The sites behind a number of another screen, in the queue."""
        self.window.go_to("queue")
        self.selection.open_view(filters)

    def _take_sync(self, status: SyncStatus) -> None:
        self.synced = status

    def _go_to_site(self, site_id: int) -> None:
        self.window.go_to("queue")
        self.selection.go(site_id)

    def _show_others(self, site_ids: set[int]) -> None:
        self.queue.list.repaint_sites(site_ids)
        self.detail.say_others()

    def _at(self, site_id: int) -> tuple[Onlooker, ...]:
        """Who else is at a site now; nobody is at one of an earlier time."""
        return self.presence.at(site_id) if self.selection.moment is None else ()

    def _kept(self, site_id: int) -> tuple[KeptAct, ...]:
        """What of this seat's waits there for the room's database."""
        return self.window.kept.at(site_id) if self.selection.moment is None else ()

    def _sweep_mark(self, site_id: int) -> str:
        """Nothing of an earlier time: sweeps are those of now."""
        return self.sweeps.mark(site_id) if self.selection.moment is None else ""

    def _others_here(self, site_id: int) -> str:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        sweep = self.sweeps.detail(site_id) if self.selection.moment is None else ""
        said = kept_lines(self._kept(site_id), now, zone), head_lines(self._at(site_id), now, zone), sweep
        return "\n".join(filter(None, said))

    def _look_who_sits_here(self) -> None:
        self.queue.show_me(self.bridge.person)
        if self._are_drafts_here and self.drafts.by != self._whose():
            self._bringing = asyncio.ensure_future(self.bring_drafts())
        if self.views.person != self.bridge.person:
            self._seating = asyncio.ensure_future(self._show_views(self.bridge.person))

    def _whose(self) -> str:
        """Whose the drafts are; where nobody signs in they are everybody's."""
        return self.bridge.person if self.bridge.parts.actor.role else ""

    async def _show_views(self, person: str) -> None:
        try:
            kept = await self.bridge.parts.workers.network(load, self.bridge.data_dir)
        except SettingsBroken as error:
            self.window.say(str(error), True)
            return
        self.views.show_person(person, kept.views)

    def _bring(self, layer: str) -> None:
        """A layer that is not loaded: import it as what it is; an imported one that broke is looked at."""
        if any(each.name == layer and each.is_from_feed for each in self.map.layers):
            self.sheets.open("weather")
            return
        kind = next((kind for kind, name in FILLS.items() if name == layer), None)
        if kind is None:
            self.sheets.open("layers")
        else:
            self.sheets.open("import_layer", kind=kind)

    def _import_layer(self, path: str) -> None:
        self.sheets.open("import_layer")
        sheet = self.sheets.current
        if sheet is not None and sheet.NAME == "import_layer":
            sheet.take_path(path)

    def _look_closer(self) -> None:
        if site_id := self.selection.current:
            board = self.bridge.board
            if board.flags[board.row(site_id)] & Flag.RESTRICTED:
                self.bridge.act(self.bridge.parts.unmasking.opened, site_id)
            self._fetching = asyncio.ensure_future(self._fetch_thread(site_id))

    async def _fetch_thread(self, site_id: int) -> None:
        with suppress(LandfallError):  # said already by whoever follows the store
            self._want_thread(await self.bridge.read(self.bridge.detail.request_ids, site_id))
