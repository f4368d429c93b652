"""The mailbox that answers come to, read over IMAP4rev1: nothing is deleted, and what a person has opened
meanwhile is read all the same."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dispatch.errors import ChannelFailed
from dispatch.escalation.mail import line
from dispatch.escalation.mail.line import AGAIN, cut_after, words
from dispatch.escalation.mail.received import MOST_BYTES
from dispatch.escalation.mail.road import CONNECT_S, WHOLE_S, Server

MOST_MAILS = 50
# The first time only what is new and unseen: not what lies in the mailbox from before the storm.
FIRST_LOOK = timedelta(days=2)
# IMAP's own names, whatever the language of this machine.
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a folder was read: everything up to this number. Numbers hold while `validity` stays."""

    validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Mail:
    uid: int
    size: int
    content: bytes  # its start, where it is longer than we read


class Mailbox:
    """One visit to a folder."""

    def __init__(self, imap: imaplib.IMAP4, server: Server, validity: int, next_uid: int) -> None:
        self._imap = imap
        self._server = server
        self.validity = validity
        self.next_uid = next_uid

    def after(self, mark: Mark | None) -> list[Mail]:
        """What came since, oldest first, at most so many at once."""
        if mark is not None and mark.validity == self.validity:
            # "n:*" names the last mail even where n lies behind it.
            found = [uid for uid in self._search(f"UID {mark.uid + 1}:*") if uid > mark.uid]
        else:
            day = datetime.now(UTC) - FIRST_LOOK
            found = self._search(f"UNSEEN SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")
        return [mail for uid in sorted(found)[:MOST_MAILS] if (mail := self._fetch(uid)) is not None]

    def mark_seen(self, uids: Collection[int]) -> None:
        if uids:
            kept = ",".join(map(str, sorted(uids)))
            self._ask("STORE", kept, "+FLAGS.SILENT", r"(\Seen)")

    def move(self, uids: Collection[int], folder: str) -> None:
        """To where people find what was read by us; a server that cannot move keeps them where they are."""
        if not uids or "MOVE" not in self._imap.capabilities:
            return
        with suppress(imaplib.IMAP4.error):
            self._imap.create(_quoted(folder))
        self._ask("MOVE", ",".join(map(str, sorted(uids))), _quoted(folder))

    def _search(self, what: str) -> list[int]:
        found = self._ask("SEARCH", what)
        return [
            int(uid) for part in found if isinstance(part, bytes) for uid in part.split() if uid.isdigit()
        ]

    def _fetch(self, uid: int) -> Mail | None:
        """PEEK leaves it unread until its answer is kept."""
        said = self._ask("FETCH", str(uid), f"(RFC822.SIZE BODY.PEEK[]<0.{MOST_BYTES}>)")
        for part in said:
            if isinstance(part, tuple) and len(part) == 2:
                size = re.search(rb"RFC822\.SIZE (\d+)", part[0])
                return Mail(uid, int(size[1]) if size else len(part[1]), bytes(part[1]))
        return None  # somebody took it away meanwhile

    def _ask(self, command: str, *arguments: str) -> list[object]:
        state, said = self._imap.uid(command, *arguments)
        if state != "OK":
            raise ChannelFailed(
                f"The mailbox {self._server.host} refuses {command} ({words(_first(said))}): {AGAIN}."
            )
        return list(said)


@contextmanager
def opened(
    server: Server, password: Callable[[], str], folder: str, *, is_read_only: bool = False
) -> Iterator[Mailbox]:
    """The folder of the mailbox, by an encrypted line; cut when it takes too long as a whole."""
    known: list[imaplib.IMAP4] = []
    with (
        _in_sentences(server),
        cut_after(WHOLE_S, lambda: getattr(known[0], "sock", None) if known else None),
    ):
        try:
            imap = _logged_in(server, password, known)
            state, said = imap.select(_quoted(folder), readonly=is_read_only)
            if state != "OK":
                raise ChannelFailed(
                    f"The mailbox {server.host} has no folder {folder} ({words(_first(said))}):"
                    f" check {server.prefix}_folder."
                )
            yield Mailbox(imap, server, _number(imap, "UIDVALIDITY"), _number(imap, "UIDNEXT"))
        finally:
            for imap in known:
                with suppress(OSError, ValueError, AttributeError, imaplib.IMAP4.error):
                    imap.logout()
                with suppress(OSError, ValueError, AttributeError):
                    imap.shutdown()


def _logged_in(server: Server, password: Callable[[], str], known: list[imaplib.IMAP4]) -> imaplib.IMAP4:
    context = server.tls()
    imap: imaplib.IMAP4
    if server.security == "tls":
        imap = _Tls(server, context, known)
    else:
        imap = _Plain(server, known)
    if server.security == "starttls":
        if "STARTTLS" not in imap.capabilities:
            raise ChannelFailed(
                f"{server.host} offers no STARTTLS, and no password is sent in the clear: set"
                f" {server.prefix}_security to tls, or ask IT."
            )
        imap.starttls(context)
    secret = password()
    if not secret or not server.user:
        raise ChannelFailed(line.no_password(server))
    try:
        imap.login(server.user, secret)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise ChannelFailed(line.login_refused(server)) from error
    return imap


class _Plain(imaplib.IMAP4):
    """Known before it is connected: already its greeting may drip."""

    def __init__(self, server: Server, known: list[imaplib.IMAP4]) -> None:
        known.append(self)
        super().__init__(server.host, server.port, timeout=CONNECT_S)


class _Tls(imaplib.IMAP4_SSL):
    def __init__(self, server: Server, context: ssl.SSLContext, known: list[imaplib.IMAP4]) -> None:
        known.append(self)
        super().__init__(server.host, server.port, ssl_context=context, timeout=CONNECT_S)


@contextmanager
def _in_sentences(server: Server) -> Iterator[None]:
    try:
        yield
    except ChannelFailed:
        raise
    except imaplib.IMAP4.abort as error:
        raise ChannelFailed(line.broke(server)) from error
    except imaplib.IMAP4.error as error:
        raise ChannelFailed(
            f"The mailbox {server.host} does not speak as one ({words(str(error))}): check"
            f" {server.prefix}_port; {AGAIN}."
        ) from error
    except (OSError, ValueError) as error:
        raise ChannelFailed(line.sentence(server, error)) from error


def _number(imap: imaplib.IMAP4, name: str) -> int:
    _, said = imap.response(name)
    first = _first(said)
    return int(first) if first.isdigit() else 0


def _first(said: object) -> bytes:
    if isinstance(said, list) and said and isinstance(said[0], bytes):
        return said[0]
    return b""


def _quoted(folder: str) -> str:
    """A mailbox name as IMAP4rev1 writes it (modified UTF-7, RFC 3501, 5.1.3), in quotes."""
    made = re.sub(r"[^\x20-\x7e]+|&", _shifted, folder)
    return '"' + made.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    return found[0].encode("utf-7").decode("ascii").replace("+", "&", 1).replace("/", ",")
