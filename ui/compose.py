"""Puts the screens together over one bridge and one selection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QTimer

from dispatch.assembly import Parts
from dispatch.clock import WallClock
from dispatch.geo.folder import GeoFolder
from dispatch.records import Flag
from dispatch.resources import resource
from ui.bridge import Bridge
from ui.em_desk.first_hour_sheet import AfterTheWind
from ui.em_desk.view import EmDesk
from ui.main_window import MainWindow
from ui.map.base_menu import BaseMenu
from ui.map.imported import ImportedLayers
from ui.map.kept_layers import KeptLayers
from ui.map.paper_menu import PaperMenu
from ui.map.placing import Placing
from ui.map.view import FILLS, MapView
from ui.map.weather import WeatherOnMap
from ui.profile.view import StormProfile
from ui.queue.detail import Detail
from ui.queue.saved_views import SavedViews
from ui.queue.selection import Selection
from ui.queue.view import QueueView
from ui.queue.view_menu import ViewMenu
from ui.sheets.import_layer import ImportLayerSheet
from ui.sheets.registry import Sheets
from ui.sheets.tile_server import TileServerSheet
from ui.sound import Alarm, Player
from ui.sync_words import is_at_full_speed
from ui.theme import Theme

# Passing over a row with j or k asks the server nothing; staying on it fetches its thread.
STAY_MS = 400


class Console:
    """The window and what stands in it; `want_thread` is told whose thread somebody reads."""

    def __init__(
        self, *, parts: Parts, bridge: Bridge, theme: Theme, want_thread: Callable[[list[str]], None]
    ) -> None:
        table, reasons = parts.judge.rules.table, parts.judge.reason_labels()
        self.bridge = bridge
        self._want_thread = want_thread
        self._fetching: asyncio.Task[None] | None = None
        self.selection = Selection(
            parts.board,
            clock=parts.clock,
            zone=bridge.zone,
            search=lambda words: bridge.read(parts.detail.search, words),
            category_label=lambda key: table[key].label,
            reason_label=lambda name: reasons.get(name, name.replace("_", " ")),
        )
        self.window = MainWindow(
            bridge=bridge, theme=theme, categories=lambda: _shown(parts.judge.rules.table)
        )
        self.sheets = Sheets(host=self.window.stack, bridge=bridge, theme=theme)
        self.map = MapView(
            selection=self.selection,
            theme=theme,
            folder=GeoFolder(resource("geo"), parts.jurisdiction.key),
            home=parts.jurisdiction.box,
            tiles_dir=parts.folder / "tiles",
            layers_dir=parts.layer_desk.folder.root,
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
        )
        self.sheets.stand_beside(self.detail)
        self.after_the_wind = AfterTheWind(bridge=bridge, sheets=self.sheets)
        self.placing = Placing(sheets=self.sheets, view=self.map)
        self.em_desk = EmDesk(bridge=bridge, theme=theme, sheets=self.sheets)
        self.profile = StormProfile(bridge=bridge, theme=theme, sheets=self.sheets)
        self.window.add_screen("queue", self.window.tr("Queue"), "queue", self.queue)
        self.window.add_screen("em_desk", self.window.tr("EM desk"), "em_desk", self.em_desk)
        self.window.add_screen("profile", self.window.tr("Profile"), "storm_profile", self.profile)
        self.imported = ImportedLayers(bridge=bridge, view=self.map, parent=self.window)
        self.kept_layers = KeptLayers(bridge=bridge, view=self.map, parent=self.window)
        self.imported.look()
        self.map.layer_box.import_wanted.connect(
            lambda: self.sheets.open("layers" if self.imported.has_any else "import_layer")
        )
        self.map.layer_box.missing_wanted.connect(self._bring)
        self.weather = WeatherOnMap(
            bridge=bridge, view=self.map, open_import=self._import_layer, parent=self.window
        )
        self.map.layer_box.weather.wanted.connect(lambda: self.sheets.open("weather"))
        self.base_menu = BaseMenu(bridge=bridge, view=self.map, parent=self.window)
        self.base_menu.server_wanted.connect(
            lambda: self.sheets.show(TileServerSheet(menu=self.base_menu, bridge=bridge, theme=theme))
        )
        self.paper_menu = PaperMenu(bridge=bridge, view=self.map, parent=self.window)
        self.player = Player()
        self.alarm = Alarm(
            parts.board,
            play=self.player.play,
            now=parts.clock.now,
            wall_now=WallClock().now,
            may_mute=lambda: False,
            parent=self.window,
        )
        self.window.command(
            queue=self.queue,
            sheets=self.sheets,
            alarm=self.alarm,
            look_up=lambda words: bridge.read(parts.detail.look_up, words),
            keys=parts.settings.keys,
        )
        self.views = SavedViews(
            selection=self.selection,
            person=bridge.person,
            folder=parts.folder,
            told=parts.settings.views,
            network=parts.workers.network,
            parent=self.window,
        )
        self.views.said.connect(self.window.say)
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

    def close(self) -> None:
        self._stay.stop()
        self.map.close_tiles()
        self.player.close()

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
        if isinstance(self.sheets.current, ImportLayerSheet):
            self.sheets.current.take_path(path)

    def _look_closer(self) -> None:
        if site_id := self.selection.current:
            board = self.bridge.board
            if board.flags[board.row(site_id)] & Flag.RESTRICTED:
                self.bridge.act(self.bridge.desk.opened, site_id)
            self._fetching = asyncio.ensure_future(self._fetch_thread(site_id))

    async def _fetch_thread(self, site_id: int) -> None:
        self._want_thread(await self.bridge.read(self.bridge.detail.request_ids, site_id))


def _shown(table: Iterable[Any]) -> tuple[int, int]:
    """How many categories storm mode leaves in the queue, and how many there are."""
    essential = [category.is_essential for category in table]
    return sum(essential), len(essential)
