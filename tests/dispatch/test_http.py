"""The door to HTTP against a real small server: what arrives, and one sentence for each way to fail."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import (
    LandfallError,
    RateLimited,
    ServerFailed,
    ServerNonsense,
    ServerRefused,
    ServerUnreachable,
)
from dispatch.http import HttpDoor, retry_after_s
from dispatch.http_body import parse_json, server_words

TOKEN = "2024-01-01_secret_token"

KEEP = "keep the line"
Play = Callable[[socket.socket], object]


class Server:
    """Keeps what was asked and plays what the test says, byte for byte."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.lines = 0
        self.play: Play = answer(200, b"{}")
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            line, _ = self._listener.accept()
            with line, line.makefile("rb") as stream:
                if self.closing.is_set():
                    return
                self.lines += 1
                while self._hear(stream) and self.play(line) == KEEP:
                    pass

    def _hear(self, stream: BinaryIO) -> bool:
        try:
            first = stream.readline().decode("latin-1")
            headers: dict[str, str] = {}
            while (header := stream.readline().strip()) != b"":
                name, _, value = header.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            body = stream.read(int(headers.get("content-length", 0)))
        except OSError:
            return False
        self.asked.append((first.rpartition(" ")[0], headers, body))
        return first != ""

    def close(self) -> None:
        self.closing.set()
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()


