"""The first paint of a console: what it stands on and does without, and an act asked for at that moment."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.opening import NOT_YET, SNAPSHOT
from dispatch.settings import load
from tests.benchmarks import rows

ROOT = Path(__file__).resolve().parent.parent.parent
SETTINGS = '[server]\nurl = "http://127.0.0.1:9/api/v2"\n\n[seat]\nperson = "A. Operator"\n'
ROWS = 120
PATIENCE_S = 120

# What comes only after the first paint, however it may be reached: each costs more than a paint.
AFTER_IT = (
    "alembic", "sqlalchemy", "psycopg", "requests", "urllib3", "keyring", "secretstorage", "reportlab",
    "PIL", "lxml", "pyogrio", "pmtiles", "pypdfium2", "pyqtgraph", "starlette", "uvicorn", "shapely",
    "PySide6.QtNetwork", "PySide6.QtPrintSupport", "dispatch.assembly", "dispatch.desk",
    "dispatch.detail", "dispatch.em_desk", "dispatch.profile_desk", "dispatch.follow", "dispatch.http",
    "dispatch.servers", "dispatch.sync", "dispatch.triage", "dispatch.feeds",
    "dispatch.records.details", "dispatch.reports", "dispatch.rehearsal",
    "dispatch.escalation.channels", "dispatch.store.schema", "ui.em_desk.view", "ui.profile.view",
    "ui.escalate.sheet", "ui.queue.site_page", "ui.tour", "ui.help", "ui.cover", "ui.palette", "ui.player",
    "ui.queue.facets", "ui.sync_panel", "ui.widgets.sheet", "ui.widgets.fields", "ui.sign_in_form",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live seat with some rows in its store, closed in order once."""
    made = tmp_path_factory.mktemp("seat")
    (made / "settings.toml").write_text(SETTINGS, "utf-8")
    settings = load(made)
    parts = assembly.build(
        folder=made,
        settings=settings,
        clock=WallClock(),
        storm=assembly.Storm(settings.city, is_exercise=False),
    )
    taker = rows.taker_of(parts)
    for page in rows.pages(list(rows.requests(ROWS))):
        taker.page(page, watermark_at=rows.LAST_AT, backlog_done=1)
    parts.close()
    return made


def look(folder: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.flow.first_look", str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_the_second_start_paints_before_the_store_is_open_and_loses_no_act(folder: Path) -> None:
    first = look(folder)
    assert first["is_open"] and first["rows"] == ROWS and first["claimed_by"] == "A. Operator"
    assert stat.S_IMODE((folder / SNAPSHOT).stat().st_mode) == 0o600

    second = look(folder)

    assert not second["is_open"], "it waited for the store"
    assert second["paints"] == 1, "it was painted before its sizes were known"
    assert second["rows"] == ROWS and second["claimed_by"] == "A. Operator"
    assert second["title"] == first["title"]
    # A sheet shows what the store says: it opens once that is open, and says so.
    assert second["sheets"] == [False, True] and second["said"] == [NOT_YET]
    early = [name for name in second["modules"] if _is_one_of(name, AFTER_IT)]
    assert early == []


def _is_one_of(name: str, places: tuple[str, ...]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)
