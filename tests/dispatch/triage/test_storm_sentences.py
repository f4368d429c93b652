"""Sentences of a storm in three languages: the band a duty officer would give, and the band given.

The bands of `sentences.csv` were written from the rules before anybody looked at what comes out. Where triage
gives another band, the column `miss` says which and why; a new miss fails here, and so does one that has
healed and still stands there. The lists were mended by these sentences, so that agreement here is no measure
of how well they do on others.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch.records import Band
from tests.dispatch.triage.reports import say

SENTENCES = Path(__file__).with_name("sentences.csv")
NAMED_IN_THE_PLAN = (
    "roof leaking",
    "tree on roof",
    "fire hydrant leaking",
    "oak blocks the fire station",
    "dog trapped in fence",
    "missing trash bin",
    "bump in road, hole is swallowing a car",
    "this is not a test, the pole is sparking",
    "nobody trapped",
    "smoke from a barbecue",
    "we are in the attic",
    "my mother's oxygen runs out at four",
)
AT_LEAST = {"en": 110, "es": 50, "ht": 40}


def sentences() -> list[dict[str, str]]:
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


ROWS = sentences()


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_s2_a_sentence_gets_the_duty_officers_band_or_the_miss_is_explained(row, rules):
    assessment = say(row["text"], rules, row["category"] or "storm_other")

    given, _, why = row["miss"].partition(": ")
    assert assessment.band.name == (given or row["duty_officer_band"]), [
        reason.text for reason in assessment.reasons
    ]
    assert given != row["duty_officer_band"], "this miss has healed: empty its column"
    assert bool(given) is bool(why), "a miss needs its reason"


def test_s2_no_miss_leaves_a_life_behind():
    assert [row["text"] for row in ROWS if row["duty_officer_band"] == "P1" and row["miss"]] == []


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_s2_shouting_changes_no_sentence(row, rules):
    category = row["category"] or "storm_other"
    assert say(row["text"].upper(), rules, category).band is say(row["text"], rules, category).band


def test_the_table_holds_what_was_asked_for(rules, say_table: Callable[[str, list[str]], None]):
    texts = [row["text"] for row in ROWS]
    assert set(NAMED_IN_THE_PLAN) <= set(texts)
    assert len(texts) == len(set(texts))
    for language, least in AT_LEAST.items():
        assert sum(row["language"] == language for row in ROWS) >= least
    assert {row["category"] for row in ROWS} - {""} <= {category.key for category in rules.table}
    say_table("Storm sentences: the duty officer's band and the band given", _summary())


def _summary() -> list[str]:
    lines = [
        f"{'':9}{'sentences':>10}{'P1':>5}{'P2':>5}{'P3':>5}{'P4':>5}{'INFO':>6}{'same':>6}{'misses':>8}"
    ]
    for language in AT_LEAST:
        rows = [row for row in ROWS if row["language"] == language]
        bands = [sum(row["duty_officer_band"] == band.name for row in rows) for band in Band]
        misses = sum(bool(row["miss"]) for row in rows)
        counts = "".join(f"{count:>{width}}" for count, width in zip(bands, (5, 5, 5, 5, 6), strict=True))
        lines.append(f"{language:9}{len(rows):>10}{counts}{len(rows) - misses:>6}{misses:>8}")
    lines += [
        f"{row['language']}  {row['duty_officer_band']} said, given {row['miss']}  |  {row['text']}"
        for row in ROWS
        if row["miss"]
    ]
    return lines
