"""The wall beside the real console: what it shows, what never reaches it, how it is blanked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest

from dispatch import settings
from dispatch.passwords import Verifier
from dispatch.records import Band, SyncStatus
from tests.ui.boards import storm_board
from tests.ui.real import RealConsole
from ui.wall.frame import lines_of
from ui.wall.window import VIEWS, WallWindow
from ui.wall.words import blanked

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
MINUTE_MS = 60_000
PHONE, NAME, WORDS = "727-555-0142", "Mariela Quintanilla", "ventilator battery"
HOSTILE = '<img src="http://evil.example/x.png">'

# Figures of one width are glyphs of their own, and come back from a page as such.
_PLAIN = {0xE071 + figure: str(figure) for figure in range(10)}
_PLAIN |= {0xE093: ",", 0xE094: ".", 0xE095: ":", 0xEE47: ":"}


@pytest.fixture
def real(real_over: Any, city: Any) -> RealConsole:
    city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    city.add_report(
        f"{NAME}, call {PHONE}: {WORDS} is low {HOSTILE}",
        category="medical_power_dependent",
        address="2214 22nd Ave S Apt 4B",
        reporter="resident",
    )
    city.add_report(f"{HOSTILE} power line sparking, ask {NAME} {PHONE}", category="power_line_down")
    console: RealConsole = real_over()
    return console


@pytest.fixture
def wall(real: RealConsole) -> Iterator[Any]:
    real.console.wall.open()
    yield real.console.wall
    real.console.wall.leave()


def painted(window: WallWindow) -> str:
    """The words as they are painted, read back from a page."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(72)
    writer.setPageSize(QPageSize(QSizeF(window.width(), window.height()), QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF())
    with QPainter(writer) as painter:
        window.paint(painter)
    document = pypdfium2.PdfDocument(bytes(buffer.data().data()))
    try:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_range().translate(_PLAIN).split())
    finally:
        document.close()


def in_all_views(window: WallWindow) -> dict[str, str]:
    found = {}
    for view in VIEWS:
        window.show_view(view)
        found[view] = painted(window)
    return found


def everything(wall: Any) -> str:
    """What is painted, told to who cannot see it, and written on the frame."""
    window = wall.window
    parts = [*in_all_views(window).values(), window.accessibleDescription(), window.accessibleName()]
    return "\n".join([*parts, window.windowTitle(), window.toolTip()])


def status(age_s: float, *, to_send: int = 0, state: str = "in_step") -> SyncStatus:
    return SyncStatus(state, "The 311 server cannot be reached.", 1000.0 - age_s, None, to_send, 0, 0, 3)


def told(real: RealConsole, wall: Any, sync: SyncStatus, *, is_lost: bool = False) -> None:
    wall._wall_now_s, wall._is_sync_lost = (lambda: 1000.0), (lambda: is_lost)
    real.bridge.synced.emit(sync)
    wall.look()


# -- opening ----------------------------------------------------------------------------------------------


def test_g_b_opens_it_beside_the_console_and_closes_it_again(real):
    wall = real.console.wall

    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_B)

    assert wall.is_open and real.window.isVisible()
    assert not wall.window.isFullScreen(), "there is one screen, and the console is on it"
    real.wait(lambda: settings.load(real.room.parts.folder).wall_is_open)
    real.wait(wall.window.isActiveWindow)
    QTest.keyClick(wall.window, Qt.Key.Key_Escape)
    real.wait(real.window.isActiveWindow)
    real.window.keys._presses.clear()
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_B)
    assert not wall.is_open
    real.wait(lambda: not settings.load(real.room.parts.folder).wall_is_open)


def test_the_command_line_knows_it(real):
    real.window.open_command_line("wall")

    keys = [e.key for e in real.window.command_line.entries() if "wall" in e.title.lower()]
    assert keys[:2] == ["G B", "Alt+W"]


def test_who_types_at_the_console_types_on_while_it_opens(real):
    before = real.window.focusWidget()

    real.console.wall.open()
    QTest.qWait(50)

    assert real.window.isActiveWindow() and real.window.focusWidget() is before


def test_it_is_remembered_open_over_the_end_of_the_program(real, wall):
    folder = real.room.parts.folder
    real.wait(lambda: settings.load(folder).wall_is_open)

    wall.leave()

    assert settings.load(folder).wall_is_open and not wall.is_open
    wall._settings = settings.load(folder)
    wall.begin()
    assert wall.is_open


# -- what it shows ----------------------------------------------------------------------------------------


def test_five_numbers_and_the_list_are_those_of_the_board(real, wall):
    said = wall.window.accessibleDescription()

    assert "3 reports in 24 hours" in said
    assert "3 sites open" in said
    assert "P1, nobody acted: 2" in said
    assert "2 P1 unanswered" in said
    assert "P2 Tree or debris blocks a road" in said
    assert len(wall.window._said.figures) == 5


