"""Who may sign in, and how far they may go."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.states import Role


@dataclass(frozen=True, slots=True)
class Person:
    """`by_machine`: signs in as the machine's own account of that name, without a password of ours."""

    login: str
    name: str
    role: Role
    is_active: bool = True
    by_machine: bool = False
