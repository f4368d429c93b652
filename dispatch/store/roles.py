"""The rights of a shared database put in place: group roles, grants, policies, triggers, views, functions.

Everything may be said again: after a new version, and in a second database of the same server, whose roles
are the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from dispatch.errors import StoreUnusable
from dispatch.records import Role
from dispatch.rights import ACTS
from dispatch.store import login_keeping, masked, triggers
from dispatch.store.grants import GRANTS, GROUPS, KEEPING, LOGINS, RIGHTS_SCHEMA
from dispatch.store.policies import POLICIES

CANNOT_MAKE_ROLES = (
    "The login that sets up a room must be able to make others: as administrator of the database's server "
    'say ALTER ROLE "{}" CREATEROLE.'
)
_LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_GRANT = re.compile(r"([SIUD])(\([^)]*\))?")
_VIEWERS, _ADMINISTRATORS = GROUPS[Role.VIEWER], GROUPS[Role.ADMINISTRATOR]

# Temporary tables and large objects are no part of any act. What belongs to somebody else is left to them.
_NOTHING_BESIDE = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_database WHERE datname = current_database()
               AND pg_has_role(current_user, datdba, 'USAGE')) THEN
        EXECUTE format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database());
    END IF;
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
    END IF;
END $$
"""


def install(connection: Connection) -> None:
    """Everything as it should be, whatever there was before. StoreUnusable where the owner of the tables may
    make no roles."""
    owner = connection.execute(
        text("SELECT current_user, rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    ).one()
    if not owner[1]:
        raise StoreUnusable(CANNOT_MAKE_ROLES.format(owner[0]))
    for group in (LOGINS, *GROUPS.values()):
        _make_group(connection, group)
    for statement in (*_functions(), *_tables(), *masked.statements(_VIEWERS, _ADMINISTRATORS), *_keeping()):
        _say(connection, statement)
    connection.execute(
        text("INSERT INTO rights.act (name, held_by) VALUES (:name, :held_by)"),
        [{"name": name, "held_by": GROUPS[role]} for name, roles in ACTS.items() for role in roles],
    )


def put_away_views(connection: Connection) -> None:
    """A table that is to have another form must have no view; `install` makes them again."""
    if is_installed(connection):
        for statement in masked.drops():
            _say(connection, statement)


def is_installed(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        return False
    found = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    return connection.execute(found, {"name": RIGHTS_SCHEMA}).first() is not None


def _make_group(connection: Connection, name: str) -> None:
    """Roles are the whole server's: another database of it may have made them."""
    _say(
        connection,
        f"DO $$ BEGIN CREATE ROLE {name} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    )


def _functions() -> Iterator[str]:
    """What may be run is the administrators' few; policies and triggers run theirs for everybody."""
    yield f"CREATE SCHEMA IF NOT EXISTS {RIGHTS_SCHEMA}"
    yield f"GRANT USAGE ON SCHEMA {RIGHTS_SCHEMA} TO {_ADMINISTRATORS}"
    yield "CREATE TABLE IF NOT EXISTS rights.act (name text, held_by text, PRIMARY KEY (name, held_by))"
    yield "DELETE FROM rights.act"
    yield from (*triggers.FUNCTIONS, *login_keeping.FUNCTIONS)
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {RIGHTS_SCHEMA} FROM PUBLIC"
    for function in login_keeping.FOR_ADMINISTRATORS:
        yield f"GRANT EXECUTE ON FUNCTION rights.{function} TO {_ADMINISTRATORS}"


def _tables() -> Iterator[str]:
    everybody = ", ".join(GROUPS.values())
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {everybody}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {everybody}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {everybody}"
    for role, tables in GRANTS.items():
        group = GROUPS[role]
        if tables:
            yield f"GRANT USAGE ON SCHEMA public TO {group}"
        for table, letters in tables.items():
            yield from _grants("public", table, letters, group)
        if "I" in tables.get("outbox", ""):
            yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {group}"
    for table, function, when, which in triggers.TRIGGERS:
        yield (
            f"CREATE OR REPLACE TRIGGER {function} {when} ON public.{table} FOR EACH ROW {which}"
            f" EXECUTE FUNCTION rights.{function}()"
        )
    for table, name, verb, whose, condition in POLICIES:
        yield f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY"
        yield f"DROP POLICY IF EXISTS {name} ON public.{table}"
        yield f"CREATE POLICY {name} ON public.{table} FOR {verb} TO {whose} {condition}"
    yield _NOTHING_BESIDE


def _keeping() -> Iterator[str]:
    for table, letters in KEEPING.items():
        yield from _grants(masked.KEEPING_SCHEMA, table, letters, _ADMINISTRATORS)


def _grants(where: str, table: str, letters: str, group: str) -> Iterator[str]:
    for letter, columns in _GRANT.findall(letters):
        yield f"GRANT {_LETTERS[letter]} {columns} ON {where}.{table} TO {group}"


def _say(connection: Connection, words: str) -> None:
    connection.exec_driver_sql(words.replace("%", "%%"))
