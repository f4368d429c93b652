"""The rules at work: in the background of the one process that syncs for the room, so that no two run them.

Little is put on its way at a time: what is not in the outbox yet is judged when its turn comes, by what is
known then. What waits there is looked at again right before it leaves, and withdrawn where it must not.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import replace
from typing import Any

from dispatch.records import Actor, Changes, Millis, OutboxItem, Rule, RuleKind
from dispatch.residents import rules
from dispatch.rule_desk import RuleDesk, untouched
from dispatch.rule_plan import BEGIN, Mark
from dispatch.store import outbox
from dispatch.store import rules as stored
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

log = logging.getLogger(__name__)

# Messages of all rules that may wait to leave at one time.
MOST_WAITING = 20
HOLD_BACK_MS = 10_000
# Storm time between two looks at all that a rule concerns: minutes are what it waits for.
REST_MS = 30_000


class Rules:
    """Works on the store lane. `actor` is the syncing's; a message is logged in the name of who switched its
    rule on."""

    def __init__(self, *, store: Store, desk: RuleDesk, actor: Actor) -> None:
        self._store = store
        self._desk = desk
        self._actor = actor
        self._marks: dict[RuleKind, Mark] = {}
        self._rests_until: dict[RuleKind, tuple[int, Millis]] = {}

    def step(self) -> tuple[Changes, bool]:
        """One piece of it, and whether there is more to do at once."""
        changes = self.withdraw()
        with self._store.reading() as connection:
            known = stored.newest(connection, self._actor.activation_id)
            waiting = len(stored.unsent(connection, self._actor.activation_id)) if known else 0
        for kind in RuleKind:
            rule = known.get(kind)
            if rule is None or not rule.is_on or self._rests(rule):
                continue
            if waiting >= MOST_WAITING:
                return changes, False
            return changes | self._look(rule, MOST_WAITING - waiting), True
        return changes, False

    def withdraw(self) -> Changes:
        """Take back what has not left and must not any more: the rule is off, response was suspended, the
        site has become one that only a person answers, somebody has written, or the server has."""
        with self._store.reading() as connection:
            if not self._withdrawn(connection):
                return Changes()
        with self._store.transaction(self._actor) as tx:
            for item, why in self._withdrawn(tx.connection):
                if outbox.take_back(tx, [item.outbox_id]):
                    log.info("a rule's message for request %s was withdrawn: %s", item.request_id, why)
                    tx.log("rule_withdrawn", "a rule's message withdrawn", site_id=item.site_id)
        return tx.changes

    # -- inside -----------------------------------------------------------------------------------------

    def _withdrawn(self, connection: Any) -> list[tuple[OutboxItem, str]]:
        activation_id = self._actor.activation_id
        waiting: dict[RuleKind, list[OutboxItem]] = defaultdict(list)
        for kind, item in stored.unsent(connection, activation_id):
            waiting[kind].append(item)
        if not waiting:
            return []
        known, now, found = stored.newest(connection, activation_id), self._store.clock.now(), []
        for kind, items in waiting.items():
            rule = known.get(kind) or untouched(kind)
            keys = [item.request_key for item in items]
            whys = self._desk.plan.why_withdrawn(connection, activation_id, rule, keys, now=now)
            found += [(item, whys[item.request_key]) for item in items if item.request_key in whys]
        return found

    def _look(self, rule: Rule, room: int) -> Changes:
        """One page of what the rule concerns. Where nothing is to be sent nothing is locked."""
        mark, now = self._marks.get(rule.kind, BEGIN), self._store.clock.now()
        with self._store.reading() as connection:
            seen = self._desk.plan.plan(
                connection, self._actor.activation_id, rule, now=now, most=room, after=mark, pages=1
            )
        if seen.last is None:
            self._marks.pop(rule.kind, None)
            self._rests_until[rule.kind] = rule.version, now + REST_MS
            return Changes()
        if not seen.more:
            self._marks[rule.kind] = seen.last
        if not seen.messages:
            return Changes()
        by_whom = replace(self._actor, person=rule.person, position=rule.position)
        with self._store.transaction(by_whom) as tx:
            self._send(tx, rule, mark, room)
        return tx.changes

    def _send(self, tx: Transaction, rule: Rule, mark: Mark, room: int) -> None:
        """Judged again in the transaction that sends it: what was read before may have changed."""
        current = stored.newest(tx.connection, tx.actor.activation_id).get(rule.kind)
        if current != rule:
            return
        made = self._desk.plan.plan(
            tx.connection, tx.actor.activation_id, rule, now=tx.now, most=room, after=mark, pages=1
        )
        texts = [(said.request_key, reporter, said.text) for said, reporter in made.messages]
        due_at = self._desk.wall_now() + HOLD_BACK_MS
        ids = stored.send(tx, rule, texts, rounds=made.rounds, due_at=due_at)
        for (said, _), outbox_id in zip(made.messages, ids, strict=True):
            tx.log(
                "rule_message", f"by rule: {rules.NAMES[rule.kind]}", site_id=said.site_id, subject=outbox_id
            )

    def _rests(self, rule: Rule) -> bool:
        """All was looked at a moment ago; a rule that was changed since is looked at anew."""
        version, until = self._rests_until.get(rule.kind, (0, 0))
        return version == rule.version and self._store.clock.now() < until
