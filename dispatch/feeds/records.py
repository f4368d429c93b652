"""What the weather services say, as frozen records: an alert, a listing of them, an advisory on a storm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dispatch.feeds.vtec import Vtec
from dispatch.records import Millis


class Severity(IntEnum):
    """CAP's own five, the worst highest."""

    UNKNOWN = 0
    MINOR = 1
    MODERATE = 2
    SEVERE = 3
    EXTREME = 4


class Status(StrEnum):
    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MessageKind(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


@dataclass(frozen=True, slots=True)
class Alert:
    """One message of the National Weather Service (CAP 1.2). Times are 0 where it gives none.

    `zones` are UGC codes with their kind (`forecast/FLZ050`, `county/FLC103`; `/FLZ050` where it is not
    said); `counties` are FIPS codes; `outline` is WKB in degrees, None where the message has no shape of its
    own.
    """

    alert_id: str
    sent_at: Millis
    status: Status
    kind: MessageKind
    event: str
    severity: Severity
    starts_at: Millis
    expires_at: Millis
    ends_at: Millis
    headline: str
    area: str
    office: str
    zones: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    outline: bytes | None = None
    references: tuple[str, ...] = ()
    vtec: tuple[Vtec, ...] = ()
    is_emergency: bool = False  # a flash flood or tornado emergency


@dataclass(frozen=True, slots=True)
class Listing:
    """What one file or answer held. `is_whole`: everything in force then, so that what a later one of the
    same source lacks is over. `damaged` of its rows could not be read, and are named in `complaint`."""

    source: str
    listed_at: Millis
    is_whole: bool
    alerts: tuple[Alert, ...]
    damaged: int = 0
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class ForecastPoint:
    """Where a storm's center is, or is expected: degrees, the time there, wind in knots (0 unknown).

    `gale_nm` is how far winds of 34 kt reach from it in nautical miles, to the northeast, southeast,
    southwest and northwest; empty where the advisory does not say.
    """

    lat: float
    lng: float
    at: Millis
    wind_kt: int
    gale_nm: tuple[int, ...] = ()


Ring = tuple[tuple[float, float], ...]  # longitude, latitude


@dataclass(frozen=True, slots=True)
class Advisory:
    """One advisory of the National Hurricane Center on one storm.

    `storm_id` as al112017, `number` as NHC counts (49, 49A). `cone` holds outer rings; `is_cone_ours` where
    it was drawn here from the points and NHC's circles, because the advisory came as words.
    """

    storm_id: str
    name: str
    number: str
    issued_at: Millis
    points: tuple[ForecastPoint, ...] = ()
    track: Ring = ()
    cone: tuple[Ring, ...] = ()
    is_cone_ours: bool = False
