"""A site handed over in the Queue and answered on the EM desk, on the real store, desk and bridge."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from dispatch import assembly
from dispatch.records import Actor, EscalationState, Page
from dispatch.settings import Settings
from dispatch.store import mirror
from dispatch.sync.take import Taker
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import ZONE, request_of, settle
from ui.bridge import Bridge
from ui.em_desk.view import EmDesk
from ui.queue.detail import Detail
from ui.queue.selection import Selection
from ui.sheets.registry import Sheets
from ui.theme import Theme

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def parts(tmp_path, clock):
    clock.set(NOW)
    made = assembly.build(
        folder=tmp_path,
        settings=Settings(person="Ann Ortiz", seat="Seat 2"),
        clock=clock,
        storm=assembly.Storm("Hurricane Test", is_exercise=True),
    )
    sync = Actor(made.actor.activation_id, "", "Sync", "Seat 2")
    with made.store.transaction(sync) as tx:
        server_id = mirror.ensure_server(tx.connection, "http://127.0.0.1/", "seeclickfix")
    words = "Power line down and sparking on the sidewalk, kids walk here"
    Taker(made.store, made.in_force, sync, server_id).page(Page((request_of("901", words),), (), None, 1))
    yield made
    made.close()


class Room:
    """Queue detail and EM desk in one window, both on one bridge."""

    def __init__(self, parts, qtbot, run):
        self.run, self.qtbot, self.bridge = run, qtbot, Bridge(parts)
        self.theme = Theme("light")
        self.window = QWidget()
        self.window.resize(1600, 1000)
        across = QHBoxLayout(self.window)
        self.selection = Selection(
            self.bridge.board, clock=self.bridge.clock, zone=ZONE, search=parts.detail.search
        )
        self.bridge.changed.connect(self.selection.take)
        self.sheets = Sheets(host=self.window, bridge=self.bridge, theme=self.theme)
        self.detail = Detail(
            bridge=self.bridge, selection=self.selection, theme=self.theme, sheets=self.sheets
        )
        self.em = EmDesk(bridge=self.bridge, theme=self.theme, sheets=self.sheets, is_still=True)
        across.addWidget(self.em, 1)
        across.addWidget(self.detail)
        self.do(self.window.show, self.window.activateWindow)

    def do(self, *steps, until=lambda: True):
        async def play():
            for step in steps:
                step()
                await settle()
            while not until():
                await asyncio.sleep(0.005)

        self.run(play())

    def press(self, key, held=Qt.KeyboardModifier.NoModifier, *, until=lambda: True):
        target = QApplication.focusWidget() or self.window
        self.do(lambda: self.qtbot.keyClick(target, key, held), until=until)

    def enter(self, *, until=lambda: True):
        """Do what the open sheet is for, and wait until it has closed."""
        self.press(Qt.Key.Key_Return, CTRL, until=lambda: self.sheets.current is None and until())

    def ids(self, column):
        return self.em.columns[column].ids


@pytest.fixture
def room(parts, qtbot, loop, run):
    asyncio.set_event_loop(loop)
    made = Room(parts, qtbot, run)
    yield made
    # Nothing may still be on its way when the loop goes.
    made.do(made.window.hide, until=lambda: len(asyncio.all_tasks()) <= 2)
    made.window.deleteLater()
    asyncio.set_event_loop(None)


def open_site(room):
    site_id = int(room.bridge.board.site_id[0])
    room.do(lambda: room.selection.go(site_id), until=lambda: room.detail.view is not None)
    return site_id


def hand_over(room):
    open_site(room)
    room.do(lambda: room.detail.act("escalate"), until=lambda: room.sheets.current.button.isEnabled())
    room.enter(until=lambda: room.ids("sent"))


def test_a_hand_over_goes_from_the_queue_to_an_outcome(room):
    hand_over(room)
    room.do(room.em.setFocus)
    room.press(Qt.Key.Key_J)

    room.press(Qt.Key.Key_A)
    room.enter(until=lambda: room.ids("accepted"))
    room.do(until=lambda: room.detail.view.escalations[0].state is EscalationState.ACCEPTED)
    assert "accepted" in room.detail.page.hand_overs.said()

    room.press(Qt.Key.Key_R)
    room.do(lambda: room.qtbot.keyClicks(QApplication.focusWidget(), "Crew 14"))
    room.enter(until=lambda: room.ids("under_way"))

    room.press(Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    room.do(lambda: room.qtbot.keyClicks(QApplication.focusWidget(), "Line dead"))
    room.press(Qt.Key.Key_Tab)
    room.do(lambda: room.qtbot.keyClicks(QApplication.focusWidget(), "Duke 12"))
    room.enter(until=lambda: room.ids("closed"))
    assert room.em._open.said().startswith("0 open")


def test_seeing_a_card_is_the_receipt_of_the_desk(room):
    hand_over(room)

    room.do(until=lambda: room.detail.view.escalations[0].state is EscalationState.RECEIVED)

    assert room.detail.view.escalations[0].received_at == NOW


def test_s3_not_told_stands_on_the_card_and_comes_off_it(room):
    hand_over(room)
    card = room.em.columns["sent"].card(room.ids("sent")[0])

    def tell(*steps, until):
        site_id = room.selection.current
        room.do(lambda: room.sheets.open("told_911", site_id), until=lambda: room.sheets.current.view)
        room.do(*steps)
        room.enter(until=until)

    def says(words):
        return lambda: words in [text for text, _tone in card.words.notes]

    tell(
        lambda: room.sheets.current.fields["told"].buttons[False].click(),
        until=says("911 NOT TOLD, not reached 14:32"),
    )
    room.do(until=lambda: "NOT TOLD" in room.detail.page.head.told_911.said())

    tell(
        lambda: room.qtbot.keyClicks(QApplication.focusWidget(), "17-2231"),
        until=says("911 told 14:32, no. 17-2231"),
    )


def test_a_message_shows_as_leaving_and_is_taken_back(room):
    site_id = open_site(room)
    room.do(
        lambda: room.sheets.open("message", site_id), until=lambda: room.sheets.current.button.isEnabled()
    )
    room.do(lambda: room.qtbot.keyClicks(QApplication.focusWidget(), "Stay away from the line."))
    room.press(Qt.Key.Key_Return, CTRL, until=lambda: "Stay away" in room.detail.page.thread.said())
    assert "U takes it back" in room.detail.page.thread.said()

    ids = [line.outbox_id for line in room.detail.view.thread if line.kind == "ours"]
    room.do(
        lambda: room.detail.page.thread.taken_back.emit(ids),
        until=lambda: "Stay away" not in room.detail.page.thread.said(),
    )


def test_s13_the_desk_and_the_sheet_agree_on_a_live_wire(room):
    site_id = open_site(room)
    room.do(lambda: room.sheets.open("close", site_id), until=lambda: room.sheets.current.button.isEnabled())

    assert not room.sheets.current.fields["reason"].buttons["fixed_confirmed"].isEnabled()
    assert "TREAT AS LIVE" in room.detail.page.head.utility.said()
    assert NOW - room.bridge.board.first_at[0] == 26 * MINUTE
