"""An offer of help from the list to its end, by keyboard: in the detail, in its sheet, in the list of all."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt

from dispatch.records import OfferState
from dispatch.residents.relayed import QUESTION
from tests.ui.real import RealConsole

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
OFFER = "I have a chainsaw and can come over, call 727-555-0142"


@pytest.fixture
def with_offer(real_over, city):
    """`with_offer("Oak across the road")` is the console at a site below which a neighbor has written."""

    def make(words: str) -> tuple[RealConsole, str]:
        request_id = city.add_report(words, reporter="resident", address="2214 22nd Ave S")
        one = real_over()
        city.clock(forward_s=700)
        city.elsewhere(request_id, "comment", OFFER)
        one.room.sync()
        one.room.sync()
        take_in(one)
        one.selection.go(one.room.site(request_id))
        one.wait(lambda: one.queue.detail.view is not None and one.queue.detail.view.offers)
        return one, request_id

    return make


def take_in(one: RealConsole) -> None:
    task = asyncio.ensure_future(one.bridge.catch_up())
    one.wait(task.done)


def state(one: RealConsole, request_id: str) -> OfferState:
    [offer] = one.room.view(request_id).offers
    return offer.state


def open_sheet(one: RealConsole) -> None:
    one.queue.list.setFocus()
    one.key(Qt.Key.Key_O, SHIFT)
    one.wait(lambda: one.sheets.current is not None and one.sheets.current.NAME == "offer")
    one.wait(lambda: one.sheets.current.view is not None)


def record(one: RealConsole) -> None:
    one.key(Qt.Key.Key_Return, CTRL)
    one.wait(lambda: one.sheets.current is None)


def test_each_step_is_one_key_and_one_confirmation(with_offer, city) -> None:
    one, request_id = with_offer("Oak across the road")
    said = one.queue.detail.page.neighbors.said()
    assert "A neighbor offers help" in said and "[phone]" in said and "727" not in said
    assert (
        "help offered" in one.queue.model.writer.words(one.bridge.board.row(one.room.site(request_id))).state
    )

    for expected in (OfferState.ASKED, OfferState.AGREED, OfferState.DONE, OfferState.CONFIRMED):
        open_sheet(one)
        record(one)
        assert state(one, request_id) == expected
    one.wait(lambda: "the resident confirms it" in one.queue.detail.page.neighbors.said())

    one.room.sync()
    assert city.messages(request_id)[-1] == f"EXERCISE. {QUESTION}"
    row = one.bridge.board.row(one.room.site(request_id))
    assert one.queue.model.writer.words(row).state != "help offered"
    open_sheet(one)
    assert not one.sheets.current.button.isEnabled()


def test_at_a_wire_the_sheet_says_why_not_and_only_an_end_can_be_recorded(with_offer) -> None:
    one, request_id = with_offer("Oak across the road, a wire is in it")
    assert "no neighbor is pointed" in one.queue.detail.page.neighbors.said()
    open_sheet(one)
    sheet = one.sheets.current
    buttons = sheet.fields["step"].buttons

    assert not buttons["ask"].isEnabled() and not buttons[OfferState.ASKED.value].isEnabled()
    assert buttons[OfferState.WITHDRAWN.value].hasFocus()
    one.key(Qt.Key.Key_Return, CTRL)
    assert sheet.fields["step"].complaint()
    one.key(Qt.Key.Key_Down)
    one.key(Qt.Key.Key_Down)
    assert sheet.fields["step"].value() == OfferState.UNSUITABLE.value
    one.key(Qt.Key.Key_Return, CTRL)
    assert sheet.fields["why"].complaint()
    sheet.fields["why"].show_value("a wire")
    record(one)

    assert state(one, request_id) == OfferState.UNSUITABLE


def test_a_phone_in_the_question_is_refused_and_the_sheet_stays(with_offer, city, allow_warning) -> None:
    one, request_id = with_offer("Oak across the road")
    open_sheet(one)
    sheet = one.sheets.current
    sheet.fields["text"].show_value("Call 727-555-0142, they help you")
    one.key(Qt.Key.Key_Return, CTRL)
    one.key(Qt.Key.Key_Return, CTRL)
    one.wait(lambda: "passes no contact on" in sheet.trouble())

    assert one.sheets.current is sheet
    assert state(one, request_id) == OfferState.OFFERED
    one.room.sync()
    assert all("727-555" not in said for said in city.messages(request_id) if said != OFFER)


def test_the_list_of_all_leads_to_the_next_step(with_offer) -> None:
    one, request_id = with_offer("Oak across the road")
    one.queue.list.setFocus()
    one.key(Qt.Key.Key_G)
    one.key(Qt.Key.Key_F)
    one.wait(lambda: one.sheets.current is not None and one.sheets.current.NAME == "offers")
    listed = one.sheets.current.list
    one.wait(lambda: listed.count() == 1)
    assert "nobody has asked" in listed.item(0).text() and "727" not in listed.item(0).text()

    one.key(Qt.Key.Key_Return)

    one.wait(lambda: one.sheets.current is not None and one.sheets.current.NAME == "offer")
    assert one.sheets.current.site_id == one.room.site(request_id)


def test_without_offers_the_list_says_so(real_over, city) -> None:
    city.add_report("Oak across the road")
    one = real_over()
    sheet = one.sheets.open("offers")

    one.wait(lambda: "No neighbor offers help" in sheet.effect())
    assert not sheet.button.isEnabled()
