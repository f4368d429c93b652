"""What a test of a channel looks like: marked as one wherever it may be read, and as an exercise's in one."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import uuid4

import orjson

from dispatch.clock import WallClock
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail.road import Road
from dispatch.forms import common
from dispatch.reports import pdf
from dispatch.reports.trial_page import Trial

SCHEMA, VERSION = "landfall/test", 1
SAYS = "This is a test of a channel for hand-overs. It is no hand-over: nothing has to be done."


def name(settings: ChannelSettings) -> str:
    """EXERCISE_TEST-not-a-hand-over: what a file of a test is called, before its ending."""
    return "_".join(filter(None, (_exercise(settings), "TEST-not-a-hand-over")))


def line(settings: ChannelSettings) -> str:
    """EXERCISE TEST: not a hand-over"""
    return " ".join(filter(None, (_exercise(settings), "TEST: not a hand-over")))


def body(settings: ChannelSettings) -> bytes:
    """For machines; `schema` is another one than a hand-over's, and `test` stands beside it."""
    return orjson.dumps(
        {
            "schema": SCHEMA,
            "version": VERSION,
            "test": True,
            "exercise": settings.is_exercise,
            "subject": line(settings),
            "say": SAYS,
            "sent_at": common.iso(WallClock().now(), settings.zone),
        }
    )


def letter(road: Road) -> EmailMessage:
    """To its own sender. Marked as automatic: read in the mailbox of the answers it is passed over."""
    message = EmailMessage(policy=SMTP)
    sender = road.sender()
    message["From"] = Address("Landfall, city EOC", addr_spec=sender)
    message["To"] = sender
    message["Subject"] = line(road.settings)
    message["Date"] = format_datetime(common.local(WallClock().now(), road.settings.zone))
    message["Message-ID"] = f"<landfall-test.{uuid4()}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(f"{line(road.settings)}\n\n{SAYS}\n")
    return message


def page(settings: ChannelSettings) -> bytes:
    """PDF, to see whether the printer prints it."""
    made_at = common.date_time(WallClock().now(), settings.zone)
    return pdf.trial(Trial(settings.is_exercise, made_at, SAYS))


def _exercise(settings: ChannelSettings) -> str:
    return common.EXERCISE if settings.is_exercise else ""
