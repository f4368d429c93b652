"""`form`: ICS forms of a store as PDF, filled from its records; nothing is written into the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.form_desk import FormDesk
from dispatch.form_kinds import Opened
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Actor, Millis
from dispatch.reports.paper import is_picture
from dispatch.store import forms, log
from dispatch.store.store import Store


@click.group()
def form() -> None:
    """ICS forms filled from the records."""


def of_a_period(command: Callable[..., None]) -> Callable[..., None]:
    """The options that all of them take."""
    for option in (
        click.option("--city", default="st-petersburg", help="Whose time and names to use."),
        click.option("--person", default="", help="Who prepares it."),
        click.option(
            "--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed."
        ),
        click.option("--to", "to_at", type=Moment(), required=True, help="The period's end."),
        click.option("--from", "from_at", type=Moment(), required=True, help="The period's beginning."),
        click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL."),
    ):
        command = option(command)
    return command


@form.command("ics214")
@of_a_period
@click.option("--position", required=True, help="Whose activity log, as the log writes it: Operator.")
def ics214(
    store_url: str, from_at: Millis, to_at: Millis, folder: Path, person: str, city: str, position: str
) -> None:
    """Activity log of one position and period."""
    with opened(store_url, "made") as store:
        desk = _desk(store, city, folder, Actor("", person, position if person else "", ""))
        made = desk.activity_log(position, from_at, to_at)
        if not made.form.entries:
            with store.reading() as connection:
                others = {each.position for each in log.between(connection, from_at, to_at)} - {""}
            names = ", ".join(sorted(others)) or "nobody"
            click.echo(f"{position} did nothing notable in that time; the log has acts of {names}.", err=True)
        _answer(desk, made, folder, entries=len(made.form.entries))


@form.command("ics201")
@of_a_period
@click.option(
    "--map",
    "picture",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PNG or JPEG for block 4.",
)
def ics201(
    store_url: str,
    from_at: Millis,
    to_at: Millis,
    folder: Path,
    person: str,
    city: str,
    picture: Path | None,
) -> None:
    """Incident briefing of a period, for a change of shift."""
    content = picture.read_bytes() if picture else b""
    if content and not is_picture(content):
        raise click.UsageError(f"{picture} is no picture: give a PNG or JPEG.")
    with opened(store_url, "made") as store:
        desk = _desk(store, city, folder, Actor("", person, "", ""))
        _answer(desk, desk.briefing(from_at, to_at), folder, picture=content)


@form.command("ics209")
@of_a_period
def ics209(store_url: str, from_at: Millis, to_at: Millis, folder: Path, person: str, city: str) -> None:
    """Status summary, only the blocks that 311 can know: reported, not assessed."""
    with opened(store_url, "made") as store:
        desk = _desk(store, city, folder, Actor("", person, "", ""))
        _answer(desk, desk.status_summary(from_at, to_at), folder)


def _desk(store: Store, city: str, folder: Path, who: Actor) -> FormDesk:
    with store.reading() as connection:
        activation_id = forms.current_activation(connection)
    if not activation_id:
        raise click.ClickException("This store holds no activation yet: there is nothing to make a form of.")
    actor = Actor(activation_id, who.person, who.position, who.seat)
    return FormDesk(store=store, actor=lambda: actor, jurisdiction=load_jurisdiction(city), folder=folder)


def _answer(desk: FormDesk, made: Opened, folder: Path, *, picture: bytes = b"", **more: Any) -> None:
    path = desk.print_out(made, folder, picture=picture)
    content = path.read_bytes()
    written = {"name": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    head = {"entry": made.form.log_number, "head": made.form.log_hash}
    click.echo(json.dumps({"form": made.kind, "version": made.version, **more, **head, "files": [written]}))
