"""How photos are had: from whom, how large, how many, how long; else why not, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.evidence.photos import MB, Limits, NotHad, Photos
from tests.dispatch.evidence.photo_server import PhotoServer, jpeg, serving


@pytest.fixture
def server() -> Iterator[PhotoServer]:
    with serving() as found:
        found.files["/1.png"] = jpeg()
        yield found


def photos(folder: Path, **limits: float) -> Photos:
    return Photos(folder, limits=Limits(**limits))  # type: ignore[arg-type]


def why_not(found: Photos, url: str, server_address: str) -> str:
    with pytest.raises(NotHad) as error:
        found.from_web(url, server_address)
    return str(error.value)


def test_a_photo_is_had_byte_for_byte_and_its_kind_is_its_contents(server, tmp_path: Path) -> None:
    had = photos(tmp_path).from_web(f"{server.url}/1.png", server.url)
    assert (had.content, had.kind) == (jpeg(), "jpg")


@pytest.mark.parametrize(
    "url", ["javascript:alert(311)", "file:///etc/passwd", "ftp://a.example/1.jpg", "data:image/png;base64,"]
)
def test_only_the_web_is_asked(tmp_path: Path, url: str) -> None:
    assert "does not begin with http" in why_not(photos(tmp_path), url, "https://city.example")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1:9/1.jpg",
            "http://localhost/1.jpg",
            "http://10.0.0.4/1.jpg",
            "http://[::1]/1.jpg",
        ),
        *("http://169.254.169.254/latest", "http://192.168.1.1/1.jpg", "http://printer/1.jpg"),
    ],
)
def test_nobody_reaches_into_the_citys_network_by_a_report(tmp_path: Path, url: str) -> None:
    assert "inside this network" in why_not(photos(tmp_path), url, "https://city.example/api")


@pytest.mark.parametrize("url", ["http://", "http://[", "https:///1.jpg"])
def test_what_is_no_address_is_not_asked(tmp_path: Path, url: str) -> None:
    assert "no web address" in why_not(photos(tmp_path), url, "https://city.example")


def test_what_is_no_photo_is_not_had_whatever_its_name(server, tmp_path: Path) -> None:
    server.files["/page.jpg"] = b"<html>Sign in</html>"
    assert why_not(photos(tmp_path), f"{server.url}/page.jpg", server.url) == "What came is no photo."


def test_one_that_is_gone_or_too_large_says_so(server, tmp_path: Path) -> None:
    server.files["/large.jpg"] = jpeg() + b"\x00" * (2 * MB)
    found = photos(tmp_path, photo_bytes=MB)
    assert "(404)" in why_not(found, f"{server.url}/gone.jpg", server.url)
    assert "more than 1 MB" in why_not(found, f"{server.url}/large.jpg", server.url)
    assert found.from_web(f"{server.url}/1.png", server.url).kind == "jpg"


def test_a_server_that_fails_three_times_is_asked_no_more(server, tmp_path: Path) -> None:
    server.status = {f"/{at}.jpg": 503 for at in range(6)}
    found = photos(tmp_path)
    said = [why_not(found, f"{server.url}/{at}.jpg", server.url) for at in range(5)]
    assert len(server.asked) == 3 and all("(503)" in each for each in said[:3])
    assert all("was not asked again" in each for each in said[3:])


def test_a_photo_that_moved_is_followed(server, tmp_path: Path) -> None:
    server.moved["/old.jpg"] = "/1.png"
    assert photos(tmp_path).from_web(f"{server.url}/old.jpg", server.url).content == jpeg()


@pytest.mark.parametrize(
    ("leads_to", "why"),
    [
        ("http://169.254.169.254/latest", "inside this network"),
        ("http://localhost:1/1.jpg", "inside this network"),
        ("file:///etc/passwd", "does not begin with http"),
        ("http://[", "no web address"),
        ("/old.jpg", "leads on and on"),
        ("", "no photo"),
    ],
)
def test_where_a_photo_moved_to_is_looked_at_before_it_is_asked(
    server, tmp_path: Path, leads_to: str, why: str
) -> None:
    server.moved["/old.jpg"] = leads_to
    assert why in why_not(photos(tmp_path), f"{server.url}/old.jpg", server.url)


def test_one_more_than_the_limit_is_not_asked_for(server, tmp_path: Path) -> None:
    found = photos(tmp_path, photos=1)
    found.from_web(f"{server.url}/1.png", server.url)
    assert "1 photos already" in why_not(found, f"{server.url}/1.png", server.url) and len(server.asked) == 1


def test_after_so_many_bytes_none_is_asked_for(server, tmp_path: Path) -> None:
    found = photos(tmp_path, all_bytes=len(jpeg()))
    found.from_web(f"{server.url}/1.png", server.url)
    assert "MB already" in why_not(found, f"{server.url}/1.png", server.url)


def test_when_time_is_up_none_is_asked_for(server, tmp_path: Path) -> None:
    now = [0.0]
    found = Photos(tmp_path, limits=Limits(all_s=60), clock=lambda: now[0])
    found.from_web(f"{server.url}/1.png", server.url)
    now[0] = 61.0
    assert "Time was up" in why_not(found, f"{server.url}/1.png", server.url) and len(server.asked) == 1


def test_a_surveys_photo_is_had_where_it_lies_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data" / "crew").mkdir(parents=True)
    (tmp_path / "data" / "crew" / "wall.jpg").write_bytes(jpeg())
    assert photos(tmp_path / "data").from_folder("crew/wall.jpg").content == jpeg()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        *(
            ("../secret.jpg", "does not lie in"),
            ("link.jpg", "does not lie in"),
            ("a\\b.jpg", "does not lie"),
        ),
        *(("gone.jpg", "No file of this name"), ("sub", "No file"), ("seat.db", "no photo")),
        *(("a\x00b", "cannot be read"), ("x" * 5_000, "read|No file")),
    ],
)
def test_no_name_reaches_out_of_the_data_folder(tmp_path: Path, name: str, why: str) -> None:
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    (data / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (data / "seat.db").write_bytes(b"SQLite format 3\x00")
    with pytest.raises(NotHad, match=why):
        photos(data).from_folder(name)
    with pytest.raises(NotHad):
        photos(data).from_folder(str(tmp_path / "secret.jpg"))
