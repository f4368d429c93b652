"""Offers of help told from requests, refusals, stories and advertisements; no score or band knows of them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.geo.areas import Areas
from dispatch.records import Assessment
from dispatch.triage.cues import load_cues
from dispatch.triage.judge import Judge
from dispatch.triage.offers import OFFER, Verdict
from dispatch.triage.places import Places
from dispatch.triage.rules import Rules
from dispatch.triage.score import assess
from tests.dispatch.triage.reports import report
from tests.dispatch.triage.test_sentences import ENGLISH

# 271 sentences of ours. "Kept back" were written after the lists, and read by them as they stood then: of 46
# offers 18 were found, and of 22 called offers 18 were; most of what was missed then stands in the lists now.
SENTENCES = list(
    csv.DictReader((Path(__file__).parent / "offer_sentences.csv").read_text("utf-8").splitlines())
)
MESSAGES = Path(__file__).resolve().parents[4] / "shared" / "data" / "triage" / "messages.csv"


def test_the_table_is_long_and_every_miss_is_explained(rules: Rules) -> None:
    missed = [row for row in SENTENCES if rules.offers.verdict(row["text"]) != row["verdict"]]

    assert len(SENTENCES) >= 120
    assert [row["text"] for row in missed if not row["miss"]] == []
    # One that is found by now is no miss any more.
    assert [row["text"] for row in SENTENCES if row["miss"] and row not in missed] == []


def test_nothing_that_is_no_offer_is_shown_as_a_neighbor(rules: Rules) -> None:
    called = [row for row in SENTENCES if rules.offers.verdict(row["text"]) is Verdict.OFFER]
    offers = [row for row in SENTENCES if row["verdict"] == "offer"]

    assert {row["verdict"] for row in called} == {"offer"}
    assert len(called) / len(offers) > 0.9


@pytest.mark.parametrize("language", ["en", "es", "ht"])
def test_each_language_has_offers_and_traps(rules: Rules, language: str) -> None:
    said = [row for row in SENTENCES if row["language"] == language and not row["miss"]]

    assert {rules.offers.verdict(row["text"]).value for row in said} == {"offer", "none", "commercial"}


@pytest.mark.parametrize("words", [row["text"] for row in SENTENCES] + ENGLISH.strip().splitlines())
def test_scores_and_bands_are_the_same_with_and_without_offers(rules: Rules, words: str) -> None:
    blind = replace(rules, offers=replace(rules.offers, cues=replace(rules.offers.cues, _index={})))

    assert _of(blind, words) == _of(rules, words)


def test_only_the_mark_tells_an_offer(rules: Rules) -> None:
    nowhere = Areas([], ids=[], names=[])
    judge = Judge(rules=rules, neighborhoods=nowhere, city=nowhere, places=Places(None))
    plain = judge.assess(report("Tree across the road"))
    offered = judge.assess(report("Tree across the road"), later=["I have a chainsaw and can come over"])

    assert OFFER not in plain.cues
    assert OFFER in offered.cues
    assert offered.band <= plain.band


def test_an_offer_written_later_lowers_no_band(rules: Rules) -> None:
    offers = [row["text"] for row in SENTENCES if row["verdict"] == "offer"]
    before = _of(rules, "Tree across the road, we are trapped")

    assert all(
        _of(rules, "Tree across the road, we are trapped", later=words).band <= before.band
        for words in offers
    )


def test_the_lists_stand_on_the_grammar_of_the_cues(rules: Rules) -> None:
    assert rules.offers.cues.grammar is rules.cues.grammar
    assert rules.offers.cues.languages == load_cues().languages


@pytest.mark.skipif(not MESSAGES.exists(), reason="the messages of other storms are not here")
def test_a_hundred_thousand_words_of_other_storms_hold_few_offers(rules: Rules) -> None:
    """Read one by one: of 22 found there 20 offer help; two ask how one could."""
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if rules.offers.verdict(row["text"]) is Verdict.OFFER]

    assert 15 <= len(found) <= 40


def _of(rules: Rules, words: str, *, later: str = "") -> Assessment:
    return assess(report(words), rules, later=[later] if later else [])
