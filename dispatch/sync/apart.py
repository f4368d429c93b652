"""The syncing in a process of its own: begun, told what to do, heard, and begun again when it dies.

Parsing, triage and saving hold the interpreter for their whole length; in the window's own process every
page that comes in would make it stutter. Both sides speak in lines of JSON: ours on its standard input, its
on its standard output. When its input ends (we have gone, however), it ends too and lets go of its lock.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from queue import SimpleQueue
from typing import Any

import orjson

from dispatch.records import SyncStatus
from dispatch.waiting import is_set_within

log = logging.getLogger(__name__)

STOP_S = 2.0
# It says every few seconds that it lives; one that says nothing for so long hangs and is replaced.
SILENT_S = 60.0
# Opening may bring the database to a new form first.
OPENING_S = 300.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
# Whoever lived so long starts with a clean sheet.
SETTLED_S = 60.0
LOOK_S = 5.0
ENDED = "The syncing ended by itself and is started again"
STARTING = SyncStatus("starting", "Asking the 311 server for the first time", None, None, 0, 0, 0, 0)
# The window goes first where both want the processor; on Windows the priority is given from outside.
FLAGS = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """All that the process is told at its start; over its input, where nobody else can read the token."""

    folder: str
    store_url: str = field(repr=False)
    settings: Mapping[str, Any]
    storm: str
    is_exercise: bool
    url: str
    token: str = field(repr=False)
    kind: str
    organization: str
    calls_per_minute: int
    poll_s: float
    # Where an exercise's clock is read; empty in earnest.
    control_url: str = ""


class Apart:
    """The console's end. Everything but `nudge`, `want_thread` and `look_at_clock` belongs to its loop;
    `tell` hears each new status, `nudge_readers` that the feed moved."""

    def __init__(
        self,
        command: Sequence[str],
        orders: Orders,
        *,
        tell: Callable[[SyncStatus], None],
        nudge_readers: Callable[[], None],
    ) -> None:
        self._command = command
        self._orders = orders
        self._tell = tell
        self._nudge_readers = nudge_readers
        self._life: _Life | None = None
        self._failures = 0
        self._is_wanted = self._is_paused = False
        self._timer: asyncio.TimerHandle | None = None
        self.status = STARTING

    @property
    def process_id(self) -> int | None:
        return self._life.process.pid if self._life else None

    def start(self) -> None:
        self._is_wanted = True
        self._begin()

    async def stop(self) -> None:
        """Let it finish what it writes; what takes longer than two seconds is cut off, as a crash would."""
        self._is_wanted = False
        if self._timer:
            self._timer.cancel()
        if life := self._life:
            life.say(None)
            if not await life.has_ended_within(STOP_S):
                log.warning("the syncing did not end in time and is cut off")
                life.kill()
                await life.has_ended_within(STOP_S)

    def nudge(self) -> None:
        """An act may have left something to send or to hand over."""
        self._say(do="nudge")

    def want_thread(self, request_ids: list[str]) -> None:
        """Somebody looks at these requests: fetch their threads next."""
        self._say(want=request_ids)

    def look_at_clock(self) -> None:
        """The exercise's clock was set."""
        self._say(do="clock")

    def pause_backlog(self, is_paused: bool) -> None:
        """Let what is older wait, or go on with it where it was; what is new comes in either way."""
        self._is_paused = is_paused
        self._say(paused=is_paused)

    def take_channels(self, channels: Mapping[str, Mapping[str, str]]) -> None:
        """Hand-overs go by these values from now on, in this life and the next ones."""
        self._orders = replace(self._orders, settings={**self._orders.settings, "channels": channels})
        self._say(channels=channels)

    def _say(self, **words: Any) -> None:
        if life := self._life:
            life.say(orjson.dumps(words))

    # -- its lives ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._life = _Life(
            self._command, asyncio.get_running_loop(), heard=self._heard, ended=self._begin_again
        )
        self._life.say(orjson.dumps(asdict(self._orders)))
        if self._is_paused:
            self._say(paused=True)
        self._watch()

    def _watch(self) -> None:
        """A process that hangs is no better than one that has gone."""
        life = self._life
        if life and life.is_silent():
            log.warning("the syncing says nothing any more and is cut off")
            life.kill()
        self._timer = asyncio.get_running_loop().call_later(LOOK_S, self._watch)

    def _heard(self, words: Mapping[str, Any]) -> None:
        if "changed" in words:
            self._nudge_readers()
        if "status" in words:
            status = SyncStatus(**words["status"])
            # A new life does not know yet how old the data is; we do.
            self._show(replace(status, in_step_at=status.in_step_at or self.status.in_step_at))

    def _begin_again(self, life: _Life) -> None:
        self._life = None
        if self._timer:
            self._timer.cancel()
        if not self._is_wanted:
            return
        self._failures = 1 if life.age_s > SETTLED_S else self._failures + 1
        pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (self._failures - 1))
        log.warning("the syncing ended (%s); it starts again in %.1f s", life.exit_code, pause_s)
        self._timer = asyncio.get_running_loop().call_later(pause_s, self._begin)
        sentence = life.last_words or ENDED
        self._show(
            replace(
                self.status,
                state="stopped",
                sentence=sentence,
                next_try_at=time.time() + pause_s,
                next_look_at=None,
                done_at=None,
            )
        )

    def _show(self, status: SyncStatus) -> None:
        if status != self.status:
            self.status = status
            self._tell(status)


