"""Opens the database and gives out transactions: the one way to write, and the change feed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from dispatch.acting import acting_now, as_kept
from dispatch.clock import Clock
from dispatch.errors import AlreadyDone, LandfallError, NotAllowed, StoreUnreachable, StoreUnusable
from dispatch.records import Actor, Changes
from dispatch.store import account, schema, search
from dispatch.store.outage import Outage
from dispatch.store.postgres import Line, engine_of, is_away
from dispatch.store.revision import REVISION
from dispatch.store.right_of_way import RightOfWay
from dispatch.store.transaction import FIRST_HASH, Transaction

T = TypeVar("T")

# PostgreSQL's own words for what a role may not do; the latter for a change of what is shown masked, and for
# tables that this login does not even find.
FORBIDDEN = ("42501", "0A000", "55000", "3F000", "42P01")
NOT_TO_MIGRATE = (
    "The tables of this database are not of this version, and the login you have may not bring them there: "
    "let whoever owns the database run python -m dispatch room --store URL once."
)
NOT_ALLOWED = (
    "The database does not let you do this with the login you have: ask a supervisor, or whoever keeps the "
    "people of this room."
)
BUSY_TIMEOUT_S = 10
# What PostgreSQL says to a login it does not let in: the line is refused before it has a code of its own.
# Where else an address may hold a password.
SECRET_WORDS = ("password", "sslpassword")
REFUSED = ("authentication failed", "no password supplied", "is not permitted to log in", "does not exist")
# 16 MB of the write-ahead file are moved into the database together. SQLite's own 1,000 pages are one commit
# of a first sync: the same leaves of its indexes would be written back after each, and the disk waited for.
CHECKPOINT_PAGES = 4_000
KINDS = ("sqlite", "postgresql+psycopg")
HOW_TO_SAY = "Write it like sqlite:////folder/seat.db or postgresql+psycopg://user@/name?host=server:5432."
# A process that was stopped in the middle of a transaction holds up the whole room for no longer than this.
LEFT_IDLE = "4s"
# Marks a connection whose next transaction writes; "durable" ones wait for the disk.
WRITES = "landfall_writes"
# What a line to the database was last told of waiting.
SYNCHRONOUS = "landfall_synchronous"


@dataclass(slots=True)
class Credentials:
    """Whom new lines of a shared database are opened as; nobody: as the address says."""

    login: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    """How another process of this seat reaches the same database, as the same person. It goes through pipes
    only, where nobody else can read it."""

    url: str = field(repr=False)
    login: str
    password: str = field(repr=False)


class Store:
    """One database. Writes go through `transaction`; reads see a consistent picture inside `reading`."""

    def __init__(self, engine: Engine, *, clock: Clock, credentials: Credentials | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self._credentials = credentials or Credentials()
        # SQLite's reads are of one moment anyway.
        one_moment = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._readers = engine.execution_options(**one_moment)
        file = engine.url.database if self.is_sqlite else None
        # Who syncs for the room, while this process does: its writes look whether it still is (sync_lock.py).
        self.fence = ""
        self.outage = Outage(clock)
        self._way = RightOfWay(Path(f"{file}-acts") if file else None)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def address(self) -> Address:
        url = self.engine.url.render_as_string(hide_password=False)
        return Address(url, self._credentials.login, self._credentials.password)

    @contextmanager
    def transaction(self, actor: Actor, *, durable: bool = True) -> Iterator[Transaction]:
        """One write: commits with its change number and log lines, or leaves nothing behind.

        `durable` acts reach the disk before this returns; the mirror can be fetched again and need not.
        Raises StoreUnusable when the database cannot be written (disk full, damaged, gone).
        """
        mode = "FULL" if durable else "NORMAL"
        if not durable:
            self._way.wait_for_acts()
        with (
            self._translated(),
            self._way.act() if durable else nullcontext(),
            self.engine.connect().execution_options(**{WRITES: mode}) as connection,
            connection.begin(),
        ):
            if not self.is_sqlite:
                self.outage.end()
                # As BEGIN IMMEDIATE does there: what an act has read still holds when it commits, and two
                # acts cannot lie in wait for each other.
                connection.execute(select(schema.feed.c.n, left_idle()).with_for_update())
                self._must_still_sync(connection)
            act = acting_now()
            if act is not None and not self.is_sqlite:
                self._begin_act(connection, act.next_id())
            at = act.kept_at if act and act.kept_at is not None else self.clock.now()
            transaction = Transaction(connection, as_kept(actor, act), at)
            if act and act.kept_by:
                transaction.kept_by = self._credentials.login or self.engine.url.username or ""
            yield transaction
            transaction.finish()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Failures of the database as sentences; where it is known to be away, at once."""
        self.outage.pass_or_raise()
        try:
            yield
        except DBAPIError as error:
            said = failure(error, self.engine)
            if isinstance(said, StoreUnreachable):
                self.outage.begin(str(said))
            raise said from error

    def _begin_act(self, connection: Connection, act_id: str) -> None:
        """In the same transaction as the act itself: both are there, or neither."""
        row = {"act_id": act_id, "at": self.clock.now()}
        known = select(schema.done.c.act_id).where(schema.done.c.act_id == act_id)
        if connection.execute(known).first() is not None:
            raise AlreadyDone("It is done already.")
        connection.execute(insert(schema.done).values(row))

    def _must_still_sync(self, connection: Connection) -> None:
        if self.fence and connection.execute(select(schema.syncing.c.holder)).scalar() != self.fence:
            raise StoreUnreachable("Another seat has taken over the syncing of this database.")

    @contextmanager
    def owning(self) -> Iterator[Connection]:
        """For what the owner of the tables changes about them and about who may use them, at once or not at
        all."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise failure(error, self.engine) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Several reads of one moment, whatever is committed meanwhile."""
        with self._translated(), self._readers.connect() as connection:
            self.outage.end()
            yield connection

    @contextmanager
    def loading(self) -> Iterator[Connection]:
        """One write beside the feed and the log: of rows that bring both with them."""
        try:
            with (
                self.engine.connect().execution_options(**{WRITES: "FULL"}) as connection,
                connection.begin(),
            ):
                yield connection
        except DBAPIError as error:
            raise StoreUnusable(_sentence(error, self.engine)) from error

    def connect_as(self, login: str, password: str, check: Callable[[Connection], T | None]) -> T | None:
        """From now on this is the login's line to a shared database; every part keeps its store. What `check`
        finds over the new line; None, and nothing is changed, where that is None or the database lets nobody
        in by this login and password. StoreUnusable where it cannot be reached."""
        found = try_login(self.engine.url, login, password, check)
        if found is not None:
            self._credentials.login, self._credentials.password = login, password
            # Lines in use are closed when they come back, idle ones now.
            self.engine.dispose()
        return found

    def account(self) -> account.Account | None:
        """Whom the database knows this seat's line to be; None where it knows nobody, and for one seat."""
        if self.is_sqlite:
            return None
        with self.reading() as connection:
            return account.account(connection)

    def feed_number(self) -> int:
        with self.reading() as connection:
            return int(connection.execute(select(schema.feed.c.n)).scalar_one())

    def changes_since(self, number: int) -> Changes:
        """Everything that was committed after `number`, by whichever seat."""
        with self.reading() as connection:
            return _changes_since(connection, number)

    def mark(self, number: int) -> str:
        """What tells the commit of this number from any other of the same number; empty where there is
        none."""
        with self.reading() as connection:
            return _mark(connection, number)

    def follow(self, number: int, mark: str) -> tuple[Changes, str] | None:
        """What was committed after `number`, and the mark of the last of it. None where the commit of that
        number is not the one with this `mark`: the database is another one, or went back in time (a standby
        that was behind, a backup)."""
        with self.reading() as connection:
            if _mark(connection, number) != mark:
                return None
            changes = _changes_since(connection, number)
            return changes, mark if changes.number == number else _mark(connection, changes.number)

    def close(self) -> None:
        self.engine.dispose()
        self._way.close()


