"""A hostile server or network on the other end of the line: what each try comes to by the real HTTP door."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from dispatch.errors import LandfallError, ServerNonsense, ServerUnreachable
from dispatch.http import HttpDoor
from dispatch.servers.georeport import GeoReport
from tests.hostile import Outcomes, Papers, Say, listening

TOKEN = "s3cret-token-that-nobody-else-may-read"
CITY = "city.example"
ELSEWHERE = "elsewhere.example"


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Papers:
    """This computer trusts their authority."""
    made = Papers(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made.authority))
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def names_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two names stand for this machine, as a hostile network's name server would have it."""
    ask = socket.getaddrinfo

    def answer(host, *rest, **more):
        return ask("127.0.0.1" if host in (CITY, ELSEWHERE) else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.fixture
def door() -> Iterator[HttpDoor]:
    opened = HttpDoor(connect_s=5, read_s=5, whole_s=0.4, max_bytes=1 << 20)
    yield opened
    opened.close()


def said(status: int, body: bytes = b"", **headers: str) -> Say:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda line, _head: line.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def refused(call: Callable[[], object], *words: str) -> str:
    """The one sentence it ends in; it must hold these words and never the token."""
    with pytest.raises(LandfallError) as failed:
        call()
    sentence = str(failed.value)
    assert all(word in sentence for word in words), sentence
    assert TOKEN not in sentence and "\n" not in sentence and sentence.isprintable()
    return sentence.split(" at ", 1)[-1].split(" ", 1)[-1]


def test_no_certificate_but_the_right_one_is_spoken_to(
    papers: Papers, names_here: None, door: HttpDoor, say_table: Callable[[str, list[str]], None]
) -> None:
    met = Outcomes()
    wrong = {
        "TLS: a certificate that vouches for itself": papers.context(CITY, is_signed=False),
        "TLS: the certificate of another host": papers.context(ELSEWHERE),
        "TLS: a certificate that ran out yesterday": papers.context(CITY, days=-1),
    }
    for name, context in wrong.items():
        with listening(said(200, b"[]"), context) as (port, asked):
            url = f"https://{CITY}:{port}/issues"
            call = partial(door.get_json, url, token=TOKEN)
            met.came(name, refused(call, "certificate", "Nothing was sent"))
            assert not asked
    with listening(said(200, b"[]")) as (port, asked):
        url = f"https://{CITY}:{port}/issues"
        sentence = refused(lambda: door.get_json(url, token=TOKEN), "does not speak https", "Nothing was")
        met.came("TLS: taken away on the way (plain text answers)", sentence)
    met.came(
        "TLS: an address with http and a token",
        refused(lambda: door.get_json(f"http://{CITY}/issues", token=TOKEN), "was not called"),
    )
    met.came(
        "TLS: http to a name that begins like this computer",
        refused(lambda: door.get_json("http://127.evil.example/issues", token=TOKEN), "was not called"),
    )
    with listening(said(200, b"[7]"), papers.context(CITY)) as (port, asked):
        assert door.get_json(f"https://{CITY}:{port}/issues", token=TOKEN) == (200, [7])
        assert TOKEN.encode() in asked[0]
    say_table("Hostile networks", met.lines)


def test_no_redirect_leads_where_it_should_not(
    papers: Papers, names_here: None, door: HttpDoor, say_table: Callable[[str, list[str]], None]
) -> None:
    met = Outcomes()
    city = papers.context(CITY)
    with listening(said(200, b"[]")) as (open_port, open_asked):
        targets = {
            "redirect: from https to http": (f"http://{ELSEWHERE}:{open_port}/issues", "to an open line"),
            "redirect: to a service of this computer": (
                f"https://127.0.0.1:{open_port}/admin",
                "to this computer",
            ),
            "redirect: to a file of this computer": ("file:///etc/passwd", "no web address"),
            "redirect: to no address at all": ("http://[bad/", "no web address"),
        }
        for name, (target, words) in targets.items():
            with listening(said(302, Location=target), city) as (port, _):
                url = f"https://{CITY}:{port}/issues"
                met.came(name, refused(partial(door.get_json, url, token=TOKEN), words))
        assert not open_asked
    with listening(said(200, b"[]"), papers.context(ELSEWHERE)) as (other_port, other_asked):
        away = said(302, Location=f"https://{ELSEWHERE}:{other_port}/issues")
        with listening(away, city) as (port, _):
            assert door.get_json(f"https://{CITY}:{port}/issues", token=TOKEN) == (200, [])
        assert len(other_asked) == 1 and TOKEN.encode() not in other_asked[0]
        met.came("redirect: to another host, with a token", "followed without the token")
    say_table("Hostile redirects", met.lines)


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b" " * (megabytes << 20), 9)


