"""The board as it stood at an earlier time, out of entry times and the activity log."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch import past
from dispatch.board import CLOSED, Board, Filters
from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.records import (
    SITE_STATES,
    Band,
    CloseReason,
    EscalationState,
    Flag,
    SiteState,
    Told911,
    WaitReason,
)
from dispatch.store import sites
from tests.rooms import Room

MINUTE = 60_000


@pytest.fixture
def storm(room: Room, city, clock):
    """A room in which each step happens ten minutes after the last one; `then` is just before the next."""
    return Storm(room, city, clock)


class Storm:
    def __init__(self, room: Room, city, clock) -> None:
        self.room, self.city, self.clock = room, city, clock
        self.times: dict[str, int] = {}

    def report(self, words: str = "Oak across 5th Ave N", **more) -> int:
        request_id = self.city.add_report(words, **more)
        self.room.sync()
        return self.room.site(request_id)

    def mark(self, name: str) -> None:
        """This moment has a name; what follows comes ten minutes later."""
        self.clock.advance(minutes=5)
        self.times[name] = self.clock.now()
        self.clock.advance(minutes=5)

    def board(self) -> Board:
        board = Board(promise_ms={})
        with self.room.store.reading() as connection:
            board.apply(sites.board_rows(connection), sites.board_reports(connection))
        return board

    def at(self, name: str) -> Board:
        board = self.board()
        return past.read(self.room.store, board).at(board, self.times[name])


def state(board: Board, site_id: int) -> SiteState:
    return SITE_STATES[int(board.state[board.row(site_id)])]


def band(board: Board, site_id: int) -> int:
    return int(board.band[board.row(site_id)])


def shown(board: Board, now: int) -> set[int]:
    return set(board.site_id[board.mask(Filters(), now)].tolist())


def test_a_site_is_there_from_the_entry_of_its_first_report(storm: Storm) -> None:
    first = storm.report()
    entered = int(storm.board().first_at[0])
    storm.times |= {"before": entered - 1, "then": entered}

    assert shown(storm.at("before"), entered) == set()
    assert shown(storm.at("then"), entered) == {first}


def test_states_are_those_that_people_had_set_by_then(storm: Storm) -> None:
    site_id = storm.report()
    storm.mark("new")
    storm.room.desk.set_band(site_id, Band.P2)
    storm.mark("triaged")
    storm.room.desk.wait(site_id, WaitReason.ACCESS)
    storm.mark("waiting")
    storm.room.desk.resume(site_id)
    storm.mark("resumed")
    storm.room.desk.close(site_id, CloseReason.NO_LONGER_NEEDED)
    storm.mark("closed")
    storm.room.desk.reopen(site_id)
    storm.mark("open again")

    assert {name: state(storm.at(name), site_id) for name in storm.times} == {
        "new": SiteState.NEW,
        "triaged": SiteState.TRIAGED,
        "waiting": SiteState.WAITING,
        "resumed": SiteState.TRIAGED,
        "closed": SiteState.CLOSED,
        "open again": SiteState.TRIAGED,
    }


def test_what_was_undone_later_was_so_before_and_is_not_after(storm: Storm) -> None:
    site_id = storm.report()
    storm.mark("before")
    storm.room.desk.close(site_id, CloseReason.NO_LONGER_NEEDED)
    storm.mark("closed")
    storm.room.desk.undo()
    storm.mark("undone")

    assert [state(storm.at(name), site_id) for name in ("before", "closed", "undone")] == [
        SiteState.NEW,
        SiteState.CLOSED,
        SiteState.NEW,
    ]
    assert storm.at("undone").acted_at[0] == storm.at("before").acted_at[0] == 0


def test_a_band_set_by_hand_is_the_old_one_before_that(storm: Storm) -> None:
    site_id = storm.report("Limb on the sidewalk", category="tree_private")
    was = band(storm.board(), site_id)
    storm.mark("before")
    storm.room.desk.set_band(site_id, Band.P2)
    storm.mark("raised")
    storm.room.desk.set_band(site_id, Band.P1)
    storm.mark("raised again")

    assert [band(storm.at(name), site_id) for name in storm.times] == [was, Band.P2, Band.P1]
    own = [bool(storm.at(name).flags[0] & Flag.OVERRIDDEN) for name in storm.times]
    assert own == [False, True, True]


def test_an_act_at_many_sites_and_its_undo_are_seen_at_each_of_them(storm: Storm) -> None:
    one, other = storm.report("Limb on the sidewalk"), storm.report("Fence down between two yards")
    desk, bulk = storm.room.desk, storm.room.parts.bulk
    storm.mark("new")
    bulk.act([one, other], BulkOrder(BulkKind.WAIT, wait=WaitReason.WEATHER))
    storm.mark("waiting")
    bulk.act([one, other], BulkOrder(BulkKind.CLAIM))
    storm.mark("claimed")
    bulk.act([one, other], BulkOrder(BulkKind.LET_GO))
    bulk.act([one, other], BulkOrder(BulkKind.RAISE, band=Band.P1, note="A school is beside it"))
    storm.mark("raised")
    desk.undo()
    storm.mark("undone")

    for site_id in (one, other):
        low = band(storm.at("new"), site_id)
        assert low > Band.P1
        assert state(storm.at("new"), site_id) is SiteState.NEW
        assert state(storm.at("waiting"), site_id) is SiteState.WAITING
        assert not storm.at("waiting").claims and storm.at("claimed").claims[site_id].person
        assert site_id not in storm.at("raised").claims
        assert band(storm.at("raised"), site_id) == Band.P1
        assert band(storm.at("undone"), site_id) == low


def test_claims_are_those_of_that_time(storm: Storm) -> None:
    site_id = storm.report()
    storm.mark("free")
    storm.room.desk.claim(site_id)
    storm.mark("claimed")
    storm.room.desk.let_go(site_id)
    storm.mark("let go")

    assert [site_id in storm.at(name).claims for name in storm.times] == [False, True, False]


def test_a_merged_site_stood_by_itself_before_and_does_again_after_undo(storm: Storm) -> None:
    lead, other = storm.report("Oak blocks 5th Ave N"), storm.report("Tree blocks both lanes of 5th Ave N")
    storm.mark("apart")
    storm.room.desk.merge(lead, [other])
    storm.mark("one")
    storm.room.desk.undo()
    storm.mark("apart again")

    assert shown(storm.at("apart"), storm.clock.now()) == {lead, other}
    together = storm.at("one")
    assert shown(together, storm.clock.now()) == {lead}
    assert int(together.reports[together.row(lead)]) == 2
    assert shown(storm.at("apart again"), storm.clock.now()) == {lead, other}


def test_a_split_is_seen_from_its_time_on(storm: Storm) -> None:
    first = storm.city.add_report("Oak blocks 5th Ave N")
    second = storm.city.add_report("Tree blocks both lanes of 5th Ave N")
    storm.room.sync()
    lead, other = storm.room.site(first), storm.room.site(second)
    storm.room.desk.merge(lead, [other])
    storm.mark("one")
    storm.room.desk.split(lead, second)
    storm.mark("apart")

    assert [len(shown(storm.at(name), storm.clock.now())) for name in storm.times] == [1, 2]


def test_s3_911_is_told_only_from_then_on(storm: Storm) -> None:
    site_id = storm.report("Person trapped under the tree")
    storm.mark("before")
    storm.room.desk.tell_911(site_id, Told911(False, storm.clock.now()))
    storm.mark("not reached")
    storm.room.desk.tell_911(site_id, Told911(True, storm.clock.now(), "Ana", "17-2231"))
    storm.mark("told")

    marks = Flag.TOLD_911 | Flag.NOT_REACHED_911
    assert [Flag(int(storm.at(name).flags[0])) & marks for name in storm.times] == [
        Flag(0),
        Flag.NOT_REACHED_911,
        Flag.TOLD_911,
    ]


def test_a_hand_over_has_the_state_it_had(storm: Storm) -> None:
    request_id = storm.city.add_report("Oak across 5th Ave N")
    storm.room.sync()
    site_id = storm.room.site(request_id)
    storm.mark("before")
    item = storm.room.escalate(request_id, channels=("desk",))
    storm.mark("sent")
    storm.room.em_desk.accept(item.escalation_id, by_name="Lee", by_position="Traffic", how="desk")
    storm.mark("accepted")

    states = [storm.at(name).hand_overs.get(site_id) for name in storm.times]
    assert states[0] is None
    assert states[1] is not None and states[1].state.is_open
    assert states[2] is not None and states[2].state is EscalationState.ACCEPTED


def test_what_the_server_closed_was_open_until_then(storm: Storm) -> None:
    request_id = storm.city.add_report("Oak across 5th Ave N")
    storm.room.sync()
    site_id = storm.room.site(request_id)
    storm.mark("open")
    storm.city.elsewhere(request_id, "close")
    storm.room.sync()
    storm.mark("closed")

    assert state(storm.at("open"), site_id) is SiteState.NEW
    assert state(storm.at("closed"), site_id) is SiteState.CLOSED


def test_the_twin_leaves_the_board_of_now_as_it_is(storm: Storm) -> None:
    storm.report()
    storm.mark("then")
    storm.room.desk.close(storm.report("Another oak"), CloseReason.NO_LONGER_NEEDED)
    board = storm.board()
    before = {name: getattr(board, name).copy() for name in ("state", "flags", "reports", "report_at")}

    past.read(storm.room.store, board).at(board, storm.times["then"])

    assert all(np.array_equal(getattr(board, name), column) for name, column in before.items())
    assert (board.state == CLOSED).sum() == 1


def test_reports_after_that_time_are_in_no_count(storm: Storm) -> None:
    storm.report()
    now = storm.clock.now()
    storm.times["then"] = int(storm.board().report_at[0])
    storm.times["before"] = storm.times["then"] - 1

    for name, count in (("before", 0), ("then", 1)):
        board = storm.at(name)
        assert board.per_hour(now - 48 * 60 * MINUTE, 100).sum() == count
