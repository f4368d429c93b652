"""What an act at many sites comes to, in sentences: whom it reaches, what stays as it is and why."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.board import Board
from dispatch.bulk.kinds import BulkKind
from dispatch.records import Band
from ui.sheets.intent_words import language_words
from ui.widgets import counts

if TYPE_CHECKING:
    from dispatch.bulk.order import BulkOrder, Effect

ENGLISH = "en"
NAMED = 3  # sites named for each reason; the others are a number

_KINDS = {
    BulkKind.MESSAGE: QT_TRANSLATE_NOOP("bulk", "Message the residents"),
    BulkKind.NOTE: QT_TRANSLATE_NOOP("bulk", "Internal note"),
    BulkKind.WAIT: QT_TRANSLATE_NOOP("bulk", "Waiting on…"),
    BulkKind.SNOOZE: QT_TRANSLATE_NOOP("bulk", "Snooze"),
    BulkKind.CLAIM: QT_TRANSLATE_NOOP("bulk", "Claim"),
    BulkKind.LET_GO: QT_TRANSLATE_NOOP("bulk", "Let go"),
    BulkKind.RAISE: QT_TRANSLATE_NOOP("bulk", "Raise the band"),
    BulkKind.CLOSE: QT_TRANSLATE_NOOP("bulk", "Close with a reason"),
}
_EFFECTS = {
    BulkKind.NOTE: QT_TRANSLATE_NOOP("bulk", "The note is kept at {sites}. It is never public."),
    BulkKind.WAIT: QT_TRANSLATE_NOOP("bulk", "Marks {sites} as waiting; they stay in the list."),
    BulkKind.SNOOZE: QT_TRANSLATE_NOOP(
        "bulk", "{sites} leave the list until then; a new fact brings one back."
    ),
    BulkKind.CLAIM: QT_TRANSLATE_NOOP("bulk", "Claims {sites} for you."),
    BulkKind.LET_GO: QT_TRANSLATE_NOOP("bulk", "Lets go of {sites}."),
    BulkKind.RAISE: QT_TRANSLATE_NOOP("bulk", "Raises {sites} as your own decision; nothing is lowered."),
}
_DOES = {
    BulkKind.NOTE: QT_TRANSLATE_NOOP("bulk", "Keep at {sites}"),
    BulkKind.WAIT: QT_TRANSLATE_NOOP("bulk", "Mark {sites}"),
    BulkKind.SNOOZE: QT_TRANSLATE_NOOP("bulk", "Snooze {sites}"),
    BulkKind.CLAIM: QT_TRANSLATE_NOOP("bulk", "Claim {sites}"),
    BulkKind.LET_GO: QT_TRANSLATE_NOOP("bulk", "Let go of {sites}"),
    BulkKind.RAISE: QT_TRANSLATE_NOOP("bulk", "Raise {sites}"),
    BulkKind.CLOSE: QT_TRANSLATE_NOOP("bulk", "Close {sites}"),
}
_DONE = {
    BulkKind.NOTE: QT_TRANSLATE_NOOP("bulk", "Note kept at {sites}."),
    BulkKind.WAIT: QT_TRANSLATE_NOOP("bulk", "Marked {sites} as waiting."),
    BulkKind.SNOOZE: QT_TRANSLATE_NOOP("bulk", "Snoozed {sites}."),
    BulkKind.CLAIM: QT_TRANSLATE_NOOP("bulk", "Claimed {sites}."),
    BulkKind.LET_GO: QT_TRANSLATE_NOOP("bulk", "Let go of {sites}."),
    BulkKind.RAISE: QT_TRANSLATE_NOOP("bulk", "Raised {sites}."),
    BulkKind.CLOSE: QT_TRANSLATE_NOOP("bulk", "Closed {sites}."),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("bulk", text)


def kind_words(kind: BulkKind) -> str:
    return _tr(_KINDS[kind])


def people_words(count: int) -> str:
    return _tr("1 person") if count == 1 else _tr("{} people").format(count)


def effect_words(order: BulkOrder, effect: Effect) -> str:
    """What happens, before it does: "Message goes to 37 people at 12 sites"."""
    sites = counts.sites(len(effect.site_ids))
    if not effect.site_ids:
        return _tr("None of these sites can have this.")
    if order.kind is BulkKind.MESSAGE:
        said = _tr("Message goes to {people} at {sites}").format(people=_reached(effect), sites=sites)
        return f"{said}{_in_languages(effect)}."
    if order.kind is BulkKind.CLOSE and order.text.strip():
        said = _tr("Closes {sites} here and on the city's site; {people} read the message.")
        return said.format(sites=sites, people=_reached(effect))
    if order.kind is BulkKind.CLOSE:
        return _tr("Closes {sites} here. What the city's site shows stays as it is.").format(sites=sites)
    return _tr(_EFFECTS[order.kind]).format(sites=sites)


def act_words(order: BulkOrder, effect: Effect) -> str:
    if order.kind is BulkKind.MESSAGE:
        return _tr("Send to {}").format(people_words(effect.people))
    return _tr(_DOES[order.kind]).format(sites=counts.sites(len(effect.site_ids)))


def done_words(order: BulkOrder, effect: Effect) -> str:
    sites = counts.sites(len(effect.site_ids))
    if order.kind is BulkKind.MESSAGE:
        said = _tr("The message leaves in 10 s: {people} at {sites}.")
        said = said.format(people=people_words(effect.people), sites=sites)
    else:
        said = _tr(_DONE[order.kind]).format(sites=sites)
    if left := len(effect.left):
        said += " " + _tr("{} left as before.").format(counts.sites(left))
    return said


def unwritten_words(effect: Effect) -> str:
    """ "3 reports get no message: 2 archived on the 311 server, 1 …"; empty when all do."""
    total = sum(effect.unwritten.values())
    if not total:
        return ""
    whys = ", ".join(f"{count} {_tr(why)}" for why, count in sorted(effect.unwritten.items()))
    begin = _tr("1 report gets no message") if total == 1 else _tr("{} reports get no message").format(total)
    return f"{begin}: {whys}."


def left_words(effect: Effect, board: Board) -> str:
    """The sites that stay as they are, by reason, the worst of each named."""
    if not effect.left:
        return ""
    by_why: dict[str, list[int]] = defaultdict(list)
    for site_id, why in effect.left.items():
        by_why[why].append(site_id)
    count = len(effect.left)
    stays = (
        _tr("1 site stays as it is") if count == 1 else _tr("{} stay as they are").format(counts.sites(count))
    )
    lines = [f"{stays}:"]
    for why, ids in sorted(by_why.items(), key=lambda each: -len(each[1])):
        named = "; ".join(_site_words(site_id, board) for site_id in ids[:NAMED])
        more = _tr("; and {} more").format(len(ids) - NAMED) if len(ids) > NAMED else ""
        lines.append(f"{_tr(why).rstrip('.')}: {named}{more}")
    return "\n".join(lines)


def _reached(effect: Effect) -> str:
    """With the number of messages where somebody gets more than one: one for each of their reports."""
    people = people_words(effect.people)
    if effect.messages == effect.people:
        return people
    return _tr("{people} ({reports})").format(people=people, reports=counts.reports(effect.messages))


def _in_languages(effect: Effect) -> str:
    """ ", 38 in Spanish"; empty where all of it is in English."""
    others: dict[str, int] = defaultdict(int)
    for each in effect.texts:
        others[each.language] += each.messages
    others.pop(ENGLISH, None)
    said = (
        _tr("{count} in {language}").format(count=count, language=language_words(code))
        for code, count in sorted(others.items())
    )
    return "".join(f", {each}" for each in said)


def _site_words(site_id: int, board: Board) -> str:
    row = board.row(site_id)
    if row < 0:
        return _tr("no. {}").format(site_id)
    what = f"{Band(int(board.band[row])).name} {board.what[row]}"
    return " · ".join(filter(None, (what, board.where[row])))