def test_an_act_at_the_console_shows_within_the_second(real, wall):
    p1 = [int(i) for i in real.bridge.board.site_id[real.bridge.board.band == Band.P1]]
    for site_id in p1:
        real.wait(real.bridge.act(real.bridge.desk.claim, site_id).done)

    real.bridge.ticked.emit(real.bridge.clock.now())

    assert "No P1 unanswered" in wall.window.accessibleDescription()


def test_while_the_console_looks_at_an_earlier_time_the_wall_shows_now(real, wall, clock):
    before = wall.window.accessibleDescription()
    real.window.play_back.start(clock.now() - 60 * MINUTE_MS)
    real.wait(lambda: real.window.play_back.is_on)

    real.bridge.ticked.emit(clock.now())

    assert wall.window.accessibleDescription() == before
    real.window.play_back.leave()


def test_it_is_painted_anew_only_when_a_word_of_it_changes(real, wall):
    window = wall.window
    told(real, wall, status(4.0))
    paints = []
    window.paintEvent = lambda event: paints.append(event)
    real.wait(lambda: not wall.map.tiles.needs_any)
    QTest.qWait(60)
    paints.clear()

    for _ in range(5):
        real.bridge.ticked.emit(real.bridge.clock.now())
    QTest.qWait(60)

    assert paints == []


def test_a_storm_of_sites_is_shown_as_well_as_none(real, wall):
    real.bridge.board = storm_board(3_000)
    wall._age()
    wall.look()
    words = painted_view(wall, "rows")
    assert "10 of " in words
    assert len(wall.window._said.rows) == 10
    assert all(row.age in words for row in wall.window._said.rows), "an age is never cut"
    words = painted_view(wall, "map")
    assert all(figure.number in words for figure in wall.window._said.figures)

    real.bridge.board = storm_board(0)
    wall._age()
    wall.look()
    assert "Nobody waits" in painted_view(wall, "rows")
    assert "none" in wall.window.accessibleDescription()


def painted_view(wall: Any, view: str) -> str:
    wall.window.show_view(view)
    return painted(wall.window)


def test_the_age_of_the_data_is_said_as_in_the_status_line_and_old_data_is_marked_u6(real, wall):
    told(real, wall, status(4.0))
    assert wall.window._said.sync[0] == "In step 4 s ago"
    assert (wall.window._said.sync_tone, wall.window._said.is_stale) == ("text_dim", False)

    told(real, wall, status(150.0))
    assert (wall.window._said.sync_tone, wall.window._said.is_stale) == ("warn", False)

    told(real, wall, status(700.0, to_send=3, state="waiting"), is_lost=True)
    assert (wall.window._said.sync_tone, wall.window._said.is_stale) == ("alarm", True)
    assert "No 311 data for 11 min, 3 to send" in wall.window.accessibleDescription()


def test_what_must_not_be_missed_stands_under_every_view_s7(real, wall, clock):
    suspend = real.bridge.act(
        real.bridge.desk.suspend, "fire", clock.now(), f"gusts, says {NAME}", clock.now() + 60 * MINUTE_MS
    )
    real.wait(suspend.done)
    real.wait(lambda: real.bridge.suspensions)
    wall.window.resize(1920, 1080)
    told(real, wall, status(400.0, state="waiting"), is_lost=True)

    for words in in_all_views(wall.window).values():
        assert "P1" in words and "oldest" in words
        assert "esponse suspended" in words
        assert "No 311 data for" in words
        assert NAME not in words
    assert NAME not in wall.window.accessibleDescription()


def test_the_lines_below_are_few_and_say_as_much_as_they_hold(real, wall, clock):
    suspend = real.bridge.act(
        real.bridge.desk.suspend, "fire", clock.now(), "gusts", clock.now() + 60 * MINUTE_MS
    )
    real.wait(suspend.done)
    real.wait(lambda: real.bridge.suspensions)
    wall.window.resize(1920, 1080)
    told(real, wall, status(700.0, to_send=2, state="waiting"), is_lost=True)

    lines = lines_of(wall.window._said, 1920.0, wall.window._ink)

    assert [len(line) for line in lines] == [2, 1]
    assert lines[1][0][1] == "No 311 data for 11 min, 2 to send"


def test_it_turns_by_itself_and_stays_when_it_is_told_to(real, wall):
    window = wall.window
    assert window.is_turning and window._turn.interval() == 20_000

    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not window.is_turning
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert VIEWS[window.view] == "rows"
    QTest.keyClick(window, Qt.Key.Key_Left)
    assert VIEWS[window.view] == "map"
    QTest.keyClick(window, Qt.Key.Key_Space)
    window._turn.timeout.emit()
    assert VIEWS[window.view] == "rows" and window.is_turning


