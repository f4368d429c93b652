"""Frozen records and enums that travel everywhere. No behavior beyond what a record can say of itself.

Times are whole milliseconds since 1970 UTC (`Millis`), as both databases store them; a name that ends
in `_at` is such a time. Places are WGS84 degrees.

A name is read from its part when it is asked for: the making of all these classes was a tenth of a start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.records.acts import *  # noqa: F403
    from dispatch.records.calls import *  # noqa: F403
    from dispatch.records.categories import *  # noqa: F403
    from dispatch.records.city_facts import *  # noqa: F403
    from dispatch.records.counted import *  # noqa: F403
    from dispatch.records.details import *  # noqa: F403
    from dispatch.records.escalations import *  # noqa: F403
    from dispatch.records.facts import *  # noqa: F403
    from dispatch.records.judged import *  # noqa: F403
    from dispatch.records.notices import *  # noqa: F403
    from dispatch.records.offers import *  # noqa: F403
    from dispatch.records.outbox import *  # noqa: F403
    from dispatch.records.outreach import *  # noqa: F403
    from dispatch.records.people import *  # noqa: F403
    from dispatch.records.plan import *  # noqa: F403
    from dispatch.records.public_records import *  # noqa: F403
    from dispatch.records.reports import *  # noqa: F403
    from dispatch.records.residents import *  # noqa: F403
    from dispatch.records.room import *  # noqa: F403
    from dispatch.records.rows import *  # noqa: F403
    from dispatch.records.rules import *  # noqa: F403
    from dispatch.records.shelves import *  # noqa: F403
    from dispatch.records.shift import *  # noqa: F403
    from dispatch.records.snapshots import *  # noqa: F403
    from dispatch.records.states import *  # noqa: F403
    from dispatch.records.surveys import *  # noqa: F403
    from dispatch.records.sweeps import *  # noqa: F403
    from dispatch.records.syncing import *  # noqa: F403

_PARTS = {
    "states": "Millis Band CrmStatus SiteState WaitReason CloseReason EscalationState ReturnCode"
    " DeliveryState OutboxState OutboxKind IncomingState Flag SITE_STATES Role",
    "rows": "Place SiteRow ReportRow",
    "room": "Suspension Activation Onlooker",
    "syncing": "SyncStatus",
    "reports": "STAFF_ROLES Reporter ServiceRequest NOTE_OF_ROW Message BadRecord Page SiteSummary",
    "judged": "Reason Assessment OwnBand Suggestion",
    "acts": "Actor Changes Receipt",
    "facts": "Fact NOT_REACHED Told911 BY_HAND OwnPlace",
    "escalations": "Answer Escalation DUTY_OFFICER OnDuty Incoming ToRead Delivery EscalationDraft",
    "details": "ThreadLine LogLine LogEntry Situation SiteView LookUp",
    "offers": "OfferState OfferId Offer OfferLine",
    "outbox": "OutboxItem Call",
    "residents": "Intent Template Recipient Filled NoTime Expectation Told DateMoved ToldCounts",
    "rules": "RuleKind RuleSettings Rule RuleMessage DryRun RuleCount",
    "calls": "Caller Taken NearSite",
    "categories": "OfferedCategory SwitchState PublicPhase CategorySwitch PublicState LEFT",
    "outreach": "OutreachKind Material OutreachDraft Outreach Voices",
    "notices": "NoticeKind NoticeState IN_PREPARATION ENDED Ring NoticePart NoticeArea NoticeText NoticeDraft"
    " Notice NoticePlace NoticeStep",
    "people": "Person",
    "plan": "PlanKind PlanState PlanItem PlanStep PlanLine ZeroProposal StormPlan",
    "counted": "FirstAct LogMark Way SeatActs Standing Line311 Database RoomRows Reports Lines SOURCES Share"
    " Heard",
    "shelves": "ShelfReason Shelf Unreadable",
    "sweeps": "DrawnRing SweepState LeftOut SweepArea SweepDraft Sweep Coverage SweepLine",
    "surveys": "SurveyKind SurveyRow Survey SurveyedSite",
    "city_facts": "FactKind ShelterState CityFactDraft CityFact ListedShelter CityNumber CityFacts",
    "snapshots": "StormFacts VersionState KeptVersion",
    "public_records": "RecordKind RecordsQuery PublicRecord RecordsRequest Redaction LegalHold KeptRecords"
    " Black CopiedField CopiedRecord RecordsCopy",
    "shift": "PackState Section PackLine Tally PackTotals PackRemarks Signed ShiftPack",
}
_PART_OF = {name: part for part, names in _PARTS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if (part := _PART_OF.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{part}"), name)
    globals()[name] = found
    return found
