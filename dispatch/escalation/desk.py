"""The EM desk: the board in the shared store."""

from __future__ import annotations

from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.records import DeliveryState, Escalation, Receipt


class DeskChannel:
    name = "desk"
    label = "EM desk"
    settings_needed: tuple[str, ...] = ()
    exercise_settings_needed: tuple[str, ...] = ()

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        """It stands on the board since its commit; `delivered` comes when an EM seat has seen it."""
        check_ready(self, escalation, settings)
        proof = f"{escalation.number} on the EM desk's board"
        return Receipt(DeliveryState.SENT, settings.clock.now(), proof)
