"""What a shared database looks at before a row is written, as SQL: whose name a line and a claim bear, which
act the line is of, that the feed goes on."""

from __future__ import annotations

from dispatch.records import Role
from dispatch.rights import OUTCOME
from dispatch.store.grants import DEFINER, GROUPS

_SYNC, _MANAGER = GROUPS[Role.SYNC], GROUPS[Role.MANAGER]

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
# A notice goes step by step, each in one's own name; nobody approves what they wrote, nor twice. Orders
# (evacuation, shelter, re-entry) need the emergency manager as the second, and to be published. Whoever the
# room does not know as a person takes no step at all.
_HOLD_NOTICE = f"""
CREATE OR REPLACE FUNCTION rights.hold_notice() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    own text := coalesce(rights.own_name(), '');
    is_order boolean := NEW.kind IN ('evacuation', 'shelter', 'reentry');
    is_manager boolean := pg_has_role(session_user, '{_MANAGER}', 'MEMBER');
    no text := '';
    step text;
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;  -- the owner of the tables
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR own = '' OR NEW.drafted_by <> own OR NEW.edited_by <> own
            OR NEW.approved_by || NEW.second_by || NEW.published_by <> '' THEN
            RAISE insufficient_privilege USING MESSAGE = 'a notice begins as one''s own draft';
        END IF;
        RETURN NEW;
    END IF;
    step := OLD.state || ' ' || NEW.state;
    IF own = '' OR NEW.version <> OLD.version + 1 OR step NOT IN ('draft draft', 'draft submitted',
        'draft discarded', 'discarded draft', 'submitted draft', 'submitted approved', 'approved approved',
        'approved draft', 'approved live', 'live expired', 'live cancelled', 'live superseded') THEN
        no := 'no step that follows';
    ELSIF (NEW.notice_id, NEW.activation_id, NEW.number, NEW.created_at, NEW.drafted_by, NEW.updates)
        IS DISTINCT FROM
        (OLD.notice_id, OLD.activation_id, OLD.number, OLD.created_at, OLD.drafted_by, OLD.updates) THEN
        no := 'another notice';
    ELSIF (NEW.body, NEW.kind, NEW.starts_at, NEW.expires_at, NEW.edited_by)
        IS DISTINCT FROM (OLD.body, OLD.kind, OLD.starts_at, OLD.expires_at, OLD.edited_by)
        AND (step <> 'draft draft' OR NEW.edited_by <> own) THEN
        no := 'what was handed in is not changed';
    ELSIF step = 'submitted approved' THEN
        IF NEW.approved_by <> own OR own IN (NEW.drafted_by, NEW.edited_by) OR NEW.second_by <> '' THEN
            no := 'approved by who wrote it, or in another name';
        END IF;
    ELSIF step = 'approved approved' THEN
        IF NEW.second_by <> own OR OLD.second_by <> '' OR NEW.approved_by <> OLD.approved_by
            OR own IN (NEW.drafted_by, NEW.edited_by, NEW.approved_by) OR NOT is_manager THEN
            no := 'approved twice by one, or by nobody who may';
        END IF;
    ELSIF NEW.state = 'draft' THEN
        IF NEW.approved_by || NEW.second_by <> '' THEN
            no := 'a draft that is approved';
        END IF;
    ELSIF (NEW.approved_by, NEW.second_by) IS DISTINCT FROM (OLD.approved_by, OLD.second_by) THEN
        no := 'an approval by the way';
    END IF;
    IF no = '' AND step = 'approved live' AND (NEW.published_by <> own OR NEW.approved_by = ''
        OR NEW.expires_at <= NEW.starts_at OR is_order AND (NEW.second_by = '' OR NOT is_manager)) THEN
        no := 'published before it is approved';
    ELSIF no = '' AND step IN ('live cancelled', 'live superseded') AND is_order AND NOT is_manager THEN
        no := 'an order ended by somebody else';
    ELSIF no = '' AND step <> 'approved live' AND NEW.published_by <> OLD.published_by THEN
        no := 'published by the way';
    END IF;
    IF no <> '' THEN
        RAISE insufficient_privilege USING MESSAGE = 'a notice: ' || no;
    END IF;
    RETURN NEW;
END $$
"""
# What stands in the history of a notice is what it has just become, by who signed in.
_HOLD_NOTICE_VERSION = f"""
CREATE OR REPLACE FUNCTION rights.hold_notice_version() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;  -- the owner of the tables
    END IF;
    IF NOT pg_has_role(session_user, '{_SYNC}', 'MEMBER')
        AND NEW.person IS DISTINCT FROM rights.own_name() OR NOT EXISTS (
        SELECT FROM public.notice WHERE notice_id = NEW.notice_id AND version = NEW.version
        AND state = NEW.state
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a version that the notice does not have';
    END IF;
    RETURN NEW;
END $$
"""
# A snapshot is kept, reviewed and published, each in one's own name; what was reviewed is what is published.
# Only with its number come the differences and its edition into what is kept.
_HOLD_SNAPSHOT = f"""
CREATE OR REPLACE FUNCTION rights.hold_snapshot() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    own text := coalesce(rights.own_name(), '');
    step text;
    no text := '';
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;  -- the owner of the tables
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF own = '' OR NEW.made_by <> own OR NEW.number <> 0 OR NEW.reviewed_by || NEW.published_by <> ''
        THEN
            RAISE insufficient_privilege USING MESSAGE = 'a snapshot begins as one''s own working copy';
        END IF;
        RETURN NEW;
    END IF;
    step := OLD.state || ' ' || NEW.state;
    IF own = '' OR step NOT IN
        ('working reviewed', 'reviewed published', 'working discarded', 'reviewed discarded') THEN
        no := 'no step that follows';
    ELSIF step <> 'reviewed published' AND (NEW.number, NEW.replaces, NEW.content, NEW.published_by,
        NEW.published_at) IS DISTINCT FROM (OLD.number, OLD.replaces, OLD.content, OLD.published_by,
        OLD.published_at) THEN
        no := 'published by the way';
    ELSIF step <> 'working reviewed' AND (NEW.reviewed_by, NEW.reviewed_position, NEW.reviewed_at)
        IS DISTINCT FROM (OLD.reviewed_by, OLD.reviewed_position, OLD.reviewed_at) THEN
        no := 'reviewed by the way';
    ELSIF step = 'working reviewed' AND NEW.reviewed_by <> own
        OR step = 'reviewed published' AND NEW.published_by <> own THEN
        no := 'in the name of somebody else';
    ELSIF step = 'reviewed published' AND NEW.number <> 1 + (
        SELECT coalesce(max(number), 0) FROM public.snapshot_version
        WHERE activation_id = NEW.activation_id) THEN
        no := 'not the next number';
    END IF;
    IF no <> '' THEN
        RAISE insufficient_privilege USING MESSAGE = 'a snapshot: ' || no;
    END IF;
    RETURN NEW;
END $$
"""
# Records are collected, redacted and held in one's own name; what was withdrawn or lifted once stays so.
_HOLD_RECORD = f"""
CREATE OR REPLACE FUNCTION rights.hold_record() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    own text := coalesce(rights.own_name(), '');
    now_is jsonb := to_jsonb(NEW);
    ended_at text := coalesce(now_is ->> 'withdrawn_at', now_is ->> 'lifted_at');
    ended_by text := coalesce(now_is ->> 'withdrawn_by', now_is ->> 'lifted_by', '');
    was jsonb;
BEGIN
    IF pg_has_role(session_user, current_user, 'MEMBER') THEN
        RETURN NEW;  -- the owner of the tables
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF own = '' OR NEW.person <> own OR ended_at IS NOT NULL OR ended_by <> '' THEN
            RAISE insufficient_privilege USING MESSAGE = 'a record kept in the name of somebody else';
        END IF;
        RETURN NEW;
    END IF;
    was := to_jsonb(OLD);
    IF own = '' OR coalesce(was ->> 'withdrawn_at', was ->> 'lifted_at') IS NOT NULL
        OR ended_at IS NULL OR ended_by <> own THEN
        RAISE insufficient_privilege USING MESSAGE = 'no step that follows, or in the name of somebody else';
    END IF;
    RETURN NEW;
END $$
"""
_GOES_BACK = " OR ".join(
    f"NEW.{name} < OLD.{name}" for name in ("n", "log_number", "request_key", "escalation_number")
)
FUNCTIONS = (
    *(_OWN_NAME, _HOLD_LINE, _HOLD_CLAIM, _HOLD_FEED, _HOLD_NOTICE, _HOLD_NOTICE_VERSION),
    *(_HOLD_SNAPSHOT, _HOLD_RECORD),
)
# (table, function, when, which rows)
TRIGGERS = (
    ("activity_log", "hold_line", "BEFORE INSERT", ""),
    ("claim", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("claim_ask", "hold_claim", "BEFORE INSERT OR UPDATE", ""),
    ("notice", "hold_notice", "BEFORE INSERT OR UPDATE", ""),
    ("notice_version", "hold_notice_version", "BEFORE INSERT", ""),
    ("snapshot_version", "hold_snapshot", "BEFORE INSERT OR UPDATE", ""),
    *(
        (table, "hold_record", "BEFORE INSERT OR UPDATE", "")
        for table in ("records_request", "redaction", "legal_hold")
    ),
    ("feed", "hold_feed", "BEFORE UPDATE", f"WHEN ({_GOES_BACK})"),
)
