"""When the reports of the Irma exercise come: the week before, the night, the first day, the days after."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dispatch.records import Millis

ZONE = ZoneInfo("America/New_York")
FIRST_DAY = datetime(2017, 9, 11, tzinfo=ZONE)
DAYS_BEFORE = 7
BASELINE = (45, 65)
# The evening of the tenth: the wind is here and few report anything.
STORM_EVENING = {18: 4, 19: 3, 20: 2, 21: 2, 22: 2, 23: 1}
FIRST_DAY_HOURS = (3, 2, 4, 3, 5, 5, 8, 40, 80, 120, 155, 180, 115, 80, 60, 45, 34, 24, 14, 9, 6, 4, 3, 1)
DAYS_AFTER = (350, 120, 80, 80, 80, 80, 80)
ORDINARY_DAY = (1, 1, 0, 0, 1, 2, 4, 7, 10, 11, 11, 10, 9, 9, 9, 8, 7, 5, 4, 3, 2, 2, 1, 1)
BULK_DAY, BULK_HOUR, BULK_ROWS = 1, 14, 500
BULK_MINUTE, BULK_IN_A_MINUTE = 23, 70


def before(random: Random) -> list[Millis]:
    """The ordinary week, up to the storm's evening."""
    times = []
    for day in range(-DAYS_BEFORE, 0):
        reports = random.randint(*BASELINE)
        if day == -1:
            times += _day(random, day, reports - sum(STORM_EVENING.values()), until_hour=min(STORM_EVENING))
        else:
            times += _day(random, day, reports)
    return sorted(times)


def evening(random: Random) -> list[Millis]:
    return sorted(at for hour, reports in STORM_EVENING.items() for at in _hour(random, -1, hour, reports))


def first_day(random: Random) -> list[Millis]:
    """By the hour to the report: operators who compare exercises must find the same day."""
    return sorted(
        at for hour, reports in enumerate(FIRST_DAY_HOURS) for at in _hour(random, 0, hour, reports)
    )


def after(random: Random) -> list[Millis]:
    return sorted(at for day, reports in enumerate(DAYS_AFTER, start=1) for at in _day(random, day, reports))


def bulk(random: Random) -> list[Millis]:
    """A field survey typed in at once: so many in the hour, and a good part of them within a minute."""
    start = _moment(BULK_DAY, BULK_HOUR) + BULK_MINUTE * 60_000
    times = [start + random.randrange(60) * 1000 for _ in range(BULK_IN_A_MINUTE)]
    others = [second for second in range(3600) if second // 60 != BULK_MINUTE]
    hour = _moment(BULK_DAY, BULK_HOUR)
    times += [hour + random.choice(others) * 1000 for _ in range(BULK_ROWS - BULK_IN_A_MINUTE)]
    return sorted(times)


def _day(random: Random, day: int, reports: int, until_hour: int = 24) -> list[Millis]:
    hours = random.choices(range(until_hour), ORDINARY_DAY[:until_hour], k=reports)
    return [at for hour in hours for at in _hour(random, day, hour, 1)]


def _hour(random: Random, day: int, hour: int, reports: int) -> list[Millis]:
    return [_moment(day, hour) + random.randrange(3600) * 1000 for _ in range(reports)]


def _moment(day: int, hour: int) -> Millis:
    return round((FIRST_DAY + timedelta(days=day, hours=hour)).timestamp() * 1000)
