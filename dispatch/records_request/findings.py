"""What whoever answers a records request should read before the copy goes out: private words, names, masked
sites, callers, and redacted passages that still stand elsewhere. It proposes; only a person redacts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from dispatch.records import STAFF_ROLES, PublicRecord, RecordKind, RecordsRequest, Redaction
from dispatch.records_request.copies import spans
from dispatch.records_request.many_words import any_of
from dispatch.residents.private_words import private_spans

NAME, CALLER, RESTRICTED, REPEATED = "name", "caller", "masked site", "redacted elsewhere"
# Shorter passages stand everywhere.
LEAST_REPEATED = 3
_NO_WORDS = re.compile(
    r"(?:.*_)?(?:at|id|ids|url|number)|lat|lng|status|followers|transitions|is_\w+|band|kind"
)
FREE_WORDS = frozenset(
    {"summary", "description", "address", "text", "first_text", "value", "what", "where_words", "body"}
    | {"status_notes", "state_note", "subject", "people", "call_back", "note", "reporter_name", "author_name"}
)
_OF_NOBODY = frozenset({"", "anonymous", "anonymous user", "guest"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage [start, end) of a field of the original; `record_id` is empty where it is the query's."""

    record_id: str
    field: str
    start: int
    end: int
    kind: str


def open_findings(
    request: RecordsRequest, records: Sequence[PublicRecord], redactions: Iterable[Redaction]
) -> tuple[Finding, ...]:
    """All that no standing redaction covers, by record and place."""
    standing = [each for each in redactions if each.stands]
    withheld = {each.record_id for each in standing if each.is_whole_record}
    covered = _covered(standing)
    looks = _Looks(_names(records), _passages(records, standing))
    found = [
        finding
        for record in records
        if record.record_id not in withheld
        for name, words in record.fields
        for finding in looks.at(record, name, words)
        if not _is_covered(finding, covered.get((record.record_id, name), ()))
    ]
    # What goes out beside the records: what was asked, by whom, and why something is kept back.
    beside = [("query", request.query.words), ("requester", request.requester)]
    beside += [("reason", each.reason) for each in standing]
    return (*(each for at, words in beside for each in looks.repeated("", at, words)), *found)


class _Looks:
    def __init__(self, names: Collection[str], passages: Collection[str]) -> None:
        self._names = any_of(names, whole_words=True)
        self._passages = any_of(passages, whole_words=False)

    def at(self, record: PublicRecord, name: str, words: str) -> Iterator[Finding]:
        if not words.strip():
            return
        yield from self.repeated(record.record_id, name, words)
        if record.kind is RecordKind.CALLER and name not in ("at", "number", "who", "paste_id"):
            yield Finding(record.record_id, name, 0, len(words), CALLER)
        elif record.is_restricted and name in FREE_WORDS:
            yield Finding(record.record_id, name, 0, len(words), RESTRICTED)
        elif not _NO_WORDS.fullmatch(name):
            for kind, start, end in private_spans(words):
                yield Finding(record.record_id, name, start, end, kind.value)
            if self._names:
                for match in self._names.finditer(words):
                    yield Finding(record.record_id, name, *match.span(), NAME)

    def repeated(self, record_id: str, name: str, words: str) -> Iterator[Finding]:
        if self._passages:
            for match in self._passages.finditer(words):
                yield Finding(record_id, name, *match.span(), REPEATED)


def _names(records: Iterable[PublicRecord]) -> set[str]:
    """Of residents: who reported, wrote or called."""
    found = set()
    for record in records:
        said = dict(record.fields)
        found.add(said.get("reporter_name", ""))
        if record.kind is RecordKind.CALLER:
            found.add(said.get("name", ""))
        if record.kind is RecordKind.MESSAGE and said.get("author_role", "") not in STAFF_ROLES:
            found.add(said.get("author_name", ""))
    return {name.strip() for name in found if name.strip().casefold() not in _OF_NOBODY}


def _passages(records: Sequence[PublicRecord], standing: Iterable[Redaction]) -> set[str]:
    by_id = {record.record_id: record for record in records}
    found = set()
    for each in standing:
        if each.record_id in by_id and not each.is_whole_record:
            words = by_id[each.record_id].words_of(each.field) or ""
            passage = words[each.start : each.end].strip()
            if len(passage) >= LEAST_REPEATED:
                found |= _written(passage)
    return found


def _written(passage: str) -> set[str]:
    """As it may stand elsewhere: accents as one sign or two, and inside of what is kept as JSON."""
    forms = {passage, *(unicodedata.normalize(form, passage) for form in ("NFC", "NFD"))}
    return forms | {orjson.dumps(each).decode()[1:-1] for each in forms}


def _covered(standing: Iterable[Redaction]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    by_field: dict[tuple[str, str], list[Redaction]] = {}
    for each in standing:
        by_field.setdefault((each.record_id, each.field), []).append(each)
    return {at: [(start, end) for start, end, _ in spans(those)] for at, those in by_field.items()}


def _is_covered(finding: Finding, covered: Iterable[tuple[int, int]]) -> bool:
    return any(start <= finding.start and finding.end <= end for start, end in covered)
