"""The roads of a delivery, and of an answer: one file each, one line here."""

from __future__ import annotations

from dispatch.escalation.channel import AnswerRoad, Channel, ChannelSettings, is_set_up
from dispatch.escalation.desk import DeskChannel
from dispatch.escalation.folder import FolderChannel
from dispatch.escalation.mail.channel import EmailChannel
from dispatch.escalation.printout import PrintoutChannel
from dispatch.escalation.spoken import SpokenChannel
from dispatch.escalation.webhook import WebhookChannel
from dispatch.escalation.webhook_answers import WebhookAnswers

__all__ = ["ANSWER_ROADS", "BY_HAND", "CHANNELS", "AnswerRoad", "Channel", "ChannelSettings", "set_up"]

_FOLDER, _EMAIL = FolderChannel(), EmailChannel()
_ALL: tuple[Channel, ...] = (
    *(DeskChannel(), _FOLDER, _EMAIL, WebhookChannel()),
    *(PrintoutChannel(), SpokenChannel()),
)

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in _ALL}
ANSWER_ROADS: tuple[AnswerRoad, ...] = (_FOLDER, _EMAIL, WebhookAnswers())
# Somebody has to walk or speak: never a next channel that is taken by itself.
BY_HAND = ("printout", "spoken")


def set_up(settings: ChannelSettings) -> tuple[str, ...]:
    """The channels that a hand-over can go by here."""
    return tuple(name for name, channel in CHANNELS.items() if is_set_up(channel, settings))
