"""Looks at a pasted list with the city's rules and the room's open sites, a piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from dispatch.calls import dry_run
from dispatch.calls.dry_run import Checked, Rules
from dispatch.calls.mapping import Column, guess
from dispatch.calls.paste import Pasted
from dispatch.calls.reader import CallReader
from dispatch.geo.lookup import Box
from dispatch.in_force import InForce
from dispatch.records import Millis

# Rows a step: an act waits for one step at most.
STEP = 25


class PasteCheck:
    def __init__(
        self,
        *,
        reader: CallReader,
        in_force: InForce,
        now: Callable[[], Millis],
        zone: ZoneInfo,
        box: Box,
    ) -> None:
        self._reader = reader
        self._in_force = in_force
        self._now = now
        self._zone = zone
        self._box = box

    def guess(self, pasted: Pasted) -> tuple[Column, ...]:
        find = self._in_force.judge.rules.categories.find
        return guess(
            pasted.heading,
            [row.cells for row in pasted.rows],
            is_category=lambda cell: find("", cell) is not None,
        )

    def check(self, pasted: Pasted, mapping: Sequence[Column]) -> list[Checked]:
        """Each row by itself and among the others, not yet against what stands in the room; any lane."""
        rules = self._rules(len(pasted.heading))
        return dry_run.once_each([dry_run.check(row, mapping, rules) for row in pasted.rows])

    def against_sites(self, checked: Sequence[Checked]) -> list[Checked]:
        """Those of a step against the open sites; on the store lane."""
        now = self._now()
        return [
            each if each.call is None else dry_run.repeats(each, self._reader.repeated_by(each.call, now))
            for each in checked
        ]

    def _rules(self, columns: int) -> Rules:
        judge = self._in_force.judge
        services: dict[str, tuple[str, str]] = {}
        for each in self._reader.services():
            for name in (each.label, each.title, each.key, each.code):
                if name:
                    services.setdefault(" ".join(name.casefold().split()), (each.code, each.title))
        for code, title in judge.rules.categories.titles():
            services.setdefault(" ".join(title.casefold().split()), (code, title))
            services.setdefault(code, (code, title))
        titles = [title for _, title in judge.rules.categories.titles()]
        labels = [each.label for each in judge.rules.table]
        return Rules(
            now=self._now(),
            zone=self._zone,
            box=self._box,
            services=services,
            titles=[*labels, *titles],
            find_place=self._reader.find_known,
            is_outside=lambda place: judge.area_of(place) == "outside the city",
            columns=columns,
        )
