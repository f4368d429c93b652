"""A real SMTP server and a small real IMAP server on this machine, with certificates of their own, told by a
test how to behave: the outside parties of the e-mail channel."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import ipaddress
import logging
import re
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# What the outside party writes into its own log is nobody's surprise here.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

HOST = "127.0.0.1"
USER, PASSWORD = "eoc", "stay dry"
PATIENCE_S = 30.0


def certificate(folder: Path, *, host: str = HOST) -> tuple[Path, Path]:
    """(certificate, key) that vouches for itself as `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    today = datetime.datetime.now(datetime.UTC)
    with contextlib.suppress(ValueError):
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        names = [x509.IPAddress(ipaddress.ip_address(host))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{host}.pem", folder / f"{host}.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def server_tls(paths: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*paths)
    return context


class Listener:
    """A server in a thread and a loop of its own; `port` is known once it listens."""

    def __init__(
        self, serve: Callable[[asyncio.AbstractEventLoop], Coroutine[Any, Any, asyncio.Server]]
    ) -> None:
        self._serve = serve
        self.port = 0

    def __enter__(self) -> Listener:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(self._loop), self._loop).result(
            PATIENCE_S
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


# -- SMTP -------------------------------------------------------------------------------------------------


@dataclass
class Post:
    """What an SMTP server took, and how it is to behave next."""

    lose_answers: int = 0  # take the mail, and break the line before saying so
    mail_to: dict[str, str] = field(default_factory=dict)  # recipient to what is said instead of 250
    data_says: list[str] = field(default_factory=list)  # instead of taking the mail
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    folder: Path | None = None  # keep a copy of each as a file

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if said := self.mail_to.get(address, ""):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.data_says:
            return self.data_says.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.recipients.append(list(envelope.rcpt_tos))
        if self.folder is not None:
            self.folder.mkdir(exist_ok=True)
            (self.folder / f"{len(self.taken)}.eml").write_bytes(content)
        if self.lose_answers:
            self.lose_answers -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 queued as 4F2A1"

    def log_in(self, _server: object, _session: object, _envelope: object, how: str, said: Any) -> AuthResult:
        is_right = (said.login, said.password) == (USER.encode(), PASSWORD.encode())
        self.logins.append(how if is_right else "refused")
        return AuthResult(success=is_right, handled=False)


@contextlib.contextmanager
def smtp_server(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[tuple[Post, int]]:
    """The post and its port; with a certificate it asks for a login."""
    post = Post()
    if starttls or tls:
        options |= {"auth_required": True, "authenticator": post.log_in}

    def session() -> SMTP:
        loop = asyncio.get_running_loop()
        more = {"tls_context": starttls, "require_starttls": True} if starttls else {}
        if tls:
            # It does not know that its line is encrypted already.
            more = {"auth_require_tls": False, "auth_required": False}
        return SMTP(post, hostname="mx.test", loop=loop, **{**options, **more})

    async def serve(loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        return await loop.create_server(session, HOST, 0, ssl=tls)

    with Listener(serve) as listener:
        yield post, listener.port


@contextlib.contextmanager
def odd_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]],
) -> Iterator[int]:
    """The port of a peer that behaves as `talk` does: dead, slow, or something else altogether."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await talk(reader, writer)
        writer.close()

    async def serve(_loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        return await asyncio.start_server(guarded, HOST, 0)

    with Listener(serve) as listener:
        yield listener.port


# -- IMAP -------------------------------------------------------------------------------------------------


@dataclass
class Box:
    """Folders of mails over IMAP4rev1: LOGIN, SELECT, UID SEARCH, FETCH, STORE, MOVE and CREATE."""

    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    seen: set[int] = field(default_factory=set)
    validity: int = 7
    next_uid: int = 1
    can_move: bool = True
    tells_next: bool = True
    break_at: list[str] = field(default_factory=list)  # the line breaks instead of the answer to these
    commands: list[str] = field(default_factory=list)

    def deliver(self, content: bytes, *, is_seen: bool = False) -> int:
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.folders["INBOX"][uid] = content
        self.seen |= {uid} if is_seen else set()
        return uid

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        able = "IMAP4rev1" + (" MOVE" if self.can_move else "")
        writer.write(f"* OK [CAPABILITY {able}] ready\r\n".encode())
        folder = "INBOX"
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            tag, _, said = line.partition(" ")
            words = said.split(" ")
            command = " ".join(words[: 2 if words[0].upper() == "UID" else 1]).upper()
            rest = said[len(command) :].strip()
            self.commands.append(command if command == "LOGIN" else said)
            if command in self.break_at:
                self.break_at.remove(command)
                writer.transport.abort()
                return
            if command in ("SELECT", "EXAMINE"):
                folder = rest.strip('"')
            lines, end = self._answer(command, rest, folder, able)
            for each in lines:
                writer.write(each + b"\r\n")
            writer.write(f"{tag} {end} {command}\r\n".encode())
            await writer.drain()
            if command == "LOGOUT":
                return

    def _answer(self, command: str, rest: str, folder: str, able: str) -> tuple[list[bytes], str]:
        mails = self.folders.get(folder)
        match command:
            case "CAPABILITY":
                return [f"* CAPABILITY {able}".encode()], "OK"
            case "LOGIN":
                is_right = rest == f'{USER} "{PASSWORD}"'
                return [], "OK" if is_right else "NO [AUTHENTICATIONFAILED] wrong"
            case "SELECT" | "EXAMINE" if mails is None:
                return [], "NO no such folder"
            case "SELECT" | "EXAMINE":
                numbers = [f"* OK [UIDVALIDITY {self.validity}]"]
                numbers += [f"* OK [UIDNEXT {self.next_uid}]"] if self.tells_next else []
                return [f"* {len(mails or ())} EXISTS".encode(), *(n.encode() for n in numbers)], "OK"
            case "UID SEARCH":
                return [f"* SEARCH {' '.join(map(str, self._found(rest, mails or {})))}".encode()], "OK"
            case "UID FETCH":
                return self._fetched(rest, mails or {}), "OK"
            case "UID STORE":
                self.seen |= {int(uid) for uid in rest.split(" ")[0].split(",")}
                return [], "OK"
            case "UID MOVE":
                uids, _, to = rest.partition(" ")
                for uid in map(int, uids.split(",")):
                    self.folders[to.strip('"')][uid] = (mails or {}).pop(uid)
                return [], "OK"
            case "CREATE":
                self.folders.setdefault(rest.strip('"'), {})
                return [], "OK"
            case "LOGOUT":
                return [b"* BYE"], "OK"
        return [], "BAD what?"

    def _found(self, rest: str, mails: dict[int, bytes]) -> list[int]:
        if since := re.search(r"UID (\d+):\*", rest):
            # As RFC 3501 has it: the star is the last mail, and the order of the two does not matter.
            return [uid for uid in mails if uid >= min(int(since[1]), max(mails))]
        return [uid for uid in mails if uid not in self.seen]

    def _fetched(self, rest: str, mails: dict[int, bytes]) -> list[bytes]:
        uid, most = int(rest.split(" ")[0]), int(re.search(r"<0\.(\d+)>", rest)[1])  # type: ignore[index]
        if uid not in mails:
            return []
        start = mails[uid][:most]
        head = f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mails[uid])} BODY[]<0> {{{len(start)}}}\r\n"
        return [head.encode() + start + b")"]


@contextlib.contextmanager
def imap_server(tls: ssl.SSLContext | None = None) -> Iterator[tuple[Box, int]]:
    box = Box()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await box.talk(reader, writer)
        writer.close()

    async def serve(_loop: asyncio.AbstractEventLoop) -> asyncio.Server:
        return await asyncio.start_server(guarded, HOST, 0, ssl=tls)

    with Listener(serve) as listener:
        yield box, listener.port
