"""Texts to residents: changed and approved by the city, said in each reader's language, safe in the wind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from dispatch.act_words import from_words, to_words
from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import Band, Intent, OutboxState, Role
from dispatch.residents.slots import offered
from dispatch.store import log, outbox
from dispatch.template_desk import TemplateDesk
from tests.rooms import ON_SQLITE, Room

GOT_IT = "got_it.en"
OWN = "We have it: {category}. {next} {safety}"


@pytest.fixture
def site(room: Room, city: Any) -> int:
    request_id = city.add_report("Power line down and sparking on the sidewalk", category="power_line_down")
    room.sync()
    return room.site(request_id)


def suspend(room: Room) -> None:
    now = room.parts.clock.now()
    room.desk.suspend("fire", now, "wind over 45 mph", now + 3_600_000)


def stay_safe(room: Room, site_id: int, language: str = "en") -> str:
    here = room.parts.template_desk.at_site(site_id)
    (known,) = here.known.values()
    return offered(here.templates, known, language)[Intent.STAY_SAFE][1].text


# -- the city's own ---------------------------------------------------------------------------------------


def test_a_changed_text_waits_for_approval_and_is_put_back_by_name(room: Room) -> None:
    desk = room.parts.template_desk
    desk.edit(GOT_IT, 0, OWN)
    changed = desk.templates().get(GOT_IT)
    assert (changed.text, changed.version, changed.is_approved) == (OWN, 1, False)

    desk.approve(GOT_IT, 1)
    approved = desk.templates().get(GOT_IT)
    assert (approved.text, approved.approved_by) == (OWN, "A. Operator")
    assert approved.approved_at > 0

    desk.edit(GOT_IT, 2, "Once more. {safety}")
    assert not desk.templates().get(GOT_IT).is_approved
    desk.put_back(GOT_IT, 3)
    came = desk.templates().get(GOT_IT)
    assert came.version == 0 and came.text.startswith("Thank you")
    desk.edit(GOT_IT, 0, OWN)
    assert [each.version for each in desk.versions(GOT_IT)] == [5, 4, 3, 2, 1]


def test_the_log_says_which_text_by_whom_and_none_of_its_words(room: Room) -> None:
    room.parts.template_desk.edit(GOT_IT, 0, OWN)
    room.parts.template_desk.approve(GOT_IT, 1)
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        lines = [row for row in log.every_row(connection) if row["act"].startswith("template")]
    assert [(row["act"], row["text"]) for row in lines] == [
        ("template_edited", "text changed: got_it.en"),
        ("template_approved", "text approved: got_it.en"),
    ]
    assert orjson.loads(lines[0]["detail"])["after"] == {"template": GOT_IT, "version": 1}
    assert "We have it" not in str(lines)


def test_what_was_changed_since_is_not_written_over(room: Room) -> None:
    desk = room.parts.template_desk
    desk.edit(GOT_IT, 0, OWN)
    with pytest.raises(ActRefused, match="since you opened it"):
        desk.edit(GOT_IT, 0, "Another. {safety}")
    with pytest.raises(ActRefused, match="since you opened it"):
        desk.approve(GOT_IT, 0)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("We have it.", "safety line is gone"),
        ("{street} {safety}", "no slot"),
        ("We will come. {safety}", "promise"),
    ],
)
def test_s8_a_text_that_may_not_be_said_is_kept_by_nobody(room: Room, text: str, why: str) -> None:
    with pytest.raises(ActRefused, match=why):
        room.parts.template_desk.edit(GOT_IT, 0, text)
    assert room.parts.template_desk.templates().get(GOT_IT).version == 0


def test_a_text_of_its_own_for_a_category_or_a_band(room: Room) -> None:
    desk = room.parts.template_desk
    desk.add_variant(Intent.GOT_IT, "en", "At night", OWN, categories=["pothole"])
    known = desk.templates()
    assert known.choose(Intent.GOT_IT, category="pothole").template_id == "got_it-at-night.en"
    assert known.choose(Intent.GOT_IT, category="graffiti").template_id == GOT_IT
    desk.translate("got_it-at-night.en", "es", "Lo tenemos. {safety}")
    assert desk.templates().choose(Intent.GOT_IT, category="pothole", language="es").language == "es"
    for wrong, why in (
        ({"categories": ["nothing"]}, "no category"),
        ({"bands": [9]}, "Bands are"),
        ({}, "which categories"),
    ):
        with pytest.raises(ActRefused, match=why):
            desk.add_variant(Intent.GOT_IT, "en", "other", OWN, **wrong)
    desk.put_back("got_it-at-night.en", 1)
    assert desk.templates().get("got_it-at-night.en") is None


def test_an_operator_changes_and_approves_no_text(room: Room) -> None:
    actor = replace(room.parts.seat_desk.actor(), role=Role.OPERATOR)
    parts = room.parts
    desk = TemplateDesk(
        store=room.store, in_force=parts.in_force, actor=lambda: actor, texts=parts.site_texts
    )
    with pytest.raises(NotAllowed):
        desk.edit(GOT_IT, 0, OWN)
    with pytest.raises(NotAllowed):
        desk.approve(GOT_IT, 0)


# -- in the wind ------------------------------------------------------------------------------------------


def test_s7_a_p1_is_answered_with_a_stay_safe_text_alone_while_response_is_suspended(
    room: Room, city: Any, site: int
) -> None:
    room.desk.set_band(site, Band.P1)
    suspend(room)
    with pytest.raises(ActRefused, match="stay-safe text"):
        room.desk.message(site, "We have read your report. Please stay inside.")
    text = stay_safe(room, site)
    assert "Crews cannot go out" in text
    with pytest.raises(ActRefused, match="stay-safe text"):
        room.desk.message(site, text.replace("well away from the wire", "near the wire"))
    room.desk.message(site, f"EXERCISE. {text} We read this page.")
    with room.store.reading() as connection:
        (sent,) = outbox.of_site(connection, site)
    assert sent.state is OutboxState.WAITING


def test_s7_what_the_city_has_not_approved_is_no_stay_safe_text(room: Room, site: int) -> None:
    desk = room.parts.template_desk
    desk.edit("stay_safe-wires.en", 0, "Go and look at the wire yourself. {next} {safety}")
    room.desk.set_band(site, Band.P1)
    suspend(room)
    own = stay_safe(room, site)
    with pytest.raises(ActRefused, match="stay-safe text"):
        room.desk.message(site, own)
    desk.approve("stay_safe-wires.en", 1)
    room.desk.message(site, own)


@pytest.mark.parametrize("is_approved", [False, True])
def test_s7_what_is_said_by_itself_of_a_p1_in_the_wind_is_approved_and_keeps_safe(
    room: Room, site: int, is_approved: bool
) -> None:
    room.desk.set_band(site, Band.P1)
    request_id = room.parts.detail.view(site).requests[0].request_id
    sent = room.escalate(request_id, effect_needed="Make the wire safe", tell_residents=True)
    suspend(room)
    if is_approved:
        room.parts.template_desk.approve("stay_safe-wires.en", 0)

    room.em_desk.hold(sent.escalation_id, "after the wind", by_name="B. Manager", by_position="Energy")

    with room.store.reading() as connection:
        said = [item.text for item in outbox.of_site(connection, site)]
    assert len(said) == is_approved
    assert all("Please stay inside" in text and "passed to emergency management" in text for text in said)


@pytest.mark.parametrize(
    "text",
    [
        "A crew will be there in 2 hours.",
        "It may take 2 to 4 days.",
        "Help is on the way.",
        "They are coming.",
        "We fix it tomorrow.",
        "La cuadrilla está en camino.",
        "Tarda unas 3 horas.",
    ],
)
def test_s7_no_time_and_no_arrival_is_told_while_response_is_suspended(
    room: Room, site: int, text: str
) -> None:
    room.desk.set_band(site, Band.P3, "looked at")
    suspend(room)
    with pytest.raises(ActRefused, match="suspended"):
        room.desk.message(site, text)
    room.desk.message(site, "Stay inside and keep 10 feet from every window. Boil water for 1 minute.")


def test_s8_a_slot_that_nobody_filled_is_said_to_nobody(room: Room, site: int) -> None:
    with pytest.raises(ActRefused, match="not filled"):
        room.desk.message(site, "It takes {range}.")


# -- to each in their language ----------------------------------------------------------------------------


@pytest.fixture
def two(room: Room, city: Any) -> tuple[str, str, int]:
    one = city.add_report("There is a large pothole in the road here")
    other = city.add_report("Hay un hueco muy grande en la calle y los carros no pueden pasar")
    room.sync()
    room.desk.merge(room.site(one), [room.site(other)])
    return str(one), str(other), room.site(one)


def test_each_reader_hears_it_in_the_language_of_their_words(
    room: Room, city: Any, two: tuple[str, str, int]
) -> None:
    one, other, site_id = two
    readers = {each.request_id: each for each in room.view(one).recipients}
    assert (readers[one].language, readers[other].language) == ("en", "es")
    spanish = readers[other].request_key

    room.desk.message(site_id, "We have it.", {"Lo tenemos.": [spanish]})
    room.sync()
    room.sync()
    assert city.messages(one)[-1:] == ["We have it."]
    assert city.messages(other)[-1:] == ["Lo tenemos."]


def test_undo_takes_all_of_them_back(room: Room, two: tuple[str, str, int]) -> None:
    one, _other, site_id = two
    room.desk.message(site_id, "", {"Lo tenemos.": [room.view(one).recipients[1].request_key]})
    room.desk.undo()
    with room.store.reading() as connection:
        states = [item.state for item in outbox.of_site(connection, site_id)]
    assert states == [OutboxState.TAKEN_BACK]


def test_it_can_be_kept_while_the_database_is_away(room: Room) -> None:
    words = to_words(room.desk.message, (7, "We have it."), {"texts": {"Lo tenemos.": [12, 13]}})
    assert from_words(room.desk.message, orjson.loads(orjson.dumps(words))) == {
        "site_id": 7,
        "text": "We have it.",
        "texts": {"Lo tenemos.": [12, 13]},
    }


@ON_SQLITE
def test_who_can_be_answered_is_known_for_each_report(
    room: Room, city: Any, two: tuple[str, str, int]
) -> None:
    one, other, _site_id = two
    city.elsewhere(other, "archive")
    room.sync()
    view = room.view(one)
    why = {each.request_id: each.cannot_why for each in view.recipients}
    assert (why[one], view.can_message) == ("", True)
    assert "archived" in why[other]


def test_each_hears_that_emergency_management_has_it_in_their_language(
    room: Room, two: tuple[str, str, int]
) -> None:
    english, _, site = two
    sent = room.escalate(english, effect_needed="Close the lane", tell_residents=True)

    room.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", by_position="Public works")

    with room.store.reading() as connection:
        said = [item.text for item in outbox.of_site(connection, site)]
    assert len(said) == 2 and all(text.startswith("EXERCISE. ") and "911" in text for text in said)
    assert sum("passed to emergency management" in text for text in said) == 1
    assert sum("se ha pasado a manejo de emergencias" in text for text in said) == 1
