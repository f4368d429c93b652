"""`python -m dispatch exercise STORM`: reads its arguments, opens the exercise's data and serves it."""

from __future__ import annotations

import json
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from random import Random
from typing import Any

import click

from dispatch.clock import Reading, StormClock
from dispatch.exercise import api, control, feeds, georeport, rows, server, storms
from dispatch.exercise.faults import BadFaults, Faults
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.office import FASTEST, Office, reopened_clock
from dispatch.exercise.quirk_table import PROFILES
from dispatch.exercise.quirks import SPEC, BadQuirks, Quirks
from dispatch.exercise.script import Storm
from dispatch.exercise.times import EASTERN, to_millis
from dispatch.records import Millis

DEFAULT_SPEED = 4.0
# The city's own account writes with this token unless --token names another.
DEFAULT_TOKEN = "exercise"
FILE = "exercise.db"


class Moment(click.ParamType[str]):
    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            to_millis(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write it like 2017-09-11T10:30:00-04:00.", param, ctx)
        return str(value)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as it is remembered beside the data: a restart must ask for the same."""

    storm: str
    seed: int
    rows: str | None
    at: str | None
    begin: str | None
    end: str | None
    all_at_once: bool


@click.command()
@click.argument("storm", default="irma")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option("--speed", type=click.FloatRange(0, FASTEST), help="Times real time; 4 unless said otherwise.")
@click.option("--seed", type=int, default=1)
@click.option("--rate-limit", type=click.IntRange(0), default=20, help="Calls a minute; 0 is no limit.")
@click.option("--at", type=Moment(), help="Where the storm's clock stands at the start.")
@click.option("--from", "begin", type=Moment(), help="Leave out rows created before.")
@click.option("--to", "end", type=Moment(), help="Leave out rows created then or later.")
@click.option(
    "--rows", "file", type=click.Path(path_type=Path), help="Play the rows of FILE.csv[.gz] instead."
)
@click.option("--all-at-once", is_flag=True, help="Every row is there from the start.")
@click.option("--faults", "faults_file", type=click.Path(path_type=Path), help="What goes wrong, as JSON.")
@click.option(
    "--quirks",
    "quirk_words",
    default="",
    help=f"What the server does that servers do: rows of the table and a profile ({', '.join(PROFILES)}),"
    " like spot,Q61.",
)
@click.option(
    "--token-delay",
    "token_delay_s",
    type=click.IntRange(0),
    default=0,
    help="Seconds of storm time until a report sent by Open311 has its number; 0 is at once.",
)
@click.option(
    "--token", default=DEFAULT_TOKEN, show_default=True, help="What the city's own account logs in with."
)
@click.option(
    "--data", type=click.Path(path_type=Path), help="Folder to keep; a new temporary one by default."
)
@click.option(
    "--until-eof", is_flag=True, help="End when standard input does: with the program that began it."
)
def exercise(
    storm: str,
    port: int,
    speed: float | None,
    seed: int,
    rate_limit: int,
    at: str | None,
    begin: str | None,
    end: str | None,
    file: Path | None,
    all_at_once: bool,
    faults_file: Path | None,
    quirk_words: str,
    token_delay_s: int,
    token: str,
    data: Path | None,
    until_eof: bool,
) -> None:
    """Play STORM from a real 311 server until SIGTERM: irma, harvey, or quiet (no rows of its own)."""
    if speed is not None and isnan(speed):
        raise click.UsageError("--speed is a number, like 4.")
    if file is None and storm not in storms.STORMS:
        raise click.UsageError(f"There is no storm {storm!r}; there are {', '.join(storms.STORMS)}.")
    if until_eof:
        server.end_with_input()
    wish = Wish(storm, seed, str(file.resolve()) if file else None, at, begin, end, all_at_once)
    faults = _faults(faults_file, seed)
    with _folder(data) as folder, _listen(port) as listener, closing(_ledger(folder / FILE)) as ledger:
        clock = _open(ledger, wish, speed) if ledger.is_empty else _resume(ledger, wish, speed)
        office = Office(ledger, clock, Random(seed))
        office.keep_clock()
        quirks = _quirks(ledger, quirk_words, token_delay_s)
        app = server.build(office, token=token, faults=faults, quirks=quirks, calls_a_minute=rate_limit)
        origin = f"http://{server.HOST}:{listener.getsockname()[1]}"
        where = {
            "url": f"{origin}{api.MOUNT}",
            "georeport_url": f"{origin}{georeport.MOUNT}",
            "control_url": f"{origin}{control.MOUNT}",
            "feeds_url": f"{origin}{feeds.MOUNT}",
        }
        try:
            server.serve(app, listener, office, lambda: _say(where))
        except sqlite3.Error as error:
            raise click.ClickException(
                f"{folder / FILE} cannot be written any more ({error}); what was accepted until now is kept."
            ) from None


def _say(where: dict[str, str]) -> None:
    click.echo(json.dumps(where))
    sys.stdout.flush()


def _ledger(path: Path) -> Ledger:
    try:
        return Ledger(path)
    except sqlite3.DatabaseError as error:
        raise click.ClickException(
            f"{path} is damaged or cannot be written ({error}); name another folder with --data."
        ) from None


def _open(ledger: Ledger, wish: Wish, speed: float | None) -> StormClock:
    try:
        storm = _rows_storm(wish) if wish.rows else storms.STORMS[wish.storm](wish.seed)
    except rows.BadRows as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"The data of {wish.storm} is not there: {error}.") from None
    begin, end = _moment(wish.begin, storm), _moment(wish.end, storm)
    played = tuple(
        row
        for row in storm.rows
        if (begin is None or row.created_at >= begin) and (end is None or row.created_at < end)
    )
    at = _moment(wish.at, storm)
    if at is None:
        at = max(storm.starts_at, rows.latest(played)) if wish.all_at_once else storm.starts_at
    ledger.fill(replace(storm, rows=played), at, all_at_once=wish.all_at_once)
    ledger.say_about("wish", wish)
    return StormClock(Reading(at, DEFAULT_SPEED if speed is None else speed, paused=False))


def _rows_storm(wish: Wish) -> Storm:
    assert wish.rows is not None
    played, types = rows.read(Path(wish.rows), wish.seed, EASTERN)
    return Storm(
        name=wish.storm,
        organization="City 311",
        organization_id=storms.ORGANIZATION_ID,
        zone=EASTERN,
        types=types,
        starts_at=rows.latest(played) or storms.OPENS_AT,
        rows=tuple(played),
    )


def _resume(ledger: Ledger, wish: Wish, speed: float | None) -> StormClock:
    kept = Wish(**ledger.about("wish"))
    if (kept.storm, kept.seed, kept.rows) != (wish.storm, wish.seed, wish.rows):
        raise click.UsageError(
            f"This folder holds the exercise {kept.storm!r} with seed {kept.seed}"
            + (f" and the rows of {kept.rows}" if kept.rows else "")
            + "; ask for the same, or name another folder with --data."
        )
    clock = reopened_clock(ledger.about("clock"))
    if speed is not None:
        clock.set(replace(clock.reading, now=clock.now(), speed=speed))
    return clock


def _moment(text: str | None, storm: Storm) -> Millis | None:
    return to_millis(text, storm.zone) if text else None


def _faults(path: Path | None, seed: int) -> Faults:
    faults = Faults(Random(seed))
    if path is None:
        return faults
    try:
        faults.set(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        sentence = str(error) if isinstance(error, BadFaults) else f"{path} cannot be read as JSON: {error}."
        raise click.UsageError(sentence) from None
    return faults


def _quirks(ledger: Ledger, words: str, token_delay_s: int) -> Quirks:
    """As the command says; what was switched since holds as long as the command says the same."""
    asked = [word.strip() for word in words.split(",") if word.strip()]
    profiles = [word for word in asked if word in PROFILES]
    rows = [word for word in asked if word not in profiles]
    wish = {"profile": (profiles or [SPEC])[-1], "on": rows, "token_delay_s": token_delay_s}
    quirks = Quirks()
    try:
        quirks.set(wish)
    except BadQuirks as error:
        raise click.UsageError(f"{error} GET /quirks of a running exercise tells what there is.") from None
    if ledger.about("quirks_asked") == wish:
        with suppress(BadQuirks):
            quirks.set(ledger.about("quirks"))
    ledger.say_about("quirks_asked", wish)
    ledger.say_about("quirks", quirks.say())
    return quirks


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    """The folder that was named, or one that goes when the exercise does."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="landfall-exercise-") as folder:
            yield Path(folder)
        return
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"The folder {data} cannot be made: {error.strerror}.") from None
    yield data


def _listen(port: int) -> socket.socket:
    try:
        return server.bind(port)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port, or 0 for a free one."
        ) from None
