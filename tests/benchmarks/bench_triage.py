"""10,000 residents' texts scored, beside one pass of a compiled regular expression over the same texts.

The texts are made here: seven in ten ordinary (46 characters in the middle, as in real storms), the rest the
sentences of the triage tests, which hold several cues each. The floor finds every word of every text, once.
"""

from __future__ import annotations

import random
import re
from typing import Any

from dispatch.triage.rules import load_rules
from dispatch.triage.score import assess_text
from tests.benchmarks.floor import alternate, result
from tests.dispatch.triage.test_sentences import ENGLISH, SPANISH, table

TEXTS = 10_000
SAMPLES = 7
WHAT = (
    "Large tree down",
    "Big oak limb",
    "Branches",
    "Debris pile",
    "Palm fronds",
    "Street light",
    "Standing water",
    "Fence",
)
WHERE = (
    "in front of my house",
    "at the corner",
    "on the curb",
    "in the alley behind us",
    "near the park",
    "by the drain",
)
MORE = (
    "since the storm",
    "please pick up",
    "was reported before",
    "needs to be removed",
    "is leaning on the fence",
    "",
)


def made_texts() -> list[str]:
    chance = random.Random(1)
    sentences = [words for words, _ in table(ENGLISH + SPANISH.lstrip())]
    return [
        chance.choice(sentences)
        if chance.random() < 0.3
        else f"{chance.choice(WHAT)} {chance.choice(WHERE)} {chance.choice(MORE)}".strip()
        for _ in range(TEXTS)
    ]


def run() -> dict[str, dict[str, Any]]:
    texts = made_texts()
    rules = load_rules("st-petersburg")
    other = rules.table["storm_other"]
    words = re.compile(r"[a-z0-9]+", re.IGNORECASE)
    values, floors = alternate(
        lambda: [assess_text(text, other, rules, has_place=True) for text in texts],
        lambda: [words.findall(text) for text in texts],
        samples=SAMPLES,
        warm=1,
    )
    return {"triage_10k": result(values, floors, unit="s")}
