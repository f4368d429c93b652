"""Whom a shared database knows the session to be: read at each start, so apart from what makes rights."""

from __future__ import annotations

from sqlalchemy import Connection, text

from dispatch.records import Role

Account = tuple[str, str, Role]  # login, name, role


def account(connection: Connection) -> Account | None:
    """None for an owner of the tables, where nobody is set up, and on a database of one seat."""
    if connection.dialect.name == "sqlite":
        return None
    found = connection.execute(
        text("SELECT login, name, role FROM person WHERE login = session_user AND is_active = 1")
    ).first()
    return (found.login, found.name, Role(found.role)) if found else None
