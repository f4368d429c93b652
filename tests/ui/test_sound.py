"""The alarm (S14): one merged tone a minute, a visual twin, a mute with an end."""

from __future__ import annotations

import io
import wave

from dispatch.records import Shelf, ShelfReason, SyncStatus
from tests.ui.boards import NOW, board_of, put, site
from ui.player import tone
from ui.sound import Alarm, alarming_sites

QUIET = 61_000


class Room:
    def __init__(self, *rows, may_mute=True):
        self.board = board_of(*rows)
        self.now = 1_000_000
        self.tones = 0
        self.alarm = Alarm(
            self.board,
            play=self._play,
            now=lambda: NOW,
            wall_now=lambda: self.now,
            may_mute=lambda: may_mute,
        )

    def _play(self):
        self.tones += 1

    def wait(self, ms):
        for _ in range(ms // 1000):
            self.now += 1000
            self.alarm.look()


def test_s14_ten_p1_in_one_minute_cause_one_sound_and_one_banner():
    room = Room()
    for i in range(1, 11):
        put(room.board, site(i, band=1))
        room.wait(5_000)

    assert room.tones == 1
    assert room.alarm.words() == "10 sites need an act"


def test_s14_a_flood_is_one_banner_with_its_oldest():
    room = Room()
    for i in range(1, 13):
        put(room.board, site(i, band=1))
    room.wait(3 * 60_000)

    assert room.alarm.words() == "12 sites need an act · oldest 2 min"


def test_how_often_a_seat_was_called_stands_on_a_sheet(console):
    c = console(site(1, band=1), site(2, band=1))
    c.seat.ticked.emit(c.seat.clock.now())

    c.window.show_alarms()

    sheet = c.sheets.current
    assert sheet.NAME == "alarms"
    assert sheet.said().splitlines()[0] == "2 alarms, 2.0 in ten minutes at the mean; the budget is 1."
    assert "By what: P1 nobody acted on 2." in sheet.said()
    assert "No alarm was answered yet." in sheet.said()


def test_s14_what_is_shelved_does_not_sound_and_stays_on_the_line():
    room = Room(site(1, band=2, acted_min=1, escalation_state="returned", escalation_desk="Rescue"))
    kept = Shelf("refused", 1, ShelfReason.IN_HAND, "", "Ana", "", "Seat 2", room.now, room.now + 30 * 60_000)
    room.alarm.take_shelves([kept])
    room.wait(60_000)
    assert room.tones == 0 and room.alarm.words() == "1 alarm shelved"

    put(room.board, site(2, band=1))
    room.wait(60_000)
    assert room.tones == 1 and room.alarm.words() == "1 site needs an act · 1 shelved"


def test_sync_lost_alone_is_a_sentence_of_its_own():
    room = Room()
    room.alarm.take_status(SyncStatus("waiting", "", 1.0, None, 0, 0, 0, 0))
    room.wait(1_000)

    assert room.alarm.words() == "Sync lost" and room.tones == 1


def test_s14_it_sounds_each_minute_until_somebody_acts():
    room = Room(site(1, band=1))
    room.wait(180_000)
    assert room.tones == 3

    put(room.board, site(1, band=1, acted_min=0))
    room.wait(180_000)

    assert room.tones == 3
    assert room.alarm.words() == ""


def test_s14_refused_and_expired_hand_overs_sound():
    board = board_of(
        site(1, band=2, acted_min=1, escalation_state="returned", escalation_desk="Rescue"),
        site(2, band=2, acted_min=1, escalation_state="expired", escalation_desk="Rescue"),
        site(3, band=2, acted_min=1, escalation_state="accepted", escalation_desk="Rescue"),
        site(4, band=2),
        site(5, band=1, state=3, state_reason="spam"),
    )
    assert alarming_sites(board, NOW) == {1, 2}


def test_s6_a_hand_over_past_its_time_sounds_as_well():
    accepted = {"acted_min": 1, "escalation_state": "accepted", "escalation_desk": "Rescue"}
    board = board_of(*(site(n, band=band, **accepted) for n, band in ((1, 1), (2, 2), (3, 3), (4, 1))))
    late, early = (NOW - 60_000, "no resource yet"), (NOW + 60_000, "no resource yet")
    board.set_clocks({1: late, 2: late, 3: late, 4: early})

    assert alarming_sites(board, NOW) == {1, 2}


def test_s14_a_mute_ends_after_fifteen_minutes_and_keeps_the_twin():
    room = Room(site(1, band=1))
    assert room.alarm.mute()
    room.wait(14 * 60_000)
    assert room.tones == 0
    assert room.alarm.words() == "1 site needs an act · muted 1 min"

    room.wait(QUIET)

    assert room.tones == 1


def test_s14_a_clock_that_is_set_back_neither_silences_it_nor_makes_a_mute_longer():
    room = Room(site(1, band=1))
    room.alarm.look()
    room.now -= 300_000
    room.alarm.look()
    assert room.tones == 2

    assert room.alarm.mute()
    room.now -= 300_000
    assert not room.alarm.is_muted


def test_the_last_sounding_seat_cannot_be_muted():
    room = Room(site(1, band=1), may_mute=False)
    assert not room.alarm.mute()
    room.wait(1_000)
    assert room.tones == 1


def test_the_tone_is_a_short_sound_file():
    with wave.open(io.BytesIO(tone())) as file:
        assert 0.3 < file.getnframes() / file.getframerate() < 1.0


def test_the_visual_twin_stands_in_the_status_line(console):
    c = console(site(1, band=1))
    c.seat.ticked.emit(c.seat.clock.now())

    assert c.tones == 1
    assert c.window.status.alarm.isVisible()
    assert c.window.status.alarm.text() == "1 site needs an act"
