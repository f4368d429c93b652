"""Which act is being done just now, where it has an id: its transactions are done once under it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from dispatch.records import Actor, Millis


@dataclass(slots=True)
class Acting:
    """An act of a seat. One that was kept has the time and the person of when it was done."""

    act_id: str
    kept_at: Millis | None = None
    kept_by: Actor | None = None
    transactions: int = field(default=0)

    def next_id(self) -> str:
        """Of each of its transactions, in their order; nearly every act has one."""
        self.transactions += 1
        return self.act_id if self.transactions == 1 else f"{self.act_id}/{self.transactions}"


_now: ContextVar[Acting | None] = ContextVar("acting", default=None)


@contextmanager
def acting(act: Acting) -> Iterator[None]:
    token = _now.set(act)
    try:
        yield
    finally:
        _now.reset(token)


def acting_now() -> Acting | None:
    return _now.get()


def as_kept(actor: Actor, act: Acting | None) -> Actor:
    """Whose act it is: of whoever did it then, in the activation of now."""
    if act is None or act.kept_by is None:
        return actor
    return replace(act.kept_by, activation_id=actor.activation_id)
