"""The pages of the Residents screen in the order of their digits: where each is made, and its title."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP  # noqa: F401  each line below names its title with it

# name -> (module, class, title)
PAGES: Mapping[str, tuple[str, str, str]] = {}