def _changes_since(connection: Connection, number: int) -> Changes:
    sites: set[int] = set()
    escalations: set[str] = set()
    others: set[str] = set()
    rows = connection.execute(
        select(schema.change.c.n, schema.change.c.body)
        .where(schema.change.c.n > number)
        .order_by(schema.change.c.n)
    )
    # Into three sets, not one record after the other: a flood is thousands of them.
    for n, body in rows:
        number, said = n, orjson.loads(body)
        sites.update(said.get("sites", ()))
        escalations.update(said.get("escalations", ()))
        others.update(said.get("others", ()))
    return Changes(number, frozenset(sites), frozenset(escalations), frozenset(others))


def _mark(connection: Connection, number: int) -> str:
    body = connection.execute(select(schema.change.c.body).where(schema.change.c.n == number)).scalar()
    return "" if body is None else hashlib.sha256(body.encode()).hexdigest()


def left_idle() -> ColumnElement[str]:
    """For a transaction that takes the feed's row: how long its process may be silent in it."""
    return func.set_config("idle_in_transaction_session_timeout", LEFT_IDLE, True)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection under this one, within the same moment."""
    connection.execute(text("SELECT 1"))
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def try_login(url: URL, login: str, password: str, check: Callable[[Connection], T | None]) -> T | None:
    """What `check` finds over a line of its own to a shared database; None where that lets nobody in by this
    login and password. An empty login is the address's own."""
    asked = url.set(username=login, password=password) if login else url
    engine = engine_of(asked)
    try:
        with engine.connect() as connection:
            return check(connection)
    except DBAPIError as error:
        if is_refused(error):
            return None
        raise StoreUnusable(_sentence(error, engine)) from error
    finally:
        engine.dispose()


def is_refused(error: DBAPIError) -> bool:
    """Whether a shared database said no to the login, and not that it does not answer."""
    if getattr(error.orig, "sqlstate", None) in FORBIDDEN:
        return True  # a login of the server that is nobody's in this room
    said = str(error.orig)
    return any(words in said for words in REFUSED)


