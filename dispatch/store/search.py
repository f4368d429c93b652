"""Word search over residents' words: FTS5 on SQLite (a scan where it is missing), tsvector on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

_PG_WORDS = (
    "to_tsvector('simple', summary || ' ' || description || ' ' || address || ' ' || coalesce(remote_id, ''))"
)

Entry = tuple[int, str]  # request_key and words

_TERMS = re.compile(r"\w+")

HAS_FTS = "landfall_has_fts"


def create(connection: Connection) -> None:
    """The index beside the request table; without FTS5 `find` scans instead."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"CREATE INDEX request_words ON request USING gin ({_PG_WORDS})"))
        return
    try:
        connection.execute(text("CREATE VIRTUAL TABLE request_words USING fts5(body)"))
    except OperationalError:
        return


def add(connection: Connection, rows: Sequence[Entry]) -> None:
    """Make these findable that were not there before; PostgreSQL does it itself."""
    if rows and connection.dialect.name == "sqlite" and _has_fts(connection):
        connection.exec_driver_sql("INSERT INTO request_words(rowid, body) VALUES (?, ?)", list(rows))


def replace(connection: Connection, rows: Sequence[Entry]) -> None:
    """Make these findable, in place of what stood there."""
    if rows and connection.dialect.name == "sqlite" and _has_fts(connection):
        # The virtual table has no upsert: the old words of a row go first.
        keys = ",".join(str(int(key)) for key, _ in rows)
        connection.exec_driver_sql(f"DELETE FROM request_words WHERE rowid IN ({keys})")
        add(connection, rows)


def remove(connection: Connection, keys: Sequence[int]) -> None:
    """Make these findable no more; PostgreSQL does it itself."""
    if keys and connection.dialect.name == "sqlite" and _has_fts(connection):
        listed = ",".join(str(int(key)) for key in keys)
        connection.exec_driver_sql(f"DELETE FROM request_words WHERE rowid IN ({listed})")


def rebuild(connection: Connection) -> None:
    """Make all requests findable, where none was; PostgreSQL does it itself."""
    if connection.dialect.name == "sqlite" and _has_fts(connection):
        words = "summary || ' ' || description || ' ' || address || ' ' || coalesce(remote_id, '')"
        connection.exec_driver_sql(
            f"INSERT INTO request_words(rowid, body) SELECT request_key, {words} FROM request"
        )


def find(connection: Connection, words: str, *, limit: int = 2000) -> list[int]:
    """Sites whose reports hold all these words (the last may be a beginning), newest first."""
    terms = _TERMS.findall(words)
    return _matching(connection, _every(connection, terms), limit) if terms else []


def find_best(connection: Connection, words: str, *, limit: int) -> list[int]:
    """The same, best first: the words as they were typed before those that stand anywhere in it. Who types
    22nd Ave S means neither 22nd Ave N nor 22nd Ave SE (S11)."""
    terms = _TERMS.findall(words)
    found = dict.fromkeys(find_phrase(connection, words, limit=limit))
    if terms and len(found) < limit:
        found |= dict.fromkeys(_matching(connection, _every(connection, terms), limit))
    return list(found)[:limit]


def find_phrase(connection: Connection, words: str, *, limit: int) -> list[int]:
    """Sites whose reports hold the words as typed; where there are none, the last may be a beginning."""
    found: dict[int, None] = {}
    terms = _TERMS.findall(words)
    for query in _phrases(connection, terms) if terms else ():
        if not found:
            found = dict.fromkeys(_matching(connection, query, limit))
    return list(found)


def _phrases(connection: Connection, terms: Sequence[str]) -> tuple[str, ...]:
    if connection.dialect.name == "postgresql":
        return " <-> ".join(terms), " <-> ".join([*terms[:-1], f"{terms[-1]}:*"])
    if _has_fts(connection):
        phrase = f'"{" ".join(terms)}"'
        return phrase, f"{phrase}*"
    return (f"%{' '.join(terms)}%",)


def _every(connection: Connection, terms: Sequence[str]) -> str:
    """All of them in any order, in the words of this database's search."""
    if connection.dialect.name == "postgresql":
        return " & ".join([*terms[:-1], f"{terms[-1]}:*"])
    if _has_fts(connection):
        return " ".join([*(f'"{term}"' for term in terms[:-1]), f'"{terms[-1]}"*'])
    return f"%{' '.join(terms)}%"


def _matching(connection: Connection, query: str, limit: int) -> list[int]:
    if connection.dialect.name == "postgresql":
        where = f"{_PG_WORDS} @@ to_tsquery('simple', :query)"
        source = "request"
    elif _has_fts(connection):
        where = "request_words MATCH :query"
        source = "request_words JOIN request ON request.request_key = request_words.rowid"
    else:
        where = "summary || ' ' || description || ' ' || address LIKE :query"
        source = "request"
    rows = connection.execute(
        text(
            f"SELECT DISTINCT membership.site_id FROM {source} "
            "JOIN membership ON membership.request_key = request.request_key "
            f"WHERE {where} ORDER BY 1 DESC LIMIT :limit"
        ),
        {"query": query, "limit": limit},
    )
    return [int(row[0]) for row in rows]


def _has_fts(connection: Connection) -> bool:
    """Asked once for each line to the database: a table that is there stays."""
    if not connection.info.get(HAS_FTS):
        table = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'request_words'")
        connection.info[HAS_FTS] = table.first() is not None
    return bool(connection.info[HAS_FTS])
