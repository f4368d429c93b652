"""The neighborhood sheet over a real store: its numbers are the screen's, and those of a few lines of SQL."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused
from dispatch.forms.neighborhood_sheet import FEWER, NeighborhoodSheet
from dispatch.geo.folder import GeoFolder
from dispatch.insight.neighborhoods import Place, neighborhoods
from dispatch.outreach_papers import like_it
from dispatch.records import CloseReason, Flag
from dispatch.resources import resource
from tests.city import City
from tests.conftest import LANDFALL
from tests.dispatch.reports.read_pdf import pages_of
from tests.rooms import Room
from ui.neighborhoods.reading import read

HOUR = 3_600_000
# In the middle of Childs Park.
HERE = (27.7600, -82.6880)


@pytest.fixture(scope="module")
def places() -> tuple[Place, ...]:
    loaded = read(GeoFolder(resource("geo"), "st-petersburg"))
    assert loaded is not None
    return loaded.places


@pytest.fixture
def reported(room: Room, city: City, clock: Any) -> list[int]:
    """Nine sites of one area: two fixed, one of them confirmed, one passed on, one a survey's."""
    kinds = ["tree_road_blocked"] * 4 + ["street_flooding"] * 3 + ["welfare_check", "welfare_check"]
    ids = [
        city.add_report(
            f"Report {n}", category=kind, lat=HERE[0] + n % 3 * 0.0007, lng=HERE[1] + n // 3 * 0.0007
        )
        for n, kind in enumerate(kinds)
    ]
    room.sync()
    sites = [room.site(each) for each in ids]
    clock.set(LANDFALL + 2 * HOUR)
    room.desk.close(sites[0], CloseReason.FIXED_CONFIRMED, note="gone", confirmed_by="J. Hill")
    room.desk.close(sites[1], CloseReason.FIXED_UNCONFIRMED)
    clock.set(LANDFALL + 5 * HOUR)
    room.desk.close(sites[2], CloseReason.PASSED_TO_OWNER, note="County, no. 7")
    clock.set(LANDFALL + 6 * HOUR)
    return sites


def sql(room: Room, query: str, **given: Any) -> list[Any]:
    with room.store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), given)]


def area_of(room: Room, site_id: int) -> str:
    return str(sql(room, "SELECT neighborhood FROM site WHERE site_id = :it", it=site_id)[0][0])


def number_of(places: tuple[Place, ...], area: str) -> int:
    return next(n for n, place in enumerate(places) if area in place.areas)


def cells(sheet: NeighborhoodSheet, column: int = 0) -> dict[str, str]:
    return {row.label: row.cells[column] for part in sheet.parts for row in part.rows}


def mark_bulk(room: Room, site_id: int) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        query = "UPDATE site SET own_flags = own_flags | :flag WHERE site_id = :it"
        tx.connection.execute(text(query), {"flag": int(Flag.BULK), "it": site_id})


def test_the_numbers_are_the_screens_and_those_of_the_store(
    room: Room, reported: list[int], places: tuple[Place, ...]
) -> None:
    mark_bulk(room, reported[4])
    at, since = number_of(places, area_of(room, reported[0])), LANDFALL - 24 * HOUR
    room.parts.load()
    screen = neighborhoods(room.parts.board, places, since_at=since, activated_at=since)

    sheet = room.parts.outreach_papers.sheet(places, at, since)

    said = cells(sheet)
    names = ",".join(f"'{area}'" for area in places[at].areas)
    where = f"s.neighborhood IN ({names}) AND (s.flags | s.own_flags) & 2048 = 0"
    [(reports,)] = sql(
        room,
        "SELECT count(*) FROM request r JOIN membership m ON m.request_key = r.request_key "
        f"JOIN site s ON s.site_id = m.site_id WHERE {where} AND r.created_at >= {since}",
    )
    assert said["Reports"] == str(reports) == str(screen.reports[at]) == "8"
    assert said["Per 1,000 residents"] == f"{screen.per_1000[at]:.1f}"
    by_reason = dict(sql(room, f"SELECT state_reason, count(*) FROM site s WHERE {where} GROUP BY 1"))
    assert said["Fixed and confirmed"] == str(by_reason["fixed_confirmed"]) == "1"
    assert said["Closed as fixed, not confirmed"] == str(by_reason["fixed_unconfirmed"]) == "1"
    assert said["Closed for another reason"] == str(by_reason["passed_to_owner"]) == "1"
    assert said["Still open"] == str(by_reason[""]) == "5" and said["Sites reported"] == "8"
    assert said["Rests on"] == "3 closed, 5 waiting"
    assert said["Nine in ten within"] == "not yet"
    kinds = said["Most frequent"].split("\n")
    assert kinds[0] == "4 · Tree or debris blocks a road"
    assert [line for line in kinds if "Welfare" in line] == [f"{FEWER} · Welfare check request"]
    assert sheet.is_exercise and "Hurricane Test" in sheet.incident


def test_a_later_period_leaves_out_what_came_before(
    room: Room, reported: list[int], places: tuple[Place, ...]
) -> None:
    at = number_of(places, area_of(room, reported[0]))

    said = cells(room.parts.outreach_papers.sheet(places, at, LANDFALL + 5 * HOUR))

    assert (said["Reports"], said["Sites reported"], said["Most frequent"]) == ("0", "0", "none")


def test_beside_it_stand_the_two_of_the_most_similar_size(places: tuple[Place, ...]) -> None:
    at = number_of(places, "Childs Park")
    mine = places[at].residents

    chosen = like_it(places, at)

    gaps = {n: abs(p.residents - mine) for n, p in enumerate(places) if p.areas and n != at}
    assert sorted(gaps[n] for n in chosen) == sorted(gaps.values())[:2]
    assert like_it((*places[:at], Place("Nowhere", ("Nowhere",), float("nan"))), at) == ()


def test_land_outside_every_area_has_no_sheet(room: Room, places: tuple[Place, ...]) -> None:
    with pytest.raises(ActRefused, match="Choose a neighborhood"):
        room.parts.outreach_papers.sheet(places, len(places) - 1, LANDFALL)


def test_s15_s18_the_printed_papers_hold_nobodys_words_and_are_marked(
    room: Room, city: City, places: tuple[Place, ...]
) -> None:
    city.add_report(
        "My mother is alone", address="4120 9th Ave S", lat=HERE[0], lng=HERE[1], reporter="resident"
    )
    room.sync()
    papers = room.parts.outreach_papers

    sheet = papers.print_sheet(places, number_of(places, "Childs Park"), LANDFALL - HOUR)
    card, unread = papers.print_card()

    assert sheet.parent == card.parent == room.parts.folder / "print"
    assert sheet.name.startswith("EXERCISE_neighborhood-sheet_Childs-Park_2017-")
    assert card.name == "EXERCISE_rack-card_City-of-St-Petersburg.pdf" and unread == ("Español",)
    [text_of_sheet] = pages_of(sheet.read_bytes())
    for words in ("mother", "4120", "9th", "A. Operator"):
        assert words not in text_of_sheet
