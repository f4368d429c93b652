"""A line to a mail server that cannot hold us up, and what its failures mean in sentences."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dispatch.escalation.mail.road import Server

AGAIN = "it is tried again"


@contextmanager
def cut_after(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """A peer that drips a byte now and then never runs into the time-out of one answer: after so long the
    line is cut. `line` gives it once it is there."""

    def cut() -> None:
        with contextlib.suppress(OSError):
            if (there := line()) is not None:
                # Past the TLS layer, which is another thread's to use.
                socket.socket.shutdown(there, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def sentence(server: Server, error: Exception) -> str:
    """What a line that fails means, and what to do."""
    where, prefix = f"{server.what} {server.host}", server.prefix
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"The certificate of the {where} is not trusted ({error.verify_message}):"
                f" check {prefix}_host, or name the city's own authority in mail_ca_file."
            )
        case ssl.SSLEOFError():
            return broke(server)
        case ssl.SSLError():
            return (
                f"The {where} speaks no TLS on port {server.port}: check {prefix}_security and {prefix}_port."
            )
        case socket.gaierror():
            return f"The {where} is not known: check {prefix}_host and the network; {AGAIN}."
        case ConnectionRefusedError():
            return f"The {where} refuses port {server.port}: check {prefix}_port or ask IT; {AGAIN}."
        case TimeoutError():
            return f"The {where} is too slow to answer: {AGAIN}."
        case ConnectionError():
            return broke(server)
        case OSError() if error.strerror:
            return f"The {where} cannot be reached ({error.strerror}): check the network; {AGAIN}."
    return broke(server)


def broke(server: Server) -> str:
    return f"The line to the {server.what} {server.host} broke: {AGAIN}."


def login_refused(server: Server) -> str:
    return (
        f"The {server.what} {server.host} refuses the login of {server.user}: check {server.prefix}_user and"
        f" enter {server.secret_name} anew."
    )


def no_password(server: Server) -> str:
    return (
        f"No password of {server.user} for {server.host} is known: keep {server.secret_name} in the keyring."
    )


def words(said: bytes | str) -> str:
    """What a server says, in one short line of plain signs."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:160]
