"""Which tile server a seat has chosen: its address, whose map it is, and that somebody read its terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dispatch import settings
from dispatch.errors import SettingsBroken, TilesRefused
from dispatch.geo.raster.about import plain
from dispatch.settings import Settings
from dispatch.tile_server.address import TileAddress, check_key, read_address

# What `map.base` says instead of a file's name.
SERVER = "server"


@dataclass(frozen=True, slots=True)
class TileChoice:
    """`credit` and `terms` are plain text; `zoom` is the finest the server has."""

    address: TileAddress
    credit: str
    terms: str
    zoom: int

    def mark(self) -> str:
        """Changes with the server and its terms: whoever agreed did so to these."""
        text = f"{self.address.template} {self.terms}"
        return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()


def chosen(kept: Settings) -> tuple[TileChoice, bool] | None:
    """What the settings name, and whether somebody has read its terms; None for nothing of use.

    Settings that an administrator wrote count when a person here has read the terms.
    """
    try:
        address, key = read_address(kept.tile_url)
    except TilesRefused:
        return None
    choice = TileChoice(address, plain(kept.tile_credit), plain(kept.tile_terms), kept.tile_zoom)
    is_read = kept.tile_terms_read.split()[-1:] == [choice.mark()]
    return choice, is_read and bool(choice.credit) and not key


def keep(folder: Path, choice: TileChoice, *, key: str, person: str, today: date) -> Settings:
    """Name it in the settings as the base map, with who read its terms; the key goes to the keyring alone.

    SettingsBroken when the settings or the keyring cannot be written; without a keyring nothing is changed.
    """
    key = check_key(key)
    if key:
        keep_key(choice.address, key)
    settings.keep(
        folder,
        base_map=SERVER,
        tile_url=choice.address.template,
        tile_credit=choice.credit,
        tile_terms=choice.terms,
        tile_terms_read=f"{person}, {today.isoformat()}, {choice.mark()}",
        tile_zoom=choice.zoom,
    )
    return settings.load(folder)


def keep_key(address: TileAddress, key: str) -> None:
    try:
        settings.keep_secret(address.secret_name, key)
    except SettingsBroken as error:
        raise SettingsBroken(
            "The key cannot be kept, as this computer has no open keyring: unlock it, or take a server that"
            " wants no key."
        ) from error


def key_for(address: TileAddress) -> str:
    """From the keyring (or systemd's credentials), empty for none; it may wait for a person to unlock it."""
    if not address.wants_key:
        return ""
    try:
        return check_key(settings.secret(address.secret_name))
    except (SettingsBroken, TilesRefused):
        return ""
