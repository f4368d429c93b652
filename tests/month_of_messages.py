"""A month around Irma as residents would have read it: for each kind of resident how many messages, how soon,
and one whole thread.

PYTHONPATH=. python -m tests.month_of_messages [--days 30] [--share 0.07] [--out FILE]

The rows are those of the exercise in so large a share of the city's cells; the clock goes in steps. What is
printed names no reporter, and of a report its category and first five words.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from dispatch.exercise import storms
from dispatch.records import Band
from dispatch.residents.slots import PRIVATE, UTILITYS
from dispatch.residents.told import NOT_911
from tests.played_month import DAY, HOUR, KeptCity, Month, Report, Said, millis, part

FROM = "2017-09-09T12:00"
NOT_911_WORDS = (NOT_911, "Esto no es el 911: si alguien está en peligro, llame al 911 ahora.")
FIRST_DAYS = 7  # in steps of an hour, then of four
WIRES = ("power_line_down", "tree_on_wires")
ENDS = ("done", "closed by the city", "cannot", "EM ended")


@dataclass(frozen=True, slots=True)
class Resident:
    """Whoever reads these reports' threads: an account with all of its reports, or one report without one."""

    reports: tuple[Report, ...]

    @property
    def thread(self) -> list[tuple[Report, Said]]:
        lines = [(report, said) for report in self.reports for said in report.thread]
        return sorted(lines, key=lambda each: (each[1].at, each[0].at))

    @property
    def heard(self) -> list[Said]:
        return [said for _, said in self.thread if said.who != "resident"]

    @property
    def first_h(self) -> float | None:
        firsts = [report.heard[0].at - report.at for report in self.reports if report.heard]
        return min(firsts) / HOUR if firsts else None


