"""A playing 311 server and a GeoReport adapter before it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from dispatch.http import HttpDoor
from dispatch.servers import Where
from dispatch.servers.georeport import GeoReport
from tests.dispatch.servers.playing import Playing

# 11 Sep 2017 10:30 in St. Petersburg.
NOW = 1_505_140_200_000
WHERE = Where(ZoneInfo("America/New_York"), (-82.80, 27.60, -82.54, 27.90), lambda: NOW)


@pytest.fixture
def playing() -> Iterator[Playing]:
    server = Playing()
    yield server
    server.close()


@pytest.fixture
def door() -> Iterator[HttpDoor]:
    opened = HttpDoor(connect_s=5, read_s=5)
    yield opened
    opened.close()


@pytest.fixture
def georeport(playing: Playing, door: HttpDoor) -> GeoReport:
    return GeoReport(door, playing.address, "stpete.example", "key", WHERE)
