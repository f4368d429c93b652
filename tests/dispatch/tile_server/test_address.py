"""Addresses of tile servers: what is taken, what is refused and in which words, and where a key goes."""

from __future__ import annotations

import pytest

from dispatch.errors import TilesRefused
from dispatch.tile_server.address import check_key, read_address

SECRET = "aB3dE5fG7hJ9kL1mN3pQ5rS7"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("https://tile.example.org/{z}/{x}/{y}.png", "https://tile.example.org/4/3/5.png"),
        (" HTTPS://Tile.Example.org/${z}/${x}/${y}.png#top ", "https://tile.example.org/4/3/5.png"),
        ("https://tile.example.org/{zoom}/{x}/{y}@2x.png", "https://tile.example.org/4/3/5@2x.png"),
        ("https://tile.example.org/tms/{z}/{x}/{-y}.jpg", "https://tile.example.org/tms/4/3/10.jpg"),
        (
            "https://a.example/wmts?Col={x}&Row={y}&M={z}&style=c",
            "https://a.example/wmts?Col=3&Row=5&M=4&style=c",
        ),
        ("http://10.20.0.7:8080/{z}/{x}/{y}.png", "http://10.20.0.7:8080/4/3/5.png"),
        ("http://localhost:8080/{z}/{x}/{y}.png", "http://localhost:8080/4/3/5.png"),
        ("http://[::1]:8080/{z}/{x}/{y}.png", "http://[::1]:8080/4/3/5.png"),
    ],
)
def test_an_address_asks_for_a_tile(typed: str, asked: str) -> None:
    address, key = read_address(typed)
    assert (address.url((4, 3, 5)), key) == (asked, "")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "no web address"),
        ("tile.example.org/{z}/{x}/{y}.png", "no web address"),
        ("ftp://tile.example.org/{z}/{x}/{y}.png", "no web address"),
        ("https://tile.example.org:port/{z}/{x}/{y}.png", "no web address"),
        ("https://tile.example.org/a b/{z}/{x}/{y}.png", "no web address"),
        ("https://tile.example.org/" + "a" * 3000 + "/{z}/{x}/{y}.png", "no web address"),
        ("http://tile.example.org/{z}/{x}/{y}.png", "write https://tile.example.org"),
        ("http://8.8.8.8/{z}/{x}/{y}.png", "Without https"),
        ("https://ann:pw@tile.example.org/{z}/{x}/{y}.png", "name and password"),
        ("https://{s}.tile.example.org/{z}/{x}/{y}.png", "one of the server's names"),
        ("https://tile.example.org/{z}/{x}/{y}{r}.png", "@2x or nothing"),
        ("https://tile.example.org/{quadkey}.png", "{quadkey} means nothing here"),
        ("https://tile.example.org/{z}/{x}.png", "needs {z}, {x} and {y}"),
        ("https://tile.example.org/{z}/{x}/{y}/{-y}.png", "needs {z}, {x} and {y}"),
        ("https://tile.example.org/{z}/{x}/{y}.png?key=a1&token=b2", "More than one part"),
    ],
)
def test_what_is_no_such_address_is_refused_in_a_sentence_that_says_what_to_write(
    typed: str, words: str
) -> None:
    with pytest.raises(TilesRefused) as refused:
        read_address(typed)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "typed",
    [
        "https://tile.example.org/{{z}}/{{x}}/{{y}}.png?style=dark&key={}",
        "https://tile.example.org/{{z}}/{{x}}/{{y}}.png?access_token={}",
        "https://tile.example.org/{{z}}/{{x}}/{{y}}.png?apiKey={}&lang=en",
        "https://tile.example.org/{{z}}/{{x}}/{{y}}.png?subscription-key={}",
        "https://tile.example.org/{{z}}/{{x}}/{{y}}.png?who={}",
        "https://tile.example.org/{}/{{z}}/{{x}}/{{y}}.png",
    ],
)
def test_a_key_is_taken_out_of_the_address_and_put_in_when_it_is_asked(typed: str) -> None:
    whole = typed.format(SECRET)
    address, key = read_address(whole)
    assert key == SECRET and SECRET not in address.template and address.wants_key
    assert address.url((0, 0, 0), key) == whole.replace("{z}", "0").replace("{x}", "0").replace("{y}", "0")
    assert read_address(address.template) == (address, "")


def test_a_short_key_is_known_by_its_name() -> None:
    address, key = read_address("https://tile.example.org/{z}/{x}/{y}.png?key=k7")
    assert (address.template, key) == ("https://tile.example.org/{z}/{x}/{y}.png?key={key}", "k7")


def test_each_server_has_its_own_name_in_the_keyring() -> None:
    one, _ = read_address("https://a.example/{z}/{x}/{y}.png?key={key}")
    other, _ = read_address("https://b.example:8443/{z}/{x}/{y}.png?key={key}")
    assert (one.secret_name, other.secret_name) == ("tiles-a.example", "tiles-b.example-8443")


def test_a_key_that_no_address_can_hold_is_refused() -> None:
    assert check_key(" k7 ") == "k7"
    with pytest.raises(TilesRefused, match="paste it again"):
        check_key("a key&more")
