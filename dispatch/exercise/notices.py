"""Notices on the exercise's server: an endpoint of our own making, for 311 servers that show notices.

`GET /notices` lists what stands there, `POST /notices` puts one there (201, with the server's own id), `POST
/notices/:id/cancel` takes it down. Each carries the `external_id` of who put it there, by which a client can
read back; the server does not look whether it has one of that id already. Both faces have it; writing is for
members. No vendor documents such a thing.
"""

from __future__ import annotations

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from dispatch.exercise.bodies import invalid, not_found, text, values
from dispatch.exercise.gate import json
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.office import Office


class NoticeBoard:
    def __init__(self, office: Office, ledger: Ledger) -> None:
        self._office = office
        self._ledger = ledger

    async def listed(self, _http_request: Request) -> Response:
        rows = self._ledger.rows("SELECT body FROM notice WHERE ended_at IS NULL ORDER BY id")
        return json(b'{"notices":[%s]}' % b",".join(row[0] for row in rows))

    async def put(self, http_request: Request) -> Response:
        sent: dict[str, Any] = await values(http_request)
        if not text(sent, "external_id"):
            raise invalid("external_id", "can't be blank")
        if not isinstance(sent.get("texts"), list) or not sent["texts"]:
            raise invalid("texts", "can't be blank")
        if not text(sent, "expires_at"):
            raise invalid("expires_at", "can't be blank")
        ((last,),) = self._ledger.rows("SELECT coalesce(max(id), 0) FROM notice")
        body = orjson.dumps({**sent, "id": last + 1})
        self._ledger.rows(
            "INSERT INTO notice (id, at, body) VALUES (?, ?, ?)", (last + 1, self._office.stamp, body)
        )
        return json(body, 201)

    async def cancel(self, http_request: Request) -> Response:
        notice_id = http_request.path_params["notice_id"]
        if not self._ledger.rows("SELECT id FROM notice WHERE id = ?", (notice_id,)):
            raise not_found()
        self._ledger.rows(
            "UPDATE notice SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
            (self._office.stamp, notice_id),
        )
        return json(b'{"id":%d}' % notice_id)
