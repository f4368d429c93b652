"""What a photo says of itself, and that a broken one says nothing."""

from __future__ import annotations

import random

import pytest

from dispatch.evidence.exif import Taken, taken
from dispatch.evidence.photos import kind_of
from tests.dispatch.evidence.photo_server import jpeg

PLACE = ((27.0, 46.0, 30.0), "N", (82.0, 38.0, 24.0), "W")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_are_read_from_every_kind(kind: str) -> None:
    said = taken(jpeg(taken="2017:09:10 20:41:07", offset="-04:00", place=PLACE, kind=kind))
    assert said == Taken("2017-09-10T20:41:07-04:00", 27.775, -82.64)


def test_a_time_without_its_distance_from_utc_gets_none() -> None:
    assert taken(jpeg(taken="2017:09:10 20:41:07")) == Taken("2017-09-10T20:41:07")


@pytest.mark.parametrize("said", ["", "yesterday", "=1+1", "0000:00:00 00:00:00", "2017:09:10", "x" * 5_000])
def test_what_is_no_time_is_none(said: str) -> None:
    assert taken(jpeg(taken=said)).at == ""


@pytest.mark.parametrize(
    "place",
    [
        ((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"),
        ((91.0, 0.0, 0.0), "N", (10.0, 0.0, 0.0), "E"),
        ((27.0, 0.0, 0.0), "Q", (82.0, 0.0, 0.0), "W"),
        ((27.0, 0.0, 0.0), "N", (182.0, 0.0, 0.0), "W"),
    ],
)
def test_what_is_no_place_is_none(place: tuple[object, ...]) -> None:
    assert taken(jpeg(place=place)) == Taken()


def test_a_photo_without_any_says_nothing() -> None:
    assert taken(jpeg()) == taken(b"") == taken(b"\xff\xd8\xff") == taken(b"GIF89a") == Taken()


def test_a_broken_one_stops_nothing() -> None:
    whole, chance = jpeg(taken="2017:09:10 20:41:07", place=PLACE), random.Random(209)
    for _ in range(300):
        torn = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            torn[chance.randrange(2, len(torn))] = chance.randrange(256)
        said = taken(bytes(torn[: chance.randint(10, len(torn))]))
        assert said.latitude is None or -90 <= said.latitude <= 90


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(), "jpg"),
        (jpeg(kind="PNG"), "png"),
        (jpeg(kind="WEBP"), "webp"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 9, "heic"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 9, ""),
        (b"<html>", ""),
        (b"SQLite format 3\x00", ""),
        (b"MZ", ""),
        (b"", ""),
    ],
)
def test_the_kind_follows_from_the_content_alone(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind
