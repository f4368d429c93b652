"""What a seat is set to: one TOML file in the data folder; secrets stand apart, in the system's keyring."""

from __future__ import annotations

import logging
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.errors import SettingsBroken

if TYPE_CHECKING:
    import tomlkit

log = logging.getLogger(__name__)

FILE = "settings.toml"
PRODUCT = "landfall"

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen like every record: change it with `replace`, keep it with `save`."""

    city: str = "st-petersburg"  # the folder under resources/jurisdictions
    server_kind: str = "seeclickfix"
    server_url: str = ""
    jurisdiction: str = ""  # the server's own id of it
    contact: str = ""  # whom the server's keepers may ask about our calls
    poll_s: int = 15
    calls_per_minute: int = 20
    # Empty: this seat's own database in the data folder. Of a shared one it may hold the password.
    store_url: str = field(default="", repr=False)
    person: str = ""
    position: str = "Operator"
    seat: str = ""
    lock_after_min: int = 15  # without a key, where somebody has signed in; 0: never by itself
    sync_user: str = ""  # the shared database's login that syncs; its password is the keyring's store-sync
    theme: str = "system"
    is_muted: bool = False
    base_map: str = ""  # a file of map pictures over the bundled map, or "server"; empty: none
    tile_url: str = ""  # a server of map tiles, with {z}, {x} and {y}; its key stands in the keyring
    tile_credit: str = ""  # whose map that is, always shown with it
    tile_terms: str = ""  # its terms: an address or words
    tile_terms_read: str = ""  # who read them when, and for which server (tile_server/choice.py)
    tile_zoom: int = 19  # the finest it has
    layers: Names = field(default_factory=dict)  # layer of the map to "on", "off" or how it is shown
    nws_url: str = ""  # weather alerts (api.weather.gov/alerts/active?…); empty: not asked
    nhc_url: str = ""  # the hurricane center's list of storms (CurrentStorms.json); empty: not asked
    feeds_every_s: int = 60
    keys: Names = field(default_factory=dict)  # command to key; an empty one switches the key off
    channels: Mapping[str, Names] = field(default_factory=dict)  # channel to its values
    views: Mapping[str, Any] = field(default_factory=dict)  # person to name to filters (saved_views.py)
    wall_is_open: bool = False
    wall_screen: str = ""  # model, serial number and name of the one it stands on (ui/wall/screens.py)
    wall_distance_m: int = 6  # from which the wall is read
    wall_diagonal_in: int = 0  # of its screen, where that does not say its size, or says it wrong; 0: it does
    wall_turn_s: int = 20  # how long each of its views stays; 0: it does not turn by itself
    wall_blanked_at: int = 0  # ms UTC since when it is blanked; 0: it is not

    def channel_values(self) -> dict[str, str]:
        """The values of all channels by name; no two channels share one."""
        return {name: value for channel in self.channels.values() for name, value in channel.items()}


PLACES = {
    "city": "city",
    "server_kind": "server.kind",
    "server_url": "server.url",
    "jurisdiction": "server.jurisdiction",
    "contact": "server.contact",
    "poll_s": "server.poll_s",
    "calls_per_minute": "server.calls_per_minute",
    "store_url": "store.url",
    "person": "seat.person",
    "position": "seat.position",
    "seat": "seat.name",
    "lock_after_min": "seat.lock_after_min",
    "sync_user": "store.sync_user",
    "theme": "look.theme",
    "is_muted": "sound.muted",
    "base_map": "map.base",
    "tile_url": "tiles.url",
    "tile_credit": "tiles.attribution",
    "tile_terms": "tiles.terms",
    "tile_terms_read": "tiles.terms_read",
    "tile_zoom": "tiles.finest_zoom",
    "layers": "map.layers",
    "nws_url": "feeds.nws_url",
    "nhc_url": "feeds.nhc_url",
    "feeds_every_s": "feeds.every_s",
    "keys": "keys",
    "channels": "channels",
    "views": "views",
    "wall_is_open": "wall.is_open",
    "wall_screen": "wall.screen",
    "wall_distance_m": "wall.distance_m",
    "wall_diagonal_in": "wall.diagonal_in",
    "wall_turn_s": "wall.turn_s",
    "wall_blanked_at": "wall.blanked_at",
}
NUMBERS = {"poll_s": range(1, 3601), "calls_per_minute": range(100_001), "tile_zoom": range(1, 23)}
NUMBERS |= {"lock_after_min": range(241)}
NUMBERS |= {"feeds_every_s": range(60, 301)}
NUMBERS |= {"wall_distance_m": range(1, 61), "wall_diagonal_in": range(1001), "wall_turn_s": range(3601)}
NUMBERS |= {"wall_blanked_at": range(2**53)}
CHOICES = {"theme": ("light", "dim", "system")}
DEFAULTS = Settings()


def default_folder(exercise: str = "") -> Path:
    """The platform's place for a program's data; an exercise never shares a folder with real work."""
    import platformdirs  # not asked where a folder is named

    home = platformdirs.user_data_path(PRODUCT, appauthor=False)
    return home / "exercises" / exercise if exercise else home / "console"


def load(folder: Path) -> Settings:
    """Defaults where nothing is said. SettingsBroken names file, line and the way out."""
    path = folder / FILE
    text = _read(path)
    document = _parse_plainly(path, text)
    for place in _strangers(document):
        log.warning("%s, line %d: %s is no setting and is ignored.", path, _line_of(text, place), place)
    return Settings(**_said(path, text, document))


def save(folder: Path, settings: Settings) -> None:
    """Writes what differs from the defaults; the comments and order of a file written by hand stay.

    A damaged file is never written over: it raises SettingsBroken and stays as it is.
    """
    path = folder / FILE
    text = _read(path)
    document = _parse(path, text)
    said = _said(path, text, document)
    for name, place in PLACES.items():
        value = getattr(settings, name)
        if value != said.get(name, getattr(DEFAULTS, name)):
            _put(document, place, value)
    written = document.as_string()
    if written != text:
        _replace(path, written)


def keep(folder: Path, **changes: Any) -> None:
    """Change some settings in the file as it stands now: a person may have written in it meanwhile."""
    save(folder, replace(load(folder), **changes))


def secret(name: str, *, env: str = "") -> str:
    """A token or password, empty when none is known: from the variable that --token-env names, from
    systemd's credentials, else from the keyring. Never from a file of ours."""
    if env:
        if value := os.environ.get(env, "").strip():
            return value
        raise SettingsBroken(f"The environment variable {env} is empty: put the token there and start again.")
    if credentials := os.environ.get("CREDENTIALS_DIRECTORY"):
        with suppress(FileNotFoundError):
            return (Path(credentials) / name).read_text("utf-8").strip()
    with _keyring() as keyring:
        return keyring.get_password(PRODUCT, name) or ""


