"""What a shared database looks at before a row is written, as SQL: whose name a line and a claim bear, which
act the line is of, that the feed goes on."""

from __future__ import annotations

from dispatch.records import Role
from dispatch.rights import OUTCOME
from dispatch.store.grants import DEFINER, GROUPS

_SYNC = GROUPS[Role.SYNC]

# Of whoever this session signed in as, whatever role it has taken since; NULL for who is no person of ours.
_OWN_NAME = f"""
CREATE OR REPLACE FUNCTION rights.own_name() RETURNS text LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT name FROM public.person WHERE login = session_user AND is_active = 1
$$
"""
# A line is written in one's own name, and of an act that one's role may do. What a seat kept while the
# database was away may be sent by who sits there by then: such a line names their login in its detail. An act
# the table has never heard of is of a newer program, which has looked itself.
_HOLD_LINE = f"""
CREATE OR REPLACE FUNCTION rights.hold_line() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
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
CREATE OR REPLACE FUNCTION rights.hold_claim() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
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
FUNCTIONS = (_OWN_NAME, _HOLD_LINE, _HOLD_CLAIM, _HOLD_FEED)
# (table, function, when, which rows)
TRIGGERS = (
    ("activity_log", "hold_line", "BEFORE INSERT", ""),
    ("claim", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("claim_ask", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("feed", "hold_feed", "BEFORE UPDATE", f"WHEN ({_GOES_BACK})"),
)
