"""S15 on the screen: phones and units are one key away, until the site is left."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from dispatch.store import log
from tests.ui.real import RealConsole
from ui.widgets.words import Words

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
PHONE = "727-555-0142"


def said(real: RealConsole) -> str:
    return "\n".join(w.said() for w in real.console.detail.findChildren(Words) if w.isVisible())


def acts(real: RealConsole, site_id: int) -> list[str]:
    return [line.act for line in real.room.parts.detail.view(site_id).log]


def test_shift_u_shows_them_and_leaving_covers_them(real_over: Any, city: Any) -> None:
    request_id = city.add_report(f"Water in the hall, call {PHONE}", address="2214 22nd Ave S Apt 4B")
    other_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    real = real_over()
    site_id, other = real.room.site(request_id), real.room.site(other_id)

    real.selection.go(site_id)
    real.wait(lambda: "call [phone]" in said(real))
    assert PHONE not in said(real) and "4B" not in said(real)
    assert "Shift U shows phone and unit" in said(real)

    real.key(Qt.Key.Key_U, SHIFT)
    real.wait(lambda: PHONE in said(real))
    assert "Apt 4B" in said(real) and "Shift U shows" not in said(real)
    assert acts(real, site_id) == ["unmasked"]

    real.selection.go(other)
    real.wait(lambda: "Oak blocks both lanes" in said(real))
    real.selection.go(site_id)
    real.wait(lambda: "call [phone]" in said(real))
    assert PHONE not in said(real)


def test_shift_u_again_covers_them(real_over: Any, city: Any) -> None:
    request_id = city.add_report(f"Water in the hall, call {PHONE}")
    real = real_over()
    real.selection.go(real.room.site(request_id))
    real.wait(lambda: "[phone]" in said(real))
    real.key(Qt.Key.Key_U, SHIFT)
    real.wait(lambda: PHONE in said(real))
    real.key(Qt.Key.Key_U, SHIFT)
    real.wait(lambda: "[phone]" in said(real))


def test_the_911_card_has_them_to_be_read_out_and_that_is_in_the_log(real_over: Any, city: Any) -> None:
    request_id = city.add_report(f"Trapped in the attic, call {PHONE}", address="2214 22nd Ave S Apt 4B")
    real = real_over()
    site_id = real.room.site(request_id)
    real.selection.go(site_id)
    real.key(Qt.Key.Key_9, CTRL)
    sheet = real.sheets.current
    real.wait(lambda: sheet.button.isEnabled())

    assert PHONE in sheet.card_words() and "Apt 4B" in sheet.card_words()
    assert acts(real, site_id) == ["unmasked"]


def test_a_card_of_the_em_desk_shows_them_by_the_same_key_until_another_is_chosen(
    real_over: Any, city: Any
) -> None:
    request_id = city.add_report(f"Water in the hall, call {PHONE}", address="2214 22nd Ave S Apt 4B")
    real = real_over()
    item = real.room.escalate(request_id, effect_needed="Reach them", unit="4B", call_back=PHONE)
    real.window.go_to("em_desk")
    desk = real.console.em_desk
    real.wait(lambda: desk.current == item.escalation_id)

    def aloud() -> str:
        cards = [column.card(item.escalation_id) for column in desk.columns.values()]
        return next(card for card in cards if card is not None).words.aloud()

    assert PHONE not in aloud() and "4B" not in aloud() and "[unit]" in aloud()
    desk.setFocus()
    real.key(Qt.Key.Key_U, SHIFT)
    real.wait(lambda: f"Call back: {PHONE}" in aloud())
    assert "unit 4B" in aloud()
    with real.room.store.reading() as connection:
        shown = [line for line in log.every_row(connection) if line["act"] == "unmasked"]
    assert [(line["subject"], line["site_id"]) for line in shown] == [(item.number, item.site_id)]

    real.key(Qt.Key.Key_U, SHIFT)
    assert PHONE not in aloud()
