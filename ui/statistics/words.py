"""What the numbers of the statistics say."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.forms.weekly import percent
from dispatch.insight.lasting import Lasting
from dispatch.records import Heard, Millis, Share
from ui.widgets import times
from ui.widgets.count_table import Cell

NONE = "–"


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("statistics", text, "", count)


def number(value: float) -> str:
    return QLocale().toString(round(value))


def one_place(value: float) -> str:
    return QLocale().toString(value, "f", 1)


def size(value: int) -> str:
    return QLocale().formattedDataSize(value, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def lasts(at: Millis | None) -> str:
    return tr("not yet") if at is None else times.stopwatch(at)


def within(found: Lasting, at: Millis | None) -> str:
    return lasts(at) if found.done or found.waiting else NONE


def rests_on(found: Lasting) -> str:
    """How many it rests on: acted on, waiting."""
    if not found.done and not found.waiting:
        return NONE
    return f"{number(found.done)} + {number(found.waiting)}"


def share(found: Share) -> Cell:
    if found.value is None:
        return Cell(NONE, tone="text_dim")
    interval = tr("{low}–{high} of {of}").format(
        low=percent(found.low), high=percent(found.high), of=number(found.of)
    )
    return Cell(tr("{} %").format(percent(found.value)), interval)


def answered_within(heard: Heard, at: Millis | None) -> Cell:
    if not heard.answered.of:
        return Cell(NONE, tone="text_dim")
    return Cell(lasts(at), tr("n {}").format(number(heard.answered.count)))
