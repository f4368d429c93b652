"""How a shared database is reached: over a line that is verified, and known to be dead within seconds."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Generator, Iterable
from typing import Any, TypeVar

import psycopg
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from dispatch.errors import StoreUnusable

T = TypeVar("T")

CONNECT_S = 2
# A server that has said nothing for so long is asked, on a line of its own, whether it still answers.
SILENT_S = 2.0
LOOK_S = 0.25
# What was sent and nobody acknowledged, and a line on which nobody speaks: both end after some five seconds.
KEEPALIVE = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 4000}
# The same from the server's end, so that a seat which was cut off does not hold what it had taken.
SERVER_SIDE = {
    "tcp_keepalives_idle": "2",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "4000",
    # A seat that hangs in the middle of an act would hold up the whole room.
    "idle_in_transaction_session_timeout": "15000",
}
VERIFIED = ("verify-full", "verify-ca")
# The system's certificates as "sslrootcert=system"; before that version a file has to be named.
LIBPQ_WITH_SYSTEM = 160_000
# The server ends sessions, starts or stops, takes no more of them, or is a standby that only reads.
AWAY = ("57P01", "57P02", "57P03", "57P05", "53300", "25006", "25P03")


class Line(psycopg.Connection[Any]):
    """A host that hangs, or a network that swallows everything, ends no line by itself: whoever waits for a
    slow answer looks meanwhile whether the server still lets anybody in."""

    def wait(self, gen: Any, interval: float = LOOK_S, timeout: float | None = None) -> Any:
        return super().wait(self._watched(gen), interval, timeout)

    def _watched(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        heard_at = time.monotonic()
        try:
            state = next(gen)
        except StopIteration as over:
            return over.value  # type: ignore[no-any-return]
        while True:
            ready = yield state
            if ready:
                heard_at = time.monotonic()
            elif time.monotonic() - heard_at > SILENT_S:
                self._ask_its_server()
                heard_at = time.monotonic()
            try:
                state = gen.send(ready)
            except StopIteration as over:
                return over.value  # type: ignore[no-any-return]

    def _ask_its_server(self) -> None:
        try:
            words: dict[str, Any] = {
                **self.info.get_parameters(),
                # This one of several, whether it can be written to or not.
                "host": self.info.host,
                "port": self.info.port,
                "password": self.info.password,
                "target_session_attrs": "any",
                "connect_timeout": CONNECT_S,
            }
            psycopg.connect(**words).close()
        except psycopg.OperationalError as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the server does not answer any more") from error


def engine_of(url: URL) -> Engine:
    """Sessions are tried before they are used: after the loss of a server the next one is asked."""
    return create_engine(
        _verified(url), hide_parameters=True, connect_args=_arguments(url), pool_pre_ping=True, pool_size=5
    )


def is_away(error: DBAPIError) -> bool:
    """Whether the database did not answer, so that what was asked may be asked again."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        # The driver's own: no line, or one that broke.
        return error.connection_invalidated or type(error.orig).__name__ in (
            "OperationalError",
            "ConnectionTimeout",
            "InterfaceError",
        )
    return str(state).startswith("08") or state in AWAY


def hosts_of(url: URL) -> tuple[str, ...]:
    """All hosts an address names; folders of sockets among them."""
    named = url.query.get("host", ())
    hosts = [named] if isinstance(named, str) else list(named)
    hosts += [url.host] if url.host else []
    return tuple(host for each in hosts for host in each.split(",") if host)


def _arguments(url: URL) -> dict[str, Any]:
    options = " ".join(f"-c {name}={value}" for name, value in SERVER_SIDE.items())
    if said := url.query.get("options"):
        options = f"{options} {said if isinstance(said, str) else ' '.join(said)}"
    given: dict[str, Any] = {"connect_timeout": CONNECT_S, "keepalives": 1, **KEEPALIVE}
    arguments = {name: value for name, value in given.items() if name not in url.query}
    return {**arguments, "options": options}


def _verified(url: URL) -> URL:
    """Raises StoreUnusable for a line across the network on which anybody could answer."""
    more: dict[str, str] = {}
    hosts = hosts_of(url)
    if len(hosts) > 1 and "target_session_attrs" not in url.query:
        more["target_session_attrs"] = "read-write"
    if _are_remote(hosts):
        mode = url.query.get("sslmode", "verify-full")
        if mode not in VERIFIED:
            raise StoreUnusable(
                f"The database's address says sslmode={mode}: anybody on the way could read it. "
                "Say sslmode=verify-full, and sslrootcert=FILE for a certificate of your own."
            )
        more["sslmode"] = str(mode)
        if "sslrootcert" not in url.query and _libpq() >= LIBPQ_WITH_SYSTEM and mode == "verify-full":
            more["sslrootcert"] = "system"
    return url.update_query_dict(more) if more else url


def _are_remote(hosts: Iterable[str]) -> bool:
    return any(not host.startswith(("/", "@")) and not _is_this_machine(host) for host in hosts)


def _is_this_machine(host: str) -> bool:
    name = host.strip("[]") if host.count(":") != 1 else host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _libpq() -> int:
    from psycopg import pq

    return pq.version()
