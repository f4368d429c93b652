"""The text model: it adds points and says by which words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.errors import SettingsBroken
from dispatch.resources import resource
from dispatch.triage.phrases import Words
from dispatch.triage.text_model import TextModel, load_text_model

SHIPPED = resource("triage", "text_model.json")
HOME = Path(__file__).resolve().parents[3]
MESSAGES = HOME.parent / "shared" / "data" / "triage" / "messages.csv"
SMALL = {
    "language": "en",
    "none_up_to": 0.0,
    "all_from": 2.0,
    "weights": {"rubble": 3, "under": 1.0, "beam": 2.0, "wall": 0.5, "visa": -4.0, "the": 0.0},
}


@pytest.fixture
def model_file(tmp_path):
    def write(content) -> Path:
        path = tmp_path / "small.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture
def small(model_file) -> TextModel:
    return load_text_model(model_file(SMALL))


def test_the_three_strongest_words_are_the_reason(small):
    reason = small.reason(Words.of("Under the wall, a BEAM and rubble"), "en")
    assert reason.text == "Words like 'rubble', 'beam', 'under' in urgent messages"


@pytest.mark.parametrize(
    ("words", "points"),
    [
        ("rubble", 10.0),  # 3, above the mark for all
        ("under", 2.5),  # half of the way to it: a quarter
        ("under under, UNDER!", 2.5),
        ("under the", 1.2),  # a word it knows and that says nothing makes the rest say less
        ("under blue skies", 2.5),
    ],
)
def test_points_grow_with_what_the_words_say(small, words, points):
    assert small.reason(Words.of(words), "en").points == points


@pytest.mark.parametrize("words", ["", "the", "visa", "visa, under the wall", "palm fronds", "?!"])
def test_what_it_cannot_name_a_word_for_brings_nothing(small, words):
    assert small.reason(Words.of(words), "en") is None


@pytest.mark.parametrize("language", ["es", "ht", "und", ""])
def test_it_reads_no_language_it_was_not_trained_on(small, language):
    assert small.reason(Words.of("rubble"), language) is None


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        "{}",
        {**SMALL, "weights": ["rubble"]},
        {**SMALL, "weights": {"rubble": "3"}},
        {**SMALL, "weights": {"rubble": float("nan")}},
        {**SMALL, "all_from": 0.0},
    ],
)
def test_a_broken_file_is_said_in_a_sentence(model_file, content):
    with pytest.raises(SettingsBroken, match=r"^The text model small.json cannot be read: .+"):
        load_text_model(model_file(content))


def test_a_missing_file_is_said_in_a_sentence(tmp_path):
    with pytest.raises(SettingsBroken, match=r"^The text model none.json cannot be read: .*No such file"):
        load_text_model(tmp_path / "none.json")


def test_the_shipped_file_is_small_and_plain():
    text = SHIPPED.read_text("utf-8")
    shipped = json.loads(text)
    assert SHIPPED.stat().st_size <= 100_000
    assert max(len(digits) for digits in re.findall(r"\d\.(\d+)", text)) <= 3
    assert all(Words.of(word).cleaned == f" {word} . " for word in shipped["weights"])
    assert "Munro" in shipped["trained_on"]
    assert "CC BY 4.0" in resource("triage", "TEXT_MODEL.md").read_text("utf-8")


@pytest.mark.skipif(not MESSAGES.exists(), reason="the labelled messages are not here")
def test_the_same_messages_give_the_same_weights(tmp_path):
    again = tmp_path / "again.json"
    script = HOME / "packaging" / "text_model" / "train.py"
    command = [sys.executable, str(script), str(MESSAGES), "--into", str(again)]
    subprocess.run(command, check=True, cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)})
    if sys.version_info[:2] == (3, 11):
        assert again.read_bytes() == SHIPPED.read_bytes()
    known, made = load_text_model(SHIPPED), load_text_model(again)
    assert made.weights == pytest.approx(known.weights, abs=0.002)
    assert (made.none_up_to, made.all_from) == pytest.approx((known.none_up_to, known.all_from), abs=0.002)
