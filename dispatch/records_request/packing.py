"""The two packs of a records request: the copy for who asked, and the originals for the city attorney alone.
Neither leaves by itself. The same records, redactions and holds give the same bytes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from zipfile import ZipFile

import orjson

from dispatch.forms.common import EXERCISE, file_mark
from dispatch.formulas import harmless
from dispatch.records import (
    CopiedRecord,
    Millis,
    PublicRecord,
    RecordsCopy,
    RecordsRequest,
    Redaction,
)
from dispatch.records_request.copies import copied
from dispatch.records_request.statutes import Statutes
from dispatch.reports import records_pages
from dispatch.reports.visible_text import visible
from dispatch.whole_zip import WholeZip

_MARK = "\ufeff"  # by which spreadsheets know UTF-8
# What a zip can say of a member's time, at its earliest: none of ours is told by it.
_NO_TIME = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StormOfPack:
    """A storm whose records are in the pack. `held_since` is None where no legal hold stands."""

    name: str
    is_exercise: bool
    held_since: Millis | None


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a pack is made of."""

    request: RecordsRequest
    records: tuple[PublicRecord, ...]
    redactions: tuple[Redaction, ...]
    storms: tuple[StormOfPack, ...]
    statutes: Statutes

    @property
    def is_exercise(self) -> bool:
        return any(storm.is_exercise for storm in self.storms)

    @property
    def standing(self) -> tuple[Redaction, ...]:
        return tuple(each for each in self.redactions if each.stands)

    @property
    def mark(self) -> str:
        return file_mark(self.is_exercise)


def requester_name(contents: Contents) -> str:
    return f"{contents.mark}{contents.request.name}_for_requester.zip"


def originals_name(contents: Contents) -> str:
    return f"{contents.mark}CITY_ATTORNEY_ONLY_{contents.request.name}_originals_not_redacted.zip"


def for_requester(contents: Contents) -> bytes:
    """Made from the copies alone: an original's hash would tell a short passage to whoever tries all of them,
    so none is in it."""
    copies = copied(contents.records, contents.redactions)
    files = {
        "README.txt": _readme(contents, copies).encode(),
        "query.json": _json(_query(contents.request)),
        "copies.pdf": records_pages.draw(
            RecordsCopy(contents.request.name, contents.is_exercise, _facts(contents), copies)
        ),
        "copies.json": _json([_plain(copy) for copy in copies]),
        "copies.csv": _csv(
            ("record_id", "kind", "about", "field", "text"),
            [
                (copy.record_id, copy.kind.value, copy.about, name, text)
                for copy in copies
                for name, text in _rows(copy)
            ],
        ),
        "records.csv": _csv(
            ("record_id", "kind", "about", "state", "passages_redacted"),
            [
                (copy.record_id, copy.kind.value, copy.about, copy.state, str(copy.blacked_out))
                for copy in copies
            ],
        ),
        "withheld.csv": _withheld(contents),
    }
    return _zip(files)


def for_attorney(contents: Contents) -> bytes:
    """The originals, and every redaction with the words it takes out, those withdrawn among them."""
    words = {(record.record_id, name): text for record in contents.records for name, text in record.fields}
    files = {
        "README_CITY_ATTORNEY_ONLY.txt": _warning(contents).encode(),
        "query.json": _json(_query(contents.request)),
        "originals.json": _json(
            [asdict(record) | {"fields": dict(record.fields)} for record in contents.records]
        ),
        "originals.csv": _csv(
            ("record_id", "kind", "about", "field", "text"),
            [
                (record.record_id, record.kind.value, record.about, name, text)
                for record in contents.records
                for name, text in record.fields
            ],
        ),
        "redactions.json": _json(
            [
                asdict(each) | {"passage": words.get((each.record_id, each.field), "")[each.start : each.end]}
                for each in contents.redactions
            ]
        ),
    }
    return _zip(files)


