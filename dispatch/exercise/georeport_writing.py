"""What callers of the GeoReport face send: reports that become issues at once or by a token, and updates."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dispatch.exercise import georeport_forms as forms
from dispatch.exercise import georeport_names as names
from dispatch.exercise import georeport_updates as updates
from dispatch.exercise.georeport_listing import BadQuery, Listing
from dispatch.exercise.office import HELD_FOR_S, Office
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.script import SECOND_MS, Kind, RequestType, Row, Step, first_minute

NOTICE = "The report is with the city. In danger, call 911."
RESENT = "Invalid service request: base is a duplicate."


class Writing:
    def __init__(self, office: Office, listing: Listing, quirks: Quirks) -> None:
        self._office = office
        self._ledger = office.ledger
        self._listing = listing
        self._quirks = quirks

    # Reports

    def report(self, pairs: Sequence[tuple[str, str]], *, is_held: bool) -> dict[str, Any]:
        """The answer to a POST: the id, or the token of a report that appears later."""
        sent, answers = dict(pairs), forms.answers(pairs)
        service = self._listing.service(_needed(sent, "service_code"))
        if service is None:
            raise BadQuery("service_code is not known here.")
        if service not in self._listing.rows.offered:
            raise BadQuery("service_code is not offered now.")
        if code := forms.missing(service, answers, are_needed=self._quirks.settings.answers_needed):
            raise BadQuery(f"attribute[{code}] is missing.")
        lat, lng = _degrees(sent, "lat", 90), _degrees(sent, "long", 180)
        address = sent.get("address_string", "") or sent.get("address_id", "")
        if (lat is None or lng is None) and not address:
            raise BadQuery("A place is missing: lat and long, address_string or address_id.")
        row = self._row(service.request_type, sent.get("description", ""), address, lat, lng)
        if self._quirks.has("Q28") and self._is_resent(row):
            raise BadQuery(RESENT)
        return self._accepted(row, answers, self._wait_s(is_held))

    def _row(
        self,
        request_type: RequestType | None,
        description: str,
        address: str,
        lat: float | None,
        lng: float | None,
    ) -> Row:
        now = self._office.stamp
        return Row(
            request_id=self._ledger.new_issue_id(),
            created_at=now,
            summary=request_type.title if request_type else "",
            description=description,
            address=address,
            lat=lat if lng is not None else None,
            lng=lng if lat is not None else None,
            type_id=request_type.type_id if request_type else None,
            reporter=self._ledger.storm.member,
            steps=first_minute(self._office.random, now),
        )

    def _is_resent(self, row: Row) -> bool:
        same = "json_extract(state, '$.description') = ? AND type_id IS ? AND lat IS ? AND lng IS ?"
        values = (row.description, row.type_id, row.lat, row.lng)
        return bool(self._ledger.rows(f"SELECT 1 FROM issue WHERE {same} LIMIT 1", values))

    def _wait_s(self, is_held: bool) -> int:
        delay_s = self._quirks.settings.token_delay_s
        return delay_s or (self._office.random.randint(*HELD_FOR_S) if is_held else 0)

    def _accepted(self, row: Row, answers: list[dict[str, Any]], wait_s: int) -> dict[str, Any]:
        said = {"service_notice": NOTICE, "account_id": None}
        if not wait_s:
            self._ledger.add(row, answers=answers)
            return {"service_request_id": self._named(row.request_id), **said}
        # It is new to every reader when it appears, so it counts as changed then.
        at = row.created_at + wait_s * SECOND_MS
        later = replace(row, steps=(*row.steps, Step(at, Kind.TOUCH)))
        self._ledger.add(later, answers=answers, at=at)
        return {"token": names.token(row.request_id), **said}

    def token(self, text: str) -> dict[str, Any] | None:
        number = names.of_token(text)
        if number is None:
            return None
        if self._ledger.issue(number) is not None:
            return {"service_request_id": self._named(number), "token": text}
        waiting = self._ledger.waiting(self._office.clock.now())
        is_waiting = any(state["issue_id"] == number for state in waiting)
        return {"service_request_id": None, "token": text} if is_waiting else None

    def _named(self, number: int) -> str | int:
        return names.request_id(number, self._quirks.settings.ids)

    # Updates

    def update(self, sent: Mapping[str, str]) -> dict[str, Any]:
        if name := updates.missing(sent):
            raise BadQuery(f"Bad request: {name}")
        number = names.issue_id(sent["service_request_id"], self._quirks.settings.ids)
        issue = None if number is None else self._ledger.issue(number)
        if issue is None or issue.is_private:
            raise BadQuery("Bad request: service_request_id")
        status = updates.plain(sent["status"])
        if status not in updates.STATUSES:
            raise BadQuery("Bad request: status")
        self._listing.moment(sent["updated_datetime"], "updated_datetime")
        step = Step(
            self._office.stamp, updates.act(issue, status), sent["description"], self._ledger.storm.member
        )
        try:
            self._ledger.take(issue, step, update_id=sent["update_id"])
        except sqlite3.IntegrityError:
            raise BadQuery("Bad request: update_id already exists") from None
        return {"update_id": sent["update_id"]}


def _needed(sent: Mapping[str, str], name: str) -> str:
    if not sent.get(name, "").strip():
        raise BadQuery(f"{name} is missing.")
    return sent[name].strip()


def _degrees(sent: Mapping[str, str], name: str, most: float) -> float | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = most + 1
    if not abs(number) <= most:
        raise BadQuery(f"{name} is a number from -{most:g} to {most:g}.")
    return number