def keep_secret(name: str, value: str) -> None:
    with _keyring() as keyring:
        keyring.set_password(PRODUCT, name, value)


def remove_secret(name: str) -> None:
    """From the keyring; one that is not there is gone already."""
    with _keyring() as keyring:
        if keyring.get_password(PRODUCT, name) is not None:
            keyring.delete_password(PRODUCT, name)


def is_given_from_outside(name: str) -> bool:
    """Whether systemd's credentials hold it, which are read before the keyring and not ours to change."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(credentials) and (Path(credentials or "") / name).is_file()


@contextmanager
def _keyring() -> Iterator[Any]:
    import keyring  # asks the desktop for its services: not at every start
    from keyring.errors import KeyringError, NoKeyringError

    try:
        yield keyring
    except NoKeyringError as error:
        raise SettingsBroken(
            "This computer has no keyring to hold the server's token: "
            "name an environment variable that holds it with --token-env, or enter it at each start."
        ) from error
    except KeyringError as error:
        raise SettingsBroken(
            f"The keyring of this computer stays shut: {error}. Unlock it and retry."
        ) from error


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _broken(path, line, "it is not UTF-8 text") from error
    except OSError as error:
        raise SettingsBroken(
            f"{path} cannot be read ({error.strerror}): let this account read it, or move it away."
        ) from error


def _parse_plainly(path: Path, text: str) -> dict[str, Any]:
    """To read it only: what keeps comments and names the line of a mistake takes long to import."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return _parse(path, text).unwrap()


