"""`python -m dispatch people …` as a script calls it; no password is ever an argument or in an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dispatch.clock import WallClock
from dispatch.people import ONE_SEAT
from dispatch.store.store import open_store

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "correct horse 7"


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'seat.db'}"
    open_store(made, clock=WallClock()).close()
    return made


def people(*arguments: str, password: str = PASSWORD) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "dispatch", "people", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PW": password},
    )
    assert not password or password not in done.stdout + done.stderr
    last = done.stdout.strip().splitlines()
    return done.returncode, json.loads(last[-1]) if last else {}, done.stderr.strip()


def test_people_are_added_changed_listed_and_closed(url: str) -> None:
    at = ("--store", url)
    mine = ("--password-env", "PW")
    assert people("add", "ada", "--name", "Ada Admin", "--role", "administrator", *at, *mine)[0] == 0
    code, answer, _ = people("add", "kim", "--name", "Kim Ortiz", "--role", "emergency-manager", *at, *mine)
    assert (code, answer["role"]) == (0, "emergency manager")
    assert people("add", "wall", "--name", "Wall", "--role", "viewer", "--by-machine", *at)[0] == 0
    assert people("role", "kim", "operator", *at)[0] == 0
    assert people("password", "kim", *at, *mine, password="another horse 8")[0] == 0
    assert people("close", "wall", *at)[0] == 0

    code, answer, _ = people("list", *at)

    assert code == 0 and answer["kept_by"] == ONE_SEAT
    assert [(each["login"], each["role"], each["active"]) for each in answer["people"]] == [
        ("ada", "administrator", True),
        ("kim", "operator", True),
        ("wall", "viewer", False),
    ]


def test_what_cannot_be_done_is_one_sentence(url: str) -> None:
    at = ("--store", url)
    first = ("--name", "Kim", "--role", "operator", "--password-env", "PW")
    code, _, said = people("add", "kim", *first, *at)
    assert code == 1 and said == "The first person is an administrator: nobody else could add the others."
    code, _, said = people("add", "kim", *first, *at, password="")
    assert code == 1 and said == "The environment variable PW is empty: put the password there."
    code, _, said = people("close", "kim", *at)
    assert code == 1 and said == "Nobody signs in as kim: look at the list of people."
    code, _, said = people("add", "kim", "--name", "Kim", "--role", "king", *at)
    assert code == 2 and "'king' is not one of" in said
    code, _, said = people("list", "--store", "sqlite:////nowhere/seat.db")
    assert code == 1 and "no database at /nowhere/seat.db" in said
