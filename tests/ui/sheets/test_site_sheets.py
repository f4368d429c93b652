"""What each sheet asks before it acts, and what it then asks of the desk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.records import (
    BY_HAND,
    Band,
    CloseReason,
    Fact,
    Flag,
    OwnPlace,
    Place,
    Suggestion,
    Told911,
    WaitReason,
)
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import Screen, request_of, some_site, view_of
from ui.sheets.near import neighbors
from ui.sheets.public_words import doubt_about

CTRL = Qt.KeyboardModifier.ControlModifier


def test_leaving_life_safety_asks_a_reason(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("band", band=3)

    screen.ctrl_enter()
    assert screen.seat.done == []
    assert "reason" in sheet.fields["reason"].complaint()

    screen.do(sheet.fields["reason"].setFocus)
    screen.type("the line is a phone cable")
    screen.ctrl_enter()
    assert screen.seat.done[0].args == (1, Band.P3, "the line is a phone cable")


def test_what_was_done_is_said_with_whether_it_can_be_taken_back(qtbot, run):
    screen = Screen(qtbot, run, *_street("tree_private", "tree_private"))
    said = []
    screen.sheets.did.connect(lambda sentence, can_undo: said.append((sentence, can_undo)))

    screen.open("message")
    screen.type("A crew has been told.")
    screen.ctrl_enter()
    screen.open("duplicate")
    screen.key(Qt.Key.Key_Return)
    screen.open("note")
    screen.key(Qt.Key.Key_Escape)
    screen.open("escalate")
    screen.ctrl_enter()

    assert said == [
        ("The message leaves in 10 s.", True),
        ("Merged into no. 2.", True),
        ("Handed over to Traffic.", False),
    ]


def test_reports_about_persons_are_linked_which_undo_does_not_take_back(qtbot, run):
    near = _street("medical_power_dependent", "medical_power_dependent")
    screen = Screen(qtbot, run, near[0]._replace(flags=int(Flag.PERSON)), near[1])
    said = []
    screen.sheets.did.connect(lambda sentence, can_undo: said.append((sentence, can_undo)))

    screen.open("duplicate")
    screen.key(Qt.Key.Key_Return)

    assert said == [("Linked with no. 2.", False)]


def test_an_arrow_key_chooses_where_nothing_is_chosen_yet(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("wait")
    assert sheet.fields["reason"].value() is None

    screen.key(Qt.Key.Key_Down)
    assert sheet.fields["reason"].value() == WaitReason.OWNER
    screen.key(Qt.Key.Key_Down)
    assert sheet.fields["reason"].value() == WaitReason.UTILITY_FIRST


def test_s8_the_message_says_public_with_its_readers_and_reporters(qtbot, run):
    screen = Screen(qtbot, run)

    sheet = screen.open("message")

    assert sheet._public.said() == "PUBLIC on the city's site, 6 followers"
    assert sheet.button.text() == "Send to 2 reporters"
    said = " ".join(words.said() for words in sheet.findChildren(type(sheet._public)))
    assert "This is not 911" in said
    assert "10 s" in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Call us at 727-555-0142", "phone number"),
        ("We go to apt 4B first", "unit number"),
        ("Your oxygen is on the way", "medical word"),
    ],
)
def test_s8_private_words_ask_before_sending(qtbot, run, text, named):
    screen = Screen(qtbot, run)
    sheet = screen.open("message")
    screen.type(text)

    screen.ctrl_enter()
    assert screen.seat.done == []
    assert named in sheet.trouble()
    assert sheet.button.text() == "Yes: Send to 2 reporters"

    screen.ctrl_enter()
    assert screen.seat.names() == ["message"]


def test_s8_a_changed_text_asks_again(qtbot, run):
    screen = Screen(qtbot, run)
    screen.open("message")
    screen.type("Your oxygen")
    screen.ctrl_enter()

    screen.type(" is at unit 12")
    screen.ctrl_enter()

    assert screen.seat.done == []


@pytest.mark.parametrize("text", ["Stay 35 ft away from the line.", "22nd Ave S is closed."])
def test_s8_plain_words_pass_without_a_question(text):
    assert doubt_about(text) == ""


def test_s8_where_nobody_can_be_answered_the_box_is_closed_before_typing(qtbot, run):
    screen = Screen(qtbot, run)
    why = "Comments are closed on the 311 server."
    screen.seat.views[1] = view_of(some_site(), can_message=False, cannot_message_why=why)

    sheet = screen.open("message")

    assert sheet.effect() == why
    assert sheet._text.box.isReadOnly()
    assert not sheet.button.isEnabled()


def test_s8_the_key_that_sends_messages_keeps_no_note(qtbot, run):
    screen = Screen(qtbot, run)
    message = screen.open("message")
    place = message.geometry()
    key = message.button.key
    sheet = screen.open("note")
    assert sheet.geometry().top() != place.top()
    assert sheet.button.key != key
    screen.type("called the owner")

    screen.ctrl_enter()
    assert screen.seat.done == []

    screen.key(Qt.Key.Key_S, CTRL)
    assert screen.seat.names() == ["internal_note"]


def test_a_site_waits_with_a_reason(qtbot, run):
    screen = Screen(qtbot, run, some_site(flags=int(Flag.WIRE)))
    screen.open("wait")

    screen.ctrl_enter()

    assert screen.seat.done[0].args == (1, WaitReason.UTILITY_FIRST, "")


def test_s5_a_p1_sleeps_five_minutes_at_most(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("snooze")

    assert not sheet.fields["span"].buttons[15].isEnabled()
    assert sheet.button.text() == "Snooze until 14:37"
    screen.key(Qt.Key.Key_Return)

    assert screen.seat.done[0].args == (1, NOW + 5 * MINUTE)


def test_s13_a_live_wire_is_not_closed_as_fixed(qtbot, run):
    screen = Screen(qtbot, run, some_site(flags=int(Flag.WIRE), band=2))
    sheet = screen.open("close")
    reason = sheet.fields["reason"]

    assert not reason.buttons[CloseReason.FIXED_CONFIRMED].isEnabled()
    assert not reason.buttons[CloseReason.AREA_SWEEP].isEnabled()
    assert "TREAT AS LIVE" in sheet.effect()

    reason.show_value(CloseReason.FIXED_UNCONFIRMED)
    screen.ctrl_enter()
    assert screen.seat.done == []


def test_s13_made_safe_needs_by_whom(qtbot, run):
    screen = Screen(qtbot, run, some_site(flags=int(Flag.WIRE | Flag.UTILITY_TOLD)))
    sheet = screen.open("utility")

    screen.ctrl_enter()
    assert "who made it safe" in sheet.fields["words"].complaint()

    screen.type("Duke crew 12")
    screen.ctrl_enter()
    assert [(done.name, done.args) for done in screen.seat.done] == [("made_safe", (1, "Duke crew 12"))]


def test_s6_a_p1_closes_with_outcome_and_who_confirmed(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("close")
    screen.do(lambda: sheet.fields["reason"].buttons[CloseReason.FIXED_CONFIRMED].click())

    screen.ctrl_enter()
    assert "outcome" in sheet.fields["note"].complaint()
    screen.type("line removed")
    screen.ctrl_enter()
    assert "confirmed" in sheet.fields["by"].complaint()
    screen.type("Crew 14")
    screen.ctrl_enter()

    done = screen.seat.done[0]
    assert done.args == (1, CloseReason.FIXED_CONFIRMED)
    assert done.words == {"note": "line removed", "confirmed_by": "Crew 14", "message": ""}


def test_passed_on_never_closes_without_owner_and_ticket(qtbot, run):
    screen = Screen(qtbot, run, some_site(band=3))
    sheet = screen.open("close")
    screen.do(lambda: sheet.fields["reason"].buttons[CloseReason.PASSED_TO_OWNER].click())

    screen.ctrl_enter()

    assert screen.seat.done == []
    assert "never read as fixed" in sheet.fields["note"].complaint()


def _street(*families: str):
    """Sites along one street, about 44 m apart, the first one asked about."""
    return [
        some_site(i, band=2, category=key, what=f"{key} {i}", lat=27.74 + 0.0004 * (i - 1), lng=-82.66)
        for i, key in enumerate(families, start=1)
    ]


def test_neighbors_of_the_same_family_come_first_then_the_nearest(qtbot, run):
    rows = _street("tree_road_blocked", "sidewalk", "tree_on_wires", "tree_private", "x", "x", "x", "x")
    screen = Screen(qtbot, run, *rows)

    found = neighbors(screen.seat.board, 1, lambda key: "trees" if key.startswith("tree") else "other")

    assert [n.site_id for n in found] == [3, 4, 2, 5, 6]
    assert found[2].distance_m == pytest.approx(44.5, abs=1)


def test_the_nearest_site_of_its_kind_is_merged_into_by_enter(qtbot, run):
    screen = Screen(qtbot, run, *_street("tree_road_blocked", "tree_private"))
    sheet = screen.open("duplicate")

    assert sheet.button.text() == "Merge into no. 2"
    screen.key(Qt.Key.Key_Return)

    assert [(done.name, done.args) for done in screen.seat.done] == [("merge", (2, [1]))]


def proposing(screen, *suggestions):
    screen.seat.views[1] = view_of(some_site(), suggestions=suggestions)
    return screen


def test_what_is_proposed_stands_first_with_its_why_and_enter_takes_it(qtbot, run):
    screen = Screen(qtbot, run, *_street("tree_road_blocked", "tree_private", "tree_private"))
    proposing(screen, Suggestion(3, "60 m away, 12 min earlier, same kind, both say 'oak'", 2.5))

    sheet = screen.open("duplicate")

    assert sheet.list.item(0).text().endswith("same kind, both say 'oak' · no. 3")
    assert sheet.list.count() == 2, "and is not listed again among the near ones"
    screen.key(Qt.Key.Key_Return)
    assert [(done.name, done.args) for done in screen.seat.done] == [("merge", (3, [1]))]


def test_none_of_these_names_what_is_proposed_and_acts_on_enter_alone(qtbot, run):
    screen = Screen(qtbot, run, *_street("tree_road_blocked", "tree_private", "tree_private"))
    proposing(screen, Suggestion(2, "30 m away", 2.0), Suggestion(3, "60 m away", 1.0))

    sheet = screen.open("not_the_same")

    assert "30 m away · no. 2" in sheet._list.said() and "60 m away · no. 3" in sheet._list.said()
    assert sheet.button.text() == "Not the same as 2 sites" and screen.seat.done == []
    screen.key(Qt.Key.Key_Return)
    assert [(done.name, done.args) for done in screen.seat.done] == [("not_the_same", (1, [2, 3]))]


def test_none_of_these_says_so_where_nothing_is_proposed(qtbot, run):
    screen = Screen(qtbot, run)
    proposing(screen)

    sheet = screen.open("not_the_same")

    assert "Nothing is proposed" in sheet.effect()
    screen.key(Qt.Key.Key_Return)
    assert screen.seat.done == []


def test_the_near_sites_are_shown_whole(qtbot, run):
    near = _street("tree_down", "tree_down")
    sheet = Screen(qtbot, run, *near).open("duplicate")

    last = sheet.list.visualItemRect(sheet.list.item(sheet.list.count() - 1))
    assert last.bottom() < sheet.list.viewport().height()


def test_a_typed_number_wins_over_the_list(qtbot, run):
    screen = Screen(qtbot, run, *_street("tree_road_blocked", "tree_private", "tree_private"))
    sheet = screen.open("duplicate")

    screen.type("9")
    screen.key(Qt.Key.Key_Return)
    assert sheet.fields["number"].complaint() == "There is no site 9."
    screen.key(Qt.Key.Key_Backspace)
    screen.type("3")
    screen.key(Qt.Key.Key_Return)

    assert screen.seat.done[0].args == (3, [1])


def test_s10_reports_about_persons_are_linked_not_merged(qtbot, run):
    near = _street("medical_power_dependent", "medical_power_dependent")
    screen = Screen(qtbot, run, near[0]._replace(flags=int(Flag.PERSON)), near[1])
    sheet = screen.open("duplicate")

    assert "never merged" in sheet.effect()
    screen.key(Qt.Key.Key_Return)

    assert screen.seat.names() == ["link"]


def test_s10_a_report_is_split_off_by_enter(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("split")
    screen.do(lambda: sheet.fields["report"].buttons["902"].click())

    screen.key(Qt.Key.Key_Return)

    assert screen.seat.done[0].args == (1, "902")


def test_s3_the_911_card_reads_out_what_where_and_call_back(qtbot, run):
    screen = Screen(qtbot, run)
    screen.seat.views[1] = view_of(
        some_site(),
        address="22nd Ave S & 31st St S",
        place_doubt="the pin lies at 22nd Ave N",
        facts=(Fact("call_back", "727-555-0142", "Ann", NOW), Fact("people", "2 adults", "Ann", NOW)),
    )

    sheet = screen.open("told_911")

    card = sheet.card_words()
    assert "22nd Ave S & 31st St S" in card
    assert "PLACE NOT CONFIRMED" in card
    assert "727-555-0142" in card
    assert "2 adults" in card
    assert "Call 911" in sheet.effect()


def test_s3_told_is_recorded_with_number_and_time(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("told_911")

    screen.ctrl_enter()
    assert screen.seat.done == []
    assert sheet.button.text() == "Record: 911 told"
    screen.type("17-2231")
    screen.ctrl_enter()

    assert screen.seat.done[0].args == (1, Told911(True, NOW, "", "17-2231"))


def test_s3_not_reached_holds_nothing_up(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("told_911")
    screen.do(lambda: sheet.fields["told"].buttons[False].click())
    assert "every two minutes" in sheet.fields["told"].complaint()

    screen.ctrl_enter()

    assert screen.seat.done[0].args == (1, Told911(False, NOW, "", ""))


def test_s11_a_confirmed_place_needs_words(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("place")
    screen.do(lambda: sheet.fields["quality"].buttons["exact"].click())

    screen.ctrl_enter()

    assert screen.seat.done[0].args == (1, "exact", "22nd Ave S & 31st St S")


def test_s1_the_storm_mode_preview_lists_what_it_would_have_hidden(qtbot, run):
    from dataclasses import replace

    screen = Screen(qtbot, run)
    screen.seat.activation = replace(screen.seat.activation, storm_mode=False)
    screen.seat.hidden = [1]

    sheet = screen.open("storm_mode", 0)

    assert "Power line down" in sheet._danger.said()
    screen.key(Qt.Key.Key_Return)
    assert screen.seat.done[0].args == (True,)


def test_s7_suspending_needs_why_and_a_review_ahead(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("suspend", 0)
    screen.do(lambda: sheet.fields["service"].buttons["police"].click())

    screen.ctrl_enter()
    assert "why" in sheet.fields["why"].complaint()
    screen.type("45 mph at Albert Whitted, Chief")
    screen.ctrl_enter()

    done = screen.seat.done[0]
    assert done.name == "suspend"
    assert done.args == ("police", NOW, "45 mph at Albert Whitted, Chief", NOW + 60 * MINUTE)


def test_outside_text_is_never_read_as_markup(qtbot, run):
    screen = Screen(qtbot, run)
    evil = "<b onclick=x>bold</b><img src=http://evil/x.png>"
    screen.seat.views[1] = view_of(some_site(), title=evil, requests=(request_of("1", evil),))

    sheet = screen.open("told_911")

    assert evil in sheet.card_words()
    assert sheet._what.textFormat() == Qt.TextFormat.PlainText


def test_s11_a_sheet_names_the_place_put_by_hand_and_not_the_reports_own(qtbot, run):
    screen = Screen(qtbot, run)
    own = OwnPlace(Place(27.7634, -82.6415), "700 6th St S", None, "Ben Lee", NOW - MINUTE)
    screen.seat.views[1] = view_of(some_site(), facts=(Fact(BY_HAND, own.value, own.who, own.at),))

    sheet = screen.open("note")

    assert sheet._where.said().startswith("700 6th St S")
