"""One report as the server holds it, and what each step does to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch.exercise.script import DAY_MS, Kind, Person, Row, Step
from dispatch.records import Millis

QUIET_DAYS = 7
STATUS_OF = {
    Kind.ACKNOWLEDGE: "Acknowledged",
    Kind.CLOSE: "Closed",
    Kind.OPEN: "Open",
    Kind.ARCHIVE: "Archived",
    Kind.QUIET: "Archived",
}
STATUSES = ("Open", "Acknowledged", "Closed", "Archived")
# What is allowed from where; archived is final.
BEFORE = {
    Kind.ACKNOWLEDGE: ("Open",),
    Kind.CLOSE: ("Open", "Acknowledged"),
    Kind.OPEN: ("Closed", "Acknowledged"),
    Kind.ARCHIVE: ("Open", "Acknowledged", "Closed"),
    Kind.QUIET: ("Closed",),
}


@dataclass(slots=True)
class Line:
    """A line of the thread, before the ledger gives it a number."""

    at: Millis
    author: Person
    text: str
    # Of the issue once this was written.
    status: str = ""


@dataclass(slots=True)
class Issue:
    issue_id: int
    created_at: Millis
    updated_at: Millis
    summary: str
    description: str
    address: str
    lat: float | None
    lng: float | None
    type_id: int | None
    reporter: Person
    status: str = "Open"
    source_id: str | None = None
    raw_status: str | None = None
    rating: int = 1
    has_photo: bool = False
    acknowledged_at: Millis | None = None
    closed_at: Millis | None = None
    reopened_at: Millis | None = None
    # The last comment or change of status.
    spoken_at: Millis = 0
    is_record: bool = False
    # For the organization alone; who works on it there; the issue this one repeats.
    is_private: bool = False
    assignee: Person | None = None
    canonical_id: int | None = None
    lines: list[Line] = field(default_factory=list)

    def allows(self, kind: Kind) -> bool:
        return kind not in BEFORE or self.status in BEFORE[kind]

    def take(self, step: Step) -> Step | None:
        """Live through one step. What is closed by it gets one more, for when it has been quiet."""
        if not self.allows(step.kind):
            return None
        if step.kind is Kind.QUIET and step.at < self.spoken_at + QUIET_DAYS * DAY_MS:
            return None
        self.status = STATUS_OF.get(step.kind, self.status)
        if step.kind is Kind.ACKNOWLEDGE:
            self.acknowledged_at = step.at
        elif step.kind is Kind.CLOSE:
            self.closed_at = step.at
        elif step.kind is Kind.OPEN:
            self.closed_at, self.reopened_at = None, step.at
        if step.author:
            self.lines.append(Line(step.at, step.author, step.text, self.status))
        self.updated_at = max(self.updated_at, step.at)
        if step.kind is Kind.TOUCH:
            return None
        self.spoken_at = step.at
        if self.status == "Closed" and not self.is_record:
            return Step(step.at + QUIET_DAYS * DAY_MS, Kind.QUIET)
        return None


def born(row: Row) -> Issue:
    return Issue(
        issue_id=row.request_id,
        created_at=row.created_at,
        updated_at=row.created_at,
        summary=row.summary,
        description=row.description,
        address=row.address,
        lat=row.lat,
        lng=row.lng,
        type_id=row.type_id,
        reporter=row.reporter,
        source_id=row.source_id,
        raw_status=row.raw_status,
        rating=row.rating,
        has_photo=row.has_photo,
        is_record=row.is_record,
        is_private=row.is_private,
    )
