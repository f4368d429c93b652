"""What an evidence package is made of, as the store has it: photos that reports and surveys speak of. Reads
only; plain rows out."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from dispatch.records import Millis
from dispatch.store.schema import membership, request, server, survey, survey_row


class ReportPhoto(NamedTuple):
    """`server_address` is the 311 server the report came from."""

    request_key: int
    remote_id: str | None
    site_id: int
    created_at: Millis
    photo_url: str
    server_address: str


class SurveyPhoto(NamedTuple):
    """`site_id` is where its site stands by now, None where the row was joined with none. `sha256` was taken
    at the import; empty where the photo did not lie beside the file."""

    file_name: str
    number: int
    photo: str
    sha256: str
    site_id: int | None


def report_photos(connection: Connection, from_at: Millis, to_at: Millis) -> list[ReportPhoto]:
    """Of the reports with from ≤ entry < to, in the order of entry."""
    asked = (
        select(
            *(request.c.request_key, request.c.remote_id, membership.c.site_id, request.c.created_at),
            *(request.c.photo_url, server.c.address),
        )
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(server, server.c.server_id == request.c.server_id)
        .where(request.c.created_at >= from_at, request.c.created_at < to_at, request.c.photo_url != "")
        .order_by(request.c.created_at, request.c.request_key)
    )
    return [ReportPhoto._make(row) for row in connection.execute(asked)]


def survey_photos(connection: Connection, activation_id: str) -> list[SurveyPhoto]:
    """Of the rows that count, the oldest file first."""
    now_in = membership.alias("now_in")
    asked = (
        select(
            *(survey.c.file_name, survey_row.c.number, survey_row.c.photo, survey_row.c.photo_sha256),
            now_in.c.site_id,
        )
        .join(survey, survey.c.survey_id == survey_row.c.survey_id)
        .outerjoin(now_in, now_in.c.request_key == survey_row.c.site_id)
        .where(
            survey.c.activation_id == activation_id,
            survey.c.is_taken_back == 0,
            survey_row.c.is_taken == 1,
            survey_row.c.photo != "",
        )
        .order_by(survey.c.at, survey_row.c.survey_id, survey_row.c.number)
    )
    return [SurveyPhoto._make(row) for row in connection.execute(asked)]
