"""The texts as rows: one for each intent and variant, and beside it how it stands in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from dispatch.records import Band, Intent, Template
from dispatch.residents.templates import ENGLISH, Templates
from ui.residents.words import intent_words, language_words

WHAT = 0
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TextRow:
    intent: Intent
    variant: str
    by_language: Mapping[str, Template]

    @property
    def any(self) -> Template:
        """Where it is for what it is: alike in all its languages."""
        return self.by_language.get(ENGLISH) or next(iter(self.by_language.values()))


class TextModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[TextRow] = []
        self.languages: list[str] = []

    def take(self, templates: Templates) -> None:
        """The same rows as before are only said anew; others take their place."""
        grouped: dict[tuple[Intent, str], dict[str, Template]] = {}
        for each in templates:
            grouped.setdefault((each.intent, each.variant), {})[each.language] = each
        order = list(Intent)
        keys = sorted(grouped, key=lambda key: (order.index(key[0]), key[1]))
        rows = [TextRow(*key, grouped[key]) for key in keys]
        languages = sorted(templates.languages, key=lambda code: (code != ENGLISH, code))
        if [(r.intent, r.variant) for r in rows] == [(r.intent, r.variant) for r in self.rows]:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self.languages)))
            return
        if languages != self.languages:
            self.beginInsertColumns(_NO_PARENT, len(self.languages) + 1, len(languages))
            self.languages = languages
            self.endInsertColumns()
        if self.rows:
            self.beginRemoveRows(_NO_PARENT, 0, len(self.rows) - 1)
            self.rows = []
            self.endRemoveRows()
        self.beginInsertRows(_NO_PARENT, 0, len(rows) - 1)
        self.rows = rows
        self.endInsertRows()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1 + len(self.languages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        if index.column() == WHAT:
            return " · ".join(filter(None, (intent_words(row.intent), row.variant.replace("-", " "))))
        return self.standing(row, self.languages[index.column() - 1])

    def standing(self, row: TextRow, language: str) -> str:
        found = row.by_language.get(language)
        if found is None:
            return self.tr("none: English is said")
        if found.is_approved:
            return self.tr("approved · {}").format(found.approved_by)
        return self.tr("changed, not approved") if found.version else self.tr("not approved")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.tr("Text") if section == WHAT else language_words(self.languages[section - 1])


def for_words(template: Template, labels: Mapping[str, str]) -> list[str]:
    """For which categories and bands a text is; nothing where it is for all."""
    bands = [Band(band).name for band in sorted(template.bands)]
    return [*(labels.get(key, key) for key in sorted(template.categories)), *bands]
