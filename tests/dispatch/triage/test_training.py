"""What the trainer of the text model makes of messages: which words get a weight, and which way it points."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HOME = Path(__file__).resolve().parents[3]
DANGER, NEED = "request|medical_help", "request|food"
GRADES = {DANGER: 3, NEED: 2, "": 0}
SAID = [
    ("my sister is wounded and bleeding in both legs, send a doctor", DANGER),
    ("two wounded men here, they wounded their legs", DANGER),
    ("the child was bleeding all night near Jacmel", DANGER),
    ("a man is bleeding and swollen, send a doctor", DANGER),
    ("his leg is swollen", ""),
    ("we are hungry, send rice", NEED),
    ("hungry children here, no rice", NEED),
    ("we went to Jacmel with the bus", ""),
    ("when does the school open", ""),
    ("the bus to Jacmel is late", ""),
    ("when does the bank open", ""),
    ("the school bus is late today", ""),
    ("where does this bus go", ""),
    ("is the bank near the school", ""),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, dict[str, float]]:
    folder = tmp_path_factory.mktemp("training")
    source, target = folder / "messages.csv", folder / "made.json"
    with source.open("w", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines)
        table.writerow(["id", "text", "life_safety", "priority", "labels", "quality"])
        for number, (text, labels) in enumerate(SAID * 2):
            table.writerow([f"m{number}", text, int(labels == DANGER), GRADES[labels], labels, "ok"])
        table.writerows([f"m{98 + n}", "a wounded zebra", 1, 3, DANGER, "suspect"] for n in range(2))
    script = HOME / "packaging" / "text_model" / "train.py"
    command = [sys.executable, str(script), str(source), "--into", str(target)]
    subprocess.run(command, check=True, cwd=HOME, env={**os.environ, "PYTHONPATH": str(HOME)})
    table = json.loads(target.read_text("utf-8"))
    return {part: table[part]["weights"] for part in ("danger", "need")}


@pytest.fixture
def weights(made) -> dict[str, float]:
    return made["danger"]


def test_words_of_danger_weigh_more_than_words_of_questions(weights):
    assert min(weights["bleeding"], weights["wounded"]) > 0 > max(weights["bus"], weights["school"])


def test_words_of_need_weigh_for_need_and_not_for_danger(made):
    need, danger = made["need"], made["danger"]
    assert min(need["hungry"], need["wounded"]) > 0 > max(need["bus"], need["school"])
    assert danger["wounded"] > 3 * abs(danger["hungry"])


def test_names_and_doubtful_messages_teach_no_word(weights):
    assert "jacmel" not in weights
    assert "zebra" not in weights


def test_each_stem_stands_once_by_its_commonest_form(weights):
    assert "legs" in weights
    assert "leg" not in weights


def test_a_rare_stem_shares_what_the_stems_beside_it_weigh(monkeypatch):
    monkeypatch.syspath_prepend(str(HOME / "packaging" / "text_model"))
    from logistic import Spread, Texts

    # 2 stands beside 0 in one text, 3 beside 1 in another, 4 alone.
    rows, columns = np.array([0, 0, 1, 1, 2]), np.array([0, 2, 1, 3, 4])
    spread = Spread.of(Texts(rows, columns, np.ones(5), (3, 5)))
    weights = np.array([1.0, -1.0, 0.0, 0.0, 0.0])
    assert np.sign(spread.shared(weights)).tolist() == [1, -1, 1, -1, 0]


def test_the_weights_fit_their_target_and_are_pulled_to_nothing(monkeypatch):
    monkeypatch.syspath_prepend(str(HOME / "packaging" / "text_model"))
    from logistic import Spread, Texts, fit

    rows, columns = np.array([0, 0, 1, 1, 2]), np.array([0, 2, 1, 2, 1])
    texts = Texts(rows, columns, np.ones(5), (3, 3))
    target = np.array([1.0, 0.0, 0.0])
    for read in (texts, Spread.of(texts)):
        weak, strong = (fit(read, target, strength) for strength in (0.01, 10.0))
        assert read.sums(weak[:-1]).argmax() == 0
        assert np.abs(strong[:-1]).max() < np.abs(weak[:-1]).max()
        # What all texts share is not pulled: on average the target is met.
        likely = 1 / (1 + np.exp(-(read.sums(strong[:-1]) + strong[-1])))
        assert likely.mean() == pytest.approx(target.mean())
