"""The offers of help at a site: found in its reports and threads, with how far each has come."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from dispatch.errors import ActRefused
from dispatch.records import Flag, Message, Millis, Offer, OfferId, OfferState
from dispatch.residents import danger
from dispatch.store import many, mirror, offers, sites
from dispatch.store.offers import START, Step
from dispatch.store.sites import Member
from dispatch.store.transaction import Transaction
from dispatch.triage.judge import Judge
from dispatch.triage.offers import OFFER
from dispatch.triage.score import own_words

REPORT = "report"


class _Said(NamedTuple):
    source: str
    words: str
    at: Millis


def of_members(connection: Connection, judge: Judge, members: Sequence[Member]) -> tuple[Offer, ...]:
    """Those of one site's reports, oldest first. One that was acted on stays, whatever the lists say now."""
    keys = [key for key, _, _ in members]
    steps = offers.newest(connection, keys)
    if not steps and not any(OFFER in assessment.cues for _, _, assessment in members):
        return ()
    threads = mirror.thread(connection, keys)
    found = [
        _offer(OfferId(member[0], said.source), said, steps)
        for member in members
        for said in _said(judge, member, threads[member[0]])
        if OfferId(member[0], said.source) in steps or judge.says_offer(said.words)
    ]
    known = {offer.offer_id for offer in found}
    # The words were taken away on the server: what we did about them stays.
    found += [_offer(each, _Said(each.source, "", steps[each].at), steps) for each in steps.keys() - known]
    return tuple(sorted(found, key=lambda offer: offer.said_at))


def of_site(connection: Connection, judge: Judge, site_id: int) -> tuple[Offer, ...]:
    return of_members(connection, judge, sites.members(connection, [site_id]).get(site_id, []))


def why_no_neighbor(connection: Connection, judge: Judge, row: Any, members: Sequence[Member]) -> str:
    """Why nobody may be pointed to this site (S7, S9, S13, S15); empty where they may."""
    category = judge.rules.table[row.category]
    flags = row.flags | row.own_flags
    has_wire = bool(flags & Flag.WIRE) or category.family == "wires"
    return danger.no_neighbor(
        category=category.key,
        family=category.family,
        cues=frozenset().union(*(assessment.cues for _, _, assessment in members)),
        is_live_wire=has_wire and not flags & Flag.MADE_SAFE,
        is_restricted=bool(flags & Flag.RESTRICTED),
        is_suspended=many.is_response_suspended(connection, row.activation_id),
    )


def mark(tx: Transaction, judge: Judge, site_id: int) -> None:
    """Say on the site whether all of its offers have come to their end."""
    row = sites.row(tx.connection, site_id)
    if row is None or not (row.flags | row.own_flags) & (Flag.OFFER | Flag.OFFERS_ENDED):
        return
    found = of_site(tx.connection, judge, site_id)
    has_ended = bool(found) and not any(offer.state.is_open for offer in found)
    if has_ended != bool(row.own_flags & Flag.OFFERS_ENDED):
        add, drop = (Flag.OFFERS_ENDED, Flag(0)) if has_ended else (Flag(0), Flag.OFFERS_ENDED)
        sites.set_flags(tx, site_id, add=add, drop=drop)


def take_back(tx: Transaction, judge: Judge, site_id: int, step: dict[str, Any]) -> None:
    """Undo a step, by what the log kept of it; refused where somebody has taken the next one."""
    offer_id = OfferId(int(step["key"]), step["source"])
    offers.lock(tx, site_id)
    last = offers.newest(tx.connection, [offer_id.request_key]).get(offer_id, START)
    if last.state != step["to"]:
        raise ActRefused("The offer has come further since then: it is not taken back.")
    offers.add(tx, offer_id, last, OfferState(step["from"]))
    mark(tx, judge, site_id)


def question_taken_back(tx: Transaction, judge: Judge, site_id: int, outbox_ids: Iterable[str]) -> None:
    """The message that asked the resident never left: they were not asked."""
    step = offers.asked_with(tx.connection, site_id, outbox_ids)
    if step is None:
        return
    last = offers.newest(tx.connection, [int(step["key"])]).get(OfferId(int(step["key"]), step["source"]))
    if last is not None and last.state == step["to"]:
        take_back(tx, judge, site_id, step)


def _said(judge: Judge, member: Member, thread: Sequence[Message]) -> Iterator[_Said]:
    """The report, and what residents wrote to it since; what the city says offers nobody's help."""
    request = member[1]
    yield _Said(REPORT, own_words(request, judge.rules), request.created_at)
    times: Counter[str] = Counter()
    for line in thread:
        if line.author.is_staff or line.is_internal:
            continue
        print_ = hashlib.blake2b(" ".join(line.text.split()).encode(), digest_size=8).hexdigest()
        times[print_] += 1
        # Two neighbors may say the same words.
        yield _Said(f"{print_}.{times[print_]}", line.text, line.at)


def _offer(offer_id: OfferId, said: _Said, steps: dict[OfferId, Step]) -> Offer:
    step = steps.get(offer_id, START)
    return Offer(offer_id, said.words, said.at, step.state, step.at, step.who, step.why)
