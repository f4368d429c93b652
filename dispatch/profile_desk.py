"""The storm profile as people change it: what it would do to the queue now, apply, undo, and its times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.records import SITE_STATES, Actor, Assessment, Band, Changes, Message, Millis, SiteState
from dispatch.rights import may
from dispatch.store import mirror, profiles, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.categories import Category
from dispatch.triage.profile import CategoryChanges, difference, from_text, to_text
from dispatch.triage.rules import Rules

CLOSED = SITE_STATES.index(SiteState.CLOSED)
# Sites looked at before the interpreter is let go.
STEP = 200
NAMED = 3


@dataclass(frozen=True, slots=True)
class ProfileNow:
    """`rows` are (as the city has it, as it is in force); `version` 0 is the city's own table."""

    version: int
    at: Millis
    person: str
    rows: tuple[tuple[Category, Category], ...]
    open_sites: Mapping[str, int]
    storm_mode: bool
    from_at: Millis | None
    until_at: Millis | None
    for_public: bool = False


@dataclass(frozen=True, slots=True)
class ProfileEffect:
    """What a profile would do to the open sites. `kept` are P1 and P2 in categories that it sets aside, which
    stay in the queue all the same (S1); `lowered` leave P1 or P2 because their category is ranked lower."""

    looked_at: int = 0
    goes_aside: int = 0
    comes_back: int = 0
    moves: Mapping[tuple[Band, Band], int] = field(default_factory=dict)
    kept: tuple[tuple[Band, int], ...] = ()
    lowered: tuple[tuple[Band, int], ...] = ()


class ProfileDesk:
    """`in_force` knows the rules of this process; every act is one transaction with its log line."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        actor: Callable[[], Actor],
        at_its_time: Callable[[Transaction, bool], None] = lambda _tx, _is_on: None,
    ) -> None:
        """`at_its_time` is called within the transaction by which storm mode goes on or off by itself."""
        self._at_its_time = at_its_time
        self._store = store
        self._in_force = in_force
        self._actor = actor

    # -- looking ------------------------------------------------------------------------------------

    def now(self) -> ProfileNow:
        activation_id = self._actor().activation_id
        with self._store.reading() as connection:
            self._in_force.look(connection)
            newest = profiles.stored(connection, activation_id)
            times = profiles.times(connection, activation_id)
            counts = profiles.open_by_category(connection)
        in_force = self._in_force.judge.rules.table
        return ProfileNow(
            version=newest.version,
            at=newest.at,
            person=newest.person,
            rows=tuple((city, in_force[city.key]) for city in self._in_force.city_rules.table),
            open_sites=counts,
            storm_mode=bool(times.storm_mode),
            from_at=times.storm_mode_from,
            until_at=times.storm_mode_until,
            for_public=times.storm_mode_public,
        )

    def effect(self, changes: CategoryChanges) -> ProfileEffect:
        """Over every open site that it can concern. Reads only: another lane than the store's may do it."""
        before, after = self._in_force.judge.rules, self._in_force.with_changes(changes)
        touched = frozenset(each.key for each in before.table if each != after.table[each.key])
        put_off = frozenset(each.key for each in after.table if not each.is_essential)
        with self._store.reading() as connection:
            ids = profiles.open_in_categories(connection, touched | put_off)
            found = _Found()
            for chunk in _chunks(ids):
                members = sites.members(connection, chunk)
                threads = mirror.thread(connection, [k for each in members.values() for k, _, _ in each])
                own = profiles.with_own_band(connection, chunk)
                for site_id, reports in members.items():
                    old = [assessment for _, _, assessment in reports]
                    new = [
                        self._anew(member, after, threads) if member[2].category in touched else member[2]
                        for member in reports
                    ]
                    found.add(site_id, old, new, put_off, has_own_band=site_id in own)
        return found.effect()

    def would_hide(self) -> list[int]:
        """P1 and P2, worst first, in categories that storm mode sets aside: S1 keeps them in the queue."""
        return [site_id for _, site_id in self.effect(self._in_force.changes).kept]

    # -- acting -------------------------------------------------------------------------------------

    def apply(self, rows: Iterable[tuple[Category, Category]]) -> Changes:
        """`rows` are (as the city has it, as it shall be), all of them. What is stored is scored anew in the
        background."""
        changes = changes_of(rows)
        for key, change in changes.items():
            if problem := change.problem():
                raise ActRefused(f"{self._in_force.city_rules.table[key].label}: {problem}")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("profile")
            before = profiles.stored(tx.connection, tx.actor.activation_id)
            after = to_text(changes)
            if after == before.body:
                raise ActRefused("The profile is so already: nothing was changed.")
            number = profiles.put(tx, after)
            named = _named(_differing(from_text(before.body), changes))
            detail = {"before": before.body, "after": after}
            tx.log("profile", f"storm profile {number}: {named}", detail=detail)
        self._look()
        return tx.changes

    def undo(self) -> Changes:
        """Go back to the profile before this one, as a version of its own."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("profile")
            activation_id = tx.actor.activation_id
            newest = profiles.stored(tx.connection, activation_id)
            if not newest.version:
                raise ActRefused("This is the city's own table: there is no change to undo.")
            before = profiles.stored(tx.connection, activation_id, newest.version - 1)
            number = profiles.put(tx, before.body)
            words = f"storm profile {number}: as it was before profile {newest.version}"
            tx.log("profile", words, detail={"before": newest.body, "after": before.body})
        self._look()
        return tx.changes

    def plan(self, from_at: Millis | None, until_at: Millis | None) -> Changes:
        """When storm mode goes on and off by itself; None: a person does it."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("storm_mode")
            if until_at is not None and until_at <= max(tx.now, from_at or 0):
                raise ActRefused("Storm mode must end after it begins, and later than now.")
            before = profiles.times(tx.connection, tx.actor.activation_id)
            profiles.set_mode(tx, storm_mode_from=from_at, storm_mode_until=until_at)
            detail = {
                "before": {"from": before.storm_mode_from, "until": before.storm_mode_until},
                "after": {"from": from_at, "until": until_at},
            }
            tx.log("storm_mode", "times of storm mode set", detail=detail)
        return tx.changes

    def keep_times(self) -> Changes:
        """Switch storm mode when its time has come; looked at each second, by any seat: the second finds
        nothing to do."""
        actor = self._actor()
        if not may(actor.role, "storm_mode"):
            return Changes()  # the syncing, or a seat that may
        now = self._store.clock.now()
        with self._store.reading() as connection:
            if not _due(profiles.times(connection, actor.activation_id), now):
                return Changes()
        with self._store.transaction(actor) as tx:
            for name, is_on in _due(profiles.times(tx.connection, actor.activation_id), now):
                profiles.set_mode(tx, storm_mode=int(is_on), **{name: None})
                tx.log("storm_mode", f"storm mode {'on' if is_on else 'off'}, at its time")
                self._at_its_time(tx, is_on)
        return tx.changes

    # -- inside -------------------------------------------------------------------------------------

    def _look(self) -> None:
        with self._store.reading() as connection:
            self._in_force.look(connection)

    def _anew(self, member: sites.Member, rules: Rules, threads: Mapping[int, list[Message]]) -> Assessment:
        key, request, _ = member
        later = mirror.said_later(threads.get(key, ()))
        return self._in_force.judge.assess_by(rules, request, later=later)


