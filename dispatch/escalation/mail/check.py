"""Looks whether the mail roads that are set up work, without sending anything."""

from __future__ import annotations

from dispatch.errors import ChannelFailed
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import imap, smtp
from dispatch.escalation.mail.road import Road


def check(settings: ChannelSettings) -> str:
    """What works, in a sentence; empty where no mail server is set up. ChannelFailed says what to mend."""
    road = Road(settings)
    if (server := road.smtp()) is None:
        if road.imap() is not None:
            raise ChannelFailed(f"Answers are read by mail, and none is sent: enter {road.prefix}smtp_host.")
        return ""
    road.sender()
    for desk in road.desks():
        road.recipients(desk)
    with smtp.connected(server, lambda: road.password(server)) as line:
        line.noop()
    mailbox = road.imap()
    if mailbox is None:
        return (
            f"{server.host} takes mail; answers by mail have to be typed in, {road.prefix}imap_host is empty."
        )
    folder = road.value("imap_folder") or "INBOX"
    with imap.opened(mailbox, lambda: road.password(mailbox), folder, is_read_only=True):
        return f"{server.host} takes mail, and {folder} of {mailbox.host} can be read."
