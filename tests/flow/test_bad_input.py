"""What is wrong from outside gets one clear sentence with the way out, an exit code, and loses nothing."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dispatch.locks import seat_lock
from dispatch.settings import FILE
from tests.city import ROOT, City
from tests.in_step import hurry, stored, truth
from tests.rooms import Room

PATIENCE_S = 90.0
TINY_DISK = "size=3m"


class Ended:
    """How a program ended: its code, and what it said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def sentence(self) -> str:
        """The one line on standard error that is no log line and no progress."""
        lines = [line for line in self.err.splitlines() if line.strip() and not _is_aside(line)]
        assert "Traceback" not in self.err and len(lines) == 1, self.err
        return lines[0]


def _is_aside(line: str) -> bool:
    is_log = line[:4].isdigit() and (" INFO " in line or " WARNING " in line)
    is_progress = line.split(":")[0] in ("starting", "behind", "waiting", "in_step", "refused")
    return is_log or is_progress or line.startswith("This plugin does not support")


def start(*words: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(program: subprocess.Popen[str]) -> Ended:
    out, err = program.communicate(timeout=PATIENCE_S)
    return Ended(program.returncode, out, err)


def console(*words: str) -> Ended:
    return end_of(start("main.py", *words))


def sync(url: str, store: Path | str, *words: str, **environment: str) -> Ended:
    address = store if isinstance(store, str) else f"sqlite:///{store}"
    until = () if "--for" in words else ("--once",)
    command = ("-m", "dispatch", "sync", "--url", url, "--store", address, "--budget", "0", *until, *words)
    return end_of(start(*command, **environment))


@contextmanager
def server_that_says(status: int, body: bytes, kind: str = "application/json") -> Iterator[str]:
    """An outside party that answers everything with the same; gives its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v2"
        server.shutdown()
        thread.join()


def nobody_listens() -> str:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{line.getsockname()[1]}/api/v2"


def live_seat(folder: Path, url: str) -> Path:
    folder.mkdir()
    (folder / FILE).write_text(f'[server]\nurl = "{url}"\npoll_s = 1\n')
    return folder


# -- the server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (401, b'{"errors":"no"}', "application/json", "wants a token (401)"),
        (403, b'{"errors":"no"}', "application/json", "forbids this (403)"),
        (
            200,
            b"<html><title>Sign in</title></html>",
            "text/html",
            "answered with a web page instead of data",
        ),
        (200, b'{"status":"ok"}', "application/json", "without a list of issues"),
        (200, b"[1, 2]", "application/json", "something that is not an object"),
        (200, b"\x00\x01", "application/json", "something that is not JSON"),
        (404, b"", "text/plain", "does not have this (404)"),
    ],
)
def test_a_server_that_refuses_or_talks_nonsense_is_told_in_a_sentence(
    tmp_path: Path, status: int, body: bytes, kind: str, says: str
) -> None:
    with server_that_says(status, body, kind) as url:
        ended = sync(url, tmp_path / "seat.db")

    assert ended.code == 1 and says in ended.sentence and not ended.out
    assert (tmp_path / "seat.db").exists()


def test_a_server_out_of_reach_is_tried_for_a_while_and_then_told(tmp_path: Path) -> None:
    ended = sync(nobody_listens(), tmp_path / "seat.db", "--for", "3")

    assert ended.code == 0
    assert "takes no connections: it is off, or its address in the settings is wrong" in ended.err
    assert json.loads(ended.out)["complete"] is False and "Traceback" not in ended.err


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    ended = sync("not a web address", tmp_path / "seat.db")

    assert ended.code == 1 and "is no web address" in ended.sentence


def test_the_console_opens_without_its_server_and_the_line_says_why(tmp_path: Path) -> None:
    seat = live_seat(tmp_path / "seat", nobody_listens())
    program = start("main.py", "--data", str(seat))

    said = _read_until(program, "takes no connections")
    program.send_signal(signal.SIGTERM)
    ended = end_of(program)

    assert "takes no connections: it is off, or its address in the settings is wrong" in said
    assert ended.code == 0 and "Traceback" not in said + ended.err


def _read_until(program: subprocess.Popen[str], words: str) -> str:
    """What it has said up to these words; fails when it ends or stays silent too long."""
    assert program.stderr is not None
    lines: queue.Queue[str] = queue.Queue()
    stream = program.stderr

    def read() -> None:
        while (line := stream.readline()) and words not in line:
            lines.put(line)
        lines.put(line)

    reader = threading.Thread(target=read)
    reader.start()
    reader.join(PATIENCE_S)
    said = "".join(lines.get() for _ in range(lines.qsize()))
    assert words in said, said
    return said


# -- files ------------------------------------------------------------------------------------------------


def test_a_damaged_settings_file_is_named_with_its_line_and_kept(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text('[server]\nurl = "http://city\n')

    ended = console("--data", str(tmp_path))

    assert ended.code == 1 and str(path) in ended.sentence and "line 2" in ended.sentence
    assert path.read_text() == '[server]\nurl = "http://city\n'


def test_a_console_that_is_not_set_up_says_where_to_begin(tmp_path: Path) -> None:
    ended = console("--data", str(tmp_path))

    assert ended.code == 1
    assert str(tmp_path / FILE) in ended.sentence and "--exercise irma" in ended.sentence


@pytest.mark.parametrize("how", ["overwritten", "in the middle", "cut off"])
def test_a_damaged_database_is_named_kept_and_mended_by_moving_it_away(
    tmp_path: Path, city: City, how: str
) -> None:
    city.add_report("Oak across the road")
    database = tmp_path / "seat.db"
    assert sync(city.url, database).code == 0
    _damage(database, how)
    before = database.read_bytes()

    ended = sync(city.url, database)

    assert ended.code == 1
    assert f"The database {database} is damaged. Move the file away and start again" in ended.sentence
    assert database.read_bytes() == before
    database.rename(tmp_path / "kept.db")
    again = sync(city.url, database)
    assert again.code == 0 and json.loads(again.out)["requests"] == 1


def _damage(database: Path, how: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = database.read_bytes()
    damaged = {
        "overwritten": b"\x00garbage" * 4096,
        "in the middle": whole[:8192] + b"\xff" * (len(whole) - 12288) + whole[-4096:],
        "cut off": whole[: len(whole) // 3],
    }
    database.write_bytes(damaged[how])
    for beside in database.parent.glob("seat.db-*"):
        beside.unlink()


def test_the_console_tells_of_a_damaged_database_too(tmp_path: Path) -> None:
    seat = live_seat(tmp_path / "seat", "http://127.0.0.1:9/api/v2")
    (seat / "seat.db").write_bytes(b"this was a database once" * 400)

    ended = console("--data", str(seat))

    assert ended.code == 1 and "is damaged. Move the file away and start again" in ended.sentence
    assert (seat / "seat.db").read_bytes().startswith(b"this was a database once")


def test_a_second_console_on_the_same_folder_says_so_and_ends(tmp_path: Path) -> None:
    held = seat_lock(tmp_path)
    held.take()

    ended = console("--exercise", "quiet", "--data", str(tmp_path))

    held.let_go()
    assert ended.code == 1
    assert "Another Landfall console already works with the data folder" in ended.sentence
    assert "--data DIR" in ended.sentence
    assert not (tmp_path / "seat.db").exists()


@pytest.mark.parametrize("program", ["console", "sync"])
def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path, program: str) -> None:
    place = tmp_path / "place"
    place.write_text("my letters")

    if program == "console":
        ended = console("--data", str(place))
    else:
        ended = sync("http://127.0.0.1:9/api/v2", place / "seat.db")

    assert ended.code == 1 and f"{place} is a file, not a folder" in ended.sentence
    assert place.read_text() == "my letters"


@pytest.fixture
def closed_folder(tmp_path: Path) -> Iterator[Path]:
    """Nothing can be written there, not even by root."""
    place = tmp_path / "closed"
    place.mkdir()
    place.chmod(0o500)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode and os.access(place, os.W_OK):
        pytest.skip("this account may write everywhere and cannot mount")
    yield place
    if not mounted.returncode:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("program", ["console", "exercise", "sync"])
def test_a_folder_that_may_not_be_written_is_told(closed_folder: Path, program: str) -> None:
    if program == "sync":
        ended = sync("http://127.0.0.1:9/api/v2", closed_folder / "seat.db")
    else:
        exercise = ["--exercise", "quiet"] if program == "exercise" else []
        ended = console(*exercise, "--data", str(closed_folder))

    assert ended.code == 1 and str(closed_folder) in ended.sentence
    assert "Traceback" not in ended.sentence and list(closed_folder.iterdir()) == []


# -- a full disk ------------------------------------------------------------------------------------------


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", TINY_DISK, "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk can be mounted by root only ({mounted.stderr.strip()})")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 512, 1):
            while True:
                try:
                    file.write(b"\x00" * size)
                except OSError:
                    break
    return filler


def test_a_disk_full_at_the_start_is_told(tiny_disk: Path, city: City) -> None:
    fill(tiny_disk)

    for ended in (
        sync(city.url, tiny_disk / "seat" / "seat.db"),
        console("--exercise", "quiet", "--data", str(tiny_disk / "seat")),
    ):
        assert ended.code == 1 and "full" in ended.sentence


def test_a_disk_that_fills_up_stops_acts_with_a_sentence_and_loses_nothing_done(
    tiny_disk: Path, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    from dispatch.errors import StoreUnusable

    ids = [city.add_report(f"Oak number {n} across the road") for n in range(3)]
    room = Room(tiny_disk / "seat", city, clock, run)
    room.sync()
    room.desk.message(room.site(ids[0]), "We have your report.")
    sent = room.escalate(ids[1])

    filler = fill(tiny_disk)
    done = 0
    with pytest.raises(StoreUnusable, match=r"The disk is full.*Free some space"):
        for n in range(2000):
            room.desk.note(room.site(ids[2]), f"note {n} " + "x" * 2000)
            done += 1
    kept = [fact.value for fact in room.view(ids[2]).facts]
    assert len(kept) == done

    # Room again: everything that was shown as done goes on, and what was refused can be done.
    filler.unlink()
    hurry(room)
    room.desk.note(room.site(ids[2]), "after the disk was cleared")
    room.sync()
    assert city.messages(ids[0]).count("We have your report.") == 1
    assert [item.escalation_id for item in room.view(ids[1]).escalations] == [sent.escalation_id]
    assert len(room.files()) == 2 and stored(room) == truth(city)
    assert len(room.view(ids[2]).facts) == done + 1 and room.log_acts()
    room.close()


def test_a_sync_whose_disk_fills_up_ends_with_a_sentence_and_goes_on_later(
    tiny_disk: Path, tmp_path: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,size=1200k", str(tiny_disk)], check=True)
    with City(tmp_path / "city", "harvey", options=("--all-at-once",)) as city:
        ended = sync(city.url, tiny_disk / "seat.db")
        assert ended.code == 1 and "The disk is full" in ended.sentence

        subprocess.run(["mount", "-o", "remount,size=64m", str(tiny_disk)], check=True)
        again = sync(city.url, tiny_disk / "seat.db")

        assert again.code == 0 and json.loads(again.out)["requests"] == len(truth(city))


# -- arguments --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--exercise", "irmaa"], "there is no storm 'irmaa'; there are irma, harvey, quiet"),
        (["--exercise", "nowhere.csv"], "there is no storm 'nowhere.csv'"),
        (["--size", "big"], "write it like 1366x768"),
        (["--size", "0x0"], "write it like 1366x768"),
        (["--size", "99999x99999"], "write it like 1366x768"),
        (["--speed", "fast"], "write a number from 0 to 86400"),
        (["--speed", "nan"], "write a number from 0 to 86400"),
        (["--speed", "-4"], "write a number from 0 to 86400"),
        (["--theme", "pink"], "choose from"),
        (["--colour"], "--colour"),
    ],
)
def test_wrong_arguments_of_the_console_are_told_in_one_sentence(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from ui import arguments

    with pytest.raises(SystemExit) as ended:
        arguments.read(words)

    said = capsys.readouterr().err
    assert ended.value.code == 2 and says in said and said.count("\n") == 1


def test_the_program_itself_ends_with_two_for_a_wrong_argument(tmp_path: Path) -> None:
    ended = console("--exercise", "irmaa", "--data", str(tmp_path / "seat"))

    assert ended.code == 2 and "there is no storm 'irmaa'" in ended.sentence
    assert not (tmp_path / "seat").exists()


@pytest.mark.parametrize(
    "address", ["mysql://root:secret@host/x", "postgresql://root:secret@host/x", "foo:secret", "", "seat.db"]
)
def test_a_store_of_an_unknown_kind_is_a_wrong_argument_and_no_password_is_said(address: str) -> None:
    ended = sync("http://127.0.0.1:9/api/v2", address)

    assert ended.code == 2 and "postgresql+psycopg://" in ended.sentence and "sqlite:////" in ended.sentence
    assert "secret" not in ended.err


def test_a_log_that_is_not_there_is_not_called_intact(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'typo.db'}"
    ended = end_of(start("-m", "dispatch", "log", "verify", "--store", address))

    assert ended.code == 1 and "There is no database" in ended.sentence
    assert not (tmp_path / "typo.db").exists()


# -- beside a console -------------------------------------------------------------------------------------


def test_a_sync_without_a_console_works_in_the_activation_that_is_on(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    """It must not open one of its own: the console would not find its storm and suspensions again."""
    room = Room(tmp_path / "seat", city, clock, run)
    activation_id = room.parts.actor.activation_id
    request_id = city.add_report("Oak across the road")
    room.sync()
    sent = room.escalate(request_id)
    room.close()

    ended = sync(city.url, tmp_path / "seat" / "seat.db")

    assert ended.code == 0, ended.err
    again = Room(tmp_path / "seat", city, clock, run)
    assert again.parts.actor.activation_id == activation_id
    assert again.view(request_id).escalations[0].sent_at is not None
    assert any(sent.escalation_id in name for name in again.files())
    again.close()


def test_two_syncs_on_one_folder_the_second_says_so(tmp_path: Path, city: City) -> None:
    city.add_report("Oak across the road")
    store = tmp_path / "seat.db"
    first = start(
        "-m",
        "dispatch",
        "sync",
        "--url",
        city.url,
        "--store",
        f"sqlite:///{store}",
        "--for",
        "60",
        "--budget",
        "0",
    )
    _read_until(first, "in_step")

    second = sync(city.url, store)

    first.send_signal(signal.SIGKILL)
    end_of(first)
    assert second.code == 1 and "already syncing" in second.sentence
    # A killed one lets go by itself.
    until = time.monotonic() + PATIENCE_S
    while (third := sync(city.url, store)).code and time.monotonic() < until:
        pass
    assert third.code == 0
