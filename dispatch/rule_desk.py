"""Rules that write to residents: switched by supervisor or emergency manager, tried by dry runs, counted.
What they send is sent by whoever syncs (`sync/rules.py`), one process for the room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import replace

from dispatch.errors import ActRefused
from dispatch.records import (
    STAFF_ROLES,
    Actor,
    Changes,
    DryRun,
    Millis,
    OutboxState,
    Rule,
    RuleCount,
    RuleKind,
    RuleSettings,
)
from dispatch.residents import answers, rules
from dispatch.rule_plan import RulePlan
from dispatch.store import rules as stored
from dispatch.store.store import Store

ON_THE_WAY = (OutboxState.WAITING, OutboxState.SENDING, OutboxState.HELD)


class RuleDesk:
    """`now` is the storm's time, `wall_now` real time, by which messages wait to leave."""

    def __init__(
        self,
        *,
        store: Store,
        plan: RulePlan,
        actor: Callable[[], Actor],
        now: Callable[[], Millis],
        wall_now: Callable[[], Millis],
    ) -> None:
        self._store = store
        self.plan = plan
        self.wall_now = wall_now
        self._actor = actor
        self._now = now

    def rules(self) -> tuple[Rule, ...]:
        """All of them in the order in which they run, as they stand."""
        with self._store.reading() as connection:
            known = stored.newest(connection, self._actor().activation_id)
        return tuple(known.get(kind) or untouched(kind) for kind in RuleKind)

    def turn_on(self, kind: RuleKind, settings: RuleSettings) -> Changes:
        """From now on, with these settings; one that is on goes on with them."""
        if no := rules.wrong_settings(kind, settings):
            raise ActRefused(no)
        return self._switch(kind, settings, is_on=True)

    def turn_off(self, kind: RuleKind) -> Changes:
        """What has not left yet is withdrawn by whoever syncs, within a second or two."""
        return self._switch(kind, None, is_on=False)

    def dry_run(self, kind: RuleKind, settings: RuleSettings) -> DryRun:
        """What the rule would send now, switched on with these settings; nothing is written."""
        return self._would(kind, settings, from_at=None)

    def last_day(self, kind: RuleKind, settings: RuleSettings) -> DryRun:
        """What it would have sent in the last 24 hours, as things stand now."""
        since = self._now() - rules.DAY_MS
        return self._would(
            kind, settings, from_at=since - settings.days * rules.DAY_MS if kind in rules.AGAIN else since
        )

    def counts(self) -> dict[RuleKind, RuleCount]:
        """How each rule has done in this activation. Answers are of open sites whose reporters were asked
        and have the words; which of them answered how, and nobody at all: that is unknown (S9)."""
        activation_id = self._actor().activation_id
        with self._store.reading() as connection:
            states = stored.states(connection, activation_id)
            asked = stored.asked(connection, activation_id, RuleKind.STILL_NEEDED)
            since = {key: at for key, _, at in asked}
            said = stored.residents_words(connection, since, STAFF_ROLES)
        found = {kind: _count(states.get(kind, {})) for kind in RuleKind}
        by_site: dict[int, list[str]] = defaultdict(list)
        for key, site_id, _ in asked:
            by_site[site_id] += said.get(key, [])
        heard: dict[str, list[int]] = defaultdict(list)
        for site_id, words in sorted(by_site.items()):
            heard[answers.read_all(words).value].append(site_id)
        told = {answer: tuple(ids) for answer, ids in heard.items()}
        found[RuleKind.STILL_NEEDED] = replace(found[RuleKind.STILL_NEEDED], answers=told)
        return found

    # -- inside -----------------------------------------------------------------------------------------

    def _switch(self, kind: RuleKind, settings: RuleSettings | None, *, is_on: bool) -> Changes:
        act = "rule_on" if is_on else "rule_off"
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed(act)
            before = stored.newest(tx.connection, tx.actor.activation_id).get(kind) or untouched(kind)
            if not is_on and not before.is_on:
                raise ActRefused("It is off already.")
            after = stored.put(tx, kind, is_on=is_on, settings=settings or before.settings)
            words = f"rule {'on' if is_on else 'off'}: {rules.NAMES[kind]}"
            detail = {"before": _told(before), "after": _told(after)}
            if is_on:
                tx.log("rule_on", words, detail=detail)
            else:
                tx.log("rule_off", words, detail=detail)
        return tx.changes

    def _would(self, kind: RuleKind, settings: RuleSettings, *, from_at: Millis | None) -> DryRun:
        if no := rules.wrong_settings(kind, settings):
            raise ActRefused(no)
        asked = Rule(kind=kind, is_on=True, settings=settings)
        with self._store.reading() as connection:
            activation_id = self._actor().activation_id
            made = self.plan.plan(connection, activation_id, asked, now=self._now(), from_at=from_at)
        return made.dry_run(kind)


def untouched(kind: RuleKind) -> Rule:
    return Rule(kind=kind, settings=rules.DEFAULTS[kind])


def _count(states: dict[str, int]) -> RuleCount:
    def of(wanted: Collection[OutboxState]) -> int:
        return sum(states.get(state.value, 0) for state in wanted)

    return RuleCount(of(ON_THE_WAY), of([OutboxState.SENT]), of([OutboxState.TAKEN_BACK]))


def _told(rule: Rule) -> dict[str, object]:
    said = rule.settings
    return {
        "version": rule.version,
        "is_on": rule.is_on,
        "wait_min": said.wait_min,
        "back_h": said.back_h,
        "days": said.days,
        "categories": sorted(said.categories),
    }
