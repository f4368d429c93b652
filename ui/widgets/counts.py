"""How many of something, right in one and in many; languages with more forms use Qt's own plural rules."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale


def sites(count: int) -> str:
    return _tr("1 site") if count == 1 else _many("%n sites", count)


def reports(count: int) -> str:
    return _tr("1 report") if count == 1 else _many("%n reports", count)


def files(count: int) -> str:
    return _tr("1 file") if count == 1 else _many("%n files", count)


def acts_needed(count: int) -> str:
    return _tr("1 site needs an act") if count == 1 else _many("%n sites need an act", count)


def alarms_shelved(count: int) -> str:
    return _tr("1 alarm shelved") if count == 1 else _many("%n alarms shelved", count)


def acts(count: int) -> str:
    return _tr("1 act") if count == 1 else _many("%n acts", count)


def days(count: int) -> str:
    return _tr("1 day") if count == 1 else _many("%n days", count)


def categories(count: int) -> str:
    return _tr("1 category") if count == 1 else _many("%n categories", count)


def _many(text: str, count: int) -> str:
    said = QCoreApplication.translate("counts", text, "", count)
    return said.replace(str(count), QLocale().toString(count), 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("counts", text)
