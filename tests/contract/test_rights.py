"""Who may do what on a shared database, said by the database itself: every role against every act, by SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import func, select

from dispatch import rights as acts
from dispatch.clock import WallClock
from dispatch.errors import NotAllowed, StoreUnusable
from dispatch.forms import notable
from dispatch.records import Actor, Role
from dispatch.store import rights, schema
from dispatch.store.store import open_store
from tests.postgres import PostgresServer

LOGINS = {
    Role.VIEWER: "wall",
    Role.OPERATOR: "ana",
    Role.SUPERVISOR: "sam",
    Role.MANAGER: "emma",
    Role.ADMINISTRATOR: "adam",
    Role.SYNC: "syncer",
}
NAMES = {role: login.title() for role, login in LOGINS.items()}
# In the order of the letters below: viewer, operator, supervisor, emergency manager, administrator, sync.
ROLES = tuple(LOGINS)
ROOM, HEADS, BOSS = "-OSM-Y", "--SM--", "--S---"

LOG = (
    "INSERT INTO activity_log (number, at, person, act, previous_hash, hash)"
    " VALUES (1000, 1, '{name}', '{act}', 'x', 'y')"
)
FEED = "SELECT n FROM feed FOR UPDATE"
# What an act says to the database, beside taking the feed and writing its log line and change.
ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "claim": (ROOM, ("INSERT INTO claim (site_id, person, seat, at) VALUES (1, '{name}', 's', 1)",)),
    "let_go": (ROOM, ("DELETE FROM claim WHERE site_id = 2",)),
    "give": (ROOM, ("UPDATE claim SET person = 'Ben' WHERE site_id = 2", "DELETE FROM claim_ask")),
    "ask_for": (ROOM, ("INSERT INTO claim_ask (site_id, person, at) VALUES (2, '{name}', 1)",)),
    "band": (ROOM, ("UPDATE site SET own_band = 1, own_band_who = '{name}' WHERE site_id = 1",)),
    "wait": (ROOM, ("UPDATE site SET state = 2, state_reason = 'owner' WHERE site_id = 1",)),
    "resume": (ROOM, ("UPDATE site SET state = 1 WHERE site_id = 1",)),
    "snooze": (ROOM, ("UPDATE site SET snoozed_until = 9 WHERE site_id = 1",)),
    "close": (ROOM, ("UPDATE site SET state = 3 WHERE site_id = 1", "DELETE FROM claim WHERE site_id = 2")),
    "reopen": (ROOM, ("UPDATE site SET state = 1, closed_at = NULL WHERE site_id = 1",)),
    "merge": (ROOM, ("UPDATE membership SET site_id = 2 WHERE request_key = 1",)),
    "split": (ROOM, ("UPDATE membership SET site_id = 1 WHERE request_key = 1",)),
    "link": (ROOM, ("INSERT INTO link (site_id, other_id) VALUES (1, 2)",)),
    "not_the_same": (ROOM, ("UPDATE suggestion SET decided = 'no'",)),
    "note": (ROOM, ("INSERT INTO fact (fact_id, site_id, name, at) VALUES ('n', 1, 'note', 1)",)),
    "911": (ROOM, ("INSERT INTO fact (fact_id, site_id, name, at) VALUES ('9', 1, '911', 1)",)),
    "made_safe": (ROOM, ("INSERT INTO fact (fact_id, site_id, name, at) VALUES ('m', 1, 'made_safe', 1)",)),
    "message": (
        ROOM,
        (
            "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
            " VALUES ('o', 'message', 1, 'x', 'queued', 1, 1)",
        ),
    ),
    "take_back": (ROOM, ("UPDATE outbox SET state = 'taken_back'",)),
    "call": (
        ROOM,
        (
            "INSERT INTO request (request_key, server_id, digest, status, created_at, updated_at)"
            " VALUES (77, 1, '', 'open', 1, 1)",
            "INSERT INTO site (site_id, activation_id, band, assessed_band, score, first_at, last_at,"
            " reports, flags) VALUES (77, 'a', 3, 3, 1, 1, 1, 1, 0)",
            "INSERT INTO membership (request_key, site_id) VALUES (77, 77)",
        ),
    ),
    "escalate": (
        ROOM,
        (
            "INSERT INTO escalation (escalation_id, number, site_id, state, created_at, body)"
            " VALUES ('e9', 'EOC-9', 1, 'sent', 1, '{{}}')",
            "INSERT INTO escalation_of_site (escalation_id, site_id) VALUES ('e9', 1)",
            "INSERT INTO delivery (delivery_id, escalation_id, channel, state, at)"
            " VALUES ('d9', 'e9', 'desk', 'queued', 1)",
        ),
    ),
    "accept": (ROOM, ("UPDATE escalation SET state = 'accepted' WHERE escalation_id = 'e'",)),
    "return": (ROOM, ("UPDATE escalation SET state = 'returned' WHERE escalation_id = 'e'",)),
    "answer_read": (ROOM, ("UPDATE incoming SET state = 'read'",)),
    "form": (
        ROOM,
        ("INSERT INTO form (form_id, version, activation_id, kind, at, body) VALUES ('f',1,'a','x',1,'')",),
    ),
    "shelve": (
        ROOM,
        (
            "INSERT INTO alarm_shelf (activation_id, kind, site_id, reason, at, until)"
            " VALUES ('a', 'p1', 1, 'x', 1, 2)",
        ),
    ),
    "unshelve": (ROOM, ("DELETE FROM alarm_shelf",)),
    "suspend": (
        HEADS,
        ("INSERT INTO suspension (activation_id, service, since_at, review_at) VALUES ('a','police',1,2)",),
    ),
    "resume_service": (HEADS, ("DELETE FROM suspension",)),
    "desk_taken": (
        HEADS,
        ("INSERT INTO roster (activation_id, desk, person, since_at) VALUES ('a', 'Fire', 'x', 1)",),
    ),
    "storm_mode": ("--S-AY", ("UPDATE activation SET storm_mode = 0",)),
    "profile": (BOSS, ("INSERT INTO profile (activation_id, version, at, body) VALUES ('a', 5, 1, '')",)),
    "notice drafted": (
        "-OSM-Y",
        (
            "INSERT INTO notice (notice_id, activation_id, state, created_at, body)"
            " VALUES ('n2', 'a', 'draft', 1, '')",
        ),
    ),
    "notice approved": (HEADS, ("UPDATE notice SET state = 'live' WHERE notice_id = 'n'",)),
    "person_added": (
        "----A-",
        ("INSERT INTO person (login, name, role, at) VALUES ('eve', 'Eve', 'operator', 1)",),
    ),
    "person_role": ("----A-", ("UPDATE person SET role = 'supervisor' WHERE login = 'ana'",)),
    "person_closed": ("----A-", ("UPDATE person SET is_active = 0 WHERE login = 'ana'",)),
    "server": (
        "----AY",
        ("UPDATE server SET capabilities = 'x'",),
    ),
    "a page of reports": (
        "-----Y",
        (
            "INSERT INTO request (request_key, server_id, remote_id, digest, status, created_at, updated_at)"
            " VALUES (78, 1, '78', '', 'open', 1, 1)",
        ),
    ),
    "a report changed by its server": ("-----Y", ("UPDATE request SET description = 'x'",)),
    "a message read from its server": (
        "-----Y",
        ("INSERT INTO message (request_key, message_id, at) VALUES (1, 'm2', 1)",),
    ),
    "a broken row set aside": (
        "-----Y",
        ("INSERT INTO quarantine (digest, server_id, at, reason, raw) VALUES ('q', 1, 1, 'x', '')",),
    ),
    "taking the syncing over": ("-----Y", ("UPDATE syncing SET holder = 'me'",)),
}
# What nobody may do, whatever their role: each ends in a refusal by the database.
ATTACKS = {
    "change a log line": "UPDATE activity_log SET person = 'x'",
    "delete the log": "DELETE FROM activity_log",
    "empty the log": "TRUNCATE public.activity_log",
    "change a change": "UPDATE change SET body = '{{}}'",
    "change a fact": "UPDATE fact SET value = ''",
    "delete a form": "DELETE FROM form",
    "change a form": "UPDATE form SET body = ''",
    "delete a site": "DELETE FROM site",
    "delete a hand-over": "DELETE FROM escalation",
    "drop a table": "DROP TABLE public.site",
    "make a table": "CREATE TABLE public.mine (x int)",
    "make a masked view": "CREATE VIEW masked.mine AS SELECT 1",
    "switch a trigger off": "ALTER TABLE public.activity_log DISABLE TRIGGER own_name",
    "switch a policy off": "ALTER TABLE public.claim DISABLE ROW LEVEL SECURITY",
    "replace a function": "CREATE OR REPLACE FUNCTION landfall_name() RETURNS text AS '' LANGUAGE sql",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
    "run a program": "COPY feed TO PROGRAM 'cat'",
    "become the owner": "SET ROLE postgres",
    "become a supervisor": "SET SESSION AUTHORIZATION postgres",
    "make a login": "CREATE ROLE evil LOGIN",
    "raise one's role": "GRANT landfall_supervisor TO CURRENT_USER",
    "pretend to be migrated": "UPDATE alembic_version SET version_num = '0001'",
}
# The latter: what a viewer sees of a table is a view, into which nothing can be written.
REFUSED = (errors.InsufficientPrivilege, errors.ObjectNotInPrerequisiteState, errors.FeatureNotSupported)
WORDS = ("Maria", "727-555", "oxygen", "SecretHash", "Elm St")


@dataclass(frozen=True)
class City:
    """A database with one restricted site, and a login for each role."""

    server: PostgresServer
    url: str

    def line(self, role: Role) -> psycopg.Connection[Any]:
        path = self.url.partition("://postgres@/")[2]
        name, _, host = path.partition("?host=")
        return psycopg.connect(dbname=name, host=host, user=LOGINS[role])

    def url_of(self, role: Role) -> str:
        return self.url.replace("postgres@/", f"{LOGINS[role]}@/")


@pytest.fixture(scope="module")
def room(postgres: PostgresServer) -> Iterator[City]:
    url = postgres.new_database()
    store = open_store(url, clock=WallClock())
    with store.owning() as connection:
        for statement in FILL:
            connection.exec_driver_sql(statement)
        rights.install(connection)
        rights.install(connection)  # again, as after a new version
        for role, login in LOGINS.items():
            rights.add_login(connection, login, "correct horse battery", role)
            connection.execute(
                schema.person.insert().values(
                    login=login, name=NAMES[role], role=role.value, password_hash="SecretHash", at=1
                )
            )
    store.close()
    yield City(postgres, url)
    postgres.drop(url)


FILL = (
    "INSERT INTO activation (activation_id, name, is_exercise, started_at, storm_mode, is_current)"
    " VALUES ('a', 'Test', 1, 1, 1, 1)",
    "INSERT INTO server (server_id, address, kind, is_current)"
    " VALUES (1, 'https://x.example', 'georeport', 1)",
    "INSERT INTO request (request_key, server_id, remote_id, digest, status, description, reporter_name,"
    " address, created_at, updated_at) VALUES (1, 1, '1', '', 'open', 'Mother on oxygen, 727-555-0100',"
    " 'Maria Lopez', '12 Elm St', 1, 1)",
    "INSERT INTO message (request_key, message_id, text, author_name, at)"
    " VALUES (1, 'm', 'call Maria 727-555-0100', 'Maria', 1)",
    *(
        "INSERT INTO site (site_id, activation_id, band, assessed_band, score, first_at, last_at, reports,"
        f" flags, what, where_words, lat, lng, state_note) VALUES ({n}, 'a', 1, 1, 9, 1, 1, 1, 2,"
        " 'Mother on oxygen', '12 Elm St', 27.7, -82.6, 'Maria called')"
        for n in (1, 2)
    ),
    "INSERT INTO membership (request_key, site_id) VALUES (1, 1)",
    "INSERT INTO fact (fact_id, site_id, name, value, who, at)"
    " VALUES ('f', 1, 'note', 'Maria, Elm St', 'x', 1)",
    "INSERT INTO assessment (request_key, band, score, is_assessed, is_set_aside, reasons)"
    " VALUES (1, 1, 9, 1, 0, 'says oxygen')",
    "INSERT INTO claim (site_id, person, seat, at) VALUES (2, 'Ben', 's2', 1)",
    "INSERT INTO suggestion (site_id, other_id, likeness, why, at) VALUES (1, 2, 0.9, 'Elm St', 1)",
    "INSERT INTO escalation (escalation_id, number, site_id, state, created_at, body)"
    " VALUES ('e', 'EOC-1', 1, 'sent', 1,"
    ' \'{"call_back": "727-555-0100", "people": "Maria", "desk": "Fire"}\')',
    "INSERT INTO escalation_of_site (escalation_id, site_id) VALUES ('e', 1)",
    "INSERT INTO incoming (incoming_key, state, at, body) VALUES ('i', 'new', 1, 'Maria')",
    "INSERT INTO outbox (outbox_id, kind, request_key, text, state, at, due_at)"
    " VALUES ('o1', 'message', 1, 'to Maria', 'queued', 1, 1)",
    "INSERT INTO notice (notice_id, activation_id, state, created_at, body)"
    " VALUES ('n', 'a', 'draft', 1, '')",
    "INSERT INTO quarantine (digest, server_id, at, reason, raw) VALUES ('k', 1, 1, 'x', 'Maria')",
)


def tried(line: psycopg.Connection[Any], statements: tuple[str, ...]) -> str:
    """ "ok", "refused", or "nothing" where a policy left no row to change; all of it rolled back."""
    outcome = "ok"
    with line.transaction(force_rollback=True):
        try:
            for statement in statements:
                # A change of no row is a refusal by a policy, unless there was none to change.
                if line.execute(statement.encode()).rowcount == 0 and statement.startswith("UPDATE"):
                    outcome = "nothing"
        except REFUSED:
            outcome = "refused"
    return outcome


def test_every_role_against_every_act(room: City, say_table: Callable[[str, list[str]], None]) -> None:
    table = [f"{'act':34}" + "".join(f"{role.value[:9]:>11}" for role in ROLES)]
    wrong = []
    lines = {role: room.line(role) for role in ROLES}
    for act, (letters, statements) in ACTS.items():
        outcomes = []
        for role, letter in zip(ROLES, letters, strict=True):
            own = {"name": NAMES[role], "act": act}
            said = tuple(each.format(**own) for each in (FEED, *statements, LOG))
            if letter == "-":  # what the act itself asks for, without what every act does
                said = tuple(each.format(**own) for each in statements)
            outcomes.append(tried(lines[role], said))
            if (outcomes[-1] == "ok") is not (letter != "-"):
                wrong.append((act, role.value, outcomes[-1]))
        table.append(f"{act:34}" + "".join(f"{each:>11}" for each in outcomes))
    for each in lines.values():
        each.close()
    say_table("Every role against every act, by SQL", table)
    assert not wrong


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_nobody_may_do(room: City, attack: str) -> None:
    for role in ROLES:
        with room.line(role) as line:
            with pytest.raises(REFUSED):
                line.execute(ATTACKS[attack].replace("{{}}", "{}").encode())
            line.rollback()


def test_a_viewers_stolen_connection_reads_no_restricted_word(room: City) -> None:
    """S15: every column of every table it can reach, in both schemas."""
    read = 0
    with room.line(Role.VIEWER) as line:
        found = line.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns"
            " WHERE table_schema IN ('public', 'masked', 'unseen')"
        ).fetchall()
        for where, table, column in found:
            try:
                with line.transaction():
                    rows = line.execute(f'SELECT "{column}"::text FROM {where}."{table}"'.encode()).fetchall()
            except errors.InsufficientPrivilege:
                continue
            read += 1
            assert not [row for row in rows if any(word in str(row) for word in WORDS)], (table, column)
        assert line.execute("SELECT what, lat FROM site WHERE site_id = 1").fetchone() == (
            "Life safety",
            None,
        )
        with pytest.raises(errors.InsufficientPrivilege), line.transaction():
            line.execute("SET search_path = public; SELECT description FROM request")
        # A function of one's own in a condition sees no hidden row before the view has hidden it.
        with line.transaction(force_rollback=True):
            rows = line.execute("SELECT site_id FROM site WHERE where_words ~ 'Elm'").fetchall()
            assert not rows
    assert read > 40


def test_a_line_or_a_claim_in_the_name_of_another_person_is_refused(room: City) -> None:
    with room.line(Role.OPERATOR) as line:
        assert tried(line, (LOG.format(name="Sam", act="note"),)) == "refused"
        claim = "INSERT INTO claim (site_id, person, seat, at) VALUES (1, 'Sam', 's', 1)"
        assert tried(line, (claim,)) == "refused"
        kept = LOG.replace("hash)", "hash, detail)").replace("'y')", "'y', '{{\"kept_by\": \"ana\"}}')")
        assert tried(line, (kept.format(name="Sam", act="note"),)) == "ok"


def test_the_database_knows_who_a_session_is(room: City) -> None:
    store = open_store(room.url_of(Role.SUPERVISOR), clock=WallClock())
    with store.reading() as connection:
        assert rights.account(connection) == ("sam", "Sam", Role.SUPERVISOR)
    store.close()


def test_an_act_that_the_database_refuses_is_a_sentence_and_leaves_nothing(room: City) -> None:
    store = open_store(room.url_of(Role.OPERATOR), clock=WallClock())
    actor = Actor("a", "Ana", "Operator", "Seat 1")  # a program that knows of no roles
    with pytest.raises(NotAllowed, match="ask a supervisor"), store.transaction(actor) as tx:
        tx.log("suspend", "field response suspended: fire")
        tx.connection.execute(
            schema.suspension.insert().values(activation_id="a", service="fire", since_at=1, review_at=2)
        )
    with store.reading() as connection:
        assert not connection.execute(select(func.count()).select_from(schema.activity_log)).scalar_one()
    store.close()


def test_a_closed_login_opens_no_session(room: City) -> None:
    owner = open_store(room.url, clock=WallClock())
    with owner.owning() as connection:
        rights.add_login(connection, "leaver", "correct horse battery", Role.OPERATOR)
    gone = room.url.replace("postgres@/", "leaver@/")
    seat = open_store(gone, clock=WallClock())
    assert seat.feed_number() == 0
    with owner.owning() as connection:
        rights.close_login(connection, "leaver")
    with pytest.raises(StoreUnusable):
        seat.feed_number()
    with pytest.raises(StoreUnusable):
        open_store(gone, clock=WallClock())
    seat.close()
    owner.close()


def test_a_new_database_says_who_has_to_make_its_tables(postgres: PostgresServer, room: City) -> None:
    empty = postgres.new_database()
    with pytest.raises(NotAllowed):
        open_store(empty.replace("postgres@/", "ana@/"), clock=WallClock())
    postgres.drop(empty)


def test_roles_need_a_shared_database(tmp_path: Any) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    with pytest.raises(StoreUnusable, match="no roles"), store.owning() as connection:
        rights.install(connection)
    store.close()


def test_every_act_has_its_roles_and_each_refusal_names_who_may() -> None:
    every = set(notable.NOTABLE) | notable.QUIET
    for act in every:
        assert not acts.may(Role.VIEWER, act) or act == "signed_in"
        assert acts.may(None, act)
        for role in Role:
            assert bool(acts.why_not(role, act)) is not acts.may(role, act)
    assert acts.why_not(Role.OPERATOR, "suspend") == (
        "This is not for an operator: ask a supervisor or the emergency manager."
    )
