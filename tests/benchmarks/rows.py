"""A hundred thousand open reports of a made-up storm: as a file the exercise plays, and as a filled store."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from dispatch import assembly
from dispatch.assembly import Parts, Storm
from dispatch.clock import Clock
from dispatch.exercise.rows import COLUMNS
from dispatch.records import Actor, CrmStatus, Page, Place, Reporter, ServiceRequest
from dispatch.settings import Settings
from dispatch.store import mirror
from dispatch.sync.take import Taker
from tests.benchmarks.bench_triage import made_texts

COUNT = 100_000
PAGE = 100
FIRST_ID = 4_000_000
LAST_AT = 1_505_140_200_000  # 11 Sep 2017, 10:30 in St. Petersburg, when the Irma exercise opens
EVERY_MS = 7_000
WEST, SOUTH, EAST, NORTH = -82.735, 27.715, -82.615, 27.825
# As the city titles them; storm mode sets none of them aside, so that all stand in the list.
TITLES = (
    ("Storm: Tree Blocking Road", 58),
    ("Storm: Street Flooding", 14),
    ("Storm: Building Damage", 12),
    ("Storm: Traffic Signal Out", 6),
    ("Storm: Power Line Down", 4),
    ("Other Request", 6),
)


def requests(count: int = COUNT) -> Iterator[ServiceRequest]:
    """Newest last; all open, none twice, always the same ones."""
    chance = random.Random(7)
    texts = made_texts()
    titles, weights = zip(*TITLES, strict=True)
    for number in range(count):
        lat, lng = chance.uniform(SOUTH, NORTH), chance.uniform(WEST, EAST)
        at = LAST_AT - (count - 1 - number) * EVERY_MS
        title = chance.choices(titles, weights)[0]
        yield ServiceRequest(
            request_id=str(FIRST_ID + number),
            status=CrmStatus.OPEN,
            raw_status="Open",
            summary=title,
            description=chance.choice(texts),
            service_code="",
            service_name=title,
            address=_address(chance, lat, lng),
            place=Place(round(lat, 6), round(lng, 6)),
            created_at=at,
            updated_at=at,
            reporter=Reporter(str(2_000_000 + chance.randrange(30_000)), "A. Resident", "Registered User"),
            page_url=f"https://example.test/issues/{FIRST_ID + number}",
        )


def _address(chance: random.Random, lat: float, lng: float) -> str:
    """A house on the numbered avenue that runs there: the words and the pin mostly agree."""
    avenue = round((lat - 27.7713) / (0.00093 if lat > 27.7713 else 0.00099))
    side = "N" if avenue >= 0 else "S"
    street = max(1, round(4 + (-82.6385 - lng) / 0.001435))
    house = street * 100 + chance.randrange(1, 99)
    return f"{house} {_nth(max(1, abs(avenue)))} Ave {side} St. Petersburg, FL 33711"


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ending}"


def write_csv(path: Path, count: int = COUNT) -> None:
    """In the columns that the exercise's `--rows` takes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for item in requests(count):
            assert item.place is not None
            at = datetime.fromtimestamp(item.created_at / 1000, UTC).isoformat()
            words = (item.raw_status, item.service_name, item.summary, item.description, item.address)
            writer.writerow((item.request_id, at, at, "", *words, item.place.lat, item.place.lng))


def pages(items: Sequence[ServiceRequest], size: int = PAGE) -> Iterator[Page]:
    """Newest first, as the backlog brings them."""
    newest_first = items[::-1]
    for start in range(0, len(items), size):
        yield Page(tuple(newest_first[start : start + size]), (), None, None)


def seat(folder: Path, clock: Clock, *, store_url: str = "", name: str = "Seat 1") -> Parts:
    """The parts of a seat without a window."""
    return assembly.build(
        folder=folder,
        settings=Settings(person="A. Operator", seat=name),
        clock=clock,
        storm=Storm("irma", is_exercise=True),
        store_url=store_url,
    )


def taker_of(parts: Parts, address: str = "http://127.0.0.1:9/api/v2") -> Taker:
    actor = Actor(parts.actor.activation_id, "", "Sync", parts.actor.seat)
    with parts.store.transaction(actor) as tx:
        server_id = mirror.ensure_server(tx.connection, address, "seeclickfix")
    return Taker(parts.store, parts.in_force, actor, server_id)


def fill(folder: Path, clock: Clock, count: int = COUNT, *, store_url: str = "") -> None:
    """A seat's database with that many reports, in step with its server."""
    parts = seat(folder, clock, store_url=store_url)
    try:
        taker = taker_of(parts)
        for page in pages(list(requests(count)), 1000):
            taker.page(page, watermark_at=LAST_AT, backlog_done=1)
    finally:
        parts.close()
