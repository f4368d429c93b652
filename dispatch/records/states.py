"""The words of the house: bands, states, reasons and flags; and how time is told."""

from __future__ import annotations

from enum import IntEnum, IntFlag, StrEnum
from typing import TypeAlias

Millis: TypeAlias = int


class Band(IntEnum):
    """How bad: P1 life safety, P2 hazard or access, P3 damage or service, P4 can wait, INFO question."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    INFO = 5

    @property
    def level(self) -> int:
        """Rank for the command line's `level` column: P1 = 3, P2 = 2, P3 = 1, P4 and INFO = 0."""
        return max(0, 4 - self.value)


class Role(StrEnum):
    """How far a person may go; a position says where they sit. A viewer sees the wall, masked (S15); an
    administrator keeps people and settings and does no act on a site."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    MANAGER = "emergency manager"
    ADMINISTRATOR = "administrator"
    SYNC = "sync"


class CrmStatus(StrEnum):
    """What the resident sees on the 311 server; changed only there."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    ARCHIVED = "archived"

    @property
    def is_open(self) -> bool:
        return self in (CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED)


class SiteState(StrEnum):
    NEW = "new"
    TRIAGED = "triaged"
    WAITING = "waiting"
    CLOSED = "closed"


class WaitReason(StrEnum):
    OWNER = "owner"
    UTILITY_FIRST = "utility_first"
    ACCESS = "access"
    MORE_FACTS = "more_facts"
    WEATHER = "weather"


class CloseReason(StrEnum):
    FIXED_CONFIRMED = "fixed_confirmed"
    FIXED_UNCONFIRMED = "fixed_unconfirmed"
    PASSED_TO_OWNER = "passed_to_owner"
    NOT_OURS = "not_ours"
    AREA_SWEEP = "area_sweep"
    CANNOT_ACT = "cannot_act"
    NO_LONGER_NEEDED = "no_longer_needed"
    SPAM = "spam"
    SERVER = "server"


class EscalationState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    HELD = "held"
    UNDER_WAY = "under_way"
    FORWARDED = "forwarded"  # to the county, whose answer is waited for
    MUTUAL_AID = "mutual_aid"  # no resource of our own: one of somebody else's is asked for
    RETURNED = "returned"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self not in (EscalationState.DRAFT, EscalationState.CLOSED)


class ReturnCode(StrEnum):
    WRONG_DESK = "wrong_desk"
    ALREADY_KNOWN = "already_known"
    OUTSIDE_AREA = "outside_area"
    NO_RESOURCE = "no_resource"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"  # tried again
    DEAD_LETTER = "dead_letter"  # not tried again until a person sends it again
    ANSWERED = "answered"  # somebody acknowledged the hand-over elsewhere before it could leave


class OutboxState(StrEnum):
    """`held`: the city has it and shows it once a moderator has read it, or not; it is never sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


class OutboxKind(StrEnum):
    """What goes to the 311 server."""

    MESSAGE = "message"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    INTERNAL_NOTE = "internal_note"
    NEW_REQUEST = "new_request"


class IncomingState(StrEnum):
    TAKEN = "taken"  # it answered its hand-over
    TO_READ = "to_read"  # a person decides what it means (S17)
    READ = "read"  # somebody did


class Flag(IntFlag):
    """Marks of a site that rows, markers, filters and rules ask for; one machine word a site."""

    WIRE = 1  # a wire cue in any report (S13)
    RESTRICTED = 2  # its words are masked outside queue and EM desk (S15)
    PLACE_DOUBT = 4  # pin, address and words disagree, or the pin is a default one (S11)
    NEW_FACT = 8  # a P1 or P2 cue joined after somebody had acted (S10)
    NOT_ASSESSED = 16  # a language we have no list for (S1)
    PERSON = 32  # about persons: linked by building, never merged (S10)
    SEND_911 = 64  # the 911 step comes first (S3)
    SERVER_CLOSED = 128  # closed on the server while an escalation or claim is open
    OUTSIDE_CITY = 256
    SET_ASIDE = 512  # until after the storm: out of sight, counted (S1)
    MERGED = 1024  # its reports stand in another site
    BULK = 2048  # came in a bulk entry
    REOPENED = 4096
    MADE_SAFE = 8192  # the utility says dead (S13)
    UTILITY_TOLD = 16384
    TOLD_911 = 32768
    NOT_REACHED_911 = 65536
    CALLER_911 = 131072  # the words ask for it now: send_to_911 = always
    OVERRIDDEN = 262144  # an operator's own band stands
    MAY_REPEAT = 1048576  # another site may be about the same thing; a person decides (S10)
    OFFER = 16777216  # a resident offers help in its words; changes nothing of the site
    OFFERS_ENDED = 33554432  # each of its offers is done, or came to nothing


SITE_STATES: tuple[SiteState, ...] = tuple(SiteState)
