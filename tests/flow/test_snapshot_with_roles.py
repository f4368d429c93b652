"""A snapshot goes from hand to hand where people sign in: each at their own login of a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import StormFacts, VersionState
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.frozen import freeze
from dispatch.snapshot.making import make
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.conftest import LANDFALL
from tests.flow.test_room_with_roles import Seats, seat, seats  # noqa: F401  a fixture

DAY = 86_400_000
PERIOD = Asked(LANDFALL - DAY, LANDFALL + DAY)
SAID = StormFacts(contact="Maria, 727-555-0142", disaster_number="DR-4337")


def counted(parts: Any) -> bytes:
    return freeze(make(parts.store, PERIOD, parts.jurisdiction, load_categories()))


def test_an_operator_keeps_a_supervisor_reviews_and_the_manager_publishes(
    seats: Seats,  # noqa: F811
    city: City,
    tmp_path: Path,
    clock: Any,
) -> None:
    syncer = seats.open("syncer")
    city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    syncer.sync()
    logins = ("ana", "sam", "emma", "wall", "adam")
    ana, sam, emma, wall, adam = (seat(seats, each, tmp_path / f"s-{each}", clock) for each in logins)
    with pytest.raises(NotAllowed, match="may say what heads a snapshot"):
        ana.snapshot_desk.say_facts(SAID)
    with pytest.raises(NotAllowed):
        wall.snapshot_desk.say_facts(SAID)
    emma.snapshot_desk.say_facts(SAID)
    for other in (wall, adam, syncer.parts):
        with pytest.raises(NotAllowed):
            other.snapshot_desk.keep(counted(ana), PERIOD)
    ana.snapshot_desk.keep(counted(ana), PERIOD)
    [kept] = ana.snapshot_desk.versions()
    for step in (ana.snapshot_desk.review, ana.snapshot_desk.publish):
        with pytest.raises(NotAllowed):
            step(kept.version_id)
    sam.snapshot_desk.review(kept.version_id)
    assert wall.snapshot_desk.versions() == ()
    emma.snapshot_desk.publish(kept.version_id)

    [done] = ana.snapshot_desk.versions()
    assert (done.number, done.state) == (1, VersionState.PUBLISHED)
    assert [each.person for each in (done.made, done.reviewed, done.published)] == [
        *("Ana Diaz", "Sam Supervisor", emma.actor.person),
    ]
    found = ana.snapshot_desk.snapshot(kept.version_id)
    assert found.head.contact == SAID.contact and found.edition is not None
    for masked in (wall, adam):
        [seen] = masked.snapshot_desk.versions()
        assert (seen.number, seen.reports, seen.digest) == (1, 1, done.digest)
        assert seen.made.person == seen.why == masked.snapshot_desk.facts().contact == ""
        assert masked.snapshot_desk.facts().disaster_number == "DR-4337"
        with pytest.raises(ActRefused, match="not shown to this login"):
            masked.snapshot_desk.snapshot(kept.version_id)
    for parts in (ana, sam, emma, wall, adam):
        parts.close()


def test_what_is_published_the_database_itself_lets_nobody_change(
    seats: Seats,  # noqa: F811
    tmp_path: Path,
    clock: Any,
) -> None:
    sam, ana = (seat(seats, each, tmp_path / f"s-{each}", clock) for each in ("sam", "ana"))
    for _ in range(2):
        sam.snapshot_desk.keep(counted(sam), PERIOD)
        kept = sam.snapshot_desk.versions()[0]
        sam.snapshot_desk.review(kept.version_id)
        sam.snapshot_desk.publish(kept.version_id)
    assert [each.number for each in ana.snapshot_desk.versions()] == [2, 1]

    for parts in (ana, sam):
        with parts.store.transaction(parts.actor) as tx:
            done = tx.connection.execute(text("UPDATE snapshot_version SET state = 'discarded'"))
        assert done.rowcount == 0
    assert len(ana.snapshot_desk.snapshot(kept.version_id).files) == 5
    for parts in (ana, sam):
        parts.close()
