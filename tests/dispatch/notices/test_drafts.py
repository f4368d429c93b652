"""Drafts of notices: languages say the same, none is whole with an open slot, old advisories fill none."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import SettingsBroken
from dispatch.feeds.advisory_text import read_advisory_text
from dispatch.feeds.times import from_iso
from dispatch.feeds.weather import Weather
from dispatch.notices.drafts import LONG_CHARS, fill_draft, load_drafts, slots_of
from dispatch.notices.storm_slots import (
    FROM_ADVISORY,
    HOUR_MS,
    STORM_SLOTS,
    StormSlots,
    category_of,
    say_time,
    storm_slots,
)
from dispatch.records import NoticeKind
from dispatch.residents.danger import refusal
from dispatch.resources import resource
from tests.dispatch.feeds.alerts import FILES

ZONE = ZoneInfo("America/New_York")
CITY = "St. Petersburg"
PLACE = (27.77, -82.66)
CAP = {
    "category": {
        "Geo",
        "Met",
        "Safety",
        "Security",
        "Rescue",
        "Fire",
        "Health",
        "Env",
        "Transport",
        "Infra",
        "CBRNE",
        "Other",
    },
    "response_type": {
        "Shelter",
        "Evacuate",
        "Prepare",
        "Execute",
        "Avoid",
        "Monitor",
        "Assess",
        "AllClear",
        "None",
    },
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
WANTED = {
    *("track", "shelter_opens", "shelter_fills", "shelter_closes", "evacuation", "bring_in", "medical_power"),
    *("sandbags", "crews_stop", "wires", "generators", "debris", "reentry", "thanks"),
}
TYPICAL = {
    "city": CITY,
    "emergency": "911",
    "link": "stpete.org/storm",
    "phone": "727-555-0100",
    "shelter": "Gibbs High School",
    "address": "850 34th St S",
    "other_shelter": "Campbell Park, 1051 7th Ave S",
    "zones": "zones A and B",
    "authority": "Pinellas County",
    "order": "17-23",
    "leave_by": "6 AM Saturday, September 9",
    "opens": "8 AM Friday, September 8",
    "closes": "noon Tuesday, September 12",
    "pets": "Pets in a carrier are taken.",
    "place": "Lake Vista Park, 1401 62nd Ave S",
    "until": "7 PM today",
    "limit": "10",
    "area": "Shore Acres",
    "papers": "an ID with your address",
    "utility": "Duke Energy",
    "utility_phone": "800-555-0199",
    "stopped_at": "6:30 PM Sunday",
    "first_pass": "no date is set yet",
}


@pytest.fixture
def milton():
    return read_advisory_text((FILES / "nhc_milton_fstadv_016.txt").read_text(), "nhc.txt")


def slots(advisory, now, language="en") -> StormSlots:
    return storm_slots(Weather(advisories=(advisory,)), now, ZONE, PLACE, CITY, language)


def test_the_drafts_a_storm_needs_are_there_in_english_and_spanish():
    drafts = load_drafts()

    assert not WANTED - drafts.keys()
    assert {each.kind for each in drafts.values()} == set(NoticeKind)
    for draft in drafts.values():
        assert set(draft.words) == {"en", "es"}
        assert draft.words["en"].is_read
        assert not draft.words["es"].is_read, "no speaker has read it yet"


@pytest.mark.parametrize("key", load_drafts())
def test_each_draft_says_what_cap_knows_and_asks_for_what_a_person_types(key):
    draft = load_drafts()[key]

    for name, allowed in CAP.items():
        assert getattr(draft.cap, name) in allowed
    typed = set(draft.slots) - STORM_SLOTS - {"city", "emergency"}
    assert set(draft.asks) == typed
    assert 1 <= draft.hours <= 168


@pytest.mark.parametrize("key", load_drafts())
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_draft_filled_typically_is_whole_and_short(key, language, milton):
    storm = slots(milton, milton.issued_at, language)

    filled = fill_draft(load_drafts()[key], language, {**TYPICAL, **storm.values}, storm.blocked())

    assert filled.is_whole, (filled.missing, filled.blocked_why)
    assert not slots_of(filled.title + filled.text)
    assert len(filled.text) <= LONG_CHARS + 30, len(filled.text)


def test_s8_no_draft_promises_help_or_a_time_of_its_own():
    for draft in load_drafts().values():
        text = draft.words["en"].text.lower()
        assert not any(
            word in text for word in ("help is coming", "on the way to you", "will be fixed", "within")
        )


def test_what_is_missing_is_named_and_words_typed_are_no_template():
    draft = load_drafts()["shelter_opens"]

    filled = fill_draft(draft, "en", {**TYPICAL, "address": " ", "pets": "{city} <b>"})

    assert filled.missing == ("address",)
    assert not filled.is_whole
    assert "{city} <b>" in filled.text


def test_milton_fills_storm_place_and_winds_from_the_advisory_itself(milton):
    found = slots(milton, milton.issued_at)

    assert found.values["storm"] == "Hurricane Milton"
    assert found.values["category"] == "category 5"
    assert found.values["advisory"] == "16"
    assert found.values["advisory_time"] == "11:00 PM EDT Tuesday, October 8"
    assert found.values["distance"] == "390 miles southwest of St. Petersburg"
    assert found.values["winds_from"].endswith("EDT Wednesday, October 9")
    assert not found.why_missing


def test_spanish_has_its_own_days_and_halves(milton):
    found = slots(milton, milton.issued_at, "es")

    assert found.values["advisory_time"] == "martes 8 de octubre, 11:00 p. m. (EDT)"
    assert found.values["distance"] == "a 390 millas al suroeste de St. Petersburg"


@pytest.mark.parametrize(
    ("age_ms", "is_blocked"),
    [
        (0, False),
        (6 * HOUR_MS - 1, False),
        (6 * HOUR_MS, False),
        (6 * HOUR_MS + 1, True),
        (30 * HOUR_MS, True),
    ],
)
def test_an_advisory_older_than_six_hours_fills_nothing(milton, age_ms, is_blocked):
    found = slots(milton, milton.issued_at + age_ms)

    assert bool(found.blocked_why) == is_blocked
    assert bool(found.values) != is_blocked
    filled = fill_draft(load_drafts()["track"], "en", {**TYPICAL, **found.values}, found.blocked())
    assert filled.is_whole != is_blocked


def test_a_blocked_draft_says_how_old_the_advisory_is_and_takes_no_value_from_elsewhere(milton):
    found = slots(milton, milton.issued_at + 7 * HOUR_MS + 5 * 60_000)

    filled = fill_draft(
        load_drafts()["track"], "en", {**TYPICAL, "storm": "Hurricane Milton"}, found.blocked()
    )

    assert "Advisory 16 on Milton is 7 h 05 min old" in filled.blocked_why
    assert "{storm}" in filled.text
    assert filled.missing == ()


def test_hours_of_the_wind_that_a_person_types_are_not_blocked(milton):
    found = slots(milton, milton.issued_at + 7 * HOUR_MS)
    typed = {"winds_from": "4 PM today"}

    filled = fill_draft(load_drafts()["crews_stop"], "en", {**TYPICAL, **typed}, found.blocked(typed))

    assert filled.is_whole
    assert "may begin about 4 PM today" in filled.text


def test_a_draft_without_a_slot_of_the_storm_is_never_blocked(milton):
    found = slots(milton, milton.issued_at + 48 * HOUR_MS)

    assert fill_draft(load_drafts()["wires"], "en", TYPICAL, found.blocked()).is_whole


def test_without_a_feed_the_sentence_says_what_to_do():
    assert "load one" in storm_slots(None, 0, ZONE, PLACE, CITY).blocked_why
    assert "load one" in storm_slots(Weather(), 0, ZONE, PLACE, CITY).blocked_why


def test_winds_are_left_open_where_the_advisory_does_not_tell_how_far_they_reach(milton):
    bare = replace(milton, points=tuple(replace(each, gale_nm=()) for each in milton.points))

    found = slots(bare, bare.issued_at)

    assert found.values.keys() == FROM_ADVISORY
    assert "does not say how far the wind reaches" in found.why_missing["winds_from"]


def test_a_storm_that_stays_away_has_no_winds_here(milton):
    found = storm_slots(Weather(advisories=(milton,)), milton.issued_at, ZONE, (41.3, -72.9), "New Haven")

    assert "winds_from" not in found.values
    assert "does not fit now" in found.why_missing["winds_from"]


@pytest.mark.parametrize(
    ("wind_kt", "category"), [(63, 0), (64, 1), (82, 1), (83, 2), (96, 3), (113, 4), (136, 4), (137, 5)]
)
def test_categories_are_those_of_the_hurricane_center(wind_kt, category):
    assert category_of(wind_kt) == category


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2017-09-10T04:00:00Z", "12:00 AM EDT Sunday, September 10"),
        ("2017-09-10T16:05:00Z", "12:05 PM EDT Sunday, September 10"),
        ("2017-12-10T17:05:00Z", "12:05 PM EST Sunday, December 10"),
    ],
)
def test_times_are_said_with_day_and_zone(at, said):
    assert say_time(from_iso(at), ZONE) == said


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("orden {order}.", "orden.", "{order} stands in one language only"),
        ('key = "thanks"', 'key = "gracias"', "not in English: gracias"),
        ('text = "Gracias', 'words = "Gracias', "lacks 'text'"),
        ("[words]", "[words", "cannot be read"),
    ],
)
def test_a_city_that_breaks_its_words_is_told_where(tmp_path, before, after, complaint):
    for path in resource("notices").glob("drafts_*.toml"):
        words = path.read_text("utf-8")
        (tmp_path / path.name).write_text(
            words.replace(before, after, 1) if path.name == "drafts_es.toml" else words, "utf-8"
        )

    with pytest.raises(SettingsBroken, match=complaint.replace("{", r"\{").replace("}", r"\}")):
        load_drafts(tmp_path)


def test_s9_no_draft_of_the_city_is_one_that_may_not_be_handed_in():
    for draft in load_drafts().values():
        for language in draft.words:
            filled = fill_draft(draft, language, TYPICAL)
            words = f"{filled.title} {filled.text}"
            no = refusal(words, category="", family="", has_wire=False, is_suspended=False)
            assert not no, (draft.key, language)
