"""The sites of a period that a photo speaks of, and what is known of each: no words, names or phones of
residents, and of restricted sites neither place nor photo (S15)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dispatch.errors import ActRefused
from dispatch.evidence.columns import SITE_COLUMNS, SITES
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Escalation, Millis
from dispatch.residents.private_words import covered
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.making import head_of
from dispatch.snapshot.records import Cell, Head, Rows
from dispatch.snapshot.rows import NO, YES, RowMaker, Stored
from dispatch.store import evidence_rows, snapshot_rows
from dispatch.store.store import Store
from dispatch.triage.categories import CategoryTable

REPORT, SURVEY = "report", "survey"
RESTRICTED = "Its report is about a person's health, home or safety: it is left out."
UNJOINED = "The survey's row belongs to no site: nobody can say what it shows."
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Sought:
    """One photo to be had. `where` is its address, or its name in the data folder; `name` what it is called
    in the package, without its ending. `proof` is the checksum at the import, empty where there is none.
    With a `why_not` it is not looked for."""

    site: str
    folder: str
    source: str
    of: str
    entered_at: Millis | None
    where: str
    name: str
    server_address: str = ""
    proof: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Cases:
    """`sites` are all with a photo, the restricted ones among them; `photos` those of the others, and of
    survey rows that belong to no site."""

    head: Head
    storm_id: str
    sites: Rows
    photos: tuple[Sought, ...]


def gather(store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable) -> Cases:
    """Raises ActRefused where the period ends before it begins or the store holds no activation yet."""
    if asked.to_at <= asked.from_at:
        raise ActRefused("The period ends before it begins: turn the two times around.")
    span = asked.from_at, asked.to_at
    with store.reading() as connection:
        activation = snapshot_rows.current_activation(connection)
        if activation is None:
            raise ActRefused("This store holds no activation yet: there is no photo to look for.")
        stored = Stored(
            snapshot_rows.reports(connection, *span),
            snapshot_rows.sites(connection, *span),
            snapshot_rows.hand_overs(connection, *span),
        )
        sent = evidence_rows.report_photos(connection, *span)
        surveyed = evidence_rows.survey_photos(connection, activation.activation_id)
        head = head_of(
            asked,
            city,
            activation,
            snapshot_rows.as_of(connection),
            snapshot_rows.heads(connection, activation),
        )
    counted = RowMaker(stored, asked.wanted, table, city.owners, city.zone)
    made = _Maker(counted.site_rows(), stored.hand_overs, activation.activation_id)
    photos = [*made.of_reports(sent, counted.restricted_reports()), *made.of_surveys(surveyed)]
    return Cases(head, activation.activation_id, made.sites(photos), tuple(photos))


class _Maker:
    """Over the rows of the sites as a snapshot has them, by their key."""

    def __init__(
        self, rows: dict[int, dict[str, Cell]], hand_overs: Iterable[Escalation], storm_id: str
    ) -> None:
        self._rows = rows
        self._storm_id = storm_id
        self._newest = {site_id: each for each in hand_overs for site_id in each.site_ids}
        self._folders: dict[int, str] = {}
        self._restricted: set[int] = set()

    def of_reports(
        self, found: Iterable[evidence_rows.ReportPhoto], restricted: Collection[int]
    ) -> list[Sought]:
        """A restricted report of a site that is not: only that it is left out is said, not of which site."""
        return [
            Sought("", "", REPORT, "", None, "", "", why_not=RESTRICTED)
            if each.request_key in restricted
            else Sought(
                site=str(self._rows[each.site_id]["site"]),
                folder=self._folder(each.site_id),
                source=REPORT,
                of=str(each.remote_id or f"new-{each.request_key}"),
                entered_at=each.created_at,
                where=each.photo_url,
                name=f"report-{each.request_key}",
                server_address=each.server_address,
            )
            for each in found
            if self._may_be_shown(each.site_id)
        ]

    def of_surveys(self, found: Iterable[evidence_rows.SurveyPhoto]) -> list[Sought]:
        """Those of sites that are not in the period are another package's."""
        return [
            Sought(
                site="" if each.site_id is None else str(self._rows[each.site_id]["site"]),
                folder="" if each.site_id is None else self._folder(each.site_id),
                source=SURVEY,
                of=f"{each.file_name}, row {each.number}",
                entered_at=None,
                where=each.photo,
                name=f"survey-{at}",
                proof=each.sha256,
                why_not=UNJOINED if each.site_id is None else "",
            )
            for at, each in enumerate(found, 1)
            if each.site_id is None or self._may_be_shown(each.site_id)
        ]

    def sites(self, photos: Iterable[Sought]) -> Rows:
        many: dict[str, int] = {}
        for each in photos:
            many[each.folder] = many.get(each.folder, 0) + 1
        shown = sorted({*self._folders, *self._restricted})
        return Rows(SITES, SITE_COLUMNS, tuple(self._row(site_id, many) for site_id in shown))

    def _may_be_shown(self, site_id: int) -> bool:
        """Whether it counts and is not restricted; that it is, is kept in mind."""
        row = self._rows.get(site_id)
        if row is not None and row["restricted"] == YES:
            self._restricted.add(site_id)
        return row is not None and row["restricted"] == NO

    def _folder(self, site_id: int) -> str:
        if site_id not in self._folders:
            number = _UNFIT.sub("_", str(self._rows[site_id]["site"]))[:40]
            name = f"site-{number}"
            # Two numbers of two servers may be alike, or become so.
            taken = name.casefold() in {each.casefold() for each in self._folders.values()}
            self._folders[site_id] = f"{name}-{site_id}" if taken else name
        return self._folders[site_id]

    def _row(self, site_id: int, many: dict[str, int]) -> tuple[Cell, ...]:
        row, went = self._rows[site_id], self._newest.get(site_id)
        shared = (row["band"], row["category"], row["neighborhood"])
        if site_id in self._restricted:
            return (row["site"], "", YES, *shared, *(None,) * (len(SITE_COLUMNS) - 6))
        folder = self._folders[site_id]
        return (
            *(row["site"], folder, NO, *shared, many[folder], self._storm_id),
            *(row[name] for name in ("first_entered_at", "address", "latitude", "longitude")),
            covered(went.resource) if went else "",
            went.on_scene_at if went else None,
            covered(went.outcome) if went else "",
            went.closed_at if went else None,
            *(row[name] for name in ("state", "closed_reason", "closed_at")),
        )
