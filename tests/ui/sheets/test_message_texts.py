"""The message sheet with texts of the city's: chosen by key, filled as it is sent, by language."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from dispatch.records import Band, Intent, Recipient, Template
from dispatch.residents.slots import Known
from dispatch.residents.templates import load_templates
from dispatch.template_desk import TextsHere
from tests.ui.seat import Screen, some_site, view_of
from ui.sheets.readers import choices

ALT = Qt.KeyboardModifier.AltModifier
TEXTS = load_templates("st-petersburg")
NUMBERED = Template(
    template_id="got_it.en",
    intent=Intent.GOT_IT,
    language="en",
    text="{name}, no. {number} has arrived. {safety}",
    version=1,
    approved_by="L. Park",
    approved_at=1,
)


def known(number: str, **more: Any) -> Known:
    said = {"category": "pothole", "label": "Pothole or uneven road", "family": "other", "band": Band.P3}
    return Known(**{**said, "number": number, "normal_days": 5, **more})


def reader(key: int, language: str = "en", **more: Any) -> Recipient:
    return Recipient(request_key=key, request_id=f"90{key}", name="", language=language, **more)


def sheet_of(
    qtbot: Any, run: Any, *readers: Recipient, texts: Any = TEXTS, band: int = 3, **more: Any
) -> tuple[Screen, Any]:
    screen = Screen(qtbot, run, some_site(band=band))
    screen.seat.views[1] = view_of(some_site(band=band), recipients=readers, **more.pop("view", {}))
    of_each = {each.request_key: known(each.request_id, band=band, **more) for each in readers}
    screen.seat.texts = TextsHere(texts, of_each, is_exercise=True)
    return screen, screen.open("message")


def test_a_text_is_chosen_by_its_key_and_stands_filled_before_it_goes(qtbot, run):
    screen, sheet = sheet_of(qtbot, run, reader(1))
    screen.key(Qt.Key.Key_1, ALT)

    text = sheet.fields["text"].value()
    assert text.startswith("EXERCISE. Thank you, your report has arrived: Pothole or uneven road.")
    assert "This is not 911" in text
    assert "not approved by the city yet" in sheet._stands.said()

    screen.ctrl_enter()
    assert screen.seat.done[0].args == (1, text)


def test_what_a_person_has_typed_stays_when_a_text_is_chosen(qtbot, run):
    screen, sheet = sheet_of(qtbot, run, reader(1))
    screen.type("We saw your photo.")
    screen.key(Qt.Key.Key_1, ALT)
    screen.key(Qt.Key.Key_2, ALT)
    text = sheet.fields["text"].value()
    assert text.startswith("We saw your photo.\nEXERCISE.")
    assert text.count("EXERCISE") == 1


def test_the_language_is_shown_with_how_it_is_known_and_chosen_by_it(qtbot, run):
    screen, sheet = sheet_of(qtbot, run, reader(1, "es"))
    assert "They wrote: Spanish, guessed from the words." in sheet._who.said()
    screen.key(Qt.Key.Key_1, ALT)
    assert "Gracias" in sheet.fields["text"].value()

    sheet._language.show_value("en")
    screen.do(lambda: sheet._language.edited.emit())
    assert "Thank you" in sheet.fields["text"].value()


def test_each_reader_gets_the_text_of_their_language_once(qtbot, run):
    screen, sheet = sheet_of(qtbot, run, reader(1), reader(2, "es"), reader(3), reader(4, "und"))
    assert [box.isVisibleTo(sheet) for box in sheet._boxes] == [True, True, False]
    screen.key(Qt.Key.Key_1, ALT)
    english, spanish = (box.value() for box in sheet._boxes[:2])
    assert "Thank you" in english and "Gracias" in spanish

    screen.ctrl_enter()
    assert screen.seat.done[0].args == (1, english, {spanish: [2]})


def test_what_each_report_has_of_its_own_is_filled_as_it_goes(qtbot, run):
    own = TEXTS.with_versions([NUMBERED])
    screen, sheet = sheet_of(qtbot, run, reader(1), reader(2), texts=own)
    screen.key(Qt.Key.Key_1, ALT)
    assert "{number}" in sheet.fields["text"].value()
    assert "approved by L. Park" in sheet._stands.said()

    screen.ctrl_enter()
    _site, general, texts = screen.seat.done[0].args
    assert general == ""
    assert {keys[0]: text.split(" has")[0] for text, keys in texts.items()} == {
        1: "EXERCISE. neighbor, no. 901",
        2: "EXERCISE. neighbor, no. 902",
    }


def test_who_can_be_answered_is_said_before_anything_is_typed(qtbot, run):
    why = "Report 902 is archived on the 311 server, and that is final."
    _screen, sheet = sheet_of(
        qtbot, run, reader(1), reader(2, cannot_why=why), reader(3, is_guest=True), reader(4)
    )
    said = sheet._who.said()
    assert "3 of 4 can be answered." in said and why in said
    assert "1 of them left no account" in said
    assert sheet.button.text() == "Send to 3 reporters"


def test_s7_a_p1_is_offered_stay_safe_texts_alone_while_response_is_suspended(qtbot, run):
    screen, sheet = sheet_of(qtbot, run, reader(1), band=1, is_suspended=True)
    assert list(choices(screen.seat.texts, "en")) == [Intent.STAY_SAFE]
    assert "Please stay where you are safe" in sheet.fields["text"].value()
    assert "stay-safe text" in sheet.effect()


def test_a_language_without_the_text_falls_back_to_english_and_says_so(qtbot, run):
    own = Template(
        template_id="got_it-hole.en",
        intent=Intent.GOT_IT,
        language="en",
        text="We fill potholes at night. {safety}",
        categories=frozenset({"pothole"}),
        variant="hole",
        version=1,
    )
    screen, sheet = sheet_of(qtbot, run, reader(1, "es"), texts=TEXTS.with_versions([own]))
    screen.key(Qt.Key.Key_1, ALT)
    assert "We fill potholes" in sheet.fields["text"].value()
    assert "There is no Spanish text: this is the English one." in sheet._stands.said()
