"""What the families of categories are called on screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def family(name: str) -> str:
    """A family that nobody has given words to is called as it is in the city's table."""
    labels = {
        "trees": _tr("Trees, limbs"),
        "flooding": _tr("Flooding"),
        "wires": _tr("Wires"),
        "signals": _tr("Signals, signs"),
        "structure": _tr("Structure"),
        "sewer_water": _tr("Sewer, water"),
        "medical": _tr("Medical, welfare"),
        "other": _tr("Other"),
        "": _tr("Not named"),
    }
    return labels.get(name, name.replace("_", " ").capitalize())


def _tr(text: str) -> str:
    return QCoreApplication.translate("families", text)
