"""A seat's store with rows in every table, a backup of it, and the commands as somebody gives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.__main__ import main
from dispatch.clock import WallClock
from dispatch.store.store import Store, open_store
from tests import full_store
from tests.backup_files import Say


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """`say("backup", "--store", ...)`: exit code, the JSON, the sentence."""

    def run(*words: object) -> tuple[int, Any, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out else None, told.err.strip()

    return run


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'target.db'}"
    return str(request.getfixturevalue("second_postgres_url"))


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    stores: list[Store] = []

    def open_one(url: str) -> Store:
        stores.append(open_store(url, clock=WallClock()))
        return stores[-1]

    yield open_one
    for store in stores:
        store.close()


@pytest.fixture
def seat_url(tmp_path: Path, opened: Callable[[str], Store]) -> str:
    url = f"sqlite:///{tmp_path / 'seat.db'}"
    full_store.fill(opened(url))
    return url


@pytest.fixture
def backup(seat_url: str, tmp_path: Path, say: Say) -> Path:
    path = tmp_path / "seat.zip"
    assert say("backup", "--store", seat_url, "--to", path, "--no-check")[0] == 0
    return path
