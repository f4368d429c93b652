"""`sync`: the coming and going with a 311 server, without a screen."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import (
    AlreadyRunning,
    RateLimited,
    ServerChallenges,
    ServerFailed,
    ServerUnreachable,
    StoreUnreachable,
)
from dispatch.locks import FolderLock
from dispatch.records import Millis, SyncStatus
from dispatch.servers import SERVERS
from dispatch.settings import Settings, secret
from dispatch.store import mirror, outbox, sites
from dispatch.store.store import check_address
from dispatch.store.sync_lock import StoreLock
from dispatch.sync.service import Sync
from dispatch.waiting import is_set_within

# `--once` outlives a hiccup, not an outage.
TRIES = 6
LONGEST_PAUSE_S = 30.0
TRY_LOCK_S = 1.0


class Moment(click.ParamType[Millis]):
    name = "ISO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Millis:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a time; write it like 2017-09-11T00:00:00-04:00.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} has no zone; write it like 2017-09-11T00:00:00-04:00.", param, ctx)
        return int(moment.timestamp() * 1000)


@click.command()
@click.option("--server", "kind", type=click.Choice(sorted(SERVERS)), default="seeclickfix")
@click.option("--url", required=True, help="The server's base address, as in https://…/api/v2.")
@click.option("--jurisdiction", default="", help="The server's own id of the city's organization.")
@click.option("--token-env", default="", help="Name of the environment variable that holds the token.")
@click.option(
    "--store", "store_url", type=StoreAddress(), required=True, help="Created or migrated as needed."
)
@click.option("--since", "since_at", type=Moment(), help="Nothing entered before; everything by default.")
@click.option("--once", is_flag=True, help="Until in step, then end.")
@click.option("--for", "seconds", type=click.FloatRange(0), help="So many seconds, then end.")
@click.option("--service", is_flag=True, help="Wait for the turn to sync, and go on until SIGTERM.")
@click.option("--budget", type=click.IntRange(0), default=20, help="Calls a minute; 0 is no limit.")
@click.option("--city", default="st-petersburg", help="Whose categories and areas to use.")
def sync(
    kind: str,
    url: str,
    jurisdiction: str,
    token_env: str,
    store_url: str,
    since_at: Millis | None,
    once: bool,
    seconds: float | None,
    service: bool,
    budget: int,
    city: str,
) -> None:
    """Bring a store in step with a 311 server and send what waits in it."""
    if sum((once, seconds is not None, service)) != 1:
        raise click.UsageError("Say how long: --once, --for SECONDS, or --service.")
    started = time.monotonic()
    token = secret("server", env=token_env) if token_env or service else ""
    folder = _folder(store_url)
    parts = assembly.build(
        folder=folder,
        settings=Settings(city=city),
        clock=WallClock(),
        storm=None,
        store_url=store_url,
    )
    lock = assembly.sync_lock(parts)
    try:
        if service:
            _wait_for(lock)
        else:
            lock.take()
        work, pull = assembly.build_sync(
            parts,
            url=url,
            token=token,
            kind=kind,
            organization=jurisdiction,
            calls_per_minute=budget,
            poll_s=parts.settings.poll_s,
            since_at=since_at,
            tell=_tell,
            lock=lock,
        )
        if once:
            asyncio.run(_once(work))
        elif service:
            asyncio.run(_serve(work, lock))
        else:
            asyncio.run(_for(work, seconds or 0.0))
        with parts.store.reading() as connection:
            requests, quarantined = mirror.counts(connection)
            answer = {
                "requests": requests,
                "sites": sites.count(connection),
                "quarantined": quarantined,
                "calls": pull.calls,
                "pending": outbox.counts(connection)[0],
                "seconds": round(time.monotonic() - started, 2),
                "complete": pull.is_backlog_done and (once or work.status.state == "in_step"),
            }
    finally:
        lock.let_go()
        parts.close()
    click.echo(json.dumps(answer))


async def _once(work: Sync) -> None:
    """Until in step; a server that stumbles is asked again where we stopped, one that is down is told of."""
    tries = 0
    while True:
        try:
            await work.once()
            return
        except RateLimited as error:
            # A page that stays is a wrong address; that it passes is the way of a bot protection.
            tries += isinstance(error, ServerChallenges)
            if tries >= TRIES:
                raise
            work.hold(error.retry_after_s)
            click.echo(str(error), err=True)
        except (ServerUnreachable, ServerFailed) as error:
            tries += 1
            if tries >= TRIES:
                raise
            click.echo(f"{error} Trying again.", err=True)
            await asyncio.sleep(min(LONGEST_PAUSE_S, 0.5 * 2**tries))


def _wait_for(lock: FolderLock | StoreLock) -> None:
    """While another one syncs, or the room's database is away: as long as it takes."""
    said = ""
    while True:
        try:
            lock.take()
            return
        except (AlreadyRunning, StoreUnreachable) as error:
            if str(error) != said:
                click.echo(said := str(error), err=True)
        time.sleep(TRY_LOCK_S)


async def _serve(work: Sync, lock: FolderLock | StoreLock) -> None:
    """Until it is told to end. Raises StoreUnreachable when another one has taken over: whoever keeps
    services starts it again, and it waits for its turn."""
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: loop.call_soon_threadsafe(ended.set))
    loop = asyncio.get_running_loop()
    work.start()
    try:
        while not await is_set_within(ended, TRY_LOCK_S):
            if isinstance(lock, StoreLock):
                lock.must_be_ours()
    finally:
        await work.stop()


async def _for(work: Sync, seconds: float) -> None:
    work.start()
    await asyncio.sleep(seconds)
    await work.stop()


def _tell(status: SyncStatus) -> None:
    click.echo(
        f"{status.state}: {status.requests} requests, {status.to_send} to send. {status.sentence}", err=True
    )


def _folder(store_url: str) -> Path:
    """Where the lock and the settings of this store lie: beside a SQLite file, else the platform's place."""
    from dispatch.settings import default_folder

    url = check_address(store_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).resolve().parent
    return default_folder()
