"""Weather, faults and the room as lines of a pack: what there is, how old, and nothing that is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.feeds.in_force import InForce
from dispatch.feeds.records import Advisory, Alert, MessageKind, Severity, Status
from dispatch.feeds.weather import AlertShown, FeedState, Weather
from dispatch.feeds.zones import Cover
from dispatch.forms.common import local
from dispatch.records import (
    DUTY_OFFICER,
    Band,
    CategorySwitch,
    NoticeArea,
    OnDuty,
    PublicPhase,
    Shelf,
    ShelfReason,
    Suspension,
    SwitchState,
    SyncStatus,
)
from dispatch.shift import room
from dispatch.shift.periods import shift_of
from dispatch.store.profiles import StoredProfile, Times
from dispatch.store.shift import Faults, Sat
from tests.dispatch.forms.made import hand_over
from tests.notices import LIVE

ZONE = ZoneInfo("America/New_York")
NOW = 1_505_170_200_000  # 11 Sep 2017, 18:50 in St. Petersburg
MINUTE, HOUR = 60_000, 3_600_000
SOUND = Faults(0, 0, 0, 0, {})
IN_STEP = SyncStatus("in_step", "", NOW / 1000, None, 0, 0, 0, 9)
ALERT = Alert(
    "a1", NOW, Status.ACTUAL, MessageKind.ALERT, "Tornado Warning", Severity.EXTREME, NOW, 0, 0, "", "", ""
)


def said(lines: Any) -> list[str]:
    return [line.what for line in lines]


def faults(found: Faults = SOUND, sync: SyncStatus | None = IN_STEP, **more: Any) -> list[str]:
    given = {"shelves": [], "kept_acts": 0, "weather_now": Weather(), "wall_now": NOW} | more
    return said(room.faults(found, sync, given.pop("shelves"), **given))


def shown(alert: Alert, *, is_here: bool = True, until: int = NOW + HOUR) -> AlertShown:
    return AlertShown(InForce(alert, (), until, False), Cover(None, (), ()), is_here)


def test_without_feeds_it_says_that_none_is_loaded() -> None:
    assert said(room.weather(Weather(), NOW, NOW, ZONE)) == [
        "Advisory of the hurricane center: none loaded.",
        "Alerts of the weather service: none loaded.",
    ]


def test_the_latest_advisory_and_the_alerts_here_with_their_age() -> None:
    irma = Advisory("al112017", "Irma", "52", NOW - 110 * MINUTE)
    loaded = FeedState(is_set=True, is_loaded=True, read_at=NOW - MINUTE, held_at=NOW - MINUTE)
    elsewhere = shown(replace(ALERT, alert_id="a2", event="Flood Watch"), is_here=False)
    drill = shown(replace(ALERT, alert_id="a3", status=Status.EXERCISE), until=0)

    lines = said(
        room.weather(Weather((shown(ALERT), elsewhere, drill), (irma,), loaded, loaded), NOW, NOW, ZONE)
    )

    assert lines == [
        "Irma advisory 52, 09/11/2017 17:00 EDT, 1 h 50 old.",
        "Tornado Warning until 19:50.",
        "EXERCISE: Tornado Warning until further notice.",
    ]


def test_old_weather_says_that_it_is_old() -> None:
    irma = Advisory("al112017", "Irma", "49", NOW - 9 * HOUR)
    old = FeedState(is_set=True, is_loaded=True, read_at=NOW - 3 * HOUR, complaint="No answer.")
    weather = Weather((), (irma,), old, FeedState())

    assert said(room.weather(weather, NOW, NOW, ZONE)) == [
        "Irma advisory 49, 09/11/2017 09:50 EDT, 9 h 00 old, STALE.",
        "The list of alerts is 3 h 00 old.",
    ]
    assert faults(weather_now=weather) == ["The weather service does not answer: No answer."]


def test_a_sound_room_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"found": Faults(3, 0, 0, 0, {})}, "Rows of the 311 server that could not be read: 3."),
        ({"found": Faults(0, 4, 0, 0, {})}, "To the 311 server: 4 still to be sent."),
        ({"found": Faults(0, 0, 2, 0, {})}, "To the 311 server: 2 refused, see each site."),
        ({"found": Faults(0, 0, 0, 1, {})}, "Answers that nobody has read: 1."),
        (
            {"found": Faults(0, 0, 0, 0, {"email": 2})},
            "Channel email: 2 hand-overs could not be delivered.",
        ),
        ({"kept_acts": 5}, "Acts kept at this seat for the database: 5."),
        ({"sync": None}, "How the syncing goes is not known at this seat."),
        (
            {
                "sync": replace(
                    IN_STEP, state="behind", sentence="It is slow.", in_step_at=(NOW - 9 * MINUTE) / 1000
                )
            },
            "Not in step with the 311 server, behind by 9 min. It is slow.",
        ),
        (
            {"sync": replace(IN_STEP, state="refused", in_step_at=None)},
            "Not in step with the 311 server, it was never in step.",
        ),
    ],
)
def test_each_fault_is_said_with_its_number(change: dict[str, Any], words: str) -> None:
    assert faults(**change) == [words]


def test_a_shelved_alarm_is_named_with_what_is_left() -> None:
    shelf = Shelf("sync_lost", 0, ShelfReason.KNOWN_FAULT, "", "Ana", "", "", NOW, NOW + 12 * MINUTE)

    assert faults(shelves=[(shelf, "sync lost, known fault")]) == [
        "Alarm shelved by Ana, 12 min left: sync lost, known fault."
    ]


def test_what_is_suspended_and_which_profile_holds() -> None:
    held = Suspension("police", NOW - HOUR, "Wind 45 mph.", NOW - MINUTE, "Sue")
    times, profile = Times(True, None, NOW + 20 * HOUR), StoredProfile(4, "{}", NOW - 2 * HOUR, "Sue")

    lines = list(room.room([held], times, profile, NOW, ZONE))

    assert said(lines) == [
        "Field response suspended: police, since 17:50: Wind 45 mph. Next review 18:49.",
        "Storm mode on until 09/12 14:50; storm profile 4 by Sue, 16:50.",
    ]
    assert lines[0].is_overdue, "its review is due"


def test_what_the_public_can_report_is_handed_over_with_what_is_still_to_do() -> None:
    def row(number: int, state: SwitchState, *, wanted: bool) -> CategorySwitch:
        return CategorySwitch(
            category_id=str(number),
            title="x",
            phase=PublicPhase.ON,
            was_offered=not wanted,
            wanted=wanted,
            state=state,
            person="Sue",
        )

    done, by_hand = row(1, SwitchState.DONE, wanted=False), row(2, SwitchState.BY_HAND, wanted=True)

    assert said(room.public_list([])) == []
    assert said(room.public_list([done])) == ["Categories for the public: 1 off, 0 on, by Sue."]
    [line] = room.public_list([done, by_hand])
    assert line.what == "Categories for the public: 1 off, 1 on, by Sue; 1 to switch by hand."
    assert line.is_overdue


def test_desks_with_open_cards_have_a_name_or_say_vacant() -> None:
    items = [hand_over(band=Band.P1, desk=desk) for desk in ("Energy", "Energy", "Shelters")]
    on = {"Energy": OnDuty("Energy", "M. Diaz", "", NOW - HOUR)}

    assert said(room.desks(items, on, NOW, ZONE)) == [
        "Shelters: 1 open, VACANT, and no duty officer",
        "Energy: 2 open, M. Diaz, since 17:50",
    ]
    officer = on | {DUTY_OFFICER: OnDuty(DUTY_OFFICER, "N. Ward", "", NOW)}
    assert said(room.desks(items, officer, NOW, ZONE))[1] == "Shelters: 1 open, N. Ward, duty officer"


def test_a_seat_says_who_sat_there_last() -> None:
    [line] = room.seats([Sat("Seat 2", "Ben Ortiz", "Operator", NOW - MINUTE)], NOW, ZONE)

    assert line.what == "Seat 2: Ben Ortiz, Operator, last act 18:49"


@pytest.mark.parametrize(
    ("minutes", "began", "until"),
    [
        (0, "07:00", "07:00"),  # 18:50, before the turn
        (20, "07:00", "07:00"),  # 19:10: people talk past it
        (100, "19:00", "19:00"),  # 20:30: this is the night's own
        (-460, "07:00", "07:00"),  # 11:10, in the middle
    ],
)
def test_a_pack_is_of_the_shift_that_ends(minutes: int, began: str, until: str) -> None:
    start = NOW - 30 * HOUR
    from_at, until_at = shift_of(start, NOW + minutes * MINUTE, ZONE)

    assert (f"{local(from_at, ZONE):%H:%M}", f"{local(until_at, ZONE):%H:%M}") == (began, until)
    assert until_at - from_at == 24 * HOUR and from_at < NOW + minutes * MINUTE < until_at


def test_in_the_first_hour_of_an_activation_its_own_period_is_handed_over() -> None:
    from_at, _ = shift_of(NOW, NOW, ZONE)

    assert from_at == NOW - 11 * HOUR - 50 * MINUTE


def test_what_the_public_is_told_has_its_area_and_end_and_says_when_it_begins_later() -> None:
    whole = replace(LIVE, number="N-002", area=NoticeArea(), starts_at=NOW + HOUR, expires_at=NOW + 3 * HOUR)

    assert said(room.notices([replace(LIVE, expires_at=NOW + 2 * HOUR), whole], NOW, ZONE)) == [
        "Notice N-001: Leave Childs Park now; Childs Park, until 20:50.",
        "Notice N-002: Leave Childs Park now; the whole city, from 19:50 until 21:50.",
    ]
