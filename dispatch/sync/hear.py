"""Hearing what emergency management answers down the channels: each answer once, whatever the road loses."""

from __future__ import annotations

from dispatch.em_desk import EmDesk
from dispatch.escalation.channels import AnswerRoad, ChannelSettings
from dispatch.records import Changes
from dispatch.workers import Workers


class Hear:
    """A crash between keeping an answer and confirming it brings it again; the store knows it by its key."""

    def __init__(self, *, desk: EmDesk, workers: Workers, settings: ChannelSettings) -> None:
        self._desk = desk
        self._workers = workers
        self._settings = settings

    async def by(self, road: AnswerRoad) -> Changes:
        """Ask one road, where it is set up. Raises ChannelFailed."""
        if not road.is_set_up(self._settings):
            return Changes()
        answers = await self._workers.channel(road.answers, self._settings)
        if not answers:
            return Changes()
        changes = await self._workers.store(self._desk.take, answers)
        await self._workers.channel(road.confirm, [answer.key for answer in answers], self._settings)
        return changes
