"""How far the backlog has come, how fast it goes and when it will be done: only what can be known."""

from __future__ import annotations

import pytest

from dispatch.records import Page
from dispatch.sync.arrivals import RECENT_S, Arrivals


class Wall:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


def page(entries: int | None, received: int = 100) -> Page:
    return Page((), (), 2, entries, received)


def bring(arrivals: Arrivals, wall: Wall, pages: int, every_s: float, entries: int) -> int:
    """So many pages of a hundred, one each so many seconds; gives how many are left."""
    for _ in range(pages):
        arrivals.note(page(entries))
        entries -= 100
        wall.now += every_s
    wall.now -= every_s
    return entries


def test_before_the_first_answer_and_where_the_server_gives_no_count_nothing_is_said(wall: Wall) -> None:
    arrivals = Arrivals(wall)
    assert (arrivals.left, arrivals.seconds_left(4.0)) == (None, None)

    for _ in range(10):
        arrivals.note(page(None))
        wall.now += 1

    assert (arrivals.left, arrivals.seconds_left(4.0)) == (None, None)
    assert arrivals.rows_per_minute(0.0) == pytest.approx(5_400)


def test_one_answer_gives_an_estimate_by_the_agreed_calls_and_none_without_a_limit(
    wall: Wall,
) -> None:
    arrivals = Arrivals(wall)

    arrivals.note(page(30_000))

    assert arrivals.left == 29_900
    assert arrivals.seconds_left(4.0) == 299 * 4.0
    assert arrivals.seconds_left(0.0) is None


def test_a_burst_at_the_beginning_does_not_promise_what_the_agreed_calls_cannot_hold(wall: Wall) -> None:
    arrivals = Arrivals(wall)

    left = bring(arrivals, wall, pages=6, every_s=0.4, entries=30_000)

    assert arrivals.left == left
    assert arrivals.seconds_left(4.0) == 294 * 4.0
    assert arrivals.rows_per_minute(4.0) == 1_500


def test_pages_that_were_saved_together_are_still_as_many_calls(wall: Wall) -> None:
    arrivals = Arrivals(wall)

    for entries, received in ((30_000, 300), (29_700, 100), (29_600, 200)):
        arrivals.note(page(entries, received))
        wall.now += 0.4

    assert arrivals.seconds_left(4.0) == 294 * 4.0


def test_a_server_slower_than_the_agreed_calls_is_believed(wall: Wall) -> None:
    arrivals = Arrivals(wall)

    left = bring(arrivals, wall, pages=5, every_s=10, entries=10_000)

    assert arrivals.rows_per_minute(4.0) == pytest.approx(600)
    assert arrivals.seconds_left(4.0) == pytest.approx(left / 10)


def test_only_the_last_minutes_count_and_after_a_pause_they_begin_anew(wall: Wall) -> None:
    arrivals = Arrivals(wall)
    bring(arrivals, wall, pages=3, every_s=0.5, entries=20_000)
    wall.now += RECENT_S + 1
    left = bring(arrivals, wall, pages=4, every_s=10, entries=19_700)
    assert arrivals.rows_per_minute(4.0) == pytest.approx(600)

    arrivals.begin_anew()

    assert arrivals.rows_per_minute(4.0) is None
    assert (arrivals.left, arrivals.seconds_left(4.0)) == (left, left // 100 * 4.0)


def test_when_nothing_is_left_it_is_done(wall: Wall) -> None:
    arrivals = Arrivals(wall)

    arrivals.note(page(100))

    assert arrivals.seconds_left(4.0) == 0.0
