"""Every quirk this server can be switched to, one by one: at the end the seat holds what the city holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import LandfallError, ServerFailed, ServerForbids
from dispatch.exercise.quirk_table import ROWS
from tests.city import City
from tests.conftest import StillClock
from tests.flow import calls_table
from tests.in_step import open_or_closed, stored_open_or_closed
from tests.rooms import Room

CAP = 20
# Of the vendor's own face, or no list at all.
NOT_OF_LISTS = {quirk for quirk, says in ROWS.items() if says.startswith("SeeClickFix")} | {"Q15", "Q69"}
# A protection that counts calls holds us for whole minutes: the long runs wait for it.
SLOW = {"Q1"}
SHUTS_US_OUT = {"Q16"}
SWEEPS = 8
A_MINUTE_HOLDS = 2


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with City(tmp_path_factory.mktemp("city")) as running:
        ids = []
        for number in range(60):
            ids.append(running.add_report(f"Oak {number} across 5th Ave N"))
            if number % 4:
                running.clock(forward_s=300)
        for request_id in ids[::3]:
            running.clock(forward_s=20)
            running.elsewhere(request_id, "close", "Done.")
        yield running


@pytest.fixture
def turned(city: City, request: pytest.FixtureRequest) -> Iterator[str]:
    quirk = str(request.param)
    city.quirks(*quirk.split("+"), cap=CAP)
    yield quirk
    city.quirks(profile="spec")


def sync(room: Room, run: Callable[..., Any]) -> None:
    """As a console goes on in the end: a stumble is asked again, and all is looked through now and then."""
    for _ in range(SWEEPS):
        try:
            room.sync()
            room.pull.hurry_sweep()
            run(_sweep(room))
        except ServerFailed:
            continue
        if stored_open_or_closed(room).items() >= open_or_closed(room.city).items():
            return


async def _sweep(room: Room) -> None:
    while room.pull.is_sweep_due:
        await room.pull.sweep()


# Times without a zone, from a server that refuses ours: none of its rows tells how to write one.
TOGETHER = ["Q31+Q37"]


@pytest.mark.parametrize(
    "turned", [*sorted({*ROWS} - NOT_OF_LISTS - SLOW - SHUTS_US_OUT), *TOGETHER], indirect=True
)
def test_with_every_quirk_the_seat_ends_with_what_the_city_holds(
    tmp_path: Path, city: City, run: Any, turned: str, allow_warning: Callable[[str], None]
) -> None:
    allow_warning("sends keys nobody knows")
    allow_warning("has moved")
    room = Room(tmp_path, city, StillClock(), run, kind="georeport", organization="st-pete.gov")
    try:
        sync(room, run)
        here, there = stored_open_or_closed(room), open_or_closed(city)
    finally:
        room.close()

    beside = {request_id: status for request_id, status in here.items() if request_id not in there}
    if turned == "Q14":
        # One minute nobody can read, of five between two reports; what else there is came all the same.
        assert 0 < len(set(there) - set(here)) <= A_MINUTE_HOLDS
        assert here.items() <= there.items()
    else:
        assert there.items() <= here.items()
        # The neighbours' reports come along and are shown as outside the city.
        assert not beside or turned == "Q47"


def test_q37_reports_come_from_a_server_that_holds_too_few_to_be_probed(tmp_path: Path, run: Any) -> None:
    with City(tmp_path / "city") as few:
        few.quirks("Q37")
        for number in range(3):
            few.add_report(f"Oak {number} across 5th Ave N")
            few.clock(forward_s=300)
        room = Room(tmp_path / "seat", few, StillClock(), run, kind="georeport")
        try:
            room.sync()
            assert room.pull.capabilities.probed_at is None
            few.add_report("Limb on the sidewalk")
            room.sync()
            assert stored_open_or_closed(room) == open_or_closed(few)
        finally:
            room.close()


def test_a_server_that_shuts_us_out_is_told_and_not_asked_on(tmp_path: Path, city: City, run: Any) -> None:
    room = Room(tmp_path, city, StillClock(), run, kind="georeport")
    city.quirks("Q16")
    try:
        with pytest.raises(ServerForbids):
            room.sync()
        assert room.pull.calls == 1
    finally:
        city.quirks(profile="spec")
        room.close()


@pytest.mark.soak
@pytest.mark.parametrize("turned", sorted(SLOW), indirect=True)
def test_a_protection_that_counts_calls_is_waited_for(
    tmp_path: Path, city: City, run: Any, turned: str
) -> None:
    room = Room(tmp_path, city, StillClock(), run, kind="georeport")
    try:
        for _ in range(SWEEPS):
            try:
                run(room.work.once(), timeout_s=300)
            except LandfallError as error:
                room.work.hold(getattr(error, "retry_after_s", 1.0))
        assert stored_open_or_closed(room) == open_or_closed(city)
    finally:
        room.close()


# -- what it costs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "pages of 50, counted from 0",
        "a cap of 1,000, no pages, no order",
        "… with its bounds swapped",
        calls_table.MOVING,
    ],
)
def test_thousands_of_rows_come_whole_in_few_calls(
    storm: tuple[Path, City], tmp_path: Path, run: Any, name: str
) -> None:
    _, city = storm

    line = calls_table.measure(tmp_path, city, lambda work: run(work, timeout_s=120), name)

    assert line.is_equal
    # Some for finding out what the server is, some for the quiet year before the storm.
    assert line.calls <= 3 * line.least + 45


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, City]]:
    folder = tmp_path_factory.mktemp("storm")
    calls_table.write_rows(folder / "rows.csv", 2_500)
    options = ["--rows", str(folder / "rows.csv"), "--all-at-once"]
    with City(folder / "city", "rows", options=options) as city:
        yield folder, city


@pytest.mark.soak
def test_25_000_reports_on_servers_of_every_kind() -> None:
    assert calls_table.main() == 0
