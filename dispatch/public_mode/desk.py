"""Storm mode for the public as people switch it: seen first, applied, ticked where no server can, put back.

Nothing here changes a report: what came in under a category that is switched off stays where it is (S1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.public_mode.plan import Plan, Why, make_plan
from dispatch.records import (
    LEFT,
    Actor,
    CategorySwitch,
    Changes,
    Millis,
    OfferedCategory,
    PublicPhase,
    PublicState,
    SwitchState,
)
from dispatch.store import categories, mirror, profiles
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

DAY_MS = 86_400_000
COUNTED_DAYS = 30
NO_SERVER = "No 311 server is set up: there is no list to switch."
NOT_READ = "The 311 server's list of categories has not been read yet: look again in a moment."
LEAVES_NOTHING = "Nothing would be left to report under: let at least one category stay."


@dataclass(frozen=True, slots=True)
class Restoring:
    """What putting back would do. `meant` goes back to what it was; `conflicts` are not ours: somebody else
    changed them meanwhile, and they stay so unless a person says otherwise."""

    meant: tuple[CategorySwitch, ...] = ()
    back_already: tuple[CategorySwitch, ...] = ()
    conflicts: tuple[CategorySwitch, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicNow:
    """`can_switch`: of what would change the server lets us switch all."""

    state: PublicState
    plan: Plan
    restoring: Restoring
    can_switch: bool
    storm_mode: bool


class PublicModeDesk:
    """`storm_only` are the categories that the city offers in a storm only, title by service code; `wall_now`
    is real time."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        actor: Callable[[], Actor],
        wall_now: Callable[[], Millis],
        storm_only: Mapping[str, str],
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._wall_now = wall_now
        self._storm_only = storm_only

    # -- looking ------------------------------------------------------------------------------------

    def now(self, left: Collection[str] | None = None) -> PublicNow:
        """`left` are categories that a person leaves as they are; None: those that they left before."""
        activation_id = self._actor().activation_id
        with self._store.reading() as connection:
            self._in_force.look(connection)
            state = _state(connection, activation_id)
            if left is None:
                left = [each.category_id for each in state.left]
            server_id = _server_id(connection)
            live = self._live(connection, server_id) if server_id else []
            plan = self._plan(connection, server_id, live, state, left) if live else Plan()
            storm_mode = profiles.times(connection, activation_id).storm_mode
        changing = [choice.category for choice in (*plan.lose, *plan.see)]
        may_switch = {each.category_id for each in live if each.can_switch}
        can_switch = all(each.category_id in may_switch for each in changing) and bool(may_switch)
        return PublicNow(state, plan, _restoring(state.rows), can_switch, storm_mode)

    def state(self) -> PublicState:
        """How it stands, for what is always in sight."""
        with self._store.reading() as connection:
            return _state(connection, self._actor().activation_id)

    # -- acting -------------------------------------------------------------------------------------

    def apply(self, left: Collection[str] = ()) -> Changes:
        """Bring the public's list to what the storm profile wants; the syncing does it, one by one."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("public_mode_on")
            self.switch_on(tx, left)
        return tx.changes

    def restore(self, also: Collection[str] = ()) -> Changes:
        """Put back what was there before; of what somebody else changed only `also`."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("public_mode_off")
            self.switch_off(tx, also)
        return tx.changes

    def tick(self, category_id: str, is_done: bool) -> Changes:
        """A person has done it at the server, or takes the tick away; the live list is read soon after."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("category_ticked")
            state = _state(tx.connection, tx.actor.activation_id)
            row = next((each for each in state.checklist if each.category_id == category_id), None)
            if row is None:
                raise ActRefused("This category is not on the checklist any more.")
            if (row.state is SwitchState.TICKED) is is_done:
                raise ActRefused(f"{row.title} is {'ticked already' if is_done else 'not ticked'}.")
            values: dict[str, Any] = {
                "state": (SwitchState.TICKED if is_done else SwitchState.BY_HAND).value,
                "ticked_by": tx.actor.person if is_done else "",
                "ticked_at": tx.now if is_done else None,
            }
            categories.change(tx, state.number, category_id, wanted=row.wanted, values=values)
            if server_id := _server_id(tx.connection):
                categories.want_look(tx, server_id, self._wall_now())
            words = f"{_word(row.wanted)} for the public: {row.title}"
            detail = {"before": {"ticked": not is_done}, "after": {"ticked": is_done}}
            tx.log("category_ticked", f"{'ticked' if is_done else 'tick taken away'}, {words}", detail=detail)
        return tx.changes

    def ask_again(self) -> Changes:
        """Have the live list read now, and try once more what the server refused."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("public_mode_on")
            state, server_id = _state(tx.connection, tx.actor.activation_id), _server_id(tx.connection)
            if server_id is None:
                raise ActRefused(NO_SERVER)
            again = [replace(each, state=SwitchState.WAITING, error="") for each in state.refused]
            if again:
                categories.put(tx, state.number, server_id, again)
                act = "public_mode_on" if state.is_on else "public_mode_off"
                tx.log(act, f"tried once more: {len(again)} that the server had refused")
            categories.want_look(tx, server_id, self._wall_now())
        return tx.changes

    def follow_times(self, is_chosen: bool) -> Changes:
        """Whether the public's list goes with storm mode when that goes on or off by itself."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("storm_mode")
            was = profiles.times(tx.connection, tx.actor.activation_id).storm_mode_public
            profiles.set_mode(tx, storm_mode_public=int(is_chosen))
            detail = {"before": {"public": was}, "after": {"public": is_chosen}}
            words = "also for the public" if is_chosen else "not for the public"
            tx.log("storm_mode", f"times of storm mode: {words}", detail=detail)
        return tx.changes

    # -- within a transaction -----------------------------------------------------------------------

    def at_its_time(self, tx: Transaction, is_on: bool) -> None:
        """Storm mode went on or off by itself: where a person chose so, for the public too. What keeps the
        list from being switched never keeps storm mode from going on."""
        if not profiles.times(tx.connection, tx.actor.activation_id).storm_mode_public:
            return
        try:
            self.switch_on(tx) if is_on else self.switch_off(tx)
        except ActRefused as error:
            tx.log("public_mode_on" if is_on else "public_mode_off", f"not for the public: {error}")

    def switch_on(self, tx: Transaction, left: Collection[str] = ()) -> None:
        connection, activation_id = tx.connection, tx.actor.activation_id
        server_id = _server_id(connection)
        if server_id is None:
            raise ActRefused(NO_SERVER)
        if not (live := self._live(connection, server_id)):
            raise ActRefused(NOT_READ)
        self._in_force.look(connection)
        state = _state(connection, activation_id)
        plan = self._plan(connection, server_id, live, state, left)
        if plan.leaves_nothing:
            raise ActRefused(LEAVES_NOTHING)
        before = _before(state)
        number = state.number if before else state.number + 1
        wanted = plan.wanted()
        rows = [_on(each, wanted[each.category_id], before.get(each.category_id)) for each in live]
        passed_over = {each.category.category_id for each in (*plan.keep, *plan.off) if each.why is Why.LEFT}
        rows = [replace(each, error=LEFT) if each.category_id in passed_over else each for each in rows]
        if not any(each.is_changed for each in rows) and not before:
            raise ActRefused("The public's list is so already: there is nothing to switch.")
        categories.put(tx, number, server_id, rows)
        off = sum(each.is_changed and not each.wanted for each in rows)
        on = sum(each.is_changed and each.wanted for each in rows)
        detail = {"before": _listed(live), "after": wanted}
        tx.log("public_mode_on", f"the public's list in storm mode: {off} off, {on} on", detail=detail)

    def switch_off(self, tx: Transaction, also: Collection[str] = ()) -> None:
        state, server_id = _state(tx.connection, tx.actor.activation_id), _server_id(tx.connection)
        if server_id is None:
            raise ActRefused(NO_SERVER)
        if not (state.is_on or state.is_restoring):
            raise ActRefused("The public's list is not in storm mode: there is nothing to put back.")
        live = categories.offered(tx.connection, server_id)
        can = {each.category_id for each in live if each.can_switch}
        rows = [_back(each, each.category_id in also, each.category_id in can) for each in state.rows]
        categories.put(tx, state.number, server_id, rows)
        moving = sum(each.state.is_under_way or each.state is SwitchState.BY_HAND for each in rows)
        otherwise = sum(each.is_changed for each in rows)
        words = f"the public's list back to what it was: {moving} to switch"
        if otherwise:
            words += f", {otherwise} left as somebody else has them"
        after = {each.category_id: each.wanted for each in rows}
        tx.log("public_mode_off", words, detail={"before": _listed(live), "after": after})

    # -- inside -------------------------------------------------------------------------------------

    def _live(self, connection: Any, server_id: int) -> list[OfferedCategory]:
        """As the server lists it, and what the city has for storms: some servers list only what is on. Empty
        while nothing was read."""
        live = categories.offered(connection, server_id)
        known = {each.category_id for each in live}
        hidden = [(code, title) for code, title in self._storm_only.items() if code not in known]
        return [*live, *(OfferedCategory(*each, is_offered=False) for each in hidden if live)]

    def _plan(
        self,
        connection: Any,
        server_id: int | None,
        live: list[OfferedCategory],
        state: PublicState,
        left: Collection[str],
    ) -> Plan:
        """Of the list as it was before the storm: what is off by us is no city's wish."""
        before = _before(state)
        base = [
            replace(each, is_offered=before[each.category_id].was_offered)
            if each.category_id in before
            else each
            for each in live
        ]
        since_at = self._store.clock.now() - COUNTED_DAYS * DAY_MS
        return make_plan(
            base,
            find=self._in_force.judge.rules.categories.find,
            city=self._in_force.city_rules.table,
            in_force=self._in_force.judge.rules.table,
            storm_only=self._storm_only.keys(),
            counted=categories.counted(connection, server_id or 0, since_at),
            left=frozenset(left),
        )


