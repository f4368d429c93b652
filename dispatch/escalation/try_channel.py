"""Trying a channel as it is set up: its whole way, with a test instead of a hand-over; one sentence tells."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from dispatch.errors import ChannelFailed, LandfallError, ServerRefused
from dispatch.escalation import files, trial, webhook, webhook_answers
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.folder import ANSWERS, where
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.escalation.webhook import GONE, HAVE_IT, Relay

log = logging.getLogger(__name__)

# What a relay means that knows nothing of tests, or no longer knows us.
_STATUS_SAYS = {
    401: "check that both sides have the same secret",
    403: "check that both sides have the same secret",
    404: "check the address",
    405: "check the address",
    GONE: "the address is gone for good, ask for the new one",
}
_ASK_THEM = "ask who runs it"


@dataclass(frozen=True, slots=True)
class Tried:
    """`sentence` says what happened and, where it failed, what to do."""

    is_good: bool
    sentence: str
    took_s: float


def try_channel(name: str, settings: ChannelSettings) -> Tried:
    """May take as long as the other side does: never on the thread of a window."""
    began = time.monotonic()
    try:
        sentence, is_good = TRIES[name](settings), True
    except LandfallError as error:
        sentence, is_good = _once(str(error)), False
    except Exception:
        # An edge: what was typed here for the first time may break what nobody thought of.
        log.exception("The channel %s could not be tried", name)
        sentence, is_good = "The test failed where it should not: look at the values and tell IT.", False
    return Tried(is_good, sentence, time.monotonic() - began)


def _desk(_settings: ChannelSettings) -> str:
    return "Nothing to try: it stands on the EM desk with its commit."


def _spoken(_settings: ChannelSettings) -> str:
    return "Nothing to try: somebody speaks, and records what was said."


def _folder(settings: ChannelSettings) -> str:
    if not settings.is_exercise and not settings.value("folder"):
        raise ChannelFailed("Enter the folder first.")
    folder = where(settings)
    was_there = folder.is_dir()
    path = files.place(
        folder, f"{trial.name(settings)}.txt", f"{trial.line(settings)}\n{trial.SAYS}\n".encode()
    )
    with files.in_sentences(folder):
        path.unlink()
        with suppress(FileNotFoundError):
            next((folder / ANSWERS).iterdir(), None)
    made = "" if was_there else " It was not there and has been made."
    return f"{folder} can be written; the test file is gone again.{made}"


def _printout(settings: ChannelSettings) -> str:
    folder = settings.data_dir / PRINT_FOLDER
    path = files.place(folder, f"{trial.name(settings)}.pdf", trial.page(settings))
    return f"The test page is ready: print {path} and see whether it comes out."


def _email(settings: ChannelSettings) -> str:
    from dispatch.escalation.mail import imap, smtp  # their time is not the start's
    from dispatch.escalation.mail.road import Road

    road = Road(settings)
    if (server := road.smtp()) is None:
        raise ChannelFailed("Enter the mail server first.")
    sender = road.own_sender()
    for desk in road.desks():
        road.recipients(desk)
    carried = smtp.carry(trial.letter(road), server, lambda: road.password(server), recipients=[sender])
    if carried.refused:
        raise ChannelFailed(f"{server.host} refuses mail for {sender} ({carried.refused[sender]}): check it.")
    if carried.later:
        raise smtp.not_yet(server, carried.later, [])
    sent = f"Sent to yourself ({sender}), accepted by {server.host}"
    if (mailbox := road.imap()) is None:
        return f"{sent}; no mailbox for answers is set up."
    folder = road.value("imap_folder") or "INBOX"
    try:
        with imap.opened(mailbox, lambda: road.password(mailbox), folder, is_read_only=True):
            return f"{sent}; {folder} of {mailbox.host} can be read."
    except ChannelFailed as error:
        raise ChannelFailed(f"{sent}, but answers cannot be read. {error}") from error


def _webhook(settings: ChannelSettings) -> str:
    relay = Relay.named(settings, webhook.URL)
    try:
        relay.post(f"test_{uuid4()}", trial.body(settings))
    except ServerRefused as error:
        if error.status != HAVE_IT:
            raise _refused(error) from error
    _is_back(relay, settings)
    said = f"{relay.host} took the test"
    if not webhook_answers.WebhookAnswers().is_set_up(settings):
        return f"{said}; no address to ask for answers is set up."
    asked = Relay.named(settings, webhook_answers.URL)
    try:
        webhook_answers.ask(asked, settings, f"test_{uuid4()}", test=True)
    except LandfallError as error:
        why = _refused(error) if isinstance(error, ServerRefused) else error
        raise ChannelFailed(f"{said}, but answers cannot be asked for. {why}") from error
    _is_back(asked, settings)
    return f"{said}; answers can be asked for."


TRIES: dict[str, Callable[[ChannelSettings], str]] = {
    "desk": _desk,
    "folder": _folder,
    "email": _email,
    "webhook": _webhook,
    "printout": _printout,
    "spoken": _spoken,
}


def _refused(error: ServerRefused) -> ChannelFailed:
    """A status of 0 is the door's own refusal, which says what to do by itself."""
    if not error.status or 300 <= error.status < 400:
        return ChannelFailed(str(error))
    what = _STATUS_SAYS.get(error.status, _ASK_THEM)
    return ChannelFailed(f"The other side answered {error.status}: {what}.")


def _is_back(relay: Relay, settings: ChannelSettings) -> None:
    """It had said that it is gone for good, and has answered again: it is on again."""
    if webhook.notes(settings).get("gone") == relay.mark:
        webhook.note(settings, gone="")


def _once(sentence: str) -> str:
    """A test is not tried again by itself, as a hand-over is."""
    for again, instead in (
        ("; it is tried again", ""),
        (": it is tried again", ": try again"),
        (", then it is tried again", ", then try again"),
    ):
        sentence = sentence.replace(again, instead)
    return sentence