def residents(reports: Sequence[Report]) -> list[Resident]:
    """Call-takers read nothing for themselves: each of their reports stands for one caller."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        name = (
            f"account {report.reporter}"
            if report.reporter and not report.is_staff
            else f"report {report.key}"
        )
        found.setdefault(name, []).append(report)
    return [Resident(tuple(each)) for each in found.values()]


def kinds(suspended: tuple[int, int]) -> dict[str, Callable[[Report], bool]]:
    """By what is true of one of their reports; a resident may be of several kinds."""
    return {
        "tree on the road": lambda r: r.category == "tree_road_blocked" and not r.is_wire,
        "tree on private land": lambda r: r.category in PRIVATE,
        "line down": lambda r: r.category in WIRES or r.is_wire,
        "flooded street": lambda r: r.category == "street_flooding",
        "signal out": lambda r: r.category == "traffic_signal_out",
        "life safety (P1)": lambda r: r.band == Band.P1,
        "P2 with emergency management": lambda r: r.band == Band.P2 and r.had_em,
        "power outage": lambda r: r.category == "power_outage",
        "Spanish speaker": lambda r: r.language == "es",
        "guest without an account": lambda r: not r.reporter,
        "report that was merged": lambda r: r.is_merged,
        "typed in for a caller": lambda r: r.is_staff,
        "inside a sweep": lambda r: r.is_swept,
        "reported while suspended": lambda r: suspended[0] <= r.at < suspended[1],
    }


def groups(reports: Sequence[Report], suspended: tuple[int, int]) -> dict[str, list[Resident]]:
    everybody = residents(reports)
    found = {
        name: [each for each in everybody if any(map(is_one, each.reports))]
        for name, is_one in kinds(suspended).items()
    }
    return {"everybody": everybody, **found, "reported twice": [e for e in everybody if len(e.reports) > 1]}


# -- what a person would mind ----------------------------------------------------------------------------


def complaints(month: Month, reports: Sequence[Report]) -> Iterator[tuple[str, Report, Said]]:
    """What contradicts itself or comes too often, line by line."""
    for resident in residents(reports):
        automatic = [(report, said) for report, said in resident.thread if said.is_automatic]
        for (elsewhere, before), (report, said) in pairwise(automatic):
            # That emergency management has one report is news, and says nothing of another one.
            is_near = before.who == "rule" or elsewhere is report
            if said.at - before.at < DAY and said.who == "rule" and is_near:
                yield "by rule within a day of another automatic message", report, said
        for report in resident.reports:
            yield from _of_report(month, report)


def _of_report(month: Month, report: Report) -> Iterator[tuple[str, Report, Said]]:
    told_until = closed_at = 0
    is_theirs = is_gone = False
    spoken: list[Said] = []
    for said in report.thread:
        if said.who == "resident":
            is_gone = is_gone or "No longer needed" in said.text
            continue
        if said.who == "server":
            closed_at = closed_at or said.at
            continue
        if said.who == "rule":
            if any(said.at - each.at < DAY and each.who != "rule" for each in spoken):
                yield "by rule after a person's words of the same day", report, said
            if said.what == "still_needed" and said.at < told_until:
                yield "still needed? before the told time is over", report, said
            if said.what == "still_needed" and is_theirs:
                yield "still needed? of a utility's or an owner's work", report, said
            if said.what == "still_needed" and is_gone:
                yield "still needed? after they said no", report, said
        is_theirs = is_theirs or said.what == "with_owner"
        if said.what in ("on_the_list", "date_moved"):
            if report.category in PRIVATE | UTILITYS:
                yield "a time for a utility's or an owner's work", report, said
            if month.suspended[0] <= said.at < month.suspended[1]:
                yield "a time while response is suspended", report, said
            if said.what == "on_the_list" and told_until:
                yield "a second time without a correction", report, said
            told_until = said.at + longest_days(said.text) * DAY
        if said.what == "sweep" and is_theirs:
            yield "a sweep for a utility's or an owner's work", report, said
        if "on the list that the city works through" in said.text and (
            said.what == "with_owner" or report.category in PRIVATE | UTILITYS
        ):
            yield "on the city's list and not the city's work", report, said
        if said.language and said.language != (report.language if report.language == "es" else "en"):
            yield "in another language", report, said
        if said.who != "person" and not (
            said.text.startswith("EXERCISE. ") and any(each in said.text for each in NOT_911_WORDS)
        ):
            yield "without EXERCISE or 911", report, said
        if closed_at and said.at > closed_at and said.what not in ENDS:
            yield "after it was closed", report, said
        if said.what == "done":
            closed_at = said.at
        spoken.append(said)
    quiet = [said for said in report.heard if said.at < report.at + 2 * DAY]
    quiet = quiet or [said for said in report.heard if report.at < month.begun_at]
    if report.band <= Band.P2 and not report.is_staff and not quiet and not report.is_restricted:
        yield "nothing at all to a P2 for two days", report, Said(report.at, "", "", "")


def longest_days(text: str) -> int:
    """The end of the range that a message tells, in days."""
    said = re.search(r"(?:may take|puede tomar) ([^.]*)\.", text)
    words = said[1] if said else ""
    if "two weeks" in words or "dos semanas" in words:
        return 14
    if "week" in words or "semana" in words:
        return 7
    return max(map(int, re.findall(r"\d+", words)), default=0)


# -- printing ----------------------------------------------------------------------------------------------


def table(reports: Sequence[Report], suspended: tuple[int, int]) -> list[str]:
    lines = [
        f"{'kind of resident':30} {'n':>5} {'median':>7} {'most':>5} {'nothing':>8} {'first after, h':>15}"
    ]
    for name, found in groups(reports, suspended).items():
        counts = [len(each.heard) for each in found]
        firsts = [each.first_h for each in found if each.first_h is not None]
        lines.append(
            f"{name:30} {len(found):>5} {median(counts or [0]):>7g} {max(counts, default=0):>5} "
            f"{counts.count(0):>8} {median(firsts) if firsts else float('nan'):>15.1f}"
        )
    return lines


def threads(reports: Sequence[Report], suspended: tuple[int, int], zone: Any) -> Iterator[str]:
    """Of each kind the resident with the middle number of messages, among those who heard some."""
    for name, found in groups(reports, suspended).items():
        heard = sorted((each for each in found if each.heard), key=lambda each: len(each.heard))
        if heard:
            yield f"\n--- {name}"
            yield from thread(heard[len(heard) * 2 // 3], zone)


def thread(resident: Resident, zone: Any) -> Iterator[str]:
    for report in resident.reports:
        what = f"{report.category}, P{report.band}: “{report.words}…”"
        yield f"{when(report.at, zone)}  no. {report.request_id}, {what}"
    for report, said in resident.thread:
        who = f"{said.who}: {said.what}"
        text = "…" if said.who == "resident" else said.text
        yield f"{when(said.at, zone)}  {report.request_id} [{who}] {text}"


def when(at: int, zone: Any) -> str:
    return f"{datetime.fromtimestamp(at / 1000, zone):%a %d %b %H:%M}"


def whole(month: Month, reports: Sequence[Report]) -> list[str]:
    minded = Counter(what for what, _, _ in complaints(month, reports))
    said = Counter(f"{each.who}: {each.what}" for report in reports for each in report.heard)
    return [
        f"{len(reports)} reports, {sum(said.values())} lines to residents.",
        *table(reports, month.suspended),
        "\nWhat a person would mind:",
        *(f"{count:>6}  {what}" for what, count in minded.most_common()),
        "\nWhat was said:",
        *(f"{count:>6}  {what}" for what, count in said.most_common()),
        "\nWhat the desks refused:",
        *(f"{count:>6}  {what}" for what, count in month.refused.most_common(20)),
        *threads(reports, month.suspended, month.zone),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--share", type=float, default=0.07, help="of the city's cells")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    storm = part(storms.STORMS["irma"](1), asked.share)
    at = millis(FROM, storm.zone)
    with tempfile.TemporaryDirectory() as name, KeptCity(Path(name) / "city", storm, at) as city:
        month = Month(Path(name) / "seat", city, at)
        try:
            end = at + round(asked.days * DAY)
            month.play(min(end, at + FIRST_DAYS * DAY))
            month.play(end, step_ms=4 * HOUR)
            text = "\n".join(whole(month, month.reports())) + "\n"
        finally:
            month.close()
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
