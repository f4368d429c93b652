"""The JSON twin of a hand-over: every field, for machines; resources/hand_over.schema.json documents it.

Times are ISO 8601 in the jurisdiction's zone with its offset; a receiver checks version and exercise first.
New fields may come within a version; a field that changes its meaning makes a new one.
"""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.forms import common
from dispatch.forms.bands import band_map
from dispatch.records import Answer, Escalation, Millis

VERSION = 1


def twin_bytes(escalation: Escalation, zone: ZoneInfo) -> bytes:
    """UTF-8 with a newline at the end; the same record always gives the same bytes."""
    text = json.dumps(twin(escalation, zone), ensure_ascii=False, indent=2, default=str)
    # A lone surrogate has no UTF-8; Python's backslash form of it is JSON's own.
    return text.encode("utf-8", "backslashreplace") + b"\n"


def twin(escalation: Escalation, zone: ZoneInfo) -> dict[str, Any]:
    def at(time: Millis | None) -> str | None:
        return None if time is None else common.iso(time, zone)

    e = escalation
    told = e.told_911
    return {
        "schema": "landfall/hand-over",
        "version": VERSION,
        "exercise": e.is_exercise,
        "escalation_id": e.escalation_id,
        "number": e.number,
        "is_update_of": e.is_update_of,
        "activation": {"id": e.activation_id, "name": common.mark_exercise(e.activation_name, e.is_exercise)},
        "time_zone": str(zone),
        "band": e.band.name,
        "band_words": band_map()[e.band].words,
        "subject": common.mark_exercise(e.subject, e.is_exercise),
        "summary": e.summary,
        "details": e.details,
        "source": common.NOT_VERIFIED,
        "why_now": e.why_now,
        "effect_needed": e.effect_needed,
        "need_by_at": at(e.need_by_at),
        "to": {"desk": e.desk, "esf": e.esf, "person": e.to_person},
        "from": {"person": e.from_person, "position": e.from_position, "seat": e.from_seat},
        "place": {
            "address": e.address,
            "unit": e.unit,
            "cross_street": e.cross_street,
            "neighborhood": e.neighborhood,
            "lat": e.place.lat if e.place else None,
            "lng": e.place.lng if e.place else None,
            "quality": e.place_quality,
            "is_confirmed": common.is_place_confirmed(e),
            "placed_by": e.placed_by,
            "placed_at": at(e.placed_at),
        },
        "people": e.people,
        "mobility": e.mobility,
        "safe_approach": e.safe_approach,
        "call_back": e.call_back,
        "language": e.language,
        "already_done": e.already_done,
        "emergency_call": {
            "is_needed": e.needs_911,
            "is_told": told.is_told if told else False,
            "at": at(told.at) if told else None,
            "spoken_to": told.spoken_to if told else "",
            "incident_number": told.incident_number if told else "",
        },
        "utility": {
            "told": e.utility,
            "has_wire": e.has_wire,
            "made_safe": e.made_safe,
            "treat_as_live": common.is_live(e),
        },
        "reports": {
            "site_id": e.site_id,
            "other_site_ids": list(e.other_site_ids),
            "request_ids": list(e.request_ids),
            "count": e.reports,
            "first_at": at(e.first_reported_at),
            "last_confirmed_at": at(e.last_confirmed_at),
        },
        "is_restricted": e.is_restricted,
        "tell_residents": e.tell_residents,
        "channels": list(e.channels),
        "state": e.state.value,
        "state_at": at(e.state_at),
        "timer_from_at": at(e.timer_from_at),
        "created_at": at(e.created_at),
        "sent_at": at(e.sent_at),
        "received_at": at(e.received_at),
        "accepted_at": at(e.accepted_at),
        "closed_at": at(e.closed_at),
        "return_code": e.return_code,
        "resource": e.resource,
        "eta_at": at(e.eta_at),
        "on_scene_at": at(e.on_scene_at),
        "forwarded": {"to": e.forwarded_to, "number": e.forwarded_number, "at": at(e.forwarded_at)},
        "outcome": e.outcome,
        "confirmed_by": e.confirmed_by,
        "asked_at": at(e.asked_at),
        # Comes back with an answer: only who was handed this one knows it.
        "token": e.token,
        "answers": [_answer(answer, zone) for answer in e.answers],
    }


def _answer(answer: Answer, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "kind": answer.kind,
        "at": common.iso(answer.at, zone),
        "by_name": answer.by_name,
        "by_position": answer.by_position,
        "how": answer.how,
        "recorded_by": answer.recorded_by,
        "text": answer.text,
        "detail": answer.detail,
    }
