"""What the form for calls says: how sure a place is, what is read back, the number for the caller."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from dispatch.calls.places import AREA, EXACT, NONE, STREET
from dispatch.intake import people_words
from dispatch.records import Call, NearSite, SiteState, Taken
from ui.sheets.words import reports_words, state_words
from ui.widgets import times

LAST_DIGITS = 4


def _tr(text: str) -> str:
    return QCoreApplication.translate("call", text)


def quality(name: str) -> str:
    return {
        EXACT: _tr("exact"),
        STREET: _tr("street, about the block"),
        AREA: _tr("area only"),
        NONE: _tr("not found"),
    }.get(name, "")


def read_back(call: Call, city: str) -> str:
    """To be read out before it is taken, with AVE or ST and N or S (S11); of the number the last four."""
    what = " ".join(call.text.split()).rstrip(".!?")
    if not what:
        return ""
    where = ", ".join(filter(None, (call.address, call.unit, call.landmark)))
    parts = [_tr("{what} at {where}, {city}").format(what=what, where=where, city=city) if where else what]
    parts += filter(None, (people_words(call), call.mobility))
    digits = "".join(filter(str.isdigit, call.call_back))[-LAST_DIGITS:]
    if digits:
        parts.append(_tr("call-back …{}").format(digits))
    return _tr("“{}: right?”").format(", ".join(parts))


def read_out(call: Call, city: str, *, is_confirmed: bool) -> str:
    """For 911, which calls back itself: what, where with its suffix, people, the whole number (S3)."""
    where = ", ".join(filter(None, (call.address, call.unit, call.landmark, city if call.address else "")))
    doubt = "" if is_confirmed else _tr("PLACE NOT CONFIRMED")
    parts = (" ".join(call.text.split()), where, doubt, people_words(call), call.mobility, call.call_back)
    return " · ".join(filter(None, parts))


def taken(done: Taken, server_id: str = "") -> str:
    number = _tr("EOC call {}").format(done.number)
    return _tr("{number} · 311 no. {id}").format(number=number, id=server_id) if server_id else number


def near_lines(number: int, near: NearSite, now: int) -> str:
    """Two lines for the list; the first begins with the key that chooses it."""
    said = (
        near.where,
        state_words(SiteState(near.state)),
        times.age(now - near.first_at),
        reports_words(near.reports),
    )
    under = " · ".join(filter(None, (*said, near.why)))
    return f"Alt {number}  {near.what}\n{under}"
