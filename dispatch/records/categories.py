"""Which categories the public is offered on the 311 server, and the switching of them for a storm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


@dataclass(frozen=True, slots=True)
class OfferedCategory:
    """A category of the server's own, as it stands there now. `can_switch`: the server says that our account
    may switch it."""

    category_id: str
    title: str
    is_offered: bool = True
    can_switch: bool = False


class SwitchState(StrEnum):
    """How far one category has come to what is wanted of it."""

    KEPT = "kept"  # it was so already, or nobody wants it otherwise
    WAITING = "waiting"
    SENDING = "sending"  # tried; whether it has arrived shows the live list
    DONE = "done"
    REFUSED = "refused"
    BY_HAND = "by_hand"  # the server cannot: a person does it there and ticks it here
    TICKED = "ticked"

    @property
    def is_under_way(self) -> bool:
        return self in (SwitchState.WAITING, SwitchState.SENDING)


class PublicPhase(StrEnum):
    ON = "on"
    RESTORE = "restore"


# In place of an error: a person left this one as it is.
LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySwitch:
    """One category of one storm: as it was before, as it is wanted now, and how far that has come.
    `is_offered` is what the live list said when it was last seen; None where it is not on it."""

    category_id: str
    title: str
    phase: PublicPhase
    was_offered: bool
    wanted: bool
    state: SwitchState
    error: str = ""
    person: str = ""
    at: Millis = 0
    done_at: Millis | None = None
    ticked_by: str = ""
    ticked_at: Millis | None = None
    is_offered: bool | None = None

    @property
    def differs(self) -> bool:
        """Does the live list say otherwise than what is wanted, though nothing is on its way?"""
        return not self.state.is_under_way and (self.is_offered or False) is not self.wanted

    @property
    def is_left(self) -> bool:
        return self.state is SwitchState.KEPT and self.error == LEFT

    @property
    def is_changed(self) -> bool:
        return self.wanted is not self.was_offered


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicState:
    """How it stands with one storm's switching. `seen_at`: when the live list was read last (the storm's
    time), `look_error`: why it could not be read since. `new` is on the list now and was not before."""

    number: int = 0
    rows: tuple[CategorySwitch, ...] = ()
    new: tuple[OfferedCategory, ...] = ()
    seen_at: Millis | None = None
    look_error: str = ""
    # Whether somebody chose that the public's list follows storm mode's planned times.
    follows_times: bool = False

    @property
    def is_on(self) -> bool:
        return bool(self.rows) and self.rows[0].phase is PublicPhase.ON

    @property
    def is_restoring(self) -> bool:
        """Something is not back yet."""
        return bool(self.rows) and not self.is_on and bool(self.under_way or self.refused or self.to_tick)

    @property
    def under_way(self) -> tuple[CategorySwitch, ...]:
        return tuple(each for each in self.rows if each.state.is_under_way)

    @property
    def refused(self) -> tuple[CategorySwitch, ...]:
        return self._in(SwitchState.REFUSED)

    @property
    def to_tick(self) -> tuple[CategorySwitch, ...]:
        return self._in(SwitchState.BY_HAND)

    @property
    def left(self) -> tuple[CategorySwitch, ...]:
        """What a person left as it is, though storm mode would switch it."""
        return tuple(each for each in self.rows if each.is_left)

    @property
    def checklist(self) -> tuple[CategorySwitch, ...]:
        """What a person does at the server, ticked or not."""
        return self._in(SwitchState.BY_HAND, SwitchState.TICKED)

    @property
    def differing(self) -> tuple[CategorySwitch, ...]:
        """Done, ticked or left alone, and the live list read since says otherwise."""
        if self.seen_at is None:
            return ()
        open_ones = (SwitchState.REFUSED, SwitchState.BY_HAND)
        found = (each for each in self.rows if each.state not in open_ones and each.differs)
        return tuple(each for each in found if (each.ticked_at or 0) <= self.seen_at)

    @property
    def left_otherwise(self) -> tuple[CategorySwitch, ...]:
        """After a restore: what is not as it was before, because somebody else changed it meanwhile."""
        return () if self.is_on else tuple(each for each in self.rows if each.is_changed)

    def _in(self, *states: SwitchState) -> tuple[CategorySwitch, ...]:
        return tuple(each for each in self.rows if each.state in states)
