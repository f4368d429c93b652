"""Calls typed in by several at once: each on the board once, who called kept apart, pasted and taken back."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from dispatch.act_words import from_words, to_words
from dispatch.calls.paste import read
from dispatch.errors import ActRefused
from dispatch.records import Band, Call, CloseReason, Flag, OutboxKind, OutboxState, Place, SiteState, Told911
from dispatch.store import log, outbox, schema
from tests.city import HERE, City
from tests.conftest import LANDFALL
from tests.in_step import stored, truth
from tests.rooms import Room

PHONE = "727-555-0142"
TREE = Call(
    text="Oak across both lanes",
    service_code="5701",
    service_name="Storm: Tree Blocking Road",
    address="2214 22nd Ave S",
    place=Place(*HERE),
    place_quality="street",
    caller="Maria Ortega",
    call_back=PHONE,
    landmark="opposite the church",
    unit="4B",
    gate="code 1234",
    people=2,
    mobility="wheelchair",
    language="Spanish",
    may_call=True,
    note="daughter calls back at five",
)
PRIVATE = ("Ortega", "0142", "4B", "1234", "wheelchair", "daughter")


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", person="B. Second")
    one.sync()
    yield one, two
    one.close()
    two.close()


def calls(room: Room) -> Any:
    return room.parts.call_desk


def items(room: Room) -> list[tuple[str, str]]:
    with room.store.reading() as connection:
        rows = connection.execute(select(schema.outbox.c.state, schema.outbox.c.kind))
        return [(row.state, row.kind) for row in rows if row.kind == OutboxKind.NEW_REQUEST]


def test_s8_what_the_server_and_the_log_hear_holds_nothing_of_who_called(
    seats: tuple[Room, Room], city: City
) -> None:
    one, _ = seats
    taken, _ = calls(one).take_call(TREE)
    one.sync()
    one.sync()

    [entered] = city.truth()["requests"]
    [request] = one.parts.detail.view(taken.site_id).requests
    assert request.request_id == str(entered["id"])
    assert request.description == "Oak across both lanes. Landmark: opposite the church."
    with one.store.reading() as connection:
        said = f"{entered}{list(log.every_row(connection))}"
        [item] = [i for i in outbox.of_site(connection, taken.site_id) if i.kind is OutboxKind.NEW_REQUEST]
    assert not [word for word in PRIVATE if word in f"{said}{item.text}{item.detail}"]
    assert one.parts.call_reader.server_id(taken.request_key) == str(entered["id"])
    assert stored(one) == truth(city)


def test_s15_who_called_is_covered_until_somebody_asks_and_then_in_the_log(seats: tuple[Room, Room]) -> None:
    one, two = seats
    taken, _ = calls(one).take_call(TREE)
    detail, unmasking = two.parts.detail, two.parts.unmasking

    covered = str(detail.view(taken.site_id).facts)
    assert (
        "0142" not in covered
        and "Ortega" not in covered
        and "4B" not in covered
        and "daughter" not in covered
    )
    unmasking.unmask(taken.site_id)
    view = detail.view(taken.site_id)
    assert [view.fact(name).value for name in ("call_back", "caller", "unit")] == [  # type: ignore[union-attr]
        *(PHONE, "Maria Ortega"),
        "4B, gate code 1234",
    ]
    assert "unmasked" in two.log_acts()


def test_the_hand_over_takes_call_back_language_people_and_unit_from_the_call(
    seats: tuple[Room, Room],
) -> None:
    one, _ = seats
    taken, _ = calls(one).take_call(TREE)

    draft = one.desk.draft(taken.site_id)

    assert (draft.call_back, draft.language, draft.people) == (PHONE, "Spanish", "2 people")
    assert (draft.mobility, draft.unit, draft.place_quality) == ("wheelchair", "4B, gate code 1234", "street")
    calls(one).take_call(replace(TREE, call_back="727-555-0199", may_call=False), taken.site_id)
    assert one.desk.draft(taken.site_id).call_back == PHONE, "who does not want to be called is not"


def test_calls_are_counted_for_the_room_and_none_twice(
    seats: tuple[Room, Room], run: Callable[..., Any]
) -> None:
    one, two = seats

    async def both() -> list[Any]:
        work = [
            each.parts.workers.store(calls(each).take_call, replace(TREE, text=f"Oak {n} of {each.url[-3:]}"))
            for n in range(10)
            for each in (one, two)
        ]
        return list(await asyncio.gather(*work))

    taken = [each for each, _ in run(both())]

    assert sorted(each.number for each in taken) == list(range(1, 21))
    assert len({each.site_id for each in taken}) == 20
    assert len(items(one)) == 20


def test_one_seats_new_call_is_what_the_other_may_repeat_at_once(seats: tuple[Room, Room]) -> None:
    one, two = seats
    taken, _ = calls(one).take_call(TREE)

    look = two.parts.call_reader.look(replace(TREE, text="A big oak blocks the road"), LANDFALL)

    [near] = look.near
    assert (near.site_id, near.reports, near.state) == (taken.site_id, 1, SiteState.NEW)
    assert near.is_strong and "same address" in near.why and not near.is_link


def test_a_call_about_a_site_joins_it_and_undo_gives_it_its_own_again(
    seats: tuple[Room, Room], city: City
) -> None:
    one, two = seats
    first, _ = calls(one).take_call(TREE)

    second, changes = calls(two).take_call(
        replace(TREE, text="The same oak", call_back="727-555-0177"), first.site_id
    )

    assert (second.site_id, second.joined, second.number) == (first.site_id, first.site_id, 2)
    assert changes.sites >= {first.site_id}
    assert one.parts.detail.view(first.site_id).row.reports == 2
    one.sync()
    one.sync()
    assert len(city.truth()["requests"]) == 2, "each caller has a number"
    two.desk.undo()
    assert one.parts.detail.view(second.request_key).row.reports == 1


def test_s10_a_call_about_persons_is_tied_to_the_site_and_never_merged(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    first, _ = calls(one).take_call(replace(TREE, text="My mother is trapped in the house, water rising"))
    second, _ = calls(one).take_call(replace(TREE, text="A man is trapped in the house"), first.site_id)

    assert (second.linked, second.joined) == (first.site_id, 0) and second.site_id != first.site_id
    assert first.site_id in one.parts.detail.view(second.site_id).linked_sites


def test_a_call_about_a_site_that_was_closed_or_merged_meanwhile_is_not_lost(
    seats: tuple[Room, Room],
) -> None:
    one, two = seats
    lead, other, done = (calls(one).take_call(replace(TREE, text=f"Oak {n}"))[0].site_id for n in range(3))
    two.desk.merge(lead, [other])
    two.desk.close(done, CloseReason.FIXED_CONFIRMED, note="clear", confirmed_by="Crew 4")

    to_merged, _ = calls(one).take_call(TREE, other)
    to_closed, _ = calls(one).take_call(TREE, done)

    assert to_merged.site_id == lead
    assert to_closed.linked == done and one.parts.detail.view(to_closed.site_id).row.state == 0


@pytest.mark.parametrize("ticked", [{"is_trapped": True}, {"is_injured": True}])
def test_s2_what_the_call_taker_ticks_raises_at_once_and_stays_raised(
    seats: tuple[Room, Room], city: City, ticked: dict[str, bool]
) -> None:
    one, _ = seats
    taken, _ = calls(one).take_call(replace(TREE, **ticked))
    one.sync()
    one.sync()

    view = one.parts.detail.view(taken.site_id)
    assert view.row.band == Band.P1
    assert view.own_band is not None and "The caller says people are" in view.own_band.reason


def test_s2_a_keyword_suggests_and_a_cue_raises(seats: tuple[Room, Room]) -> None:
    reader = seats[0].parts.call_reader

    suggested = reader.look(Call("sewage coming up"), LANDFALL)
    sparking = reader.look(Call("Wire down and sparking on the sidewalk"), LANDFALL)

    assert (suggested.suggested, suggested.keyword) == ("sewer_overflow", "sewage")
    assert suggested.band > Band.P2
    assert reader.look(Call("Oak across both lanes"), LANDFALL).suggested == "tree_road_blocked"
    assert sparking.band == Band.P1 and any("sparking" in why for why in sparking.why)


def test_a_category_the_city_has_no_service_for_keeps_its_band_when_the_server_knows_it_not(
    seats: tuple[Room, Room],
) -> None:
    one, _ = seats
    service = next(each for each in one.parts.call_reader.services() if each.key == "carbon_monoxide")
    taken, _ = calls(one).take_call(
        replace(TREE, text="The alarm beeps", service_code=service.code, service_name=service.title)
    )
    one.sync()
    one.sync()

    assert service.code == ""
    assert one.parts.detail.view(taken.site_id).row.band == service.band


def test_s3_911_told_while_the_call_was_taken_stands_with_the_site(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    told = Told911(True, LANDFALL, "Ana", "17-2231")
    taken, _ = calls(one).take_call(replace(TREE, text="Wire sparking", told_911=told))
    not_told, _ = calls(one).take_call(replace(TREE, text="Wire sparking here"))

    assert one.desk.draft(taken.site_id).told_911 == told
    flags = Flag(one.parts.detail.view(not_told.site_id).row.flags)
    assert Flag.SEND_911 in flags and Flag.TOLD_911 not in flags, "taken all the same, 911 NOT TOLD"


def test_a_call_can_be_kept_in_words_and_done_from_them(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    call = replace(TREE, told_911=Told911(False, LANDFALL))
    words = to_words(calls(one).take_call, (call,), {"about": 7})

    assert from_words(calls(one).take_call, orjson.loads(orjson.dumps(words))) == {"call": call, "about": 7}
    del words["call"]["told_911"], words["call"]["gate"]
    older = from_words(calls(one).take_call, words)
    assert older["call"] == replace(call, told_911=None, gate=""), "one that an older version has kept"


# -- a list ---------------------------------------------------------------------------------------------


def sheet_of(count: int, broken: int) -> str:
    """`count` rows of which every 25th is broken, in one of five ways."""
    lines = ["Description\tCategory\tAddress\tLat\tLong\tCaller\tPhone\tTime"]
    for n in range(count):
        lat, lng = 27.765 + (n // 25) * 0.0015, -82.685 + (n % 25) * 0.0015
        cells = [
            f"Oak number {n} lies on the road",
            "Storm: Tree Blocking Road",
            "",
            f"{lat:.5f}",
            f"{lng:.5f}",
        ]
        cells += [f"Caller {n}", f"727-555-{n:04d}", "9/10/2017 14:20"]
        if n % (count // broken) == 3:
            match n // (count // broken) % 5:
                case 0:
                    cells[0] = ""
                case 1:
                    cells[3] = cells[4] = ""
                case 2:
                    cells[7] = "in the morning"
                case 3:
                    cells[1] = "Storm: Tree Blocking Raod"
                case 4:
                    cells[3] = "40.7"
        lines.append("\t".join(cells))
    return "\n".join(lines)


def checked(room: Room, text: str) -> list[Any]:
    parts = room.parts
    pasted = read(text)
    return parts.paste_check.against_sites(parts.paste_check.check(pasted, parts.paste_check.guess(pasted)))


def test_500_rows_with_20_broken_ones_480_taken_20_explained(seats: tuple[Room, Room]) -> None:
    one, two = seats
    rows = checked(one, sheet_of(500, 20))
    good = [each.call for each in rows if each.call]
    why = [each.why for each in rows if not each.call]

    count, changes = calls(one).paste_calls(good)

    assert (len(good), len(why), count) == (480, 20, 480)
    assert all(re.fullmatch(r"[^\n]+[.?]", each) for each in why) and len({each[:12] for each in why}) >= 5
    assert len(changes.sites) == 480
    two.parts.load()
    assert len(two.parts.board.site_id) == 480
    with one.store.reading() as connection:
        assert log.verify(connection).is_intact
        lines = [row["text"] for row in log.every_row(connection) if row["act"] == "calls_pasted"]
        happened = connection.execute(select(schema.membership.c.happened_at)).scalars().all()
    assert lines == ["480 calls pasted, no. 1 to 480"]
    assert set(happened) == {1_505_067_600_000}


def test_a_pasted_list_is_undone_while_unsent_and_what_was_touched_stays(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    good = [each.call for each in checked(one, sheet_of(50, 2)) if each.call]
    calls(one).paste_calls(good)
    with one.store.reading() as connection:
        first = int(connection.execute(select(schema.caller.c.request_key).limit(1)).scalar_one())
    seats[1].desk.claim(first)

    said, changes = one.desk.undo()

    assert (
        said == "Undone: 48 calls pasted, no. 1 to 48."
        " 1 of 48 stay: they have left, or somebody has acted on them."
    )
    assert sorted(state for state, _ in items(one)).count(OutboxState.TAKEN_BACK) == 47
    one.parts.load()
    assert sum(one.parts.board.is_open()) == 1 and len(changes.sites) >= 47


def test_nothing_of_a_list_is_taken_where_one_of_it_cannot_be(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    with pytest.raises(ActRefused):
        calls(one).paste_calls([TREE, replace(TREE, text=" ")])

    assert items(one) == []


def test_a_list_goes_to_the_server_behind_what_operators_send(seats: tuple[Room, Room], city: City) -> None:
    one, _ = seats
    request_id = city.add_report("A limb on the sidewalk")
    one.sync()
    calls(one).paste_calls([replace(TREE, text=f"Oak {n}") for n in range(5)])
    one.desk.message(one.site(request_id), "Seen. This is not 911.")
    order: list[str] = []
    take = one.work._push._take

    async def watched(item: Any) -> Any:
        order.append(item.kind.value)
        return await take(item)

    one.work._push._take = watched  # type: ignore[method-assign]
    one.sync()

    assert order[0] == "message" and order[1:] == ["new_request"] * 5
    one.sync()
    assert stored(one) == truth(city)


def test_a_row_that_an_open_site_has_already_says_which(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    taken, _ = calls(one).take_call(TREE)
    cells = ("Oak over both lanes", "Storm: Tree Blocking Road", *map(str, HERE))
    line = "Description\tCategory\tLat\tLong\n" + "\t".join(cells)

    [row] = checked(one, line)

    assert row.call is None and f"Repeats site {taken.site_id}" in row.why
