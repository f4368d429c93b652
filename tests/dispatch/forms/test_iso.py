"""Times as ISO 8601 and the distance of clocks from UTC, against the standard library, one by one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.forms.common import iso, offset_ms

HOUR = 3_600_000
BACK_AN_HOUR = 1_509_861_600_000  # 5 November 2017, 06:00 UTC: clocks in New York go back to 01:00
# With quarters of an hour, with half an hour of summer time, and before there were zones.
ZONES = ("America/New_York", "UTC", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Monrovia")


@pytest.mark.parametrize("zone", ZONES)
def test_times_are_those_of_the_standard_library(zone: str) -> None:
    chance = random.Random(7)
    times = [chance.randrange(-(10**13), 4 * 10**12) for _ in range(2_000)]
    times += [BACK_AN_HOUR + at for at in range(-2 * HOUR, 2 * HOUR, 299_999)]
    times += [-4_000_000_000_000 + at * 1000 for at in range(100)]
    for at in times:
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))
        assert iso(at, ZoneInfo(zone)) == moment.isoformat(
            timespec="milliseconds" if at % 1000 else "seconds"
        )
        assert offset_ms(at, ZoneInfo(zone)) == (moment.utcoffset() or timedelta()) // timedelta(
            milliseconds=1
        )


def test_the_hour_that_comes_twice_stands_apart() -> None:
    new_york = ZoneInfo("America/New_York")

    assert iso(BACK_AN_HOUR - 1, new_york) == "2017-11-05T01:59:59.999-04:00"
    assert iso(BACK_AN_HOUR, new_york) == "2017-11-05T01:00:00-05:00"


@pytest.mark.parametrize("at", [10**17, -(10**17)])
def test_a_time_beyond_the_calendar_is_refused(at: int) -> None:
    with pytest.raises(OverflowError):
        iso(at, ZoneInfo("UTC"))
