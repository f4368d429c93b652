"""A whole seat without a window, for what only shows when all of it works together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import Room


@pytest.fixture
def room(tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    seat = Room(tmp_path / "seat", city, clock, run)
    yield seat
    seat.close()