class _Life:
    """One process from its start to its end. Its own two threads read and write the pipes, so that neither
    a full pipe nor a slow start holds up the loop; what they hear is told on the loop."""

    def __init__(
        self,
        command: Sequence[str],
        loop: asyncio.AbstractEventLoop,
        *,
        heard: Callable[[Mapping[str, Any]], None],
        ended: Callable[[_Life], None],
    ) -> None:
        self._loop = loop
        self._heard = heard
        self._tell_ended = ended
        self._to_say: SimpleQueue[bytes | None] = SimpleQueue()
        self._gone = asyncio.Event()
        self._began_at = self._heard_at = time.monotonic()
        self._has_spoken = False
        self.last_words = ""
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Not ours to be ended by Ctrl+C: we end first and in order, and its input with us.
            start_new_session=os.name == "posix",
            creationflags=FLAGS,
        )
        for work in (self._read, self._write):
            threading.Thread(target=work, name="sync-apart", daemon=True).start()

    @property
    def age_s(self) -> float:
        return time.monotonic() - self._began_at

    @property
    def exit_code(self) -> str:
        code = self.process.returncode
        if code is not None and code < 0:
            with suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"

    def say(self, line: bytes | None) -> None:
        """From any thread; None ends its input."""
        self._to_say.put(line)

    def kill(self) -> None:
        self.process.kill()

    def is_silent(self) -> bool:
        return time.monotonic() - self._heard_at > (SILENT_S if self._has_spoken else OPENING_S)

    async def has_ended_within(self, seconds: float) -> bool:
        return await is_set_within(self._gone, seconds)

    def _write(self) -> None:
        assert self.process.stdin is not None
        with suppress(OSError), self.process.stdin as pipe:  # it has gone: the reading tells of it
            while (line := self._to_say.get()) is not None:
                pipe.write(line + b"\n")
                pipe.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as pipe:
            for line in pipe:
                self._on_loop(self._take, line)
        self.process.wait()
        self._to_say.put(None)
        self._on_loop(self._end)

    def _on_loop(self, work: Callable[..., None], *args: Any) -> None:
        with suppress(RuntimeError):  # the loop was closed before the process ended
            self._loop.call_soon_threadsafe(work, *args)

    def _take(self, line: bytes) -> None:
        self._heard_at = time.monotonic()
        self._has_spoken = True
        try:
            words = orjson.loads(line)
        except orjson.JSONDecodeError:
            log.info("the syncing said something that is no JSON: %d bytes", len(line))
            return
        self.last_words = words.get("failed", self.last_words)
        self._heard(words)

    def _end(self) -> None:
        self._gone.set()
        self._tell_ended(self)
