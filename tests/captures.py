"""Recorded answers of real servers, where they are at hand: `python -m tests.captures` prints what each file
comes to. Tests read them as an extra."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import orjson

from dispatch.records import Page
from dispatch.servers import georeport_answers, seeclickfix
from dispatch.servers.georeport_rows import RowReader
from dispatch.servers.georeport_services import read_definition, read_discovery, read_services
from dispatch.servers.shapes import Where

HOME = Path(__file__).resolve().parents[2] / "shared" / "data" / "captures"
WHERE = Where(UTC, None, lambda: 0)


@dataclass(frozen=True)
class Taken:
    """One file: `reads` says by which reader, `page` what it came to where it is a list of requests."""

    name: str
    reads: str
    rows: int
    page: Page

    @property
    def doubts(self) -> Counter[str]:
        return Counter(doubt for request in self.page.requests for doubt in request.doubts)


def files() -> list[Path]:
    return sorted(path for path in HOME.rglob("*") if path.suffix in (".json", ".xml"))


def take(path: Path) -> Taken:
    name = path.relative_to(HOME).as_posix()
    body = path.read_bytes()
    if name.startswith(("seeclickfix-v1", "seeclickfix-v2")):
        return _seeclickfix(name, orjson.loads(body))
    if "error" in path.name:
        try:
            georeport_answers.parse(body, name)
        except Exception as error:
            return Taken(name, f"refusal: {error}", 0, _page([]))
    value = georeport_answers.parse(body, name)
    if "discovery" in path.name:
        return Taken(name, "discovery", len(read_discovery(value).endpoints), _page([]))
    if "definition" in path.name:
        return Taken(name, "definition", len(read_definition("", value).attributes), _page([]))
    rows = georeport_answers.rows(value, name)
    if "services" in path.name:
        return Taken(name, "services", len(read_services(rows)), _page([]))
    return Taken(name, "requests", len(rows), _page(rows))


def _page(rows: list[Any]) -> Page:
    requests, bad, pending = RowReader(WHERE).read_all(rows)
    return Page(tuple(requests), tuple(bad), None, None, len(rows), pending)


def _seeclickfix(name: str, value: Any) -> Taken:
    if isinstance(value, dict) and "comments" in value:
        lines = [seeclickfix.read_message(row) for row in value["comments"]]
        return Taken(name, "comments", len({line.message_id for line in lines}), _page([]))
    rows = value if isinstance(value, list) else value.get("issues", [value])
    page = seeclickfix.read_page(rows, value.get("metadata") if isinstance(value, dict) else None)
    return Taken(name, "issues", len(rows), page)


def table() -> Iterator[str]:
    yield f"{'file':<64} {'reads':<11} {'rows':>4} {'taken':>5} {'pending':>7} {'quarantined':>11}  what"
    for path in files():
        taken = take(path)
        why = "; ".join(f"{reason} ({n})" for reason, n in Counter(b.reason for b in taken.page.bad).items())
        doubts = ", ".join(f"{doubt} {n}" for doubt, n in sorted(taken.doubts.items()))
        requests = len(taken.page.requests)
        yield (
            f"{taken.name:<64} {taken.reads:<11} {taken.rows:>4} {requests:>5} {taken.page.pending:>7}"
            f" {len(taken.page.bad):>11}  {'; '.join(filter(None, (why, doubts)))}"
        )


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
