"""The functions by which an administrator keeps logins, as SQL.

They are run in the name of the owner, keep logins of ours alone, and make none that could do more than its
group: a login that may make roles itself could make any.
"""

from __future__ import annotations

from dispatch.records import Role
from dispatch.store import masked
from dispatch.store.grants import DEFINER, GROUPS, LOGINS

# A login in small letters; the server's own names (pg_...) and our groups are none.
LOGIN_PATTERN = "^[a-z][a-z0-9_.-]{1,39}$"
_VIEWERS, _ADMINISTRATORS = GROUPS[Role.VIEWER], GROUPS[Role.ADMINISTRATOR]
_GROUP_LIST = ", ".join(f"'{group}'" for group in GROUPS.values())

FUNCTIONS = (
    f"""
CREATE OR REPLACE FUNCTION rights.must_be_ours(login text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
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
LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM rights.must_be_ours(login);
    IF secret NOT LIKE 'SCRAM-SHA-256$%' THEN
        RAISE 'A password is kept as SCRAM-SHA-256 only.';
    END IF;
    EXECUTE format('ALTER ROLE %I PASSWORD %L', login, secret);
END $$""",
    f"""
CREATE OR REPLACE FUNCTION rights.leave_groups(login text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
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
LANGUAGE plpgsql {DEFINER} AS $$
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
LANGUAGE plpgsql {DEFINER} AS $$
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
CREATE OR REPLACE FUNCTION rights.close_login(login text) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
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
FOR_ADMINISTRATORS = (
    "add_login(text, text, text)",
    "change_group(text, text)",
    "set_secret(text, text)",
    "close_login(text)",
)
