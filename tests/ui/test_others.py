"""Two people on one site: who looks, who writes, what one does is painted for the other."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtTest import QTest
from sqlalchemy import update

from dispatch.store import presence, schema
from tests.ui.together import Seat


def test_who_looks_is_named_in_the_row_and_over_the_detail(pair: tuple[Seat, Seat, int], clock: Any) -> None:
    one, two, site_id = pair
    one.go(site_id)

    two.wait(lambda: two.row(site_id).others == "CD looks")
    two.go(site_id)
    assert two.head() == "C. Diaz, Operator, looks at this · since 10:30"
    one.wait(lambda: one.row(site_id).others == "BR looks")
    one.selection.go(0)
    two.wait(lambda: not two.row(site_id).others and not two.head())


def test_passing_over_a_site_is_not_looking_at_it(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    other = next(int(key) for key in one.bridge.board.site_id if key != site_id)
    seen: list[set[int]] = []
    two.console.presence.changed.connect(seen.append)

    one.selection.go(site_id)
    one.selection.go(other)
    two.wait(lambda: two.row(other).others)

    assert seen == [{other}]


def test_who_writes_is_said_in_the_sheet_of_another_and_keeps_nobody_out(
    pair: tuple[Seat, Seat, int], city: Any
) -> None:
    one, two, site_id = pair
    one.go(site_id)
    sheet = one.sheets.open("note", site_id)
    QTest.keyClicks(sheet.fields["text"].box, "Crew was here")
    two.go(site_id)
    two.wait(lambda: two.row(site_id).others == "CD writes")
    assert two.head().startswith("C. Diaz is writing here · since")

    own = two.sheets.open("note", site_id)
    two.wait(lambda: own.view is not None)
    assert own.beside.said() == "C. Diaz is writing here · since 10:30"
    QTest.keyClicks(own.fields["text"].box, "Chain saw needed")
    own.confirm()
    two.wait(lambda: two.sheets.current is None)

    assert [fact.value for fact in two.room.parts.detail.view(site_id).facts] == ["Chain saw needed"]
    assert sheet.fields["text"].value() == "Crew was here"
    one.sheets.close()
    two.wait(lambda: two.row(site_id).others == "CD looks")


def test_a_seat_that_closes_is_gone_at_once(pair: tuple[Seat, Seat, int], run: Any) -> None:
    one, two, site_id = pair
    one.go(site_id)
    two.wait(lambda: two.row(site_id).others == "CD looks")

    run(one.console.leave())

    two.wait(lambda: not two.row(site_id).others)


def test_an_act_on_one_seat_is_painted_on_the_other_without_a_reset(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    two.queue.model.modelReset.connect(lambda: pytest.fail("the list was reset"))
    two.go(site_id)

    one.act(one.bridge.desk.claim, site_id)

    two.wait(lambda: two.row(site_id).state == "claimed · C. Diaz")
    two.wait(lambda: two.console.detail.page.actions.claim.text() == "Ask for it")


def test_a_seat_that_was_thought_gone_is_back_with_its_next_beat(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    one.go(site_id)
    two.wait(lambda: two.row(site_id).others == "CD looks")
    with one.room.store.engine.begin() as connection:
        silent = schema.presence.c.at - presence.SILENT_MS
        connection.execute(
            update(schema.presence).where(schema.presence.c.seat == "Seat 1").values(at=silent)
        )
    two.console.presence.look()
    two.wait(lambda: not two.row(site_id).others)

    one.console.presence._beat.timeout.emit()

    two.wait(lambda: two.row(site_id).others == "CD looks")


def test_what_cannot_be_told_of_looking_disturbs_nobody(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    schema.presence.drop(one.room.store.engine)

    one.go(site_id)
    one.console.presence._say()
    one.console.presence.look()
    one.act(one.bridge.desk.claim, site_id)

    two.wait(lambda: two.row(site_id).state == "claimed · C. Diaz")
    assert one.said == [] and two.said == []


def test_at_an_earlier_time_nobody_looks(pair: tuple[Seat, Seat, int], clock: Any) -> None:
    one, two, site_id = pair
    one.go(site_id)
    two.go(site_id)
    two.wait(lambda: two.row(site_id).others == "CD looks" and two.head())

    clock.advance(minutes=5)
    two.window.play_back.start(clock.now() - 60_000)
    two.wait(lambda: two.selection.moment is not None)

    assert not two.row(site_id).others
