"""Rules that write to residents: off by themselves, tried before they are on, never twice or into danger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import Band, Expectation, Flag, RuleKind, RuleSettings, SweepArea, SweepDraft
from dispatch.residents import rules
from dispatch.residents.rules import DEFAULTS
from dispatch.residents.told import NOT_911
from dispatch.store import expected, log, outbox, sites
from dispatch.store import rules as stored
from dispatch.sync.push import wall_now
from tests.approved import approve
from tests.city import HERE, City
from tests.rooms import ON_SQLITE, Room

GOT_IT, STILL, PLACE, PHOTO = (
    RuleKind.GOT_IT, RuleKind.STILL_NEEDED, RuleKind.BETTER_PLACE, RuleKind.BETTER_PHOTO,
)  # fmt: skip
TREE = "A big branch lies in the yard"


def on(room: Room, kind: RuleKind, **settings: Any) -> None:
    room.parts.rule_desk.turn_on(kind, _settings(kind, **settings))


def _settings(kind: RuleKind, **changes: Any) -> RuleSettings:
    return RuleSettings(**{name: getattr(DEFAULTS[kind], name) for name in RuleSettings.__slots__} | changes)


def later(room: Room, city: City, clock: Any, *, minutes: float = 10) -> None:
    """Time goes by for us. The server's stands still: it acknowledges every report within a minute, and
    then nobody hears from our acknowledgement."""
    clock.advance(minutes=minutes)
    room.sync()


def later_there_too(room: Room, city: City, clock: Any, *, minutes: float = 10) -> None:
    city.clock(forward_s=60 * minutes)
    later(room, city, clock, minutes=minutes)


def report(city: City, text: str = TREE, **more: Any) -> str:
    return city.add_report(text, **{"category": "vegetative_debris", "reporter": "resident 1", **more})


def ours(city: City, request_id: str) -> list[str]:
    return [text for text in city.messages(request_id) if "911" in text]


def said_by(room: Room, kind: RuleKind) -> int:
    return room.parts.rule_desk.counts()[kind].sent


@pytest.fixture
def approved(room: Room) -> Room:
    approve(room)
    return room


# -- off, on, dry run ---------------------------------------------------------------------------------------


@ON_SQLITE
def test_every_rule_is_off_until_somebody_switches_it_on(approved: Room, city: City, clock: Any) -> None:
    request_id = report(city)
    later(approved, city, clock)

    assert [rule.is_on for rule in approved.parts.rule_desk.rules()] == [False] * len(RuleKind)
    assert ours(city, request_id) == []


def test_an_acknowledgement_goes_out_once_and_is_logged_by_who_switched_it_on(
    approved: Room, city: City, clock: Any
) -> None:
    on(approved, GOT_IT)
    request_id = report(city)
    later(approved, city, clock)
    later(approved, city, clock, minutes=60)
    later(approved, city, clock, minutes=60 * 30)

    [said] = ours(city, request_id)
    assert said.startswith("EXERCISE. Thank you, your report has arrived") and NOT_911 in said
    site_id = approved.site(request_id)
    with approved.store.reading() as connection:
        [line] = [each for each in log.of_site(connection, site_id) if each.act == "rule_message"]
        assert sites.row(connection, site_id).acted_at == 0, "S4: nobody has looked at it"
    assert line.person == "A. Operator"
    assert said_by(approved, GOT_IT) == 1


@ON_SQLITE
def test_a_dry_run_says_what_then_happens_and_writes_nothing(approved: Room, city: City, clock: Any) -> None:
    ids = [report(city, reporter=f"resident {n}") for n in range(3)]
    danger = city.add_report("Power line down and sparking, people near it", reporter="resident 9")
    later(approved, city, clock)
    settings = _settings(GOT_IT, back_h=1)

    now = approved.parts.rule_desk.dry_run(GOT_IT, settings)
    day = approved.parts.rule_desk.last_day(GOT_IT, settings)
    assert ours(city, ids[0]) == [] and said_by(approved, GOT_IT) == 0
    approved.parts.rule_desk.turn_on(GOT_IT, settings)
    approved.sync()

    assert sorted(each.request_id for each in now.messages) == ids
    assert now.messages == day.messages
    assert now.left_out == {rules.IS_P1: (approved.site(danger),)}
    assert {each: ours(city, each) for each in ids} == {each.request_id: [each.text] for each in now.messages}
    assert ours(city, danger) == []


@ON_SQLITE
def test_switched_on_it_leaves_older_reports_alone_unless_told_how_far_back(
    approved: Room, city: City, clock: Any
) -> None:
    older = report(city, reporter="resident 1")
    later_there_too(approved, city, clock, minutes=60)
    on(approved, PHOTO, back_h=0)
    newer = report(city, reporter="resident 2")
    later_there_too(approved, city, clock, minutes=30)

    assert (ours(city, older), len(ours(city, newer))) == ([], 1)


@ON_SQLITE
def test_settings_that_make_no_sense_are_refused_in_a_sentence(approved: Room) -> None:
    with pytest.raises(ActRefused, match="1 to 60 days"):
        on(approved, STILL, days=0)
    with pytest.raises(ActRefused, match="off already"):
        approved.parts.rule_desk.turn_off(GOT_IT)


# -- S8 -----------------------------------------------------------------------------------------------------


@ON_SQLITE
def test_s8_no_acknowledgement_where_the_server_gave_its_own(approved: Room, city: City, clock: Any) -> None:
    on(approved, GOT_IT)
    request_id = report(city)
    later_there_too(approved, city, clock)

    assert ours(city, request_id) == []


@ON_SQLITE
def test_s8_the_servers_own_acknowledgement_that_came_in_the_last_moment_is_seen(
    approved: Room, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    on(approved, GOT_IT)
    request_id = report(city)
    approved.sync()
    clock.advance(minutes=10)
    approved.work._rules.step()  # it is on its way; nobody has asked the server since
    city.elsewhere(request_id, "acknowledge", "Thank you for your report.")

    run(approved.work._push.once())

    assert ours(city, request_id) == []
    assert approved.parts.rule_desk.counts()[GOT_IT].withdrawn == 1


@ON_SQLITE
@pytest.mark.parametrize("kind", RuleKind)
def test_s8_no_rule_writes_to_a_restricted_site_or_a_p1(
    approved: Room, city: City, clock: Any, kind: RuleKind
) -> None:
    restricted, p1 = report(city, lat=None, lng=None), report(city, lat=None, lng=None, reporter="resident 2")
    approved.sync()
    with approved.store.transaction(approved.parts.actor) as tx:
        sites.set_flags(tx, approved.site(restricted), add=Flag.RESTRICTED)
    approved.desk.set_band(approved.site(p1), Band.P1)
    on(approved, kind, back_h=24, days=1)
    later(approved, city, clock, minutes=30)
    later(approved, city, clock, minutes=25 * 60)

    assert (ours(city, restricted), ours(city, p1)) == ([], [])


@ON_SQLITE
def test_s8_only_words_that_the_city_approved_in_the_language_else_in_english(
    room: Room, city: City, clock: Any
) -> None:
    spanish = "Un árbol grande está en la calle y no podemos pasar con el carro"
    approve(room, ["en"])
    on(room, GOT_IT)
    first = report(city, spanish, reporter="resident 1")
    later(room, city, clock)
    approve(room)
    second = report(city, spanish, reporter="resident 2")
    later(room, city, clock)
    approve(room, [])
    third = report(city, spanish, reporter="resident 3")
    later(room, city, clock)

    assert [len(ours(city, each)) for each in (first, second, third)] == [1, 1, 0]
    assert "Thank you" in ours(city, first)[0] and "Gracias" in ours(city, second)[0]
    assert "911" in ours(city, second)[0]
    left_out = room.parts.rule_desk.dry_run(GOT_IT, _settings(GOT_IT, back_h=1)).left_out
    assert left_out[rules.NO_WORDS] == (room.site(third),)


@ON_SQLITE
def test_s8_a_resident_hears_from_the_rules_once_a_day(approved: Room, city: City, clock: Any) -> None:
    on(approved, GOT_IT)
    first, second = report(city), report(city, "Another branch, on the walk")
    later(approved, city, clock)
    on(approved, PHOTO)
    later(approved, city, clock, minutes=60)

    assert sum(len(ours(city, each)) for each in (first, second)) == 1


@ON_SQLITE
def test_s8_switching_it_off_stops_what_has_not_left(approved: Room, city: City, clock: Any) -> None:
    on(approved, GOT_IT)
    request_id = report(city)
    approved.sync()
    clock.advance(minutes=10)
    approved.work._rules.step()

    approved.parts.rule_desk.turn_off(GOT_IT)
    approved.sync()

    assert ours(city, request_id) == []


# -- S9 -----------------------------------------------------------------------------------------------------


@ON_SQLITE
@pytest.mark.parametrize(("kind", "asks"), [(PLACE, "the place more closely"), (PHOTO, "a photo")])
def test_s9_it_is_asked_from_where_they_are_safe(
    approved: Room, city: City, clock: Any, kind: RuleKind, asks: str
) -> None:
    on(approved, kind)
    request_id = report(city, lat=None, lng=None)
    later_there_too(approved, city, clock, minutes=30)

    [said] = ours(city, request_id)
    assert said.startswith("EXERCISE. Only from where you are safe") and asks in said and NOT_911 in said


@ON_SQLITE
@pytest.mark.parametrize("kind", [PLACE, PHOTO])
@pytest.mark.parametrize(
    ("category", "text"),
    [
        ("power_line_down", "A line hangs over the sidewalk"),
        ("gas_leak", "It smells here"),
        ("street_flooding", "Water over the road"),
        ("vegetative_debris", "A tree pulled the power line down"),
    ],
)
def test_s9_nobody_is_asked_near_wire_gas_fire_or_water(
    approved: Room, city: City, clock: Any, kind: RuleKind, category: str, text: str
) -> None:
    on(approved, kind)
    request_id = city.add_report(text, category=category, reporter="resident 1", lat=None, lng=None)
    later_there_too(approved, city, clock, minutes=30)

    assert ours(city, request_id) == []


@ON_SQLITE
@pytest.mark.parametrize("kind", [PLACE, PHOTO, STILL])
def test_s9_nothing_is_asked_while_response_is_suspended_not_even_what_was_on_its_way(
    approved: Room, city: City, clock: Any, run: Callable[..., Any], kind: RuleKind
) -> None:
    request_id = report(city, lat=None, lng=None)
    approved.sync()
    clock.advance(hours=25)
    on(approved, kind, back_h=48, days=1)
    approved.work._rules.step()
    assert approved.parts.rule_desk.counts()[kind].waiting == 1

    approved.desk.suspend("fire", 0, "wind", 0)
    run(approved.work._push.once())
    later_there_too(approved, city, clock, minutes=60)

    assert ours(city, request_id) == []
    assert approved.parts.rule_desk.counts()[kind].withdrawn == 1


@ON_SQLITE
def test_s9_still_needed_counts_answers_and_closes_nothing(approved: Room, city: City, clock: Any) -> None:
    said = {
        "No longer needed, neighbors cleared it": "gone",
        "Ya lo quitaron, gracias": "gone",
        "Yes, it is still there": "still",
        "Who is this?": "unclear",
        "": "unknown",
    }
    ids = {report(city, f"Branch {n}", reporter=f"resident {n}"): text for n, text in enumerate(said)}
    later_there_too(approved, city, clock, minutes=60)
    on(approved, STILL, days=3)
    later_there_too(approved, city, clock, minutes=4 * 24 * 60)
    for request_id, text in ids.items():
        assert len(ours(city, request_id)) == 1
        if text:
            city.elsewhere(request_id, "comment", text)
    later_there_too(approved, city, clock, minutes=60)
    later_there_too(approved, city, clock, minutes=60)

    answers = approved.parts.rule_desk.counts()[STILL].answers
    expected: dict[str, set[int]] = {}
    for request_id, text in ids.items():
        expected.setdefault(said[text], set()).add(approved.site(request_id))
    assert {answer: set(found) for answer, found in answers.items()} == expected
    with approved.store.reading() as connection:
        assert all(sites.row(connection, approved.site(each)).closed_at is None for each in ids)
    assert not any(city.status(each) == "Closed" for each in ids)


@ON_SQLITE
def test_still_needed_is_asked_again_only_after_the_days(approved: Room, city: City, clock: Any) -> None:
    request_id = report(city)
    approved.sync()
    on(approved, STILL, days=3)
    days = []
    for _ in range(8):
        later_there_too(approved, city, clock, minutes=24 * 60)
        days.append(len(ours(city, request_id)))

    assert days == [0, 0, 1, 1, 1, 2, 2, 2]


# -- what a resident would mind -----------------------------------------------------------------------------


def told_until(room: Room, request_id: str, days: int) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        said = Expectation(low_days=2, high_days=days)
        expected.record_told(tx, [room.site(request_id)], said, [""])


@ON_SQLITE
def test_still_needed_waits_for_the_end_of_the_time_that_was_told(
    approved: Room, city: City, clock: Any
) -> None:
    waits, asked = report(city), report(city, "Another one", reporter="resident 2")
    approved.sync()
    told_until(approved, waits, 5)
    on(approved, STILL, days=3)
    later_there_too(approved, city, clock, minutes=4 * 24 * 60)

    assert (len(ours(city, waits)), len(ours(city, asked))) == (0, 1)
    assert list(approved.parts.rule_desk.dry_run(STILL, _settings(STILL, days=3)).left_out) == [rules.TOLD]
    later_there_too(approved, city, clock, minutes=25 * 60)
    assert len(ours(city, waits)) == 1


@ON_SQLITE
def test_still_needed_counts_its_days_from_the_last_word(approved: Room, city: City, clock: Any) -> None:
    answered, wrote, silent = (report(city, f"Branch {n}", reporter=f"resident {n}") for n in range(3))
    approved.sync()
    on(approved, STILL, days=3)
    later_there_too(approved, city, clock, minutes=2 * 24 * 60)
    approved.desk.message(approved.site(answered), "A crew has looked at it. This is not 911.")
    city.elsewhere(wrote, "comment", "It has grown: now two branches")
    later_there_too(approved, city, clock, minutes=30 * 60)

    asked = [
        [each for each in ours(city, key) if "still needed" in each] for key in (answered, wrote, silent)
    ]
    assert [len(each) for each in asked] == [0, 0, 1]
    left_out = approved.parts.rule_desk.dry_run(STILL, _settings(STILL, days=3)).left_out
    assert set(left_out) == {rules.SPOKEN, rules.WROTE}


@ON_SQLITE
def test_still_needed_is_not_asked_again_of_who_said_that_it_is_gone(
    approved: Room, city: City, clock: Any
) -> None:
    request_id = report(city)
    approved.sync()
    on(approved, STILL, days=2)
    later_there_too(approved, city, clock, minutes=2 * 24 * 60 + 10)
    city.elsewhere(request_id, "comment", "No longer needed, thank you")
    for _ in range(6):
        later_there_too(approved, city, clock, minutes=24 * 60)

    assert len(ours(city, request_id)) == 1


@ON_SQLITE
def test_still_needed_waits_until_a_person_has_answered_what_they_wrote(
    approved: Room, city: City, clock: Any
) -> None:
    request_id = report(city)
    approved.sync()
    on(approved, STILL, days=2)
    later_there_too(approved, city, clock, minutes=2 * 24 * 60 + 10)
    city.elsewhere(request_id, "comment", "Yes, it is still there")
    for _ in range(5):
        later_there_too(approved, city, clock, minutes=24 * 60)
    assert len(ours(city, request_id)) == 1

    approved.desk.message(approved.site(request_id), "Thank you, it stays on the list. This is not 911.")
    for _ in range(3):
        later_there_too(approved, city, clock, minutes=24 * 60)
    assert len(ours(city, request_id)) == 3


@ON_SQLITE
def test_still_needed_is_asked_twice_of_who_says_nothing(approved: Room, city: City, clock: Any) -> None:
    request_id = report(city)
    approved.sync()
    on(approved, STILL, days=1)
    for _ in range(5):
        later_there_too(approved, city, clock, minutes=24 * 60)

    assert len(ours(city, request_id)) == 2
    assert list(approved.parts.rule_desk.dry_run(STILL, _settings(STILL, days=1)).left_out) == [rules.SILENT]


@ON_SQLITE
def test_s9_nobody_is_asked_for_a_photo_of_a_hazard(approved: Room, city: City, clock: Any) -> None:
    request_id = report(city)
    approved.sync()
    approved.desk.set_band(approved.site(request_id), Band.P2)
    on(approved, PHOTO)
    later_there_too(approved, city, clock, minutes=30)

    assert ours(city, request_id) == []


@ON_SQLITE
@pytest.mark.parametrize(
    ("category", "text"),
    [
        ("power_outage", "No power in our street"),
        ("tree_private", "A tree lies in my back yard"),
        ("vegetative_debris", "A branch hangs in the power line"),
    ],
)
def test_still_needed_is_not_asked_of_what_a_utility_or_an_owner_does(
    approved: Room, city: City, clock: Any, category: str, text: str
) -> None:
    request_id = report(city, text, category=category)
    approved.sync()
    on(approved, STILL, days=2)
    later_there_too(approved, city, clock, minutes=3 * 24 * 60)

    assert ours(city, request_id) == []


@ON_SQLITE
def test_nothing_more_is_asked_where_a_sweep_goes_through(approved: Room, city: City, clock: Any) -> None:
    request_id = report(city)
    approved.sync()
    lat, lng = HERE
    ring = tuple((lng + x, lat + y) for x, y in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, -0.01)))
    start = clock.now() + 60_000
    approved.parts.sweep_desk.plan(
        SweepDraft(
            area=SweepArea("6th St S", rings=(ring,)),
            categories=("vegetative_debris",),
            crew="Crew 4",
            from_at=start,
            until_at=start + 10 * 24 * 3_600_000,
            who="L. Ortiz",
        )
    )
    for kind in (PHOTO, STILL):
        on(approved, kind, days=2, back_h=24)
    later_there_too(approved, city, clock, minutes=30)
    later_there_too(approved, city, clock, minutes=3 * 24 * 60)

    assert ours(city, request_id) == []
    assert list(approved.parts.rule_desk.dry_run(STILL, _settings(STILL, days=2)).left_out) == [
        rules.IN_SWEEP
    ]


@ON_SQLITE
def test_nobody_is_thanked_the_day_after_for_a_report_of_the_day_before(
    approved: Room, city: City, clock: Any
) -> None:
    on(approved, GOT_IT)
    first = report(city)
    later(approved, city, clock, minutes=60)
    second = report(city, "Another branch, on the walk")
    for _ in range(26):
        later(approved, city, clock, minutes=60)

    assert (len(ours(city, first)), len(ours(city, second))) == (1, 0)


# -- who goes first -----------------------------------------------------------------------------------------


@ON_SQLITE
def test_what_a_person_writes_waits_for_no_acknowledgement(
    approved: Room, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    ids = [report(city, f"Branch {n}", reporter=f"resident {n}") for n in range(12)]
    approved.sync()
    on(approved, GOT_IT, back_h=1)
    clock.advance(minutes=10)
    approved.work._rules.step()
    left: list[str] = []
    post = approved.work._line.server.post

    def watch(outgoing: Any) -> Any:
        if not left:  # in the middle of a round a person writes to the last one, which has one of the rule's
            approved.desk.message(approved.site(ids[-1]), "A person writes. This is not 911.")
        left.append(f"{outgoing.request_id} {outgoing.text[:8]}")
        return post(outgoing)

    approved.work._line.server.post = watch
    while run(approved.work._push.once()):
        pass

    place = left.index(f"{ids[-1]} A person")
    assert place <= 2, "behind the one that was leaving, and what stood before it at its own report"
    assert len([each for each in left if "EXERCISE" in each]) >= 11


def test_lanes_a_row_that_a_person_waits_behind_goes_with_them(room: Room, city: City) -> None:
    first, second = (report(city, f"Branch {n}", reporter=f"resident {n}") for n in range(2))
    room.sync()
    keys = [room.site(first), room.site(second)]
    with room.store.transaction(room.parts.actor) as tx:
        for key in keys:
            outbox.put(tx, outbox.OutboxKind.MESSAGE, [key], "rule", due_at=1, lane=outbox.BY_RULE)
        outbox.put(tx, outbox.OutboxKind.MESSAGE, [keys[1]], "person", due_at=2)

    with room.store.reading() as connection:
        assert [item.request_key for item in outbox.due(connection, wall_now())] == [keys[1], keys[0]]
        assert not outbox.is_due_before(connection, outbox.BY_RULE, wall_now()), "it cannot go yet"


def test_one_process_runs_the_rules_and_a_second_one_sends_nothing_again(
    approved: Room, city: City, clock: Any
) -> None:
    """Whoever takes the syncing over goes on where the store says."""
    on(approved, GOT_IT)
    ids = [report(city, f"Branch {n}", reporter=f"resident {n}") for n in range(4)]
    approved.sync()
    clock.advance(minutes=10)
    rules_at_work = approved.work._rules
    rules_at_work.step()
    again = type(rules_at_work)(
        store=approved.store, desk=approved.parts.rule_desk, actor=rules_at_work._actor
    )
    for _ in range(3):
        again.step()
    approved.sync()

    assert [len(ours(city, each)) for each in ids] == [1, 1, 1, 1]
    with approved.store.reading() as connection, pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        known = stored.newest(connection, approved.parts.actor.activation_id)[GOT_IT]
        with approved.store.transaction(approved.parts.actor) as tx:
            stored.send(tx, known, [(approved.site(ids[0]), "x", "again")], rounds={}, due_at=0)
