"""The switch itself: rows on and off, settings, profiles; what cannot be meant; what a restart keeps."""

from __future__ import annotations

import pytest
import requests

from dispatch.exercise.quirk_table import ROWS
from dispatch.exercise.quirks import BadQuirks, Quirks
from tests.city import City


def test_a_row_that_is_a_setting_sets_it_and_takes_it_back():
    quirks = Quirks()

    quirks.set({"on": ["Q75", "Q81"]})
    assert (quirks.settings.cap, quirks.settings.default_status) == (50, "open")
    assert list(quirks.say()["on"]) == ["Q75", "Q81"]

    quirks.set({"off": ["Q75"], "default_status": "closed"})
    assert (quirks.settings.cap, quirks.settings.default_status) == (1000, "closed")


def test_the_setting_has_the_last_word_and_a_profile_begins_anew():
    quirks = Quirks()

    quirks.set({"on": ["Q75"], "cap": 20})
    assert quirks.settings.cap == 20
    quirks.set({"profile": "spec"})
    assert (quirks.on, quirks.settings.cap) == (frozenset(), 1000)


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ([], "object"),
        ({"cup": 1}, "not cup"),
        ({"on": "Q4"}, "list of rows"),
        ({"on": ["Q999"]}, "no quirk Q999"),
        ({"profile": "berlin"}, "no profile berlin"),
        ({"cap": 0}, "from 1 to"),
        ({"cap": True}, "whole number"),
        ({"first_page": 2}, "from 0 to 1"),
        ({"pages": 1}, "true or false"),
        ({"order": "random"}, "entered_down"),
        ({"zone": "Mars/Olympus"}, "America/New_York"),
        ({"jurisdiction": None}, "a text"),
    ],
)
def test_what_cannot_be_meant_is_refused_whole(wish, word):
    quirks = Quirks()
    before = quirks.say()
    both = {**wish, "on": wish.get("on", ["Q81"])} if isinstance(wish, dict) else wish

    with pytest.raises(BadQuirks, match=word):
        quirks.set(both)

    assert quirks.say() == before


def test_what_is_on_is_told_and_survives_a_kill(city):
    said = city.quirks("Q75", order="none")
    city.restart()

    assert city.quirks() == said
    assert said["on"]["Q75"].startswith("No answer holds more than 50 rows")
    with pytest.raises(AssertionError, match="no quirk Q999"):
        city.quirks("Q999")


def test_the_control_address_tells_what_there_is(city):
    city.quirks("Q4")
    said = requests.get(f"{city.control_url}/quirks", timeout=10).json()

    assert list(said["on"]) == ["Q4"] and said["envelope"] == "service_requests"
    assert set(said["known"]) == set(ROWS) and set(said["always"]) == {"Q17", "Q60", "Q62"}


def test_the_command_begins_with_quirks_and_what_was_switched_since_outlives_it(tmp_path):
    options = ["--quirks=spot, Q61", "--token-delay=90"]
    with City(tmp_path / "city", options=options) as city:
        begun = city.quirks()
        switched = city.quirks(off=["Q61", "Q76"], order="none")
        city.restart()
        assert city.quirks() == switched
    with City(tmp_path / "city", options=["--quirks=Q4"]) as city:
        anew = city.quirks()

    assert begun["profile"] == "spot" and {"Q61", "Q76", "Q21"} <= set(begun["on"])
    assert (begun["cap"], begun["token_delay_s"]) == (50, 90)
    assert (switched["off"], switched["order"]) == (["Q76"], "none")
    assert (anew["profile"], set(anew["on"]), anew["cap"]) == ("spec", {"Q4"}, 1000)
