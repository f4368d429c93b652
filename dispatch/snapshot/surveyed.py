"""What surveys of others say of a site: whether the county has it, what a crew wrote down. Apart from what
residents' words suggest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dispatch.records import SurveyedSite, SurveyKind, SurveyRow
from dispatch.snapshot.home_levels import UNKNOWN, YES
from dispatch.snapshot.rows import NO
from dispatch.store.surveys import StandingRow
from dispatch.survey.joining import Joiner, is_of_homes


@dataclass(frozen=True, slots=True)
class Surveyed:
    """`inspected` is a crew's level by site, the newest file's, of one file its last row's."""

    has_county: bool = False
    in_county: frozenset[int] = frozenset()
    inspected: Mapping[int, str] = field(default_factory=dict)

    def county(self, site_id: int) -> str:
        """Unknown as long as no survey of the county was imported."""
        if not self.has_county:
            return UNKNOWN
        return YES if site_id in self.in_county else NO


NO_SURVEY = Surveyed()


def surveyed(rows: Iterable[StandingRow], *, has_county: bool) -> Surveyed:
    """Of rows the oldest file first."""
    in_county: set[int] = set()
    inspected: dict[int, str] = {}
    for row in rows:
        if row.site_id is None:
            continue
        if row.kind is SurveyKind.COUNTY:
            in_county.add(row.site_id)
        elif row.level:
            inspected[row.site_id] = row.level
    return Surveyed(has_county, frozenset(in_county), inspected)


def joined_now(rows: Sequence[StandingRow], sites: Sequence[SurveyedSite]) -> list[StandingRow]:
    """One that had no site when it came is looked for again among these: residents report later."""
    there = {each.site_id: each for each in sites}
    joiner = Joiner(sites)
    return [row if row.site_id is not None else _looked_for(row, joiner, there) for row in rows]


def _looked_for(row: StandingRow, joiner: Joiner, there: Mapping[int, SurveyedSite]) -> StandingRow:
    said = SurveyRow(row.number, "", address=row.address, lat=row.lat, lng=row.lng)
    site_id = joiner.join(said, is_of_homes=is_of_homes(row.kind, row.level)).site_id
    if site_id is None:
        return row
    found = there[site_id]
    return row._replace(site_id=site_id, category=found.category, opened_by=found.opened_by)
