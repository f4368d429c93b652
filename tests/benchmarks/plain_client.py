"""The floor of `sync_100k`: the same pages one after the other, decoded, into the request table; no more.

`python -m tests.benchmarks.plain_client URL DATABASE` prints the seconds it took and the rows it has then.
"""

from __future__ import annotations

import http.client
import json
import sqlite3
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

ASKED = {
    "status": "open,acknowledged,closed,archived",
    "per_page": 100,
    "page": 1,
    "sort": "created_at",
    "sort_direction": "DESC",
}
HEADERS = {"User-Agent": "plain client", "Accept": "application/json"}
COLUMNS = (
    *("request_key", "server_id", "remote_id", "digest", "status", "raw_status", "summary", "description"),
    *("service_code", "service_name", "address", "lat", "lng", "created_at", "updated_at", "reporter_id"),
    *("reporter_name", "reporter_role", "photo_url", "page_url", "followers"),
)
UPSERT = (
    f"INSERT INTO request ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    "ON CONFLICT (request_key) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
)


def main() -> None:
    url, path = sys.argv[1:]
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        database.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    fetch_all(url, database)
    seconds = time.perf_counter() - started
    rows = database.execute("SELECT count(*) FROM request").fetchone()[0]
    print(json.dumps({"seconds": seconds, "rows": rows}))  # noqa: T201


def fetch_all(url: str, database: sqlite3.Connection) -> None:
    parts = urlsplit(url)
    assert parts.hostname is not None
    line = http.client.HTTPConnection(parts.hostname, parts.port)
    before: dict[str, str] = {}
    while True:
        line.request("GET", f"{parts.path}/issues?{urlencode({**ASKED, **before})}", headers=HEADERS)
        page = orjson.loads(line.getresponse().read())
        database.execute("BEGIN IMMEDIATE")
        database.executemany(UPSERT, [columns(issue) for issue in page["issues"]])
        database.execute("COMMIT")
        if page["metadata"]["pagination"]["next_page"] is None:
            return
        # The bound is exclusive: the second of the oldest row is asked for once more, as the console does.
        oldest = datetime.fromisoformat(page["issues"][-1]["created_at"]).astimezone(UTC)
        before = {"before": (oldest + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def columns(issue: dict[str, Any]) -> tuple[Any, ...]:
    reporter, kind = issue["reporter"], issue["request_type"] or {}
    return (
        *(issue["id"], 1, str(issue["id"]), "", issue["status"].lower(), issue["status"], issue["summary"]),
        *(issue["description"] or "", kind.get("id"), kind.get("title"), issue["address"]),
        *(issue["lat"], issue["lng"], millis(issue["created_at"]), millis(issue["updated_at"])),
        *(reporter["id"], reporter["name"], reporter.get("role") or ""),
        *(issue["media"]["image_full"] or "", issue["html_url"], issue["rating"]),
    )


def millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


if __name__ == "__main__":
    main()
