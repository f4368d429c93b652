"""Versions of a snapshot: kept, reviewed, published and frozen, on one seat and on many."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed, SnapshotBroken, StoreUnusable
from dispatch.records import CloseReason, KeptVersion, Role, StormFacts, VersionState
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.differences import differences
from dispatch.snapshot.frozen import freeze
from dispatch.snapshot.making import make, version_of
from dispatch.snapshot.records import Snapshot
from dispatch.snapshot_desk import SnapshotDesk
from dispatch.store import log
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.conftest import LANDFALL
from tests.flow.test_command_line import dispatch
from tests.rooms import Room

TABLE = load_categories()
HOUR = 3_600_000
FROM_AT, TO_AT = LANDFALL - 48 * HOUR, LANDFALL + 48 * HOUR
PERIOD = Asked(FROM_AT, TO_AT)
LONGER = Asked(FROM_AT, TO_AT + HOUR)
OTHER_START = Asked(FROM_AT + HOUR, TO_AT + HOUR)


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    for said in ("Oak across both lanes", "Wire down, sparking", "Water inside the house", "A street sign"):
        city.add_report(said, address="5th Ave N & 9th St N")
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1", person="Ana")
    one.sync()
    two = Room(tmp_path / "two", city, clock, run, store_url=one.url, seat="Seat 2", person="Ben")
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def one(seats: tuple[Room, Room]) -> Room:
    return seats[0]


@pytest.fixture
def two(seats: tuple[Room, Room]) -> Room:
    return seats[1]


def counted(room: Room, asked: Asked = PERIOD) -> Snapshot:
    return make(room.store, asked, room.parts.jurisdiction, TABLE)


def keep(room: Room, asked: Asked = PERIOD, why: str = "") -> KeptVersion:
    """As another process has counted it."""
    before = {each.version_id for each in room.parts.snapshot_desk.versions()}
    changes = room.parts.snapshot_desk.keep(freeze(counted(room, asked)), asked, why)
    assert changes.others == {"snapshot"}
    (kept,) = (each for each in room.parts.snapshot_desk.versions() if each.version_id not in before)
    return kept


def publish(room: Room, asked: Asked = PERIOD, why: str = "") -> KeptVersion:
    kept = keep(room, asked, why)
    room.parts.snapshot_desk.review(kept.version_id)
    assert room.parts.snapshot_desk.publish(kept.version_id).others == {"snapshot"}
    return now(room, kept)


def now(room: Room, kept: KeptVersion) -> KeptVersion:
    return next(e for e in room.parts.snapshot_desk.versions() if e.version_id == kept.version_id)


def work(room: Room, at: int = 0) -> int:
    """The site that was closed."""
    query = "SELECT site_id FROM site WHERE state <> 3 ORDER BY band DESC, site_id"
    with room.store.reading() as connection:
        site_id = int(connection.execute(text(query)).scalars().all()[at])
    room.desk.close(site_id, CloseReason.NOT_OURS, note="county")
    return site_id


def as_role(room: Room, role: Role) -> SnapshotDesk:
    actor = replace(room.parts.actor, role=role)
    return SnapshotDesk(store=room.store, actor=lambda: actor, now=room.parts.clock.now)


# -- the way of one version ----------------------------------------------------------------------------------


def test_a_version_goes_from_hand_to_hand_and_says_who_did_what(one: Room, two: Room, clock: Any) -> None:
    kept = keep(one, why="first count")
    assert (kept.state, kept.number, kept.made.person) == (VersionState.WORKING, 0, "Ana")
    clock.advance(minutes=1)
    two.parts.snapshot_desk.review(kept.version_id)
    clock.advance(minutes=1)
    two.parts.snapshot_desk.publish(kept.version_id)

    [seen] = one.parts.snapshot_desk.versions()
    assert (seen.state, seen.number, seen.replaces) == (VersionState.PUBLISHED, 1, 0)
    assert [each.person for each in (seen.made, seen.reviewed, seen.published)] == ["Ana", "Ben", "Ben"]
    assert seen.published.at - seen.made.at == 120_000 and not seen.is_reviewed_by_maker
    edition = one.parts.snapshot_desk.snapshot(kept.version_id).edition
    assert edition is not None
    assert (edition.number, edition.replaces, edition.why) == (1, 0, "first count")
    assert (edition.made_by, edition.reviewed_by) == ("Ana, Operator", "Ben, Operator")
    assert (edition.published_at, edition.is_reviewed_by_maker) == (seen.published.at, False)


def test_what_was_reviewed_is_what_is_published_whatever_happens_meanwhile(one: Room) -> None:
    made = counted(one)
    kept = keep(one)
    one.parts.snapshot_desk.review(kept.version_id)
    work(one)
    one.parts.snapshot_desk.say_facts(StormFacts(contact="727-555-0100"))
    one.parts.snapshot_desk.publish(kept.version_id)
    work(one)

    found = one.parts.snapshot_desk.snapshot(kept.version_id)
    assert found.version == kept.digest == made.version != counted(one).version
    assert replace(found, edition=None) == made


def test_alone_one_may_review_ones_own_and_the_version_says_so(one: Room) -> None:
    done = publish(one)
    edition = one.parts.snapshot_desk.snapshot(done.version_id).edition
    assert edition is not None and done.is_reviewed_by_maker and edition.is_reviewed_by_maker


def test_only_what_is_reviewed_is_published_and_what_is_published_stays(one: Room) -> None:
    desk = one.parts.snapshot_desk
    kept = keep(one)
    with pytest.raises(ActRefused, match="have it reviewed first"):
        desk.publish(kept.version_id)
    desk.review(kept.version_id)
    with pytest.raises(ActRefused, match="reviewed already"):
        desk.review(kept.version_id)
    desk.publish(kept.version_id)
    for step in (desk.publish, desk.review, desk.discard):
        with pytest.raises(ActRefused, match="published"):
            step(kept.version_id)
    assert now(one, kept).state is VersionState.PUBLISHED


def test_what_is_discarded_stays_in_the_list_and_goes_no_further(one: Room) -> None:
    desk = one.parts.snapshot_desk
    working, reviewed = keep(one), keep(one, LONGER)
    desk.review(reviewed.version_id)
    for kept in (working, reviewed):
        desk.discard(kept.version_id)
        for step in (desk.review, desk.publish, desk.discard):
            with pytest.raises(ActRefused, match="discarded"):
                step(kept.version_id)
    assert {each.state for each in desk.versions()} == {VersionState.DISCARDED}
    assert publish(one).number == 1, "numbers are of published ones alone"


def test_a_second_working_copy_of_the_same_replaces_nothing(one: Room, two: Room) -> None:
    kept = keep(one)
    with pytest.raises(ActRefused, match="working copy of this period already"):
        keep(one)
    keep(one, LONGER)
    keep(two)
    one.parts.snapshot_desk.discard(kept.version_id)
    keep(one)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_file_of_one_seat_itself_refuses_to_change_what_is_published(one: Room) -> None:
    """A shared database keeps to this by its rights: tests/contract/test_rights.py."""
    done = publish(one)
    for attack in ("UPDATE snapshot_version SET content = 'x'", "DELETE FROM snapshot_version"):
        with pytest.raises(StoreUnusable, match="stays as it is"), one.store.loading() as connection:
            connection.execute(text(attack))
    assert one.parts.snapshot_desk.snapshot(done.version_id).version == done.digest


# -- which one it replaces -----------------------------------------------------------------------------------


def test_a_later_end_and_a_correction_replace_what_a_county_would_put_away(one: Room) -> None:
    assert [publish(one, asked).replaces for asked in (PERIOD, LONGER, PERIOD, LONGER)] == [0, 1, 1, 2]
    assert publish(one, Asked(FROM_AT, TO_AT + 2 * HOUR)).replaces == 4
    assert publish(one, OTHER_START).replaces == 0
    assert publish(one, replace(PERIOD, wanted=Wanted(only_storm=True))).replaces == 0
    assert publish(one, replace(PERIOD, wanted=Wanted(area="Childs Park"))).replaces == 0
    assert publish(one).replaces == 3
    assert one.parts.snapshot_desk.versions()[0].number == 9


def test_a_version_carries_what_changed_since_the_one_it_replaces(one: Room) -> None:
    first = publish(one)
    work(one)
    second = publish(one, why="a site closed")
    desk = one.parts.snapshot_desk

    found, old = desk.snapshot(second.version_id), desk.snapshot(first.version_id)
    assert found.edition is not None and (found.edition.number, found.edition.replaces) == (2, 1)
    assert found.changes == differences(found, old) and len(found.changes)
    assert ("site", "changed", "state", "closed") in {(r[0], r[2], r[3], r[5]) for r in found.changes.values}
    assert any(said.startswith("Since version 1: 1 site worked on") for said in found.remarks)
    for number in found.all_numbers:
        if number.of == "changes":
            assert found.changes.count(number.where) == number.value
    assert len(old.changes) == 0


def test_a_working_copy_and_a_live_count_say_what_changed_before_anybody_publishes(one: Room) -> None:
    publish(one)
    work(one)
    desk = one.parts.snapshot_desk
    live = desk.compared(counted(one), PERIOD)
    kept = keep(one)
    assert len(live.changes) and desk.snapshot(kept.version_id) == live
    assert len(desk.compared(counted(one, OTHER_START), OTHER_START).changes) == 0


def test_a_copy_kept_with_its_differences_is_compared_anew_when_it_is_published(one: Room) -> None:
    desk = one.parts.snapshot_desk
    publish(one)
    work(one)
    compared = desk.compared(counted(one), PERIOD)
    desk.keep(freeze(compared), PERIOD)
    kept = desk.versions()[0]
    publish(one, LONGER)
    desk.review(kept.version_id)
    desk.publish(kept.version_id)
    found = desk.snapshot(kept.version_id)
    assert now(one, kept).replaces == 1 and found.changes == compared.changes
    assert len([said for said in found.remarks if said.startswith("Since version")]) == 1


# -- what is kept must be what was asked for -----------------------------------------------------------------


def test_what_is_not_whole_or_not_what_was_asked_for_is_not_kept(one: Room) -> None:
    desk, made = one.parts.snapshot_desk, counted(one)
    wrong = replace(made.numbers[0], value=made.numbers[0].value + 1)
    for content, asked, sentence in (
        (b"", PERIOD, "another version of Landfall"),
        (freeze(made)[:-20], PERIOD, "damaged"),
        (freeze(made), LONGER, "another period or filter"),
        (freeze(made), replace(PERIOD, wanted=Wanted(only_storm=True)), "another period or filter"),
        (freeze(replace(made, numbers=(wrong, *made.numbers[1:]))), PERIOD, "not that of its rows"),
        (
            freeze(replace(made, sites=replace(made.sites, values=made.sites.values[1:]))),
            PERIOD,
            "changed after",
        ),
    ):
        with pytest.raises(SnapshotBroken, match=sentence):
            desk.keep(content, asked)
    other = replace(made, head=replace(made.head, storm="Another"))
    with pytest.raises(SnapshotBroken, match="another storm"):
        desk.keep(freeze(replace(other, version=version_of(other))), PERIOD)
    with pytest.raises(ActRefused, match="200 signs"):
        desk.keep(freeze(made), PERIOD, "x" * 201)
    done = publish(one)
    with pytest.raises(SnapshotBroken, match="published already"):
        desk.keep(freeze(desk.snapshot(done.version_id)), PERIOD)
    assert len(desk.versions()) == 1


# -- rights, log ---------------------------------------------------------------------------------------------


def test_whoever_works_on_sites_keeps_one_and_who_leads_stands_for_it(one: Room) -> None:
    operator, supervisor = as_role(one, Role.OPERATOR), as_role(one, Role.SUPERVISOR)
    manager, viewer = as_role(one, Role.MANAGER), as_role(one, Role.VIEWER)
    content = freeze(counted(one))
    with pytest.raises(NotAllowed):
        viewer.keep(content, PERIOD)
    operator.keep(content, PERIOD)
    (kept,) = operator.versions()
    for step in (operator.review, operator.publish):
        with pytest.raises(NotAllowed, match="supervisor or the emergency manager"):
            step(kept.version_id)
    supervisor.review(kept.version_id)
    with pytest.raises(NotAllowed, match="discard a reviewed snapshot"):
        operator.discard(kept.version_id)
    manager.publish(kept.version_id)
    assert operator.versions()[0].state is VersionState.PUBLISHED


def test_the_log_has_a_line_for_each_step_with_the_digest_and_no_words(one: Room) -> None:
    first = publish(one, why="Maria on Elm St")
    kept = keep(one, LONGER)
    one.parts.snapshot_desk.discard(kept.version_id)
    with one.store.reading() as connection:
        assert log.verify(connection).is_intact
        query = (
            "SELECT act, text, subject, detail FROM activity_log WHERE act LIKE 'snapshot_%' ORDER BY number"
        )
        rows = connection.execute(text(query)).all()
    assert [row.act for row in rows] == [
        *("snapshot_kept", "snapshot_reviewed", "snapshot_published", "snapshot_kept", "snapshot_discarded"),
    ]
    assert all(first.digest in row.detail and row.subject == first.version_id for row in rows[:3])
    assert rows[2].text == "snapshot version 1 published"
    assert not [row for row in rows if "Elm" in str(row)]


# -- many seats ----------------------------------------------------------------------------------------------


def test_two_seats_that_publish_at_once_leave_no_gap_and_no_double(one: Room, two: Room) -> None:
    asks = [Asked(FROM_AT, TO_AT + at * HOUR) for at in range(3)]
    for room in (one, two):
        for asked in asks:
            room.parts.snapshot_desk.review(keep(room, asked).version_id)
    together = Barrier(2)

    def publish_own(room: Room) -> None:
        mine = [
            each
            for each in room.parts.snapshot_desk.versions()
            if each.made.person == room.parts.actor.person
        ]
        together.wait()
        for each in mine:
            room.parts.snapshot_desk.publish(each.version_id)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish_own, (one, two)))

    done = one.parts.snapshot_desk.versions()
    assert sorted(each.number for each in done) == [1, 2, 3, 4, 5, 6]
    for each in done:
        edition = two.parts.snapshot_desk.snapshot(each.version_id).edition
        assert edition is not None
        assert (edition.number, edition.replaces) == (each.number, each.replaces)
        before = [e for e in done if e.number < each.number and e.to_at <= each.to_at]
        best = max(before, key=lambda e: (e.to_at, e.number), default=None)
        assert each.replaces == (best.number if best else 0)


def test_two_who_publish_the_same_one_publish_it_once(one: Room, two: Room) -> None:
    kept = keep(one)
    one.parts.snapshot_desk.review(kept.version_id)
    together = Barrier(2)

    def publish_it(room: Room) -> str:
        together.wait()
        try:
            room.parts.snapshot_desk.publish(kept.version_id)
        except ActRefused as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(publish_it, (one, two)))
    assert said == ["It is published already.", "done"]
    assert [each.number for each in one.parts.snapshot_desk.versions()] == [1]


# -- on paper ------------------------------------------------------------------------------------------------


def test_a_published_version_is_written_byte_for_byte_each_time_whatever_the_store_says_since(
    one: Room, tmp_path: Path
) -> None:
    publish(one)
    work(one)
    publish(one)
    answers = []
    for name in ("before", "after"):
        words = ("--store", one.url, "--version-number", "2", "--out", str(tmp_path / name))
        code, answer, said = dispatch("snapshot", *words)
        assert code == 0, said
        answers.append(answer)
        work(one)
        one.parts.snapshot_desk.say_facts(StormFacts(contact=name))
        publish(one)
    assert answers[0] == answers[1] and answers[0]["number"] == 2
    files = {path.name: path.read_bytes() for path in (tmp_path / "before").iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "after").iterdir()}
    assert {"EXERCISE_changes.csv", "EXERCISE_snapshot.pdf", "EXERCISE_manifest.json"} <= set(files)
    manifest = json.loads(files["EXERCISE_manifest.json"])
    assert (manifest["edition"]["number"], manifest["edition"]["replaces"]) == (2, 1)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        (("--version-number", "1"), 1, "none is published yet"),
        (("--version-number", "0"), 2, "0 is not in the range"),
        (("--version-number", "1", "--area", "Childs Park"), 2, "leave out all but --out"),
        ((), 2, "--version-number"),
    ],
)
def test_a_version_that_is_not_there_ends_in_a_sentence(
    one: Room, tmp_path: Path, more: tuple[str, ...], code: int, sentence: str
) -> None:
    keep(one)
    found, _, said = dispatch("snapshot", "--store", one.url, "--out", str(tmp_path / "out"), *more)
    assert (found, sentence in said, "Traceback" in said) == (code, True, False), said
    assert not (tmp_path / "out").exists()
