"""How far each role may go: by the name under which an act is logged. Kept here for every store; on a shared
database the grants of `store/grants.py` hold as well, whatever program asks."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.records import Role

_SUPERVISOR = frozenset({Role.SUPERVISOR})
_HEADS = frozenset({Role.SUPERVISOR, Role.MANAGER})
_KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_ROOM = frozenset({Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER})
# Everybody who sits somewhere.
_SEATED = _ROOM | _ADMINISTRATOR

# What is not for the whole room. Field response: `safety.md` S7.
LIMITED: Mapping[str, frozenset[Role]] = {
    "activation": _KEEPERS,
    "profile": _SUPERVISOR,
    "storm_mode": _SUPERVISOR,
    "suspend": _HEADS,
    "resume_service": _HEADS,
    "desk_taken": _HEADS,
    "layer": _KEEPERS,
    "channel": _KEEPERS,
    "channel_tried": _KEEPERS,
    "server": _KEEPERS,
    "person_added": _ADMINISTRATOR,
    "person_role": _ADMINISTRATOR,
    "person_password": _SEATED,  # one's own; another's is for an administrator (people.py)
    "person_closed": _ADMINISTRATOR,
    "seat_taken": _SEATED,
    "signed_in": frozenset(Role),
}
_NAMES = {
    Role.VIEWER: "a viewer",
    Role.OPERATOR: "an operator",
    Role.SUPERVISOR: "a supervisor",
    Role.MANAGER: "the emergency manager",
    Role.ADMINISTRATOR: "an administrator",
    Role.SYNC: "the syncing",
}


def who_may(act: str) -> frozenset[Role]:
    """The roles of people that may do what is logged so."""
    return LIMITED.get(act, _ROOM)


def may(role: Role | None, act: str) -> bool:
    """None: nobody has set up who may do what. The syncing acts for the room at its times, and for the
    servers; people are not its affair."""
    if role is None:
        return True
    if role is Role.SYNC:
        return not act.startswith("person_")
    return role in who_may(act)


def why_not(role: Role | None, act: str) -> str:
    """One sentence that names who may; empty where this role may."""
    if may(role, act):
        return ""
    assert role is not None
    allowed = who_may(act)
    others = [name for each, name in _NAMES.items() if each in allowed]
    named = f"{', '.join(others[:-1])} or {others[-1]}" if len(others) > 1 else others[0]
    return f"This is not for {_NAMES[role]}: ask {named}."
