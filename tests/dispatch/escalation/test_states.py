"""What may be done in which state (architecture 3, S6)."""

from __future__ import annotations

import itertools

import pytest

from dispatch.errors import ActRefused
from dispatch.escalation.states import (
    Act,
    after,
    can,
    close_refusal,
    refusal,
    restarts_timer,
    return_refusal,
)
from dispatch.records import Band, EscalationState

S = EscalationState
OPEN = [state for state in S if state.is_open]


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ([Act.SEND, Act.RECEIVE, Act.ACCEPT, Act.RESOURCE, Act.ON_SCENE, Act.CLOSE], S.CLOSED),
        ([Act.SEND, Act.ACCEPT], S.ACCEPTED),
        ([Act.SEND, Act.RESOURCE], S.UNDER_WAY),
        ([Act.SEND, Act.ON_SCENE], S.UNDER_WAY),
        ([Act.SEND, Act.HOLD], S.HELD),
        ([Act.SEND, Act.HOLD, Act.ACCEPT], S.ACCEPTED),
        ([Act.SEND, Act.RECEIVE, Act.RETURN], S.RETURNED),
        ([Act.SEND, Act.RETURN, Act.SEND], S.SENT),
        ([Act.SEND, Act.RETURN, Act.ACCEPT], S.ACCEPTED),
        ([Act.SEND, Act.EXPIRE], S.EXPIRED),
        ([Act.SEND, Act.EXPIRE, Act.ACCEPT], S.ACCEPTED),
        ([Act.SEND, Act.EXPIRE, Act.PASS_ON], S.SENT),
        ([Act.SEND, Act.ACCEPT, Act.PASS_ON], S.ACCEPTED),
        ([Act.SEND, Act.RECEIVE, Act.PASS_ON], S.RECEIVED),
        ([Act.SEND, Act.ACCEPT, Act.RESOURCE, Act.RETURN], S.RETURNED),
        ([Act.SEND, Act.ACCEPT, Act.RESOURCE, Act.RESOURCE], S.UNDER_WAY),
    ],
)
def test_the_loop_goes_where_the_drawing_says(path: list[Act], end: EscalationState) -> None:
    state = S.DRAFT
    for act in path:
        state = after(state, act)

    assert state == end


@pytest.mark.parametrize("state", [state for state in S if state != S.DRAFT])
def test_a_late_receipt_moves_nothing_back(state: EscalationState) -> None:
    assert after(state, Act.RECEIVE) == (S.RECEIVED if state == S.SENT else state)


@pytest.mark.parametrize("state", OPEN)
def test_a_question_and_a_new_fact_keep_state_and_timer(state: EscalationState) -> None:
    assert after(state, Act.ASK) == after(state, Act.ADD) == state
    assert not restarts_timer(Act.ASK) and not restarts_timer(Act.ADD) and not restarts_timer(Act.RECEIVE)


def test_passing_on_moves_the_timer() -> None:
    assert restarts_timer(Act.PASS_ON) and restarts_timer(Act.SEND) and restarts_timer(Act.ACCEPT)


@pytest.mark.parametrize("state", OPEN)
def test_every_open_hand_over_can_be_closed_and_closed_is_the_end(state: EscalationState) -> None:
    assert after(state, Act.CLOSE) == S.CLOSED
    assert [act for act in Act if can(S.CLOSED, act)] == [Act.RECEIVE]


def test_only_what_waits_for_an_answer_can_expire() -> None:
    assert [state for state in S if can(state, Act.EXPIRE)] == [S.SENT, S.RECEIVED]


@pytest.mark.parametrize(("state", "act"), list(itertools.product(S, Act)))
def test_what_cannot_be_done_is_refused_in_one_sentence(state: EscalationState, act: Act) -> None:
    if can(state, act):
        assert refusal(state, act) == ""
        return

    with pytest.raises(ActRefused) as refused:
        after(state, act)
    assert str(refused.value) == refusal(state, act)
    assert str(refused.value).startswith("This hand-over is ") and str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("band", "outcome", "confirmed_by", "says"),
    [
        (Band.P1, "3 taken to shelter", "Rescue 5", ""),
        (Band.P1, "3 taken to shelter", "  ", "who confirmed"),
        (Band.P1, "", "Rescue 5", "what came of it"),
        (Band.P2, "road open", "", ""),
        (Band.P4, " ", "", "what came of it"),
    ],
)
def test_s6_a_p1_closes_with_an_outcome_and_who_confirmed_it(
    band: Band, outcome: str, confirmed_by: str, says: str
) -> None:
    sentence = close_refusal(band, outcome, confirmed_by)

    assert (says in sentence) if says else sentence == ""


@pytest.mark.parametrize(
    ("code", "known_as", "is_fine"),
    [
        ("wrong_desk", "", True),
        ("no_resource", "", True),
        ("already_known", "EOC-0017", True),
        ("already_known", "", False),
        ("later", "", False),
        ("", "", False),
    ],
)
def test_a_return_needs_its_code(code: str, known_as: str, is_fine: bool) -> None:
    assert (return_refusal(code, known_as) == "") is is_fine
