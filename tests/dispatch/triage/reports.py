"""Reports for the tests of triage: what a resident filed, under which title, with what words."""

from __future__ import annotations

from dispatch.records import Assessment, CrmStatus, Place, ServiceRequest
from dispatch.triage.rules import Rules
from dispatch.triage.score import assess_text

AT = 1_505_140_200_000
PLACE = Place(27.7713, -82.6387)


def report(
    words: str,
    *,
    title: str = "Storm: Other",
    summary: str | None = None,
    photo: str = "",
    place: Place | None = PLACE,
) -> ServiceRequest:
    return ServiceRequest(
        request_id="4411",
        status=CrmStatus.OPEN,
        raw_status="Open",
        summary=title if summary is None else summary,
        description=words,
        service_code="",
        service_name=title,
        address="Central Ave & 4th St N",
        place=place,
        created_at=AT,
        updated_at=AT,
        photo_url=photo,
    )


def say(words: str, rules: Rules, category: str = "storm_other") -> Assessment:
    return assess_text(words, rules.table[category], rules)
