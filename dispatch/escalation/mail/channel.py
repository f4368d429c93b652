"""E-mail: the hand-over as one letter, and emergency management's answers out of a mailbox (S17)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from dispatch.clock import WallClock
from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.escalation.mail.road import EXERCISE, Road
from dispatch.records import DeliveryState, Escalation, Incoming, Receipt

if TYPE_CHECKING:
    from email.message import EmailMessage

    from dispatch.escalation.mail.answer_box import AnswerBox

MOST_KNOWN = 500


class EmailChannel:
    name = "email"
    label = "E-mail"
    settings_needed: tuple[str, ...] = ("smtp_host", "mail_from", "mail_to")
    # S18: an exercise has roads of its own or none.
    exercise_settings_needed: tuple[str, ...] = tuple(EXERCISE + name for name in settings_needed)

    def __init__(self) -> None:
        # Who has which letter, while some of its recipients are still to get it.
        self._have: dict[str, dict[str, str]] = {}

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        """`sent` says that the city's server has taken it, for whom, and under which number."""
        from dispatch.escalation.mail import letter, smtp  # their time is not the start's

        check_ready(self, escalation, settings)
        road = Road(settings)
        server = road.smtp()
        assert server is not None  # check_ready has seen its name
        recipients = road.recipients(escalation.desk)
        at = WallClock().now() if settings.is_exercise else written_at(escalation)
        message = letter.compose(escalation, road, recipients, written_at=at)
        known = self._known(message["Message-ID"])
        carried = smtp.carry(
            message,
            server,
            lambda: road.password(server),
            recipients=[each for each in recipients if each not in known],
        )
        known |= {**carried.refused, **dict.fromkeys(carried.taken, "")}
        if carried.later:
            # Some have it: the next try is for the others alone.
            raise smtp.not_yet(server, carried.later, [each for each, why in known.items() if not why])
        del self._have[message["Message-ID"]]
        if all(known.values()):
            raise smtp.refused_all(server, known)
        return Receipt(DeliveryState.SENT, settings.clock.now(), _proof(message, carried.answer, known))

    # -- answers ----------------------------------------------------------------------------------------

    @cached_property
    def _mailbox(self) -> AnswerBox:
        from dispatch.escalation.mail.answer_box import AnswerBox

        return AnswerBox()

    def is_set_up(self, settings: ChannelSettings) -> bool:
        return bool(Road(settings).value("imap_host"))

    def answers(self, settings: ChannelSettings) -> Sequence[Incoming]:
        return self._mailbox.answers(settings)

    def confirm(self, keys: Collection[str], settings: ChannelSettings) -> None:
        self._mailbox.confirm(keys, settings)

    # -- inside ---------------------------------------------------------------------------------------

    def _known(self, message_id: str) -> dict[str, str]:
        while len(self._have) > MOST_KNOWN:
            self._have.pop(next(iter(self._have)))
        return self._have.setdefault(message_id, {})


# As the letter counts its rounds.
CHANGED = ("send", "add", "still_needed", "pass_on")


def written_at(escalation: Escalation) -> int:
    """When its words were last changed on purpose: what the Date of a mail says (RFC 5322, 3.6.1)."""
    ours = [given.at for given in escalation.answers if given.kind in CHANGED]
    return max([escalation.created_at, *ours])


def _proof(message: EmailMessage, answer: str, known: dict[str, str]) -> str:
    taken = [each for each, why in known.items() if not why]
    refused = [f"NOT to {each} ({why})" for each, why in known.items() if why]
    return ", ".join([f"to {' and '.join(taken)}", *refused, answer, f"Message-ID {message['Message-ID']}"])
