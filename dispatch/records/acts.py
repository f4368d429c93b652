"""Who acts, what an act changed, and the receipt of a way."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.states import DeliveryState, Millis, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: every act carries activation, person, position and seat. Where nobody has set up who may do
    what there is no role, and whoever sits here may do everything."""

    activation_id: str
    person: str
    position: str
    seat: str
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed; `number` is the feed's number of the transaction, 0 when nothing changed."""

    number: int = 0
    sites: frozenset[int] = frozenset()
    escalations: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sites or self.escalations or self.others)

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            max(self.number, other.number),
            self.sites | other.sites,
            self.escalations | other.escalations,
            self.others | other.others,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel can prove: `sent` (handed to the road) or `delivered` (the other side has it)."""

    state: DeliveryState
    at: Millis
    proof: str
