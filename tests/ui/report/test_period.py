"""Times of a report as people type them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.records import Activation
from ui.report import period
from ui.report.period import Span

ZONE = ZoneInfo("America/New_York")


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


NOW = at("2017-09-11T10:30")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10 Sep 14:06", "2017-09-10T14:06"),
        ("  10   sep  1406 ", "2017-09-10T14:06"),
        ("Sun 10 September 2017 14:06", "2017-09-10T14:06"),
        ("10 Sep", "2017-09-10T00:00"),
        ("10 Sep 2016", "2016-09-10T00:00"),
        ("24 Dec", "2016-12-24T00:00"),
        ("12 Sep 08:00", "2017-09-12T08:00"),
        ("2017-09-10 14:06", "2017-09-10T14:06"),
        ("2017-09-10T14:06", "2017-09-10T14:06"),
        ("2017-9-1", "2017-09-01T00:00"),
        ("9/10 14:06", "2017-09-10T14:06"),
        ("09/10/2015", "2015-09-10T00:00"),
        ("9 Sep 24:00", "2017-09-10T00:00"),
        ("06:15", "2017-09-11T06:15"),
    ],
)
def test_a_time_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert period.read(typed, NOW, ZONE) == at(meant)


@pytest.mark.parametrize(
    "typed", ["", "soon", "31 Sep", "10 Foo 12:00", "25:00", "2017-13-01", "99/99", "10 Sep 12:75", "4 5 6"]
)
def test_what_is_no_time_is_none(typed: str) -> None:
    assert period.read(typed, NOW, ZONE) is None


def test_now_is_counted_with() -> None:
    assert period.read("now", NOW, ZONE) == NOW + 1


@pytest.mark.parametrize(
    "when", ["2017-09-10T14:06", "2017-01-01T00:00", "2016-02-29T23:59", "2017-03-12T03:30"]
)
def test_what_is_shown_can_be_typed_back(when: str) -> None:
    assert period.read(period.said(at(when), ZONE), NOW, ZONE) == at(when)


def test_the_storm_begins_with_the_day_of_its_first_report() -> None:
    activation = Activation(
        "a", "Irma", True, at("2017-09-11T07:00"), True, 2, at("2017-09-11T19:00"), at("2017-09-12T07:00")
    )
    now = at("2017-09-11T20:00")

    def span(kind: Span) -> tuple[int, int]:
        return period.span(kind, activation, at("2017-09-10T22:41"), now, ZONE)

    assert span(Span.STORM) == (at("2017-09-10T00:00"), now + 1)
    assert span(Span.PERIOD) == (at("2017-09-11T19:00"), now + 1)
    assert span(Span.BEFORE) == (at("2017-09-11T07:00"), at("2017-09-11T19:00"))
    assert span(Span.DAY) == (now + 1 - 86_400_000, now + 1)
