"""One hand-over with every field filled, and its parts changed by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatch.records import Answer, Band, Escalation, EscalationState, Place, Told911

SENT_AT = 1_505_154_540_000  # 11 Sep 2017, 14:29 in St. Petersburg
MINUTE = 60_000


def hand_over(**changes: Any) -> Escalation:
    made = Escalation(
        escalation_id="3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e",
        number="EOC-0041",
        site_id=7,
        activation_id="irma",
        activation_name="Hurricane Irma",
        is_exercise=True,
        band=Band.P1,
        subject="Power line down, sparking on sidewalk",
        summary="Power line down, sparking on sidewalk",
        details="It lies over the fence and sparks when the wind moves it.",
        address="22nd Ave S & 31st St S",
        neighborhood="Lakewood Estates",
        place=Place(27.74691, -82.67823),
        place_quality="exact",
        desk="Energy",
        esf="ESF 12",
        effect_needed="Line made safe, sidewalk closed",
        need_by_at=SENT_AT + 30 * MINUTE,
        why_now="Children walk past it",
        people="2 or more",
        mobility="one on a walker, 2 children, a dog",
        safe_approach="From the north, 22nd Ave S is under water",
        call_back="Caller 2, (727) 555-0142",
        language="Spanish",
        utility="Utility told 14:21, ticket 4471",
        already_done="Residents told to stay away",
        told_911=Told911(True, SENT_AT, "Operator 12", "17-2240"),
        needs_911=True,
        request_ids=("18234", "18240"),
        reports=4,
        first_reported_at=SENT_AT - 18 * MINUTE,
        last_confirmed_at=SENT_AT - 2 * MINUTE,
        channels=("desk", "folder"),
        from_person="R. Alvarez",
        from_position="311 operator",
        from_seat="seat-2",
        created_at=SENT_AT,
        state=EscalationState.SENT,
        state_at=SENT_AT,
        timer_from_at=SENT_AT,
        sent_at=SENT_AT,
        unit="4B",
        cross_street="31st St S",
        has_wire=True,
    )
    return replace(made, **changes)


def answer(kind: str, **changes: Any) -> Answer:
    made = Answer(
        kind=kind,
        at=SENT_AT + MINUTE,
        by_name="J. Rivera",
        by_position="Energy liaison",
        how="spoken",
        recorded_by="R. Alvarez, 311 operator",
    )
    return replace(made, **changes)
