"""What residents' words suggest of a home, English and Spanish; and what they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.errors import SettingsBroken
from dispatch.resources import resource
from dispatch.snapshot.home_levels import Suggestion, load_levels

LEVELS = load_levels()


def said(text: str, *, is_of_water: bool = True) -> Suggestion:
    return LEVELS.suggest(text, is_of_water=is_of_water)


@pytest.mark.parametrize(
    ("words", "inches"),
    [
        ("We have 2 feet of water in the living room", 24),
        ('about 6-8" of water inside', 8),
        ("Water is 2'4\" deep in the house", 28),
        ("2 ft 4 in of water in the house", 28),
        ("1 1/2 inches in kitchen", 1.5),
        ("1½ ft in the bedroom", 18),
        ("Water came in, 1.5 ft", 18),
        ("house has 4in of water", 4),
        ("6 in. The street is flooded too", 6),
        ("6in. of water in garage and house", 6),
        ("Bay water in house, knee high", 19),
        ("tenemos agua hasta los tobillos adentro", 2.6),
        ("2-3 ft of water in our house", 36),
        ("two or three inches of water in the house", 3),
        ("Two and a half feet of water in our home", 30),
        ("a foot and a half of water inside the house", 18),
        ("half a foot of water in the hallway", 6),
        ("a couple of inches of water in the house", 2),
        ("twenty four inches inside", 24),
        ("40 cm inside", 40 / 2.54),
        ("dos pies y medio de agua en la sala", 30),
        ("pie y medio de agua en la casa", 18),
        ("un pie y medio de agua en la casa", 18),
        ("veinte pulgadas de agua adentro", 20),
        ("2 o 3 pulgadas de agua en la cocina", 3),
        ("medio metro de agua en la casa", 19.7),
        ("treinta y cinco centímetros de agua en la casa", 35 / 2.54),
        ("un metro y veinte centimetros en la cocina", 120 / 2.54),
        ("El agua subió 60 cm dentro de la casa", 60 / 2.54),
        ("ankle deep in the hallway", 2.6),
        ("the water is knee deep in the house", 19),
        ("water up to my waist inside", 35),
        ("el agua nos llega hasta las rodillas en la sala", 19),
    ],
)
def test_a_depth_is_read_in_digits_and_in_words(words: str, inches: float) -> None:
    assert said(words).water_in == pytest.approx(inches, abs=0.1)


@pytest.mark.parametrize(
    "words",
    [
        "No water inside. Street has 3 feet.",
        "no water got inside the house but the yard has 2 feet",
        "there is not even an inch of water in my house",
        "3 feet of water in the street",
        "knee deep in the street",
        "water in garage 1 foot",
        "water is 2 feet from the door",
        "10 inches of rain, house flooded",
        "3 ft storm surge predicted",
        "if it rains we may get 18 inches in the house",
        "the water could reach 2 feet in the house",
        "In 2004 we had 3 feet of water in the house.",
        "2 in the kitchen are crying, water everywhere",
        "Street flooded 2 feet, water near the house",
        "My 20 foot trailer boat is in the yard",
        "no hay agua adentro, la calle tiene 2 pies",
        "hasta las rodillas en la calle",
    ],
)
def test_what_is_denied_feared_past_or_outside_is_no_depth(words: str) -> None:
    found = said(words)
    assert (found.water_in, found.level) == (None, "unknown")


def test_of_street_and_house_the_house_counts() -> None:
    assert said("2 feet of water in the street and 3 inches inside the house").water_in == 3
    assert said("1 ft in garage, 1 inch in house").water_in == 1


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("3 inches of water in the house", "affected"),
        ("over 3 inches in the house", "minor"),
        ("17 inches in the house", "minor"),
        ("under 18 inches in the living room", "minor"),
        ("18 inches in the house", "major"),
        ("less than 3 inches of water in the house", "affected"),
        ("no more than 2 inches inside", "affected"),
        ("no mas de 2 pulgadas de agua en la casa", "affected"),
        ("water above the outlets", "major"),
        ("el agua cubrió los enchufes", "major"),
    ],
)
def test_water_suggests_by_the_limits(words: str, level: str) -> None:
    assert said(words).level == level


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("my house collapsed", "destroyed"),
        ("the whole house is gone", "destroyed"),
        ("house is a total loss", "destroyed"),
        ("se derrumbó la casa", "destroyed"),
        ("perdida total", "destroyed"),
        ("roof caved in", "major"),
        ("the roof of the house was ripped off", "major"),
        ("tree fell through the roof into the bedroom", "major"),
        ("Roof is coming off, we are in the bathroom", "major"),
        ("el techo se voló", "major"),
        ("lots of shingles blown off and windows broken", "minor"),
        ("roof leak in bedroom, ceiling fell", "minor"),
        ("ventanas rotas", "minor"),
        ("a few shingles missing", "affected"),
        ("soffit hanging", "affected"),
        ("cannot get to my house, road washed out", "inaccessible"),
        ("we are not able to get back to our house", "inaccessible"),
        ("no podemos llegar a nuestra casa", "inaccessible"),
    ],
)
def test_words_of_harm_suggest_a_level(words: str, level: str) -> None:
    assert said(words, is_of_water=False).level == level


@pytest.mark.parametrize(
    "words",
    [
        "tree on roof",
        "roof damage",
        "my fence is destroyed",
        "car is a total loss",
        "carport roof ripped off",
        "Branch through the roof of our carport",
        "part of the roof of the shed blew off",
        "power line ripped off the house",
        "the roof is not leaking",
        "no roof damage",
        "water main leaking in the street",
        "my neighbor's tree may come through the roof",
        "In 2004 the roof caved in.",
    ],
)
def test_what_is_no_harm_to_a_home_suggests_nothing(words: str) -> None:
    assert said(words, is_of_water=False).level == "unknown"


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("mobile home off its blocks", "major"),
        ("my trailer has 2 inches of water in it", "major"),
        ("Mi casa movil se salio de los bloques", "major"),
        ("double wide frame is bent", "destroyed"),
        ("mobile home flipped over", "destroyed"),
        ("neighbor's boat trailer blocks the road, 3 inches of water in house", "affected"),
    ],
)
def test_a_mobile_home_has_limits_of_its_own(words: str, level: str) -> None:
    assert said(words).level == level


@pytest.mark.parametrize(
    ("words", "primary", "insured"),
    [
        ("water in my house", "unknown", "unknown"),
        ("we live here, no flood insurance", "yes", "no"),
        ("it is our vacation home, claim filed with our insurance", "no", "yes"),
        ("we do not have flood insurance", "unknown", "no"),
        ("we are not insured", "unknown", "no"),
        ("we have homeowners insurance", "unknown", "yes"),
        ("vivimos aqui, sin seguro", "yes", "no"),
        ("tenemos seguro de inundacion", "unknown", "yes"),
        ("seguro que llueve", "unknown", "unknown"),
    ],
)
def test_who_lives_there_and_insurance_only_if_told(words: str, primary: str, insured: str) -> None:
    found = said(words)
    assert (found.primary_home, found.insured) == (primary, insured)


def test_the_worst_that_is_said_counts_and_why_quotes_it() -> None:
    found = said("2 inches in the kitchen, and the roof caved in over the bedroom")
    assert (found.level, found.quoted, found.water_in) == ("major", "roof caved in", 2)
    assert found.why == "“roof caved in”: a structural part failed"


def test_harm_that_is_told_stands_before_a_home_that_cannot_be_reached() -> None:
    found = said("cannot get to my house, neighbors say 2 feet of water in the house")
    assert (found.level, found.is_unreachable) == ("major", True)


def test_water_without_a_depth_asks_how_deep() -> None:
    for words in ("water is coming into my house", "street flooded 2 feet, water entering house"):
        assert "ask how deep" in said(words).rule
    found = said("water is coming into my house")
    assert found.level == "unknown" and "ask how deep" in found.rule


def test_s15_what_is_quoted_holds_no_phone() -> None:
    found = said("nothing left of my house", is_of_water=False)
    assert found.level == "destroyed"
    assert "0142" not in said("roof 727-555-0142 caved in", is_of_water=False).quoted


@pytest.mark.parametrize(
    "words", ["", ".", "   ", "🔥", "½", "'\"'", "1/0 feet", "a " * 9_000, "9" * 400 + " feet in house"]
)
def test_no_text_breaks_it(words: str) -> None:
    assert said(words).level == "unknown"


def test_a_list_that_cannot_be_read_is_named_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "home_levels.toml"
    path.write_text("[limits_in]\naffected_to = 3", "utf-8")
    with pytest.raises(SettingsBroken, match=r"list of home levels home_levels\.toml cannot be read"):
        load_levels(path)


def test_a_city_moves_a_limit_by_editing_its_list(tmp_path: Path) -> None:
    whole = resource("snapshot", "home_levels.toml").read_text("utf-8")
    path = tmp_path / "home_levels.toml"
    path.write_text(whole.replace("major_from = 18.0", "major_from = 12.0"), "utf-8")
    assert load_levels(path).suggest("14 inches in the house", is_of_water=True).level == "major"
