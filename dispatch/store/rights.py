"""Roles and logins of a shared database: who may do what is kept by the database itself.

A person is a login of the database and a member of one group role; the grants hold whatever program asks
with it. A database of one seat (SQLite) has nothing like it. Logins are kept by an administrator's session or
by the owner of the tables, each call within the transaction of its act.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dispatch.errors import ActRefused, StoreUnusable
from dispatch.records import Role
from dispatch.store import roles
from dispatch.store.account import account
from dispatch.store.grants import GROUPS, RIGHTS_SCHEMA

__all__ = ["account", "add_login", "change_role", "close_login", "install", "set_password"]

ONE_SEAT = (
    "A database of one seat has no roles: on SQLite rights are kept by the program alone. "
    "Name the room's PostgreSQL database."
)
# What `rights.add_login` and the others say themselves.
_RAISED = "P0001"


def install(connection: Connection) -> None:
    """Roles, grants, policies and masked views as they should be, whatever there was before. By the owner of
    the tables, who must be allowed to make roles."""
    _only_shared(connection)
    roles.install(connection)


def add_login(connection: Connection, login: str, password: str, role: Role) -> None:
    """A login of this role, also where one of ours was closed. Without a password the server's own ways
    (peer, GSS, certificate) let it in. ActRefused where the server has such a login for something else."""
    _ask(connection, "add_login", login, _secret(connection, login, password), GROUPS[role])


def change_role(connection: Connection, login: str, role: Role) -> None:
    """Out of every other group; sessions that are open are held to it at their next statement."""
    _ask(connection, "change_group", login, GROUPS[role])


def set_password(connection: Connection, login: str, password: str) -> None:
    _ask(connection, "set_secret", login, _secret(connection, login, password))


def set_own_password(connection: Connection, login: str, password: str) -> None:
    """Of the login that asks: the server lets everybody change their own, and nobody else's this way."""
    secret = _secret(connection, login, password).replace("'", "''").replace("%", "%%")
    connection.exec_driver_sql(f"ALTER ROLE CURRENT_USER PASSWORD '{secret}'")


def close_login(connection: Connection, login: str) -> None:
    """It opens no session any more, and those that are open end."""
    _ask(connection, "close_login", login)


def _only_shared(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raise StoreUnusable(ONE_SEAT)


def _secret(connection: Connection, login: str, password: str) -> str:
    """What the server keeps of a password, SCRAM-SHA-256, made here: the password stands in no log of the
    server and in no list of what it is doing."""
    _only_shared(connection)
    if not password:
        return ""
    driver: Any = connection.connection.driver_connection
    made: bytes = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def _ask(connection: Connection, function: str, *given: str) -> None:
    _only_shared(connection)
    marks = ", ".join(["%s"] * len(given))
    try:
        connection.exec_driver_sql(f"SELECT {RIGHTS_SCHEMA}.{function}({marks})", given)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != _RAISED:
            raise
        diagnosis: Any = error.orig
        raise ActRefused(str(diagnosis.diag.message_primary)) from error