def open_store(url: str, *, clock: Clock, login: str = "", password: str = "") -> Store:
    """Open, create or bring forward the database at a SQLAlchemy URL; a shared one as `login`, if given.

    Raises StoreUnusable with the way out when it is damaged, out of reach or of a newer version.
    """
    address = check_address(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    credentials = Credentials(login, password)
    engine = _sqlite_engine(url) if is_sqlite else _shared_engine(address, credentials)
    try:
        _create_or_migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        if _is_forbidden(error):
            raise StoreUnusable(NOT_TO_MIGRATE) from error
        raise failure(error, engine) from error
    except StoreUnusable:
        engine.dispose()
        raise
    return Store(engine, clock=clock, credentials=credentials)


def check_address(url: str) -> URL:
    """A store's address in its parts. Raises StoreUnusable for another kind; a password is not said."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreUnusable(f"This is no database address. {HOW_TO_SAY}") from error
    if parts.drivername not in KINDS:
        raise StoreUnusable(f"Databases of the kind {parts.drivername} are not known here. {HOW_TO_SAY}")
    return parts


def _shared_engine(address: URL, credentials: Credentials) -> Engine:
    engine = engine_of(address)

    @event.listens_for(engine, "do_connect")
    def _connect(
        _dialect: object, _record: object, args: tuple[Any, ...], parameters: dict[str, Any]
    ) -> Line:
        if credentials.login:
            parameters["user"], parameters["password"] = credentials.login, credentials.password
        return Line.connect(*args, **parameters)

    return engine


def _sqlite_engine(url: str) -> Engine:
    # Neither a log line nor an error quotes what is stored: residents' words stand there.
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own BEGIN comes too late and deferred: a read-then-write would fail at once when
        # somebody else writes, past any busy time-out.
        connection.isolation_level = None
        for pragma in (
            *("journal_mode=WAL", f"wal_autocheckpoint={CHECKPOINT_PAGES}"),
            *("foreign_keys=ON", "cache_size=-65536", "temp_store=MEMORY"),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(WRITES)
        if mode is None:
            connection.exec_driver_sql("BEGIN")
        else:
            if connection.info.get(SYNCHRONOUS) != mode:
                connection.exec_driver_sql(f"PRAGMA synchronous={mode}")
                connection.info[SYNCHRONOUS] = mode
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _create_or_migrate(engine: Engine) -> None:
    stored = _stored_revision(engine)
    if stored == REVISION:
        return
    if stored is None:
        with engine.connect().execution_options(**{WRITES: "FULL"}) as connection, connection.begin():
            _create(connection)
        return
    from dispatch.store.migrate import upgrade  # Alembic is slow to import and rarely needed

    upgrade(engine, stored)


def _stored_revision(engine: Engine) -> str | None:
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        raise StoreUnusable(_damaged(_name(engine)))
    return str(revision)


def _create(connection: Connection) -> None:
    schema.metadata.create_all(connection)
    search.create(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISION})
    if connection.execute(select(func.count()).select_from(schema.feed)).scalar_one() == 0:
        connection.execute(
            insert(schema.feed).values(
                one=1, n=0, log_number=0, log_hash=FIRST_HASH, request_key=0, escalation_number=0
            )
        )
        connection.execute(insert(schema.syncing).values(one=1))


def _name(engine: Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(Path(engine.url.database or "").absolute())
    url = engine.url.difference_update_query(SECRET_WORDS)
    return url.render_as_string(hide_password=True)


def _damaged(where: str) -> str:
    return (
        f"The database {where} is damaged. Move the file away and start again: everything that the 311 "
        "server holds is fetched anew; keep the moved file, it holds the activity log."
    )


def failure(error: DBAPIError, engine: Engine) -> LandfallError:
    """What the driver says, as a sentence: what may be tried again is told apart from what may not."""
    if _is_forbidden(error):
        return NotAllowed(NOT_ALLOWED)
    if engine.dialect.name != "sqlite" and is_away(error):
        said = _without_password(str(error.orig), engine).strip().splitlines()
        return StoreUnreachable(
            f"The room's database does not answer just now ({said[0] if said else 'the line broke'}). "
            "What you see is as it was."
        )
    return StoreUnusable(_sentence(error, engine))


def _is_forbidden(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in FORBIDDEN


def _without_password(said: str, engine: Engine) -> str:
    """A driver quotes parts of an address that it cannot read."""
    for secret in (engine.url.password, *(engine.url.query.get(word) for word in SECRET_WORDS)):
        said = said.replace(str(secret), "…") if secret else said
    return said


def _sentence(error: DBAPIError, engine: Engine) -> str:
    where, said = _name(engine), _without_password(str(error.orig), engine)
    if "malformed" in said or "not a database" in said:
        return _damaged(where)
    if "full" in said or "No space" in said:
        return f"The disk is full: {where} cannot be written. Free some space; nothing shown as done is lost."
    if "readonly" in said or "unable to open" in said:
        return f"The database {where} cannot be opened for writing. Check the folder's rights."
    if "locked" in said:
        return f"Another program is holding the database {where}. Close it and try again."
    return f"The database {where} does not answer: {said.strip().splitlines()[0] if said else error}"