def _state(connection: Any, activation_id: str) -> PublicState:
    number, server_id = categories.newest(connection, activation_id), _server_id(connection)
    rows = tuple(categories.switches(connection, activation_id, number)) if number else ()
    look = categories.look(connection, server_id) if server_id else categories.Look()
    known = {each.category_id for each in rows}
    live = categories.offered(connection, server_id) if server_id and rows else []
    return PublicState(
        number=number,
        rows=rows,
        new=tuple(each for each in live if each.category_id not in known),
        seen_at=look.seen_at,
        look_error=look.error,
        follows_times=profiles.times(connection, activation_id).storm_mode_public,
    )


def _server_id(connection: Any) -> int | None:
    found = mirror.current_server(connection)
    return None if found is None else int(found.server_id)


def _before(state: PublicState) -> Mapping[str, CategorySwitch]:
    """The list as it was before this storm; empty where that storm is over."""
    goes_on = state.is_on or state.is_restoring
    return {each.category_id: each for each in state.rows} if goes_on else {}


def _on(live: OfferedCategory, wanted: bool, before: CategorySwitch | None) -> CategorySwitch:
    was = before.was_offered if before else live.is_offered
    row = CategorySwitch(
        category_id=live.category_id,
        title=live.title,
        phase=PublicPhase.ON,
        was_offered=was,
        wanted=wanted,
        state=_state_of(live.is_offered, wanted, was, can_switch=live.can_switch),
        is_offered=live.is_offered,
    )
    is_ticked = before is not None and before.state is SwitchState.TICKED and before.wanted is wanted
    if row.state is SwitchState.BY_HAND and before is not None and is_ticked:
        return replace(row, state=SwitchState.TICKED, ticked_by=before.ticked_by, ticked_at=before.ticked_at)
    return row


