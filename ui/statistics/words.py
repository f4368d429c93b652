"""What the numbers of the statistics say."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.forms.weekly import percent
from dispatch.insight.lasting import Lasting
from dispatch.records import Heard, Millis, Share
from ui.statistics.table import Cell
from ui.widgets import times

NONE = "–"


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("statistics", text, "", count)


def number(value: float) -> str:
    return QLocale().toString(round(value))


def one_place(value: float) -> str:
    return QLocale().toString(value, "f", 1)


def size(value: int) -> str:
    return QLocale().formattedDataSize(value, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def family(name: str) -> str:
    labels = {
        "trees": tr("Trees, limbs"),
        "flooding": tr("Flooding"),
        "wires": tr("Wires"),
        "signals": tr("Signals, signs"),
        "structure": tr("Structure"),
        "sewer_water": tr("Sewer, water"),
        "medical": tr("Medical, welfare"),
        "other": tr("Other"),
        "": tr("Not named"),
    }
    return labels.get(name, name)


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
