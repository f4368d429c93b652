"""Equal calls and equal rows, matched the n-th to the n-th whatever happened between the tries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from dispatch.records import CrmStatus, OutboxItem, OutboxKind, OutboxState, Reporter, ServiceRequest
from dispatch.sync.adoption import SLACK_MS, beyond, in_order, is_equal

NOW = 1_505_140_200_000
ACCOUNT = "2000001"
CALL = OutboxItem(
    outbox_id="1",
    kind=OutboxKind.NEW_REQUEST,
    request_key=1,
    request_id="",
    site_id=1,
    text="Wire down, sparking",
    state=OutboxState.SENDING,
    at=NOW,
    due_at=0,
    attempts=1,
    equal_before=0,
    error="",
    person="A. Operator",
)


def row(
    request_id: str, *, at: int = NOW, text: str = CALL.text, by: Reporter | None = None
) -> ServiceRequest:
    return ServiceRequest(
        request_id=request_id,
        status=CrmStatus.OPEN,
        raw_status="Open",
        summary="",
        description=text,
        service_code="",
        service_name="",
        address="",
        place=None,
        created_at=at,
        updated_at=at,
        reporter=by or Reporter(ACCOUNT, "EOC"),
    )


@dataclass
class City:
    """A server that takes reports and keeps no key; its answers get lost."""

    rows: list[ServiceRequest] = field(default_factory=list)

    def take(self) -> str:
        # Several within a second: their order is that of their numbers.
        self.rows.append(row(str(len(self.rows) + 98)))
        return self.rows[-1].request_id


@given(
    calls=st.integers(1, 4),
    strangers=st.integers(0, 2),
    tries=st.lists(st.tuples(st.integers(0, 3), *([st.booleans()] * 3)), max_size=30),
)
def test_each_call_is_entered_once_and_known_by_a_row_of_its_own(
    calls: int, strangers: int, tries: list[tuple[int, bool, bool, bool]]
) -> None:
    city = City()
    for _ in range(strangers):
        city.take()  # typed into the city's own pages, by the same account
    waiting: dict[int, OutboxItem] = dict.fromkeys(range(calls), CALL)
    known: dict[int, str] = {}

    def equal() -> list[ServiceRequest]:
        return sorted(city.rows, key=in_order)

    def attempt(number: int, does_arrive: bool, is_answered: bool) -> None:
        item = waiting[number]
        if "before" not in item.detail:
            before = ",".join(each.request_id for each in equal())
            waiting[number] = replace(item, detail={"before": before})
        elif found := next(iter(beyond(item, equal(), set(known.values()))), None):
            known[number] = found.request_id
            return
        request_id = city.take() if does_arrive else ""
        if request_id and is_answered and request_id not in known.values():
            known[number] = request_id

    def pull() -> None:
        for number, item in waiting.items():
            if number not in known and "before" in item.detail:
                for each in beyond(item, equal(), set(known.values())):
                    known[number] = each.request_id
                    break

    for number, does_arrive, is_answered, has_pull in tries:
        if number < calls and number not in known:
            attempt(number, does_arrive, is_answered)
        if has_pull:
            pull()
    while left := [number for number in waiting if number not in known]:
        attempt(left[0], True, True)

    assert len(city.rows) == calls + strangers
    assert len(set(known.values())) == calls
    assert not set(known.values()) & {each.request_id for each in city.rows[:strangers]}


def test_a_call_is_known_by_words_account_and_time() -> None:
    since = NOW - SLACK_MS

    def fits(each: ServiceRequest) -> bool:
        return is_equal(CALL, each, ACCOUNT, since)

    assert fits(row("1"))
    assert fits(row("1", text="Wire down,\r\n  sparking "))
    assert not fits(row("1", text="Wire down"))
    assert not fits(row("1", at=since - 1))
    assert not fits(row("1", by=Reporter("7", "Ana")))
    assert not fits(row("1", by=Reporter("0", "An anonymous SeeClickFix user")))
    assert fits(row("1", by=Reporter("0", ""))), "GeoReport names nobody"
