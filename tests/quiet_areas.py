"""How often areas are called quiet that are not, and how often quiet ones are found: made-up storms over the
real neighborhoods of St. Petersburg.

PYTHONPATH=. python -m tests.quiet_areas [--storms 1000] prints the whole table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dispatch.geo.area_facts import area_facts
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer
from dispatch.geo.pools import beside, pooled
from dispatch.insight.neighborhoods import LEAST_PEOPLE
from dispatch.insight.quiet_areas import Counts, Floats, Standing, judge
from dispatch.resources import resource

SEED = 20170911
# Reports in the first 24 hours. The Irma exercise has about 1,000 of them.
VOLUMES = (300, 500, 1000, 2000, 4000)
# How alike areas are that report evenly: their true rates differ by 50, 35, 26 and 18 % of the city's.
ALIKE = (4.0, 8.0, 15.0, 30.0)
SIZES = ((1000, 2000), (2000, 4000), (4000, 40_000))
HALF, QUARTER = 0.5, 0.25


@dataclass(frozen=True)
class FalseAlarms:
    """With all areas reporting evenly: of areas called under, of storms with any area called sure."""

    under: float
    any_sure: float


@dataclass(frozen=True)
class Found:
    """Of areas that report a share of their due: called sure, under or surer, maybe or surer, too few."""

    sure: float
    under: float
    maybe: float
    too_few: float


def residents() -> Floats:
    """Of the places as the screen pools them."""
    layer = read_layer(GeoFolder(resource("geo"), "st-petersburg").neighborhoods)
    people = area_facts(layer).residents
    return np.array([people[list(pool)].sum() for pool in pooled(people, beside(layer.shapes), LEAST_PEOPLE)])


def even(people: Floats, volume: int, alike: float, random: np.random.Generator) -> Counts:
    """A storm in which nobody is silent: areas differ all the same."""
    rates = random.gamma(alike, 1 / alike, people.size)
    return random.poisson(volume * people / people.sum() * rates).astype(np.int64)


def false_alarms(people: Floats, volume: int, alike: float, storms: int, seed: int = SEED) -> FalseAlarms:
    random = np.random.default_rng(seed)
    under, any_sure = 0.0, 0
    for _ in range(storms):
        standing = judge(even(people, volume, alike, random), people).standing
        under += float((standing <= Standing.UNDER).mean())
        any_sure += bool((standing == Standing.SURE).any())
    return FalseAlarms(under / storms, any_sure / storms)


def found(
    people: Floats,
    volume: int,
    alike: float,
    size: tuple[int, int],
    storms: int,
    *,
    share: float = HALF,
    seed: int = SEED,
) -> Found:
    """One area of that size, another in each storm, reports only a share of what it would have."""
    random = np.random.default_rng(seed)
    of_size = np.flatnonzero((people >= size[0]) & (people < size[1]))
    counted = np.zeros(4)
    for _ in range(storms):
        reports, quiet = even(people, volume, alike, random), int(random.choice(of_size))
        reports[quiet] = random.binomial(reports[quiet], share)
        standing = judge(reports, people).standing[quiet]
        counted += [
            standing == Standing.SURE,
            standing <= Standing.UNDER,
            standing <= Standing.MAYBE_UNDER,
            standing == Standing.TOO_FEW,
        ]
    return Found(*(counted / storms).tolist())


def lines(people: Floats, storms: int) -> Iterator[str]:
    yield f"{people.size} places, {people.sum():,.0f} residents, {storms} storms for each line, seed {SEED}"
    yield "\nAll areas report evenly (at most 5 % each)"
    yield "areas differ by  reports in 24 h  areas called under  storms with any area called sure"
    for alike in ALIKE:
        for volume in VOLUMES:
            said = false_alarms(people, volume, alike, storms)
            yield f"{alike**-0.5:14.0%}  {volume:15,}  {said.under:18.1%}  {said.any_sure:31.1%}"
    for share in (HALF, QUARTER):
        yield f"\nOne area reports {share:.0%} of its due: how often it is found within 24 h"
        yield "areas differ by  reports in 24 h  residents   sure  under or sure  maybe too  too few people"
        for alike in ALIKE:
            for volume in VOLUMES:
                for size in SIZES:
                    of = found(people, volume, alike, size, storms, share=share)
                    yield (
                        f"{alike**-0.5:14.0%}  {volume:15,}  {size[0]:8,}+  {of.sure:5.0%}"
                        f"  {of.under:13.0%}  {of.maybe:9.0%}  {of.too_few:14.0%}"
                    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--storms", type=int, default=1000)
    for line in lines(residents(), parser.parse_args().storms):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
