"""`python -m dispatch homes`: the assessor's work list out of a store, beside the public number."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pytest

from dispatch.snapshot.asked import Asked
from dispatch.snapshot.homes import make_homes
from dispatch.snapshot.making import make
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.flow.test_command_line import dispatch
from tests.rooms import Room

SPAN = ("2017-09-01T00:00:00-04:00", "2017-10-01T00:00:00-04:00")
MONTH = tuple(int(datetime.fromisoformat(at).timestamp() * 1000) for at in SPAN)


@pytest.fixture(params=["sqlite", "postgresql"])
def room(tmp_path, clock, run, request):
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with City(tmp_path / "city", storm="irma") as city:
        clock.set(int(datetime.fromisoformat(city.clock()["now"]).timestamp() * 1000))
        room = Room(tmp_path / "seat", city, clock, run, store_url=url)
        room.sync()
        yield room
        room.close()


def test_the_list_holds_the_homes_of_the_public_number(room: Room, tmp_path: Path) -> None:
    asked, city, table = Asked(*MONTH), room.parts.jurisdiction, load_categories()
    homes = make_homes(room.store, asked, city, table)
    public = make(room.store, asked, city, table)

    counts = {each.key: each.value for each in homes.numbers}
    assert counts["homes"] == next(each.value for each in public.numbers if each.key == "homes") > 0
    assert len(homes.rows) >= counts["homes"]
    assert homes == make_homes(room.store, asked, city, table)

    folder = tmp_path / "out"
    code, said, error = dispatch(
        "homes", "--store", room.url, "--from", SPAN[0], "--to", SPAN[1], "--out", str(folder)
    )
    assert code == 0, error
    assert (said["version"], said["homes"]) == (homes.version, len(homes.rows))
    with (folder / "EXERCISE_homes_work_list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for each in homes.numbers:
        named = [(name, [str(v) for v in values]) for name, values in each.where]
        assert each.value == sum(all(row[name] in values for name, values in named) for row in rows), each


def test_what_cannot_be_listed_ends_in_a_sentence(tmp_path: Path) -> None:
    code, _, said = dispatch(
        *("homes", "--store", "sqlite:////nowhere/at-all.db", "--from", SPAN[0], "--to", SPAN[1]),
        *("--out", str(tmp_path)),
    )
    assert (code, "no database" in said, "Traceback" in said) == (1, True, False), said
