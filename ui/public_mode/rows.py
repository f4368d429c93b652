"""The lines of the sheet: a heading, then its categories, each with a box where a person may choose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.public_mode.desk import PublicNow
from dispatch.public_mode.plan import Choice
from dispatch.records import CategorySwitch, Millis, SwitchState
from ui.public_mode import words


@dataclass(frozen=True, slots=True)
class Row:
    """`is_on` is the box: None where there is none. A heading has no category."""

    title: str
    aside: str = ""
    category_id: str = ""
    is_on: bool | None = None
    tone: str = "text_dim"

    @property
    def is_head(self) -> bool:
        return not self.category_id


def _tr(text: str) -> str:
    return QCoreApplication.translate("public_mode", text)


def preview_rows(now: PublicNow) -> list[Row]:
    """Before it is switched: what goes, what comes (a box each: Space leaves it out), what stays."""
    plan = now.plan
    left = [each for each in (*plan.keep, *plan.off) if each.why and each.why.value == "left"]
    stays = [each for each in plan.keep if each not in left]
    return [
        *_group(
            _tr("The public loses {} · Space leaves one out"),
            plan.lose,
            (_choice(each, True) for each in plan.lose),
        ),
        *_group(_tr("The public sees {} for storms"), plan.see, (_choice(each, True) for each in plan.see)),
        *_group(_tr("Left as they are: {}"), left, (_choice(each, False) for each in left)),
        *_group(_tr("Stay as they are: {}"), stays, map(_kept, stays)),
    ]


def switch_rows(now: PublicNow, also: Collection[str], at: Millis, zone: Any) -> list[Row]:
    """While it is switched, and when it is put back: first what a person must look at."""
    state = now.state
    differing = [each for each in state.differing if each.state is not SwitchState.TICKED]
    conflicts = now.restoring.conflicts if state.is_on else ()
    theirs = [each for each in differing if each not in conflicts]
    applied = [each for each in state.rows if each.state is SwitchState.DONE and each not in differing]

    def line(each: CategorySwitch, tone: str = "text_dim") -> Row:
        return Row(each.title, words.state_words(each, at, zone), each.category_id, None, tone)

    def ticked(each: CategorySwitch) -> Row:
        is_on = each.state is SwitchState.TICKED
        said = words.state_words(each, at, zone)
        if each in state.differing:
            live = _tr("still offered") if each.is_offered else _tr("not offered")
            return Row(each.title, f"{live} · {said}", each.category_id, is_on, "alarm")
        return Row(each.title, said, each.category_id, is_on)

    def differs(each: CategorySwitch) -> Row:
        said = _tr("on again at the server") if each.is_offered else _tr("off at the server")
        return Row(each.title, said, each.category_id, None, "alarm")

    def conflict(each: CategorySwitch) -> Row:
        said = _tr("was on, somebody switched it off") if each.was_offered else _tr("was off, now on")
        return Row(each.title, said, each.category_id, each.category_id in also, "warn")

    def left_before(each: CategorySwitch) -> Row:
        said = _tr("offered") if each.was_offered else _tr("not offered")
        return Row(each.title, said, each.category_id, each.category_id in also)

    def otherwise(each: CategorySwitch) -> Row:
        said = _tr("was on, is off") if each.was_offered else _tr("was off, is on")
        return Row(each.title, each.error or said, each.category_id, None, "warn")

    off = [each for each in applied if not each.wanted]
    on = [each for each in applied if each.wanted]
    left = state.left_otherwise
    return [
        *_group(_tr("Refused by the server: {}"), state.refused, (line(e, "alarm") for e in state.refused)),
        *_group(_tr("Not as wanted: {}"), theirs, map(differs, theirs)),
        *_group(
            _tr("Changed by somebody else: {}. Tick what goes back too"), conflicts, map(conflict, conflicts)
        ),
        *_group(_tr("Left as they are: {} · Space takes one in"), state.left, map(left_before, state.left)),
        *_group(_tr("Left as somebody else has them: {}"), left, map(otherwise, left)),
        *_group(_tr("By hand at the server: {}"), state.checklist, map(ticked, state.checklist)),
        *_group(_tr("On their way: {}"), state.under_way, map(line, state.under_way)),
        *_group(_tr("Off for the public: {}"), off, map(line, off)),
        *_group(_tr("On for the public: {}"), on, map(line, on)),
        *_group(
            _tr("New on the server since: {}"),
            state.new,
            (Row(e.title, "", e.category_id) for e in state.new),
        ),
    ]


def _choice(each: Choice, is_on: bool) -> Row:
    reports, grave = each.counted
    tone = "alarm" if grave and each.category.is_offered else "text_dim"
    return Row(each.label, words.counted_words(reports, grave), each.category.category_id, is_on, tone)


def _kept(each: Choice) -> Row:
    return Row(each.label, words.why_words(each.why), each.category.category_id)


def _group(title: str, members: Sequence[Any], rows: Iterable[Row]) -> Iterator[Row]:
    if members:
        yield Row(title.format(len(members)))
        yield from rows
