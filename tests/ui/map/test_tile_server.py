"""A tile server's pictures under the sites: fetched for what is on the screen, shown with their age."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtGui import QColor

from dispatch.geo.projection import HALF_WORLD_M, to_mercator
from dispatch.geo.web_tiles import bounds_of, span_m, tiles_within, zoom_for
from dispatch.tile_server.address import TileAddress
from dispatch.tile_server.choice import TileChoice
from dispatch.tile_server.kept import Kept, KeptTiles, file_of
from dispatch.tile_server.orders import State
from tests.tile_server import BLOCKED, TileServer, color_of, picture
from ui.map.base_words import tile_age

SERVER = (sys.executable, "-m", "dispatch.tile_server.helper")
LAT, LNG = 27.77, -82.64
CREDIT = "© Example contributors"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def server():
    made = TileServer()
    made.play = lambda tile: (200, picture(color_of(tile), "·"), {"ETag": f'"{tile}"'})
    yield made
    made.close()


def choice_of(server: TileServer, *, zoom: int = 19) -> TileChoice:
    return TileChoice(TileAddress(server.template), CREDIT, "https://tiles.example/terms", zoom)


def begin(view, server, **given) -> None:
    view.base._server_command = SERVER
    view.base.use_server(choice_of(server, **given), key="", contact="eoc@stpete.example")


def shown_at(view, lat: float, lng: float) -> str:
    x, y = map(float, to_mercator(lng, lat))
    at = view.frame.point(x, y)
    return view.grab().toImage().pixelColor(round(at[0]), round(at[1])).name()


def expected(view) -> list[tuple[int, int, int]]:
    return sorted(tiles_within(view.frame.bounds, zoom_for(view.frame.level, 19)))


def close_to(name: str, tile) -> bool:
    one, other = QColor(name), QColor(*color_of(tile))
    return max(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True)) <= 3


def tile_under(view, lat: float, lng: float) -> tuple[int, int, int]:
    zoom = zoom_for(view.frame.level, 19)
    x, y = map(float, to_mercator(lng, lat))
    return zoom, int((x + HALF_WORLD_M) // span_m(zoom)), int((HALF_WORLD_M - y) // span_m(zoom))


def test_exactly_what_is_on_the_screen_is_asked_for_and_is_shown(show, qtbot, server):
    view = show([])
    begin(view, server)
    here = tile_under(view, LAT, LNG)

    qtbot.waitUntil(lambda: close_to(shown_at(view, LAT, LNG), here), timeout=60_000)
    qtbot.waitUntil(lambda: len(server.tiles()) == len(expected(view)), timeout=30_000)
    assert sorted(server.tiles()) == expected(view)
    assert "eoc@stpete.example" in server.asked[0][1]["user-agent"]

    # Nor is anything asked for while it stands still, and after a step only what that brings into view.
    view.pan_by(300, 0)
    qtbot.waitUntil(lambda: set(expected(view)) <= set(server.tiles()), timeout=30_000)
    assert len(server.tiles()) == len(set(server.tiles()))
    view.zoom_by(2)
    assert view.base.tiles.needs_any is not None
    qtbot.waitUntil(lambda: set(expected(view)) <= set(server.tiles()), timeout=30_000)
    view.grab()
    zooms = {zoom for zoom, _, _ in server.tiles()}
    assert len(zooms) == 2


def test_a_map_that_nobody_sees_asks_for_nothing(show, qtbot, server):
    view = show([])
    view.hide()
    begin(view, server)
    with qtbot.waitSignal(view.base.told, timeout=30_000):
        pass
    qtbot.wait(400)
    assert server.tiles() == []
    view.show()
    qtbot.waitUntil(lambda: sorted(server.tiles()) == expected(view), timeout=30_000)


def test_the_credit_and_the_age_are_always_in_view(show, qtbot, server):
    view = show([])
    begin(view, server)
    assert view.credits.text(view.frame).startswith(f"Base map: {CREDIT} · over ")
    qtbot.waitUntil(lambda: "tiles less than 1 h old" in view.credits.text(view.frame), timeout=30_000)
    assert view.credits.text(view.frame).startswith(f"Base map: {CREDIT} · tiles less than 1 h old · over ")
    view._without_tiles("Imported layers cannot be drawn.")
    assert view.credits.text(view.frame).startswith(f"Base map: {CREDIT} · ")
    assert view.credits.text(view.frame).endswith("Imported layers cannot be drawn.")


def test_a_long_credit_takes_more_lines_instead_of_being_cut(show, qtbot):
    view = show([], size=(300, 500))
    one_line = view.credits.height(view.width(), view.frame)
    view.credits.lie_over("© " + "Somebody with a long name, " * 6)
    tall = view.credits.height(view.width(), view.frame)
    assert tall > 2 * one_line
    assert view.credits._line_picture(view.width(), view.frame).height() == tall
    assert view.credits._line_picture(view.width(), view.frame).width() <= view.width()


def test_without_a_network_the_kept_tiles_are_shown_with_their_day(show, qtbot, server, tmp_path):
    view = show([])
    here = tile_under(view, LAT, LNG)
    file = file_of(tmp_path / "server-tiles", server.template)
    kept = KeptTiles(file)
    on = round(datetime(2025, 11, 3, 12, tzinfo=NEW_YORK).timestamp() * 1000)
    for tile in expected(view):
        kept.keep(tile, picture(color_of(tile), "·"), Kept(str(tile), "", "", on, on))
    kept.close()
    server.close()

    begin(view, server)

    qtbot.waitUntil(lambda: close_to(shown_at(view, LAT, LNG), here), timeout=60_000)
    qtbot.waitUntil(
        lambda: "no network: tiles of 3 Nov 2025" in view.credits.text(view.frame), timeout=30_000
    )


def test_what_is_not_there_is_the_bundled_map_or_a_coarser_tile(show, qtbot, server, tmp_path):
    view = show([])
    qtbot.waitUntil(lambda: view.grab() and not view.tiles.needs_any, timeout=60_000)
    bundled = view.grab().toImage()
    server.always(404, b"")
    kept = KeptTiles(file_of(tmp_path / "server-tiles", server.template))
    zoom, column, row = tile_under(view, LAT, LNG)
    parent = (zoom - 1, column >> 1, row >> 1)
    now = round(datetime.now(UTC).timestamp() * 1000)
    kept.keep(parent, picture(color_of(parent)), Kept("d", "", "", now, now + 10_000_000))
    kept.close()
    assert not close_to(shown_at(view, LAT, LNG), parent)

    begin(view, server)

    qtbot.waitUntil(lambda: close_to(shown_at(view, LAT, LNG), parent), timeout=60_000)
    qtbot.waitUntil(lambda: view.grab() and not view.tiles.needs_any, timeout=60_000)
    west, south, east, north = bounds_of(parent)
    for px, py in ((40, 200), (620, 400), (300, 60), (300, 640)):
        x, y = view.frame.place(px, py)
        if not (west < x < east and south < y < north):
            assert view.grab().toImage().pixelColor(px, py) == bundled.pixelColor(px, py)


@pytest.mark.parametrize("status", [200, 403])
def test_where_access_is_blocked_the_bundled_map_comes_back_with_a_sentence(
    show, qtbot, server, status, expect_warning
):
    expect_warning("one and the same picture" if status == 200 else "shuts this console out")
    server.always(status, BLOCKED)
    view = show([])
    with qtbot.waitSignal(view.base.refused, timeout=30_000) as refused:
        begin(view, server)
    assert server.host in refused.args[0] and "bundled map is shown" in refused.args[0]
    assert view.base.server is None and CREDIT not in view.credits.text(view.frame)
    qtbot.wait(300)
    asked = len(server.tiles())
    view.pan_by(200, 0)
    qtbot.wait(300)
    assert len(server.tiles()) == asked <= 8


def test_a_sign_in_page_is_said_and_the_bundled_map_stays_in_sight(show, qtbot, server):
    server.always(200, b"<html>Sign in</html>", Content_Type="text/html")
    view = show([])
    with qtbot.waitSignal(view.base.noted, timeout=30_000) as noted:
        begin(view, server)
    assert "web page instead of map pictures" in noted.args[0]
    qtbot.waitUntil(lambda: "the server fails" in view.credits.text(view.frame), timeout=30_000)


def test_a_process_that_ends_is_started_again_some_times_and_then_said(show, qtbot, server, expect_warning):
    expect_warning("the process ended 3 times")
    view = show([])
    view.base._server_command = (sys.executable, "-c", "raise SystemExit(3)")
    with qtbot.waitSignal(view.base.noted, timeout=60_000) as noted:
        view.base.use_server(choice_of(server), key="", contact="")
    assert "cannot be fetched" in noted.args[0]


def test_a_program_that_is_not_there_is_said_too(show, qtbot, server, expect_warning):
    expect_warning("the process ended 3 times")
    view = show([])
    view.base._server_command = ("/nowhere/at/all",)
    with qtbot.waitSignal(view.base.noted, timeout=60_000):
        view.base.use_server(choice_of(server), key="", contact="")


HOUR, DAY = 3_600_000, 86_400_000
NOW = round(datetime(2026, 11, 28, 12, tzinfo=NEW_YORK).timestamp() * 1000)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State(None, 9, ""), ""),
        (State(NOW, 0, ""), "tiles less than 1 h old"),
        (State(NOW + HOUR, 0, ""), "tiles less than 1 h old"),
        (State(NOW - 90 * 60_000, 0, ""), "tiles up to 2 h old"),
        (State(NOW - 12 * DAY, 3, ""), "tiles up to 12 days old"),
        (State(NOW - 12 * DAY - 1, 3, ""), "tiles up to 13 days old"),
        (State(NOW - HOUR, 0, "offline"), "no network: tiles of today"),
        (State(NOW - 25 * DAY, 0, "offline"), "no network: tiles of 3 Nov"),
        (State(NOW - 400 * DAY, 0, "offline"), "no network: tiles of 24 Oct 2025"),
        (State(None, 9, "offline"), "no network: none of its tiles is here"),
        (State(NOW - 2 * DAY, 0, "pause"), "the server wants a pause: tiles of 26 Nov"),
        (State(None, 9, "key"), "the server's key is missing: none of its tiles is here"),
    ],
)
def test_how_old_the_tiles_are_is_said_in_words(state: State, words: str):
    assert tile_age(state, NOW, NEW_YORK) == words
