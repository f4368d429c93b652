"""The ground itself: warnings are noticed, databases and loops answer, set-up says what is missing."""

from __future__ import annotations

import asyncio
import logging
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from PySide6.QtCore import QTimer
from qasync import QEventLoop

from dispatch import __version__
from tests.conftest import Heard

HOME = Path(__file__).resolve().parent.parent

EMIT = """
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rang = Signal(bool)
bell, heard = Bell(), []
bell.rang.connect(heard.append)
for _ in range(100_000):
    bell.rang.emit(True)
print(len(heard), heard[-1])
"""


def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(HOME / "packaging" / name), run_name="looked_at")


def test_a_warning_nobody_expected_is_a_complaint() -> None:
    heard = Heard()
    log = logging.Logger("sync")
    log.addHandler(heard)

    log.info("In step.")
    assert heard.complaints() == []

    log.warning("The 311 server is too slow.")
    assert heard.complaints() == ["did not expect to log: WARNING sync: The 311 server is too slow."]

    heard.expected.append(re.compile("too slow"))
    assert heard.complaints() == []


def test_an_expected_warning_that_never_came_is_a_complaint() -> None:
    heard = Heard()
    heard.expected.append(re.compile("too slow"))
    assert heard.complaints() == ["expected to log: too slow"]

    heard.expected.clear()
    heard.allowed.append(re.compile("too slow"))
    assert heard.complaints() == []


def test_a_coroutine_runs_on_asyncios_loop(run) -> None:
    async def name() -> str:
        return type(asyncio.get_running_loop()).__module__

    assert run(name()).startswith("asyncio")


def test_a_coroutine_runs_on_the_qt_loop_beside_a_window(run, qtbot, wait_until) -> None:
    async def is_qt() -> bool:
        await asyncio.sleep(0)
        return isinstance(asyncio.get_running_loop(), QEventLoop)

    assert run(is_qt())
    rung: list[str] = []
    QTimer.singleShot(0, lambda: rung.append("Qt's own events go on beside it"))
    wait_until(lambda: rung)


def test_what_never_ends_fails_instead_of_holding_the_tests(run) -> None:
    with pytest.raises(TimeoutError):
        run(asyncio.Event().wait(), timeout_s=0.01)


def test_lanes_work_from_the_loop(run, workers) -> None:
    assert run(workers.store(sum, [1, 2])) == 3


def test_a_database_of_each_kind_is_empty_and_takes_rows(bare_store_url: str) -> None:
    engine = sqlalchemy.create_engine(bare_store_url)
    with engine.begin() as connection:
        assert sqlalchemy.inspect(connection).get_table_names() == []
        connection.exec_driver_sql("CREATE TABLE site (site_id BIGINT, words TEXT)")
        connection.exec_driver_sql("INSERT INTO site VALUES (9007199254740993, 'árbol caído')")
        assert connection.exec_driver_sql("SELECT * FROM site").one() == (9007199254740993, "árbol caído")
    engine.dispose()


def test_a_database_can_be_copied_from_a_prepared_one(postgres) -> None:
    def prepare(url: str) -> None:
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE prepared (n INT)")

    url = postgres.new_database(postgres.template("ground", prepare))

    engine = sqlalchemy.create_engine(url)
    assert sqlalchemy.inspect(engine).get_table_names() == ["prepared"]
    engine.dispose()
    postgres.drop(url)


def test_qt_survives_a_hundred_thousand_signals() -> None:
    """PySide6 6.12 lost a reference to True at each and aborted CPython 3.11."""
    done = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "100000 True")


def test_missing_libraries_are_named_in_one_sentence() -> None:
    looked_at = script("system_libraries.py")
    gone = looked_at["missing"]({"libc6": "libc.so.6", "libstorm1": "libstorm.so.1"})
    assert gone == ["libstorm1"]
    assert "apt-get install libstorm1)." in looked_at["sentence"](gone)


@pytest.mark.parametrize("display", ["", ":4711"])
def test_a_display_that_does_not_answer_counts_as_none(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    assert script("system_libraries.py")["has_display"]() is False


def test_both_locks_name_hashes_and_no_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (HOME / lock).read_text()
        assert "://" not in text
        pinned = re.findall(r"^([\w.\[\]-]+)==", text, re.MULTILINE)
        assert "pyside6-essentials" in pinned
        assert len(re.findall(r"\\\n +--hash=", text)) >= len(pinned)


def test_the_environment_is_set_up_again_only_when_its_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = script("environment.py")
    installed: list[str] = []
    scope = environment["main"].__globals__
    monkeypatch.setitem(scope, "HOME", tmp_path)
    monkeypatch.setitem(scope, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(scope, "starts", lambda: True)
    monkeypatch.setitem(scope, "install", installed.append)
    (tmp_path / ".venv").mkdir()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("numpy==2.2")

    environment["main"]("requirements.lock")
    environment["main"]("requirements.lock")
    assert installed == ["requirements.lock"]

    environment["main"]("requirements-dev.lock")
    environment["main"]("requirements.lock")  # part of what is there
    assert installed == ["requirements.lock", "requirements-dev.lock"]

    (tmp_path / "requirements-dev.lock").write_text("numpy==2.3")
    environment["main"]("requirements-dev.lock")
    assert installed[2:] == ["requirements-dev.lock"]


def test_the_product_knows_its_version() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__


def test_the_application_menu_starts_this_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, HOME / "packaging" / "desktop_entry.py"],
        env={"XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "applications" / "landfall.desktop").read_text()
    assert f'Exec="{HOME}/.venv/bin/python" "{HOME}/main.py"\n' in text

    quoted = script("desktop_entry.py")["quoted"]
    assert quoted(Path('/a b/5$ "%')) == r'"/a b/5\\$ \\"%%"'
