"""`server`: what a 311 server is known to do, found out anew or corrected by a person."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from dispatch.assembly import build_judge
from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import LandfallError
from dispatch.http import HttpDoor
from dispatch.in_force import InForce
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Actor, Millis
from dispatch.servers import SERVERS, Server, Where
from dispatch.servers.capabilities import (
    Capabilities,
    corrected,
    found,
    plain,
    to_text,
    uncorrected,
)
from dispatch.settings import secret
from dispatch.store import mirror, schema
from dispatch.store.store import Store, check_address, open_store
from dispatch.sync import record
from dispatch.sync.budget import Budget
from dispatch.sync.line import Line
from dispatch.sync.probe import ENOUGH_ROWS, Probe
from dispatch.sync.progress import Progress
from dispatch.sync.slices import Slice
from dispatch.sync.take import Taker
from dispatch.workers import Workers

TOO_LITTLE = f"The server shows fewer than {ENOUGH_ROWS} reports: too few to tell what it can do."


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--url", default="", help="The server's address; not needed where the store knows but one.")
@click.option("--server", "kind", type=click.Choice(sorted(SERVERS)), help="Its kind, for a new one.")
@click.option("--jurisdiction", default="", help="The server's own id of the city's organization.")
@click.option("--token-env", default="", help="Name of the environment variable that holds the token.")
@click.option("--city", default="st-petersburg", help="Whose zone and area the rows are read by.")
@click.option("--probe", "wants_probe", is_flag=True, help="Ask the server what it can do, now.")
@click.option("--set", "wishes", multiple=True, metavar="NAME=VALUE", help="Correct a value; probes keep it.")
@click.option("--clear", "cleared", multiple=True, metavar="NAME", help="Leave a value to the probe again.")
@click.option("--budget", type=click.IntRange(0), default=20, help="Calls a minute; 0 is no limit.")
def server(
    store_url: str,
    url: str,
    kind: str | None,
    jurisdiction: str,
    token_env: str,
    city: str,
    wants_probe: bool,
    wishes: Sequence[str],
    cleared: Sequence[str],
    budget: int,
) -> None:
    """Show, probe or correct the record of what a 311 server can do."""
    path = check_address(store_url).database
    if not (url or not store_url.startswith("sqlite") or (path and Path(path).is_file())):
        raise LandfallError(f"There is no database at {path}, and no --url says which server to begin with.")
    token = secret("server", env=token_env) if token_env else ""
    place = load_jurisdiction(city)
    store, door, workers = open_store(store_url, clock=WallClock()), HttpDoor(), Workers()
    try:
        address, kind = _which(store, url, kind)
        where = Where(place.zone, place.box, WallClock().now)
        one = SERVERS[kind](door, address, jurisdiction, token, where)
        actor = Actor(_activation(store), "", "Server", "")
        with store.transaction(actor) as tx:
            server_id = mirror.ensure_server(tx.connection, one.address, kind)
        careful = one.capabilities
        one.capabilities, complaint = record.read(store, server_id, careful)
        mended = _mended(one.capabilities, careful, wishes, cleared)
        if mended != one.capabilities:
            why = "; ".join(["set by hand: " + each for each in wishes] + ["cleared: " + n for n in cleared])
            one.capabilities = mended
            record.keep(store, actor, server_id, mended, why=why)
        if wants_probe:
            taker = Taker(
                store, InForce(build_judge(place), activation_id=actor.activation_id), actor, server_id
            )
            line = Line(one, store, taker, workers, Budget(budget))
            one.capabilities = asyncio.run(_probe(line, careful))
            record.keep(store, actor, server_id, one.capabilities, why="the server was probed")
        _show(one, complaint if not (wants_probe or wishes or cleared) else "")
        answer = _answer(store, server_id, one, complaint)
    finally:
        workers.close()
        door.close()
        store.close()
    click.echo(json.dumps(answer))


def _which(store: Store, url: str, kind: str | None) -> tuple[str, str]:
    """Address and kind; of the one the store knows, where nothing else is said."""
    with store.reading() as connection:
        known = {
            row.address: row.kind
            for row in connection.execute(select(schema.server.c.address, schema.server.c.kind))
        }
    if url:
        base = url.rstrip("/")
        return url, kind or known.get(base, "seeclickfix")
    if not known:
        raise LandfallError("This store knows no server yet: say --url and --server.")
    if len(known) > 1:
        raise click.UsageError(
            f"This store knows {len(known)} servers: say --url, one of {', '.join(known)}."
        )
    return next(iter(known.items()))


def _mended(
    record: Capabilities, careful: Capabilities, wishes: Sequence[str], cleared: Sequence[str]
) -> Capabilities:
    try:
        record = uncorrected(record, frozenset(cleared), careful)
        return corrected(record, dict(_wish(each) for each in wishes))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _wish(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text} says no value: write it like row_cap=1000.")
    return name.strip(), value.strip()


async def _probe(line: Line, careful: Capabilities) -> Capabilities:
    before = line.server.capabilities
    # What an earlier probe found is no premise of this one.
    line.server.capabilities = found(before, careful)
    can = await Probe(line).run()
    if can is None or can.probed_at is None:
        raise LandfallError(TOO_LITTLE)
    return can


def _show(one: Server, complaint: str) -> None:
    click.echo(f"{one.address} ({one.kind})", err=True)
    if complaint:
        click.echo(complaint, err=True)
    click.echo(to_text(one.capabilities), err=True, nl=False)


def _answer(store: Store, server_id: int, one: Server, complaint: str) -> dict[str, Any]:
    with store.reading() as connection:
        row = mirror.server_row(connection, server_id)
    gaps = Progress.load(row.progress)
    can = one.capabilities
    return {
        "server": one.address,
        "kind": one.kind,
        "probed_at": _iso(can.probed_at),
        "capabilities": plain(can),
        "corrected": sorted(can.corrected),
        "complaint": complaint,
        "backlog_done": row.backlog_done,
        "swept_at": _iso(row.swept_at),
        # What the server could not give: times of entry it fails over, seconds with more than it shows.
        "fails_over": [_between(each) for each in gaps.broken],
        "cut_off": [_between(each) for each in gaps.overfull],
    }


def _between(each: Slice) -> list[str | None]:
    return [_iso(each.from_at), _iso(each.to_at)]


def _iso(at: Millis | None) -> str | None:
    return None if not at else datetime.fromtimestamp(at // 1000, UTC).isoformat()


def _activation(store: Store) -> str:
    with store.reading() as connection:
        current = select(schema.activation.c.activation_id).where(schema.activation.c.is_current == 1)
        return str(connection.execute(current).scalar() or "")
