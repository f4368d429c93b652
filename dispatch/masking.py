"""What stays where words must not be seen (S15): of a restricted site band and neighborhood; of every other
one all but phone and unit numbers and e-mail addresses, until somebody asks for them."""

from __future__ import annotations

from dataclasses import replace

from dispatch.records import (
    Answer,
    Band,
    Escalation,
    Fact,
    Flag,
    Offer,
    ServiceRequest,
    SiteRow,
    SiteView,
    ThreadLine,
)
from dispatch.residents.private_words import COVERED, Private, covered

LIFE_SAFETY = "Life safety"
RESTRICTED = "Restricted"
HIDDEN = "The words of this site are not shown here."
# Facts that are nothing else.
_WHOLLY = {
    "call_back": COVERED[Private.PHONE],
    "unit": COVERED[Private.UNIT],
    "caller": "[name]",
    "call_note": "[note]",
}


def mask_row(row: SiteRow) -> SiteRow:
    """A board row without street, words and pin; one that is not restricted as it is."""
    if not row.flags & Flag.RESTRICTED:
        return row
    return row._replace(what=LIFE_SAFETY if row.band == Band.P1 else RESTRICTED, where="", lat=None, lng=None)


def mask_view(view: SiteView) -> SiteView:
    """A detail without what residents and operators wrote; one that is not restricted as it is."""
    if not view.row.flags & Flag.RESTRICTED:
        return view
    row = mask_row(view.row)
    return replace(
        view,
        row=row,
        title=row.what,
        address="",
        place_doubt="",
        # Cue reasons quote the resident.
        reasons=tuple(replace(r, text=RESTRICTED) if "'" in r.text else r for r in view.reasons),
        requests=(),
        recipients=tuple(replace(each, name="") for each in view.recipients),
        thread=tuple(_mask_line(line) for line in view.thread),
        facts=(),
        escalations=(),
        offers=(),
    )


def _mask_line(line: ThreadLine) -> ThreadLine:
    return replace(line, author="", text=HIDDEN, photo_url="", first_text=HIDDEN if line.first_text else "")


def cover_view(view: SiteView) -> SiteView:
    """A detail with its phones, units and mail addresses covered; as it is where it has none."""
    shown = replace(
        view,
        title=covered(view.title),
        address=covered(view.address),
        place_doubt=covered(view.place_doubt),
        reasons=tuple(replace(r, text=covered(r.text)) for r in view.reasons),
        requests=tuple(map(_cover_request, view.requests)),
        thread=tuple(
            replace(line, text=covered(line.text), first_text=covered(line.first_text))
            for line in view.thread
        ),
        recipients=tuple(replace(each, name=covered(each.name)) for each in view.recipients),
        facts=tuple(map(_cover_fact, view.facts)),
        escalations=tuple(map(cover_card, view.escalations)),
        offers=tuple(map(_cover_offer, view.offers)),
    )
    return view if shown == view else replace(shown, is_covered=True)


def cover_card(card: Escalation) -> Escalation:
    """A hand-over as a screen shows it; what is sent, printed and called back by is the whole one."""
    return replace(
        card,
        subject=covered(card.subject),
        summary=covered(card.summary),
        details=covered(card.details),
        address=covered(card.address),
        why_now=covered(card.why_now),
        effect_needed=covered(card.effect_needed),
        people=covered(card.people),
        mobility=covered(card.mobility),
        already_done=covered(card.already_done),
        outcome=covered(card.outcome),
        call_back=_WHOLLY["call_back"] if card.call_back else "",
        unit=_WHOLLY["unit"] if card.unit else "",
        answers=tuple(map(_cover_answer, card.answers)),
    )


def _cover_request(request: ServiceRequest) -> ServiceRequest:
    return replace(
        request,
        summary=covered(request.summary),
        description=covered(request.description),
        address=covered(request.address),
        status_notes=covered(request.status_notes),
    )


def _cover_fact(fact: Fact) -> Fact:
    if fact.name in _WHOLLY:
        return replace(fact, value=_WHOLLY[fact.name] if fact.value else "")
    return replace(fact, value=covered(fact.value))


def _cover_offer(offer: Offer) -> Offer:
    return replace(offer, words=covered(offer.words), why=covered(offer.why))


def _cover_answer(answer: Answer) -> Answer:
    return replace(answer, text=covered(answer.text))
