"""Roles and logins of a shared database: who may do what is kept by the database itself.

A person is a login of the database and a member of one group role; the grants hold whatever program asks
with it. A database of one seat (SQLite) has nothing like it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from dispatch.errors import ActRefused, StoreUnusable
from dispatch.records import Role
from dispatch.store import schema
from dispatch.store.grants import EMPTY, GRANTS, GROUPS, MASKED, MASKED_SCHEMA, UNSEEN, UNSEEN_SCHEMA

LOGIN = re.compile(r"[a-z][a-z0-9_.-]{1,39}")
ONE_SEAT = (
    "A database of one seat has no roles: on SQLite rights are kept by the program alone. "
    "Name the room's PostgreSQL database."
)
# The tables of a viewer and of an administrator, who keeps people and does nothing at sites.
MASKED_FOR = (Role.VIEWER, Role.ADMINISTRATOR)
_LOOKED_IN = {
    Role.VIEWER: (UNSEEN_SCHEMA, MASKED_SCHEMA, "public"),
    Role.ADMINISTRATOR: (MASKED_SCHEMA, "public"),
}
_LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_GRANT = re.compile(r"([SIUD])(\([^)]*\))?")

# A line is written in one's own name. What a seat kept while the database was away may be sent again by who
# sits there by then: such a line names them in its detail. What is done by the clock has nobody's name.
_OWN_NAME = """
CREATE OR REPLACE FUNCTION landfall_own_name() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE who record;
BEGIN
    SELECT name, role INTO who FROM person WHERE login = session_user AND is_active = 1;
    IF FOUND AND who.role <> 'sync' AND NEW.person NOT IN ('', who.name)
       AND coalesce(nullif(NEW.detail, '')::jsonb ->> 'kept_by', '') <> session_user THEN
        RAISE EXCEPTION 'a log line in the name of another person' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$
"""
_NAME = """
CREATE OR REPLACE FUNCTION landfall_name() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT name FROM person WHERE login = session_user AND is_active = 1
$$
"""
# (table, name, for what, whose, condition). A policy binds everybody but the owner.
_POLICIES = (
    ("request", "read", "SELECT", "PUBLIC", "USING (true)"),
    ("request", "mirror", "ALL", GROUPS[Role.SYNC], "USING (true) WITH CHECK (true)"),
    ("request", "call", "INSERT", "PUBLIC", "WITH CHECK (remote_id IS NULL)"),
    ("claim", "read", "SELECT", "PUBLIC", "USING (true)"),
    ("claim", "take", "INSERT", "PUBLIC", "WITH CHECK (landfall_name() IS NULL OR person = landfall_name())"),
    ("claim", "hold", "UPDATE", "PUBLIC", "USING (true)"),
    ("claim", "drop", "DELETE", "PUBLIC", "USING (true)"),
    ("notice", "read", "SELECT", "PUBLIC", "USING (true)"),
    ("notice", "draft", "ALL", "PUBLIC", "USING (state = 'draft') WITH CHECK (state = 'draft')"),
    (
        *("notice", "approve", "ALL", f"{GROUPS[Role.SUPERVISOR]}, {GROUPS[Role.MANAGER]}"),
        "USING (true) WITH CHECK (true)",
    ),
)


def install(connection: Connection) -> None:
    """Roles, grants, policies and masked views as they should be, whatever there was before. By the owner of
    the tables, who must be allowed to make roles."""
    _only_shared(connection)
    for group in GROUPS.values():
        _make_role(connection, group)
    everybody = ", ".join(GROUPS.values())
    for name in (UNSEEN_SCHEMA, MASKED_SCHEMA, "public"):
        _say(connection, f"CREATE SCHEMA IF NOT EXISTS {name}")
        _say(connection, f"REVOKE ALL ON ALL TABLES IN SCHEMA {name} FROM PUBLIC, {everybody}")
        _say(connection, f"REVOKE CREATE ON SCHEMA {name} FROM PUBLIC, {everybody}")
        _say(connection, f"GRANT USAGE ON SCHEMA {name} TO {everybody}")
    _say(connection, "REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC")
    _say(connection, _NAME)
    _say(connection, _OWN_NAME)
    _say(connection, "DROP TRIGGER IF EXISTS own_name ON activity_log")
    _say(
        connection,
        "CREATE TRIGGER own_name BEFORE INSERT ON activity_log FOR EACH ROW"
        " EXECUTE FUNCTION landfall_own_name()",
    )
    for table, name, verb, whose, condition in _POLICIES:
        _say(connection, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        _say(connection, f"DROP POLICY IF EXISTS {name} ON {table}")
        _say(connection, f"CREATE POLICY {name} ON {table} FOR {verb} TO {whose} {condition}")
    for role, tables in GRANTS.items():
        for table, letters in tables.items():
            for letter, columns in _GRANT.findall(letters):
                _say(connection, f"GRANT {_LETTERS[letter]} {columns} ON public.{table} TO {GROUPS[role]}")
        if "I" in tables.get("outbox", ""):
            _say(connection, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {GROUPS[role]}")
    _make_views(connection)


def add_login(connection: Connection, login: str, password: str, role: Role) -> None:
    """A login that is there from another database of this server keeps its rights there and gets this
    password. Without one the server's own ways (peer, GSS, certificate) let it in."""
    _only_shared(connection)
    name = _quoted(connection, login)
    if _has_role(connection, login):
        _say(connection, f"ALTER ROLE {name} LOGIN")
    else:
        _say(connection, f"CREATE ROLE {name} LOGIN")
    if password:
        set_password(connection, login, password)
    change_role(connection, login, role)


