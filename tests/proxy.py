"""The network between a seat and its database: a proxy that lets through, swallows all, or hangs up."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress


class Proxy:
    """`port` on 127.0.0.1 leads to `target` (a port there, or the path of a socket)."""

    def __init__(self, target: int | str) -> None:
        self.target = target
        self._is_swallowing = threading.Event()
        self._is_down = threading.Event()
        self._is_over = threading.Event()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def swallow(self) -> None:
        """As a pulled cable: nothing comes through in either direction, and nobody is told."""
        self._is_swallowing.set()

    def heal(self) -> None:
        """New lines come through again; what was swallowed stays lost, and its lines are cut."""
        self._is_swallowing.clear()
        self.reset()

    def go_down(self) -> None:
        """As a server that was stopped: every line is cut, and each new one at once."""
        self._is_down.set()
        self.reset()

    def come_up(self) -> None:
        self._is_down.clear()

    def reset(self) -> None:
        """Every line is cut at once."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _cut(pair)

    def stop(self) -> None:
        self._is_over.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # or whoever waits at it lets one more in
        self._door.close()
        self.reset()

    def _let_in(self) -> None:
        while not self._is_over.is_set():
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._is_down.is_set():
                near.close()
                continue
            if self._is_swallowing.is_set():
                self._pairs.append((near, near))  # taken, and never answered
                continue
            try:
                far = self._reach()
            except OSError:
                near.close()
                continue
            pair = near, far
            self._pairs.append(pair)
            threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _reach(self) -> socket.socket:
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target), timeout=5)
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.target)
        except OSError:
            far.close()
            raise
        return far

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        other = {pair[0]: pair[1], pair[1]: pair[0]}
        with suppress(OSError, ValueError):
            while True:
                for ready in select.select(list(pair), [], [], 0.2)[0]:
                    if not (said := ready.recv(65536)):
                        return _cut(pair) if not self._is_swallowing.is_set() else None
                    if not self._is_swallowing.is_set():
                        other[ready].sendall(said)


def _cut(pair: tuple[socket.socket, socket.socket]) -> None:
    for end in pair:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
