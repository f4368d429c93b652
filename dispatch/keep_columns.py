"""Writes the column snapshot of a seat, from its store and not from its board: what a board ever got wrong
does not outlive the program."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from dispatch import column_snapshot
from dispatch.column_snapshot import ColumnSnapshot
from dispatch.columns import columns_of
from dispatch.errors import LandfallError
from dispatch.shown import Shown
from dispatch.store import plain, sites
from dispatch.store.store import Store, driver_of

log = logging.getLogger(__name__)


def keep_columns(store: Store, path: Path, *, city: str, shown: Shown) -> None:
    """Put the snapshot of this moment there, unless there is one of it. It is never worth a complaint: where
    it cannot be written the log says so, and the next start takes longer."""
    try:
        with store.reading() as connection:
            stamp = plain.stamp(driver_of(connection))
            if column_snapshot.stamp_of(path) == stamp:
                return
            columns = columns_of(sites.board_rows(connection), sites.board_reports(connection))
        column_snapshot.write(path, ColumnSnapshot(city, stamp, shown, columns))
    except (OSError, LookupError, sqlite3.Error, LandfallError) as error:
        log.info("the column snapshot was not written: %s", error)
