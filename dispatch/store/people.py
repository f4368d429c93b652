"""Who may sign in, as rows; on a database of one seat with the hash of their password."""

from __future__ import annotations

from sqlalchemy import Connection, Row, func, insert, inspect, select, text, update

from dispatch.records import Person, Role
from dispatch.store.schema import person
from dispatch.store.transaction import Transaction

OTHERS = "person"


def everyone(connection: Connection) -> tuple[Person, ...]:
    """Who may sign in first, each part by name."""
    rows = connection.execute(select(person).order_by(person.c.is_active.desc(), func.lower(person.c.name)))
    is_shared = connection.dialect.name != "sqlite"
    return tuple(_person(row, is_shared=is_shared) for row in rows)


def find(connection: Connection, login: str) -> Person | None:
    row = connection.execute(select(person).where(person.c.login == login)).first()
    return _person(row, is_shared=connection.dialect.name != "sqlite") if row else None


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


def _person(row: Row[tuple[object, ...]], *, is_shared: bool) -> Person:
    return Person(
        login=row.login,
        name=row.name,
        role=Role(row.role),
        is_active=bool(row.is_active),
        # A shared database keeps no hash of ours: it says itself who needs none.
        by_machine=not is_shared and not row.password_hash,
    )
