"""Choosing a tile server: its address, whose map it is, its terms; and what the console will ask of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit

from dispatch.agent import agent_of
from dispatch.clock import WallClock
from dispatch.errors import TilesRefused
from dispatch.geo.raster.about import plain
from dispatch.tile_server.address import check_key, read_address
from dispatch.tile_server.choice import TileChoice, keep, key_for
from ui.theme import Theme
from ui.widgets.fields import LineField, TicksField, pack
from ui.widgets.sheet import Sheet
from ui.widgets.times import local

if TYPE_CHECKING:
    from ui.map.base_menu import BaseMenu

_CTRL = Qt.KeyboardModifier.ControlModifier
ZOOMS = range(1, 23)


class TileServerSheet(Sheet):
    NAME = "tile_server"

    def __init__(self, *, menu: BaseMenu, bridge: Any, theme: Theme) -> None:
        super().__init__(theme=theme)
        self._menu, self._bridge = menu, bridge
        self.say_title(self.tr("A tile server as base map"))
        self._url = self.add(
            "url",
            LineField(
                self.tr("Address, with {z}, {x} and {y}"),
                theme=theme,
                placeholder="https://tiles.example.org/{z}/{x}/{y}.png",
            ),
        )
        self._key = self.keep(
            "key", LineField(self.tr("Key, stands where {key} is"), theme=theme, placeholder=self.tr("none"))
        )
        self._key.line.setEchoMode(QLineEdit.EchoMode.Password)
        self._zoom = self.keep("zoom", LineField(self.tr("Finest zoom"), theme=theme, text="19"))
        self.body.addWidget(pack(self.fields, "key", "zoom", shares=(3, 1)))
        self._credit = self.add(
            "credit",
            LineField(
                self.tr("Whose map it is: always shown"),
                theme=theme,
                placeholder="© OpenStreetMap contributors",
            ),
        )
        self._terms = self.add(
            "terms",
            LineField(self.tr("Its terms: address or words"), theme=theme, placeholder="https://…"),
        )
        self._read = self.add(
            "read",
            TicksField(
                "",
                [("read", self.tr("I have read these terms; they allow this use"))],
                theme=theme,
                columns=1,
            ),
        )
        self.add_side_button(self.tr("Open the terms"), "Ctrl O", self.open_terms)
        self.shortcuts[(_CTRL, Qt.Key.Key_O)] = self.open_terms
        self._url.line.editingFinished.connect(self._take_key_out)
        self._url.edited.connect(self._say_what)
        # What was agreed to holds for these terms of this server only.
        self._url.edited.connect(lambda: self._read.show_value(()))
        self._terms.edited.connect(lambda: self._read.show_value(()))
        self.say_act(self.tr("Show its tiles"))
        self._fill()
        self._say_what()

    def open_terms(self) -> None:
        """In the computer's own browser."""
        if not self._terms.value().startswith(("https://", "http://")):
            self._terms.complain(self.tr("This is no address: read the terms where you have them."))
            self.grew.emit()
            return
        QDesktopServices.openUrl(QUrl(self._terms.value(), QUrl.ParsingMode.StrictMode))

    def problem(self) -> tuple[str, str] | None:
        self._take_key_out()
        try:
            address, _ = read_address(self._url.value())
        except TilesRefused as error:
            return "url", str(error)
        try:
            key = check_key(self._key.value())
        except TilesRefused as error:
            return "key", str(error)
        if key and not address.wants_key:
            return "url", self.tr("Write {key} into the address where the key stands.")
        if not self._zoom.value().isdecimal() or int(self._zoom.value()) not in ZOOMS:
            return "zoom", self.tr("A whole number from 1 to 22.")
        if not plain(self._credit.value()):
            return "credit", self.tr("Write whose map it is, as its terms want it shown.")
        if not plain(self._terms.value()):
            return "terms", self.tr("Write where its terms stand, or what they say.")
        if not self._read.value():
            return "read", self.tr("Read the terms first, then tick here.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._use())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Tiles of {} are shown. Ctrl+B goes back.").format(self._choice().address.host), False

    async def _use(self) -> None:
        choice, network, parts = self._choice(), self._bridge.parts.workers.network, self._bridge.parts
        key = check_key(self._key.value())
        today = local(WallClock().now(), self._bridge.zone).date()
        # On the network lane: the keyring may wait for a person to unlock it.
        kept = await network(keep, parts.folder, choice, key=key, person=self._bridge.person, today=today)
        self._menu.show_server(kept, key or await network(key_for, choice.address))

    def _choice(self) -> TileChoice:
        address, _ = read_address(self._url.value())
        return TileChoice(
            address, plain(self._credit.value()), plain(self._terms.value()), int(self._zoom.value())
        )

    def _fill(self) -> None:
        if choice := self._menu.server:
            self._url.fill(choice.address.template)
            self._credit.fill(choice.credit)
            self._terms.fill(choice.terms)
            self._zoom.fill(str(choice.zoom))
            if choice.address.wants_key:
                self._key.line.setPlaceholderText(self.tr("as it is kept"))

    def _take_key_out(self) -> None:
        """A pasted address brings its key: it moves to its own field, where it is not read by others."""
        try:
            address, key = read_address(self._url.value())
        except TilesRefused:
            return
        if key:
            self._url.show_value(address.template)
            self._key.show_value(key)
            self._key.touched = True
        self._say_what()

    def _say_what(self) -> None:
        try:
            host = read_address(self._url.value())[0].host
        except TilesRefused:
            host = self.tr("the server")
        contact = self._bridge.parts.settings.contact
        said = self.tr(
            "The console will ask {host} for the tiles on the screen only, two at a time, never ahead, as"
            " “{agent}”. Each counts as new as long as the server says, or for 7 days; it is kept, and its"
            " age is shown. The server sees which part of the city is looked at."
        ).format(host=host, agent=agent_of(contact))
        if not contact:
            said += " " + self.tr(
                "No contact is set ([server] contact): whoever keeps the server cannot ask, only shut out."
            )
        self.say_effect(said)
        self.grew.emit()
