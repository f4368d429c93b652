"""Alerts made by hand for the tests of their life: one zone, one event, one minute."""

from __future__ import annotations

from pathlib import Path

from dispatch.feeds.records import Alert, MessageKind, Severity, Status
from dispatch.feeds.vtec import read_vtec

FILES = Path(__file__).with_name("files")
NOON = 1_728_489_600_000  # 9 Oct 2024, 16:00 UTC
MINUTE, HOUR = 60_000, 3_600_000


def alert(
    number: str,
    *,
    minute: int = 0,
    kind: str = "Alert",
    action: str = "",
    event: str = "TO.W.0012",
    zones: tuple[str, ...] = ("county/FLC103",),
    references: tuple[str, ...] = (),
    status: str = "Actual",
    lasts_h: float = 2,
    product: str = "O",
    open_ended: bool = False,
) -> Alert:
    """`action` is VTEC's; without one the message has no VTEC line."""
    sent = NOON + minute * MINUTE
    ends = "000000T0000Z" if open_ended else "241009T2200Z"
    line = f"/{product}.{action}.KTBW.{event}.241009T1600Z-{ends}/"
    return Alert(
        alert_id=number,
        sent_at=sent,
        status=Status(status),
        kind=MessageKind(kind),
        event="Tornado Warning",
        severity=Severity.EXTREME,
        starts_at=sent,
        expires_at=sent + round(lasts_h * HOUR),
        ends_at=0,
        headline="",
        area="Pinellas",
        office="NWS Tampa Bay",
        zones=zones,
        references=references,
        vtec=read_vtec([line]) if action else (),
    )
