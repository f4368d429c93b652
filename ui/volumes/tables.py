"""The rows of the three tables of the volumes: what is open, how long things take, who has what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from dispatch.insight.lasting import Lasting
from dispatch.insight.volumes import Step, Volumes
from dispatch.records import Band
from ui.volumes import words
from ui.volumes.behind import Behind
from ui.widgets import times
from ui.widgets.count_table import Cell, Column, CountTable, Row, cells
from ui.widgets.family_words import family

# More seats than this do not fit beside the others; the rest stands in one line.
MOST_SEATS = 6
SOFT = "text_dim"


def _tr(text: str) -> str:
    return QCoreApplication.translate("volumes", text)


def open_columns() -> tuple[Column, ...]:
    return (
        Column("", 34, is_number=False),
        Column(_tr("sites"), 12),
        Column(_tr("handed over"), 25),
        Column("", 29, is_number=False),
    )


def takes_columns() -> tuple[Column, ...]:
    return (
        Column("", 31, is_number=False),
        Column(_tr("half within"), 20),
        Column(_tr("9 in 10"), 17),
        Column(_tr("rests on"), 36),
    )


def who_columns() -> tuple[Column, ...]:
    return (
        Column(_tr("seat"), 32, is_number=False),
        Column(_tr("claimed"), 20),
        Column(_tr("acts in 1 h"), 24),
        Column(_tr("oldest"), 24),
    )


TABLES: Mapping[str, Callable[[], tuple[Column, ...]]] = {
    "open": open_columns,
    "takes": takes_columns,
    "who": who_columns,
}


def fill(tables: Mapping[str, CountTable], shown: Volumes, behind: Behind) -> None:
    tables["open"].show_rows(open_rows(shown, behind))
    tables["takes"].show_rows(takes_rows(shown, behind))
    tables["who"].show_rows(who_rows(shown, behind))


def open_rows(shown: Volumes, behind: Behind) -> list[Row]:
    most = max((each.sites for each in shown.open_of), default=1)
    return [
        Row(
            (
                *cells(
                    family(each.family),
                    words.number(each.sites),
                    words.number(each.escalated) if each.escalated else "",
                ),
                Cell(bar=each.sites / most, part=each.escalated / most),
            ),
            _worst(each.worst),
            behind.family(each.family),
        )
        for each in shown.open_of
    ]


def takes_rows(shown: Volumes, behind: Behind) -> list[Row]:
    """Each opens the sites that still wait for it."""
    rows = [
        _takes(words.step(each), found, each, behind.waiting(each)) for each, found in shown.takes.items()
    ]
    if shown.takes_family is not None:
        name, found = shown.takes_family
        title = _tr("Closed, {}").format(family(name).split(",")[0].lower())
        rows.append(_takes(title, found, Step.CLOSED, behind.family(name)))
    return rows


def who_rows(shown: Volumes, behind: Behind) -> list[Row]:
    rows = [
        Row(
            cells(
                each.seat,
                words.number(each.claimed),
                words.number(each.acts),
                times.age(shown.at - each.oldest_at) if each.claimed else "",
            ),
            opens=behind.seat(each.seat),
        )
        for each in shown.seats[:MOST_SEATS]
    ]
    if rest := shown.seats[MOST_SEATS:]:
        claimed, acts = (sum(getattr(each, name) for each in rest) for name in ("claimed", "acts"))
        said = _tr("{} more seats").format(len(rest))
        rows.append(Row(cells(said, words.number(claimed), words.number(acts), "", tone=SOFT)))
    over, nobody = _tr("Handed over"), _tr("Nobody yet")
    rows.append(
        Row(
            cells(over, words.number(shown.handed_over), "", "", tone=SOFT),
            opens=behind.handed_over(),
        )
    )
    waits = shown.nobody
    oldest = f"{waits.band.name} {times.age(shown.at - waits.oldest_at)}" if waits.band else ""
    rows.append(
        Row(
            cells(nobody, words.number(waits.sites), "", oldest, tone=SOFT),
            opens=behind.untouched(),
        )
    )
    return rows


def _takes(title: str, found: Lasting, step: Step, opens: Callable[[], None]) -> Row:
    counts = words.step_definition(step)
    if not found.done and not found.waiting:
        return Row(cells(title, "", "", _tr("none yet"), tone=SOFT), counts)
    said = words.lasts(found.half), words.lasts(found.nine_in_ten), words.rests_on(found)
    return Row(cells(title, *said), counts, opens)


def _worst(worst: Band | None) -> str:
    return _tr("Nobody has acted on at least one {} of these.").format(worst.name) if worst else ""
