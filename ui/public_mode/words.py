"""What is said of the public's list, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.public_mode.plan import Plan, Why
from dispatch.records import CategorySwitch, Millis, PublicState, SwitchState
from ui.widgets import counts, times


def _tr(text: str) -> str:
    return QCoreApplication.translate("public_mode", text)


def why_words(why: Why | None) -> str:
    """Why a category stays."""
    return (
        {
            Why.NEEDED: _tr("counts in the storm"),
            Why.DANGER: _tr("danger: never taken away"),
            Why.OTHER: _tr("where everything else goes"),
            Why.UNKNOWN: _tr("not in the city's list: left alone"),
            Why.LEFT: _tr("left as it is"),
        }.get(why, "")
        if why
        else ""
    )


def counted_words(reports: int, grave: int) -> str:
    """Of the last 30 days."""
    if not grave:
        return counts.reports(reports) if reports else _tr("no reports")
    return _tr("{reports}, {grave} of them P1 or P2").format(reports=counts.reports(reports), grave=grave)


def preview_words(plan: Plan) -> str:
    if not plan.changes:
        return _tr("The public's list is as storm mode wants it: nothing to switch.")
    parts = []
    if plan.lose:
        parts.append(_tr("will lose {}").format(counts.categories(len(plan.lose))))
    if plan.see:
        parts.append(_tr("will see {} that are for storms").format(counts.categories(len(plan.see))))
    said = _tr("The public {what}. Reports that are in already stay where they are; counts are of 30 days.")
    return said.format(what=_tr(" and ").join(parts))


def grave_words(plan: Plan) -> str:
    """Empty where none that goes brought danger."""
    if not plan.grave:
        return ""
    named = ", ".join(each.label for each in plan.grave[:3])
    more = len(plan.grave) - 3
    named += _tr(" and {} more").format(more) if more > 0 else ""
    return _tr("P1 or P2 came in under {named}: whoever reports so next must find another.").format(
        named=named
    )


def check_words(state: PublicState, now: Millis, zone: Any) -> str:
    """What the live list says against what is wanted; empty where it says the same."""
    if not state.rows or state.seen_at is None:
        return ""
    away = [each for each in state.rows if each.is_changed and not each.wanted]
    coming = [each for each in state.rows if each.is_changed and each.wanted]
    rest = [each for each in state.rows if not each.is_changed]
    parts = []
    if still := _among(away, state.differing):
        parts.append(_tr("{n} of {all} still offered").format(n=still, all=len(away)))
    if missing := _among(coming, state.differing):
        parts.append(_tr("{n} of {all} not offered").format(n=missing, all=len(coming)))
    if others := _among(rest, state.differing):
        parts.append(_tr("{} changed by somebody else").format(others))
    if not parts:
        return ""
    seen = times.clock(state.seen_at, now, zone)
    return _tr("{what} on the server, seen {seen}").format(what=", ".join(parts), seen=seen)


def bar_words(state: PublicState, now: Millis, zone: Any) -> str:
    """For every screen: only what a person must do something about."""
    parts = []
    if state.refused:
        parts.append(_tr("the server refused {}").format(counts.categories(len(state.refused))))
    if state.to_tick:
        parts.append(_tr("{} to switch by hand").format(counts.categories(len(state.to_tick))))
    if state.is_on and (said := check_words(state, now, zone)):
        parts.append(said)
    if not parts:
        return ""
    if state.is_on:
        head = _tr("The public's list is not as storm mode wants it: {}.")
    else:
        head = _tr("The public's list is not back yet: {}.")
    return head.format("; ".join(parts))


def state_words(row: CategorySwitch, now: Millis, zone: Any) -> str:
    match row.state:
        case SwitchState.WAITING:
            return _tr("on its way")
        case SwitchState.SENDING:
            return _tr("on its way: {}").format(row.error) if row.error else _tr("on its way")
        case SwitchState.REFUSED:
            return _tr("refused: {}").format(row.error)
        case SwitchState.TICKED:
            at = times.clock(row.ticked_at, now, zone) if row.ticked_at else ""
            return _tr("ticked {at} by {who}").format(at=at, who=row.ticked_by)
        case SwitchState.BY_HAND:
            return row.error or (_tr("switch it on there") if row.wanted else _tr("switch it off there"))
    return ""


def stands_words(state: PublicState, now: Millis, zone: Any) -> str:
    """How far it is, and whose it is."""
    if not state.rows:
        return ""
    first = state.rows[0]
    at = times.clock(first.at, now, zone)
    head = _tr("In storm mode for the public since {at}, by {who}.")
    if not state.is_on:
        head = _tr("Going back to what was there before, since {at}, by {who}.")
        if not state.is_restoring:
            head = _tr("The public's list was put back {at}, by {who}.")
    done = _count(state.rows, SwitchState.DONE, SwitchState.TICKED)
    parts = [_tr("{} applied").format(done)] if done else []
    if state.under_way:
        parts.append(_tr("{} on the way").format(len(state.under_way)))
    if state.refused:
        parts.append(_tr("{} refused").format(len(state.refused)))
    if state.to_tick:
        parts.append(_tr("{} to do by hand").format(len(state.to_tick)))
    said = head.format(at=at, who=first.person or _tr("itself, at its time"))
    return f"{said} {', '.join(parts)}." if parts else said


def _among(rows: Iterable[CategorySwitch], differing: Sequence[CategorySwitch]) -> int:
    found = {each.category_id for each in differing}
    return sum(each.category_id in found for each in rows)


def _count(rows: Iterable[CategorySwitch], *states: SwitchState) -> int:
    return sum(each.state in states for each in rows)
