"""The copy of a record that goes out: originals stay, and what is redacted is not in the copy at all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from dispatch.records import Black, CopiedField, CopiedRecord, PublicRecord, Redaction

_JOINER = "\u200d"


def copied(records: Iterable[PublicRecord], redactions: Iterable[Redaction]) -> tuple[CopiedRecord, ...]:
    """In the order in which they were collected."""
    by_record: dict[str, list[Redaction]] = {}
    for each in redactions:
        if each.stands:
            by_record.setdefault(each.record_id, []).append(each)
    return tuple(copy_of(record, by_record.get(record.record_id, ())) for record in records)


def copy_of(record: PublicRecord, redactions: Sequence[Redaction]) -> CopiedRecord:
    """Only redactions that stand."""
    if withheld := tuple(dict.fromkeys(each.statute for each in redactions if each.is_whole_record)):
        return CopiedRecord(record.record_id, record.kind, record.about, (), withheld)
    fields = tuple(
        CopiedField(name, tuple(_pieces(words, [each for each in redactions if each.field == name])))
        for name, words in record.fields
    )
    return CopiedRecord(record.record_id, record.kind, record.about, fields)


def spans(redactions: Iterable[Redaction]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Those that overlap as one, under the statutes of all."""
    merged: list[tuple[int, int, tuple[str, ...]]] = []
    for each in sorted(redactions, key=lambda each: (each.start, each.end, each.statute)):
        if merged and each.start < merged[-1][1]:
            start, end, statutes = merged[-1]
            statutes = tuple(dict.fromkeys((*statutes, each.statute)))
            merged[-1] = (start, max(end, each.end), statutes)
        else:
            merged.append((each.start, each.end, (each.statute,)))
    return merged


def widened(words: str, start: int, end: int) -> tuple[int, int]:
    """The span with whatever is drawn as one with its first and last character: an accent left behind would
    tell the letter."""
    while start > 0 and (_hangs(words[start]) or words[start - 1] == _JOINER):
        start -= 1
    while end < len(words) and (_hangs(words[end]) or words[end - 1] == _JOINER):
        end += 1
    return start, end


def _hangs(sign: str) -> bool:
    return (
        unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or sign == _JOINER
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )


def _pieces(words: str, redactions: Sequence[Redaction]) -> Iterator[str | Black]:
    at = 0
    for start, end, statutes in spans(redactions):
        if start > at:
            yield words[at:start]
        yield Black(statutes)
        at = end
    if at < len(words):
        yield words[at:]
