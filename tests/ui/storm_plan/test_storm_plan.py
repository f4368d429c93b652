"""The Storm plan screen on a real console: keys open sheets, sheets act, the rail tells what is late."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.feeds.times import from_iso
from dispatch.plan.standing import HOUR_MS
from dispatch.records import NoticeState, PlanState
from tests.conftest import LANDFALL
from tests.dispatch.feeds.alerts import FILES
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


def opened(screen, key):
    """Its notice's sheet, by Enter on the item."""
    if screen.line(key).is_settled:
        screen.desk.reopen(key)
    screen.view.read()
    screen.settle()
    screen.view.rows.choose(key)
    screen.press(Qt.Key.Key_Return)
    sheet = screen.real.sheets.current
    assert sheet.NAME == "notice"
    return sheet


def test_enter_on_what_is_sent_writes_its_notice_in_both_languages_up_to_the_approval(screen):
    sheet = opened(screen, "send_wires")
    desk = screen.real.room.parts.notice_desk
    assert sheet.fields["draft"].value() == "wires"
    assert "call 911" in sheet.fields["text_en"].value() and sheet.fields["text_es"].value()
    assert desk.board().notices == (), "nothing is written before Ctrl+Enter (S12)"

    for code in ("en", "es"):
        text = sheet.fields[f"text_{code}"].value()
        said = text.replace("{utility}", "Duke Energy").replace("{utility_phone}", "800-555-0199")
        sheet.fields[f"text_{code}"].show_value(said)
        sheet.fields[f"text_{code}"].edited.emit()
    screen.confirm()

    [notice] = desk.board().notices
    assert (notice.state, notice.from_draft) == (NoticeState.SUBMITTED, "wires")
    assert notice.expires_at > LANDFALL


def test_an_open_place_of_a_draft_keeps_it_from_being_handed_in(screen):
    sheet = opened(screen, "send_wires")

    QTest.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    screen.real.wait(sheet.trouble)

    assert "utility" in sheet.trouble()
    assert [each.state for each in screen.real.room.parts.notice_desk.board().notices] == [NoticeState.DRAFT]


@pytest.mark.parametrize("file", ["nhc_milton_fstadv_016.txt", ""])
def test_a_draft_of_the_storm_says_there_which_advisory_is_missing_or_too_old(screen, clock, file):
    if file:
        clock.set(from_iso("2024-10-09T09:01:00Z"))  # that advisory is of 0300 UTC
        screen.real.room.parts.feeds.take_file(FILES / file)

    sheet = opened(screen, "send_track")

    why = "is 6 h 01 min old" if file else "No advisory of the hurricane center is here"
    assert why in sheet._note.said()
    assert "{storm}" in sheet.fields["text_en"].value() + sheet.fields["title_en"].value()
    QTest.keyClick(sheet, Qt.Key.Key_Return, CTRL)
    screen.real.wait(sheet.trouble)
    assert [each.state for each in screen.real.room.parts.notice_desk.board().notices] == [NoticeState.DRAFT]


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
