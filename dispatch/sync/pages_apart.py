"""The pages of a long backlog from a process of its own, which asks and reads while we judge and save.

It makes each call by our leave and in our order, some pages ahead; when it cannot start, dies or hangs, this
process asks by itself as ever. Orders go over its standard input, its end is the end of it.
"""

from __future__ import annotations

import logging
import os
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from queue import Empty, SimpleQueue

import orjson

from dispatch.errors import LandfallError
from dispatch.records import Millis, Page
from dispatch.servers import Newest, Server
from dispatch.sync.apart import FLAGS
from dispatch.sync.bounds import older
from dispatch.sync.packed import At, unpack

log = logging.getLogger(__name__)

# With fewer rows left it would hardly be up before all is done.
MANY_ROWS = 3_000
# A server that takes longer for a page is what is waited for; nothing is won by reading beside it.
QUICK_S = 0.25
# Pages that may stand ready beside the one that is taken.
AHEAD = 3
# What was fetched ahead longer ago is asked for anew.
FRESH_S = 10.0
# A call ends by itself before that.
PATIENCE_S = 90.0
END_S = 2.0
LENGTH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """All that the process is told at its start."""

    city: str
    contact: str
    kind: str
    url: str
    organization: str
    token: str = field(repr=False)


class PagesApart:
    """Asks `server` itself until a backlog proves long and quick. From any thread, one call at a time."""

    def __init__(self, server: Server, command: Sequence[str], errand: Errand, *, many_rows: int) -> None:
        self._server = server
        self._command = command
        self._errand = errand
        self._many_rows = many_rows
        self._lock = threading.Lock()
        self._life: _Life | None = None
        self._is_given_up = False
        self._walk = 0
        # Where the walk under way goes on; None where it has ended.
        self._next: At | None = None
        self._asked_at = 0.0

    @property
    def process_id(self) -> int | None:
        life = self._life
        return life.process.pid if life else None

    def page(self, asked: Newest, number: int) -> Page:
        """As `Server.page`."""
        answer = self._from_there(asked, number)
        if isinstance(answer, LandfallError):
            raise answer
        if answer:
            return answer
        started = time.monotonic()
        page = self._server.page(asked, number)
        if time.monotonic() - started <= QUICK_S:
            self._begin_for(page)
        return page

    def close(self) -> None:
        """Nothing older is left to ask for."""
        with self._lock:
            life, self._life = self._life, None
        if life:
            life.end()

    def _begin_for(self, page: Page) -> None:
        is_long = page.next_page is not None and (page.entries is None or page.entries >= self._many_rows)
        with self._lock:
            if not is_long or self._life or self._is_given_up:
                return
            try:
                self._life = _Life(self._command, self._errand)
            except OSError as error:
                self._give_up(f"could not be started: {error}")

    def _from_there(self, asked: Newest, number: int) -> Page | LandfallError | None:
        """None when it has nothing to give, and this process asks by itself."""
        with self._lock:
            life = self._life
            if life is None or not life.is_up or asked.before_at is None:
                return None
            try:
                at = self._let_go_on(life, asked, asked.before_at, number)
                answer = life.answer(at)
            except (OSError, EOFError, Empty, ValueError, TypeError) as error:
                self._give_up(f"is of no use any more ({type(error).__name__})")
                return None
            following = older(at[1:], answer) if isinstance(answer, Page) else None
            self._next = (self._walk, *following) if following else None
            return answer

    def _let_go_on(self, life: _Life, asked: Newest, before_at: Millis, number: int) -> At:
        """Leave for one page more, or for some from another place on; gives where the wanted one stands."""
        now, last_at = time.monotonic(), self._asked_at
        self._asked_at = now
        if self._next and self._next[1:] == (before_at, number) and now - last_at <= FRESH_S:
            life.say()
            return self._next
        self._walk += 1
        life.say(walk=self._walk, before_at=before_at, since_at=asked.since_at, number=number)
        for _ in range(AHEAD):
            life.say()
        return (self._walk, before_at, number)

    def _give_up(self, why: str) -> None:
        log.warning("the process that fetches pages %s; they are fetched without it", why)
        life, self._life, self._is_given_up = self._life, None, True
        if life:
            life.process.kill()
            life.end()


class _Life:
    """The process, and a thread that takes in what it says, so that it is never held up by a full pipe."""

    def __init__(self, command: Sequence[str], errand: Errand) -> None:
        self.is_up = False
        self._answers: SimpleQueue[bytes] = SimpleQueue()
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command,
            stdin=pipe,
            stdout=pipe,
            # With a share of its own in the processor.
            start_new_session=os.name == "posix",
            creationflags=FLAGS,
        )
        threading.Thread(target=self._read, name="pages-apart", daemon=True).start()
        with suppress(OSError):  # it has gone already: the reading tells of it
            self.say(**asdict(errand))

    def say(self, **words: object) -> None:
        """Nothing at all is the leave for one page more."""
        assert self.process.stdin is not None
        self.process.stdin.write(orjson.dumps(words) + b"\n")
        self.process.stdin.flush()

    def answer(self, wanted: At) -> Page | LandfallError | None:
        """What it says of a place; what it still says of an older walk is passed over. Raises Empty when it
        says nothing for too long, EOFError when it has ended."""
        while True:
            packed = self._answers.get(timeout=PATIENCE_S)
            if not packed:
                raise EOFError
            at, answer = unpack(packed)
            if at == wanted:
                return answer

    def end(self) -> None:
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            while length := pipe.read(LENGTH_BYTES):
                packed = pipe.read(int.from_bytes(length, "big"))
                if self.is_up:
                    self._answers.put(packed)
                self.is_up = True
        # A start that failed is noticed at the next page as well.
        self.is_up = True
        self._answers.put(b"")
