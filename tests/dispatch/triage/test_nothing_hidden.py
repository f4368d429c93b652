"""S1 on whole storms: what storm mode looks away from stays in the queue if its words are dangerous."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from dispatch.exercise.storms import STORMS
from dispatch.records import Assessment, Band, ServiceRequest
from dispatch.triage.profile import PHOTO_NOT_LOOKED_AT
from dispatch.triage.rules import Rules
from dispatch.triage.score import assess
from tests.dispatch.triage.reports import report
from tests.dispatch.triage.test_storm_sentences import ROWS

SET_ASIDE = ("pothole", "sidewalk", "graffiti", "code_complaint", "spam_test")
PHOTO = "https://city.example/1.jpg"
NEW_HAVEN = (
    Path(__file__).resolve().parents[4] / "shared" / "data" / "storms" / "newhaven-2014" / "requests.csv.gz"
)
NEW_HAVEN_TITLES = {
    "Potholes": "pothole",
    "Sidewalks and Curb damage": "sidewalk",
    "Graffiti": "graffiti",
    "Illegal Dumping": "code_complaint",
    "Private Property Issue": "code_complaint",
}
# Read one by one among what was set aside, and mended in the cue lists.
NEW_HAVEN_DANGEROUS = {
    "957465": "wires protrude out of a hole in the road",
    "1004261": "a storm drain has caved in",
    "1020670": "the road is sinking",
    "1024630": "a partial cave-in",
    "1045124": "the road collapses into a culvert",
    "1052523": "a beam that holds a porch has failed",
    "1080641": "a sinking spot grows from day to day",
    "1083964": "a building has collapsed, children live beside it",
    "1088240": "a cave-in comes back",
    "1141733": "a hole in the lane nearly killed a rider",
    "1184639": "bricks fall from a chimney",
}


def storm(name: str, seed: int) -> Iterator[ServiceRequest]:
    played = STORMS[name](seed)
    titles = {each.type_id: each.title for each in played.types}
    for row in played.rows:
        photo = PHOTO if row.has_photo else ""
        yield report(row.description, title=titles.get(row.type_id, ""), summary=row.summary, photo=photo)


def new_haven() -> Iterator[tuple[str, ServiceRequest]]:
    with gzip.open(NEW_HAVEN, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            title = NEW_HAVEN_TITLES.get(row["category"], row["category"])
            yield row["source_id"], report(row["description"], title=title, summary=row["summary"])


def counted(name: str, assessed: Iterable[Assessment], rules: Rules) -> str:
    """Fails on any row that should have stayed; else says how many there were, put aside, and kept."""
    rows = list(assessed)
    put_off = [each for each in rows if rules.profile.puts_off(each.category)]
    kept = [each for each in put_off if not each.is_set_aside]
    why = Counter(_why(each) for each in put_off)
    assert {each.category for each in put_off} <= set(SET_ASIDE)
    assert not [each for each in put_off if each.is_set_aside and _why(each)]
    by_reason = ", ".join(f"{count} {reason}" for reason, count in sorted(why.items()) if reason)
    return (
        f"{name:12}{len(rows):>7} rows, {len(put_off):>5} in a set-aside category: "
        f"{len(put_off) - len(kept):>5} set aside, {len(kept):>4} kept ({by_reason or 'none'})"
    )


def _why(each: Assessment) -> str:
    if each.band <= Band.P2:
        return f"by words {each.band.name}"
    if not each.is_assessed:
        return "not assessed"
    return "photo not looked at" if PHOTO_NOT_LOOKED_AT in each.cues else ""


def test_s1_nothing_dangerous_is_hidden_in_a_storm(rules, say_table: Callable[[str, list[str]], None]):
    lines = [
        counted(f"{name} {seed}", (assess(each, rules) for each in storm(name, seed)), rules)
        for name, seed in (("irma", 1), ("irma", 2), ("harvey", 1))
    ]
    if NEW_HAVEN.is_file():
        lines.append(counted("new haven", (assess(each, rules) for _, each in new_haven()), rules))
    say_table("Filed under a set-aside category", lines)


@pytest.mark.skipif(not NEW_HAVEN.is_file(), reason="the rows of New Haven are not beside the repository")
def test_s1_rows_read_and_found_dangerous_stay(rules):
    hidden = [
        NEW_HAVEN_DANGEROUS[source_id]
        for source_id, each in new_haven()
        if source_id in NEW_HAVEN_DANGEROUS and assess(each, rules).is_set_aside
    ]
    assert hidden == []


@pytest.mark.parametrize("category", SET_ASIDE)
def test_s1_what_a_duty_officer_calls_dangerous_is_hidden_under_no_category(category, rules):
    hidden = [
        row["text"]
        for row in ROWS
        if row["category"] in ("", *SET_ASIDE)
        and Band[row["duty_officer_band"]] <= Band.P2
        and not row["miss"]
        and assess(report(row["text"], title=category), rules).is_set_aside
    ]
    assert hidden == []
