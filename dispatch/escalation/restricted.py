"""What of a restricted site may leave by a road that is not the city's own (S15): what is needed to act, no
words of a resident and no phone."""

from __future__ import annotations

from dataclasses import replace

from dispatch.forms.bands import band_map
from dispatch.records import Escalation

CALL = "not sent here: call the EOC"


def without_words(item: Escalation, call: str = CALL) -> Escalation:
    """Band, place, desk, effect and 911 stay; `call` says where the rest is to be had."""
    about = f"Restricted, {band_map()[item.band].words}"
    return replace(
        item,
        subject=about,
        summary=about,
        details=call,
        why_now="",
        people=call if item.people else "",
        mobility=call if item.mobility else "",
        already_done=call if item.already_done else "",
        call_back=call if item.call_back else "",
        answers=(),
    )
