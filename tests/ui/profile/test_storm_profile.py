"""The storm profile's screen on the real store and bridge: looked at, applied, taken back, by keyboard."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from dispatch import assembly
from dispatch.records import Actor, Band, Page
from dispatch.settings import Settings
from dispatch.store import mirror
from dispatch.sync.take import Taker
from tests.ui.boards import NOW
from tests.ui.seat import request_of, settle
from ui.bridge import Bridge
from ui.profile.model import BAND, FIRST_LOOK, LABEL, POINTS, SHOWN
from ui.profile.view import StormProfile
from ui.sheets.registry import Sheets
from ui.theme import Theme

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
WIRE = "Lamp pole fell, wire sparking on the walk"
CALM = "Street light is dark"


@pytest.fixture
def parts(tmp_path, clock):
    clock.set(NOW)
    made = assembly.build(
        folder=tmp_path,
        settings=Settings(person="Sam Reyes", seat="Seat 2"),
        clock=clock,
        storm=assembly.Storm("Hurricane Test", is_exercise=True),
    )
    sync = Actor(made.actor.activation_id, "", "Sync", "Seat 2")
    with made.store.transaction(sync) as tx:
        server_id = mirror.ensure_server(tx.connection, "http://127.0.0.1/", "seeclickfix")
    said = {"service_code": "", "service_name": "street_light_out", "summary": "street_light_out"}
    reports = (request_of("901", WIRE, **said), request_of("902", CALM, **said))
    Taker(made.store, made.in_force, sync, server_id).page(Page(reports, (), None, 2))
    yield made
    made.close()


class Room:
    def __init__(self, parts, qtbot, run):
        self.run, self.qtbot, self.bridge = run, qtbot, Bridge(parts)
        self.heard = []
        self.bridge.said.connect(lambda sentence, _alarm: self.heard.append(sentence))
        theme = Theme("light")
        self.window = QWidget()
        self.window.resize(1366, 768)
        self.sheets = Sheets(host=self.window, bridge=self.bridge, theme=theme)
        self.screen = StormProfile(bridge=self.bridge, theme=theme, sheets=self.sheets)
        QVBoxLayout(self.window).addWidget(self.screen)
        self.do(self.window.show, self.window.activateWindow, until=lambda: self.screen.model.rowCount())
        self.settled()

    def do(self, *steps, until=lambda: True):
        async def play():
            for step in steps:
                step()
                await settle()
            while not until():
                await asyncio.sleep(0.005)

        self.run(play())

    def settled(self):
        """The screen has said what the changes on it would do."""
        self.do(until=lambda: "…" not in self.screen.effect.said() and not self.screen._rest.isActive())
        self.do(until=lambda: self.screen._looking.done())

    def press(self, key, held=Qt.KeyboardModifier.NoModifier):
        self.do(lambda: self.qtbot.keyClick(QApplication.focusWidget() or self.screen.table, key, held))

    def go(self, category, column):
        model = self.screen.model
        self.do(lambda: self.screen.table.setCurrentIndex(model.index(model.row_of(category), column)))
        self.do(self.screen.table.setFocus)

    def text(self, category, column):
        model = self.screen.model
        return model.index(model.row_of(category), column).data()

    def version(self, number):
        self.do(until=lambda: self.screen._now.version == number)
        self.settled()


@pytest.fixture
def room(parts, qtbot, loop, run):
    asyncio.set_event_loop(loop)
    made = Room(parts, qtbot, run)
    yield made
    made.do(made.window.hide, until=lambda: len(asyncio.all_tasks()) <= 2)
    made.window.deleteLater()
    asyncio.set_event_loop(None)


def test_s1_holding_a_category_shows_what_stays_by_name_and_applies_nothing(room) -> None:
    room.go("street_light_out", LABEL)

    room.press(Qt.Key.Key_Space)
    room.settled()

    said = room.screen.effect.said()
    assert "Held until after the storm\n1 site" in said
    assert "1 P1 in categories that are held stay in the queue" in said
    assert "sparking on the walk" in said
    assert room.text("street_light_out", SHOWN) == "held"
    assert room.screen._now.version == 0


def test_ctrl_enter_applies_and_alt_u_takes_it_back(room) -> None:
    room.go("street_light_out", LABEL)
    room.press(Qt.Key.Key_Space)
    room.settled()

    room.press(Qt.Key.Key_Return, CTRL)
    room.version(1)
    assert room.screen.model.changes == 0
    assert "Profile 1 by Sam Reyes" in room.screen._version.said()

    room.press(Qt.Key.Key_U, ALT)
    room.version(2)
    assert room.text("street_light_out", SHOWN) == "yes"


def test_lowering_sites_out_of_p2_is_asked_about_first(room) -> None:
    room.go("street_light_out", BAND)
    room.press(Qt.Key.Key_2)
    room.settled()
    room.press(Qt.Key.Key_Return, CTRL)
    room.version(1)
    rescored(room)

    room.go("street_light_out", BAND)
    room.press(Qt.Key.Key_4)
    room.settled()
    room.press(Qt.Key.Key_Return, CTRL)

    assert room.screen._now.version == 1, "asked first"
    assert "Apply all the same: 1 site out of P1 and P2" in room.screen._apply.text()
    room.press(Qt.Key.Key_Return, CTRL)
    room.version(2)


def test_nothing_is_applied_before_its_effect_is_known(room) -> None:
    room.go("street_light_out", LABEL)
    room.press(Qt.Key.Key_Space)

    room.press(Qt.Key.Key_Return, CTRL)

    assert "Wait for what it does" in room.heard[-1]
    room.settled()
    assert room.screen._now.version == 0


def test_numbers_are_edited_in_their_cells_and_refused_in_a_sentence(room) -> None:
    room.go("pothole", POINTS)
    room.press(Qt.Key.Key_9)
    room.press(Qt.Key.Key_9)
    room.press(Qt.Key.Key_Return)
    assert room.text("pothole", POINTS) == "99"

    room.settled()
    room.press(Qt.Key.Key_Return, CTRL)
    room.do(until=lambda: room.heard)
    assert "Points are from 0 to 40" in room.heard[-1]
    assert room.text("pothole", POINTS) == "99", "what was typed stays to be mended"

    room.press(Qt.Key.Key_Escape)
    assert room.text("pothole", POINTS) == "1"


def test_what_is_no_number_changes_nothing(room) -> None:
    model = room.screen.model
    cell = model.index(model.row_of("pothole"), FIRST_LOOK)

    assert not model.setData(cell, "soon")
    assert model.changes == 0


def test_storm_mode_gets_its_times(room) -> None:
    times = room.screen.times
    times._from.line.setFocus()
    room.do(lambda: room.qtbot.keyClicks(times._from.line, "+2 h"), times.set.click)
    room.do(until=lambda: room.bridge.parts.profile_desk.now().from_at)

    assert room.bridge.parts.profile_desk.now().from_at == NOW + 2 * 3_600_000

    room.do(lambda: room.qtbot.keyClicks(times._until.line, "soon"), times.set.click)
    assert "Type a time like 07:00" in times._until.complaint()


def test_a_person_chooses_that_the_publics_list_goes_with_the_times(room) -> None:
    times, desk = room.screen.times, room.bridge.parts.profile_desk
    assert not times.for_public.isChecked()

    room.do(times.for_public.click, until=lambda: desk.now().for_public)
    room.do(times.for_public.click, until=lambda: not desk.now().for_public)


def test_every_band_can_be_set_by_its_digit(room) -> None:
    room.go("animal", BAND)
    for digit, band in zip("12345", Band, strict=True):
        room.press(Qt.Key(ord(digit)))
        assert room.text("animal", BAND) == band.name


def rescored(room) -> None:
    """What the syncing does beside the console."""
    from dispatch.sync.rescore import Rescore

    parts = room.bridge.parts
    work = Rescore(store=parts.store, in_force=parts.in_force, actor=parts.actor)
    while work.step()[1]:
        pass
