"""Writes into the card what the text model brings: quality in messages it had not seen, and time per text.

PYTHONPATH=. python packaging/text_model/figures.py MESSAGES.csv [--held-out] [--print]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import messages
import numpy as np
from measures import measures
from messages import Message
from train import FOLDS, MODEL, model_of

from dispatch.triage.categories import OTHER
from dispatch.triage.rules import Rules, load_rules
from dispatch.triage.score import assess_text
from dispatch.triage.text_model import NO_MODEL, PART

CARD = MODEL.with_name("TEXT_MODEL.md")
BEGIN, END = "<!-- figures: made by `make model` -->", "<!-- end of figures -->"
TURNS, AT_A_TIME = 9, 200

Split = tuple[list[Message], list[Message]]
# What a message counts: all of its score, without the model, or the model's points alone.
Counted = Callable[[Message, Rules], float]


def parts(half: Sequence[Message]) -> Iterator[Split]:
    """Each fifth of the time, scored by a model of the other four."""
    for part in np.array_split(np.arange(len(half)), FOLDS):
        out = set(part.tolist())
        yield [each for at, each in enumerate(half) if at not in out], [half[at] for at in part]


def forward(half: Sequence[Message]) -> Iterator[Split]:
    """The second half of the time in four parts, each scored by a model of all before it."""
    start = len(half) // 2
    for part in np.array_split(np.arange(start, len(half)), 4):
        yield list(half[: part[0]]), [half[at] for at in part]


def whole(message: Message, rules: Rules) -> float:
    return assess_text(message.text, rules.table[OTHER], rules).score


def cues_alone(message: Message, rules: Rules) -> float:
    return whole(message, replace(rules, text_model=NO_MODEL))


def model_alone(message: Message, rules: Rules) -> float:
    reasons = assess_text(message.text, rules.table[OTHER], rules).reasons
    return sum(reason.points for reason in reasons if reason.part == PART)


COUNTED: dict[str, Counted] = {"cues alone": cues_alone, "model alone": model_alone, "both": whole}


def quality(splits: Sequence[Split], rules: Rules) -> dict[str, dict[str, float]]:
    told = [message for _, part in splits for message in part]
    scores: dict[str, list[float]] = {name: [] for name in COUNTED}
    for learned_from, part in splits:
        trained = replace(rules, text_model=model_of(learned_from))
        for name, counted in COUNTED.items():
            scores[name] += [counted(message, trained) for message in part]
    urgent, grades = [each.is_life_safety for each in told], [each.grade for each in told]
    return {name: measures(each, urgent, grades) for name, each in scores.items()}


def table(title: str, rows: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(rows.values())))
    lines = [f"{title}:", "", f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    lines += [f"| {name} | {' | '.join(f'{each[n]:.3f}' for n in names)} |" for name, each in rows.items()]
    return "\n".join(lines)


def speed(texts: Sequence[str], rules: Rules) -> str:
    """A few texts at a time, in turns, the best of each, in time of this process: others show in neither."""
    without = replace(rules, text_model=NO_MODEL)
    plain_s = full_s = 0.0
    for at in range(0, len(texts), AT_A_TIME):
        few = texts[at : at + AT_A_TIME]
        turns = [(_seconds(few, without), _seconds(few, rules)) for _ in range(TURNS)]
        plain_s += min(plain for plain, _ in turns)
        full_s += min(full for _, full in turns)
    each_us, more = 1e6 * full_s / len(texts), full_s / plain_s - 1
    return f"To score a text takes {each_us:.0f} µs, {more:.0%} more than without the model."


def _seconds(texts: Sequence[str], rules: Rules) -> float:
    started = time.process_time()
    for text in texts:
        assess_text(text, rules.table[OTHER], rules)
    return time.process_time() - started


def figures(every: Sequence[Message], *, held_out: bool) -> str:
    rules = load_rules("st-petersburg")
    half = messages.kept(messages.first_half(every))
    told = [
        table(
            "First half, each fifth of the time scored by a model of the others",
            quality([*parts(half)], rules),
        ),
        table("First half, each part scored by a model of all before it", quality([*forward(half)], rules)),
    ]
    if held_out:
        later = messages.kept(every[len(every) // 2 :])
        told.append(table("Second half, scored by a model of the first", quality([(half, later)], rules)))
    told.append(speed([each.text for each in half], rules))
    return "\n\n".join(told)


def into_card(told: str, card: Path) -> None:
    before, rest = card.read_text("utf-8").split(BEGIN)
    card.write_text(f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.split(END)[1]}", "utf-8", newline="\n")


def main() -> None:
    asked = argparse.ArgumentParser(description="Measure the text model.")
    asked.add_argument("messages", type=Path, metavar="MESSAGES.csv")
    asked.add_argument("--held-out", action="store_true", help="the second half as well")
    asked.add_argument("--print", action="store_true", help="only print them")
    options = asked.parse_args()
    told = figures(messages.read(options.messages), held_out=options.held_out)
    if options.print:
        sys.stdout.write(f"{told}\n")
    else:
        into_card(told, CARD)


if __name__ == "__main__":
    main()