def answer(status: int, body: bytes = b"", *, kind: str = "application/json", **headers: str) -> Play:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += ["Connection: close", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return lambda line: line.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
def server() -> Iterator[Server]:
    playing = Server()
    yield playing
    playing.close()


@pytest.fixture
def door() -> Iterator[HttpDoor]:
    opened = HttpDoor(contact="eoc@stpete.example", connect_s=5, read_s=5)
    yield opened
    opened.close()


def impatient(**limits: float) -> HttpDoor:
    return HttpDoor(**{"read_s": 0.05, **limits})  # type: ignore[arg-type]


def test_a_page_comes_parsed_with_its_status(server: Server, door: HttpDoor) -> None:
    server.play = answer(200, '{"issues": [{"id": 4411, "summary": "Árbol"}]}'.encode())

    status, page = door.get_json(server.url + "/issues", {"per_page": 100, "status": "open,closed"})

    assert (status, page) == (200, {"issues": [{"id": 4411, "summary": "Árbol"}]})
    asked, headers, _ = server.asked[0]
    assert asked == "GET /issues?per_page=100&status=open%2Cclosed"
    assert headers["user-agent"].startswith("Landfall/")
    assert "eoc@stpete.example" in headers["user-agent"]
    assert "authorization" not in headers


def test_an_answer_that_nobody_judges_comes_with_its_status_headers_and_body(
    server: Server, door: HttpDoor
) -> None:
    server.play = answer(302, Location="http://elsewhere.example/", ETag='"7"')

    came = door.get_unjudged(server.url + "/10/1/2.png", {"Accept": "image/png", "If-None-Match": '"6"'})

    assert (came.status, came.headers["etag"], len(server.asked)) == (302, '"7"', 1)
    assert server.asked[0][1]["if-none-match"] == '"6"'
    server.play = answer(418, b"\x89PNG", kind="image/png")
    assert door.get_unjudged(server.url, {}).body == b"\x89PNG"
    with pytest.raises(ServerRefused, match="without https"):
        door.get_unjudged("http://tiles.example/1/1/1.png?key=k", {}, secret="k")


def test_a_message_goes_as_json_and_the_token_in_the_header_alone(server: Server, door: HttpDoor) -> None:
    server.play = answer(202, b'{"metadata": {"moderated": true}}')

    status, said = door.post_json(server.url + "/issues/1/comments", {"comment": "¡Gracias!"}, token=TOKEN)

    assert (status, said) == (202, {"metadata": {"moderated": True}})
    asked, headers, body = server.asked[0]
    assert asked == "POST /issues/1/comments"
    assert headers["content-type"] == "application/json"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert body == '{"comment":"¡Gracias!"}'.encode()


def test_a_form_goes_as_georeport_wants_it(server: Server, door: HttpDoor) -> None:
    server.play = answer(201, b'[{"service_request_id": "7"}]')
    fields = {"api_key": TOKEN, "lat": "27.77", "kinds": ["wire", "tree"]}
    assert door.post(server.url, fields, secret=TOKEN).body == b'[{"service_request_id": "7"}]'
    _, headers, body = server.asked[0]
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert body == f"api_key={TOKEN}&lat=27.77&kinds=wire&kinds=tree".encode()


def test_an_empty_body_is_none(server: Server, door: HttpDoor) -> None:
    server.play = answer(200, b" \r\n")
    assert door.get_json(server.url) == (200, None)


def test_packed_and_chunked_answers_are_read(server: Server, door: HttpDoor) -> None:
    packed = gzip.compress(b"[1, 2]")
    server.play = answer(200, packed, Content_Encoding="gzip")
    assert door.get_json(server.url)[1] == [1, 2]

    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    server.play = lambda line: line.sendall(head + b"2\r\n[1\r\n4\r\n, 2]\r\n0\r\n\r\n")
    assert door.get_json(server.url)[1] == [1, 2]


@pytest.mark.parametrize(
    ("body", "parsed"),
    [
        (b'{"summary": "wire down \\ud83d"}', {"summary": "wire down ?"}),
        (b'{"lat": NaN, "id": 1}', {"lat": None, "id": 1}),
        (b'{"summary": "\xe1rbol"}', {"summary": "\ufffdrbol"}),
        (b'\xef\xbb\xbf{"id": 1}', {"id": 1}),
    ],
)
def test_one_broken_sign_does_not_cost_the_page(
    body: bytes, parsed: object, server: Server, door: HttpDoor
) -> None:
    server.play = answer(200, body)
    assert door.get_json(server.url)[1] == parsed


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (
            b"<html><title>Checking your browser</title><p>wait</p></html>",
            "text/html",
            "Checking your browser",
        ),
        (b"<html><style>p{}</style><body>ERROR: no jurisdiction_id</body>", "text/html", "ERROR: no jurisd"),
        (b'{"issues": [', "application/json", "not JSON"),
        (b"[" * 100_000, "application/json", "not JSON"),
    ],
)
def test_nonsense_is_called_nonsense(
    body: bytes, kind: str, words: str, server: Server, door: HttpDoor
) -> None:
    server.play = answer(200, body, kind=kind)
    with pytest.raises(ServerNonsense, match=words):
        door.get_json(server.url)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"request":"Unable to parse JSON"}', "Unable to parse JSON"),
        (
            b'{"message":"Point missing from request.","documentation_url":"http://x"}',
            "Point missing from request.",
        ),
        (b'{"email":"Can\'t be blank.","base":"Nothing to do."}', "email: Can't be blank.; Nothing to do."),
        (
            b'{"errors":{"lat":["Lat can\'t be blank"],"point":["is outside"]}}',
            "Lat can't be blank; point: is outside",
        ),
        (b'{"errors":{"login":"can\'t be blank."}}', "login: can't be blank."),
        (
            b'{"error":"invalid_grant","error_description":"The token expired"}',
            "invalid_grant; The token expired",
        ),
        (b'[{"code":403,"description":"Invalid api_key"}]', "Invalid api_key"),
        (b'["One","Two","One"]', "One; Two"),
        (
            b"<errors><error><code>404</code><description>No such &amp; such</description></error></errors>",
            "No such & such",
        ),
        (b"<?xml version='1.0'?><error>jurisdiction_id not found</error>", "jurisdiction_id not found"),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        (b"Not today,\n\tsorry\x00", "Not today, sorry"),
        ("Él no puede".encode(), "Él no puede"),
    ],
)
def test_the_servers_own_words_are_told_in_any_shape(
    body: bytes, words: str, server: Server, door: HttpDoor
) -> None:
    server.play = answer(422, body)
    with pytest.raises(ServerRefused) as refused:
        door.get_json(server.url)
    assert refused.value.status == 422
    assert str(refused.value).endswith(f" refused (422): {words}")


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        (400, ServerRefused, "refused (400)."),
        (401, ServerRefused, "wants a token (401)."),
        (403, ServerRefused, "forbids this (403)."),
        (404, ServerRefused, "does not have this (404)."),
        (408, ServerFailed, "failed (408)."),
        (500, ServerFailed, "failed (500)."),
        (503, ServerFailed, "failed (503)."),
        (304, ServerNonsense, "status 304"),
    ],
)
def test_each_status_has_its_error(
    status: int, error: type[LandfallError], says: str, server: Server, door: HttpDoor
) -> None:
    server.play = answer(status)
    with pytest.raises(error) as failed:
        door.get_json(server.url)
    assert says in str(failed.value)


