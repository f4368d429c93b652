"""The category table and a city's titles mapped to it."""

from __future__ import annotations

import pytest

from dispatch.errors import SettingsBroken
from dispatch.records import Band
from dispatch.resources import resource
from dispatch.triage.categories import CategoryMap, load_categories, load_category_map
from dispatch.triage.phrases import Words
from tests.dispatch.triage.reports import report

FAMILIES = {"trees", "flooding", "wires", "signals", "structure", "sewer_water", "medical", "other"}


def test_every_category_has_a_family_and_points_that_fit_its_band(rules):
    assert len(rules.table) == 46
    assert sum(category.is_essential for category in rules.table) == 41
    assert {category.family for category in rules.table} == FAMILIES
    for category in rules.table:
        low, high = {1: (36, 40), 2: (20, 30), 3: (8, 14), 4: (0, 5), 5: (0, 2)}[category.default_band]
        assert low <= category.base_points <= high, category.key


def test_a_row_is_read_whole(rules):
    wires = rules.table["power_line_down"]
    assert (wires.default_band, wires.send_to_911, wires.lead_esf) == (Band.P2, "if_life_risk", "ESF 12")
    assert wires.support_esf == ("ESF 4", "ESF 16", "ESF 3")
    assert (wires.first_look_min, wires.normal_days, wires.storm_days) == (5, 1, 5)
    assert "live wire" in wires.keywords
    assert rules.table["flood_people_trapped"].promised_ms() is None
    assert rules.table["home_flooded"].is_restricted


def test_a_city_title_is_found_by_code_then_title_then_our_own_label(rules):
    assert rules.categories.find("5702", "renamed by the city") == "tree_on_wires"
    assert rules.categories.find("", "storm: tree on wires") == "tree_on_wires"
    assert rules.categories.find("x", "Tree tangled in power lines") == "tree_on_wires"
    assert rules.categories.find("x", "tree_on_wires") == "tree_on_wires"
    assert rules.categories.find("9", "Mosquito Control") is None


def test_unknown_categories_are_counted(rules):
    requests = [
        report("a", title="Mosquito Control"),
        report("b", title="Graffiti"),
        report("c", title="Mosquito Control"),
    ]
    assert rules.categories.unknown(requests) == {("", "Mosquito Control"): 2}
    assert rules.table["no such key"].key == "storm_other"


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("There is a tree on wire here", "tree_on_wires"),
        ("the street needs sweeping", None),
        ("SMELL GAS!", "gas_leak"),
        ("missing trash bin", "bin_missing"),
        ("power line in standing water", "street_flooding"),
    ],
)
def test_s2_words_suggest_the_category_of_the_longest_keyword(words, key, rules):
    suggested = rules.table.suggest(Words.of(words))
    assert (suggested and suggested.category.key) == key


def test_of_two_keywords_as_long_the_same_one_is_said_by_every_seat(rules):
    suggested = rules.table.suggest(Words.of("the stop sign down at the corner"))
    assert suggested and suggested.keyword == "sign down"


def test_mistakes_in_a_citys_list_end_in_one_sentence(tmp_path, rules):
    with pytest.raises(SettingsBroken, match="maps 'Trees' to 'tree'"):
        CategoryMap([("1", "Trees", "tree")], rules.table)
    with pytest.raises(SettingsBroken, match="cannot be read"):
        load_category_map("atlantis", rules.table)
    broken = tmp_path / "categories.csv"
    text = (
        resource("triage", "storm_categories.csv")
        .read_text("utf-8")
        .replace("tree_private,", "tree_private", 1)
    )
    broken.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsBroken, match="is not as expected"):
        load_categories(broken)
