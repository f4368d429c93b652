"""Every sheet is found under the name it has itself."""

from __future__ import annotations

import pytest

from ui.sheets.registry import SHEETS, kind_of
from ui.widgets.sheet import Sheet


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_found_by_its_own_name(name: str) -> None:
    kind = kind_of(name)

    assert issubclass(kind, Sheet) and name == kind.NAME
