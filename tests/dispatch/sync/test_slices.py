"""Windows over any history and any cap: every row is met, nothing is asked for without end."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.sync.slices import DAY_MS, EARLIEST, LEAST_CAP, Answer, Lengths, Slice, Slices, Sorted

NOW = 1_505_140_200_000
STORM_DAYS = 25


class OldServer:
    """A list of times of entry, asked by windows and cut off at a cap; counts its calls."""

    def __init__(self, times: Iterable[int], cap: int, order: Sorted, *, bad: Slice | None = None) -> None:
        self.times = sorted(times)
        self.cap, self.order, self.bad = cap, order, bad
        self.calls = 0
        self.seen: set[int] = set()
        self._random = Random(1)

    def ask(self, asked: Slice) -> list[int] | None:
        """The places of the rows it gives; None where it fails."""
        self.calls += 1
        low, high = asked.from_at or 0, asked.to_at or 1 << 60
        bad = self.bad
        if bad and bad.from_at is not None and bad.to_at and low < bad.to_at and high > bad.from_at:
            return None
        found = [place for place, at in enumerate(self.times) if low <= at < high]
        if self.order is Sorted.NEWEST_FIRST:
            found.reverse()
        elif self.order is Sorted.NOT:
            self._random.shuffle(found)
        self.seen.update(found[: self.cap])
        return found[: self.cap]


def walk(server: OldServer, plan: Slices, lengths: Lengths, cap: int = 0, *, most: int = 5_000) -> Slices:
    """To the end, by way of the JSON each time, as if every call were followed by a stop."""
    while asked := plan.next():
        assert server.calls < most, "it never ends"
        found = server.ask(asked)
        if found is None:
            plan.failed(asked)
        else:
            times = [server.times[place] for place in found]
            is_full = lengths.is_full(len(found), cap)
            lengths.met(len(found))
            answer = Answer(
                len(found),
                min(times, default=None),
                max(times, default=None),
                is_full,
                server.order,
            )
            plan.took(asked, answer)
        said = orjson.loads(orjson.dumps(plan.to_json()))
        plan = Slices.from_json(said, aim=plan.aim, least_ms=plan.least_ms)
        lengths = Lengths.from_json(orjson.loads(orjson.dumps(lengths.to_json())))
    return plan


def storm(rows: int, *, seed: int = 1) -> list[int]:
    """Quiet nights, busy days, one very bad one."""
    random = Random(seed)
    times = []
    while len(times) < rows:
        at = NOW - int(random.random() * STORM_DAYS * DAY_MS)
        hour = at // 3_600_000 % 24
        is_bad_day = NOW - 3 * DAY_MS < at < NOW - 2 * DAY_MS
        if random.random() < (0.2 if hour < 8 else 0.6) + (0.4 if is_bad_day else 0):
            times.append(at // 1000 * 1000)
    return times


@pytest.mark.parametrize("order", Sorted)
@pytest.mark.parametrize("cap", [0, 1000])
def test_25_000_rows_through_a_cap_of_1000_in_few_calls(order: Sorted, cap: int) -> None:
    server = OldServer(storm(25_000), 1000, order)

    plan = walk(server, Slices(None, EARLIEST, NOW, aim=750), Lengths(), cap)

    assert len(server.seen) == 25_000 and not plan.overfull
    # 25 full answers, the last one, the quiet year before and the question without a beginning.
    assert server.calls <= (35 if order is not Sorted.NOT else 70)


@given(
    seconds=st.lists(st.integers(0, 400_000), max_size=60),
    copies=st.integers(1, 3),
    cap=st.integers(10, 40),
    order=st.sampled_from(Sorted),
    is_told=st.booleans(),
)
def test_whatever_stands_on_the_server_every_row_is_met(
    seconds: list[int], copies: int, cap: int, order: Sorted, is_told: bool
) -> None:
    times = [NOW - 1000 * second for second in seconds for _ in range(copies)]
    server = OldServer(times, cap, order)

    plan = walk(server, Slices(None, EARLIEST, NOW, aim=cap * 3 // 4), Lengths(), cap if is_told else 0)

    crowded = {at for at in times if times.count(at) >= cap}
    missed = {server.times[place] for place in range(len(times)) if place not in server.seen}
    assert missed <= crowded
    # Where nobody told the cap, a second with as many rows as a cap may be looks like one.
    doubtful = crowded if is_told else {at for at in times if times.count(at) >= LEAST_CAP}
    assert {each.from_at for each in plan.overfull} <= doubtful


def test_an_island_of_old_reports_behind_years_of_nothing_is_found() -> None:
    server = OldServer([NOW, NOW - 5 * 365 * DAY_MS, NOW - 5 * 365 * DAY_MS - 1000], 1000, Sorted.NOT)

    walk(server, Slices(None, EARLIEST, NOW), Lengths())

    assert len(server.seen) == 3 and server.calls < 40


def test_a_row_stamped_ahead_of_its_time_is_met() -> None:
    server = OldServer([NOW, NOW + 40 * DAY_MS, NOW + 9_000 * DAY_MS], 1000, Sorted.NOT)

    walk(server, Slices(None, NOW - DAY_MS, NOW), Lengths())

    assert len(server.seen) == 3


def test_a_minute_the_server_fails_over_costs_that_minute_alone() -> None:
    times = [NOW - minute * 60_000 for minute in range(6_000)]
    bad = Slice(NOW - 3_000 * 60_000 - 5_000, NOW - 3_000 * 60_000 + 5_000)
    server = OldServer(times, 1000, Sorted.NOT, bad=bad)

    plan = walk(server, Slices(None, NOW - 5 * DAY_MS, NOW, aim=750), Lengths(), 1000)

    assert 5_997 <= len(server.seen) < 6_000
    assert all((each.to_at or 0) - (each.from_at or 0) <= 60_000 for each in plan.broken)
    assert plan.broken and server.calls < 80


def test_a_second_that_holds_more_than_an_answer_is_said() -> None:
    server = OldServer([NOW] * 50 + [NOW - 1000], 20, Sorted.NOT)

    plan = walk(server, Slices(None, NOW - DAY_MS, NOW, aim=15), Lengths(), 20)

    assert plan.overfull == [Slice(NOW, NOW + 1000)] or plan.overfull[0].from_at == NOW
    assert 50 in server.seen or 0 in server.seen


def test_an_answer_shorter_than_another_was_not_cut_off_and_the_longest_may_be() -> None:
    lengths = Lengths()
    assert lengths.is_full(100, 0)
    lengths.met(100)
    assert lengths.is_full(100, 0) and not lengths.is_full(99, 0) and lengths.is_full(101, 0)
    lengths.whole = 100
    assert not lengths.is_full(100, 0)
    lengths.caps.add(50)
    assert lengths.is_full(50, 1000) and not lengths.is_full(51, 1000) and lengths.is_full(1000, 1000)
