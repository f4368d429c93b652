"""What is asked of a tile server and what is made of its answers: a real server, the client's threads."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatch import __version__
from dispatch.geo.web_tiles import WebTile
from dispatch.http import HttpDoor
from dispatch.tile_server.address import TileAddress
from dispatch.tile_server.client import LINES, Tell, TileClient
from dispatch.tile_server.fresh import DAY_S
from dispatch.tile_server.kept import KeptPictures, KeptTiles
from dispatch.tile_server.orders import State
from tests.tile_server import BLOCKED, PATIENCE_S, WATER, TileServer, drawn, picture

SIGHT = [(10, column, row) for column in (275, 276, 277) for row in (430, 431)]
NOON = 1_793_900_000.0


class Seat:
    """A client with its threads, over a folder; its clock stands still until it is moved."""

    def __init__(self, folder: Path, template: str, *, key: str = "", most_bytes: int = 1 << 20) -> None:
        self.now_s = NOON
        self.came: list[WebTile] = []
        self.states: list[State] = []
        self.said: list[str] = []
        self.blocked: list[str] = []
        self.path = folder / "a.tiles"
        self.kept = KeptTiles(self.path, most_bytes=most_bytes)
        self.door = HttpDoor(
            name="The tile server", contact="eoc@stpete.example", read_s=2, max_bytes=100_000
        )
        self.client = TileClient(
            TileAddress(template),
            key=key,
            kept=self.kept,
            door=self.door,
            tell=Tell(self.came.extend, self.states.append, self.said.append, self.blocked.append),
            now_s=lambda: self.now_s,
        )
        self.threads = [threading.Thread(target=self.client.work) for _ in range(LINES)]
        for thread in self.threads:
            thread.start()

    def pictures(self) -> set[WebTile]:
        reader = KeptPictures(self.path, most_zoom=19)
        found = {tile for tile in SIGHT if reader.tile(*tile)}
        reader.close()
        return found

    def later(self, seconds: float) -> None:
        """The clock goes on, and the map still shows the same."""
        self.now_s += seconds
        self.client.see(SIGHT)

    def close(self) -> None:
        self.client.close()
        for thread in self.threads:
            thread.join()
        self.kept.close()
        self.door.close()


@pytest.fixture
def open_seat(server: TileServer, tmp_path: Path) -> Iterator[Callable[..., Seat]]:
    seats: list[Seat] = []

    def make(template: str = "", **given: object) -> Seat:
        seats.append(Seat(tmp_path, template or server.template, **given))  # type: ignore[arg-type]
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()


def wait(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def settled(server: TileServer, seat: Seat) -> None:
    """Nothing is on its way any more."""
    wait(lambda: server.at_once == 0 and not seat.client._asking)


def test_only_what_is_on_the_screen_is_asked_for_each_tile_once_and_by_two_lines(server, open_seat):
    server.delay_s = 0.02
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.pictures() == set(SIGHT))
    seat.client.see(SIGHT[:3])
    settled(server, seat)

    assert sorted(server.tiles()) == sorted(SIGHT)
    assert server.most_at_once == LINES
    assert sorted(seat.came) == sorted(SIGHT)


def test_the_console_says_who_it_is_and_sends_nothing_that_it_should_not(server, open_seat):
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(seat.pictures()) == len(SIGHT))
    for _, headers in server.asked:
        assert headers["user-agent"].startswith(f"Landfall/{__version__} (")
        assert "eoc@stpete.example" in headers["user-agent"]
        assert headers["accept"].startswith("image/png")
        assert not {"referer", "cookie", "authorization", "cache-control", "pragma"} & set(headers)


def test_what_was_panned_past_is_given_up(server, open_seat):
    server.delay_s = 0.1
    seat = open_seat()
    seat.client.see([(10, column, 430) for column in range(300, 340)])
    wait(lambda: server.asked)
    seat.client.see(SIGHT)
    wait(lambda: seat.pictures() == set(SIGHT))
    assert len(set(server.tiles()) - set(SIGHT)) <= 2 * LINES


def test_a_tile_is_asked_for_again_when_it_is_no_longer_new_and_confirmed_without_its_pixels(
    server, open_seat
):
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(seat.pictures()) == len(SIGHT))
    settled(server, seat)
    seat.later(3599)
    settled(server, seat)
    assert len(server.asked) == len(SIGHT)

    seat.later(2)
    wait(lambda: len(server.asked) == 2 * len(SIGHT))
    wait(lambda: seat.states[-1].oldest_at == round(seat.now_s * 1000))
    assert all("if-none-match" in headers for _, headers in server.asked[len(SIGHT) :])
    assert len(seat.came) == len(SIGHT)


def test_what_changed_comes_anew(server, open_seat):
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(seat.pictures()) == len(SIGHT))
    server.play = lambda tile: (200, drawn((tile[0] + 1, tile[1], tile[2])), {})
    seat.later(4000)
    wait(lambda: len(seat.came) == 2 * len(SIGHT))


def test_without_a_word_of_the_server_a_tile_is_new_for_seven_days(server, open_seat):
    server.play = lambda tile: (200, drawn(tile), {})
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(seat.pictures()) == len(SIGHT))
    settled(server, seat)
    seat.later(7 * DAY_S - 60)
    settled(server, seat)
    assert len(server.asked) == len(SIGHT)
    seat.later(120)
    wait(lambda: len(server.asked) == 2 * len(SIGHT))


def test_an_offline_start_shows_what_is_kept_with_its_time(server, open_seat, expect_warning):
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(seat.pictures()) == len(SIGHT))
    seat.close()
    server.close()

    expect_warning("takes no connections")
    again = open_seat()
    again.later(12 * DAY_S)
    wait(lambda: again.states and again.states[-1].trouble == "offline")
    assert again.states[-1] == State(round(NOON * 1000), 0, "offline")
    assert again.pictures() == set(SIGHT)


def test_after_an_outage_it_asks_again_first_by_one_line(server, open_seat, expect_warning):
    expect_warning("broke the line")
    server.play = lambda _tile: None
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.states[-1].trouble == "offline")
    settled(server, seat)
    asked = len(server.asked)
    seat.later(1)
    settled(server, seat)
    assert len(server.asked) == asked <= LINES

    server.play, server.most_at_once = server.as_it_should, 0
    seat.later(20)
    wait(lambda: seat.pictures() == set(SIGHT))
    wait(lambda: seat.states[-1] == State(round(seat.now_s * 1000), 0, ""))
    assert seat.blocked == [] and len(seat.said) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_a_pause_gets_it(server, open_seat, status):
    server.always(status, b"slow down", Retry_After="900", Content_Type="text/plain")
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.states[-1].trouble == "pause")
    settled(server, seat)
    server.play = server.as_it_should
    asked = len(server.asked)
    seat.later(890)
    settled(server, seat)
    assert len(server.asked) == asked <= LINES
    seat.later(11)
    wait(lambda: seat.pictures() == set(SIGHT))
    assert seat.said == [] == seat.blocked


def test_pauses_grow_while_a_server_fails(server, open_seat):
    server.always(500, b"")
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.states[-1].trouble == "failing")
    settled(server, seat)
    for _ in range(3):
        before, pause_s = len(server.asked), seat.client._pause_s
        seat.later(pause_s + 0.1)
        wait(lambda before=before: len(server.asked) > before)
        settled(server, seat)
        wait(lambda pause_s=pause_s: seat.client._pause_s > pause_s)
        assert len(server.asked) == before + 1


def test_where_there_is_no_tile_it_is_not_asked_for_again_and_nothing_is_said(server, open_seat):
    server.always(404, b"<html>no such tile</html>", Content_Type="text/html")
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: len(server.asked) == len(SIGHT))
    seat.later(3600)
    settled(server, seat)
    assert len(server.asked) == len(SIGHT)
    assert seat.states[-1] == State(None, len(SIGHT), "") and seat.said == []


@pytest.mark.parametrize("status", [403, 418, 429])
def test_a_picture_that_says_access_blocked_is_known_by_its_status(server, open_seat, status, expect_warning):
    expect_warning("shuts this console out")
    server.always(status, BLOCKED)
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.blocked)
    settled(server, seat)
    assert len(seat.blocked) == 1 and f"({status})" in seat.blocked[0] and "bundled map" in seat.blocked[0]
    assert seat.pictures() == set() and len(server.asked) <= LINES
    seat.later(DAY_S)
    assert len(server.asked) <= LINES


def test_a_picture_that_says_so_with_200_is_known_by_coming_everywhere(server, open_seat, expect_warning):
    expect_warning("one and the same picture")
    server.always(200, BLOCKED, Cache_Control="max-age=86400")
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.blocked)
    settled(server, seat)
    assert len(seat.blocked) == 1 and "access blocked" in seat.blocked[0]
    assert seat.pictures() == set()
    seat.close()

    expect_warning("one and the same picture")
    again = open_seat()
    again.client.see(SIGHT)
    wait(lambda: again.blocked)
    settled(server, again)
    assert again.pictures() == set() and again.came == []


def test_water_is_the_same_everywhere_and_is_kept(server, open_seat):
    server.always(200, WATER)
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.pictures() == set(SIGHT))
    assert seat.blocked == []


def test_a_notice_among_real_tiles_is_left_out_and_the_others_are_shown(server, open_seat):
    notices = SIGHT[:3]
    server.play = lambda tile: (200, BLOCKED if tile in notices else drawn(tile), {})
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.pictures() == set(SIGHT[3:]))
    settled(server, seat)
    assert seat.blocked == [] and len(server.asked) == len(SIGHT)


def test_tiles_refused_without_a_picture_are_no_accident_after_some(server, open_seat, expect_warning):
    expect_warning("does not give its tiles")
    server.play = lambda tile: (
        (403, b"denied", {"Content-Type": "text/xml"}) if tile != SIGHT[1] else server.as_it_should(tile)
    )
    seat = open_seat()
    seat.client.see(SIGHT[:3])
    wait(lambda: len(server.asked) == 3)
    settled(server, seat)
    assert seat.blocked == [] and seat.pictures() == {SIGHT[1]}

    seat.client.see([(11, column, 860) for column in range(550, 556)])
    wait(lambda: seat.blocked)
    assert "(403)" in seat.blocked[0]


WRONG = {
    "a sign-in page": (200, b"<html>Sign in</html>", {"Content-Type": "text/html"}, "web page"),
    "a redirect": (302, b"", {"Location": "http://login.example/"}, "status 302"),
    "half a picture": (200, drawn((1, 1, 1))[:200], {}, "damaged"),
    "a huge body": (200, bytes(200_000), {}, "MB at once"),
    "a wrong size": (200, picture((1, 2, 3), side=300), {}, "300 by 300"),
    "packed wrongly": (200, b"no gzip", {"Content-Encoding": "gzip"}, "cannot be unpacked"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_tile_is_said_once_not_kept_and_not_asked_for_in_a_hurry(
    server, open_seat, case, expect_warning
):
    status, body, headers, words = WRONG[case]
    expect_warning(words)
    server.always(status, body, **headers)
    seat = open_seat()
    seat.client.see(SIGHT)
    wait(lambda: seat.states[-1].trouble == "failing")
    settled(server, seat)

    assert len(seat.said) == 1 and words in seat.said[0] and server.host in seat.said[0]
    assert seat.pictures() == set() and seat.blocked == []
    asked = len(server.asked)
    seat.client.see(SIGHT)
    settled(server, seat)
    assert len(server.asked) == asked <= 2 * (4 + LINES)


def test_the_limit_on_what_is_kept_holds(server, open_seat):
    size = len(drawn(SIGHT[0]))
    seat = open_seat(most_bytes=4 * size)
    seat.client.see(SIGHT)
    wait(lambda: len(seat.came) == len(SIGHT))
    settled(server, seat)
    assert 0 < len(seat.pictures()) <= 4


def test_a_key_is_sent_and_without_it_nothing_is_asked(server, open_seat, caplog):
    template = server.template + "?key={key}"
    seat = open_seat(template)
    seat.client.see(SIGHT)
    assert seat.states[-1].trouble == "key"
    seat.close()
    assert server.asked == []

    again = open_seat(template, key="s3cret-key")
    again.client.see(SIGHT)
    wait(lambda: again.pictures() == set(SIGHT))
    assert all(path.endswith("?key=s3cret-key") for path in server.paths)


def test_a_key_is_in_no_sentence_file_or_log(server, open_seat, caplog, expect_warning):
    caplog.set_level(logging.INFO)
    expect_warning("damaged")
    expect_warning("takes no connections|broke the line")
    server.play = lambda tile: (200, drawn(tile)[:200], {})
    seat = open_seat(server.template + "?key={key}", key="s3cret-key")
    seat.client.see(SIGHT)
    wait(lambda: seat.said)
    settled(server, seat)
    server.close()
    seat.later(4000)
    wait(lambda: len(seat.said) == 2)
    seat.close()

    everything = " ".join(seat.said) + caplog.text
    assert "s3cret" not in everything
    assert all(b"s3cret" not in path.read_bytes() for path in seat.path.parent.iterdir())
