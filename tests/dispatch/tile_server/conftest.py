from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.tile_server import TileServer


@pytest.fixture
def server() -> Iterator[TileServer]:
    made = TileServer()
    yield made
    made.close()
