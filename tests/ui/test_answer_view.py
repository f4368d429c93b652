"""One answer to all that is in view, from the key to the store: which text, to whom, in which language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Intent, OutboxState
from dispatch.store import outbox
from tests.ui.real import RealConsole

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
SPANISH = "Un árbol grande está en la calle y no podemos pasar con el carro"


@pytest.fixture
def real(city, real_over) -> RealConsole:
    for number in range(3):
        city.add_report(
            f"Branch in the yard {number}", category="tree_road_blocked", reporter=f"resident {number}"
        )
    city.add_report(SPANISH, category="tree_road_blocked", reporter="resident 8")
    city.add_report("The light is dark", category="street_light_out", reporter="resident 9")
    return real_over()


def choose(real: RealConsole, name: str, value: object) -> None:
    field = real.sheets.current.fields[name]
    field.show_value(value)
    assert field.value() == value
    field.edited.emit()


def test_shift_m_answers_all_in_view_by_a_text_for_each(real) -> None:
    real.key(Qt.Key.Key_M, SHIFT)
    sheet = real.sheets.current
    assert sheet.title().startswith("5 sites in view")
    assert not real.selection.checked, "nothing is ticked for it"

    choose(real, "intent", Intent.GOT_IT)
    real.wait(lambda: sheet.effect() == "Message goes to 5 people at 5 sites, 1 in Spanish.")
    first = sheet._sample.said()
    real.key(Qt.Key.Key_T, ALT)
    assert sheet._sample.said() != first and "911" in sheet._sample.said()
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    board = real.room.parts.board
    with real.room.store.reading() as connection:
        items = [outbox.of_site(connection, int(each))[-1] for each in board.site_id]
    assert {item.state for item in items} == {OutboxState.WAITING}
    assert sum("Gracias" in item.text for item in items) == 1


def test_a_category_of_what_is_in_view_can_be_chosen_in_the_sheet(real) -> None:
    real.key(Qt.Key.Key_M, SHIFT)
    sheet = real.sheets.current
    choose(real, "intent", Intent.GOT_IT)
    choose(real, "part", ("category", "street_light_out"))

    real.wait(lambda: sheet.effect() == "Message goes to 1 person at 1 site.")


def test_a_text_that_is_true_nowhere_says_why_and_is_not_sent(real) -> None:
    real.key(Qt.Key.Key_M, SHIFT)
    sheet = real.sheets.current
    choose(real, "intent", Intent.ON_THE_WAY)

    real.wait(lambda: "Nobody has named a crew" in sheet._stay.said())
    real.key(Qt.Key.Key_Return, CTRL)
    assert real.sheets.current is sheet