def _readme(contents: Contents, copies: Sequence[CopiedRecord]) -> str:
    states = Counter(copy.state for copy in copies)
    facts = "\n".join(f"{label}: {words}" for label, words in _facts(contents))
    return f"""{_heading(contents, "PUBLIC RECORDS: COPIES FOR WHO ASKED")}
{facts}

What is counted, and where to count it again
  {len(copies)} records: the rows of records.csv
  {states["whole"]} whole: rows with state = whole
  {states["redacted"]} redacted in part: rows with state = redacted
  {states["withheld"]} withheld: rows with state = withheld
  {len(contents.standing)} acts of redaction and withholding: the rows of withheld.csv

Files
  copies.pdf, copies.csv, copies.json   the same records; where words were taken out stands the statute
  withheld.csv                          every redaction and every withheld record, with statute and reason
  query.json                            what was asked for
  manifest.json                         SHA-256 of each file

Times are UTC. Reports stand as residents and staff wrote them: reported, not assessed. Photographs are not in
this pack: where a report has one, photo_url says where it is. What a file cannot hold stands as [U+XXXX].
Statutes are sections of the Florida Statutes as typed by whoever redacted.
"""


def _warning(contents: Contents) -> str:
    return f"""{_heading(contents, "FOR THE CITY ATTORNEY ONLY: ORIGINALS, NOT REDACTED")}
This file holds what is kept back from who asked. Do not send it with the other one.
{contents.request.name}: {len(contents.records)} records, collected {_time(contents.request.at)} UTC.
redactions.json names every redaction with the words it takes out, those withdrawn among them.
Statutes ({contents.statutes.as_of}): {contents.statutes.check}.
"""


def _heading(contents: Contents, words: str) -> str:
    return f"{EXERCISE} {EXERCISE} {EXERCISE}\n{words}" if contents.is_exercise else words


def _facts(contents: Contents) -> tuple[tuple[str, str], ...]:
    request = contents.request
    last = max((each.withdrawn_at or each.at for each in contents.redactions), default=request.at)
    asked = [(name, words) for name, words in _query(request)["query"].items() if words]
    return (
        ("Request", request.name),
        ("Received", f"{_time(request.received_at)} UTC"),
        ("Collected", f"{_time(request.at)} UTC, by {visible(request.person)} {visible(request.position)}"),
        ("Last redaction", f"{_time(last)} UTC"),
        *((f"Asked: {name}", visible(str(words))) for name, words in asked),
        *(("Storm", _storm(storm)) for storm in contents.storms),
    )


def _storm(storm: StormOfPack) -> str:
    if storm.held_since is None:
        return f"{visible(storm.name)}: no legal hold"
    return (
        f"{visible(storm.name)}: UNDER LEGAL HOLD since {_time(storm.held_since)} UTC, nothing is disposed of"
    )


def _query(request: RecordsRequest) -> dict[str, dict[str, object]]:
    query = request.query
    return {
        "request": {
            "number": request.name,
            "requester": request.requester,
            "received_at": _time(request.received_at),
            "collected_at": _time(request.at),
        },
        "query": {
            "entered_from": "" if query.from_at is None else _time(query.from_at),
            "entered_before": "" if query.to_at is None else _time(query.to_at),
            "words": query.words,
            "area": query.area,
            "category": query.category,
            "request_numbers": ", ".join(query.request_numbers),
        },
    }


def _withheld(contents: Contents) -> bytes:
    titles = contents.statutes.titles
    rows = [
        (
            each.record_id,
            each.field or "the whole record",
            each.statute,
            titles.get(each.statute, "not on the city's list"),
            each.reason,
            each.person,
            each.position,
            _time(each.at),
        )
        for each in contents.standing
    ]
    heads = ("record_id", "field", "statute", "statute_title", "reason", "by", "position", "at")
    return _csv(heads, rows)


def _plain(copy: CopiedRecord) -> dict[str, object]:
    return {
        "record_id": copy.record_id,
        "kind": copy.kind.value,
        "about": copy.about,
        "state": copy.state,
        "withheld_under": list(copy.withheld),
        "fields": dict(_rows(copy)),
    }


def _rows(copy: CopiedRecord) -> Iterable[tuple[str, str]]:
    if copy.withheld:
        return [("", f"[WITHHELD {'; '.join(f's. {each}' for each in copy.withheld)}]")]
    return [(field.name, visible(field.text)) for field in copy.fields]


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(visible(cell)) for cell in row] for row in rows)
    return (_MARK + text.getvalue()).encode("utf-8", "replace")


def _json(content: object) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def _time(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _zip(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with ZipFile(made, "w") as zipped:
        into = WholeZip(zipped, _NO_TIME)
        for name, content in sorted(files.items()):
            into.add(name, content)
        into.add("manifest.json", _json({"sha256": {each.name: each.sha256 for each in into.files}}))
    return made.getvalue()
