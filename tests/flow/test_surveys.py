"""A county's survey and a crew's results come in, are joined with sites, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed
from dispatch.geo.imports.tables import Table
from dispatch.geo.imports.tables_apart import read_table
from dispatch.records import Role, SurveyKind
from dispatch.store import log
from tests.city import City
from tests.rooms import Room

COUNTY = (
    "Address,Damage Level,Latitude,Longitude\n"
    "1200 ELM STREET N,Major,,\n"
    ",Minor,27.7700,-82.6400\n"
    "99 Nowhere Ave S,Affected,,\n"
    "1 Elm St,sort of,,\n"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def room(tmp_path: Path, city: City, clock, run, request) -> Iterator[Room]:
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    room = Room(tmp_path / "seat", city, clock, run, store_url=url)
    yield room
    room.close()


def file(tmp_path: Path, words: str, name: str = "county.csv") -> Table:
    path = tmp_path / name
    path.write_text(words, "utf-8")
    return read_table(path)


def reported(room: Room, city: City) -> tuple[int, int]:
    """A home by its address and one by its place."""
    one = city.add_report("Water in house", address="1200 Elm St N, St. Petersburg", lat=27.80, lng=-82.65)
    two = city.add_report("Roof gone", address="near the bridge", lat=27.7701, lng=-82.6400)
    room.sync()
    return room.site(str(one)), room.site(str(two))


def test_rows_are_joined_and_what_is_not_says_why(room: Room, city: City, tmp_path: Path) -> None:
    by_address, by_place = reported(room, city)
    survey, changes = room.parts.survey_desk.import_survey(file(tmp_path, COUNTY), SurveyKind.COUNTY)

    assert (survey.read, survey.taken, survey.refused, survey.joined) == (4, 3, 1, 2)
    assert changes.others >= {"survey"}
    first, second, third, bad = room.parts.survey_desk.rows(survey.survey_id)
    assert (first.site_id, first.how_joined, first.level) == (by_address, "address", "major")
    assert (second.site_id, second.how_joined) == (by_place, "within 60 m (11 m)")
    assert (third.site_id, third.why_not) == (
        *(None,),
        "No site has this address, and it has no coordinates to look around.",
    )
    assert not bad.is_taken and "“sort of” is no level" in bad.why_not and '"1 Elm St"' in bad.original
    assert room.parts.survey_desk.surveys() == (survey,)


def test_the_same_file_comes_once_unless_it_was_undone(room: Room, city: City, tmp_path: Path) -> None:
    reported(room, city)
    table, desk = file(tmp_path, COUNTY), room.parts.survey_desk
    first, _ = desk.import_survey(table, SurveyKind.COUNTY)
    again = replace(table, name="renamed.csv")
    with pytest.raises(ActRefused, match=r"renamed\.csv was imported already, by A\. Operator as county"):
        desk.import_survey(again, SurveyKind.CREW)

    sentence, _ = room.desk.undo()
    assert sentence == "Undone: survey imported: county.csv (county, 3 of 4 rows)."
    second, _ = desk.import_survey(again, SurveyKind.COUNTY)
    assert {(each.survey_id, each.is_taken_back) for each in desk.surveys()} == {
        (first.survey_id, True),
        (second.survey_id, False),
    }

    desk.take_back(second.survey_id)
    with pytest.raises(ActRefused, match="already"):
        desk.take_back(second.survey_id)
    with pytest.raises(ActRefused, match="no such survey"):
        desk.take_back("x")
    assert len(desk.rows(second.survey_id)) == 4, "what came is kept"
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        acts = [row["act"] for row in log.every_row(connection) if row["act"].startswith(("survey", "undo"))]
    assert acts == ["survey_imported", "undo", "survey_imported", "survey_taken_back"]


def test_an_operator_imports_none_and_nothing_is_left_of_it(room: Room, tmp_path: Path) -> None:
    desk = room.parts.survey_desk
    actor = room.parts.actor
    for role in (Role.OPERATOR, Role.VIEWER, Role.SYNC):
        desk._actor = lambda role=role: replace(actor, role=role)
        with pytest.raises(NotAllowed):
            desk.import_survey(file(tmp_path, COUNTY), SurveyKind.COUNTY)
    assert desk.surveys() == ()
    for role in (Role.SUPERVISOR, Role.MANAGER):
        desk._actor = lambda role=role: replace(actor, role=role)
        survey, _ = desk.import_survey(file(tmp_path, COUNTY), SurveyKind.COUNTY)
        desk.take_back(survey.survey_id)


def test_words_of_any_kind_come_through_whole(room: Room, tmp_path: Path) -> None:
    words = 'address,notes\n1 Elm St,"\'; DROP TABLE survey; -- \u202e =1+1 ñ 🔥"\n'
    survey, _ = room.parts.survey_desk.import_survey(file(tmp_path, words), SurveyKind.CREW)
    (row,) = room.parts.survey_desk.rows(survey.survey_id)
    assert "DROP TABLE survey" in row.original and "🔥" in row.original and "\u202e" in row.original


def test_a_survey_of_another_storm_is_not_of_this_one(room: Room, tmp_path: Path) -> None:
    room.parts.survey_desk.import_survey(file(tmp_path, COUNTY), SurveyKind.COUNTY)
    actor = room.parts.actor
    with room.store.transaction(actor) as tx:
        tx.connection.execute(
            text(
                "INSERT INTO activation (activation_id, name, is_exercise, started_at, storm_mode,"
                " is_current) VALUES ('other', 'Other', 1, 1, 0, 0)"
            )
        )
    room.parts.survey_desk._actor = lambda: replace(actor, activation_id="other")
    assert room.parts.survey_desk.surveys() == ()
    room.parts.survey_desk.import_survey(file(tmp_path, COUNTY), SurveyKind.COUNTY)
