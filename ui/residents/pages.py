"""The pages of the Residents screen in the order of their digits: where each is made, and its title."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

# name -> (module, class, title)
PAGES: Mapping[str, tuple[str, str, str]] = {
    "templates": ("ui.residents.templates", "TemplatesPage", QT_TRANSLATE_NOOP("residents", "Templates")),
    "times": ("ui.residents.times_page", "TimesPage", QT_TRANSLATE_NOOP("residents", "Times")),
    "rules": ("ui.residents.rules_page", "RulesPage", QT_TRANSLATE_NOOP("residents", "Rules")),
    "sweeps": ("ui.residents.sweeps_page", "SweepsPage", QT_TRANSLATE_NOOP("residents", "Sweeps")),
}
