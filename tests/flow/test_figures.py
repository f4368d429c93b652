"""Figures from outside: noted with their source, on the charts, in the log, corrected by a newer word."""

from __future__ import annotations

import pytest

from dispatch.errors import ActRefused
from dispatch.figure_desk import Figure
from dispatch.store import course
from tests.rooms import Room

HOUR = 3_600_000


def noted(room: Room):
    with room.store.reading() as connection:
        return course.figures(connection, room.parts.actor.activation_id)


def test_a_figure_stands_with_its_time_and_source_and_a_newer_word_corrects_it(room: Room, clock) -> None:
    desk, now = room.parts.figure_desk, clock.now()

    desk.note(Figure.POWER_OUT, 41_200, now, "outage map")
    desk.note(Figure.POWER_OUT, 9_000, now - 3 * HOUR, "outage map")
    desk.note(Figure.WIND, 62, now, "KSPG")
    desk.note(Figure.POWER_OUT, 42_100, now, "call  to\nthe utility")

    assert noted(room) == {
        "customers_without_power": [
            (now - 3 * HOUR, 9_000, "outage map"),
            (now, 42_100, "call to the utility"),
        ],
        "wind_mph": [(now, 62, "KSPG")],
    }


@pytest.mark.parametrize(
    ("value", "ahead", "source", "said"),
    [
        (5, 0, "  ", "where the figure comes from"),
        (-1, 0, "map", "from 0 to"),
        (251, 0, "map", "from 0 to"),
        (20, HOUR, "map", "still to come"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_nothing_is_kept(
    room: Room, clock, value, ahead, source, said
) -> None:
    with pytest.raises(ActRefused, match=said):
        room.parts.figure_desk.note(Figure.WIND, value, clock.now() + ahead, source)
    assert noted(room) == {}
