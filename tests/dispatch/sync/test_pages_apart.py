"""A long backlog fetched by a process of its own: the same pages, and nothing lost when it fails or dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.errors import RateLimited
from dispatch.processor import LEAST
from dispatch.records import Page
from dispatch.rehearsal import interpreter
from dispatch.servers import Newest
from dispatch.sync.bounds import older
from dispatch.sync.pages_apart import AHEAD, Errand, PagesApart
from dispatch.sync.pull import Pull
from tests.benchmarks import rows
from tests.city import ROOT, TOKEN, City
from tests.in_step import stored, truth
from tests.rooms import Room

PAGE = 100
ROWS = 20 * PAGE
# Coming up is half a second's work, and with the least share it may have a hundredth of a busy machine.
LONG_S = 180.0
START = (rows.LAST_AT + 1_000, 1)
COMMAND = [*interpreter(), "pages-apart"]
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes by /proc")
Wait = Callable[..., None]


@pytest.fixture(scope="module")
def full_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    rows.write_csv(path, ROWS)
    options = ["--rows", str(path), "--all-at-once"]
    with City(tmp_path_factory.mktemp("city"), "rows", options=options) as city:
        yield city


@pytest.fixture
def room(tmp_path: Path, full_city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    seat = Room(tmp_path / "seat", full_city, clock, run)
    yield seat
    seat.close()


def errand(url: str) -> Errand:
    return Errand(city="st-petersburg", contact="", kind="seeclickfix", url=url, organization="", token=TOKEN)


@pytest.fixture
def apart(room: Room, full_city: City) -> Iterator[Callable[..., PagesApart]]:
    opened: list[PagesApart] = []

    def open_one(command: list[str] = COMMAND, many_rows: int = PAGE) -> PagesApart:
        server = room.pull._line.server
        opened.append(PagesApart(server, command, errand(full_city.url), many_rows=many_rows))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def begun(apart: PagesApart, wait_until: Wait) -> int:
    """The first page is asked for here, and then the process is there."""
    apart.page(Newest(START[0]), START[1])
    wait_until(lambda: apart._life is not None and apart._life.is_up, LONG_S)
    assert apart.process_id
    return apart.process_id


def is_gone(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def walked(page_of: Callable[[Newest, int], Page]) -> list[Page]:
    place, pages = START, []
    while place:
        pages.append(page_of(Newest(place[0]), place[1]))
        place = older(place, pages[-1])
    return pages


def test_its_pages_are_the_servers_own(room: Room, apart: Any, wait_until: Wait) -> None:
    pages = apart()
    begun(pages, wait_until)

    assert walked(pages.page) == walked(room.pull._line.server.page)
    assert pages.process_id, "it has made them all"


def test_it_goes_on_from_wherever_it_is_asked(room: Room, apart: Any, wait_until: Wait) -> None:
    pages, server = apart(), room.pull._line.server
    begun(pages, wait_until)
    places = [(START[0] - number * 100_000, 1) for number in (5, 0, 3, 3)]

    came = [pages.page(Newest(before_at), number) for before_at, number in places]

    assert came == [server.page(Newest(before_at), number) for before_at, number in places]


def test_a_backlog_comes_in_whole_and_the_process_ends_with_it(
    room: Room, run: Any, apart: Any, full_city: City, wait_until: Wait
) -> None:
    pages = apart()
    process_id = begun(pages, wait_until)
    pull = Pull(replace(room.pull._line, older=pages))

    run(pull.until_in_step())

    assert stored(room) == truth(full_city)
    assert pages.process_id is None
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)


def test_killed_in_the_middle_it_is_done_without(
    room: Room, run: Any, apart: Any, full_city: City, wait_until: Wait,
    expect_warning: Callable[[str], None],
) -> None:  # fmt: skip
    expect_warning("the process that fetches pages is of no use any more")
    pages = apart()
    process_id = begun(pages, wait_until)
    pull = Pull(replace(room.pull._line, older=pages))
    run(pull.live())
    run(pull.backlog())
    os.kill(process_id, signal.SIGKILL)

    run(pull.until_in_step())

    assert stored(room) == truth(full_city)
    assert pages.process_id is None


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["no-such-program"], "could not be started"),
        ([sys.executable, "-c", "raise SystemExit(1)"], "is of no use any more"),
        ([sys.executable, "-c", "print('x' * 5000)"], "is of no use any more"),
    ],
)
def test_one_that_cannot_start_is_done_without(
    room: Room, run: Any, apart: Any, full_city: City, expect_warning: Callable[[str], None],
    wait_until: Wait, command: list[str], said: str,
) -> None:  # fmt: skip
    expect_warning(f"the process that fetches pages {said}")
    pages = apart(command)
    pages.page(Newest(START[0]), 1)
    wait_until(lambda: pages._life is None or pages._life.is_up, LONG_S)

    run(Pull(replace(room.pull._line, older=pages)).until_in_step())

    assert stored(room) == truth(full_city)


def test_a_failure_is_raised_here_and_nothing_is_asked_behind_it(
    apart: Any, full_city: City, wait_until: Wait
) -> None:
    pages = apart()
    begun(pages, wait_until)
    place = START

    def go_on() -> None:
        nonlocal place
        for _ in range(AHEAD + 2):
            following = older(place, pages.page(Newest(place[0]), place[1]))
            assert following
            place = following

    go_on()
    full_city.fail_next(429, 429)
    for number in (1, 2):
        with pytest.raises(RateLimited) as failed:
            go_on()
        assert failed.value.retry_after_s == 1
        assert full_city.played()["429"] == number
    assert pages.page(Newest(place[0]), place[1]).requests, "it goes on where it failed"


def test_a_short_backlog_and_one_of_few_calls_start_no_process(
    room: Room, apart: Any, full_city: City
) -> None:
    pages = apart(many_rows=ROWS + 1)

    walked(pages.page)
    built = [
        assembly.build_sync(
            room.parts, url=full_city.url, token=TOKEN, calls_per_minute=each, poll_s=6, many_rows=PAGE
        )[1]
        for each in (0, 20)
    ]

    assert pages.process_id is None
    assert [asking._line.older is None for asking in built] == [False, True]


@only_linux
def test_its_token_stands_where_nobody_else_can_read_it(apart: Any, wait_until: Wait) -> None:
    process = Path(f"/proc/{begun(apart(), wait_until)}")

    assert b"pages-apart" in process.joinpath("cmdline").read_bytes().split(b"\0")
    for name in ("cmdline", "environ"):
        assert f"={TOKEN}".encode() not in process.joinpath(name).read_bytes()
        assert TOKEN.encode() not in process.joinpath("cmdline").read_bytes().split(b"\0")
    assert TOKEN not in repr(errand("http://127.0.0.1:9"))


PARENT = """
import os, signal, sys, time
from dispatch.http import HttpDoor
from dispatch.servers import SERVERS, Newest, Where
from dispatch.sync.pages_apart import PagesApart
from tests.dispatch.sync.test_pages_apart import COMMAND, START, errand

url = sys.argv[1]
server = SERVERS["seeclickfix"](HttpDoor(), url, "", "", Where())
pages = PagesApart(server, COMMAND, errand(url), many_rows=1)
pages.page(Newest(START[0]), 1)
while not pages._life.is_up:
    time.sleep(0.01)
pages.page(Newest(START[0]), 1)
print(pages.process_id, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@only_linux
def test_it_ends_when_its_parent_is_killed(full_city: City, wait_until: Wait) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PARENT, full_city.url], cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == -signal.SIGKILL, done.stderr
    wait_until(lambda: is_gone(int(done.stdout)), LONG_S)


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this system has no such shares")
def test_what_is_new_never_waits_for_a_backlog(apart: Any, wait_until: Wait) -> None:
    session, _, share = Path(f"/proc/{begun(apart(), wait_until)}/autogroup").read_text().split()
    ours = Path("/proc/self/autogroup").read_text().split()[:1]  # whoever began with the system has none

    assert share == str(LEAST)
    assert [session] != ours