def _back(row: CategorySwitch, is_chosen: bool, can_switch: bool) -> CategorySwitch:
    """As it was before; what is not ours stays as somebody else has it, unless a person chose it."""
    live, was = row.is_offered or False, row.was_offered
    is_conflict = _is_conflict(row)
    wanted = was if is_chosen or not is_conflict else live
    state = _state_of(live, wanted, row.wanted, can_switch=can_switch)
    is_gone = row.is_offered is None and was
    return replace(
        row,
        phase=PublicPhase.RESTORE,
        wanted=wanted,
        state=SwitchState.BY_HAND if is_gone and wanted else state,
        error="It is not on the server's list any more." if is_gone else "",
        done_at=None,
        ticked_by="",
        ticked_at=None,
    )


def _state_of(live: bool, wanted: bool, was: bool, *, can_switch: bool) -> SwitchState:
    if live is wanted:
        return SwitchState.KEPT if was is wanted else SwitchState.DONE
    return SwitchState.WAITING if can_switch else SwitchState.BY_HAND


def _is_conflict(row: CategorySwitch) -> bool:
    """Not ours, and otherwise than before the storm."""
    return not row.is_changed and (row.is_offered or False) is not row.was_offered


def _restoring(rows: tuple[CategorySwitch, ...]) -> Restoring:
    ours = [each for each in rows if each.is_changed]
    return Restoring(
        meant=tuple(each for each in ours if (each.is_offered or False) is not each.was_offered),
        back_already=tuple(each for each in ours if (each.is_offered or False) is each.was_offered),
        conflicts=tuple(each for each in rows if _is_conflict(each)),
    )


def _listed(live: list[OfferedCategory]) -> dict[str, bool]:
    return {each.category_id: each.is_offered for each in live}


def _word(is_offered: bool) -> str:
    return "on" if is_offered else "off"
