"""What hostile inputs came to, one line for each, for the table at the end of a run; and servers that are no
friends of ours."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Say = Callable[[socket.socket, bytes], object]


class Outcomes:
    """`came(name, what)` keeps one line; the same name twice is a mistake of the test."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._names: set[str] = set()

    def came(self, name: str, what: str) -> None:
        assert name not in self._names, name
        self._names.add(name)
        self.lines.append(f"{name:<53}{what}")

    def __len__(self) -> int:
        return len(self.lines)


class Papers:
    """An authority, and certificates that it signs: for any host, for any time, or not signed by it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")])
        self.authority = folder / "authority.pem"
        made = self._certificate(self._name, self._key, None, days=1, signer=self._key)
        self.authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def context(self, host: str, *, days: int = 1, is_signed: bool = True) -> ssl.SSLContext:
        """`days` before today it has run out where they are below zero."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        made = self._certificate(name, key, host, days=days, signer=self._key if is_signed else key)
        file = self._folder / f"{host}{days}{is_signed}.pem"
        form = serialization.PrivateFormat.PKCS8
        pem = serialization.Encoding.PEM
        file.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        host: str | None,
        *,
        days: int,
        signer: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = self._name if signer is self._key else name
        builder = x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=9)).not_valid_after(
            now + timedelta(days=days)
        )
        builder = builder.add_extension(
            x509.BasicConstraints(ca=host is None, path_length=None), critical=True
        )
        if host is not None:
            with contextlib.suppress(ValueError):
                named: list[x509.GeneralName] = [x509.IPAddress(ip_address(host))]
            if not _is_number(host):
                named = [x509.DNSName(host)]
            builder = builder.add_extension(x509.SubjectAlternativeName(named), critical=False)
        return builder.sign(signer, hashes.SHA256())


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@contextlib.contextmanager
def listening(say: Say, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """(port, what was asked): each line's head is read, then `say` has it."""
    asked: list[bytes] = []
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not over.is_set():
            line, _ = listener.accept()
            threading.Thread(target=talk, args=(line,), daemon=True).start()

    def talk(line: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as open_lines:
            open_lines.enter_context(line)
            line.settimeout(10)
            if tls is not None:
                line = open_lines.enter_context(tls.wrap_socket(line, server_side=True))
            head = b""
            # A greeting of TLS (0x16) to a server without it has no head that ends.
            while b"\r\n\r\n" not in head and head[:1] != b"\x16" and (part := line.recv(65536)):
                head += part
            if head and not over.is_set():
                asked.append(head)
                say(line, head)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield port, asked
        over.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join()
