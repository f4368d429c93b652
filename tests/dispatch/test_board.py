"""The read model against plain dictionaries: order, filters, what is hidden, what waits, what is counted."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.board import MAX_WAITING_POINTS, Board, Filters
from dispatch.records import SITE_STATES, Band, EscalationState, Flag, ReportRow, SiteRow, SiteState

NOW = 1_505_140_200_000
HOUR = 3_600_000
PROMISES = {"tree_road_blocked": 2 * HOUR, "pothole": 10 * HOUR, "question": 0}
NEW, TRIAGED, WAITING, CLOSED = (SITE_STATES.index(state) for state in SiteState)
HOODS = ("", "Old Northeast", "Shore Acres")
ESCALATIONS = ("", EscalationState.SENT.value, EscalationState.RETURNED.value, EscalationState.EXPIRED.value)


def site(site_id: int, **said: Any) -> SiteRow:
    row = SiteRow(
        site_id=site_id,
        band=Band.P3,
        score=20.0,
        first_at=NOW - HOUR,
        last_at=NOW - HOUR,
        acted_at=0,
        reports=1,
        state=NEW,
        state_reason="",
        category="tree_road_blocked",
        neighborhood="",
        lat=27.77,
        lng=-82.64,
        flags=0,
        snoozed_until=0,
        what="Tree",
        where="5th Ave N",
        why="",
        claimed_by="",
        claimed_seat="",
        claimed_at=0,
        escalation_state="",
        escalation_number="",
        escalation_desk="",
        escalation_state_at=0,
    )
    return row._replace(**said)


def board_of(*rows: SiteRow, reports: list[ReportRow] | None = None) -> Board:
    board = Board(promise_ms=PROMISES)
    board.apply(rows, reports or [])
    return board


def queue(board: Board, filters: Filters | None = None) -> list[int]:
    """The ids in the order of the list."""
    rows = np.flatnonzero(board.mask(filters or Filters(), NOW))
    return [int(i) for i in board.site_id[board.order(rows)]]


# -- by the rules' names ----------------------------------------------------------------------------------


def test_s4_nobody_has_acted_then_score_then_the_oldest_first_report() -> None:
    board = board_of(
        site(1, band=Band.P2, score=50.0),
        site(2, band=Band.P1, score=10.0, acted_at=NOW),
        site(3, band=Band.P1, score=5.0),
        site(4, band=Band.P1, score=30.0, first_at=NOW - HOUR),
        site(5, band=Band.P1, score=30.0, first_at=NOW - 2 * HOUR),
    )

    assert queue(board) == [5, 4, 3, 2, 1]


def test_s4_p1_and_p2_do_not_move_with_age() -> None:
    board = board_of(
        *(
            site(n, band=band, first_at=NOW - 90 * HOUR)
            for n, band in enumerate((Band.P1, Band.P2, Band.INFO), 1)
        )
    )

    board.refresh_waiting(NOW)

    assert not board.waiting.any()


def test_p3_and_p4_gain_a_point_for_each_tenth_of_their_promise_and_twenty_at_most() -> None:
    board = board_of(
        site(1, band=Band.P3, first_at=NOW - HOUR),
        site(2, band=Band.P4, category="pothole", first_at=NOW - HOUR),
        site(3, band=Band.P4, first_at=NOW - 900 * HOUR),
        site(4, band=Band.P4, category="question", first_at=NOW - 900 * HOUR),
        site(5, band=Band.P3, first_at=NOW + HOUR),
    )

    board.refresh_waiting(NOW)

    assert board.waiting.tolist() == [5, 1, MAX_WAITING_POINTS, 0, 0]


def test_waiting_counts_once_a_minute_whatever_comes_meanwhile() -> None:
    board = board_of(site(1, first_at=NOW - HOUR))
    assert board.refresh_waiting(NOW)
    later = NOW + 59_000

    board.apply([site(2, first_at=NOW - HOUR), site(1, first_at=NOW - HOUR, acted_at=NOW)])

    assert not board.refresh_waiting(later) and board.waiting.tolist() == [5, 5]
    assert not board.refresh_waiting(NOW + 60_000), "no whole point was gained"
    assert board.refresh_waiting(NOW + HOUR)


def test_a_site_raised_out_of_p3_keeps_no_waiting_points() -> None:
    board = board_of(site(1, first_at=NOW - HOUR))
    board.refresh_waiting(NOW)

    board.apply([site(1, band=Band.P2, first_at=NOW - HOUR)])

    assert board.waiting.tolist() == [0]


@pytest.mark.parametrize(
    "filters",
    [
        Filters(bands=frozenset({4})),
        Filters(sites=frozenset({2})),
        Filters(found=frozenset()),
        Filters(since=NOW - 60_000),
        Filters(until=NOW - 50 * HOUR),
        Filters(categories=frozenset({"pothole"})),
        Filters(hoods=frozenset({"Shore Acres"})),
        Filters(claimed_by="Somebody"),
        Filters(not_on_map=True),
        Filters(set_aside=True),
    ],
)
def test_s5_whatever_the_filter_the_open_p1_outside_are_known(filters: Filters) -> None:
    board = board_of(
        site(1, band=Band.P1), site(2, band=Band.P2), site(3, band=Band.P1, state=CLOSED),
        site(4, band=Band.P1, flags=int(Flag.MERGED)), site(5, band=Band.P1, snoozed_until=NOW + 60_000),
    )  # fmt: skip

    outside = board.life_safety_outside(board.mask(filters, NOW))

    assert board.site_id[outside].tolist() == [1, 5]


def test_s5_the_next_untouched_p1_goes_round_and_knows_no_filter() -> None:
    board = board_of(
        site(1, band=Band.P1, score=10.0), site(2, band=Band.P1, score=30.0),
        site(3, band=Band.P1, score=20.0, acted_at=NOW), site(4, band=Band.P2),
    )  # fmt: skip

    assert [board.next_untouched_p1(0), board.next_untouched_p1(2), board.next_untouched_p1(1)] == [2, 1, 2]
    assert board.next_untouched_p1(3) == 2 and board_of(site(4)).next_untouched_p1(0) == 0


def test_returned_expired_and_new_facts_stand_on_top_of_everything() -> None:
    board = board_of(
        site(1, band=Band.P1),
        site(2, band=Band.P3, escalation_state="returned", escalation_number="EOC-0001"),
        site(3, band=Band.P2, escalation_state="expired", escalation_number="EOC-0002"),
        site(4, band=Band.P2, flags=int(Flag.NEW_FACT)),
        site(5, band=Band.P4, flags=int(Flag.NEW_FACT)),
        site(6, band=Band.P2, flags=int(Flag.NEW_FACT), state=CLOSED),
        site(7, band=Band.P2, escalation_state="accepted", escalation_number="EOC-0003"),
    )

    assert queue(board, Filters(with_closed=True)) == [3, 4, 2, 1, 7, 5, 6]


def test_s1_storm_mode_sets_aside_counts_it_and_gives_it_back() -> None:
    aside = int(Flag.SET_ASIDE)
    board = board_of(
        site(1), site(2, category="pothole", flags=aside), site(3, category="pothole", band=Band.P2),
        site(4, category="pothole", flags=aside, state=CLOSED),
    )  # fmt: skip

    assert queue(board) == [3, 1] and queue(board, Filters(set_aside=True)) == [2]
    preview = board.storm_mode_preview(["pothole"])
    assert (preview.set_aside, preview.kept_dangerous) == (1, 1)
    board.is_storm_mode = False
    assert sorted(queue(board)) == [1, 2, 3]


def test_a_merge_moves_the_reports_and_leaves_the_other_out_of_sight() -> None:
    reports = [ReportRow(1, NOW - 2 * HOUR, 1), ReportRow(2, NOW - HOUR, 2)]
    board = board_of(site(1, band=Band.P2), site(2, band=Band.P4), reports=reports)
    start = NOW - 3 * HOUR
    assert board.per_hour(start, 3).sum(axis=0).tolist() == [0, 1, 0, 1, 0]

    merged = [site(1, band=Band.P2, reports=2), site(2, band=Band.P4, flags=int(Flag.MERGED))]
    board.apply(merged, [ReportRow(2, NOW - HOUR, 1)])

    assert queue(board) == [1] and board.report_count == 2
    assert board.per_hour(start, 3).sum(axis=0).tolist() == [0, 2, 0, 0, 0]
    assert board.per_hour(start, 3)[:, 1].tolist() == [0, 1, 1]


def test_a_row_number_never_changes_and_the_delta_says_what_did() -> None:
    board = board_of(site(10), site(20))

    delta = board.apply([site(30), site(10, acted_at=NOW)])

    assert (delta.added.tolist(), delta.changed.tolist()) == ([2], [0])
    assert [board.row(i) for i in (10, 20, 30, 40)] == [0, 1, 2, -1]
    assert not board.apply([])


def test_claims_and_hand_overs_come_and_go() -> None:
    board = board_of(site(1, claimed_by="Ana", claimed_seat="Seat 2", claimed_at=5, escalation_state="sent"))
    assert board.claims[1].seat == "Seat 2" and board.hand_overs[1].state is EscalationState.SENT

    board.apply([site(1)])

    assert not board.claims and not board.hand_overs


# -- against a plain model --------------------------------------------------------------------------------


@dataclass
class Plain:
    """What the board ought to say, by the slowest way to say it."""

    rows: dict[int, SiteRow] = field(default_factory=dict)
    reports: dict[int, ReportRow] = field(default_factory=dict)
    waited_at: int = 0

    def take(self, rows: list[SiteRow], reports: list[ReportRow]) -> None:
        self.rows.update({row.site_id: row for row in rows})
        self.reports.update({report.request_key: report for report in reports})

    def waiting(self, row: SiteRow) -> int:
        promise = PROMISES[row.category]
        if row.band not in (Band.P3, Band.P4) or not promise:
            return 0
        return min(MAX_WAITING_POINTS, max(0, math.floor(10 * (self.waited_at - row.first_at) / promise)))

    def in_view(self, row: SiteRow, filters: Filters) -> bool:
        is_aside = bool(row.flags & Flag.SET_ASIDE)
        return not row.flags & Flag.MERGED and all((
            filters.with_closed or row.state != CLOSED,
            filters.with_set_aside or is_aside == filters.set_aside,
            filters.with_snoozed or row.snoozed_until <= NOW,
            filters.since is None or row.last_at >= filters.since,
            filters.until is None or row.first_at < filters.until,
            not filters.bands or row.band in filters.bands,
            not filters.categories or row.category in filters.categories,
            not filters.hoods or row.neighborhood in filters.hoods,
            filters.sites is None or row.site_id in filters.sites,
            not filters.not_on_map or row.lat is None,
            not filters.claimed_by or row.claimed_by == filters.claimed_by,
        ))  # fmt: skip

    def key(self, row: SiteRow) -> tuple[Any, ...]:
        is_back = row.escalation_state in ("returned", "expired")
        is_on_top = row.state != CLOSED and (
            is_back or bool(row.flags & Flag.NEW_FACT and row.band <= Band.P2)
        )
        points = row.score + self.waiting(row)
        return (
            row.state == CLOSED, not is_on_top, row.band, row.acted_at > 0, -points, row.first_at // 1000
        )  # fmt: skip

    def queue(self, filters: Filters) -> list[int]:
        seen = [row for row in self.rows.values() if self.in_view(row, filters)]
        return [row.site_id for row in sorted(seen, key=self.key)]

    def per_hour(self, start: int, hours: int) -> list[list[int]]:
        counts = [[0] * 5 for _ in range(hours)]
        for report in self.reports.values():
            hour = (report.created_at - start) // HOUR
            if 0 <= hour < hours:
                counts[hour][self.rows[report.site_id].band - 1] += 1
        return counts


def agree(board: Board, plain: Plain, filters: Filters) -> None:
    assert queue(board, filters) == plain.queue(filters)
    assert [int(i) for i in board.site_id] == list(plain.rows)
    outside = board.life_safety_outside(board.mask(filters, NOW))
    open_p1 = [
        row.site_id
        for row in plain.rows.values()
        if row.band == Band.P1 and row.state != CLOSED and not row.flags & Flag.MERGED
    ]
    shown = set(plain.queue(filters))
    assert board.site_id[outside].tolist() == [i for i in open_p1 if i not in shown]
    start = NOW - 48 * HOUR
    assert board.per_hour(start, 50).tolist() == plain.per_hour(start, 50)


ROWS = st.builds(
    site,
    st.integers(1, 25),
    band=st.sampled_from(list(Band)),
    # Eighths of a point are what the order tells apart.
    score=st.integers(0, 8 * 90).map(lambda eighths: eighths / 8),
    first_at=st.integers(0, 48 * 60).map(lambda minutes: NOW - 60_000 * minutes),
    acted_at=st.sampled_from([0, NOW]),
    state=st.sampled_from([NEW, TRIAGED, WAITING, CLOSED]),
    category=st.sampled_from(sorted(PROMISES)),
    neighborhood=st.sampled_from(HOODS),
    lat=st.sampled_from([27.77, None]),
    flags=st.sets(st.sampled_from([Flag.NEW_FACT, Flag.SET_ASIDE, Flag.MERGED, Flag.WIRE])).map(
        lambda flags: sum(int(flag) for flag in flags)
    ),
    snoozed_until=st.sampled_from([0, NOW, NOW + 1]),
    claimed_by=st.sampled_from(["", "Ana", "Ben"]),
    escalation_state=st.sampled_from(ESCALATIONS),
).map(lambda row: row._replace(lng=None) if row.lat is None else row)
FILTERS = st.builds(
    Filters,
    since=st.sampled_from([None, NOW - 5 * HOUR]),
    until=st.sampled_from([None, NOW - HOUR]),
    bands=st.frozensets(st.integers(1, 5), max_size=3),
    categories=st.frozensets(st.sampled_from([*sorted(PROMISES), "unknown"]), max_size=2),
    hoods=st.frozensets(st.sampled_from([*HOODS[1:], "nowhere"]), max_size=2),
    sites=st.none() | st.frozensets(st.integers(1, 30)),
    with_closed=st.booleans(),
    set_aside=st.booleans(),
    with_set_aside=st.booleans(),
    with_snoozed=st.booleans(),
    not_on_map=st.booleans(),
    claimed_by=st.sampled_from(["", "", "Ana"]),
)


@given(
    st.lists(
        st.tuples(st.lists(ROWS, max_size=12, unique_by=lambda row: row.site_id), st.booleans()), max_size=6
    ),
    FILTERS,
    st.randoms(use_true_random=False),
)
def test_the_board_says_what_plain_dictionaries_say(
    batches: list[tuple[list[SiteRow], bool]], filters: Filters, random: Random
) -> None:
    board, plain = Board(promise_ms=PROMISES), Plain()
    for rows, is_a_minute_later in batches:
        known = sorted({*plain.rows, *(row.site_id for row in rows)})
        reports = [
            ReportRow(random.randint(1, 40), NOW - random.randint(0, 50 * HOUR), random.choice(known))
            for _ in rows
        ]
        board.apply(rows, reports)
        plain.take(rows, reports)
        if is_a_minute_later:
            plain.waited_at = max(NOW, plain.waited_at + 60_000)
            board.refresh_waiting(plain.waited_at)

    agree(board, plain, filters)


def test_a_hundred_thousand_sites_taken_in_pages_and_changed_again_stay_right() -> None:
    random, board, plain = Random(1), Board(promise_ms=PROMISES), Plain()

    def any_site(site_id: int) -> SiteRow:
        return site(
            site_id,
            band=random.choice(list(Band)),
            score=random.randint(0, 700) / 8,
            first_at=NOW - 1000 * random.randint(0, 48 * 3600),
            acted_at=random.choice((0, NOW)),
            state=random.choice((NEW, TRIAGED, WAITING, CLOSED)),
            category=random.choice(sorted(PROMISES)),
            neighborhood=random.choice(HOODS),
            flags=random.choice((0, int(Flag.SET_ASIDE), int(Flag.MERGED), int(Flag.NEW_FACT))),
            escalation_state=random.choice(ESCALATIONS),
        )

    def take(ids: range | list[int]) -> None:
        rows = [any_site(i) for i in ids]
        reports = [ReportRow(row.site_id, row.first_at, row.site_id) for row in rows]
        board.apply(rows, reports)
        plain.take(rows, reports)

    for start in range(1, 100_001, 1000):
        take(range(start, start + 1000))
    plain.waited_at = NOW
    board.refresh_waiting(NOW)
    for _ in range(10):
        take(random.sample(range(1, 100_001), 1000))

    assert board.count == board.report_count == 100_000
    agree(board, plain, Filters())
    agree(board, plain, Filters(bands=frozenset({1, 3}), hoods=frozenset({"Shore Acres"}), with_closed=True))


def test_sites_are_found_by_any_of_their_reasons_and_counted() -> None:
    board = board_of(
        site(1, why="medical_device,near_shelters"),
        site(2, why="near_shelters"),
        site(3, why="medical_device"),
        site(4),
    )

    assert sorted(queue(board, Filters(whys=frozenset({"near_shelters"})))) == [1, 2]
    assert sorted(queue(board, Filters(whys=frozenset({"near_shelters", "medical_device"})))) == [1, 2, 3]
    assert queue(board, Filters(whys=frozenset({"fire"}))) == []
    assert board.reasons(board.is_open()) == {"medical_device": 2, "near_shelters": 2}

    board.apply([site(2, why="fire")])

    assert queue(board, Filters(whys=frozenset({"fire"}))) == [2]


def test_another_profile_counts_anew_what_has_waited() -> None:
    board = board_of(site(1, category="pothole"))
    board.refresh_waiting(NOW)
    assert board.waiting[0] == 1

    board.keep_to(True, {"pothole": 5 * HOUR})

    assert board.waiting[0] == 2


def test_the_first_of_some_rows_is_the_one_their_order_begins_with() -> None:
    board = board_of(site(1, score=10.0), site(2, score=30.0), site(3, band=Band.P2), site(4, score=30.0))
    everything = np.arange(4)

    assert [board.is_first(everything, row) for row in range(4)] == [False, False, True, False]
    assert board.is_first(np.array([0, 1]), 1) and not board.is_first(np.array([0, 1]), 2)
    assert not board.is_first(np.array([], np.intp), 0)
