"""Rules run, crash, are switched and edited in any order: nobody hears from one twice, or twice in a day."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest

from dispatch.errors import ActRefused, LandfallError
from dispatch.records import RuleKind, RuleSettings
from dispatch.residents.rules import DAY_MS
from dispatch.sync.rules import Rules
from tests.approved import approve
from tests.city import City
from tests.rooms import ON_SQLITE, Room

STEPS = 60
PEOPLE = 6


@ON_SQLITE
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_each_rule_writes_once_and_each_person_hears_once_a_day(
    room: Room, city: City, clock: Any, seed: int
) -> None:
    approve(room)
    chance = random.Random(seed)
    work, desk = room.work, room.parts.rule_desk

    def report() -> None:
        who = f"resident {chance.randrange(PEOPLE)}"
        place = {} if chance.random() < 0.5 else {"lat": None, "lng": None}
        city.add_report("A branch", category="vegetative_debris", reporter=who, **place)

    def switch() -> None:
        kind = chance.choice(list(RuleKind))
        try:
            if chance.random() < 0.3:
                desk.turn_off(kind)
            else:
                desk.turn_on(kind, RuleSettings(wait_min=2, back_h=chance.choice((0, 48)), days=3))
        except ActRefused:
            pass  # off already

    def crash() -> None:
        """Whatever stood in memory is gone; the next message's answer may be lost on its way."""
        fresh = Rules(store=room.store, desk=desk, actor=work._rules._actor)
        work._rules, work._push._withdraw = fresh, fresh.withdraw
        city.fail_next(chance.choice(("reset", "lose-answer-after-doing-it")))

    def carry() -> None:
        with suppress(LandfallError):  # it is tried again
            room.sync()

    acts = [report, switch, crash, carry, carry, lambda: work._rules.step()]
    for _ in range(STEPS):
        chance.choice(acts)()
        clock.advance(minutes=chance.choice((1, 30, 300)))
    # A try of unknown outcome waits for its next one by the wall's clock: what counts is nothing twice.

    texts = Counter(
        (str(each["id"]), line["text"])
        for each in city.truth()["requests"]
        for line in each["messages"]
        if "911" in line["text"] and "still needed" not in line["text"]
    )
    assert set(texts.values()) <= {1}
    assert sum(texts.values()) > 0, "something was said at all"
    with room.store.reading() as connection:
        sent = connection.exec_driver_sql("SELECT reporter_id, at FROM rule_sent ORDER BY at").all()
    for who in {row[0] for row in sent}:
        times = [row[1] for row in sent if row[0] == who]
        assert all(later - first >= DAY_MS for first, later in pairwise(times))
