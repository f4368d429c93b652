"""A real PostgreSQL for the tests: started on first use, a new database for each test, gone at the end."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

OLDEST = 15
START_S = 60.0
STOP_S = 30.0
LEFT_OUT = (
    f"PostgreSQL {OLDEST} or newer was not found on this machine "
    "(on Debian and Ubuntu: apt-get install postgresql)"
)


def find_programs() -> Path | None:
    """The folder with initdb and postgres: the newest on PATH or where Debian puts them."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    if found := shutil.which("postgres"):
        folders.append(Path(found).resolve().parent)
    usable = [folder for folder in folders if (folder / "initdb").exists() and version(folder) >= OLDEST]
    return max(usable, key=version, default=None)


def version(folder: Path) -> int:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


class PostgresServer:
    """One server process on a socket of its own. With `fsync` it is as careful as a city's would be."""

    def __init__(self, programs: Path, *, fsync: bool = False) -> None:
        self._programs = programs
        self._careful = "on" if fsync else "off"
        self._account = unprivileged_account()
        self._numbers = itertools.count(1)
        self._templates: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        # The server must reach the folder, which pytest's own (0700) would forbid, and the path of
        # its socket may be no longer than 107 bytes.
        self._home = Path(tempfile.mkdtemp(prefix="pg-"))
        self._home.chmod(0o755)

    def create(self) -> None:
        if self._account:
            shutil.chown(self._home, self._account)
        data = str(self._home / "data")
        words = [
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        made = self._spawn(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = made.communicate()
        if made.returncode:
            raise RuntimeError(f"initdb failed: {said.decode(errors='replace')}")

    def start(self) -> None:
        """Also after `stop`: what was committed is there again."""
        options = [f"fsync={self._careful}", f"full_page_writes={self._careful}", "max_connections=200"]
        words = ["postgres", "-D", str(self._home / "data"), "-k", str(self._home), "-h", ""]
        words += [word for option in options for word in ("-c", option)]
        with (self._home / "log").open("ab") as log:
            self._process = self._spawn(words, stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self._home / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, *, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT is the fast, clean stop; SIGQUIT is a power cut, mended at the next start."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(STOP_S)
            self._process = None

    def remove(self) -> None:
        self.stop(how=signal.SIGQUIT)
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The folder of its socket."""
        return self._home

    def wait_for(self, standby: Standby) -> None:
        """From now on a commit is one when the standby has it, too."""
        self._say("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._say("SELECT pg_reload_conf()")
        ends = time.monotonic() + START_S
        while not self._is_followed():
            if time.monotonic() > ends:
                raise RuntimeError(f"the standby does not follow: {standby.said()}")
            time.sleep(0.05)

    def _is_followed(self) -> bool:
        with psycopg.connect(host=str(self._home), user="postgres", dbname="postgres") as line:
            found = line.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone()
        return found is not None

    def said(self) -> str:
        return (self._home / "log").read_text(errors="replace")[-2000:]

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._home}"

    def new_database(self, template: str = "template1") -> str:
        """The URL of a database nobody else uses, copied from `template`."""
        name = f"test_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def template(self, name: str, prepare: Callable[[str], None]) -> str:
        """A database that `prepare(url)` fills once, to copy from; it must leave no connection open."""
        if name not in self._templates:
            self._say(f"CREATE DATABASE {name}")
            prepare(self.url(name))
            self._templates[name] = name
        return name

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self._home), user="postgres", dbname="postgres", autocommit=True
        ) as line:
            line.execute(statement.encode())

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            self._say("SELECT 1")
            return True
        return False

    def _spawn(self, words: list[str], **streams: Any) -> subprocess.Popen[bytes]:
        """initdb and postgres refuse to run as root."""
        as_whom: dict[str, Any] = {}
        if self._account:
            entry = pwd.getpwnam(self._account)
            as_whom = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        return subprocess.Popen(
            [str(self._programs / words[0]), *words[1:]],
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            **streams,
            **as_whom,
        )


class Standby(PostgresServer):
    """Follows a primary by streaming, reads only, and takes its place when it is told to."""

    def __init__(self, programs: Path, primary: PostgresServer) -> None:
        super().__init__(programs)
        self._primary = primary

    def follow_after(self, primary: PostgresServer) -> None:
        """Another one took the first one's place, before this one was made."""
        self._primary = primary

    def create(self) -> None:
        if self._account:
            shutil.chown(self._home, self._account)
        words = ["pg_basebackup", "-D", str(self._home / "data"), "-h", str(self._primary.home)]
        words += ["-U", "postgres", "-R", "-X", "stream", "-c", "fast", "-N"]
        made = self._spawn(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = made.communicate()
        if made.returncode:
            raise RuntimeError(f"pg_basebackup failed: {said.decode(errors='replace')}")

    def promote(self) -> None:
        """Also when its primary cannot answer any more; it waits for no standby of its own then."""
        self._say("SELECT pg_promote()")
        self._say("ALTER SYSTEM SET synchronous_standby_names = ''")
        self._say("SELECT pg_reload_conf()")


def unprivileged_account() -> str:
    """Whom the server runs as when we are root; empty when we are not."""
    if os.geteuid() != 0:
        return ""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def running(*, fsync: bool = False) -> Iterator[PostgresServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip(LEFT_OUT)
    server = PostgresServer(programs, fsync=fsync)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The session's server, started by the first test that asks for it."""
    with running() as server:
        yield server


@pytest.fixture
def bare_postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """A database as an administrator makes it: with nothing in it, not even tables."""
    url = postgres.new_database()
    yield url
    postgres.drop(url)