def _parse(path: Path, text: str) -> tomlkit.TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import ParseError

    try:
        return tomlkit.parse(text)
    except ParseError as error:
        what = re.sub(r" at line \d+ col \d+$", "", str(error)).rstrip(".")
        raise _broken(path, error.line, f"it cannot be understood ({what})") from error


def _said(path: Path, text: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says, by field; anything that cannot be meant is an error and not a default."""
    said = {}
    for name, place in PLACES.items():
        value = _find(document, place)
        if value is None:
            continue
        if wanted := _complaint(name, value):
            raise _broken(path, _line_of(text, place), f"{place} must be {wanted}")
        said[name] = value
    return said


def _complaint(name: str, value: Any) -> str:
    """What it must be instead; empty when it is that."""
    default = getattr(DEFAULTS, name)
    if numbers := NUMBERS.get(name):
        right, wanted = (
            type(value) is int and value in numbers,
            f"a whole number from {numbers[0]} to {numbers[-1]}",
        )
    elif choices := CHOICES.get(name):
        right, wanted = value in choices, f"one of {', '.join(choices)}"
    elif isinstance(default, bool):
        right, wanted = isinstance(value, bool), "true or false"
    elif isinstance(default, str):
        right, wanted = isinstance(value, str), "text in quotes"
    elif name == "keys":
        right, wanted = _is_names(value), 'a table of commands and keys, such as claim = "Space"'
    elif name == "layers":
        right, wanted = _is_names(value), 'a table of map layers, such as shelters = "on"'
    elif name == "views":
        right = isinstance(value, dict) and all(map(_is_tables, value.values()))
        wanted = 'a table for each person\'s view, such as [views."A. Ortiz".Wires] with key = "Alt+1"'
    else:
        right = isinstance(value, dict) and all(map(_is_names, value.values()))
        wanted = 'a table for each channel, such as [channels.folder] with folder = "…"'
    return "" if right else wanted


def _is_names(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _is_tables(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())


def _find(document: Mapping[str, Any], place: str) -> Any:
    """The plain value at `section.key`, None when nothing stands there."""
    found: Any = document
    for part in place.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found.unwrap() if hasattr(found, "unwrap") else found


def _strangers(document: Mapping[str, Any]) -> Iterator[str]:
    known = set(PLACES.values())
    for key, value in document.items():
        if key not in known:
            inside = [f"{key}.{inner}" for inner in value] if isinstance(value, dict) else [key]
            yield from (place for place in inside if place not in known)


def _put(document: tomlkit.TOMLDocument, place: str, value: Any) -> None:
    section, _, key = place.rpartition(".")
    into: MutableMapping[str, Any] = document
    if section:
        if not isinstance(document.get(section), MutableMapping):
            import tomlkit

            document[section] = tomlkit.table()
        into = document[section]
    _write(into, key, value)


def _write(into: MutableMapping[str, Any], key: str, value: Any) -> None:
    """A table is changed where it differs: comments and order of what stays in it stay."""
    there = into.get(key)
    if not (isinstance(value, Mapping) and isinstance(there, MutableMapping)):
        into[key] = _plain(value)
        return
    for gone in [name for name in there if name not in value]:
        del there[gone]
    for name, each in value.items():
        if name not in there or there[name] != each:
            _write(there, name, each)


def _plain(value: Any) -> Any:
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, Mapping) else value


def _line_of(text: str, place: str) -> int:
    """Neither TOML reader tells the line of a value: look for its key in its section."""
    section = place.rpartition(".")[0]
    here = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            here = header[1]
            if here == place:
                return number
        named = re.match(r"""\s*["']?([\w.-]+?)["']?\s*=""", line)
        if named and ".".join(filter(None, (here, named[1]))) in (place, section):
            return number
    return 1


def _broken(path: Path, line: int, what: str) -> SettingsBroken:
    return SettingsBroken(
        f"{path}, line {line}: {what}. Mend that line, or move the file away to start with the defaults."
    )


def _replace(path: Path, text: str) -> None:
    """The old file or the new one, never half of one, whatever happens meanwhile."""
    part = path.with_suffix(".toml.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise SettingsBroken(
            f"The settings could not be saved to {path} ({error.strerror}): they hold until it closes."
        ) from error