# -- what stays in the room (S15) -------------------------------------------------------------------------


def test_s15_no_word_name_phone_or_street_of_anybody_reaches_the_wall(real, wall, clock):
    bridge, board = real.bridge, real.bridge.board
    for site_id in board.site_id.tolist():
        real.wait(bridge.act(bridge.desk.note, site_id, f"{NAME} {PHONE} {HOSTILE}").done)
    wall._age()
    wall.look()
    wall.window.resize(1920, 1080)

    shown = everything(wall)

    assert wall.window._said.rows[0].where in shown
    assert "Life safety" in shown
    for secret in (NAME, "Quintanilla", PHONE, "0142", WORDS, "ventilator", "<img", "evil", "22nd", "Apt"):
        assert secret not in shown
    for street in ("5th Ave", "9th St", " Ave ", " St ", "Oak", "sparking"):
        assert street not in shown
    assert "A. Operator" not in shown
    # Neither what a restricted site is: that a ventilator needs power is as good as a name.
    assert "medical" not in shown.lower() and "powered" not in shown.lower()


def test_s15_the_mark_of_a_restricted_site_stands_in_the_middle_of_its_neighborhood(real, wall):
    board, shown = real.bridge.board, wall.map._places
    restricted = (board.flags & 2) != 0

    assert restricted.sum() == 1
    at = int(restricted.argmax())
    middle = wall.map._middles[board.hoods[int(board.hood[at])]]
    assert (shown.x[at], shown.y[at]) == middle
    assert board.x[at] != middle[0] and board.y[at] != middle[1]


def test_s15_one_key_blanks_the_wall_also_from_a_sheet(real, wall, clock):
    real.selection.go(real.bridge.board.site_id.tolist()[0])
    real.key(Qt.Key.Key_I)
    real.wait(lambda: real.sheets.current)

    real.key(Qt.Key.Key_W, ALT)

    since = blanked(clock.now(), clock.now(), real.bridge.zone)
    assert since == "Wall blanked since 10:30"
    assert set(in_all_views(wall.window).values()) == {since}
    assert wall.window.accessibleDescription() == since
    real.key(Qt.Key.Key_W, ALT)
    assert "sites open" in everything(wall)


def test_s15_a_blanked_wall_looks_the_same_whatever_the_board_holds(real, wall, clock):
    QTest.keyClick(wall.window, Qt.Key.Key_B)
    before = pictures(wall)

    real.bridge.board = storm_board(500)
    clock.advance(minutes=7)
    real.bridge.ticked.emit(clock.now())

    assert pictures(wall) == before
    assert set(in_all_views(wall.window).values()) == {"Wall blanked since 10:30"}


def pictures(wall: Any) -> list[QImage]:
    found = []
    for view in VIEWS:
        wall.window.show_view(view)
        found.append(wall.window.grab().toImage())
    return found


def test_s15_a_wall_that_was_closed_while_it_was_blanked_opens_blank(real, wall):
    wall.blank()
    folder = real.room.parts.folder

    real.wait(lambda: settings.load(folder).wall_blanked_at)
    wall.leave()
    wall.open()

    assert set(in_all_views(wall.window).values()) == {"Wall blanked since 10:30"}


def test_s15_a_locked_console_leaves_the_wall_and_blank_stays_blank(real, wall):
    real.console.locking.verifier = Verifier("correct horse 7")
    real.key(Qt.Key.Key_L, CTRL)
    assert real.console.locking.is_up

    real.bridge.ticked.emit(real.bridge.clock.now())
    assert "sites open" in everything(wall)
    QTest.keyClick(wall.window, Qt.Key.Key_B)
    assert wall.window.is_blank
    QTest.keyClick(wall.window, Qt.Key.Key_B)
    assert wall.window.is_blank, "who is not signed in shows nothing again"


# -- exercise (S18) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_exercise", [True, False])
def test_s18_an_exercise_is_in_the_frame_the_title_and_every_view(real, wall, is_exercise):
    real.bridge.activation = replace(real.bridge.activation, is_exercise=is_exercise)
    wall.look()
    color = real.console._theme.color("exercise")

    assert wall.window.windowTitle().startswith("EXERCISE · ") is is_exercise
    assert "Wall" in wall.window.windowTitle()
    for view, words in in_all_views(wall.window).items():
        assert ("EXERCISE" in words) is is_exercise
        wall.window.show_view(view)
        image = wall.window.grab().toImage()
        corners = [(1, 1), (image.width() - 2, image.height() - 2), (image.width() // 2, image.height() - 2)]
        assert all((image.pixelColor(*at) == color) is is_exercise for at in corners)
    wall.blank()
    assert (wall.window.grab().toImage().pixelColor(1, 1) == color) is is_exercise