def change_role(connection: Connection, login: str, role: Role) -> None:
    """Out of every other group; sessions that are open are held to it at their next statement."""
    name = _quoted(connection, login)
    for each, group in GROUPS.items():
        verb = f"GRANT {group} TO {name}" if each is role else f"REVOKE {group} FROM {name}"
        _say(connection, verb)
    path = ", ".join(_LOOKED_IN.get(role, ("public",)))
    _say(connection, f"ALTER ROLE {name} SET search_path = {path}")


def set_password(connection: Connection, login: str, password: str) -> None:
    """Kept by the server as SCRAM-SHA-256: what is sent is made of the password here, so that it stands in no
    log of the server."""
    driver: Any = connection.connection.driver_connection
    secret = driver.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
    _say(connection, f"ALTER ROLE {_quoted(connection, login)} PASSWORD '{secret}'")


def close_login(connection: Connection, login: str) -> None:
    """It opens no session any more, and those that are open end."""
    name = _quoted(connection, login)
    _say(connection, f"ALTER ROLE {name} NOLOGIN")
    for group in GROUPS.values():
        _say(connection, f"REVOKE {group} FROM {name}")
    ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login")
    connection.execute(ended, {"login": login})


def account(connection: Connection) -> tuple[str, str, Role] | None:
    """(login, name, role) of whom the database knows this session to be; None for an owner of the tables,
    and where nobody is set up."""
    if connection.dialect.name == "sqlite":
        return None
    found = connection.execute(
        text("SELECT login, name, role FROM person WHERE login = session_user AND is_active = 1")
    ).first()
    return (found.login, found.name, Role(found.role)) if found else None


# -- inside -----------------------------------------------------------------------------------------------


def _only_shared(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raise StoreUnusable(ONE_SEAT)


def _make_views(connection: Connection) -> None:
    both = ", ".join(GROUPS[role] for role in MASKED_FOR)
    for table, instead in MASKED.items():
        _make_view(connection, f"{MASKED_SCHEMA}.{table}", table, instead, "", both)
    for table in EMPTY:
        _make_view(connection, f"{MASKED_SCHEMA}.{table}", table, {}, " WHERE false", both)
    for table in UNSEEN:
        name = f"{UNSEEN_SCHEMA}.{table}"
        _make_view(connection, name, table, {}, " WHERE false", GROUPS[Role.VIEWER])


def _make_view(
    connection: Connection, name: str, table: str, instead: Mapping[str, str], where: str, whose: str
) -> None:
    columns = ", ".join(
        f"{instead[c.name]} AS {c.name}" if c.name in instead else str(c.name)
        for c in schema.metadata.tables[table].c
    )
    _say(connection, f"DROP VIEW IF EXISTS {name}")
    # A barrier: a condition of whoever asks is tried on what the view shows, never on the hidden row.
    _say(
        connection,
        f"CREATE VIEW {name} WITH (security_barrier) AS SELECT {columns} FROM public.{table}{where}",
    )
    _say(connection, f"GRANT SELECT ON {name} TO {whose}")


def _make_role(connection: Connection, name: str) -> None:
    """Roles are the whole server's: another database of it may have made them."""
    if not _has_role(connection, name):
        _say(connection, f"CREATE ROLE {name} NOLOGIN")


def _has_role(connection: Connection, name: str) -> bool:
    found = text("SELECT 1 FROM pg_roles WHERE rolname = :name")
    return connection.execute(found, {"name": name}).first() is not None


def _quoted(connection: Connection, login: str) -> str:
    if not LOGIN.fullmatch(login) or login in GROUPS.values():
        raise ActRefused("A login is 2 to 40 small letters, digits, dots and dashes, a letter first.")
    return connection.dialect.identifier_preparer.quote_identifier(login)


def _say(connection: Connection, words: str) -> None:
    connection.exec_driver_sql(words.replace("%", "%%"))
