"""Choosing a tile server by sheet: its terms read once, its key in no file, kept for the next start."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtWidgets import QLineEdit

from dispatch import settings
from dispatch.tile_server.choice import chosen
from tests.dispatch.test_settings import MemoryKeyring
from tests.tile_server import TileServer
from tests.ui.map.test_base_menu import Seat
from tests.ui.map.test_tile_server import SERVER
from ui.sheets.tile_server import TileServerSheet

CREDIT = "© Example contributors"
TERMS = "https://tiles.example/terms"


@pytest.fixture
def ring():
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def server():
    made = TileServer()
    yield made
    made.close()


@pytest.fixture
def open_seat(tmp_path, clock, qtbot, theme, select, loop, ring, monkeypatch):
    asyncio.set_event_loop(loop)
    seats = []

    def make() -> Seat:
        seats.append(Seat(tmp_path, clock, qtbot, theme, select))
        seats[-1].view.base._server_command = SERVER
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()
    asyncio.set_event_loop(None)


def open_sheet(seat: Seat, theme, qtbot) -> TileServerSheet:
    sheet = TileServerSheet(menu=seat.menu, bridge=seat.bridge, theme=theme)
    qtbot.addWidget(sheet)
    sheet.show()
    return sheet


def fill(sheet: TileServerSheet, **values) -> None:
    given = {"credit": CREDIT, "terms": TERMS, "read": ("read",)} | values
    for name in ("url", "key", "zoom", "credit", "terms", "read"):
        if name in given:
            sheet.fields[name].show_value(given[name])
            sheet.fields[name].touched = True


async def shown(seat: Seat, sheet: TileServerSheet) -> None:
    while seat.view.base.server is None and not sheet.trouble():
        await asyncio.sleep(0.01)


async def kept(folder, name: str) -> None:
    while settings.load(folder).base_map != name:
        await asyncio.sleep(0.01)


def everything_written(folder) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_no_server_is_asked_before_somebody_chose_one(open_seat, tmp_path):
    seat = open_seat()
    assert seat.entries()[0].startswith("* Bundled")
    assert "A tile server (XYZ)…" in seat.entries()
    assert seat.view.base.server is None and not (tmp_path / "server-tiles").exists()


def test_the_sheet_says_what_will_be_asked_and_by_whom(open_seat, theme, qtbot):
    sheet = open_sheet(open_seat(), theme, qtbot)
    fill(sheet, url="https://tiles.example/{z}/{x}/{y}.png")
    sheet.fields["url"].edited.emit()
    said = sheet.effect()
    assert "ask tiles.example for the tiles on the screen only, two at a time, never ahead" in said
    assert "Landfall/" in said and "7 days" in said and "which part of the city" in said


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"url": "tiles.example"}, "url", "no web address"),
        ({"url": "http://tiles.example/{z}/{x}/{y}.png"}, "url", "Without https"),
        ({"key": "a b"}, "key", "paste it again"),
        ({"key": "abc"}, "url", "Write {key}"),
        ({"zoom": "99"}, "zoom", "from 1 to 22"),
        ({"credit": " "}, "credit", "whose map it is"),
        ({"terms": ""}, "terms", "where its terms stand"),
        ({"read": ()}, "read", "Read the terms first"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_asked(
    open_seat, theme, qtbot, tmp_path, values, field, words
):
    seat = open_seat()
    sheet = open_sheet(seat, theme, qtbot)
    fill(sheet, **({"url": "https://tiles.example/{z}/{x}/{y}.png"} | values))
    sheet.confirm()
    assert words in sheet.fields[field].complaint()
    assert seat.view.base.server is None and not (tmp_path / settings.FILE).exists()


def test_a_chosen_server_is_shown_and_kept_for_the_next_start(
    open_seat, theme, qtbot, server, run, tmp_path, wait_until
):
    seat = open_seat()
    sheet = open_sheet(seat, theme, qtbot)
    fill(sheet, url=server.template, zoom="17")
    sheet.confirm()
    run(shown(seat, sheet))
    wait_until(lambda: len(server.tiles()) > 5)

    kept_now = settings.load(tmp_path)
    found = chosen(kept_now)
    assert found is not None and found[1] and found[0].zoom == 17
    assert kept_now.base_map == "server" and kept_now.tile_terms_read.startswith("Sam Reyes, ")
    assert f"* Tiles of {server.host} over it" in seat.entries()
    assert seat.view.credits.text(seat.view.frame).startswith(f"Base map: {CREDIT}")
    wait_until(lambda: "tiles less than" in seat.view.credits.text(seat.view.frame))

    seat.close()
    again = open_seat()
    again.view.base._server_command = SERVER
    wait_until(lambda: again.view.base.server is not None)
    assert again.view.credits.text(again.view.frame).startswith(f"Base map: {CREDIT}")

    again.menu.menu().actions()[0].trigger()
    run(kept(tmp_path, ""))
    assert CREDIT not in again.view.credits.text(again.view.frame)
    assert f"Tiles of {server.host} over it" in again.entries()


def test_a_pasted_key_goes_to_the_keyring_and_nowhere_else(
    open_seat, theme, qtbot, server, run, tmp_path, ring, wait_until, caplog
):
    caplog.set_level(logging.DEBUG)
    seat = open_seat()
    sheet = open_sheet(seat, theme, qtbot)
    fill(sheet, url=server.template + "?style=day&key=s3cretkey")
    sheet.fields["url"].line.editingFinished.emit()
    assert sheet.fields["url"].value() == server.template + "?style=day&key={key}"
    assert sheet.fields["key"].line.echoMode() == QLineEdit.EchoMode.Password

    sheet.confirm()
    run(shown(seat, sheet))
    wait_until(lambda: server.paths)

    assert server.paths[0].endswith("?style=day&key=s3cretkey")
    assert list(ring.kept.values()) == ["s3cretkey"]
    seat.close()
    assert b"s3cretkey" not in everything_written(tmp_path)
    assert "s3cretkey" not in caplog.text and "s3cretkey" not in sheet.effect() + "".join(seat.said)

    asked = len(server.paths)
    again = open_seat()
    wait_until(lambda: again.view.base.server is not None)
    again.view.base.see(again.view.frame.moved(3000, 0))
    wait_until(lambda: len(server.paths) > asked)
    assert server.paths[-1].endswith("?style=day&key=s3cretkey")


def test_without_a_keyring_a_key_is_refused_in_the_sheet(open_seat, theme, qtbot, server, run, tmp_path):
    keyring.set_keyring(NoKeyring())
    seat = open_seat()
    sheet = open_sheet(seat, theme, qtbot)
    fill(sheet, url=server.template + "?key={key}", key="s3cretkey")
    sheet.confirm()
    run(shown(seat, sheet))
    assert "no open keyring" in sheet.trouble()
    assert seat.view.base.server is None and server.paths == []


def test_a_key_that_is_gone_from_the_keyring_is_said_and_what_is_kept_is_shown(
    open_seat, theme, qtbot, server, run, ring, wait_until
):
    seat = open_seat()
    sheet = open_sheet(seat, theme, qtbot)
    fill(sheet, url=server.template + "?key={key}", key="s3cretkey")
    sheet.confirm()
    run(shown(seat, sheet))
    wait_until(lambda: "tiles less than" in seat.view.credits.text(seat.view.frame))
    seat.close()
    ring.kept.clear()

    again = open_seat()
    wait_until(lambda: any("not in the keyring" in each for each in again.said))
    wait_until(lambda: "key is missing: tiles of today" in again.view.credits.text(again.view.frame))


def test_a_server_that_an_administrator_wrote_waits_until_its_terms_are_read(
    open_seat, theme, qtbot, server, run, tmp_path
):
    settings.save(
        tmp_path,
        replace(
            settings.Settings(),
            base_map="server",
            tile_url=server.template,
            tile_credit=CREDIT,
            tile_terms=TERMS,
            tile_zoom=15,
        ),
    )
    seat = open_seat()
    assert seat.view.base.server is None and server.paths == []
    wanted = []
    seat.menu.server_wanted.connect(lambda: wanted.append(True))
    next(a for a in seat.menu.menu().actions() if a.text().startswith("Tiles of")).trigger()
    assert wanted == [True]

    sheet = open_sheet(seat, theme, qtbot)
    assert [sheet.fields[n].value() for n in ("url", "zoom", "credit", "terms", "read")] == [
        server.template,
        "15",
        CREDIT,
        TERMS,
        (),
    ]
    sheet.fields["read"].show_value(("read",))
    sheet.confirm()
    run(shown(seat, sheet))
    assert seat.view.base.server is not None


def test_other_terms_or_another_server_must_be_read_again(open_seat, theme, qtbot):
    sheet = open_sheet(open_seat(), theme, qtbot)
    fill(sheet, url="https://tiles.example/{z}/{x}/{y}.png")
    for name in ("url", "terms"):
        sheet.fields["read"].show_value(("read",))
        sheet.fields[name].edited.emit()
        assert sheet.fields["read"].value() == ()


def test_terms_that_are_no_address_are_not_opened(open_seat, theme, qtbot):
    sheet = open_sheet(open_seat(), theme, qtbot)
    fill(sheet, terms="file:///etc/passwd")
    sheet.open_terms()
    assert "no address" in sheet.fields["terms"].complaint()
