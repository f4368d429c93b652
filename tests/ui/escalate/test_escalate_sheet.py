"""The escalate sheet: filled in, checked in one sentence, previewed as the form, sent with Ctrl+Enter."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dispatch.escalation.channels import CHANNELS
from dispatch.records import Told911
from dispatch.residents.told import told_text
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import Screen, card_of, draft_of, some_site, view_of

CTRL = Qt.KeyboardModifier.ControlModifier


def test_it_opens_filled_in_and_goes_with_one_key(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")

    assert sheet.fields["desk"].value() == "Traffic"
    assert sheet.fields["by"].value() == "15:00"
    assert sheet.fields["by"].aside() == "in 28 min"
    screen.ctrl_enter()

    assert screen.seat.names() == ["escalate"]
    assert screen.seat.done[0].args[0] == draft_of(1)


@pytest.mark.parametrize(
    ("typed", "ahead_min", "says"),
    [
        ("15:00", 28, "in 28 min"),
        ("+30", 30, "in 30 min"),
        ("in 45 min", 45, "in 45 min"),
        ("2 h", 120, "in 2 h 00"),
    ],
)
def test_by_is_read_as_it_is_typed(qtbot, run, typed, ahead_min, says):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")
    screen.do(sheet.fields["by"].setFocus, sheet.fields["by"].line.selectAll)

    screen.type(typed)

    assert sheet.fields["by"].aside() == says
    assert sheet.filled().need_by_at == NOW + ahead_min * MINUTE


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("effect", "", "Say the effect needed: “traffic control at the crossing”."),
        ("by", "soon", "Type a time like 15:00, +30 or 2 h, or leave it empty."),
        ("channels", (), "Tick at least one way it goes."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(qtbot, run, field, value, sentence):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")
    sheet.fields[field].show_value(value)

    screen.ctrl_enter()

    assert screen.seat.done == []
    assert sheet.fields[field].complaint() == sentence


def test_s8_what_residents_will_read_stands_word_for_word(qtbot, run):
    sheet = Screen(qtbot, run).open("escalate")

    assert sheet.public_words() == f"PUBLIC: “{told_text(card_of())}”"
    assert "EXERCISE." in sheet.public_words() and "This is not 911" in sheet.public_words()


def test_the_ways_it_goes_are_in_sight_on_a_small_screen(qtbot, run):
    screen = Screen(qtbot, run)
    screen.window.resize(1366, 620)
    sheet = screen.open("escalate")

    for name in ("channels", "tell"):
        field = sheet.fields[name]
        assert field.isVisible() and not sheet.scroll.isAncestorOf(field)
        foot = field.mapTo(screen.window, field.rect().bottomLeft()).y()
        assert foot < screen.window.height()
    assert sheet.scroll.geometry().bottom() < sheet.fields["channels"].parentWidget().geometry().top()


def test_a_desk_that_was_named_is_not_replaced_by_the_proposed_one(qtbot, run):
    sheet = Screen(qtbot, run).open("escalate", desk="Energy")

    assert (sheet.filled().desk, sheet.filled().esf) == ("Energy", "ESF 12")


def test_the_desk_chosen_brings_its_esf(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")

    sheet.fields["desk"].show_value("Energy")

    assert (sheet.filled().desk, sheet.filled().esf) == ("Energy", "ESF 12")


def test_the_ways_are_the_channels_that_the_city_has_set_up_by_their_labels(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")

    boxes = sheet.fields["channels"].boxes
    assert [box.text() for box in boxes.values()] == [
        CHANNELS[name].label for name in ("desk", "folder", "printout", "spoken")
    ]
    assert sheet.fields["channels"].value() == ("desk", "folder")


def test_mail_is_a_way_where_its_settings_are(qtbot, run):
    screen = Screen(qtbot, run)
    mail = {f"exercise_{name}": "x" for name in ("smtp_host", "mail_from", "mail_to")}
    parts = screen.seat.parts
    parts.channel_settings = replace(parts.channel_settings, values=mail)
    assert "email" in screen.open("escalate").fields["channels"].boxes


def test_s3_911_stands_first_and_holds_nothing_up(qtbot, run):
    screen = Screen(qtbot, run)
    screen.seat.desk.draft = lambda site_id, _others=(): draft_of(site_id, needs_911=True)
    sheet = screen.open("escalate")
    assert sheet._said_911.said().startswith("911 NOT TOLD.")
    screen.type(", and close the lane")

    screen.key(Qt.Key.Key_9, CTRL)
    assert screen.sheets.current.NAME == "told_911"
    screen.type("17-2240")
    told = Told911(True, NOW, "", "17-2240")
    screen.seat.desk.draft = lambda site_id, _others=(): draft_of(site_id, needs_911=True, told_911=told)
    screen.ctrl_enter()

    back = screen.sheets.current
    assert back.NAME == "escalate"
    assert back._said_911.said() == "911 told 14:32, no. 17-2240"
    assert "and close the lane" in back.fields["effect"].value()
    screen.ctrl_enter()
    assert screen.seat.names() == ["tell_911", "escalate"]


def test_an_open_hand_over_gets_an_update_not_a_second_one(qtbot, run):
    screen = Screen(qtbot, run)
    known = card_of(41, sent_at=NOW - 2 * MINUTE)
    screen.seat.views[1] = view_of(some_site(), escalations=(known,))
    screen.seat.desk.draft = lambda site_id, _others=(): draft_of(
        site_id, open_with={draft_of(site_id).desk: "EOC-0041"}
    )

    sheet = screen.open("escalate")

    assert sheet.effect() == "Already handed over: EOC-0041 sent 2 min ago. This adds an update to it."
    assert sheet.button.text() == "Send update"


def test_the_preview_is_the_form_by_its_blocks(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")

    screen.key(Qt.Key.Key_P, CTRL)

    said = sheet._preview.said()
    for block in (
        "1. Incident name",
        "2. To",
        "3. From",
        "4. Subject",
        "7. Message",
        "8. Approved by",
        "9. Reply",
    ):
        assert block in said
    assert "EXERCISE · GENERAL MESSAGE (ICS 213)" in said
    assert "Traffic control at the crossing" in said
    assert not sheet._form.isVisible()

    screen.key(Qt.Key.Key_P, CTRL)
    assert sheet._form.isVisible()


def test_the_form_is_saved_as_pdf(qtbot, run, tmp_path):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")
    screen.key(Qt.Key.Key_P, CTRL)
    path = tmp_path / "eoc.pdf"

    screen.do(lambda: sheet.write_pdf(path))

    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in sheet.effect()


def test_a_pdf_that_cannot_be_written_is_one_sentence(qtbot, run, tmp_path):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")
    screen.key(Qt.Key.Key_P, CTRL)

    screen.do(lambda: sheet.write_pdf(tmp_path / "nowhere" / "eoc.pdf"))

    assert sheet.effect() == "The PDF could not be written: No such file or directory."


def test_what_was_typed_survives_a_closed_sheet(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("escalate")
    screen.do(sheet.fields["safe"].setFocus)
    screen.type("Only by boat. ")
    screen.key(Qt.Key.Key_Escape)

    again = screen.open("escalate")

    assert "Only by boat." in again.fields["safe"].value()
    assert again.fields["why"].value() == draft_of(1).why_now
