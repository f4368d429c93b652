"""What a caller says on the phone: on the board and triaged at once, and on its way to the 311 server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dispatch.errors import ActRefused
from dispatch.records import (
    Assessment,
    Band,
    Call,
    CrmStatus,
    Millis,
    OutboxKind,
    Reporter,
    ServiceRequest,
    Taken,
)
from dispatch.store import callers, many, mirror, outbox, sites
from dispatch.store.transaction import Transaction
from dispatch.text_from_outside import bounded, plain
from dispatch.triage.judge import Judge, Member

NO_SERVER = "No 311 server has been met yet: write the call down, and enter it when the status line has one."
NO_WORDS = "Write what the caller says first."
# By this role triage knows that another person may stand behind each report of the account.
STAFF_ROLE = "Verified Official"
# In the detail of what waits for the server: it goes behind what operators send.
BEHIND = "behind"


def request_of(call: Call, now: Millis, *, account_id: str = "", person: str = "") -> ServiceRequest:
    """The call as the report it will be. Raises ActRefused where it has no words."""
    if not call.text.strip():
        raise ActRefused(NO_WORDS)
    return ServiceRequest(
        request_id="",
        status=CrmStatus.OPEN,
        raw_status="",
        summary=call.service_name,
        description=public_words(call),
        service_code=call.service_code,
        service_name=call.service_name,
        address=_clean(call.address),
        place=call.place,
        created_at=now,
        # Whatever the server says of it first is newer than what we know.
        updated_at=0,
        reporter=Reporter(account_id or "0", person, STAFF_ROLE),
    )


def public_words(call: Call) -> str:
    """What everybody may read on the city's site: what was said, and by what the place is found."""
    words, landmark = bounded(plain(call.text)).strip(), _clean(call.landmark)
    if not landmark:
        return words
    return f"{words}{'' if words.endswith(('.', '!', '?')) else '.'} Landmark: {landmark}."


def enter(tx: Transaction, judge: Judge, call: Call, *, due_at: Millis) -> Taken:
    """The call as a request of the server we are in step with, without an id until it gives one, in a site
    of its own. Raises ActRefused where there are no words or no server."""
    [taken] = enter_all(tx, judge, [call], due_at=due_at)
    return taken


def enter_all(
    tx: Transaction, judge: Judge, calls: Sequence[Call], *, due_at: Millis, paste_id: str = ""
) -> list[Taken]:
    """The same for many at once; with a `paste_id` they go to the server behind what operators send."""
    server = mirror.current_server(tx.connection)
    if server is None:
        raise ActRefused(NO_SERVER)
    requests = [
        request_of(call, tx.now, account_id=server.account_id, person=tx.actor.person) for call in calls
    ]
    keys = tx.next_request_keys(len(calls))
    members: list[Member] = [
        (key, request, judge.assess(request)) for key, request in zip(keys, requests, strict=True)
    ]
    summaries = judge.summarize_all([[member] for member in members])
    mirror.enter(tx, server.server_id, [(key, request) for key, request, _ in members])
    sites.open_new(tx, [(key, summary, False) for key, summary in zip(keys, summaries, strict=True)])
    sites.save_assessments(tx, [(key, assessment) for key, _, assessment in members])
    numbers = callers.put(tx, list(zip(keys, calls, strict=True)), paste_id=paste_id)
    for (key, request, assessment), call in zip(members, calls, strict=True):
        detail = _detail(call) | ({BEHIND: "1"} if paste_id else {})
        outbox.put(tx, OutboxKind.NEW_REQUEST, [key], request.description, due_at=due_at, detail=detail)
        _raise(tx, judge, key, call, assessment)
        establish(tx, key, call)
        if call.happened_at is not None:
            sites.set_happened(tx, key, call.happened_at)
    return [Taken(key, key, number) for key, number in zip(keys, numbers, strict=True)]


def why_p1(call: Call) -> str:
    """What was ticked that is life safety, whatever the words say; empty where nothing was."""
    said = [words for is_so, words in ((call.is_trapped, "trapped"), (call.is_injured, "injured")) if is_so]
    return f"The caller says people are {' and '.join(said)}" if said else ""


def own_band(judge: Judge, call: Call, assessment: Assessment) -> tuple[Band, str] | None:
    """What the call-taker has said is worse than the words and the city's category come to: with why. The
    server gives back only what it knows itself, and a report must not sink by that."""
    if why := why_p1(call):
        return (Band.P1, why) if assessment.band > Band.P1 else None
    chosen = judge.rules.categories.find("", call.service_name)
    if call.service_code or chosen is None:
        return None
    band = judge.rules.table[chosen].default_band
    other = judge.rules.table["storm_other"].default_band
    return (band, f"Taken as “{call.service_name}”") if band < other else None


def _raise(tx: Transaction, judge: Judge, key: int, call: Call, assessment: Assessment) -> None:
    own = own_band(judge, call, assessment)
    if own is None:
        return
    band, why = min(own[0], assessment.band), own[1]
    values: dict[str, Any] = {
        "band": int(band),
        "own_band": int(band),
        "own_band_reason": why,
        "own_band_who": tx.actor.person,
        "own_band_at": tx.now,
    }
    sites.change(tx, key, **values)


def establish(tx: Transaction, site_id: int, call: Call) -> None:
    """What else the call-taker has asked for: ours alone."""
    unit = ", ".join(
        filter(None, (_clean(call.unit), f"gate {_clean(call.gate)}" if call.gate.strip() else ""))
    )
    quality = f"{call.place_quality}|" if call.place_quality else ""
    facts = (("people", people_words(call)), ("mobility", _clean(call.mobility)), ("unit", unit))
    for name, value in (*facts, ("place", quality)):
        if value:
            many.add_facts(tx, [site_id], name, value)


def people_words(call: Call) -> str:
    """2 people, trapped, injured."""
    count = "" if call.people is None else "1 person" if call.people == 1 else f"{call.people} people"
    marks = ("trapped" if call.is_trapped else "", "injured" if call.is_injured else "")
    return ", ".join(filter(None, (count, *marks)))


def _clean(words: str) -> str:
    return " ".join(plain(words).split())


def _detail(call: Call) -> dict[str, str]:
    """Place and category by GeoReport's names. Who called is nobody's business but ours."""
    known = {
        "service_code": call.service_code,
        "summary": call.service_name,
        "address_string": _clean(call.address),
        "lat": repr(call.place.lat) if call.place else "",
        "long": repr(call.place.lng) if call.place else "",
    }
    return {name: value for name, value in known.items() if value}
