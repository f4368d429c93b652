"""Irma over St. Petersburg, September 2017: generated from a seed, in the shape of what really came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

from dispatch.exercise import curve, street_grid
from dispatch.exercise.draft import Draft, Spot, beside, dealt, spots
from dispatch.exercise.script import (
    ANONYMOUS_SHARE,
    HOUR_MS,
    SECOND_MS,
    STAFF,
    Kind,
    Person,
    RequestType,
    Row,
    Step,
    first_minute,
    some_resident,
)
from dispatch.exercise.times import to_millis
from dispatch.exercise.words import Words
from dispatch.records import Millis

FIRST_DAYS = {
    "tree": 0.78,
    "flood": 0.10,
    "emergency": 0.04,
    "signal": 0.02,
    "streetlight": 0.02,
    "other": 0.04,
}
LATER_DAYS = {
    "tree": 0.60,
    "flood": 0.04,
    "emergency": 0.08,
    "signal": 0.03,
    "streetlight": 0.06,
    "other": 0.19,
}
HAZARDS = ("tree", "flood", "emergency", "signal")
# What a line names, where there are lines for it.
HEAPS = {"plain": 0.33, "road": 0.31, "wire": 0.23, "wire_road": 0.13}
ORDINARY_SHARE = 0.44
EMPTY_SHARE = 0.11
SPANISH_SHARE = 0.05
TYPED_SHARE, TYPED_LATER_SHARE = 0.62, 0.45
DUPLICATE_SHARE, DUPLICATE_WITHIN_M = 0.20, 18
# The fewer reports come, the longer it takes until the next person writes of the same tree.
DUPLICATE_WITHIN_MS, DUPLICATE_LATER_WITHIN_MS = 3 * HOUR_MS, 12 * HOUR_MS
NO_PLACE_SHARE, NO_PLACE_TYPED_SHARE = 0.003, 0.05
UNTYPED_SHARE = 0.02
PHOTO_SHARE = 0.30
# The words of the address point to the other side of Central Avenue than the pin does.
WRONG_SIDE_SHARE = 0.01
FOLLOW_UP_SHARE = 0.02
NEIGHBORHOOD_ONLY_SHARE = 0.04
# Beyond it lie islands whose streets have names.
SOUTHERNMOST_AVENUE = -72
WATER_WEIGHTS = {0: 0, 1: 1, 2: 4}
SURVEY_HEAPS = ("plain",) * 16 + ("road",) * 3 + ("wire",)
FIRST_ID = 3_640_000
SWAPPED_SHARE = 0.05


def rows(
    seed: int, words: Words, places: Path, types: Sequence[RequestType], office: Person
) -> tuple[Row, ...]:
    random = Random(seed)
    around = spots(places)
    titles = {each.type_id: each.title for each in types}
    early = [Draft(at, "baseline", random.choice(around)) for at in curve.before(random)]
    first = _mixed(random, sorted([*curve.evening(random), *curve.first_day(random)]), FIRST_DAYS, around)
    later = _mixed(random, curve.after(random), LATER_DAYS, around)
    survey = _survey(random, around)
    storm = [*first, *later]
    _lives(storm, words)
    _duplicates(random, first, DUPLICATE_WITHIN_MS)
    _duplicates(random, later, DUPLICATE_LATER_WITHIN_MS)
    _reporters(random, early, TYPED_LATER_SHARE)
    _reporters(random, first, TYPED_SHARE)
    _reporters(random, later, TYPED_LATER_SHARE)
    _shares(random, early)
    _shares(random, storm)
    for group in (early, storm, survey):
        _say(random, group, words)
    drafts = sorted([*early, *storm, *survey], key=lambda draft: draft.at)
    ids = _ids(random, len(drafts))
    made = []
    for draft, issue_id in zip(drafts, ids, strict=True):
        steps = (*first_minute(random, draft.at), *_life_after(random, draft, words, office))
        made.append(_row(random, draft, issue_id, titles, steps))
    return tuple(made)


def _mixed(
    random: Random, times: Sequence[Millis], mix: Mapping[str, float], around: Sequence[Spot]
) -> list[Draft]:
    """Trees fall where people live; water stands on low ground beside the bay."""
    kinds = dealt(random, len(times), mix)
    low = [spot for spot in around for _ in range(WATER_WEIGHTS[spot.water])]
    # No spot twice: what repeats a place is a duplicate, and those are counted.
    wet = iter(dict.fromkeys(random.sample(low, len(low))))
    dry = iter(random.sample(around, len(times)))
    return [
        Draft(at, kind, next(wet) if kind == "flood" else next(dry))
        for at, kind in zip(times, kinds, strict=True)
    ]


def _survey(random: Random, around: Sequence[Spot]) -> list[Draft]:
    """One account types a list that came in from the field; it has no doubts and no gaps."""
    walked = set(random.sample(sorted({spot.neighborhood for spot in around}), 30))
    near = [spot for spot in around if spot.neighborhood in walked]
    return [
        Draft(
            at,
            "survey",
            beside(random, random.choice(near), DUPLICATE_WITHIN_M),
            reporter=STAFF[-1],
            is_typed=True,
        )
        for at in curve.bulk(random)
    ]


def _lives(storm: Sequence[Draft], words: Words) -> None:
    """Each takes the place of the report that was nearest in time, so that the curve stays."""
    for life in words.life:
        at = to_millis(life["at"], curve.ZONE)
        draft = min((each for each in storm if not each.is_life), key=lambda each: abs(each.at - at))
        draft.at, draft.words, draft.code, draft.is_life = at, life["words"], life["code"], True


def _duplicates(random: Random, storm: list[Draft], within_ms: Millis) -> None:
    """A second report of a place: near in place and time, in other words, by somebody else."""
    storm.sort(key=lambda draft: draft.at)
    wanted = round(DUPLICATE_SHARE * len(storm))
    for n in random.sample(range(len(storm)), len(storm)):
        draft = storm[n]
        if not wanted or draft.is_life or draft.kind not in HAZARDS:
            continue
        since = draft.at - within_ms
        earlier = [each for each in storm[max(0, n - 300) : n] if each.kind == draft.kind and each.at > since]
        if earlier:
            parent = random.choice(earlier)
            draft.parent = parent.parent or parent
            wanted -= 1
    for draft in storm:
        if draft.parent:
            draft.spot = beside(random, draft.parent.spot, DUPLICATE_WITHIN_M)


def _reporters(random: Random, drafts: Sequence[Draft], typed_share: float) -> None:
    for draft in random.sample(drafts, round(typed_share * len(drafts))):
        draft.is_typed = True
    for draft in sorted(drafts, key=lambda each: each.at):
        taken = draft.parent.reporter if draft.parent else None
        if draft.is_typed:
            draft.reporter = random.choice([account for account in STAFF if account != taken])
        elif random.random() >= ANONYMOUS_SHARE:
            draft.reporter = some_resident(random)


def _shares(random: Random, drafts: Sequence[Draft]) -> None:
    """What is true of a share of the reports is dealt out, not diced: each exercise has its part of it."""
    hazards = [draft for draft in drafts if draft.kind in HAZARDS and not draft.is_life]
    for draft in random.sample(hazards, round(ORDINARY_SHARE * len(hazards))):
        draft.is_ordinary = True
    plain = [draft for draft in drafts if not draft.is_life]
    for is_typed, share in ((True, NO_PLACE_TYPED_SHARE), (False, NO_PLACE_SHARE)):
        group = [draft for draft in plain if draft.is_typed is is_typed]
        for draft in random.sample(group, max(1, round(share * len(group)))):
            draft.has_place = False
    from_apps = [draft for draft in plain if not draft.is_typed]
    for draft in random.sample(from_apps, round(UNTYPED_SHARE * len(drafts))):
        draft.is_untyped = True


def _say(random: Random, drafts: Sequence[Draft], words: Words) -> None:
    silent = {id(draft) for draft in random.sample(drafts, round(EMPTY_SHARE * len(drafts)))}
    spanish = {id(draft) for draft in random.sample(drafts, round(SPANISH_SHARE * len(drafts)))}
    trees = [draft for draft in drafts if draft.kind == "tree"]
    for draft, heap in zip(trees, dealt(random, len(trees), HEAPS), strict=True):
        draft.heap = heap
    for draft in drafts:
        if draft.is_life:
            continue
        language = "es" if id(draft) in spanish and words.heaps(draft.kind, "es") else "en"
        if draft.kind == "survey":
            draft.heap = random.choice(SURVEY_HEAPS)
        elif draft.kind != "tree" or draft.heap not in words.heaps("tree", language):
            draft.heap = random.choice(sorted(words.heaps(draft.kind, language)))
        draft.code = _code(random, draft, words)
        if id(draft) not in silent:
            draft.words = words.line(random, draft.kind, draft.heap, _near(random, draft.spot), language)


def _code(random: Random, draft: Draft, words: Words) -> int:
    """Some lines belong to one category; the rest goes where such reports are filed."""
    if draft.heap.isdigit() and not draft.is_ordinary:
        return int(draft.heap)
    return random.choice(words.codes(_filed(draft), is_ordinary=draft.is_ordinary))


def _filed(draft: Draft) -> str:
    if draft.kind == "tree":
        return {"plain": "tree_plain", "road": "tree_road"}.get(draft.heap, "tree_wire")
    if draft.kind == "emergency" and draft.heap == "wire":
        return "emergency_wire"
    return draft.kind


def _row(
    random: Random, draft: Draft, issue_id: int, titles: Mapping[int, str], steps: tuple[Step, ...]
) -> Row:
    spot = draft.spot
    has_photo = not draft.is_typed and random.random() < PHOTO_SHARE
    address = _address(random, draft)
    lat: float | None = round(spot.lat, 6)
    lng: float | None = round(spot.lng, 6)
    if not draft.has_place:
        # Nothing from a form, nought from a telephone that did not know.
        lat = lng = None if draft.is_typed else 0.0
    return Row(
        request_id=issue_id,
        created_at=draft.at,
        summary=_own_title(draft) if draft.is_untyped else titles[draft.code],
        description=draft.words,
        address=address,
        lat=lat,
        lng=lng,
        type_id=None if draft.is_untyped else draft.code,
        reporter=draft.reporter,
        has_photo=has_photo,
        steps=steps,
    )


def _own_title(draft: Draft) -> str:
    return {"tree": "Tree down", "flood": "Flooding", "signal": "Traffic light"}.get(
        draft.kind, "Please help"
    )


def _life_after(random: Random, draft: Draft, words: Words, office: Person) -> list[Step]:
    """About half are closed in time; now and then a resident writes again."""
    steps = []
    if random.random() < FOLLOW_UP_SHARE and draft.kind != "survey":
        at = draft.at + random.randrange(600, 6 * 3600) * SECOND_MS
        who = some_resident(random) if draft.is_typed or not draft.reporter.person_id else draft.reporter
        steps.append(Step(at, Kind.COMMENT, words.follow_up(random), who))
    is_early = draft.kind == "baseline"
    if not draft.is_life and random.random() < (0.8 if is_early else 0.5):
        least, mean = (1, 40) if is_early else (5, 36)
        hours = least + random.expovariate(1 / mean)
        at = draft.at + round(hours * 3600) * SECOND_MS
        steps.append(Step(at, Kind.CLOSE, words.closing(random), office))
    return steps


def _address(random: Random, draft: Draft) -> str:
    lat, lng, chance = draft.spot.lat, draft.spot.lng, random.random()
    is_off_the_grid = street_grid.avenue_at(lat) < SOUTHERNMOST_AVENUE
    if draft.is_typed and chance < WRONG_SIDE_SHARE and street_grid.avenue_at(lat) < -SOUTHERNMOST_AVENUE:
        lat = 2 * street_grid.CENTRAL_AVENUE - lat
    if is_off_the_grid or (not draft.is_typed and chance < NEIGHBORHOOD_ONLY_SHARE):
        return f"{draft.spot.neighborhood}, St. Petersburg"
    form = random.choice((street_grid.crossing, street_grid.house, street_grid.house_on_street))
    return f"{form(lat, lng)}, St. Petersburg"


def _near(random: Random, spot: Spot) -> str:
    """What a caller would call the place by: one of the two names at the corner."""
    if random.random() < 0.5 and street_grid.street_at(spot.lng) > street_grid.EASTERNMOST_STREET:
        return street_grid.street(spot.lat, spot.lng).replace("Dr Martin Luther King Jr", "MLK")
    return street_grid.avenue(spot.lat, spot.lng)


def _ids(random: Random, count: int) -> list[int]:
    """Nearly, not strictly, in the order of creation, with gaps."""
    number, ids = FIRST_ID, []
    for _ in range(count):
        number += random.randint(1, 4)
        ids.append(number)
    for n, _ in pairwise(range(count)):
        if random.random() < SWAPPED_SHARE:
            ids[n], ids[n + 1] = ids[n + 1], ids[n]
    return ids
