"""What lies around a report ranks it inside its band, and says so in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from dispatch.errors import SettingsBroken
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_mercator
from dispatch.records import Band, Place
from dispatch.resources import resource
from dispatch.triage.context import Context, Landmark, Nearness, Zone, load_context
from dispatch.triage.judge import Judge
from dispatch.triage.places import Places
from tests.dispatch.triage.reports import report

SCHOOL = Place(27.7600, -82.6500)
M_NORTH = 1 / 111_195.0
NEAR = {
    "schools": Nearness(200.0, 5.0, "school"),
    "shelters": Nearness(300.0, 6.0, "shelter"),
    "hospitals": Nearness(300.0, 8.0, "hospital"),
}


def north(place: Place, metres: float) -> Place:
    return Place(place.lat + metres * M_NORTH, place.lng)


def around(*landmarks: Landmark, at_most: float = 10.0, zones: dict[str, Zone] | None = None) -> Context:
    return Context(landmarks, near=NEAR, zones=zones, at_most=at_most)


def told(context: Context, place: Place | None) -> list[tuple[str, float]]:
    return [(reason.text, reason.points) for reason in context.reasons(place)]


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (4, [("10 m from Lakewood ES (school)", 5.0)]),
        (123, [("120 m from Lakewood ES (school)", 5.0)]),
        (199, [("200 m from Lakewood ES (school)", 5.0)]),
        (201, []),
        (5000, []),
    ],
)
def test_a_place_within_reach_counts_and_is_named_with_its_distance(
    metres: float, expected: list[tuple[str, float]]
) -> None:
    context = around(Landmark("schools", "Lakewood ES", SCHOOL))
    for way in (metres, -metres):
        assert told(context, north(SCHOOL, way)) == expected


def test_of_each_kind_the_nearest_counts_and_all_together_at_most_ten() -> None:
    context = around(
        Landmark("schools", "Far ES", north(SCHOOL, 150)),
        Landmark("schools", "Near ES", SCHOOL),
        Landmark("shelters", "Gibbs High", north(SCHOOL, 90)),
        Landmark("hospitals", "St. Anthony's", north(SCHOOL, 60)),
    )

    assert told(context, SCHOOL) == [
        ("60 m from St. Anthony's (hospital)", 8.0),
        ("90 m from Gibbs High (shelter)", 2.0),
        ("10 m from Near ES (school)", 0.0),
    ]


def test_a_zone_counts_where_its_layer_is_loaded() -> None:
    x, y = to_mercator(SCHOOL.lng, SCHOOL.lat)
    square = shapely.box(float(x) - 50, float(y) - 50, float(x) + 50, float(y) + 50)
    zone = Zone(Areas([square], ids=["1"], names=["A"]), 5.0, "evacuation zone")

    assert told(around(zones={"evacuation_zones": zone}), SCHOOL) == [("In evacuation zone A", 5.0)]
    assert told(around(zones={"evacuation_zones": zone}), north(SCHOOL, 90)) == []
    assert told(around(), SCHOOL) == []


def test_without_a_place_or_on_a_default_pin_nothing_is_near(rules) -> None:  # type: ignore[no-untyped-def]
    context = around(Landmark("hospitals", "St. Anthony's", SCHOOL))
    nowhere = Areas([], ids=[], names=[])
    judge = Judge(rules=rules, neighborhoods=nowhere, city=nowhere, places=Places(None), context=context)
    assert told(context, None) == []
    assert "near_hospitals" in {r.part for r in judge.assess(report("Oak down", place=SCHOOL)).reasons}

    judge.places.learn([SCHOOL])

    assert "near_hospitals" not in {r.part for r in judge.assess(report("Oak down", place=SCHOOL)).reasons}


def test_context_ranks_inside_the_band_and_makes_none(rules) -> None:  # type: ignore[no-untyped-def]
    context = around(Landmark("hospitals", "St. Anthony's", SCHOOL))
    nowhere = Areas([], ids=[], names=[])
    judge = Judge(rules=rules, neighborhoods=nowhere, city=nowhere, places=Places(None), context=context)
    here, there = (
        judge.assess(report("Small limb", title="tree_private", place=place))
        for place in (SCHOOL, north(SCHOOL, 2000))
    )

    assert here.score == there.score + 8.0
    assert here.band == there.band == Band.P4


def test_the_bundled_layers_are_known_and_a_missing_one_says_nothing() -> None:
    here = load_context(GeoFolder(resource("geo"), "st-petersburg"))
    nowhere = load_context(GeoFolder(resource("geo"), "no-such-city"))
    hopkins = Place(27.7631, -82.65631)

    assert told(here, hopkins)[0] == ("10 m from John Hopkins Middle (shelter)", 6.0)
    assert told(nowhere, hopkins) == []
    assert here.labels()["near_shelters"] == "Near a shelter"


@pytest.mark.parametrize(
    "text", ["near = 3", "at_most = 1\n[near.moon]\nreach_m = 1\npoints = 1\nsay = 'x'\n[zone]"]
)
def test_a_table_nobody_can_read_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "context.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(SettingsBroken, match="context table"):
        load_context(GeoFolder(resource("geo"), "st-petersburg"), path)
