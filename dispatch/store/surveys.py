"""Surveys of others as rows: added whole, never changed; a file that is taken back counts nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from dispatch.errors import ActRefused
from dispatch.records import Flag, Survey, SurveyedSite, SurveyKind, SurveyRow
from dispatch.store.bulk import write
from dispatch.store.schema import membership, request, site, survey, survey_row
from dispatch.store.transaction import Transaction

OTHERS = "survey"
_ROW = tuple(column.name for column in survey_row.c)
_HERE = (survey.c.survey_id == survey_row.c.survey_id) & (survey.c.is_taken_back == 0)


class StandingRow(NamedTuple):
    """A taken row of a file that counts, the oldest file first. `site_id` is where its site stands by now;
    `category` and `opened_by` are that site's, empty where it was joined with none as it came."""

    survey_id: str
    kind: SurveyKind
    file_name: str
    number: int
    level: str
    pa_line: str
    cost_cents: int | None
    cost_by: str
    cost_source: str
    address: str
    lat: float | None
    lng: float | None
    site_id: int | None
    category: str
    opened_by: str


def add(tx: Transaction, kind: SurveyKind, file_name: str, sha256: str, rows: Sequence[SurveyRow]) -> Survey:
    """With its rows, the refused ones too."""
    made = Survey(
        survey_id=str(uuid4()),
        kind=kind,
        file_name=file_name,
        sha256=sha256,
        person=tx.actor.person,
        position=tx.actor.position,
        at=tx.now,
        read=len(rows),
        taken=sum(row.is_taken for row in rows),
        joined=sum(row.site_id is not None for row in rows),
    )
    values = {
        "survey_id": made.survey_id,
        "activation_id": tx.actor.activation_id,
        "kind": kind.value,
        "file_name": file_name,
        "sha256": sha256,
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "at": tx.now,
        "rows_read": made.read,
        "rows_taken": made.taken,
        "rows_joined": made.joined,
    }
    tx.connection.execute(insert(survey), values)
    write(tx.connection, survey_row, _ROW, [_values(made.survey_id, row) for row in rows])
    tx.others.add(OTHERS)
    return made


def take_back(tx: Transaction, survey_id: str) -> None:
    """Its rows count nowhere from here on. Raises ActRefused where somebody was faster."""
    mine = (survey.c.survey_id == survey_id) & (survey.c.is_taken_back == 0)
    if not tx.connection.execute(update(survey).where(mine).values(is_taken_back=1)).rowcount:
        raise ActRefused("Somebody has taken this import back already.")
    tx.others.add(OTHERS)


def surveys(connection: Connection, activation_id: str) -> tuple[Survey, ...]:
    """All of a storm, the newest first, those taken back among them."""
    asked = select(survey).where(survey.c.activation_id == activation_id)
    rows = connection.execute(asked.order_by(survey.c.at.desc(), survey.c.survey_id))
    return tuple(map(_survey, rows))


def rows(connection: Connection, survey_id: str) -> tuple[SurveyRow, ...]:
    """In the order of the file."""
    asked = select(survey_row).where(survey_row.c.survey_id == survey_id).order_by(survey_row.c.number)
    return tuple(map(_row, connection.execute(asked)))


def standing(connection: Connection, activation_id: str) -> list[StandingRow]:
    """Sites that were merged since are found where they stand now."""
    now_in, opened = membership.alias("now_in"), request.alias("opened")
    asked = (
        select(
            *(survey_row.c.survey_id, survey.c.kind, survey.c.file_name, survey_row.c.number),
            *(survey_row.c.level, survey_row.c.pa_line, survey_row.c.cost_cents, survey_row.c.cost_by),
            *(survey_row.c.cost_source, survey_row.c.address, survey_row.c.lat, survey_row.c.lng),
            *(site.c.site_id, site.c.category, opened.c.remote_id),
        )
        .join(survey, _HERE)
        .outerjoin(now_in, now_in.c.request_key == survey_row.c.site_id)
        .outerjoin(site, site.c.site_id == now_in.c.site_id)
        .outerjoin(opened, opened.c.request_key == site.c.site_id)
        .where(survey.c.activation_id == activation_id, survey_row.c.is_taken == 1)
        .order_by(survey.c.at, survey_row.c.survey_id, survey_row.c.number)
    )
    return [_standing(row) for row in connection.execute(asked)]


def standing_and_sites(
    connection: Connection, activation_id: str, home_categories: Collection[str]
) -> tuple[list[StandingRow], list[SurveyedSite]]:
    """With the sites to look among, which are read only where a row had none when it came."""
    found = standing(connection, activation_id)
    if all(row.site_id is not None for row in found):
        return found, []
    return found, sites(connection, activation_id, home_categories)


def sites(connection: Connection, activation_id: str, home_categories: Collection[str]) -> list[SurveyedSite]:
    """Every site that stands for itself, with every address that its reports give it."""
    opened = request.alias("opened")
    asked = (
        select(
            *(site.c.site_id, site.c.category, site.c.lat, site.c.lng, site.c.where_words),
            *(request.c.address, opened.c.remote_id),
        )
        .outerjoin(membership, membership.c.site_id == site.c.site_id)
        .outerjoin(request, request.c.request_key == membership.c.request_key)
        .outerjoin(opened, opened.c.request_key == site.c.site_id)
        .where(site.c.activation_id == activation_id, site.c.own_flags.bitwise_and(int(Flag.MERGED)) == 0)
        .order_by(site.c.site_id)
    )
    found: dict[int, Any] = {}
    addresses: dict[int, dict[str, None]] = defaultdict(dict)
    for row in connection.execute(asked):
        found[row.site_id] = row
        for said in (row.where_words, row.address):
            if said:
                addresses[row.site_id][said] = None
    return [
        SurveyedSite(
            site_id=site_id,
            is_home=row.category in home_categories,
            lat=row.lat,
            lng=row.lng,
            addresses=tuple(addresses[site_id]),
            category=row.category,
            opened_by=_number(row.remote_id, site_id),
        )
        for site_id, row in found.items()
    ]


def _values(survey_id: str, row: SurveyRow) -> tuple[object, ...]:
    said = {"survey_id": survey_id, "is_taken": int(row.is_taken)}
    return tuple(said[name] if name in said else getattr(row, name) for name in _ROW)


def _survey(row: Row[Any]) -> Survey:
    return Survey(
        survey_id=row.survey_id,
        kind=SurveyKind(row.kind),
        file_name=row.file_name,
        sha256=row.sha256,
        person=row.person,
        position=row.position,
        at=row.at,
        read=row.rows_read,
        taken=row.rows_taken,
        joined=row.rows_joined,
        is_taken_back=bool(row.is_taken_back),
    )


def _row(row: Row[Any]) -> SurveyRow:
    said = {name: value for name, value in row._mapping.items() if name != "survey_id"}
    return SurveyRow(**{**said, "is_taken": bool(row.is_taken)})


def _standing(row: Iterable[Any]) -> StandingRow:
    found = StandingRow._make(row)
    number = "" if found.site_id is None else _number(found.opened_by, found.site_id)
    return found._replace(kind=SurveyKind(found.kind), category=found.category or "", opened_by=number)


def _number(remote_id: str | None, site_id: int) -> str:
    """What the server calls it; what it has not taken yet goes by our own key."""
    return f"new-{site_id}" if remote_id is None else remote_id
