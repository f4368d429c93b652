"""`doctor`: what is wrong with this seat, each finding one sentence that says what to do."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import click

from dispatch import settings as seat_settings
from dispatch.clock import WallClock
from dispatch.errors import LandfallError
from dispatch.escalation import webhook, webhook_answers
from dispatch.escalation.channels import CHANNELS, ChannelSettings, set_up
from dispatch.escalation.mail.check import check as check_mail
from dispatch.jurisdiction import load_jurisdiction
from dispatch.resources import resource
from dispatch.store import legal_holds
from dispatch.store.store import open_store

FREE_BYTES = 500 * 1024 * 1024


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The seat's data folder.")
def doctor(data: Path | None) -> None:
    """Look at folder, disk, settings, database, holds, city, channels, fonts, mail; exit 1 when wrong."""
    folder = data or seat_settings.default_folder()
    looks: tuple[tuple[str, Callable[[Path], str]], ...] = (
        ("folder", _folder),
        ("disk", _disk),
        ("settings", _settings),
        ("database", _database),
        ("legal holds", _legal_holds),
        ("city", _city),
        ("channels", _channels),
        ("fonts", _fonts),
        ("mail", _mail),
    )
    checks = []
    for name, look in looks:
        try:
            checks.append({"name": name, "ok": True, "say": look(folder)})
        except (LandfallError, OSError) as error:
            checks.append({"name": name, "ok": False, "say": str(error)})
    click.echo(json.dumps({"checks": checks}))
    if not all(check["ok"] for check in checks):
        sys.exit(1)


def _folder(folder: Path) -> str:
    if not folder.exists():
        return f"{folder} is made at the first start."
    if not os.access(folder, os.W_OK):
        raise LandfallError(f"{folder} cannot be written: give yourself the right to it, or use --data DIR.")
    return f"{folder} can be written."


def _disk(folder: Path) -> str:
    place = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(place).free
    if free < FREE_BYTES:
        raise LandfallError(f"Only {free // 1_000_000} MB are free: make room before a storm comes.")
    return f"{free // 1_000_000_000} GB are free."


def _settings(folder: Path) -> str:
    found = seat_settings.load(folder)
    return (
        f"The server is {_without_login(found.server_url)}." if found.server_url else "No server is set yet."
    )


def _without_login(url: str) -> str:
    """An address may carry a name and a password before its host."""
    before, at, rest = url.rpartition("@")
    return f"{before.partition('://')[0]}://{rest}" if at else url


def _database(folder: Path) -> str:
    path = folder / "seat.db"
    if not path.exists():
        return "The database is made at the first start."
    open_store(f"sqlite:///{path}", clock=WallClock()).close()
    return "The database can be read and written."


def _legal_holds(folder: Path) -> str:
    """A held storm is nothing wrong, and has to be known to whoever clears a disk."""
    path = folder / "seat.db"
    if not path.exists():
        return "No storm is under legal hold."
    store = open_store(f"sqlite:///{path}", clock=WallClock())
    try:
        with store.reading() as connection:
            held = {each.activation_id for each in legal_holds.holds(connection) if each.stands}
            names = [each.name for each in legal_holds.storms(connection) if each.activation_id in held]
    finally:
        store.close()
    if not names:
        return "No storm is under legal hold."
    return f"Under legal hold: {', '.join(names)}. Keep its database, backups and folders as they are."


def _city(folder: Path) -> str:
    return f"{load_jurisdiction(seat_settings.load(folder).city).name} is known."


def _channels(folder: Path) -> str:
    """Nobody is called: a relay would take it for a hand-over."""
    found = seat_settings.load(folder)
    zone, values = load_jurisdiction(found.city).zone, found.channel_values()
    settings = ChannelSettings(False, zone, WallClock(), folder, values, seat_settings.secret)
    for name in (webhook.URL, webhook_answers.URL):
        if settings.value(name):
            webhook.Relay.of(settings, name)
    return f"Hand-overs can go by {', '.join(CHANNELS[name].label for name in set_up(settings))}."


def _fonts(_folder: Path) -> str:
    if not resource("fonts", "Inter_400Regular.ttf").exists():
        raise LandfallError("The font Inter is missing from the resources: install Landfall again.")
    return "The fonts are there."


def _mail(folder: Path) -> str:
    """Both roads, the live one and the exercise's: each is asked, nothing is sent."""
    found = seat_settings.load(folder)
    zone, values = load_jurisdiction(found.city).zone, found.channels.get("email", {})
    said = [
        check_mail(
            ChannelSettings(is_exercise, zone, WallClock(), folder, values, secret=seat_settings.secret)
        )
        for is_exercise in (False, True)
    ]
    return " ".join(filter(None, said)) or "No mail server is set up: hand-overs do not go by e-mail."
