"""How the entries of channels are called on the screen, and how a channel stands, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from dispatch.escalation.channels import BY_HAND, CHANNELS
from dispatch.escalation.setting_up import TO_DESK

_NAMES = re.compile(r"\b(?:exercise_)?((?:smtp|imap|mail|email|webhook)_[a-z_]+)\b(?:\.[\w /&-]+?(?= |:|$))?")


def label(name: str) -> str:
    """What stands over the entry."""
    if name.startswith(TO_DESK):
        return name.removeprefix(TO_DESK)
    return {
        "folder": _tr("Folder"),
        "smtp_host": _tr("Mail server"),
        "smtp_port": _tr("Port"),
        "smtp_security": _tr("Encryption"),
        "smtp_user": _tr("User"),
        "email_password": _tr("Password"),
        "mail_from": _tr("From"),
        "mail_to": _tr("To, with commas between"),
        "mail_reply_to": _tr("Answers to, if not to the sender"),
        "mail_from_allowed": _tr("Who may answer, if others than the recipients"),
        "mail_ca_file": _tr("The city's own authority, a file"),
        "imap_host": _tr("Mailbox server"),
        "imap_port": _tr("Port"),
        "imap_security": _tr("Encryption"),
        "imap_user": _tr("User"),
        "imap_password": _tr("Password"),
        "imap_folder": _tr("Folder in it"),
        "webhook_url": _tr("Address that hand-overs are posted to"),
        "webhook_answers_url": _tr("Address that is asked for answers"),
        "webhook_secret": _tr("Secret that both sides know"),
    }.get(name, name)


def short(name: str) -> str:
    """The same inside a sentence."""
    return {
        "folder": _tr("a folder"),
        "smtp_host": _tr("mail server"),
        "email_password": _tr("password"),
        "imap_password": _tr("password of the mailbox"),
        "mail_from": _tr("sender"),
        "mail_to": _tr("recipients"),
        "webhook_url": _tr("an address"),
        "webhook_secret": _tr("secret"),
    }.get(name, label(name))


def placeholder(name: str) -> str:
    if name.startswith(TO_DESK):
        return _tr("as all others")
    return {
        "folder": "/srv/county-relay",
        "smtp_host": "mail.city.example",
        "smtp_port": "587",
        "mail_from": "eoc@city.example",
        "mail_to": "duty@county.example",
        "mail_from_allowed": "@county.example",
        "imap_host": _tr("none"),
        "imap_port": "993",
        "imap_folder": "INBOX",
        "webhook_url": "https://relay.example/hand-overs",
        "webhook_answers_url": _tr("none: answers are typed in"),
    }.get(name, "")


def state_words(channel: str, missing: Sequence[str]) -> str:
    """How it stands, in one sentence without its name."""
    if channel == "desk":
        return _tr("always there")
    if channel in BY_HAND:
        return _tr("always there, by hand")
    if missing:
        return _tr("not set up, needs {}").format(", ".join(map(short, missing)))
    return _tr("set up")


def channel_words(channel: str, missing: Sequence[str]) -> str:
    return f"{CHANNELS[channel].label}: {state_words(channel, missing)}"


def in_labels(sentence: str) -> str:
    """A sentence of the core names entries as the file does; here they are called as over their boxes."""
    return _NAMES.sub(
        lambda found: f"“{label(found[1]).split(',')[0]}”" if label(found[1]) != found[1] else found[0],
        sentence,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("channels", text)
