"""A seat's folder: residents' words stand in it, for its own account only."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dispatch.locks import seat_lock


@pytest.mark.skipif(os.name != "posix", reason="rights of a folder are POSIX's")
def test_a_new_folder_is_closed_to_other_accounts_and_one_that_is_there_stays_as_it_is(
    tmp_path: Path,
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)

    for folder in (tmp_path / "more" / "seat", shared):
        lock = seat_lock(folder)
        lock.take()
        lock.let_go()

    assert stat.S_IMODE((tmp_path / "more" / "seat").stat().st_mode) == 0o700
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
