"""The rows of the second part: what residents heard, by week and by department, and who told us."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale

from dispatch.insight.heard import HeardByWeek
from dispatch.records import Heard
from ui.statistics import words
from ui.statistics.words import number, tr
from ui.widgets import times
from ui.widgets.count_table import Cell, Column, Row, cells
from ui.widgets.family_words import family

Open = Callable[[Iterable[int], str], Callable[[], None] | None]


def _shares() -> tuple[tuple[str, str, str], ...]:
    """Field, name, what is counted."""
    return (
        (
            "answered",
            tr("Answered by a person"),
            tr("A public line by the city that no rule wrote. Enter shows those not answered."),
        ),
        (
            "along",
            tr("Told along the way"),
            tr("Of the closed: one more line, over ten minutes before the close. Enter shows the others."),
        ),
        (
            "done",
            tr("Told when done"),
            tr("Of the closed: a line from ten minutes before the close on. Enter shows the others."),
        ),
        (
            "silent",
            tr("Closed without a word"),
            tr("Of the closed: no line by a person at all. Enter shows them."),
        ),
    )


def week_columns(found: HeardByWeek, zone: ZoneInfo) -> tuple[Column, ...]:
    names = [times.local(start, zone) for start, _ in found.weeks]
    heads = [tr("from {day} {month}").format(day=n.day, month=_month(n.month)) for n in names]
    return (Column("", 30, is_number=False), *(Column(head, 27) for head in heads))


def _month(number: int) -> str:
    return QLocale().monthName(number, QLocale.FormatType.ShortFormat)


def day_columns(found: HeardByWeek, zone: ZoneInfo) -> tuple[Column, ...]:
    """The same weeks by their first day alone."""
    days = (times.local(start, zone) for start, _ in found.weeks)
    return (
        Column("", 42, is_number=False),
        *(Column(f"{day.day} {_month(day.month)}", 18) for day in days),
    )


def _told_by() -> tuple[str, ...]:
    return (
        tr("Typed in here (caller)"),
        tr("By a staff account"),
        tr("By a resident's account"),
        tr("Anonymous"),
    )


def department_columns() -> tuple[Column, ...]:
    shares = (tr("answered"), tr("along the way"), tr("when done"), tr("without a word"))
    return (
        Column("", 24, is_number=False),
        Column(tr("reports"), 12),
        *(Column(each, 25) for each in shares),
    )


def measure_rows(by_week: Sequence[Heard], opens: Open) -> list[Row]:
    """Of one department or all; Enter opens the sites of the chosen week, the last one."""
    this = by_week[-1]
    rows = [
        Row(
            cells(tr("Reports"), *(number(each.reports) for each in by_week)),
            tr("Entered in the week, spam left out. Enter shows their sites."),
            opens(this.sites["reports"], tr("Reported in the week")),
        ),
        Row(
            (Cell(tr("Threads read")), *(words.share(each.read) for each in by_week)),
            tr(
                "Reports whose thread is known up to its last change: all other shares are of these. What "
                "others closed is read when somebody looks at it. Enter shows those not read."
            ),
            opens(this.sites["read"], tr("Threads not read")),
        ),
    ]
    shares = [
        Row(
            (Cell(name), *(words.share(getattr(each, field)) for each in by_week)),
            counts,
            opens(this.sites[field], name if field == "silent" else tr("Not so: {}").format(name)),
        )
        for field, name, counts in _shares()
    ]
    waits = tr("From entry to the first answer, those that still wait counted in.")
    rows.append(shares[0])
    rows += [
        Row((Cell(name), *(words.answered_within(each, getattr(each, field)) for each in by_week)), waits)
        for field, name in (("half", tr("Half answered within")), ("nine_in_ten", tr("9 in 10 within")))
    ]
    promise = Row(
        (Cell(tr("Promise kept")), *(words.share(each.kept) for each in by_week)),
        tr(
            "Closed by the end of the first range of days that was told, of those where that is over or the "
            "report closed. Enter shows the others."
        ),
        opens(this.sites["kept"], tr("Promise not kept")),
    )
    return [*rows, *shares[1:], promise]


def department_rows(found: HeardByWeek) -> list[Row]:
    """All first, then by name."""
    by = (
        tr("departments as the server names them")
        if found.is_named_by_server
        else tr("families of categories")
    )
    counts = tr("The chosen week, by {}. The weeks beside it are those of the row you stand on.").format(by)
    of = {tr("All"): found.of_all[-1]}
    of |= {family(name): each[-1] for name, each in found.departments.items()}
    return [
        Row(
            (
                Cell(name),
                Cell(number(heard.reports)),
                *(words.share(getattr(heard, field)) for field, *_ in _shares()),
            ),
            counts,
        )
        for name, heard in of.items()
    ]


def department_of(found: HeardByWeek, row: int) -> tuple[str, Sequence[Heard]]:
    """Name and weeks of a row of the departments."""
    names: Mapping[int, str] = dict(enumerate(found.departments, 1))
    if row not in names:
        return tr("All"), found.of_all
    return family(names[row]), found.departments[names[row]]


def told_by_rows(by_week: Sequence[Heard]) -> list[Row]:
    counts = tr("How a report came in, as far as the store has it: app or web is not told by the server.")
    rows = [
        Row(cells(name, *(number(each.sources[at]) for each in by_week)), counts)
        for at, name in enumerate(_told_by())
    ]
    people = tr("Different accounts of residents, without staff and anonymous ones: a number and no names.")
    return [*rows, Row(cells(tr("Distinct accounts"), *(number(each.reporters) for each in by_week)), people)]
