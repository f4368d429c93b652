"""A whole seat without a window, for what only shows when all of it works together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import Room


@pytest.fixture(params=["sqlite", "postgresql"])
def room(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], request: pytest.FixtureRequest
) -> Iterator[Room]:
    """On a database of its own in the seat's folder, and on one that a room could share."""
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    seat = Room(tmp_path / "seat", city, clock, run, store_url=url)
    yield seat
    seat.close()
