"""The rights of a shared database, as SQL: group roles, grants, policies, triggers, and what keeps logins.

Everything may be said again: after a new version, and in a second database of the same server, whose roles
are the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from dispatch.errors import StoreUnusable
from dispatch.records import Role
from dispatch.rights import ACTS, OUTCOME
from dispatch.store import masked
from dispatch.store.grants import GRANTS, GROUPS, KEEPING, LOGINS

RIGHTS_SCHEMA = "rights"
# A login in small letters; the server's own names (pg_...) and our groups are none.
LOGIN_PATTERN = "^[a-z][a-z0-9_.-]{1,39}$"
CANNOT_MAKE_ROLES = (
    "The login that sets up a room must be able to make others: as administrator of the database's server "
    'say ALTER ROLE "{}" CREATEROLE.'
)
_LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
_GRANT = re.compile(r"([SIUD])(\([^)]*\))?")
_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_VIEWERS, _ADMINISTRATORS, _SYNC = (GROUPS[role] for role in (Role.VIEWER, Role.ADMINISTRATOR, Role.SYNC))
_GROUP_LIST = ", ".join(f"'{group}'" for group in GROUPS.values())

# Of whoever this session signed in as, whatever role it has taken since; NULL for who is no person of ours.
_OWN_NAME = f"""
CREATE OR REPLACE FUNCTION rights.own_name() RETURNS text LANGUAGE sql STABLE {_DEFINER} AS $$
    SELECT name FROM public.person WHERE login = session_user AND is_active = 1
