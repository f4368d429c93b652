"""The plan against Irma's real advisories: proposed, shifted, done, skipped, overdue."""

from __future__ import annotations

import pytest

from dispatch.errors import SettingsBroken
from dispatch.feeds.times import from_iso
from dispatch.notices.drafts import load_drafts
from dispatch.plan.items import load_plan
from dispatch.plan.rehearsed import rehearsed_advisories
from dispatch.plan.standing import HOUR_MS, proposed, standing
from dispatch.records import PlanItem, PlanKind, PlanState, PlanStep
from dispatch.resources import resource

ST_PETERSBURG = (27.75, -82.67)
ZERO_AT = from_iso("2017-09-10T14:00:00Z")
SAID_AT = from_iso("2017-09-09T12:00:00Z")
ITEM = PlanItem("wires", PlanKind.SEND, 20, "Operator", "Wires", draft="wires")
DUE_AT = ZERO_AT + 20 * HOUR_MS


def step(act: str, *, at: int = 0, key: str = "", **given) -> PlanStep:
    return PlanStep(f"{act}{at}", act, key, at, "", "K. Ortiz", "Supervisor", SAID_AT, **given)


def line_of(*steps: PlanStep, now: int, opened_at: int = 0):
    return standing([ITEM], [step("zero", at=ZERO_AT), *steps], now, opened_at).lines[0]


def advisory(number: str):
    days = ("2017-09-08T00:00:00Z", "2017-09-12T00:00:00Z")
    found = (each for day in days for each in rehearsed_advisories(from_iso(day)))
    return next(each for each in found if each.number == number)


def test_the_citys_plan_runs_from_four_days_before_to_two_weeks_after():
    items = load_plan().items

    assert (items[0].hours, items[-1].hours) == (-96, 336)
    assert {item.kind for item in items} == set(PlanKind)
    assert [item.hours for item in items] == sorted(item.hours for item in items)
    drafts = load_drafts()
    for item in items:
        assert item.title
        assert item.why
        assert bool(item.draft) == (item.kind is PlanKind.SEND)
        assert not item.draft or item.draft in drafts


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("hours = -96", "hours = -97", "outside -96 to 336"),
        ('kind = "staff"', 'kind = "staf"', "staf"),
        ('key = "snapshot"', 'key = "send_wires"', "send_wires twice"),
    ],
)
def test_a_city_that_breaks_its_plan_is_told_where(tmp_path, before, after, complaint):
    path = tmp_path / "storm_plan.toml"
    path.write_text(resource("plan", "storm_plan.toml").read_text("utf-8").replace(before, after, 1), "utf-8")

    with pytest.raises(SettingsBroken, match=complaint):
        load_plan(path)


@pytest.mark.parametrize(("number", "hours_off"), [("30", 4), ("36", 4), ("40", 4), ("44", 2), ("45", 2)])
def test_irmas_advisories_of_four_days_propose_the_morning_of_the_10th(number, hours_off):
    irma = advisory(number)

    found, why = proposed(irma, ST_PETERSBURG, irma.issued_at, load_plan().reach)

    assert why == ""
    assert abs(found.at - ZERO_AT) <= hours_off * HOUR_MS
    assert not found.is_told, "the file has no radii: it is our reckoning"


@pytest.mark.parametrize(
    ("number", "late_h", "why"),
    [
        ("24", 0, "Advisory 24 brings no winds of 39 mph"),
        ("48", 0, "when they began it does not say"),
        ("44", 6, ""),
        ("44", 7, "Advisory 44 is 7 h old"),
    ],
)
def test_no_hour_is_proposed_that_an_advisory_does_not_carry(number, late_h, why):
    irma = advisory(number)

    found, said = proposed(irma, ST_PETERSBURG, irma.issued_at + late_h * HOUR_MS, load_plan().reach)

    assert bool(found) == (why == "")
    assert why in said


@pytest.mark.parametrize(
    ("before_due_ms", "state"),
    [
        (HOUR_MS + 1, PlanState.OPEN),
        (HOUR_MS, PlanState.DUE),
        (0, PlanState.DUE),
        (-1, PlanState.OVERDUE),
    ],
)
def test_an_item_is_due_an_hour_before_and_overdue_after(before_due_ms, state):
    line = line_of(now=DUE_AT - before_due_ms)

    assert (line.due_at, line.state) == (DUE_AT, state)


def test_a_done_item_keeps_its_time_when_hour_0_moves_and_an_open_one_moves():
    done = step("done", at=DUE_AT, key="wires")
    moved = step("zero", at=ZERO_AT + 6 * HOUR_MS)

    assert line_of(done, moved, now=DUE_AT).due_at == DUE_AT
    assert line_of(moved, now=DUE_AT).due_at == DUE_AT + 6 * HOUR_MS
    again = line_of(done, moved, step("reopened", at=1, key="wires"), now=DUE_AT)
    assert (again.due_at, again.state) == (DUE_AT + 6 * HOUR_MS, PlanState.OPEN)


def test_what_was_due_before_the_activation_is_not_followed_unless_somebody_opens_it():
    late = DUE_AT + 3 * HOUR_MS

    assert line_of(now=late, opened_at=late).state is PlanState.EARLIER
    reopened = line_of(step("reopened", key="wires"), now=late, opened_at=late)
    assert reopened.state is PlanState.OVERDUE


def test_an_edit_changes_hour_and_owner_for_this_storm():
    line = line_of(step("edited", key="wires", hours=24, owner="Energy"), now=DUE_AT)

    assert (line.item.hours, line.item.owner, line.due_at) == (24, "Energy", ZERO_AT + 24 * HOUR_MS)


def test_a_new_advisory_proposes_and_moves_nothing_by_itself():
    irma = advisory("44")
    proposal, _ = proposed(irma, ST_PETERSBURG, irma.issued_at, load_plan().reach)
    zero = step("zero", at=proposal.at - 6 * HOUR_MS, advisory="40")

    plan = standing([ITEM], [zero], irma.issued_at, 0, proposal)

    assert plan.lines[0].due_at == zero.at + 20 * HOUR_MS
    assert (plan.proposal.moves, plan.proposal.shift_ms) == (1, 6 * HOUR_MS)


@pytest.mark.parametrize(("shift_ms", "advisory_of_zero"), [(HOUR_MS - 1, "40"), (6 * HOUR_MS, "44")])
def test_nobody_is_asked_for_less_than_an_hour_or_by_the_same_advisory(shift_ms, advisory_of_zero):
    proposal, _ = proposed(advisory("44"), ST_PETERSBURG, advisory("44").issued_at, load_plan().reach)
    zero = step("zero", at=proposal.at - shift_ms, advisory=advisory_of_zero)

    assert standing([ITEM], [zero], ZERO_AT, 0, proposal).proposal is None


def test_before_anybody_sets_hour_0_the_proposal_shows_times_and_nothing_is_overdue():
    proposal, _ = proposed(advisory("44"), ST_PETERSBURG, advisory("44").issued_at, load_plan().reach)

    plan = standing([ITEM], [], proposal.at + 30 * HOUR_MS, 0, proposal)

    assert plan.zero_at == proposal.at
    assert plan.lines[0].due_at
    assert plan.overdue == 0
