"""Hears what a shared database tells of: the feed moved, somebody looks elsewhere. Only a nudge.

What is missed while the line is broken costs nothing: all of it is read from the tables, which the nudge
after each new connection sees to, as does the look each second.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

from dispatch.store.store import Store

log = logging.getLogger(__name__)

NAME = "landfall-listener"
# How soon `stop` is noticed; what is told is heard at once.
LOOK_S = 0.2
CONNECT_S = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 5.0
STOP_S = 2.0
# A line that died in silence (a pulled cable, a host that went) is noticed within about ten seconds.
ALIVE = {"keepalives": 1, "keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3}


class Listener:
    """A connection and a thread of its own. `hear` says for each channel what is called when something came,
    once for several at a time, on the listener's thread."""

    def __init__(self, store: Store, hear: Mapping[str, Callable[[], None]]) -> None:
        self._store = store
        self._hear = dict(hear)
        self._is_ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="listener", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait for its end, as long as it listens; one that is still connecting ends by itself and is heard
        no more."""
        self._is_ended.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    # -- inside: the listener's thread ------------------------------------------------------------------

    def _live(self) -> None:
        pause_s, broken_at = FIRST_PAUSE_S, 0.0
        while not self._is_ended.is_set():
            try:
                with self._connected() as line:
                    self._nudge(self._hear)
                    if broken_at:
                        log.info("notifications are heard again after %.1f s", time.monotonic() - broken_at)
                    pause_s, broken_at = FIRST_PAUSE_S, 0.0
                    self._listen(line)
            except psycopg.Error as error:
                if not broken_at:
                    broken_at = time.monotonic()
                    log.info("no notifications for now: %s", type(error).__name__)
                self._is_ended.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _connected(self) -> psycopg.Connection:
        # By the engine's own way of reading the address: several hosts are several hosts here, too.
        engine = self._store.engine
        args, given = engine.dialect.create_connect_args(engine.url)
        words = {"connect_timeout": CONNECT_S, **ALIVE, **given, "application_name": NAME}
        line = psycopg.connect(*args, **words, autocommit=True)
        try:
            for channel in self._hear:
                line.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        except BaseException:
            line.close()
            raise
        return line

    def _listen(self, line: psycopg.Connection) -> None:
        while not self._is_ended.is_set():
            self._nudge({told.channel for told in line.notifies(timeout=LOOK_S, stop_after=1)})

    def _nudge(self, channels: Mapping[str, object] | set[str]) -> None:
        for channel in channels:
            if not self._is_ended.is_set():
                self._hear[channel]()