def test_a_refused_token_is_told_without_the_token(server: Server, door: HttpDoor) -> None:
    server.play = answer(401, f'{{"message": "Token {TOKEN} has expired"}}'.encode())
    with pytest.raises(ServerRefused) as refused:
        door.get_json(server.url, token=TOKEN)
    assert "does not take this token (401): Token … has expired" in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_too_many_calls_say_when_to_come_back(server: Server, door: HttpDoor) -> None:
    server.play = answer(429, b'{"message":"Too Many Requests"}', Retry_After="17")
    with pytest.raises(RateLimited, match="in 17 s") as limited:
        door.get_json(server.url)
    assert limited.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("17", 17), ("0", 1), ("-5", 1), ("86400", 300), ("", 60), ("soon", 60), ("nan", 60)],
)
def test_the_wait_after_429_stays_within_sense(header: str, seconds: float) -> None:
    assert retry_after_s(header) == seconds


def test_the_wait_after_429_may_be_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 95 < retry_after_s(at) <= 100


def test_a_slow_server_is_given_up(server: Server) -> None:
    door = impatient()
    given_up = threading.Event()
    server.play = lambda line: given_up.wait(10)
    with pytest.raises(ServerUnreachable, match=r"too slow to answer: nothing came for 0\.05 s"):
        door.get_json(server.url)
    given_up.set()
    door.close()


def test_a_dripping_server_is_given_up_at_the_deadline(server: Server) -> None:
    door = impatient(read_s=5, whole_s=0.1)

    def drip(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        with contextlib.suppress(OSError):  # ends when the client hangs up
            while not server.closing.wait(0.01):
                line.sendall(b" ")

    server.play = drip
    with pytest.raises(ServerUnreachable, match=r"not whole after 0\.1 s"):
        door.get_json(server.url)
    door.close()


def test_a_reset_line_is_a_broken_line(server: Server, door: HttpDoor) -> None:
    server.play = reset
    with pytest.raises(ServerUnreachable, match="broke the line"):
        door.get_json(server.url)


@pytest.mark.parametrize(
    "half",
    [
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"issues": []}',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[1, 2",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n[1, 2]\r\n",
    ],
)
def test_half_an_answer_is_no_answer(half: bytes, server: Server, door: HttpDoor) -> None:
    server.play = lambda line: line.sendall(half)
    with pytest.raises(ServerUnreachable, match="broke the line before its answer was whole"):
        door.get_json(server.url)


def test_broken_packing_is_nonsense(server: Server, door: HttpDoor) -> None:
    server.play = answer(200, b"no gzip at all", Content_Encoding="gzip")
    with pytest.raises(ServerNonsense, match="cannot be unpacked"):
        door.get_json(server.url)


@pytest.mark.parametrize("packed", [False, True])
def test_a_flood_is_cut_off(packed: bool, server: Server) -> None:
    door = impatient(read_s=5, max_bytes=2**20)
    flood = b" " * 2**21
    server.play = answer(200, gzip.compress(flood), Content_Encoding="gzip") if packed else answer(200, flood)
    with pytest.raises(ServerNonsense, match="more than 1 MB"):
        door.get_json(server.url)
    door.close()


def test_a_server_that_is_off_is_said_to_be_off(door: HttpDoor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ServerUnreachable, match=f"127.0.0.1:{port} takes no connections"):
        door.get_json(f"http://127.0.0.1:{port}/issues")


def test_a_name_nobody_knows_is_said_so(door: HttpDoor) -> None:
    with pytest.raises(ServerUnreachable, match=r"crm\.invalid cannot be found"):
        door.get_json("http://crm.invalid/issues")


def test_a_server_that_speaks_no_tls_is_told_apart(door: HttpDoor) -> None:
    with taking_one_line(answer(400)) as port, pytest.raises(ServerUnreachable, match="does not speak https"):
        door.get_json(f"https://127.0.0.1:{port}/")


