"""What the public can report, on a console over a real store and the exercise's own server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt

from dispatch.records import SwitchState
from tests.city import City

LOST = {"5621", "5622", "5623", "5625"}
STORM = {str(code) for code in range(5701, 5721)}
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Seat:
    """`sync()` is a round of the syncing, which the screen hears of; `sheet()` opens the sheet."""

    def __init__(self, one: Any, run: Callable[..., Any]) -> None:
        self.one, self.bridge, self.room, self._run = one, one.bridge, one.room, run

    def sync(self) -> None:
        self._run(self.room.work._categories.step())
        self._run(self.bridge.catch_up())

    def sheet(self) -> Any:
        made = self.one.sheets.open("public_mode", 0)
        self.one.wait(lambda: made.now is not None)
        return made

    def choose(self, sheet: Any, category_id: str) -> None:
        ids = [row.category_id for row in sheet.list.rows()]
        sheet.list.setCurrentRow(ids.index(category_id))

    @property
    def state(self) -> Any:
        return self.room.parts.public_mode_desk.state()

    @property
    def bar(self) -> Any:
        return self.one.console.public_bar


@pytest.fixture
def seat(real_over: Any, city: City, run: Callable[..., Any]) -> Iterator[Seat]:
    for code in STORM:
        city.category(code, active=False)
    city.add_report("Wire down and sparking in this hole", category="5623")
    made = Seat(real_over(), run)
    made.sync()
    yield made


def rows(sheet: Any) -> dict[str, tuple[str, bool | None]]:
    return {each.category_id: (each.aside, each.is_on) for each in sheet.list.rows() if not each.is_head}


def test_the_preview_is_seen_and_switched_by_keys_alone(seat: Seat, city: City) -> None:
    sheet = seat.sheet()
    assert "lose 4 categories and will see 20" in sheet.effect()
    assert "P1 or P2 came in under Road Surface Repair" in sheet._warns.said()
    assert rows(sheet)["5623"] == ("1 report, 1 of them P1 or P2", True)
    assert rows(sheet)["5630"] == ("danger: never taken away", None)

    seat.choose(sheet, "5622")
    seat.one.key(Qt.Key.Key_Space)
    seat.one.wait(lambda: rows(sheet).get("5622") == ("no reports", False))
    seat.one.key(Qt.Key.Key_Return, CTRL)
    seat.one.wait(lambda: seat.state.is_on)
    seat.sync()

    assert city.offered() & LOST == {"5622"} and city.offered() & STORM == STORM


def test_it_is_put_back_only_after_a_question_while_storm_mode_is_on(seat: Seat, city: City) -> None:
    before = city.offered()
    seat.room.parts.public_mode_desk.apply()
    seat.sync()
    sheet = seat.sheet()
    assert "24 applied" in sheet.effect()

    seat.one.key(Qt.Key.Key_Return, CTRL)
    assert "Storm mode is still on" in sheet.trouble() and seat.state.is_on
    seat.one.key(Qt.Key.Key_Return, CTRL)
    seat.one.wait(lambda: not seat.state.is_on)
    seat.sync()

    assert city.offered() == before


def test_the_bar_says_what_the_live_list_says_otherwise(seat: Seat, city: City) -> None:
    seat.room.parts.public_mode_desk.apply()
    seat.sync()
    seat.one.wait(lambda: seat.bar.said() == "")
    city.category("5623", active=True)
    seat.room.parts.public_mode_desk.ask_again()
    seat.sync()

    seat.one.wait(lambda: "1 of 4 still offered on the server, seen" in seat.bar.said())


def test_what_is_done_by_hand_is_ticked_with_space_and_printed(
    seat: Seat, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.sheets.public_mode.QDesktopServices.openUrl", lambda _url: True)
    server = seat.room.work._line.server
    server.capabilities = type(server.capabilities)(corrected=frozenset({"can_switch_categories"}))
    seat.room.parts.public_mode_desk.ask_again()
    seat.sync()
    sheet = seat.sheet()
    assert "you get a checklist" in sheet.effect()
    seat.one.key(Qt.Key.Key_Return, CTRL)
    seat.one.wait(lambda: seat.state.is_on)
    assert len(seat.state.to_tick) == 24
    seat.one.wait(lambda: seat.one.sheets.current is None)

    sheet = seat.sheet()
    seat.choose(sheet, "5622")
    seat.one.key(Qt.Key.Key_Space)
    seat.one.wait(lambda: not any(each.category_id == "5622" for each in seat.state.to_tick))
    seat.sync()

    ticked = {each.category_id: each for each in seat.state.rows}["5622"]
    assert (ticked.state, ticked.ticked_by) == (SwitchState.TICKED, "A. Operator")
    seat.one.wait(lambda: "1 of 4 still offered" in seat.bar.said())
    assert "23 categories to switch by hand" in seat.bar.said()
    seat.one.wait(lambda: rows(sheet)["5622"][0].startswith("still offered"))
    seat.one.key(Qt.Key.Key_P, CTRL)
    folder = seat.room.parts.folder
    seat.one.wait(lambda: list(folder.glob("print/EXERCISE_public-categories_*.pdf")))


def test_switching_storm_mode_offers_the_publics_list_next(seat: Seat, city: City) -> None:
    seat.room.desk.set_storm_mode(False)
    seat.sync()
    before = city.offered()
    sheet = seat.one.sheets.open("storm_mode", 0)
    seat.one.wait(lambda: not sheet._public.isHidden())
    seat.one.key(Qt.Key.Key_Return)
    seat.one.wait(lambda: seat.one.sheets.current and seat.one.sheets.current.NAME == "public_mode")

    assert city.offered() == before and not seat.state.rows, "seen, and nothing is switched by itself"
    seat.one.key(Qt.Key.Key_Escape)
    assert seat.one.sheets.current is None and not seat.state.rows
