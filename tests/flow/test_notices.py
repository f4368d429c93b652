"""Notices from the first word to their end, on both databases: who may take which step, and what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import NoticeKind, NoticeState, NoticeText
from dispatch.store import log, notices
from tests.conftest import LANDFALL
from tests.notices import EVACUATION, HOUR_MS, SERVICE, approved, published, sits
from tests.rooms import Room


def acts(room: Room) -> list[str]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = [row for row in log.every_row(connection) if row["act"].startswith("notice")]
    for words in (SERVICE.texts[0].text, EVACUATION.texts[0].title):
        assert words not in str(rows), "the log holds numbers, never the words"
    return [row["act"].removeprefix("notice_") for row in rows]


def test_a_notice_is_written_approved_by_another_and_live(room: Room) -> None:
    item = published(room)

    assert (item.state, item.number, item.approved_by) == (NoticeState.LIVE, "N-001", "B. Super")
    with room.store.reading() as connection:
        (live,) = notices.live(connection, room.parts.clock.now())
        steps = notices.history(connection, item.notice_id)
    assert live == item
    assert live.area.names == ("Childs Park",) and len(live.area.rings[0]) > 4
    assert live.area.rings[0][0] == live.area.rings[0][-1]
    assert [(each.state.value, each.person) for each in steps] == [
        ("draft", "A. Author"),
        ("submitted", "A. Author"),
        ("approved", "B. Super"),
        ("live", "B. Super"),
    ]
    assert acts(room) == ["drafted", "submitted", "approved", "published"]


def test_nobody_approves_what_they_wrote_or_changed(room: Room) -> None:
    desk = sits(room, "A. Author")
    desk.draft(SERVICE)
    item = sits(room, "B. Super").edit(desk.board().notices[0], replace(SERVICE, order="7"))
    item = desk.submit(item)

    for person in ("A. Author", "B. Super", "b.  super"):
        with pytest.raises(ActRefused, match="You wrote it"):
            sits(room, person).approve(item)

    assert sits(room, "C. Manager").approve(item).is_approved


def test_an_order_needs_a_second_person_before_it_is_published(room: Room) -> None:
    sits(room, "A. Author").draft(EVACUATION)
    item = room.parts.notice_desk.submit(room.parts.notice_desk.board().notices[0])
    item = sits(room, "B. Super").approve(item)

    with pytest.raises(ActRefused, match="second approval before"):
        room.parts.notice_desk.publish(item)
    with pytest.raises(ActRefused, match="has approved it already"):
        room.parts.notice_desk.approve(item)
    with pytest.raises(ActRefused, match="You wrote it"):
        sits(room, "A. Author").approve(item)
    item = sits(room, "C. Manager").approve(item)

    assert (item.second_by, item.is_approved) == ("C. Manager", True)
    assert room.parts.notice_desk.publish(item).state is NoticeState.LIVE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"authority": ""}, "Name the authority"),
        ({"order": " "}, "order's number, or a link"),
        ({"expires_at": 0}, "no notice holds for ever"),
        ({"expires_at": LANDFALL - HOUR_MS, "starts_at": LANDFALL - 2 * HOUR_MS}, "Its end has gone by"),
        ({"expires_at": LANDFALL + 31 * 24 * HOUR_MS}, "30 days at most"),
        ({"texts": EVACUATION.texts[:1]}, "title and text in Spanish"),
        ({"texts": (NoticeText("en", "Leave {zone}", "x"), EVACUATION.texts[1])}, "Fill "),
        ({"storm_as_of_at": LANDFALL - 7 * HOUR_MS}, "older than six hours"),
    ],
)
def test_what_lacks_something_is_not_handed_in(room: Room, change: dict[str, Any], sentence: str) -> None:
    item = room.parts.notice_desk.draft(replace(EVACUATION, **change))

    with pytest.raises(ActRefused, match=sentence):
        room.parts.notice_desk.submit(item)

    assert room.parts.notice_desk.board().notices == (item,)


def test_areas_are_of_the_layers_or_the_whole_city(room: Room) -> None:
    desk = room.parts.notice_desk
    with pytest.raises(ActRefused, match="“Chilsd Park” is in no layer"):
        desk.draft(replace(SERVICE, area=(("neighborhoods", "Chilsd Park"),)))

    whole = desk.draft(replace(SERVICE, area=()))

    assert whole.area.is_whole_city and len(whole.area.rings) >= 1
    assert "Childs Park" in next(each.names for each in desk.pickable() if each.layer == "neighborhoods")


def test_who_approves_approves_what_they_have_read(room: Room) -> None:
    item = approved(room)
    back = room.parts.notice_desk.send_back(item, "The hours are wrong")
    assert (back.approved_by, back.sent_back_why) == ("", "The hours are wrong")
    mended = replace(SERVICE, expires_at=LANDFALL + 2 * HOUR_MS)
    again = sits(room, "A. Author").submit(room.parts.notice_desk.edit(back, mended))

    with pytest.raises(ActRefused, match="gone on with this notice"):
        sits(room, "B. Super").approve(item)

    assert room.parts.notice_desk.approve(again).expires_at == mended.expires_at


def test_what_was_handed_in_is_not_changed(room: Room) -> None:
    item = approved(room)

    with pytest.raises(ActRefused, match="only when it is sent back"):
        room.parts.notice_desk.edit(item, SERVICE)


def test_an_update_supersedes_and_a_cancel_ends_the_chain(room: Room) -> None:
    first = published(room)
    second = published(room, replace(SERVICE, updates=first.notice_id))

    board = {each.number: each for each in room.parts.notice_desk.board().notices}
    assert board["N-001"].state is NoticeState.SUPERSEDED
    assert board["N-001"].ended_why == "updated by N-002"
    assert board["N-002"].chain == (first.notice_id,)
    assert [each.number for each in room.parts.notice_desk.live()] == ["N-002"]

    with pytest.raises(ActRefused, match="Say why it is cancelled"):
        room.parts.notice_desk.cancel(second, " ", second.texts)
    gone = room.parts.notice_desk.cancel(second, "No sand is left", second.texts)

    assert (gone.state, gone.ended_why) == (NoticeState.CANCELLED, "No sand is left")
    assert room.parts.notice_desk.live() == ()


def test_an_order_is_updated_by_an_order_alone(room: Room) -> None:
    order = published(room, EVACUATION)

    with pytest.raises(ActRefused, match="An order is updated by an order"):
        room.parts.notice_desk.draft(replace(SERVICE, updates=order.notice_id))

    room.parts.notice_desk.draft(replace(EVACUATION, kind=NoticeKind.REENTRY, updates=order.notice_id))


def test_a_notice_ends_by_its_time_whoever_looks_and_once(room: Room, clock: Any) -> None:
    item = published(room)
    desk = room.parts.notice_desk
    assert not desk.expire()

    clock.set(item.expires_at)
    assert desk.live() == (), "over by its time, before anybody has marked it"
    assert desk.expire()
    assert not desk.expire()

    assert [each.state for each in desk.board().notices] == [NoticeState.EXPIRED]
    assert acts(room).count("expired") == 1


def test_undo_takes_back_what_nobody_has_stood_for(room: Room) -> None:
    desk = sits(room, "A. Author")
    desk.draft(SERVICE)
    item = desk.edit(desk.board().notices[0], replace(SERVICE, kind=NoticeKind.INFORMATION))
    desk.submit(item)

    assert room.desk.undo()[0] == "Undone: N-001 handed in."
    assert room.desk.undo()[0] == "Undone: N-001 written on."
    (item,) = desk.board().notices
    assert (item.state, item.kind) == (NoticeState.DRAFT, NoticeKind.SERVICE)
    room.desk.undo()
    assert desk.board().notices == ()

    desk.submit(desk.draft(SERVICE))
    sits(room, "B. Super").approve(desk.board().notices[0])
    sits(room, "A. Author")
    with pytest.raises(ActRefused, match="gone on with this notice"):
        room.desk.undo()


def test_s9_a_notice_sends_nobody_out_for_a_photo_while_response_is_suspended(room: Room) -> None:
    asks = (
        NoticeText("en", "Damage", "Only from where you are safe: send us photos of the damage."),
        NoticeText("es", "Daños", "Solo desde un lugar seguro."),
    )
    item = room.parts.notice_desk.draft(replace(SERVICE, texts=asks))
    room.desk.suspend("fire", LANDFALL, "wind", LANDFALL + HOUR_MS)

    with pytest.raises(ActRefused, match="Field response is suspended"):
        room.parts.notice_desk.submit(item)

    room.desk.resume_service("fire")
    assert room.parts.notice_desk.submit(item).state is NoticeState.SUBMITTED


def test_where_people_put_it_is_kept_with_who_and_when(room: Room) -> None:
    item = published(room)
    desk = sits(room, "D. Clerk")

    desk.put(item, "website", "en", "https://city.example/sand")
    desk.put(item, "radio", "es")

    placed = {(each.place, each.language): each for each in desk.board().places[item.notice_id]}
    assert placed["website", "en"].link == "https://city.example/sand"
    assert placed["radio", "es"].person == "D. Clerk" and placed["radio", "es"].at == LANDFALL
    with pytest.raises(ActRefused, match="before it is published"):
        desk.put(desk.draft(SERVICE), "radio", "en")


def test_s18_files_and_words_of_an_exercise_say_so(room: Room) -> None:
    item = published(room, EVACUATION)
    desk = room.parts.notice_desk

    paths = desk.write_files()

    assert {path.name for path in paths} >= {
        "EXERCISE_notices_en.rss",
        "EXERCISE_notices_es.atom",
        "EXERCISE_notices_en_read-aloud.txt",
        "EXERCISE_N-001.cap.xml",
    }
    assert all("EXERCISE" in path.read_text("utf-8") for path in paths)
    for place in ("website", "app", "social", "radio"):
        for language in ("en", "es"):
            assert desk.words_for(item, place, language).startswith("EXERCISE")
