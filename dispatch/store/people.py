"""Who may sign in, as rows; on a database of one seat with the hash of their password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, inspect, literal, select, text, update

from dispatch.records import Person, Role
from dispatch.store.schema import person
from dispatch.store.transaction import Transaction

OTHERS = "person"


def everyone(connection: Connection) -> tuple[Person, ...]:
    """Who may sign in first, each part by name."""
    wanted = _rows(connection).order_by(person.c.is_active.desc(), func.lower(person.c.name))
    return tuple(map(_person, connection.execute(wanted)))


def find(connection: Connection, login: str) -> Person | None:
    row = connection.execute(_rows(connection).where(person.c.login == login)).first()
    return _person(row) if row else None


def active(connection: Connection, login: str) -> Person | None:
    """Who signs in by this login, if anybody."""
    who = find(connection, login)
    return who if who is not None and who.is_active else None


def of_session(connection: Connection) -> Person | None:
    """Whose line to a shared database this is."""
    return active(connection, str(connection.execute(text("SELECT session_user")).scalar()))


def password_hash(connection: Connection, login: str) -> str:
    """Empty where there is none, and for who does not exist or may not sign in any more."""
    wanted = select(person.c.password_hash).where(person.c.login == login, person.c.is_active == 1)
    return str(connection.execute(wanted).scalar() or "")


def count_active(connection: Connection, role: Role | None = None) -> int:
    wanted = select(func.count()).select_from(person).where(person.c.is_active == 1)
    return int(connection.execute(wanted.where(person.c.role == role) if role else wanted).scalar_one())


def are_set_up(connection: Connection) -> bool:
    """Whether anybody has to sign in; also asked of a database without tables."""
    return inspect(connection).has_table(person.name) and count_active(connection) > 0


def put(tx: Transaction, who: Person, password_hash: str) -> None:
    tx.connection.execute(
        insert(person).values(
            login=who.login,
            name=who.name,
            role=who.role.value,
            password_hash=password_hash,
            is_active=int(who.is_active),
            at=tx.now,
        )
    )
    tx.others.add(OTHERS)


def change(tx: Transaction, login: str, **values: str | int) -> None:
    tx.connection.execute(update(person).where(person.c.login == login).values(**values))
    tx.others.add(OTHERS)


def _rows(connection: Connection) -> Select[Any]:
    """A shared database keeps no hash of ours, and says itself who needs no password."""
    c = person.c
    is_own = connection.dialect.name == "sqlite"
    by_machine = (c.password_hash == "") if is_own else literal(value=False)
    return select(c.login, c.name, c.role, c.is_active, by_machine.label("by_machine"))


def _person(row: Row[Any]) -> Person:
    return Person(row.login, row.name, Role(row.role), bool(row.is_active), bool(row.by_machine))
