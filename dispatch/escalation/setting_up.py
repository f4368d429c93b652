"""What a channel is set up with: its entries by name, what is missing, and what cannot be meant.

Names are the live ones; an exercise keeps the same under `exercise_` and nothing of it is ever a live one's.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dispatch.errors import ChannelFailed
from dispatch.escalation import signed, webhook, webhook_answers
from dispatch.escalation.channel import ChannelSettings, is_set_up
from dispatch.escalation.channels import CHANNELS
from dispatch.escalation.mail.road import EXERCISE, IMAP_PORTS, PORTS, Road, is_this_machine

EMAIL_SECRET, IMAP_SECRET = "email_password", "imap_password"
TO_DESK = "mail_to."

ENTRIES: Mapping[str, tuple[str, ...]] = {
    "folder": ("folder",),
    "email": (
        *("smtp_host", "smtp_port", "smtp_security", "smtp_user", "mail_from", "mail_to", "mail_reply_to"),
        *("imap_host", "imap_port", "imap_security", "imap_user", "imap_folder", "mail_from_allowed"),
        "mail_ca_file",
    ),
    "webhook": (webhook.URL, webhook_answers.URL),
}
SECRETS: Mapping[str, tuple[str, ...]] = {
    "email": (EMAIL_SECRET, IMAP_SECRET),
    "webhook": (webhook.SECRET,),
}
# Who is logged in with a password, and who signs with a secret: without it the channel cannot work.
_SECRET_OF = {"smtp_user": EMAIL_SECRET, "imap_user": IMAP_SECRET, webhook.URL: webhook.SECRET}
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]+\]?")


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry that cannot be meant, by its live name, and one sentence that says what to write."""

    name: str
    sentence: str


def entries(channel: str, desks: Iterable[str]) -> tuple[str, ...]:
    """Mail has one more for each desk, which may have an address of its own."""
    own = tuple(f"{TO_DESK}{desk}" for desk in desks) if channel == "email" else ()
    return (*ENTRIES.get(channel, ()), *own)


def missing(channel: str, settings: ChannelSettings, stored: Iterable[str]) -> tuple[str, ...]:
    """Names of what has to be entered before a hand-over can go this way; `stored` are the secrets there."""
    prefix = EXERCISE if settings.is_exercise else ""
    road = CHANNELS[channel]
    needed = road.exercise_settings_needed if prefix else road.settings_needed
    empty = [name.removeprefix(prefix) for name in needed if not settings.value(name)]
    # Of a channel that nobody has begun to set up, what it needs first is enough.
    if not is_set_up(road, settings):
        return tuple(empty)
    have = set(stored)
    users = [name for name in ENTRIES.get(channel, ()) if name in _SECRET_OF]
    return tuple(
        secret
        for name in users
        if settings.value(prefix + name) and (secret := _SECRET_OF[name]) and secret not in have
    )


def wrong(channel: str, settings: ChannelSettings, secrets: Mapping[str, str]) -> Wrong | None:
    """What cannot be meant of the entries in `settings` and of the `secrets` that somebody typed. Nothing is
    asked of a network or a disk: that is what a test is for."""
    check = _CHECKS.get(channel)
    return check(_Entered(settings), secrets) if check else None


class _Entered:
    """The entries by their live names, wherever they stand."""

    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings
        self.prefix = EXERCISE if settings.is_exercise else ""

    def __getitem__(self, name: str) -> str:
        return self.settings.value(self.prefix + name)

    def live(self, name: str) -> str:
        """The live one where this is an exercise's: what it must not be."""
        return self.settings.value(name) if self.prefix else ""


def _folder(entered: _Entered, _secrets: Mapping[str, str]) -> Wrong | None:
    if not (text := entered["folder"]):
        return None
    path = os.path.expanduser(text)
    if not Path(path).is_absolute():
        return Wrong("folder", "Write the whole path, from the root or the drive on.")
    live = os.path.expanduser(entered.live("folder"))
    if live and Path(os.path.normpath(path)).is_relative_to(os.path.normpath(live)):
        return Wrong("folder", "Live hand-overs go there: choose another folder for the exercise.")
    return None


def _email(entered: _Entered, _secrets: Mapping[str, str]) -> Wrong | None:
    names = [name for name in entered.settings.values if name.startswith(f"{entered.prefix}{TO_DESK}")]
    to_desks = [name.removeprefix(entered.prefix) for name in names if entered.settings.value(name)]
    if not any(entered[name] for name in (*ENTRIES["email"], *to_desks)):
        return None  # taken out of use
    return (
        _server(entered, "smtp", PORTS, "Write the mail server, such as mail.city.example.", is_needed=True)
        or _mailed(entered, to_desks)
        or _server(entered, "imap", IMAP_PORTS, "", is_needed=False)
    )


def _server(
    entered: _Entered, kind: str, ports: Mapping[str, int], empty: str, *, is_needed: bool
) -> Wrong | None:
    host, port = entered[f"{kind}_host"], entered[f"{kind}_port"]
    if not host:
        if is_needed:
            return Wrong(f"{kind}_host", empty)
        return None
    if not _HOST.fullmatch(host):
        return Wrong(f"{kind}_host", "Write the name alone, such as mail.city.example.")
    security = entered[f"{kind}_security"].lower()
    usual = ports.get(security) or next(iter(ports.values()))
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        return Wrong(f"{kind}_port", f"A number such as {usual}.")
    if security and security not in ports:
        return Wrong(f"{kind}_security", "Choose STARTTLS or TLS.")
    if security == "plain" and not is_this_machine(host):
        return Wrong(f"{kind}_security", "Mail never leaves this computer in the clear: STARTTLS or TLS.")
    return None


def _mailed(entered: _Entered, to_desks: Iterable[str]) -> Wrong | None:
    road = Road(entered.settings)
    one = "Write one e-mail address, such as eoc@city.example."
    for name in ("mail_from", "mail_reply_to"):
        found = road.named(name)
        if len(found) > 1 or (name == "mail_from" and not found) or not all(map(road.is_address, found)):
            return Wrong(name, one)
    if not entered["mail_to"]:
        return Wrong("mail_to", "Write whom hand-overs are mailed to, with commas between.")
    for name in ("mail_to", *to_desks):
        for each in road.named(name):
            if not road.is_address(each):
                return Wrong(name, f"“{each}” is no e-mail address.")
            if entered.prefix and each.lower() in road.live_addresses():
                return Wrong(name, f"{each} gets live hand-overs: choose another one for the exercise.")
    return None


def _webhook(entered: _Entered, secrets: Mapping[str, str]) -> Wrong | None:
    typed = secrets.get(webhook.SECRET, "")
    if not entered[webhook.URL] and (entered[webhook_answers.URL] or typed):
        return Wrong(webhook.URL, "Write the address that hand-overs are posted to.")
    for name in (webhook.URL, webhook_answers.URL):
        if entered[name] and not webhook.may_be_called(entered[name]):
            return Wrong(name, "Write an address that begins with https://.")
        if webhook.is_same(entered[name], entered.live(name)):
            return Wrong(name, "Live hand-overs go there: write another address for the exercise.")
    try:
        signed.keys_of(typed)
    except ChannelFailed:
        return Wrong(webhook.SECRET, "It begins with whsec_, then base64 of 24 to 64 bytes: paste it again.")
    return None


_CHECKS: Mapping[str, Callable[[_Entered, Mapping[str, str]], Wrong | None]] = {
    "folder": _folder,
    "email": _email,
    "webhook": _webhook,
}
