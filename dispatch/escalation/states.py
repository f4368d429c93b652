"""What may be done to an escalation in which state, and where it leads: one table decides."""

from __future__ import annotations

from enum import StrEnum

from dispatch.errors import ActRefused
from dispatch.records import Band, EscalationState, ReturnCode


class Act(StrEnum):
    """What happens to an escalation; the answers among them are the `kind` of an `Answer`."""

    SEND = "send"  # for the first time, or again after it was returned or nobody took it
    RECEIVE = "receive"  # the first proof that the other side has it
    ACCEPT = "accept"
    HOLD = "hold"  # accepted, held for weather
    STILL_NEEDED = "still_needed"  # the wind is down, and it is: the hold ends where it was accepted (S7)
    NOT_REACHED = "not_reached"  # asked whether it is, and nobody answered: unknown (S9)
    RESOURCE = "resource"  # a resource and its ETA; naming it accepts as well
    ON_SCENE = "on_scene"  # a crew that stands there has accepted, whatever the card said
    PASS_ON = "pass_on"  # to another desk; owner and timer move
    FORWARD = "forward"  # to the county; taking it back is accepting it again
    MUTUAL_AID = "mutual_aid"  # nothing of ours is left: somebody else's resource is asked for
    ASK = "ask"
    ADD = "add"  # a new fact, or the answer to a question
    RETURN = "return"
    EXPIRE = "expire"  # nobody accepted in time
    CLOSE = "close"


DRAFT, SENT, RECEIVED, ACCEPTED, HELD, UNDER_WAY, FORWARDED, MUTUAL_AID, RETURNED, EXPIRED, CLOSED = (
    EscalationState
)

_ANSWERS = {
    Act.ACCEPT: ACCEPTED,
    Act.HOLD: HELD,
    Act.RESOURCE: UNDER_WAY,
    Act.ON_SCENE: UNDER_WAY,
    Act.FORWARD: FORWARDED,
    Act.MUTUAL_AID: MUTUAL_AID,
    Act.RETURN: RETURNED,
    Act.CLOSE: CLOSED,
}


def _keeping(state: EscalationState, *acts: Act) -> dict[Act, EscalationState]:
    return dict.fromkeys(acts, state)


# A late receipt never moves anything back, so `receive` is taken in every state after `sent` and keeps it.
# An expired or returned one that is passed on is `sent` again: the new desk has its whole time.
_AFTER: dict[EscalationState, dict[Act, EscalationState]] = {
    DRAFT: {Act.SEND: SENT},
    SENT: _ANSWERS
    | {Act.RECEIVE: RECEIVED, Act.EXPIRE: EXPIRED}
    | _keeping(SENT, Act.PASS_ON, Act.ASK, Act.ADD),
    RECEIVED: _ANSWERS
    | {Act.EXPIRE: EXPIRED}
    | _keeping(RECEIVED, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD),
    ACCEPTED: {act: to for act, to in _ANSWERS.items() if act != Act.ACCEPT}
    | _keeping(ACCEPTED, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD),
    HELD: {act: to for act, to in _ANSWERS.items() if act != Act.HOLD}
    | {Act.STILL_NEEDED: ACCEPTED}
    | _keeping(HELD, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD, Act.NOT_REACHED),
    UNDER_WAY: {act: to for act, to in _ANSWERS.items() if act != Act.ACCEPT}
    | _keeping(UNDER_WAY, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD),
    # Their answer: they accept, name a resource, or it comes back and is ours again.
    FORWARDED: _ANSWERS | _keeping(FORWARDED, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD),
    MUTUAL_AID: {act: to for act, to in _ANSWERS.items() if act != Act.MUTUAL_AID}
    | _keeping(MUTUAL_AID, Act.RECEIVE, Act.PASS_ON, Act.ASK, Act.ADD),
    RETURNED: _ANSWERS
    | {Act.SEND: SENT, Act.PASS_ON: SENT}
    | _keeping(RETURNED, Act.RECEIVE, Act.ASK, Act.ADD),
    EXPIRED: _ANSWERS
    | {Act.SEND: SENT, Act.PASS_ON: SENT}
    | _keeping(EXPIRED, Act.RECEIVE, Act.ASK, Act.ADD),
    CLOSED: _keeping(CLOSED, Act.RECEIVE),
}

_RESTARTS = frozenset({Act.SEND, Act.ACCEPT, Act.STILL_NEEDED, Act.PASS_ON, Act.FORWARD})

_STATE_WORDS = {
    DRAFT: "a draft that nobody has been sent",
    SENT: "sent and not accepted yet",
    RECEIVED: "received and not accepted yet",
    ACCEPTED: "accepted already",
    HELD: "held for weather",
    UNDER_WAY: "under way",
    FORWARDED: "forwarded",
    MUTUAL_AID: "waiting for mutual aid",
    RETURNED: "returned",
    EXPIRED: "past its time, nobody accepted it",
    CLOSED: "closed",
}
_ACT_WORDS = {
    Act.SEND: "sent again",
    Act.RECEIVE: "marked received",
    Act.ACCEPT: "accepted",
    Act.HOLD: "held for weather",
    Act.STILL_NEEDED: "said to be still needed",
    Act.NOT_REACHED: "marked not reached",
    Act.RESOURCE: "given a resource",
    Act.ON_SCENE: "marked on scene",
    Act.PASS_ON: "passed on",
    Act.FORWARD: "forwarded",
    Act.MUTUAL_AID: "put to mutual aid",
    Act.ASK: "asked about",
    Act.ADD: "added to",
    Act.RETURN: "returned",
    Act.EXPIRE: "marked expired",
    Act.CLOSE: "closed",
}


def state_words(state: EscalationState) -> str:
    """How it stands, after "it is"."""
    return _STATE_WORDS[state]


def can(state: EscalationState, act: Act) -> bool:
    return act in _AFTER[state]


def refusal(state: EscalationState, act: Act) -> str:
    """Why not, in a sentence; empty where the act may be done."""
    if can(state, act):
        return ""
    return f"This hand-over is {_STATE_WORDS[state]}: it cannot be {_ACT_WORDS[act]}."


def after(state: EscalationState, act: Act) -> EscalationState:
    """The state the act leads to; ActRefused says in a sentence why it cannot be done."""
    if sentence := refusal(state, act):
        raise ActRefused(sentence)
    return _AFTER[state][act]


def restarts_timer(act: Act) -> bool:
    """Does `timer_from_at` move to this act's time? A question, a receipt and a new fact leave it running."""
    return act in _RESTARTS


def close_refusal(band: Band, outcome: str, confirmed_by: str) -> str:
    """What is missing to close: every hand-over needs an outcome, a P1 also who confirmed it (S6)."""
    if not outcome.strip():
        return "Say what came of it before closing."
    if band == Band.P1 and not confirmed_by.strip():
        return "A P1 closes only with who confirmed the outcome."
    return ""


def forward_refusal(to: str) -> str:
    """What is missing to forward: to whom. Their mission number may come later."""
    return "" if to.strip() else "Say to whom it is forwarded, such as the county."


def return_refusal(code: str, known_as: str = "") -> str:
    """What is missing to return: a code, and for `already_known` the number it is known as."""
    if code not in set(ReturnCode):
        return "Return it with a code: wrong desk, already known, outside our area, no resource now."
    if code == ReturnCode.ALREADY_KNOWN and not known_as.strip():
        return "Already known needs the number it is known as."
    return ""
