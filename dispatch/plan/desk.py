"""The acts on the storm plan: hour 0 is set by a person, items are done, skipped with why, opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dispatch.errors import ActRefused, NotAllowed
from dispatch.feeds.arrival import Place
from dispatch.feeds.records import Advisory
from dispatch.feeds.weather import Weather
from dispatch.plan.items import FIRST_H, LAST_H, PlanFile, load_once
from dispatch.plan.standing import proposed, standing
from dispatch.records import Actor, Changes, Millis, PlanLine, Role, StormPlan
from dispatch.store import plan
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

MOST_CHARS = 300
FAR_MS = 30 * 86_400_000


class PlanDesk:
    """`now` is the storm's time; `place` the city's latitude and longitude. `earlier` gives the advisories
    before a time, the newest first: an exercise may begin when the wind has been there."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        now: Callable[[], Millis],
        weather: Callable[[], Weather],
        place: Place,
        earlier: Callable[[Millis], Iterable[Advisory]],
        file: Callable[[], PlanFile] = load_once,
    ) -> None:
        self._store, self._actor, self._now = store, actor, now
        self._weather = weather
        self._place, self._file, self._earlier = place, file, earlier

    def plan(self) -> StormPlan:
        """Reads the store: on its lane."""
        file, now = self._file(), self._now()
        advisories = self._weather().advisories
        proposal, why = proposed(advisories[0] if advisories else None, self._place, now, file.reach)
        with self._store.reading() as connection:
            activation_id = self._actor().activation_id
            steps = plan.steps(connection, activation_id)
            opened_at = plan.opened_at(connection, activation_id)
        if proposal is None:
            past = (proposed(each, self._place, each.issued_at, file.reach)[0] for each in self._earlier(now))
            proposal = next(filter(None, past), None)
        return standing(file.items, steps, now, opened_at, proposal, why)

    def set_zero(self, at: Millis, advisory: str = "") -> Changes:
        """`advisory` is the number it was taken from; empty where a person typed it."""
        if abs(at - self._now()) > FAR_MS:
            raise ActRefused("Hour 0 lies within 30 days of now: type the day and the hour again.")
        before = self.plan()
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("plan_zero")
            step_id = plan.add(tx, "zero", at=at, advisory=advisory)
            source = f"by advisory {advisory}" if advisory else "typed in"
            moved = sum(not line.is_settled for line in before.lines)
            words = f"storm plan: hour 0 set {source}"
            if before.zero is not None:
                hours = (at - before.zero.at) / 3_600_000
                words += f", {moved} items move by {hours:+.0f} h"
            detail = {
                "before": before.zero and {"zero_at": before.zero.at},
                "after": {"zero_at": at, "advisory": advisory},
                "undo": {"plan": step_id},
            }
            tx.log("plan_zero", words, detail=detail)
        return tx.changes

    def done(self, key: str, note: str = "") -> Changes:
        return self._settle(key, "done", note)

    def skip(self, key: str, why: str) -> Changes:
        if not why.strip():
            raise ActRefused("Say why it is skipped: whoever reads the plan later needs it.")
        return self._settle(key, "skipped", why)

    def reopen(self, key: str) -> Changes:
        line = self._line(key)
        if not line.is_settled:
            raise ActRefused("This item is open already.")
        return self._step(line, "reopened", "")

    def edit(self, key: str, *, hours: int, owner: str) -> Changes:
        """For this activation only; the city's file stays."""
        if not FIRST_H <= hours <= LAST_H:
            raise ActRefused(f"An item lies between {FIRST_H} and +{LAST_H} hours.")
        if not owner.strip():
            raise ActRefused("Name the position that owns the item.")
        line = self._line(key)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("plan_edited")
            step_id = plan.add(tx, "edited", key=key, hours=hours, owner=owner.strip())
            detail = {
                "before": {"hours": line.item.hours, "owner": line.item.owner},
                "after": {"hours": hours, "owner": owner.strip()},
                "undo": {"plan": step_id},
            }
            tx.log("plan_edited", f"storm plan changed: {line.item.title}", subject=key, detail=detail)
        return tx.changes

    def _settle(self, key: str, act: str, note: str) -> Changes:
        line = self._line(key)
        if line.last is not None and line.is_settled:
            raise ActRefused(f"{line.last.person} has settled this item already: open it again first.")
        return self._step(line, act, note)

    def _step(self, line: PlanLine, act: str, note: str) -> Changes:
        if len(note) > MOST_CHARS:
            raise ActRefused(f"A note holds at most {MOST_CHARS} signs.")
        key, words = line.item.key, {"done": "done", "skipped": "skipped", "reopened": "open again"}[act]
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed(f"plan_{act}")
            self._must_own(tx, line)
            step_id = plan.add(tx, act, key=key, at=line.due_at, note=note.strip())
            # The note stays out of the log: it may name people.
            detail = {
                "before": {"state": line.state},
                "after": {"state": act, "due_at": line.due_at},
                "undo": {"plan": step_id},
            }
            tx.log(f"plan_{act}", f"storm plan {words}: {line.item.title}", subject=key, detail=detail)
        return tx.changes

    def _must_own(self, tx: Transaction, line: PlanLine) -> None:
        if tx.actor.role is Role.OPERATOR and tx.actor.position != line.item.owner:
            raise NotAllowed(
                f"This item is {line.item.owner}'s: ask there, a supervisor or the emergency manager."
            )

    def _line(self, key: str) -> PlanLine:
        found = next((line for line in self.plan().lines if line.item.key == key), None)
        if found is None:
            raise ActRefused("This item is no longer in the plan.")
        return found
