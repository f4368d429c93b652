"""How long things take: what still waits is counted in, and what nobody can know yet is not said."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.insight.lasting import Lasting, lasting


def of(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_with_nothing_waiting_it_is_the_plain_median_and_ninetieth_percentile():
    done = np.arange(1, 101) * 60_000
    assert lasting(done, of()) == Lasting(50 * 60_000, 90 * 60_000, 100, 0)


def test_what_still_waits_makes_it_longer_than_what_is_done_says():
    found = lasting(of(1, 2, 3), of(10, 10, 10, 10))
    assert found.half is None, "fewer than half are done"
    found = lasting(of(1, 2, 3, 4), of(10, 10))
    assert (found.half, found.nine_in_ten) == (3, None)


def test_who_has_waited_shortly_says_little_about_long_times():
    """Worked by hand: of four one is done at 2; one has waited 1; the other two are done at 3 and 4."""
    found = lasting(of(2, 3, 4), of(1))
    # 1/3 done at 2, 2/3 at 3, all at 4.
    assert (found.half, found.nine_in_ten) == (3, 4)


@pytest.mark.parametrize("waiting", [of(), of(5, 6)])
def test_nothing_is_done_yet(waiting: np.ndarray):
    assert lasting(of(), waiting) == Lasting(None, None, 0, len(waiting))


def test_who_waits_as_long_as_one_took_was_there_to_be_done():
    assert lasting(of(5), of(5)).half == 5


def test_half_of_a_known_law_is_found_through_censoring():
    chance = np.random.default_rng(7)
    took, left = chance.exponential(1000, 20_000), chance.uniform(0, 3000, 20_000)
    done = took[took <= left].astype(np.int64)
    waiting = left[took > left].astype(np.int64)
    found = lasting(done, waiting)
    assert found.half == pytest.approx(1000 * np.log(2), rel=0.03)
    assert found.nine_in_ten == pytest.approx(1000 * np.log(10), rel=0.05)
    assert np.median(done) < 0.85 * found.half, "which the plain median would have missed"
