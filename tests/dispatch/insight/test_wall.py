"""What the wall counts: five numbers, who waits longest, arrivals, and where a mark may stand."""

import ast
import inspect

import numpy as np
import pytest

from dispatch.insight import wall
from dispatch.insight.wall import HOUR_MS, Want, arrivals, numbers, places, unanswered
from dispatch.records import SITE_STATES, Band, EscalationState, Flag, SiteState
from tests.ui.boards import MINUTE, NOW, board_of, site, storm_board

CLOSED = SITE_STATES.index(SiteState.CLOSED)
DAY_AGO = NOW - 24 * HOUR_MS


def waiting(board):
    return [(w.band.name, w.since_at, w.want) for w in unanswered(board).first]


def test_the_numbers_are_of_now_and_since_the_activation():
    board = board_of(
        site(1, band=1, first_min=10, reports=3),
        site(2, band=2, first_min=70, reports=2, acted_min=5),
        site(3, band=4, first_min=150),
        site(4, band=3, first_min=30 * 60),  # before the activation
        site(5, band=4, first_min=20, state=CLOSED),
    )

    found = numbers(board, DAY_AGO, NOW)

    assert found.reports == 7
    assert found.sites_open == 4
    assert (found.p1_open, found.p1_untouched) == (1, 1)
    assert (found.last_hour, found.hour_before) == (4, 2)


def test_on_the_first_day_reports_of_24_hours_are_counted():
    board = board_of(site(1, first_min=10), site(2, first_min=20 * 60), site(3, first_min=30 * 60))

    first_day = numbers(board, NOW - 5 * MINUTE, NOW)
    later = numbers(board, NOW - 40 * HOUR_MS, NOW)

    assert (first_day.reports, first_day.since_at) == (2, DAY_AGO)
    assert (later.reports, later.since_at) == (3, NOW - 40 * HOUR_MS)


def test_a_p1_is_counted_wherever_it_is_s5():
    board = board_of(
        site(1, band=1, flags=int(Flag.SET_ASIDE), snoozed_until=NOW + HOUR_MS),
        site(2, band=4, flags=int(Flag.SET_ASIDE)),
    )

    found = numbers(board, DAY_AGO, NOW)

    assert (found.p1_open, found.p1_untouched, found.sites_open) == (1, 1, 1)
    assert waiting(board) == [("P1", NOW - 30 * MINUTE, Want.FIRST_ACT)]
    assert places(board, {})[1].tolist() == [True, False]


def test_what_waits_stands_by_band_and_then_by_how_long():
    board = board_of(
        site(1, band=2, first_min=300),
        site(2, band=1, first_min=5),
        site(3, band=1, first_min=40, acted_min=30, escalation_state="sent"),
        site(4, band=3, first_min=900),
        site(5, band=3, first_min=800, acted_min=30, escalation_state="returned"),
        site(6, band=1, first_min=50, acted_min=30, escalation_state="accepted"),
        site(7, band=1, first_min=60, acted_min=2),
        site(8, band=1, first_min=500, state=CLOSED, escalation_state="expired"),
    )

    found = unanswered(board)

    assert waiting(board) == [
        ("P1", NOW - 40 * MINUTE, Want.ANSWER),
        ("P1", NOW - 5 * MINUTE, Want.FIRST_ACT),
        ("P2", NOW - 300 * MINUTE, Want.FIRST_ACT),
        ("P3", NOW - 800 * MINUTE, Want.CAME_BACK),
    ]
    assert (found.count, found.p1, found.p1_oldest_at) == (4, 2, NOW - 40 * MINUTE)
    assert found.oldest is not None and found.oldest.since_at == NOW - 300 * MINUTE


@pytest.mark.parametrize("state", [s for s in EscalationState if s is not EscalationState.DRAFT])
def test_only_a_persons_answer_ends_the_waiting_for_one(state):
    board = board_of(site(1, band=2, acted_min=9, escalation_state=state.value))

    wants = [Want.CAME_BACK] if state is EscalationState.RETURNED else [Want.ANSWER]
    is_waiting = state.value in ("sent", "received", "expired", "returned")

    assert [w.want for w in unanswered(board).first] == (wants if is_waiting else [])


def test_ten_are_named_and_all_are_counted():
    board = board_of(*(site(n, band=2, first_min=n) for n in range(1, 31)))

    found = unanswered(board)

    assert len(found.first) == 10 and found.count == 30
    assert found.first[0].since_at == NOW - 30 * MINUTE


def test_nothing_waits_on_an_empty_board():
    found = unanswered(board_of())

    assert (found.first, found.count, found.oldest, found.p1) == ((), 0, None, 0)
    assert numbers(board_of(), DAY_AGO, NOW).reports == 0
    assert arrivals(board_of(), NOW).counts.sum() == 0


def test_arrivals_are_of_whole_hours_and_end_with_the_present_one():
    board = board_of(site(1, band=1, first_min=1, reports=2), site(2, band=3, first_min=23 * 60))

    found = arrivals(board, NOW)

    assert found.counts.shape == (24, 5)
    assert found.start_at + 24 * HOUR_MS > NOW >= found.start_at + 23 * HOUR_MS
    assert found.counts[-1].tolist() == [2, 0, 0, 0, 0]
    assert found.counts[:, Band.P3 - 1].sum() == 1


def test_s15_of_a_restricted_site_there_is_no_category_and_its_mark_is_its_neighborhoods():
    secret = int(Flag.RESTRICTED)
    board = board_of(
        site(1, band=1, flags=secret, category="medical_power_dependent", neighborhood="Childs Park"),
        site(2, band=1, flags=secret, category="welfare_check", neighborhood="Not on the map"),
        site(3, band=1, category="fire", neighborhood="Childs Park"),
    )

    shown, mask = places(board, {"Childs Park": (1.0, 2.0)})

    assert [(w.category, w.hood) for w in unanswered(board).first] == [
        ("", "Childs Park"),
        ("", "Not on the map"),
        ("fire", "Childs Park"),
    ]
    assert (shown.x[0], shown.y[0]) == (1.0, 2.0)
    assert mask.tolist() == [True, False, True]
    assert (shown.x[2], shown.y[2]) == (board.x[2], board.y[2])


def test_s15_no_word_of_anybody_is_read_for_the_wall():
    tree = ast.parse(inspect.getsource(wall))
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("board", "hand_over")
    }

    assert "hood" in read
    assert not read & {"what", "where", "why", "whys", "state_reason", "claims", "asks", "desk", "number"}


def test_the_counts_of_a_storm_add_up():
    board = storm_board(2_000)

    found = numbers(board, 0, NOW)
    shown, mask = places(board, {})

    assert found.sites_open == int(mask.sum()) == 2_000
    assert found.reports == board.report_count
    assert unanswered(board).count == int(np.count_nonzero(board.band <= 2))
    assert arrivals(board, NOW, 48).counts.sum() == board.report_count
    assert shown.is_open().all()
