"""Place: coordinates of every kind, neighbours, addresses."""

from __future__ import annotations

import re

from tests.dispatch.exercise.walks.scene import REPORTS, places, values, walk


@walk("Q41")
def at_zero(scene):
    assert {place for _, place in places(scene, "Q41")} == {(0, 0), ("0.0", "0.0")}


@walk("Q42")
def nowhere(scene):
    assert {place for _, place in places(scene, "Q42")} == {(None, None), ("", ""), ("absent", "absent")}


@walk("Q43")
def places_as_text(scene):
    rough = 0
    for one, (lat, long) in places(scene, "Q43"):
        assert isinstance(lat, str) and isinstance(long, str)
        assert abs(float(lat) - one["lat"]) <= 0.005
        rough += bool(re.fullmatch(r"\d\d\.\d\d", lat)) and float(lat) != one["lat"]
    assert rough > 0


@walk("Q44")
def places_swapped(scene):
    for one, place in places(scene, "Q44"):
        assert place == (one["long"], one["lat"])


@walk("Q45")
def places_in_metres(scene):
    for _, (northing, easting) in places(scene, "Q45"):
        assert 3_000_000 < northing < 3_300_000 and -9_300_000 < easting < -9_100_000


@walk("Q46")
def rough_points(scene):
    with scene.on("Q46", cap=1):
        issues = scene.issues()
    for issue in issues:
        if issue["point"]:
            assert issue["point"]["coordinates"] == [round(issue["lng"], 3), round(issue["lat"], 3)]


@walk("Q47")
def neighbours(scene):
    with scene.on("Q47"):
        rows = scene.rows()
        strangers = [row for row in rows if row["address"] == "Next door"]
        ids = [row["service_request_id"] for row in strangers]
        assert scene.geo.ids(service_request_id=",".join(ids)) == ids
    assert len(rows) == REPORTS + len(strangers) > REPORTS
    assert all(row["lat"] is None or row["lat"] > 28.5 for row in strangers)
    known = {str(each["id"]) for each in scene.city.truth()["requests"]}
    assert not known & set(ids)
    assert scene.geo("GET", f"requests/{ids[0]}.json").status_code == 404


@walk("Q48")
def odd_addresses(scene):
    bent = [row for _, row in scene.straight_and_bent("Q48")]

    assert any(row.get("address", "").endswith("      ") for row in bent)
    assert any("address_string" in row and "address" not in row for row in bent)
    assert any("zip_code" in row for row in bent) and any(row.get("zipcode") == "0" for row in bent)
    assert all("adress_id" in row and "address_id" not in row for row in bent)
    assert any(not row.get("address", "").isascii() for row in bent)
    assert "Mirror Lake" in {row.get("address") for row in bent}


@walk("Q49")
def crossings(scene):
    said = values(scene.straight_and_bent("Q49"), "address")
    assert set(said) == {"INTERSECTION  of  HYDE ST  and  POST ST"}
