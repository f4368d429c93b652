"""`records`: a request for public records from the query to the pack, without a screen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dispatch.clock import WallClock
from dispatch.commands.seat_parts import records_desk, seat_parts
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.errors import ActRefused
from dispatch.records import Millis, RecordsQuery, Redaction
from dispatch.records_request.desk import Opened
from dispatch.records_request.statutes import load_once
from dispatch.reports.visible_text import visible
from dispatch.whole_file import make_folder, writing_whole

FOR_REQUESTER, FOR_ATTORNEY = "for_requester", "city_attorney_only"

_Command = Callable[..., Any]


def _seat(command: _Command) -> _Command:
    data = click.option("--data", type=click.Path(path_type=Path), help="The seat's folder.")
    store = click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
    person = click.option(
        "--person", default="", help="Who acts, where nobody signs in; default: the seat's."
    )
    return store(data(person(command)))


_NUMBER = click.option(
    "--request", "number", type=click.IntRange(min=1), required=True, help="1 is PRR-0001."
)
_RECORD = click.option("--record", "record_id", required=True, help="As `show` names it: report:4411.")
_STATUTE = click.option("--statute", required=True, help="Its number: `records statutes` lists common ones.")
_REASON = click.option("--reason", required=True, help="Goes to who asked: without the words it takes out.")


@click.group()
def records() -> None:
    """Answer a request for public records. Nothing leaves by itself."""


@records.command()
@_seat
@click.option("--from", "from_at", type=Moment(), help="Entered at this time or later.")
@click.option("--to", "to_at", type=Moment(), help="Entered before this time.")
@click.option("--words", default="", help="All of them, in the report or its thread.")
@click.option("--area", default="", help="The neighborhood of the site.")
@click.option("--category", default="", help="Our category.")
@click.option("--report", "numbers", multiple=True, help="The number of a report; may be said again.")
@click.option("--requester", default="", help="Who asked, where they said so.")
@click.option("--received", "received_at", type=Moment(), help="When it reached the city; default: now.")
def new(
    store_url: str,
    data: Path | None,
    person: str,
    from_at: Millis | None,
    to_at: Millis | None,
    words: str,
    area: str,
    category: str,
    numbers: tuple[str, ...],
    requester: str,
    received_at: Millis | None,
) -> None:
    """Collect what is asked for, as it stands now."""
    query = RecordsQuery(from_at, to_at, words, area, category, numbers)
    with seat_parts(store_url, data, person) as parts:
        received = WallClock().now() if received_at is None else received_at
        made, _ = records_desk(parts).collect(query, requester=requester, received_at=received)
    click.echo(json.dumps({"request": made.number, "name": made.name, "records": made.records}))


@records.command("list")
@_seat
def list_(store_url: str, data: Path | None, person: str) -> None:
    """The requests there are, the newest first."""
    with seat_parts(store_url, data, person) as parts:
        found = records_desk(parts).requests()
    answer = [
        {"request": each.number, "name": each.name, "records": each.records, "by": each.person}
        for each in found
    ]
    click.echo(json.dumps({"requests": answer}))


@records.command()
@_seat
@_NUMBER
@click.option("--open", "only_open", is_flag=True, help="Only what stands open: to be read before packing.")
@click.option("--record", "record_id", default="", help="Only this record.")
def show(
    store_url: str, data: Path | None, person: str, number: int, only_open: bool, record_id: str
) -> None:
    """The originals with their redactions, and what stands open."""
    with seat_parts(store_url, data, person) as parts:
        opened = records_desk(parts).open(number)
    if not only_open:
        _show_records(opened, record_id)
    for finding in opened.findings:
        if record_id in ("", finding.record_id):
            where = f"{finding.record_id} {finding.field} {finding.start}-{finding.end}".strip()
            click.echo(f"OPEN {where}: {finding.kind}")
    answer = {
        "name": opened.request.name,
        "records": len(opened.records),
        "redactions": [_plain(each) for each in opened.redactions],
        "open": len(opened.findings),
    }
    click.echo(json.dumps(answer))


@records.command()
@_seat
@_NUMBER
@_RECORD
@click.option("--field", required=True, help="Which of its fields.")
@click.option("--passage", default="", help="These words, wherever they stand in the field.")
@click.option("--start", type=click.IntRange(min=0), help="Or from this character, the first is 0,")
@click.option("--end", type=click.IntRange(min=1), help="until before this one. Neither: the whole field.")
@_STATUTE
@_REASON
def redact(
    store_url: str,
    data: Path | None,
    person: str,
    number: int,
    record_id: str,
    field: str,
    passage: str,
    start: int | None,
    end: int | None,
    statute: str,
    reason: str,
) -> None:
    """Take words out of the copy; the original stays."""
    if (start is None) != (end is None) or (passage and start is not None):
        raise click.UsageError("Say --passage, or --start and --end, or none of them for the whole field.")
    with seat_parts(store_url, data, person) as parts:
        desk = records_desk(parts)
        spans: list[tuple[int, int] | None] = [None]
        if start is not None and end is not None:
            spans = [(start, end)]
        elif passage:
            spans = list(_places(desk.open(number), record_id, field, passage))
        made = [desk.redact(number, record_id, field, span, statute, reason)[0] for span in spans]
    click.echo(json.dumps({"redactions": [_plain(each) for each in made]}))


@records.command()
@_seat
@_NUMBER
@_RECORD
@_STATUTE
@_REASON
def withhold(
    store_url: str, data: Path | None, person: str, number: int, record_id: str, statute: str, reason: str
) -> None:
    """Keep a whole record back."""
    with seat_parts(store_url, data, person) as parts:
        made, _ = records_desk(parts).withhold(number, record_id, statute, reason)
    click.echo(json.dumps({"redactions": [_plain(made)]}))


@records.command()
@_seat
@_NUMBER
@click.argument("redaction_id")
@click.option("--why", required=True, help="Kept with the redaction; does not go to who asked.")
def withdraw(
    store_url: str, data: Path | None, person: str, number: int, redaction_id: str, why: str
) -> None:
    """Let the words stand in the next copy again."""
    with seat_parts(store_url, data, person) as parts:
        records_desk(parts).withdraw(number, redaction_id, why)
    click.echo(json.dumps({"withdrawn": redaction_id}))


@records.command()
@_seat
@_NUMBER
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed.")
@click.option("--all-read", is_flag=True, help="You have read what stands open, and it may go out.")
def pack(store_url: str, data: Path | None, person: str, number: int, folder: Path, all_read: bool) -> None:
    """Write the copy for who asked, and in another folder the originals for the city attorney alone."""
    with seat_parts(store_url, data, person) as parts:
        made, _ = records_desk(parts).pack(number, all_is_read=all_read)
    files = [
        _written(folder / FOR_REQUESTER, made.requester_name, made.requester, 0o666),
        _written(folder / FOR_ATTORNEY, made.originals_name, made.originals, 0o600),
    ]
    click.echo(json.dumps({"files": files}))


@records.command()
def statutes() -> None:
    """The list of common exemptions, to be checked with the city attorney."""
    found = load_once()
    for number, title in found.titles.items():
        click.echo(f"s. {number}  {title}")
    click.echo(json.dumps({"as_of": found.as_of, "check": found.check, "statutes": len(found.titles)}))


def _show_records(opened: Opened, record_id: str) -> None:
    for record in opened.records:
        if record_id in ("", record.record_id):
            click.echo(f"{record.record_id} ({record.about})")
            for name, words in record.fields:
                click.echo(f"    {name}: {visible(words)}")


def _places(opened: Opened, record_id: str, field: str, passage: str) -> list[tuple[int, int]]:
    words = next((r.words_of(field) or "" for r in opened.records if r.record_id == record_id), "")
    found, at = [], words.find(passage)
    while at >= 0:
        found.append((at, at + len(passage)))
        at = words.find(passage, at + len(passage))
    if not found:
        raise ActRefused(f"{field} of {record_id} has no such passage: `records show` shows its words.")
    return found


def _plain(each: Redaction) -> dict[str, object]:
    """Without its words."""
    return {
        "id": each.redaction_id,
        "record": each.record_id,
        "field": each.field,
        "start": each.start,
        "end": each.end,
        "statute": each.statute,
        "by": each.person,
        "stands": each.stands,
    }


def _written(folder: Path, name: str, content: bytes, mode: int) -> dict[str, object]:
    make_folder(folder)
    with writing_whole(folder / name, mode=mode) as file:
        file.write(content)
    return {
        "path": str(folder / name),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }
