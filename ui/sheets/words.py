"""What bands, reasons, states and codes are called on screen."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.records import Band, CloseReason, EscalationState, ReturnCode, SiteState, WaitReason

_BANDS = {
    Band.P1: QT_TRANSLATE_NOOP("words", "Life safety"),
    Band.P2: QT_TRANSLATE_NOOP("words", "Hazard or access"),
    Band.P3: QT_TRANSLATE_NOOP("words", "Damage or service"),
    Band.P4: QT_TRANSLATE_NOOP("words", "Can wait"),
    Band.INFO: QT_TRANSLATE_NOOP("words", "Question or offer"),
}
_WAITS = {
    WaitReason.OWNER: QT_TRANSLATE_NOOP("words", "The owner"),
    WaitReason.UTILITY_FIRST: QT_TRANSLATE_NOOP("words", "The utility first"),
    WaitReason.ACCESS: QT_TRANSLATE_NOOP("words", "A way in"),
    WaitReason.MORE_FACTS: QT_TRANSLATE_NOOP("words", "More facts"),
    WaitReason.WEATHER: QT_TRANSLATE_NOOP("words", "The weather"),
}
_CLOSES = {
    CloseReason.FIXED_CONFIRMED: QT_TRANSLATE_NOOP("words", "Fixed and confirmed"),
    CloseReason.FIXED_UNCONFIRMED: QT_TRANSLATE_NOOP("words", "Fixed, not confirmed"),
    CloseReason.PASSED_TO_OWNER: QT_TRANSLATE_NOOP("words", "Passed to other owner"),
    CloseReason.NOT_OURS: QT_TRANSLATE_NOOP("words", "Not ours"),
    CloseReason.AREA_SWEEP: QT_TRANSLATE_NOOP("words", "Covered by area sweep"),
    CloseReason.CANNOT_ACT: QT_TRANSLATE_NOOP("words", "Cannot act"),
    CloseReason.NO_LONGER_NEEDED: QT_TRANSLATE_NOOP("words", "No longer needed"),
    CloseReason.SPAM: QT_TRANSLATE_NOOP("words", "Spam"),
    CloseReason.SERVER: QT_TRANSLATE_NOOP("words", "Closed on the server"),
}
_STATES = {
    SiteState.NEW: QT_TRANSLATE_NOOP("words", "new"),
    SiteState.TRIAGED: QT_TRANSLATE_NOOP("words", "triaged"),
    SiteState.WAITING: QT_TRANSLATE_NOOP("words", "waiting"),
    SiteState.CLOSED: QT_TRANSLATE_NOOP("words", "closed"),
}
_ESCALATIONS = {
    EscalationState.DRAFT: QT_TRANSLATE_NOOP("words", "draft"),
    EscalationState.SENT: QT_TRANSLATE_NOOP("words", "sent"),
    EscalationState.RECEIVED: QT_TRANSLATE_NOOP("words", "received"),
    EscalationState.ACCEPTED: QT_TRANSLATE_NOOP("words", "accepted"),
    EscalationState.HELD: QT_TRANSLATE_NOOP("words", "held for weather"),
    EscalationState.UNDER_WAY: QT_TRANSLATE_NOOP("words", "under way"),
    EscalationState.FORWARDED: QT_TRANSLATE_NOOP("words", "forwarded"),
    EscalationState.MUTUAL_AID: QT_TRANSLATE_NOOP("words", "mutual aid asked for"),
    EscalationState.RETURNED: QT_TRANSLATE_NOOP("words", "returned"),
    EscalationState.EXPIRED: QT_TRANSLATE_NOOP("words", "nobody accepted in time"),
    EscalationState.CLOSED: QT_TRANSLATE_NOOP("words", "closed"),
}
_RETURNS = {
    ReturnCode.WRONG_DESK: QT_TRANSLATE_NOOP("words", "Wrong desk"),
    ReturnCode.ALREADY_KNOWN: QT_TRANSLATE_NOOP("words", "Already known as no. …"),
    ReturnCode.OUTSIDE_AREA: QT_TRANSLATE_NOOP("words", "Outside our area"),
    ReturnCode.NO_RESOURCE: QT_TRANSLATE_NOOP("words", "No resource now"),
}
_QUALITIES = {
    "exact": QT_TRANSLATE_NOOP("words", "Exact"),
    "street": QT_TRANSLATE_NOOP("words", "Right street, not the spot"),
    "area": QT_TRANSLATE_NOOP("words", "Only the area"),
    "none": QT_TRANSLATE_NOOP("words", "Place not confirmed"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)


def band_words(band: int) -> str:
    return _tr(_BANDS[Band(band)])


def wait_words(reason: str) -> str:
    return _tr(_WAITS[WaitReason(reason)]) if reason in set(WaitReason) else reason


def close_words(reason: str) -> str:
    return _tr(_CLOSES[CloseReason(reason)]) if reason in set(CloseReason) else reason


def state_words(state: SiteState) -> str:
    return _tr(_STATES[state])


def escalation_words(state: EscalationState) -> str:
    return _tr(_ESCALATIONS[state])


def return_words(code: str) -> str:
    return _tr(_RETURNS[ReturnCode(code)]) if code in set(ReturnCode) else code


def quality_words(quality: str) -> str:
    return _tr(_QUALITIES[quality]) if quality in _QUALITIES else quality


def qualities() -> list[tuple[str, str]]:
    return [(quality, quality_words(quality)) for quality in _QUALITIES]


def desk_words(desk: str, esf: str) -> str:
    """Energy (ESF 12)"""
    return f"{desk} ({esf})" if esf else desk


def reports_words(count: int) -> str:
    return _counted(count, _tr("1 report"), "%n reports")


def reporters_words(count: int) -> str:
    return _counted(count, _tr("1 reporter"), "%n reporters")


def followers_words(count: int) -> str:
    return _counted(count, _tr("1 follower"), "%n followers")


def sites_words(count: int) -> str:
    return _counted(count, _tr("1 open site"), "%n open sites")


def _counted(count: int, one: str, many: str) -> str:
    # The source language has no translation file: its singular is a text of its own.
    return one if count == 1 else QCoreApplication.translate("words", many, "", count)
