"""What stands open before a pack goes out: proposed, never redacted by itself."""

from __future__ import annotations

import unicodedata

from dispatch.records import PublicRecord, RecordKind, RecordsQuery, Redaction
from dispatch.records_request.findings import CALLER, NAME, REPEATED, RESTRICTED, open_findings
from tests.dispatch.records_request.made import record, redaction, request


def found(
    *records: PublicRecord, redactions: tuple[Redaction, ...] = (), query: str = "", requester: str = ""
) -> list[tuple[str, str, str, str]]:
    asked = request(RecordsQuery(words=query, request_numbers=("4411",)), requester)
    words = {each.record_id: dict(each.fields) for each in records}
    return [
        (
            each.record_id,
            each.field,
            each.kind,
            words.get(each.record_id, {}).get(each.field, "")[each.start : each.end],
        )
        for each in open_findings(asked, records, redactions)
    ]


def test_phones_units_and_mail_are_proposed_until_a_person_has_redacted_them() -> None:
    one = record(description="Call 727-555-0142, apt 4, or ana@example.org")
    kinds = {kind: passage for _, _, kind, passage in found(one)}
    assert kinds == {"phone": "727-555-0142", "unit": "apt 4", "email": "ana@example.org"}

    assert [kind for _, _, kind, _ in found(one, redactions=(redaction(5, 24),))] == ["email"]


def test_a_residents_name_is_proposed_wherever_it_stands() -> None:
    one = record(reporter_name="Maria Lopez", description="Ask maria lopez about the key")
    note = record("note:1", RecordKind.NOTE, value="Spoke with Maria Lopez")
    assert [(at, passage) for at, _, kind, passage in found(one, note) if kind == NAME] == [
        ("report:4411", "Maria Lopez"),
        ("report:4411", "maria lopez"),
        ("note:1", "Maria Lopez"),
    ]


def test_words_of_a_masked_site_and_of_callers_are_to_be_read_each() -> None:
    one = record(is_restricted=True, summary="Trapped", status="open")
    caller = record("caller:4411", RecordKind.CALLER, name="Ana", language="es")
    assert [(at, field, kind) for at, field, kind, _ in found(one, caller)] == [
        ("report:4411", "summary", RESTRICTED),
        ("caller:4411", "name", CALLER),
        ("caller:4411", "language", CALLER),
    ]


def test_what_is_redacted_in_one_place_and_stands_in_another_is_told() -> None:
    one = record(description='Key under the "red" pot')
    log = record(
        "log:1", RecordKind.LOG, detail='{"note": "Key under the \\"red\\" pot"}', text='the "RED" pot'
    )
    marks = (redaction(10, 23, reason='it is the "red" pot'),)
    told = found(one, log, redactions=marks, query='the "red" pot', requester='the "red" pot')
    assert [(at, field) for at, field, kind, _ in told if kind == REPEATED] == [
        ("", "query"),
        ("", "requester"),
        ("", "reason"),
        ("log:1", "detail"),
        ("log:1", "text"),
    ]


def test_accents_written_another_way_are_the_same_words() -> None:
    name = unicodedata.normalize("NFC", "José Ñandú")
    one = record(description=name)
    other = record("note:1", RecordKind.NOTE, value=unicodedata.normalize("NFD", name))
    told = found(one, other, redactions=(redaction(0, len(name)),))
    assert [(at, kind) for at, _, kind, _ in told] == [("note:1", REPEATED)]


def test_a_withheld_record_has_nothing_open_and_a_withdrawn_redaction_covers_nothing() -> None:
    one = record(description="Call 727-555-0142")
    assert found(one, redactions=(redaction(field=""),)) == []
    assert len(found(one, redactions=(redaction(5, 17, withdrawn_at=9),))) == 1
