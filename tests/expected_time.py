"""Ranges of days told to residents of New Haven (2014) and Houston (2017, with Harvey), as of each day with
only what was known then, beside simpler ways to say a time: the share that held and how wide they are.

The method was chosen on the first months of both; the later months, with Harvey, were looked at once.

PYTHONPATH=. python -m tests.expected_time [--storms FOLDER] prints the tables. The reports are not part of
this repository: without --storms they are looked for in ../shared/data/storms.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from dispatch.insight.expected import (
    DAY_MS,
    MOST_DAYS,
    NEVER,
    Mask,
    Whole,
    Work,
    days_of,
    paces,
    share_done,
    swept,
)

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "storms"
# The rule of thumb: so many closings in a day, and the wait is what is open by what is closed.
BUSY = 20

Said = tuple[int, int | None] | None
Way = Callable[[Work, int, int], list[Said]]


@dataclass(frozen=True)
class City:
    """`until_at` is how far it is known what became of its reports; `told` are the reports by residents."""

    work: Work
    names: tuple[str, ...]
    told: Mask
    until_at: int


@dataclass(frozen=True)
class Held:
    """`inside`: closed in the days that were said. `by_the_end`: not later. `width`: days of the range.
    `longer`: the share told "longer than two weeks", of which so many were (`truly`), and so many not earlier
    than the first day said (`not_before`). `told` is the share of the decided that was told anything."""

    decided: int
    told: float
    inside: float
    by_the_end: float
    width: float
    longer: float
    truly: float
    not_before: float


def read(path: Path) -> City:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    names = tuple(sorted({row["category"] for row in rows}))
    opened_at = np.array([_millis(row["created_at"]) for row in rows])
    ended_at = np.array([_millis(row["closed_at"]) if row["closed_at"] else NEVER for row in rows])
    category = np.array([names.index(row["category"]) for row in rows])
    staff = np.array([json.loads(row["extra"]).get("reporter_kind") == "staff" for row in rows])
    bulk = swept(Work(opened_at, opened_at, category, ~staff))
    changed = [_millis(row["updated_at"]) for row in rows if row["updated_at"]]
    until_at = max([*changed, int(ended_at[ended_at < NEVER].max())])
    told = ~staff & ~bulk
    return City(Work(opened_at, ended_at, category, told), names, told, until_at)


def ours(work: Work, now: int, categories: int) -> list[Said]:
    found = paces(work, ("all",) * categories, now)
    return [days_of(share_done(each)) for each in found.a_day]


def always(work: Work, now: int, categories: int) -> list[Said]:
    return [(2, 3)] * categories


def median(work: Work, now: int, categories: int) -> list[Said]:
    """Of what is closed, a day either way: the open ones do not count."""
    done = work.teaches & (work.ended_at <= now)
    took = (work.ended_at - work.opened_at)[done] / DAY_MS
    found: list[Said] = []
    for at in range(categories):
        of_category = took[work.category[done] == at]
        day = int(np.ceil(np.median(of_category))) if len(of_category) else 0
        high = day + 1 if day < MOST_DAYS else None
        found.append((min(max(day - 1, 0), MOST_DAYS), high) if day else None)
    return found


def thumb(work: Work, now: int, categories: int) -> list[Said]:
    """What is open by what was closed in a day, to twice that; nothing where few were closed."""
    is_open = (work.opened_at <= now) & (work.ended_at > now)
    closed = (work.ended_at <= now) & (work.ended_at > now - DAY_MS)
    found: list[Said] = []
    for at in range(categories):
        ahead, a_day = ((mask & (work.category == at)).sum() for mask in (is_open, closed))
        if a_day < BUSY:
            found.append(None)
            continue
        low, high = int(np.ceil(ahead / a_day)), int(np.ceil(2 * ahead / a_day))
        found.append((min(low, MOST_DAYS), max(high, 1) if high <= MOST_DAYS else None))
    return found


WAYS: dict[str, Way] = {
    "counted, open ones too": ours,
    "always 2 to 3 days": always,
    "median of the closed": median,
    "open by closed a day": thumb,
}


def ranges(city: City, way: Way, from_at: int, to_at: int) -> tuple[Whole, Whole]:
    """Low and high of each report, told as of the beginning of its day; high 0: nothing told, `NEVER`: longer
    than two weeks."""
    low, high = (np.zeros(len(city.told), np.int64) for _ in range(2))
    for now in range(from_at, to_at, DAY_MS):
        rows = city.told & (city.work.opened_at >= now) & (city.work.opened_at < now + DAY_MS)
        if not rows.any():
            continue
        # Nothing that came later can have a part in it.
        known = city.work.opened_at < now
        then = Work(*(each[known] for each in _parts(city.work)))
        then = replace(then, ended_at=np.where(then.ended_at <= now, then.ended_at, NEVER))
        said = way(then, now, len(city.names))
        for at in np.unique(city.work.category[rows]).tolist():
            if (days := said[at]) is not None:
                mine = rows & (city.work.category == at)
                low[mine], high[mine] = days[0], NEVER if days[1] is None else days[1]
    return low, high


def held(city: City, low: Whole, high: Whole, among: Mask) -> Held:
    """Of those among them of which it is known by now: closed, or open for longer than was said."""
    work = city.work
    took = np.maximum(-(-(np.minimum(work.ended_at, city.until_at) - work.opened_at) // DAY_MS), 1)
    is_closed = work.ended_at < NEVER
    last = np.where(high == NEVER, MOST_DAYS, high)
    decided = among & (is_closed | (took > np.maximum(last, MOST_DAYS)))
    told = decided & (high > 0)
    ranged, longer = told & (high < NEVER), told & (high == NEVER)
    in_time = is_closed & (took <= high)
    return Held(
        int(decided.sum()),
        _share(told, decided),
        _share(ranged & in_time & (took >= low), ranged),
        _share(ranged & in_time, ranged),
        float((high - np.maximum(low, 1) + 1)[ranged].mean()) if ranged.any() else float("nan"),
        _share(longer, told),
        _share(longer & (took > MOST_DAYS), longer),
        _share(longer & (took >= low), longer),
    )


def lines(folder: Path) -> Iterator[str]:
    parts = {
        "newhaven-2014": (
            ("chosen on", "2014-02-15", "2014-07-01"),
            ("held out", "2014-07-01", "2014-12-31"),
        ),
        "houston-harvey-2017": (
            ("chosen on", "2017-02-15", "2017-08-01"),
            ("held out", "2017-08-01", "2018-01-01"),
            ("of it Harvey", "2017-08-25", "2017-10-01"),
        ),
    }
    for name, spans in parts.items():
        city = read(folder / name / "requests.csv.gz")
        start, end = (_millis(f"{day}T06:00+00:00") for day in (spans[0][1], spans[1][2]))
        said = {words: ranges(city, way, start, end) for words, way in WAYS.items()}
        for part, first, last in spans:
            at = city.work.opened_at
            among = (
                city.told & (at >= _millis(f"{first}T06:00+00:00")) & (at < _millis(f"{last}T06:00+00:00"))
            )
            yield f"\n{name}, {part}: {first} to {last}"
            yield HEAD
            for words, (low, high) in said.items():
                yield _line(words, held(city, low, high, among))
            low, high = said["counted, open ones too"]
            for number, category in enumerate(city.names):
                of_category = among & (city.work.category == number)
                if of_category.sum() >= 100:
                    yield _line(f"  {category[:24]}", held(city, low, high, of_category))


HEAD = (
    f"{'':26}{'decided':>8}{'told':>6}{'inside':>8}{'in time':>9}{'days wide':>11}"
    f"{'>2 weeks':>10}{'truly':>7}{'not before':>12}"
)


def _line(words: str, found: Held) -> str:
    return (
        f"{words:26}{found.decided:8,}{_percent(found.told):>6}{_percent(found.inside):>8}"
        f"{_percent(found.by_the_end):>9}{_number(found.width):>11}{_percent(found.longer):>10}"
        f"{_percent(found.truly):>7}{_percent(found.not_before):>12}"
    )


def _percent(share: float) -> str:
    return "-" if share != share else f"{share:.0%}"


def _number(value: float) -> str:
    return "-" if value != value else f"{value:.1f}"


def _share(those: Mask, among: Mask) -> float:
    return float(those.sum() / among.sum()) if among.any() else float("nan")


def _parts(work: Work) -> tuple[Whole, Whole, Whole, Mask]:
    return work.opened_at, work.ended_at, work.category, work.teaches


def _millis(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--storms", type=Path, default=BESIDE)
    folder = parser.parse_args().storms
    if not folder.is_dir():
        sys.exit(
            f"The reports of New Haven and Houston are not in {folder}: name their folder with --storms."
        )
    for line in lines(folder):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