def test_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path, door: HttpDoor) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))

    def greet(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            context.wrap_socket(line, server_side=True).close()

    with taking_one_line(greet) as port, pytest.raises(ServerUnreachable, match=r"certificate.* Nothing was"):
        door.get_json(f"https://127.0.0.1:{port}/", token=TOKEN)


def test_a_line_is_kept_for_the_next_call_but_not_for_long(
    server: Server, door: HttpDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(line: socket.socket) -> str:
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        return KEEP

    server.play = keep
    door.get_json(server.url)
    door.get_json(server.url)
    assert server.lines == 1

    monkeypatch.setattr("dispatch.http.QUIET_LINE_S", 0.0)
    door.get_json(server.url)
    assert server.lines == 2


@pytest.mark.parametrize(
    "url", ["", "issues", "ftp://city/", "http://", "http://[bad/", "http://city:99999/", "//x"]
)
def test_a_wrong_address_is_said_to_be_wrong(url: str, door: HttpDoor) -> None:
    with pytest.raises(ServerRefused, match="no web address"):
        door.get_json(url)


def test_the_sentence_never_shows_a_password_in_the_address(server: Server, door: HttpDoor) -> None:
    server.play = answer(500)
    with pytest.raises(ServerFailed) as failed:
        door.get_json(server.url.replace("http://", "http://eoc:hunter2@"))
    assert "hunter2" not in str(failed.value)


def test_a_token_never_leaves_over_an_open_line(door: HttpDoor) -> None:
    with pytest.raises(ServerRefused, match="without https"):
        door.get_json("http://crm.city.example/issues", token=TOKEN)
    with pytest.raises(ServerRefused, match="damaged"):
        door.get_json("https://crm.city.example/issues", token="two\nlines")


def test_a_page_that_moved_is_followed_and_a_message_is_not(server: Server, door: HttpDoor) -> None:
    moved = answer(301, Location=server.url + "/new")
    server.play = lambda line: (moved if len(server.asked) == 1 else answer(200, b"[]"))(line)
    assert door.get_json(server.url + "/old") == (200, [])
    assert [asked for asked, _, _ in server.asked] == ["GET /old", "GET /new"]

    server.asked.clear()
    with pytest.raises(ServerRefused, match=r"has moved to 127\.0\.0\.1"):
        door.post_json(server.url + "/old", {})
    assert [asked for asked, _, _ in server.asked] == ["POST /old"]


def test_a_circle_of_redirects_ends(server: Server, door: HttpDoor) -> None:
    server.play = answer(302, Location=server.url)
    with pytest.raises(ServerNonsense, match="circle"):
        door.get_json(server.url)


@given(st.binary(max_size=200))
def test_whatever_a_server_says_is_json_or_no_json_and_one_short_line(body: bytes) -> None:
    words = server_words(body)
    assert len(words) <= 200
    assert words.isprintable()
    with contextlib.suppress(ValueError):
        parse_json(body)


@contextlib.contextmanager
def taking_one_line(play: Play) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            line, _ = listener.accept()
            with line:
                play(line)

        thread = threading.Thread(target=take)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def self_signed(folder: Path) -> Path:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )
    file = folder / "city.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem)
    )
    return file


def test_what_has_not_changed_is_asked_for_by_name_and_not_sent_again(server, door):
    server.play = answer(200, b"first", ETag='"one"', Last_Modified="Wed, 09 Oct 2024 20:50:00 GMT")
    first = door.get_newer(server.url)
    server.play = answer(304)
    named = {"etag": first.headers["ETag"], "modified": first.headers["Last-Modified"]}
    second = door.get_newer(server.url, **named)

    assert (first.body, named["etag"]) == (b"first", '"one"')
    assert second is None
    asked = server.asked[-1][1]
    assert asked["if-none-match"] == '"one"'
    assert asked["if-modified-since"] == "Wed, 09 Oct 2024 20:50:00 GMT"


def test_nothing_changed_is_nonsense_to_who_did_not_ask(server, door):
    server.play = answer(304)
    with pytest.raises(ServerNonsense):
        door.get(server.url)


@pytest.mark.parametrize(
    "address", ["http://api.weather.gov/alerts/active", "ftp://example.org/x", "weather"]
)
def test_what_is_believed_unsigned_is_read_over_https_alone(door, address):
    with pytest.raises(ServerRefused, match="https"):
        door.get_newer(address)


def test_a_head_that_drips_is_given_up_at_the_deadline_too(server: Server) -> None:
    door = impatient(read_s=5, whole_s=0.1)

    def drip(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not server.closing.wait(0.01):
                line.sendall(b"x")

    server.play = drip
    with pytest.raises(ServerUnreachable, match=r"not whole after 0\.1 s"):
        door.get_json(server.url)
    door.close()
