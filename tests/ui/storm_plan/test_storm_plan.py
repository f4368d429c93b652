"""The Storm plan screen on a real console: keys open sheets, sheets act, the rail tells what is late."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from dispatch.feeds.times import from_iso
from dispatch.plan.standing import HOUR_MS
from dispatch.records import PlanState
from tests.conftest import LANDFALL
from ui.storm_plan import words
from ui.storm_plan.strip import FAR_H, FIRST_H, LAST_H

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ZONE = ZoneInfo("America/New_York")


class Screen:
    def __init__(self, real):
        self.real, self.view, self.desk = real, real.console.storm_plan, real.room.parts.plan_desk
        real.window.go_to("storm_plan")
        self.settle()

    def settle(self):
        self.real.wait(lambda: self.view.is_at_rest and self.view.plan is not None)

    def line(self, key):
        return next(line for line in self.desk.plan().lines if line.item.key == key)

    def press(self, key, *held):
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifiers |= each
        QTest.keyClick(self.view, key, modifiers)

    def confirm(self):
        QTest.keyClick(self.real.sheets.current, Qt.Key.Key_Return, CTRL)
        self.real.wait(lambda: self.real.sheets.current is None)


@pytest.fixture
def screen(real_over):
    return Screen(real_over())


def test_in_the_irma_exercise_the_plan_has_times_at_once_and_says_they_are_proposed(screen):
    plan = screen.view.plan

    assert plan.zero is None
    assert plan.proposal.advisory == "45"
    assert "proposed by advisory 45" in screen.view._head.said()
    assert "reckoned here" in screen.view._said.said()
    assert screen.real.window.rail.buttons["storm_plan"].badge == ""


def test_z_and_enter_take_the_proposal_and_nothing_happens_before(screen):
    screen.press(Qt.Key.Key_Z)
    assert screen.real.sheets.current.NAME == "plan_take"
    assert screen.desk.plan().zero is None

    QTest.keyClick(screen.real.sheets.current, Qt.Key.Key_Return)
    screen.real.wait(lambda: screen.view.plan.zero is not None)

    assert screen.view.plan.zero.advisory == "45"


def test_an_hour_can_be_typed_with_its_day(screen):
    screen.press(Qt.Key.Key_Z, SHIFT)
    sheet = screen.real.sheets.current
    QTest.keyClicks(sheet.fields["at"].line, "Mon 14:00")
    screen.confirm()

    screen.real.wait(lambda: screen.view.plan.zero is not None)
    assert screen.view.plan.zero.at == from_iso("2017-09-11T18:00:00Z")


def test_space_opens_the_tick_with_a_note_and_again_opens_the_item(screen):
    screen.desk.set_zero(LANDFALL + 10 * HOUR_MS)
    screen.view.read()
    screen.settle()
    screen.view.rows.choose("check_holds")

    screen.press(Qt.Key.Key_Space)
    assert screen.line("check_holds").state is not PlanState.DONE
    QTest.keyClicks(screen.real.sheets.current.fields["note"].box, "all seven answered")
    screen.confirm()
    assert screen.line("check_holds").last.note == "all seven answered"

    screen.real.wait(lambda: screen.view.rows.current.is_settled)
    screen.press(Qt.Key.Key_Return)
    assert "again" in screen.real.sheets.current.title()
    screen.confirm()
    assert screen.line("check_holds").state is PlanState.OPEN


def test_s_asks_why_and_o_changes_owner_and_hour(screen):
    screen.view.rows.choose("send_thanks")
    screen.press(Qt.Key.Key_S)
    QTest.keyClick(screen.real.sheets.current, Qt.Key.Key_Return, CTRL)
    assert "why" in screen.real.sheets.current.fields["why"].complaint()
    screen.real.sheets.close()

    screen.press(Qt.Key.Key_O)
    hours = screen.real.sheets.current.fields["hours"]
    hours.line.selectAll()
    QTest.keyClicks(hours.line, "200")
    screen.confirm()

    assert screen.line("send_thanks").item.hours == 200


def test_what_is_late_is_counted_on_the_rail_whatever_screen_is_shown(screen):
    screen.desk.set_zero(LANDFALL + 6 * HOUR_MS - 60_000)
    screen.desk.reopen("check_walk_list")
    screen.real.window.go_to("queue")
    screen.view.read()
    screen.settle()

    screen.real.wait(lambda: screen.real.window.rail.buttons["storm_plan"].badge == "1")


def test_a_switch_opens_its_own_sheet(screen):
    screen.desk.set_zero(LANDFALL + 6 * HOUR_MS)
    screen.view.read()
    screen.settle()
    screen.view.rows.choose("switch_suspend")

    screen.press(Qt.Key.Key_Return)

    assert screen.real.sheets.current.NAME == "suspend"


def test_without_the_notices_sheet_a_draft_is_copied_with_its_open_slots_named(screen, monkeypatch):
    from ui.storm_plan import view

    monkeypatch.setattr(view, "SHEETS", {})
    said = []
    screen.real.bridge.said.connect(lambda words, _alarm: said.append(words))
    screen.desk.reopen("send_wires")
    screen.view.read()
    screen.settle()
    screen.view.rows.choose("send_wires")

    screen.press(Qt.Key.Key_Return)
    screen.real.wait(lambda: said)

    assert "Fill in: utility, utility phone" in said[-1]
    assert "call 911" in QGuiApplication.clipboard().text()


def test_an_old_advisory_blocks_a_draft_of_the_storm_and_copies_nothing(screen, monkeypatch):
    from ui.storm_plan import view

    monkeypatch.setattr(view, "SHEETS", {})
    said = []
    screen.real.bridge.said.connect(lambda words, _alarm: said.append(words))
    QGuiApplication.clipboard().setText("before")
    screen.desk.reopen("send_track")
    screen.view.read()
    screen.settle()
    screen.view.rows.choose("send_track")

    screen.press(Qt.Key.Key_Return)
    screen.real.wait(lambda: said)

    assert "advisory" in said[-1].lower()
    assert QGuiApplication.clipboard().text() == "before"


def test_the_line_of_time_goes_forward_and_ends_at_its_ends(screen):
    strip = screen.view.strip
    xs = [strip.x_of(hours) for hours in range(FIRST_H, LAST_H + 1, 6)]

    assert xs == sorted(xs)
    assert strip.x_of(FIRST_H - 50) == xs[0]
    assert strip.x_of(LAST_H + 50) == xs[-1]
    assert strip.x_of(FAR_H) - strip.x_of(FAR_H - 24) > strip.x_of(FAR_H + 24) - strip.x_of(FAR_H)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("Sun 14:00", "2017-09-10T18:00:00Z"),
        ("tuesday 0600", "2017-09-12T10:00:00Z"),
        ("2017-09-10 14:00", "2017-09-10T18:00:00Z"),
        ("+36 h", "2017-09-13T02:30:00Z"),
        ("15:00", "2017-09-11T19:00:00Z"),
    ],
)
def test_a_day_and_hour_are_read_as_people_write_them(typed, at):
    assert words.read_day_time(typed, from_iso("2017-09-11T14:30:00Z"), ZONE) == from_iso(at)


@pytest.mark.parametrize("typed", ["", "soon", "Son 14:00", "Sun 25:00", "2017-02-30 10:00"])
def test_what_is_no_day_and_hour_is_not_guessed(typed):
    assert words.read_day_time(typed, from_iso("2017-09-11T14:30:00Z"), ZONE) is None
