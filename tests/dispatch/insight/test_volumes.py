"""Volumes: what counts in which hour, what is open, how fast it clears, and when nothing is promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dispatch.board import CLOSED
from dispatch.insight import picks
from dispatch.insight.frame import frame
from dispatch.insight.volumes import HOUR_MS, Group, Pace, Step, Teller, Told, count, whole_hours
from dispatch.records import Band, EscalationState, Flag
from tests.ui.boards import MINUTE, NOW, board_of, site

NOTHING = Told(
    read_at=NOW,
    closed_sites=np.empty(0, np.int64),
    closed_at=np.empty(0, np.int64),
    told=(),
    hand_overs=np.empty((0, 4), np.int64),
    acts={},
    suspended=(),
    figures={},
)


def counted(*rows, told=NOTHING, group=Group.BAND, hours=24, since=0, names=("trees", "wires")):
    board = board_of(*rows)
    return count(
        frame(board, NOW),
        told,
        families=np.array(
            [names.index("wires" if key == "wire_down" else "trees") for key in board.categories]
        ),
        names=names,
        group=group,
        hours=hours,
        since=since,
        forecast=None,
    )


def closed(**sites):
    ids = [int(name[1:]) for name in sites]
    return replace(NOTHING, closed_sites=np.array(ids), closed_at=np.array(list(sites.values()), np.int64))


def test_a_report_counts_in_the_hour_it_was_entered_under_its_band():
    found = counted(
        site(1, first_min=1, band=Band.P1), site(2, first_min=20, reports=3), site(3, first_min=33), hours=2
    )
    assert found.series["P1"].tolist() == [0, 1]
    assert found.series["P4"].tolist() == [1, 3], "the hour began 32 minutes ago"
    assert found.reports == 5 and found.totals.tolist() == [1, 4]


def test_what_was_entered_in_bulk_is_no_surge():
    found = counted(site(1, reports=70, flags=int(Flag.BULK)), site(2), hours=2)
    assert found.bulk.tolist() == [0, 70] and found.series["P4"].tolist() == [0, 1]
    assert found.last_hour == 1 and found.reports == 71
    _, whole = whole_hours(frame(board_of(site(1, first_min=90, reports=70, flags=int(Flag.BULK))), NOW), 48)
    assert whole.sum() == 0, "nothing is forecast from it"


def test_by_family_and_by_who_told_us():
    found = counted(site(1), site(2, category="wire_down"), site(3), group=Group.CATEGORY)
    assert {key: int(each.sum()) for key, each in found.series.items()} == {"trees": 2, "wires": 1}
    hour = NOW // HOUR_MS
    told = replace(
        NOTHING,
        told=(
            (hour, Teller.RESIDENT, False, 4),
            (hour, Teller.STAFF, False, 2),
            (hour, Teller.STAFF, True, 9),
        ),
    )
    found = counted(site(1), told=told, group=Group.CHANNEL)
    assert found.series["resident"][-1] == 4 and found.series["staff"][-1] == 2
    assert found.by_teller[Teller.STAFF] == 11, "a bulk entry was told by somebody as well"


def test_the_backlog_is_what_came_less_what_was_closed_and_merged_sites_are_not_counted():
    found = counted(
        site(1, first_min=300),
        site(2, first_min=300, state=CLOSED),
        site(3, first_min=90, state=CLOSED),
        site(4, first_min=10, flags=int(Flag.MERGED)),
        site(5, first_min=10, state=CLOSED),
        told=closed(s2=NOW - 100 * MINUTE, s3=NOW - 5 * MINUTE, s5=0),
        hours=3,
    )
    assert found.backlog.tolist() == [1, 2, 1], "site 2 was closed in the first of these hours"
    assert found.closed.tolist() == [1, 0, 1]
    assert found.open_sites == 1 and found.unknown_closings == 1


def test_a_site_that_is_open_again_counts_as_open_all_along():
    found = counted(site(1, first_min=300), told=closed(s1=NOW - 60 * MINUTE), hours=2)
    assert found.backlog.tolist() == [1, 1] and found.closed.sum() == 0


def test_what_was_closed_since_the_store_was_read_was_closed_just_now():
    found = counted(site(1, first_min=300, state=CLOSED), told=closed(), hours=3)
    assert found.closed.tolist() == [0, 0, 1] and found.backlog.tolist() == [1, 1, 0]
    assert found.unknown_closings == 0


def test_a_clearing_time_is_given_only_while_closings_outrun_arrivals():
    assert Pace(opened=10, closed=30).clears_in_hours(100) == 5
    assert Pace(opened=30, closed=30).clears_in_hours(100) is None
    assert Pace(opened=30, closed=10).clears_in_hours(100) is None
    found = counted(
        *(site(n, first_min=600, state=CLOSED) for n in range(1, 7)),
        site(7, first_min=30),
        told=closed(**{f"s{n}": NOW - 60 * MINUTE for n in range(1, 7)}),
    )
    assert found.pace == Pace(1 / 3, 2.0)


def test_p1_says_how_many_nobody_has_acted_on_and_how_old_the_oldest_is():
    found = counted(
        site(1, band=1, first_min=50, claimed_by="Ana", claimed_seat="Seat 2", claimed_min=4, acted_min=4),
        site(2, band=1, first_min=20),
        site(3, band=1, first_min=70, state=CLOSED),
        site(4, band=2, first_min=90),
    )
    assert (found.p1.open, found.p1.claimed, found.p1.untouched) == (2, 1, 1)
    assert found.p1.oldest_at == NOW - 50 * MINUTE
    assert (found.nobody.sites, found.nobody.band) == (2, Band.P1)


def test_seats_stand_by_name_and_nobody_is_ranked():
    rows = [site(n, claimed_by="B", claimed_seat="Seat 2", claimed_min=n, acted_min=n) for n in range(1, 4)]
    found = counted(*rows, told=replace(NOTHING, acts={"Seat 1": 9, "Seat 2": 1}))
    assert [(each.seat, each.claimed, each.acts) for each in found.seats] == [
        ("Seat 1", 0, 9),
        ("Seat 2", 3, 1),
    ]
    assert found.seats[1].oldest_at == NOW - 3 * MINUTE


def test_bands_inflate_above_a_tenth_p1_or_a_quarter_p1_and_p2_of_enough_sites():
    calm = [site(n, band=4) for n in range(1, 17)]

    def with_others(band, many):
        return counted(*calm, *(site(n, band=band) for n in range(20, 20 + many))).inflated

    assert with_others(2, 5) is None, "5 of 21"
    assert with_others(2, 6) is not None, "6 of 22"
    assert with_others(1, 3) is None, "3 of 19: too few sites for a share"
    assert with_others(1, 4) is not None, "4 of 20"


def test_waiting_for_a_first_look_begins_when_the_room_opens_and_counts_those_that_still_wait():
    opened = NOW - 60 * MINUTE
    found = counted(
        site(1, first_min=600, acted_min=50),
        site(2, first_min=30, acted_min=25),
        site(3, first_min=40),
        site(4, first_min=900, state=CLOSED),
        told=closed(s4=NOW - 300 * MINUTE),
        since=opened,
    ).takes[Step.FIRST_LOOK]
    assert (found.done, found.waiting) == (2, 1), "what was closed before never waited for this room"
    assert found.half == 10 * MINUTE, "10 hours old when the room opened: it waited ten minutes"


def test_hand_overs_not_accepted_yet_count_as_waiting_and_those_that_ended_until_their_end():
    handed = np.array(
        [
            [NOW - 90 * MINUTE, NOW - 60 * MINUTE, NOW - 50 * MINUTE, 0],
            [NOW - 90 * MINUTE, NOW - 30 * MINUTE, 0, 0],
            [NOW - 90 * MINUTE, NOW - 80 * MINUTE, 0, NOW - 70 * MINUTE],
        ]
    )
    takes = counted(site(1), told=replace(NOTHING, hand_overs=handed)).takes
    assert (takes[Step.ACCEPTED].done, takes[Step.ACCEPTED].waiting) == (1, 2)
    assert takes[Step.HANDED_OVER].half == 30 * MINUTE


def test_the_sites_behind_a_number_are_as_many_as_it_says():
    board = board_of(
        site(1, band=1, claimed_by="Ana", claimed_seat="Seat 2", claimed_min=4, acted_min=4),
        site(2, category="wire_down", first_min=200),
        site(3, escalation_state=EscalationState.SENT.value, escalation_number="EOC-1", acted_min=3),
        site(4, state=CLOSED),
        site(5, flags=int(Flag.SET_ASIDE), first_min=90),
    )
    assert picks.open_p1(board).tolist() == [1]
    assert picks.claimed_at(board, "Seat 2").tolist() == [1]
    assert picks.handed_over(board).tolist() == [3]
    assert picks.untouched(board).tolist() == [2, 5]
    assert picks.untouched_p1(board).tolist() == []
    assert picks.not_accepted(board).tolist() == [3]
    assert picks.open_of(board, frozenset({"wire_down"})).tolist() == [2]
    assert picks.reported_between(board, NOW - 60 * MINUTE, NOW).tolist() == [1, 3, 4]
