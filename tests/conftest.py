"""What tests stand on: clock, lanes, a loop to drive, stores of both kinds, the exercise's server."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import logging
import os
import re
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from dispatch.workers import Workers
from tests.empty_stores import empty_stores, postgres_url, second_postgres_url  # noqa: F401  fixtures
from tests.postgres import LEFT_OUT, bare_postgres_url, postgres  # noqa: F401  fixtures

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db.warning=false")

# A busy machine is no defect of the product: no example is failed for being slow.
settings.register_profile("landfall", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("landfall")

T = TypeVar("T")
Run = Callable[..., Any]

LANDFALL = 1_505_140_200_000  # 11 Sep 2017, 10:30 in St. Petersburg, when the Irma exercise opens
PATIENCE_S = 30.0
MANY_OBJECTS = 100_000
TABLE = "table"


class StillClock:
    """A clock that goes only when it is told to."""

    def __init__(self, now: int = LANDFALL) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def set(self, now: int) -> None:
        self._now = now

    def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        self._now += round((seconds + 60 * minutes + 3600 * hours) * 1000)


@pytest.fixture(autouse=True, scope="session")
def collect_in_this_thread() -> Iterator[None]:
    """As the console does: a widget that a worker thread frees takes the program with it."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def collect_after_each_window(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    assert not gc.isenabled(), "The test has let every thread collect: a worker may now free a widget."
    # What this test made is young: what older ones left over need not be walked again.
    if gc.get_count()[0] > MANY_OBJECTS or "qapp" in request.fixturenames:
        gc.collect(1)


@pytest.fixture(autouse=True, scope="session")
def read_cues_once() -> Iterator[None]:
    """The cue lists are files of ours that nobody changes while a seat is open: making patterns of them was
    four fifths of what a seat takes to open, in each test again."""
    from dispatch.triage import rules

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "load_cues", functools.lru_cache(rules.load_cues))
        yield


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def zone() -> ZoneInfo:
    return ZoneInfo("America/New_York")


@pytest.fixture
def workers() -> Iterator[Workers]:
    lanes = Workers()
    yield lanes
    lanes.close()


@pytest.fixture
def loop(request: pytest.FixtureRequest) -> Iterator[asyncio.AbstractEventLoop]:
    """The Qt loop where a test has a window, asyncio's own elsewhere; closed whatever happens."""
    if "qapp" in request.fixturenames:
        from tests.qt_loop import TestLoop

        made = TestLoop(request.getfixturevalue("qapp"))
    else:
        made = asyncio.new_event_loop()
    with contextlib.closing(made):
        yield made
        if left := asyncio.all_tasks(made):
            for task in left:
                task.cancel()
            made.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@pytest.fixture
def run(loop: asyncio.AbstractEventLoop) -> Run:
    """`run(coroutine)` gives its result; what never ends fails the test instead of holding it."""

    def run_within(work: Coroutine[Any, Any, T], timeout_s: float = PATIENCE_S) -> T:
        return loop.run_until_complete(asyncio.wait_for(work, timeout_s))

    return run_within


@pytest.fixture
def wait_until(run: Run) -> Callable[..., None]:
    """`wait_until(lambda: ...)` lets the loop go on until the condition holds."""

    def wait(condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        async def look() -> None:
            while not condition():
                await asyncio.sleep(0.005)

        run(look(), timeout_s)

    return wait


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Any]:
    """The exercise's own 311 server in a process of its own, told by the test how to behave."""
    from tests.city import City

    with City(tmp_path / "city") as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store of each kind: what holds for one must hold for the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'seat.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in which the tables are still to be made."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'seat.db'}"
    return str(request.getfixturevalue("bare_postgres_url"))


class Heard(logging.Handler):
    """Warnings and worse of one test, against those it said it would see."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.expected: list[re.Pattern[str]] = []
        self.allowed: list[re.Pattern[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {logging.Formatter().format(record)}")

    def complaints(self) -> list[str]:
        known = self.expected + self.allowed
        surprises = [line for line in self.lines if not any(pattern.search(line) for pattern in known)]
        absent = [pattern for pattern in self.expected if not any(map(pattern.search, self.lines))]
        return [f"did not expect to log: {line}" for line in surprises] + [
            f"expected to log: {pattern.pattern}" for pattern in absent
        ]


@pytest.fixture(autouse=True)
def heard() -> Iterator[Heard]:
    """A warning nobody expected is a failure."""
    handler = Heard()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    if complaints := handler.complaints():
        pytest.fail("\n".join(complaints), pytrace=False)


@pytest.fixture
def expect_warning(heard: Heard) -> Callable[[str], None]:
    """`expect_warning(pattern)`: this test must log such a line."""
    return lambda pattern: heard.expected.append(re.compile(pattern))


@pytest.fixture
def allow_warning(heard: Heard) -> Callable[[str], None]:
    """`allow_warning(pattern)`: where chance decides whether the line is logged (random faults, races)."""
    return lambda pattern: heard.allowed.append(re.compile(pattern))


@pytest.fixture
def say_table(record_property: Callable[[str, object], None]) -> Callable[[str, list[str]], None]:
    """`say_table(title, lines)`: what a long test met stands at the end of the run, passed or failed."""
    return lambda title, lines: record_property(TABLE, [title, *lines])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what the long tests met, and which part of the tests was left out, and why."""
    stats = terminalreporter.stats
    for report in (*stats.get("passed", ()), *stats.get("failed", ())):
        for name, lines in report.user_properties if report.when == "call" else ():
            if name == TABLE:
                terminalreporter.section(lines[0])
                terminalreporter.write_line("\n".join(lines[1:]))
    without = sum(LEFT_OUT in str(report.longrepr) for report in stats.get("skipped", ()))
    if without:
        terminalreporter.write_line(f"Left out: {without} tests on a real PostgreSQL, because {LEFT_OUT}.")
    if terminalreporter.config.option.markexpr == "not soak":
        terminalreporter.write_line(
            "Left out: the long runs, because they have a door of their own (make soak)."
        )
