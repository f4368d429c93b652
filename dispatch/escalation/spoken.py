"""Radio, telephone or a word across the room; the answer is recorded by whoever hears it (S16)."""

from __future__ import annotations

from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.records import DeliveryState, Escalation, Receipt


class SpokenChannel:
    name = "spoken"
    label = "Radio, by voice"
    settings_needed: tuple[str, ...] = ()
    exercise_settings_needed: tuple[str, ...] = ()

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        check_ready(self, escalation, settings)
        return Receipt(DeliveryState.SENT, settings.clock.now(), "to be told by voice")
