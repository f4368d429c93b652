"""One server for all walks over the table of quirks: reports of every kind, callers of both faces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from lxml import etree

from dispatch.exercise.georeport_bends import is_bent
from dispatch.exercise.quirk_table import ROWS
from tests.city import City
from tests.dispatch.exercise.conftest import Caller, GeoCaller

REPORTS = 60
ALL = "open,acknowledged,closed,archived"


class Scene:
    """Reports of every kind, a minute apart, and two callers of their faces."""

    def __init__(self, city: City) -> None:
        self.city, self.call, self.geo = city, Caller(city), GeoCaller(city)
        self.numbers = [self._report(n) for n in range(REPORTS)]
        city.clock(forward_s=120)
        for place, number in enumerate(self.numbers):
            if place % 4 == 1:
                city.elsewhere(number, "close", "Cleared")
            elif place % 12 == 2:
                city.elsewhere(number, "archive")
        city.clock(forward_s=60)

    def _report(self, n: int) -> str:
        self.city.clock(forward_s=61)
        where: dict[str, Any] = {"lat": 27.70 + n / 1000, "lng": -82.60 - n / 1000}
        if n % 16 == 15:
            where = {"lat": None, "lng": None}
        return self.city.add_report(
            f"An oak of {n} feet",
            category="" if n % 5 == 4 else ("5701", "5702", "5703")[n % 3],
            summary=f"Oak {n}",
            address="22nd Ave S & 31st St S",
            reporter="resident" if n % 2 else "anonymous",
            has_photo=n % 2 == 0,
            **where,
        )

    @contextmanager
    def on(self, quirk: str, **settings: Any) -> Iterator[None]:
        said = self.city.quirks(quirk, **settings)
        assert said["on"] == {quirk: ROWS[quirk]}
        try:
            yield
        finally:
            self.city.quirks(profile="spec")

    def rows(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.geo.rows(**query))

    def straight_and_bent(self, quirk: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """Each row as it is, and as it is shown with the quirk on; rows of no share do not differ."""
        straight = self.rows()
        with self.on(quirk):
            bent = self.rows()
        pairs = list(zip(straight, bent, strict=True))
        number = [int(row["service_request_id"]) for row in straight]
        changed = [n for n, (a, b) in zip(number, pairs, strict=True) if a != b]
        assert changed and set(changed) <= {n for n in number if is_bent(n, quirk)}
        return iter([pair for n, pair in zip(number, pairs, strict=True) if n in changed])

    def xml(self, path: str) -> Any:
        return etree.fromstring(self.geo("GET", path).content)

    def issues(self, **query: Any) -> list[dict[str, Any]]:
        return list(self.call.get("/issues", status=ALL, per_page=100, **query)["issues"])

    def bent_issues(self, quirk: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        straight = self.issues()
        with self.on(quirk):
            bent = self.issues()
        return [(a, b) for a, b in zip(straight, bent, strict=True) if a != b]


Walk = Callable[[Scene], None]
WALKS: dict[str, Walk] = {}


def walk(quirk: str) -> Callable[[Walk], Walk]:
    def keep(how: Walk) -> Walk:
        WALKS[quirk] = how
        return how

    return keep


def values(pairs: Iterator[Any], name: str) -> list[Any]:
    return [bent.get(name, "absent") for _, bent in pairs]


def instant(text):
    return datetime.fromisoformat(text)


def places(scene, quirk):
    return [(one, (bent.get("lat", "absent"), bent.get("long", "absent")))
            for one, bent in scene.straight_and_bent(quirk)]  # fmt: skip