$$
"""
# A line is written in one's own name, and of an act that one's role may do. What a seat kept while the
# database was away may be sent by who sits there by then: such a line names their login in its detail. An act
# the table has never heard of is of a newer program, which has looked itself.
_HOLD_LINE = f"""
CREATE OR REPLACE FUNCTION rights.hold_line() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
    own text := rights.own_name();
    named text := CASE WHEN NEW.act = 'close' AND NEW.subject <> '' THEN '{OUTCOME}' ELSE NEW.act END;
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;  -- the owner of the tables
    END IF;
    IF own <> NEW.person AND NOT pg_has_role(session_user, '{_SYNC}', 'MEMBER') THEN
        IF position('"kept_by"' IN NEW.detail) = 0 THEN
            RAISE insufficient_privilege USING MESSAGE = 'a log line in the name of somebody else';
        ELSIF (NEW.detail::jsonb ->> 'kept_by') IS DISTINCT FROM session_user::text THEN
            RAISE insufficient_privilege USING MESSAGE = 'a log line kept by somebody else';
        END IF;
    END IF;
    IF EXISTS (SELECT FROM rights.act WHERE name = named) AND NOT EXISTS (
        SELECT FROM rights.act WHERE name = named AND pg_has_role(session_user, held_by, 'MEMBER')
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an act beyond the role';
    END IF;
    RETURN NEW;
END $$
"""
# Claimed and asked for in one's own name; who has a claim may give it away.
_HOLD_CLAIM = f"""
CREATE OR REPLACE FUNCTION rights.hold_claim() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE own text := rights.own_name();
BEGIN
    IF own <> NEW.person AND (TG_OP = 'INSERT' OR own <> OLD.person) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a claim in the name of somebody else';
    END IF;
    RETURN NEW;
END $$
"""
# By these numbers a seat finds what it missed, and a line of the log that was cut off is missed.
_HOLD_FEED = """
CREATE OR REPLACE FUNCTION rights.hold_feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'the feed goes back';
END $$
"""
_GOES_BACK = " OR ".join(
    f"NEW.{name} < OLD.{name}" for name in ("n", "log_number", "request_key", "escalation_number")
)
_TRIGGERS = (
    ("activity_log", "hold_line", "BEFORE INSERT", ""),
    ("claim", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("claim_ask", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("feed", "hold_feed", "BEFORE UPDATE", f"WHEN ({_GOES_BACK})"),
)
_READERS = ", ".join(GROUPS[role] for role, tables in GRANTS.items() if "outbox" in tables)
_OPERATOR, _SUPERVISOR, _MANAGER = (GROUPS[role] for role in (Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER))
_OF_A_HAND_OVER = "split_part(outbox_id, ':', 1) IN (SELECT escalation_id FROM public.escalation)"
# (table, name, for what, whose, condition). A policy binds everybody but the owner.
_POLICIES = (
    ("outbox", "read", "SELECT", _READERS, "USING (true)"),
    ("outbox", "put", "INSERT", f"{_OPERATOR}, {_SUPERVISOR}", "WITH CHECK (true)"),
    ("outbox", "answer", "INSERT", f"{_MANAGER}, {_SYNC}", f"WITH CHECK ({_OF_A_HAND_OVER})"),
    ("outbox", "change", "UPDATE", f"{_OPERATOR}, {_SUPERVISOR}, {_SYNC}", "USING (true)"),
    ("notice", "read", "SELECT", _READERS, "USING (true)"),
    ("notice", "draft", "ALL", _OPERATOR, "USING (state = 'draft') WITH CHECK (state = 'draft')"),
    ("notice", "approve", "ALL", f"{_SUPERVISOR}, {_MANAGER}", "USING (true) WITH CHECK (true)"),
)

# What keeps people keeps logins of ours alone, and makes none that could do more than its group. They are run
# by an administrator in the name of the owner: a login that may make roles itself could make any.
_KEEPING = (
    f"""
CREATE OR REPLACE FUNCTION rights.must_be_ours(login text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_roles r JOIN pg_auth_members m ON m.member = r.oid
        WHERE r.rolname = login AND m.roleid = '{LOGINS}'::regrole
        AND NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
    ) THEN
        RAISE 'There is no login % of this room: look at the list of people.', login;
    END IF;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION rights.set_secret(login text, secret text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
    PERFORM rights.must_be_ours(login);
    IF secret NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE 'A password is kept as SCRAM-SHA-256 only.';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', login, secret);
END $$""",
    f"""
CREATE OR REPLACE FUNCTION rights.leave_groups(login text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE held name;
BEGIN
    FOR held IN
        SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
        JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = login AND g.rolname IN ({_GROUP_LIST})
    LOOP
        EXECUTE format('REVOKE %I FROM %I', held, login);
    END LOOP;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION rights.change_group(login text, into_group text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
    PERFORM rights.must_be_ours(login);
    IF into_group NOT IN ({_GROUP_LIST}) THEN
        RAISE 'There is no role % here.', into_group;
    END IF;
    PERFORM rights.leave_groups(login);
    EXECUTE format('GRANT %I TO %I', into_group, login);
    CASE into_group
        WHEN '{_VIEWERS}' THEN
            EXECUTE format('ALTER ROLE %I SET search_path = {masked.MASKED_SCHEMA}', login);
        WHEN '{_ADMINISTRATORS}' THEN
            EXECUTE format(
                'ALTER ROLE %I SET search_path = {masked.KEEPING_SCHEMA}, {masked.MASKED_SCHEMA}', login);
        ELSE
            EXECUTE format('ALTER ROLE %I SET search_path = public', login);
    END CASE;
END $$""",
    f"""
CREATE OR REPLACE FUNCTION rights.add_login(login text, secret text, into_group text) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
    IF login !~ '{LOGIN_PATTERN}' OR login LIKE 'pg\\_%' OR login IN ({_GROUP_LIST}, '{LOGINS}') THEN
        RAISE 'A login is 2 to 40 small letters, digits, dots and dashes, a letter first.';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) THEN
        EXECUTE format('CREATE ROLE %I', login);
        EXECUTE format('GRANT {LOGINS} TO %I', login);
    ELSIF NOT EXISTS (
        SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
        WHERE r.rolname = login AND m.roleid = '{LOGINS}'::regrole
    ) THEN
        RAISE 'The database''s server has a login % for something else: choose another, or let its '
            'administrator say GRANT {LOGINS} TO "%".', login, login;
    END IF;
    PERFORM rights.change_group(login, into_group);
    IF secret <> '' THEN
        PERFORM rights.set_secret(login, secret);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN', login);
END $$""",
    # Out of its group first: a session that slips in before this is committed finds nothing it may do.
    f"""
CREATE OR REPLACE FUNCTION rights.close_login(login text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE is_lent boolean := false;
BEGIN
    PERFORM rights.must_be_ours(login);
    PERFORM rights.leave_groups(login);
    EXECUTE format('ALTER ROLE %I NOLOGIN', login);
    -- Whoever ends a session has to be a member of whose it is.
    IF NOT pg_has_role(current_user, login, 'USAGE') THEN
        EXECUTE format('GRANT %I TO %I', login, current_user);
        is_lent := true;
    END IF;
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = login;
    IF is_lent THEN
        EXECUTE format('REVOKE %I FROM %I', login, current_user);
    END IF;
END $$""",
)
_FOR_ADMINISTRATORS = (
    "add_login(text, text, text)",
    "change_group(text, text)",
    "set_secret(text, text)",
    "close_login(text)",
)
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
    yield from (_OWN_NAME, _HOLD_LINE, _HOLD_CLAIM, _HOLD_FEED, *_KEEPING)
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {RIGHTS_SCHEMA} FROM PUBLIC"
    for function in _FOR_ADMINISTRATORS:
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
    for table, function, when, which in _TRIGGERS:
        yield (
            f"CREATE OR REPLACE TRIGGER {function} {when} ON public.{table} FOR EACH ROW {which}"
            f" EXECUTE FUNCTION rights.{function}()"
        )
    for table, name, verb, whose, condition in _POLICIES:
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
