"""Which categories the public is offered, and the switching of them by the city's own account.

The vendor's documents do not say how request types are administered. This is ours: `GET …/request_types`
gives a member every type as `{"id", "title", "organization", "active", "switch_url"}`, and anybody else those
that are active, without `switch_url`; `POST switch_url {"active": true|false}` sets it and answers with the
type as it stands. Setting what is set already is no error: a caller who lost the answer may ask again.
"""

from __future__ import annotations

from typing import Any

import orjson

from dispatch.exercise import wire
from dispatch.exercise.bodies import invalid, not_found, not_possible, text
from dispatch.exercise.office import Office
from dispatch.exercise.script import RequestType

YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class Offering:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._ledger = office.ledger

    @property
    def shown(self) -> list[RequestType]:
        """What a resident can report under now."""
        return [each for each in self._ledger.storm.types if self._office.is_offered(each)]

    def listed(self, *, is_member: bool) -> bytes:
        types = self._ledger.storm.types if is_member else self.shown
        return _body({"request_types": [self._said(each, is_member=is_member) for each in types]})

    def switch(self, type_id: int, sent: dict[str, Any]) -> bytes:
        found = self._ledger.request_type(type_id)
        if found is None:
            raise not_found()
        asked = text(sent, "active", is_needed=True).strip().lower()
        if asked not in (*YES, *NO):
            raise invalid("active", "is true or false")
        if type_id in self._ledger.locked_categories:
            raise not_possible("This category is kept by another department.", 403)
        self._ledger.offer(type_id, asked in YES)
        return _body(self._said(found, is_member=True))

    def _said(self, each: RequestType, *, is_member: bool) -> dict[str, Any]:
        said: dict[str, Any] = {
            "id": each.type_id,
            "title": each.title,
            "organization": self._ledger.storm.organization,
            "active": self._office.is_offered(each),
        }
        if is_member:
            said["switch_url"] = f"\x01/request_types/{each.type_id}"
        return said


def _body(said: dict[str, Any]) -> bytes:
    return orjson.dumps(said).replace(b"\\u0001", wire.BASE)
