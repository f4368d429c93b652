"""What a neighbor's offer of help and its steps are called on screen."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.records import Millis, Offer, OfferState
from ui.widgets import times

_STATES = {
    OfferState.OFFERED: QT_TRANSLATE_NOOP("offers", "nobody has asked the resident yet"),
    OfferState.ASKED: QT_TRANSLATE_NOOP("offers", "resident asked"),
    OfferState.AGREED: QT_TRANSLATE_NOOP("offers", "both agreed"),
    OfferState.DONE: QT_TRANSLATE_NOOP("offers", "done, as the neighbor says"),
    OfferState.CONFIRMED: QT_TRANSLATE_NOOP("offers", "the resident confirms it"),
    OfferState.DECLINED: QT_TRANSLATE_NOOP("offers", "declined by the resident"),
    OfferState.WITHDRAWN: QT_TRANSLATE_NOOP("offers", "withdrawn by the neighbor"),
    OfferState.UNSUITABLE: QT_TRANSLATE_NOOP("offers", "not suitable"),
}
_SIGNS = 160


def _tr(text: str) -> str:
    return QCoreApplication.translate("offers", text)


def state_words(state: OfferState) -> str:
    return _tr(_STATES[state])


def quoted(offer: Offer, most: int = _SIGNS) -> str:
    """The neighbor's words on one line, cut where they are long."""
    words = " ".join(offer.words.split())
    if not words:
        return _tr("its words are gone from the city's site")
    return f"“{words}”" if len(words) <= most else f"“{words[:most].rstrip()}…”"


def standing(offer: Offer, now: Millis, zone: ZoneInfo) -> str:
    """ "resident asked · 14:22 · A. Operator · why"."""
    when = times.clock(offer.state_at, now, zone) if offer.state_at else ""
    return " · ".join(filter(None, (state_words(offer.state), when, offer.who, offer.why)))