class _Found:
    def __init__(self) -> None:
        self._looked_at = self._aside = self._back = 0
        self._moves: Counter[tuple[Band, Band]] = Counter()
        self._kept: list[tuple[Band, int]] = []
        self._lowered: list[tuple[Band, int]] = []

    def add(
        self,
        site_id: int,
        old: list[Assessment],
        new: list[Assessment],
        put_off: frozenset[str],
        *,
        has_own_band: bool,
    ) -> None:
        self._looked_at += 1
        was, will = (min(each.band for each in reports) for reports in (old, new))
        was_aside, is_aside = (all(each.is_set_aside for each in reports) for reports in (old, new))
        self._aside += is_aside and not was_aside
        self._back += was_aside and not is_aside
        if was != will and not has_own_band:
            self._moves[was, will] += 1
            if was <= Band.P2 < will:
                self._lowered.append((was, site_id))
        if will <= Band.P2 and all(each.category in put_off for each in new):
            self._kept.append((will, site_id))

    def effect(self) -> ProfileEffect:
        return ProfileEffect(
            self._looked_at,
            self._aside,
            self._back,
            dict(sorted(self._moves.items())),
            tuple(sorted(self._kept)),
            tuple(sorted(self._lowered)),
        )


def changes_of(rows: Iterable[tuple[Category, Category]]) -> CategoryChanges:
    """What a profile has to say so that the city's table reads as it shall."""
    return {city.key: difference(city, wanted) for city, wanted in rows if city != wanted}


def _differing(before: CategoryChanges, after: CategoryChanges) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _named(keys: list[str]) -> str:
    more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
    return ", ".join(keys[:NAMED]) + more


def _due(times: profiles.Times, now: Millis) -> list[tuple[str, bool]]:
    """(column, storm mode then), in the order of their times."""
    planned = (
        (times.storm_mode_from, "storm_mode_from", True),
        (times.storm_mode_until, "storm_mode_until", False),
    )
    return [(name, is_on) for at, name, is_on in sorted(planned, key=lambda p: p[0] or 0) if at and at <= now]


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), STEP):
        yield ids[start : start + STEP]