def test_no_answer_takes_the_memory_the_time_or_the_log(
    door: HttpDoor, caplog: pytest.LogCaptureFixture, say_table: Callable[[str, list[str]], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    met = Outcomes()
    over = threading.Event()

    def drip(line: socket.socket, _head: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.01):
            line.sendall(b"x")

    def headers(line: socket.socket, _head: bytes) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n")

    deep = b'{"issues":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answers: dict[str, tuple[Say, str]] = {
        "HTTP: a head that drips for ever": (drip, "not whole after 0.4 s"),
        "HTTP: a head of one line of 1 MB": (
            lambda line, _: line.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000),
            "broke the line",
        ),
        "HTTP: 5,000 headers": (headers, "broke the line"),
        "HTTP: no HTTP at all": (lambda line, _: line.sendall(b"\x00\xff" * 500), "broke the line"),
        "HTTP: 64 MB packed into 64 kB": (said(200, bomb(64), Content_Encoding="gzip"), "more than 1 MB"),
        "HTTP: packed three times over": (
            said(200, gzip.compress(gzip.compress(bomb(8))), Content_Encoding="gzip, gzip, gzip"),
            "more than 1 MB",
        ),
        "HTTP: a deflate stream without end": (
            said(200, zlib.compress(b" " * (8 << 20))[:-8], Content_Encoding="deflate"),
            "more than 1 MB",
        ),
        "JSON: nested 100,000 deep": (said(200, deep), "something that is not JSON"),
        "JSON: a refusal with terminal signs in it": (
            said(400, b'{"error": "\\u001b]0;owned\\u0007\\nFAKE WARNING\\u202e"}'),
            "refused (400): ]0;owned FAKE WARNING",
        ),
        "JSON: a refusal that says our token back": (said(403, f'{{"error": "{TOKEN}"}}'.encode()), "…"),
    }
    for name, (say, words) in answers.items():
        with listening(say) as (port, _):
            url = f"http://127.0.0.1:{port}/issues"
            met.came(name, refused(partial(door.get_json, url, token=TOKEN), words)[:100])
            over.set()
    cookie = said(200, b"[]", Set_Cookie="who=you; Path=/")
    with listening(cookie) as (port, asked):
        for _ in range(2):
            door.get_json(f"http://127.0.0.1:{port}/issues")
        assert b"cookie" not in b"".join(asked).lower()
    met.came("HTTP: a cookie to know this seat by", "is not kept")
    # A broken header makes the library under ours write the whole address into the log, as a warning.
    broken = said(200, b"[]", X_Broken="y\r\n no colon here\r\nbroken header without a colon")
    with listening(broken) as (port, _):
        door.get(f"http://127.0.0.1:{port}/10/1/2.png", {"key": TOKEN}, secret=TOKEN)
    assert TOKEN not in caplog.text and "\x1b" not in caplog.text
    met.came("HTTP: a broken header, a key in the address", "no log line holds the address, also at DEBUG")
    say_table("Hostile answers", met.lines)


XML = "<?xml version='1.0'?>{}<service_requests><request><service_request_id>{}</service_request_id>"
XML += "<status>open</status><requested_datetime>2017-09-11T10:00:00Z</requested_datetime>"
XML += "</request></service_requests>"
BILLION = "<!DOCTYPE x [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
)


def test_xml_fetches_reads_and_unfolds_nothing(
    tmp_path: Path, say_table: Callable[[str, list[str]], None]
) -> None:
    """By the real adapter, from a real server that would answer what it is made to ask."""
    met = Outcomes()
    secret = tmp_path / "secret.txt"
    secret.write_text(TOKEN)
    file, entity = secret.as_uri(), "<!ENTITY e SYSTEM"
    door = HttpDoor(read_s=5, max_bytes=8 << 20)
    with listening(said(200, TOKEN.encode())) as (inner_port, inner_asked):
        inner = f"http://127.0.0.1:{inner_port}/x"
        bodies = {
            "XML: an entity that is a file": XML.format(f"<!DOCTYPE x [{entity} '{file}'>]>", "&e;1"),
            "XML: an entity that is an address": XML.format(f"<!DOCTYPE x [{entity} '{inner}'>]>", "&e;1"),
            "XML: a parameter entity that is an address": XML.format(
                f"<!DOCTYPE x [<!ENTITY % p SYSTEM '{inner}'> %p;]>", "1"
            ),
            "XML: a DTD that is an address": XML.format(f"<!DOCTYPE x SYSTEM '{inner}'>", "1"),
            "XML: a billion laughs": XML.format(BILLION, "&a9;1"),
            "XML: an include of a file": XML.format(
                "", f"<i:include xmlns:i='http://www.w3.org/2001/XInclude' parse='text' href='{file}'/>1"
            ),
        }
        for name, body in bodies.items():
            with listening(said(200, body.encode(), Content_Type="text/xml")) as (port, _):
                server = GeoReport(door, f"http://127.0.0.1:{port}")
                began = time.monotonic()
                try:
                    found = server.request("1")
                    outcome = "read, and nothing of it followed"
                    assert TOKEN not in repr(found) and len(repr(found)) < 3_000
                except (ServerNonsense, ServerUnreachable) as error:
                    outcome = str(error).split(" at ", 1)[-1].split(" ", 1)[-1]
                    assert TOKEN not in outcome and len(outcome) < 400
                assert time.monotonic() - began < 20
            met.came(name, outcome)
        assert not inner_asked
    door.close()
    say_table("Hostile XML", met.lines)
