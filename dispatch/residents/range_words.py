"""A range of days and its reason as a resident reads them, in the languages of
`resources/residents/time_words.toml`. Nothing is said in a language that has no words there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from dispatch.records import Expectation
from dispatch.resources import resource

WEEK, TWO_WEEKS = 7, 14


def languages() -> tuple[str, ...]:
    """Those in which a time can be said."""
    return tuple(_words())


def range_words(expectation: Expectation, language: str) -> str:
    """“2 to 3 days”, “up to a week”, “hoy”; empty where there is no time or the language has no words, so
    that the slot counts as missing."""
    said = _words().get(language)
    if said is None or not expectation.has_time:
        return ""
    low, high = expectation.range
    if high is None:
        return _open_ended(said, low)
    if high == 0:
        return str(said["today"])
    if low == 0:
        return str(said["up_to"].format(days=_span(said, high)))
    if low == high:
        return _days(said, 1) if high == 1 else str(said["about"].format(days=_span(said, high)))
    return str(said["from_to"].format(low=low, days=_days(said, high)))


def reason_words(expectation: Expectation, language: str) -> str:
    """“normally 2 days; 140 are open ahead, 30 are closed a day; life safety and main roads come first”.

    Without a time it is why there is none, and whose work it is.
    """
    said = _words().get(language)
    if said is None:
        return ""
    if not expectation.has_time:
        why = str(said["no_time"].get(str(expectation.no_time_why), ""))
        return f"{why}: {expectation.owner}" if why and expectation.owner else why
    volume = [_counted(said["ahead"], expectation.open)] if expectation.open else []
    volume.append(_pace(said, expectation))
    parts = (_normal(said, expectation), ", ".join(filter(None, volume)), str(said["first"]))
    return "; ".join(filter(None, parts))


def _open_ended(said: Mapping[str, Any], low: int) -> str:
    if low >= TWO_WEEKS:
        return str(said["longer"])
    if low <= 1:
        return str(said["perhaps_longer"])
    return str(said["or_longer"].format(days=_days(said, low)))


def _normal(said: Mapping[str, Any], expectation: Expectation) -> str:
    days = expectation.normal_days
    return str(said["normally"].format(days=_days(said, days))) if days else ""


def _pace(said: Mapping[str, Any], expectation: Expectation) -> str:
    """Of the last day where enough was closed in it to say so, else of the week."""
    if expectation.closed_day >= WEEK or not expectation.closed_week:
        a_day: float = expectation.closed_day
    else:
        a_day = expectation.closed_week / WEEK
    if a_day >= 1:
        return _counted(said["a_day"], round(a_day))
    return str(said["less_than_one_a_day"]) if expectation.open else ""


def _span(said: Mapping[str, Any], days: int) -> str:
    names = {WEEK: said["week"], TWO_WEEKS: said["two_weeks"]}
    return str(names.get(days) or _days(said, days))


def _days(said: Mapping[str, Any], days: int) -> str:
    return _counted(said["days"], days)


def _counted(forms: list[str], count: int) -> str:
    return forms[0 if count == 1 else 1].format(n=count)


@cache
def _words() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resource("residents", "time_words.toml").read_text("utf-8"))
