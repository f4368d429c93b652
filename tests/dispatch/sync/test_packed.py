"""What another process of ours read comes over whole: every field of a row, all that a failure carries."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from dispatch import errors
from dispatch.errors import LandfallError, RateLimited, ServerForbids, ServerRefused
from dispatch.records import BadRecord, CrmStatus, Page, Place, Reporter, ServiceRequest
from dispatch.sync.packed import pack, unpack

AT = (3, 1_505_140_200_000, 2)
FULL = ServiceRequest(
    request_id="4411",
    status=CrmStatus.ACKNOWLEDGED,
    raw_status="In progress",
    summary="Árbol caído",
    description="Cables 🌳\nsparking",
    service_code="12",
    service_name="Tree",
    address="22nd Ave S",
    place=Place(27.77, -82.64),
    created_at=1_505_140_200_001,
    updated_at=1_505_140_200_002,
    acknowledged_at=1_505_140_200_003,
    closed_at=1_505_140_200_004,
    reopened_at=1_505_140_200_005,
    reporter=Reporter("77", "A. Resident", "Admin"),
    photo_url="https://example.test/photo",
    page_url="https://example.test/page",
    transitions=frozenset({"close_url", "assignment"}),
    followers=6,
    expected_at=1_505_140_200_006,
    agency="Parks",
    status_notes="on the way",
    duplicate_of="4410",
    assignee_id="9",
    is_private=True,
    doubts=frozenset({"zone assumed"}),
)
BARE = ServiceRequest("1", CrmStatus.OPEN, "Open", "", "", "", "", "", None, 1, 1)


def test_a_page_comes_over_with_every_field_of_its_rows() -> None:
    for field in fields(ServiceRequest):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        assert getattr(FULL, field.name) != default, f"{field.name} would be lost unseen"
    page = Page((FULL, BARE), (BadRecord("no id", b"\x00{}", "7"),), 3, 90, 4, 5, 6)

    at, came = unpack(pack(AT, page))

    assert (at, came) == (AT, page)
    assert isinstance(came, Page) and came.requests[0].status is CrmStatus.ACKNOWLEDGED
    assert all(type(each.transitions) is frozenset for each in came.requests)


FAILURES = {
    RateLimited: {"retry_after_s": 7.5},
    errors.ServerChallenges: {"retry_after_s": 60.0},
    ServerRefused: {"status": 404},
    ServerForbids: {"hold_s": 900.0},
}


KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, LandfallError)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_comes_over_as_it_was_raised(kind: type[LandfallError]) -> None:
    failed = kind("The server is busy.", **FAILURES.get(kind, {}))

    _, came = unpack(pack(AT, failed))

    assert type(came) is kind
    assert (str(came), vars(came)) == (str(failed), vars(failed))
