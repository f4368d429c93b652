"""Rows of surveys: what each says, what is refused with why, and which site it is joined with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from dispatch.errors import SettingsBroken, TableRefused
from dispatch.geo.imports.tables import Table
from dispatch.records import SurveyedSite, SurveyRow
from dispatch.survey.columns import load_words
from dispatch.survey.joining import Joiner
from dispatch.survey.rows import rows_of

WORDS = load_words()
# About 0.0009 degrees of latitude are 100 m.
LAT, LNG = 27.77, -82.64


def rows(head: str, *lines: str, beside: Path | None = None) -> list[SurveyRow]:
    cells = tuple(tuple(line.split("|")) for line in lines)
    numbers = tuple(range(2, 2 + len(cells)))
    table = Table("a.csv", "0" * 64, "", tuple(head.split("|")), numbers, cells, (None,) * len(cells))
    return rows_of(table, WORDS, beside)


def one(head: str, line: str, beside: Path | None = None) -> SurveyRow:
    (found,) = rows(head, line, beside=beside)
    return found


def test_a_row_is_read_by_the_names_its_columns_have() -> None:
    found = one(
        "Site_Address|LAT|Lon|Damage Level|PA Category|Estimated Cost|Inspector|Source|Notes",
        "12 Elm St|27.77|-82.64|Major Damage|Category C|$1,234.50|B. Clerk|invoice 7|=1+1",
    )
    assert found == SurveyRow(
        number=2,
        original=found.original,
        address="12 Elm St",
        lat=27.77,
        lng=-82.64,
        level="major",
        pa_line="C",
        cost_cents=123_450,
        cost_by="B. Clerk",
        cost_source="invoice 7",
    )
    assert (
        json.loads(found.original)["Notes"] == "=1+1"
        and list(json.loads(found.original))[3] == "Damage Level"
    )


def test_house_and_street_in_two_columns_are_one_address() -> None:
    assert one("House Number|Street Name|level", "12|Elm St|minor").address == "12 Elm St"


@pytest.mark.parametrize(
    ("head", "line", "sentence"),
    [
        ("address|level", "|major", "neither an address nor coordinates"),
        ("address|level", "12 Elm St|sort of", "“sort of” is no level: destroyed, major"),
        ("address|cost", "12 Elm St|about 12k", "“about 12k” is no sum of dollars"),
        ("address|cost", "12 Elm St|-5", "no sum of dollars"),
        ("address|pa line", "12 Elm St|roads", "“roads” is no Public Assistance line"),
        ("address|lat|lng", "12 Elm St|north|west", "no coordinates in degrees"),
        ("address|lat|lng", "12 Elm St|nan|-82", "no coordinates in degrees"),
        ("address|lat|lng", "12 Elm St|338000|3072000", "lie nowhere"),
        ("lat|lng", "0|0", "lie nowhere"),
    ],
)
def test_a_bad_row_gets_a_sentence_keeps_its_words_and_stops_no_other(
    head: str, line: str, sentence: str
) -> None:
    good = "|".join(
        {"address": "14 Elm St", "lat": "27.7", "lng": "-82.6"}.get(n, "") for n in head.split("|")
    )
    bad, after = rows(head, line, good)
    assert not bad.is_taken and sentence in bad.why_not
    assert list(json.loads(bad.original).values()) == line.split("|")
    assert after.is_taken and after.why_not == ""


def test_a_file_without_a_place_is_refused_whole_and_names_its_columns() -> None:
    with pytest.raises(
        TableRefused, match="name one “address”, or two “lat” and “lng”, out of: owner, damage"
    ):
        rows("owner|damage", "A|major")


def test_a_photo_beside_the_file_is_proven_and_no_other_file_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"water")
    (tmp_path / "secret.txt").write_text("x")
    (folder / "link.jpg").symlink_to(tmp_path / "secret.txt")

    assert one("address|photo", "1 Elm St|a.jpg", folder).photo_sha256 == hashlib.sha256(b"water").hexdigest()
    for name in ("../secret.txt", "..", "link.jpg", "b.jpg", str(tmp_path / "secret.txt"), "a\x00.jpg"):
        found = one("address|photo", f"1 Elm St|{name}", folder)
        assert (found.photo_sha256, found.is_taken, found.photo) == ("", True, name)


def test_a_list_of_columns_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "survey_columns.toml").write_text("columns = 5")
    with pytest.raises(SettingsBroken, match=r"survey_columns\.toml cannot be read"):
        load_words(tmp_path / "survey_columns.toml")


def site(site_id: int, *addresses: str, lat: float | None = LAT, is_home: bool = True) -> SurveyedSite:
    return SurveyedSite(site_id, is_home, lat, None if lat is None else LNG, addresses)


def joined(
    address: str, *sites: SurveyedSite, lat: float | None = None, is_of_homes: bool = True
) -> SurveyRow:
    row = SurveyRow(2, "{}", address=address, lat=lat, lng=None if lat is None else LNG)
    return Joiner(sites).join(row, is_of_homes=is_of_homes)


@pytest.mark.parametrize(
    ("surveyed", "reported"),
    [
        ("12 ELM STREET", "12 Elm St, St. Petersburg, FL 33701"),
        ("3201 5th avenue north", "3201 5th Ave N"),
        ("3201 Fifth Ave N", "3201 5th Avenue North"),
        ("12 N Elm St.", "12 north elm street"),
        ("12 Elm St Apt 4B", "12 Elm St #4b"),
        ("12 Elm St Apt 4B", "12 Elm St"),
    ],
)
def test_one_address_written_in_two_ways_is_one_place(surveyed: str, reported: str) -> None:
    found = joined(surveyed, site(7, "Mirror Lake", reported), site(8, "14 Elm St"))
    assert (found.site_id, found.how_joined, found.why_not) == (7, "address", "")


@pytest.mark.parametrize(
    "reported",
    [
        "22 22nd Ave N",
        "22 22nd St S",
        "22 22nd Ave",
        "24 22nd Ave S",
        "22nd Ave S",
        "22 22nd Ave S & 4th St S",
    ],
)
def test_s11_another_side_kind_or_number_is_another_place(reported: str) -> None:
    found = joined("22 22nd Ave S", site(7, reported))
    assert found.site_id is None
    assert found.why_not == "No site has this address, and it has no coordinates to look around."


def test_another_door_of_the_house_is_another_place() -> None:
    four, five = site(7, "12 Elm St Apt 4"), site(8, "12 Elm St Apt 5")
    assert joined("12 Elm St Apt 5", four, five).site_id == 8
    assert joined("12 Elm St Apt 6", four, five).site_id is None
    assert "2 sites stand at this address" in joined("12 Elm St", four, five).why_not


def test_of_several_sites_at_one_address_the_home_is_meant_in_a_survey_of_homes() -> None:
    tree, home = site(7, "12 Elm St", is_home=False), site(8, "12 Elm St")
    assert joined("12 Elm St", tree, home).site_id == 8
    assert "2 sites stand at this address" in joined("12 Elm St", tree, home, is_of_homes=False).why_not
    assert joined("12 Elm St", tree).site_id == 7


@pytest.mark.parametrize(("away", "found"), [(0.0, True), (0.0005, True), (0.0006, False)])
def test_without_an_address_sixty_metres_are_near(away: float, found: bool) -> None:
    row = joined("", site(7, "12 Elm St"), lat=LAT + away)
    assert (row.site_id == 7) is found
    assert row.how_joined.startswith("within 60 m (") if found else "within 60 m of it" in row.why_not


def test_a_neighbor_is_near_and_another_house_all_the_same() -> None:
    assert joined("14 Elm St", site(7, "12 Elm St"), lat=LAT + 0.0001).site_id is None
    assert joined("14 Elm St", site(7, "Elm St by the bridge"), lat=LAT + 0.0001).site_id == 7


def test_two_sites_near_are_not_chosen_between() -> None:
    row = joined("", site(7), site(8, lat=LAT + 0.0001), lat=LAT)
    assert (row.site_id, row.why_not) == (None, "2 sites lie within 60 m: join it by hand.")


def test_a_site_without_a_place_is_found_by_its_address_alone() -> None:
    assert joined("12 Elm St", site(7, "12 Elm St", lat=None)).site_id == 7
    assert joined("", site(7, lat=None), lat=LAT).site_id is None
    assert joined("by the bridge", site(7, "by the bridge")).why_not.startswith("Its address names no house")
