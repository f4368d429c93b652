"""Every row of the table of quirks: what its switch changes on the wire. One server for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from dispatch.exercise.quirk_table import PROFILES, ROWS, STANDING
from tests.city import City
from tests.dispatch.exercise.walks import drift, identity, lists, place, status, text, time, transport
from tests.dispatch.exercise.walks.scene import REPORTS, WALKS, Scene

TABLE = Path(__file__).resolve().parents[4] / "shared" / "protocols" / "quirks.md"
# Each has put its walks into WALKS.
SECTIONS = (transport, identity, time, place, text, status, lists, drift)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with City(tmp_path_factory.mktemp("quirks") / "city") as city:
        made = Scene(city)
        yield made
        made.call.session.close()
        made.geo.session.close()


# Time goes on for good in the last one.
LAST = "Q78"


@pytest.mark.parametrize("quirk", [*sorted(set(WALKS) - {LAST}, key=lambda quirk: int(quirk[1:])), LAST])
def test_a_quirk_that_is_on_changes_the_wire_as_its_row_says(scene, quirk):
    WALKS[quirk](scene)


def test_every_row_has_a_switch_or_a_reason_and_a_walk():
    assert not set(ROWS) & set(STANDING)
    assert set(WALKS) == set(ROWS) | set(STANDING)
    assert all(says.endswith(".") for says in (*ROWS.values(), *STANDING.values()))


@pytest.mark.skipif(not TABLE.exists(), reason="the table of quirks is not here")
def test_the_switch_knows_every_row_of_the_table():
    rows = set(re.findall(r"^\| (Q\d+) \|", TABLE.read_text("utf-8"), re.MULTILINE))
    assert rows == set(ROWS) | set(STANDING)


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_gives_rows_in_its_own_way(scene, profile):
    form = "xml" if profile == "old-sf" else "json"
    query = "status=open,closed&start_date=2017-09-11&jurisdiction_id=any"
    if profile == "old-sf":
        query = "start_date=2017-09-11"
    try:
        said = scene.city.quirks(profile=profile)
        answer = scene.geo("GET", f"requests.{form}?{query}")
    finally:
        scene.city.quirks(profile="spec")

    assert said["profile"] == profile and set(said["on"]) == set(PROFILES[profile][0])
    assert answer.status_code == 200
    rows = etree.fromstring(answer.content) if form == "xml" else answer.json()
    count = len(rows["service_requests"]) if profile == "fixmystreet" else len(rows)
    assert count >= min(said["cap"], REPORTS)
