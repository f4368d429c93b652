"""What the Times page says: a row for each category, for each week, for each correction that is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.expected_desk import CategoryTimes, Times
from dispatch.forms.weekly import percent
from dispatch.insight.shares import share
from dispatch.records import DateMoved, Expectation, Millis, NoTime, ToldCounts
from dispatch.residents.range_words import range_words, reason_words
from ui.widgets import times as clocks
from ui.widgets.count_table import Cell, Column, Row

NONE = "–"
Opens = Callable[[str, str], None]


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("residents", text, "", count)


def number(value: float) -> str:
    return QLocale().toString(round(value))


def category_columns() -> tuple[Column, ...]:
    return (
        Column(tr("category"), 28, is_number=False),
        Column(tr("open"), 6),
        Column(tr("closed 24 h"), 11),
        Column(tr("7 days"), 7),
        Column(tr("normal"), 8),
        Column(tr("told now"), 34, is_number=False),
        Column(tr("held"), 12),
    )


def week_columns() -> tuple[Column, ...]:
    return (
        Column(tr("told in the week from"), 30, is_number=False),
        Column(tr("held"), 22),
        Column(tr("not yet over"), 18),
        Column(tr("no end told"), 18),
    )


def due_columns() -> tuple[Column, ...]:
    return (
        Column(tr("report"), 22, is_number=False),
        Column(tr("was told"), 34, is_number=False),
        Column(tr("is told now"), 34, is_number=False),
    )


def category_rows(found: Times, opens: Opens) -> list[Row]:
    """Those with anything open first, the most first; then by name."""
    ordered = sorted(found.categories, key=lambda each: (-each.expectation.open, each.label))
    return [_category_row(each, opens) for each in ordered]


def week_rows(found: Times, zone: ZoneInfo) -> list[Row]:
    """The newest first, and all of this activation last."""
    rows = [
        Row((Cell(_day(start, zone)), *_held(counts)), tr("Of the ranges told in these seven days."))
        for start, counts in reversed(found.weeks)
    ]
    return [*rows, Row((Cell(tr("since activation")), *_held(found.told)), _held_means())]


def due_rows(due: Sequence[DateMoved]) -> list[Row]:
    return [
        Row(
            (
                Cell(f"#{each.number}" if each.number else tr("not on the server")),
                Cell(_days(each.told.low_days, each.told.high_days)),
                Cell(range_words(each.now_said, "en"))
                if not each.no
                else Cell(tr("not told"), tone="text_dim"),
            ),
            each.no or tr("Reads: {}").format(each.text),
        )
        for each in due
    ]


def due_words(due: Sequence[DateMoved]) -> str:
    going = sum(not each.no for each in due)
    return tr("Tell %n reporter(s) the new time", going).replace("(s)", "" if going == 1 else "s")


def _held_means() -> str:
    return tr(
        "A range held when the report was closed by its end; what is open is decided once the end is over. "
        "“Longer than two weeks” promises no end."
    )


def _category_row(each: CategoryTimes, opens: Opens) -> Row:
    said = each.expectation
    return Row(
        (
            Cell(each.label),
            Cell(number(said.open)),
            Cell(number(said.closed_day)),
            Cell(number(said.closed_week)),
            Cell(tr("{} d").format(said.normal_days) if said.normal_days else NONE),
            _told_now(said),
            _share(each.told),
        ),
        _reads(each),
        (lambda: opens(each.category, each.label)) if said.open else None,
    )


def _told_now(said: Expectation) -> Cell:
    if said.has_time:
        return Cell(range_words(said, "en"))
    return Cell(tr("no time: {}").format(_why(said)), tone="text_dim")


def _why(said: Expectation) -> str:
    words = {
        NoTime.UTILITY: tr("the utility's"),
        NoTime.HOMEOWNER: tr("the property owner's"),
        NoTime.SUSPENDED: tr("response suspended"),
        NoTime.LIFE_SAFETY: tr("life safety"),
        NoTime.RESTRICTED: tr("restricted"),
        NoTime.WIRE: tr("the wire is not safe"),
        NoTime.NOT_KNOWN: tr("not known"),
    }
    return words[NoTime(said.no_time_why)]


def _reads(each: CategoryTimes) -> str:
    """As a resident reads it; of what is not the city's, whose it is."""
    said, reason = each.expectation, reason_words(each.expectation, "en")
    if said.has_time:
        return tr(
            "A resident reads: {range}. {reason}. Counted from {closed} closings in eight weeks."
        ).format(range=_upper(range_words(said, "en")), reason=_upper(reason), closed=number(said.closed))
    return tr("A resident is told no time: {reason}. Usual owner: {owner}.").format(
        reason=reason, owner=each.owner
    )


def _held(counts: ToldCounts) -> tuple[Cell, ...]:
    return (_share(counts), Cell(number(counts.waiting)), Cell(number(counts.longer)))


def _share(counts: ToldCounts) -> Cell:
    of = counts.kept + counts.broken
    if not of:
        return Cell(NONE, tone="text_dim")
    return Cell(
        tr("{} %").format(percent(share(counts.kept, of).value or 0.0)), tr("n {}").format(number(of))
    )


def _days(low: int, high: int | None) -> str:
    return range_words(Expectation(low_days=low, high_days=high), "en")


def _day(at: Millis, zone: ZoneInfo) -> str:
    day = clocks.local(at, zone)
    return f"{day.day} {QLocale().monthName(day.month, QLocale.FormatType.ShortFormat)} {day:%H:%M}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
