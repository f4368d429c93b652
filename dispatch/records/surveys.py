"""Surveys that others made and we were given: a county's own, or what our crews wrote down on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class SurveyKind(StrEnum):
    """Whose: the county's says which homes it has, a crew's what was inspected and what it costs."""

    COUNTY = "county"
    CREW = "crew"


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """`original` is the row as the file had it, as JSON. A row that is refused or joined with no site says in
    `why_not` why. `cost_cents` counts only with who stands for it and where it was read."""

    number: int
    original: str
    is_taken: bool = True
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    level: str = ""
    pa_line: str = ""
    cost_cents: int | None = None
    cost_by: str = ""
    cost_source: str = ""
    photo: str = ""
    photo_sha256: str = ""
    site_id: int | None = None
    how_joined: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """One file that was imported. Taken back it counts nowhere, and the same file may come again."""

    survey_id: str
    kind: SurveyKind
    file_name: str
    sha256: str
    person: str
    position: str
    at: Millis
    read: int
    taken: int
    joined: int
    is_taken_back: bool = False

    @property
    def refused(self) -> int:
        return self.read - self.taken


@dataclass(frozen=True, slots=True)
class SurveyedSite:
    """A site that a row may be about: by every address its reports give it, or by its place. `opened_by` is
    the number it goes by."""

    site_id: int
    is_home: bool
    lat: float | None
    lng: float | None
    addresses: tuple[str, ...]
    category: str = ""
    opened_by: str = ""
