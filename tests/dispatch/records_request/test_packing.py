"""The pack for who asked holds no redacted word, in no file, on no page, in no property of a file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.records import RecordKind
from dispatch.records_request import packing
from dispatch.records_request.copies import widened
from dispatch.records_request.packing import StormOfPack, for_attorney, for_requester
from tests.dispatch.records_request.made import contents, record, redaction

# Signs that nothing else in a pack has: Latin, Greek, Hebrew and Arabic, wide ones, beyond the basic plane.
SECRET_SIGNS = "ȢȣΨξאבםضظ漢字🔥𝔊"
SECRETS = st.text(SECRET_SIGNS, min_size=1, max_size=30)
# Around them what may lean on them: marks, joiners, directions, line ends, tags, formulas.
AROUND = st.text("abc =+@<&\"'\\,;:\n\r\t\u0301\u200d\u200f\u202e\ud7ffñÑ😀[]", max_size=40)
PIECES = st.lists(st.tuples(AROUND, SECRETS), min_size=1, max_size=4)


def members(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def words_of_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return "\n".join([*pages, *document.get_metadata_dict().values()])
    finally:
        document.close()


def must_not_tell(pack: bytes, *secrets: str) -> None:
    """Not one sign of them in what can be read, and none whole in the bytes of any file."""
    files = members(pack)
    texts = {name: content.decode("utf-8") for name, content in files.items() if name != "copies.pdf"}
    texts["copies.pdf"] = words_of_pdf(files["copies.pdf"])
    for name, text in texts.items():
        for sign in set("".join(secrets)):
            assert sign not in text, (name, sign)
            assert json.dumps(sign)[1:-1].lower() not in text.lower(), (name, sign)
            assert f"[U+{ord(sign):04X}]" not in text, (name, sign)
    for secret in secrets:
        for coded in (secret.encode(), secret.encode("utf-16-be")):
            # Fewer bytes stand by chance in what is packed.
            if len(coded) >= 6:
                assert all(coded not in content for content in (pack, *files.values()))


@settings(max_examples=60, deadline=None)
@given(PIECES, AROUND)
def test_no_redacted_passage_is_anywhere_in_the_pack(pieces: list[tuple[str, str]], last: str) -> None:
    words, made = "", []
    for around, secret in pieces:
        words += around
        made.append((len(words), len(words) + len(secret)))
        words += secret
    words += last
    marks = tuple(redaction(*widened(words, *span)) for span in made)

    pack = for_requester(contents((record(description=words, summary="Tree down"),), marks))

    must_not_tell(pack, *(secret for _, secret in pieces))
    assert "Tree down" in words_of_pdf(members(pack)["copies.pdf"])


@settings(max_examples=40, deadline=None)
@given(SECRETS, st.lists(st.tuples(st.integers(0, 29), st.integers(1, 30)), max_size=5))
def test_overlapping_redactions_leave_nothing_between_them(secret: str, more: list[tuple[int, int]]) -> None:
    words = f"ask {secret} now"
    spans = [(4, 4 + len(secret))] + [(4 + a, 4 + a + n) for a, n in more]
    marks = tuple(
        redaction(start, min(end, len(words)), statute=f"119.071({number})")
        for number, (start, end) in enumerate(spans)
        if start < len(words)
    )
    must_not_tell(for_requester(contents((record(description=words),), marks)), secret)


@settings(max_examples=30, deadline=None)
@given(SECRETS)
def test_a_withheld_record_leaves_no_word(secret: str) -> None:
    kept_back = record("message:4411:7", RecordKind.MESSAGE, text=secret, author_name=secret)
    mark = redaction(field="", record_id="message:4411:7", statute="401.30(4)", reason="patient record")

    pack = for_requester(contents((record(summary="Tree down"), kept_back), (mark,)))

    must_not_tell(pack, secret)
    (told,) = rows(members(pack)["withheld.csv"])
    assert (told["record_id"], told["field"], told["statute"]) == (
        *("message:4411:7", "the whole record"),
        "401.30(4)",
    )


def test_the_same_contents_give_the_same_bytes() -> None:
    made = contents((record(description="Call 727-555-0142"),), (redaction(5, 17),))

    assert for_requester(made) == for_requester(replace(made))
    assert for_attorney(made) == for_attorney(replace(made))


def test_the_numbers_of_the_readme_can_be_counted_again() -> None:
    files = members(
        for_requester(
            contents(
                (record(description="Call 727-555-0142"), record("report:2", summary="x"), record("log:1")),
                (redaction(5, 17), redaction(field="", record_id="log:1")),
            )
        )
    )
    states = [row["state"] for row in rows(files["records.csv"])]

    said = files["README.txt"].decode()
    assert f"{len(states)} records" in said
    for state, words in (("whole", "whole"), ("redacted", "redacted in part"), ("withheld", "withheld")):
        assert f"  {states.count(state)} {words}: rows with state = {state}\n" in said
    assert f"{len(rows(files['withheld.csv']))} acts" in said


def test_the_manifest_has_each_file_and_no_hash_of_an_original() -> None:
    secret = "727-555-0142"
    files = members(for_requester(contents((record(description=secret),), (redaction(0, 12),))))

    sums = json.loads(files.pop("manifest.json"))["sha256"]
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    told = hashlib.sha256(secret.encode()).hexdigest()
    assert all(told not in content.decode("utf-8", "replace") for content in files.values())


def test_the_originals_stand_whole_in_the_other_file_alone() -> None:
    made = contents((record(description="Call 727-555-0142"),), (redaction(5, 17),))
    files = members(for_attorney(made))

    assert json.loads(files["originals.json"])[0]["fields"] == {"description": "Call 727-555-0142"}
    assert json.loads(files["redactions.json"])[0]["passage"] == "727-555-0142"
    assert "CITY_ATTORNEY_ONLY" in packing.originals_name(made)
    assert "NOT REDACTED" in files["README_CITY_ATTORNEY_ONLY.txt"].decode()


def test_a_held_storm_and_an_exercise_say_so() -> None:
    made = contents((record(summary="x"),), storm=StormOfPack("Irma", True, 1_505_000_000_000))
    files = members(for_requester(made))

    said = files["README.txt"].decode()
    assert said.startswith("EXERCISE") and "Irma: UNDER LEGAL HOLD since 2017-09-09" in said
    assert packing.requester_name(made).startswith("EXERCISE_")
    assert packing.originals_name(made).startswith("EXERCISE_")
    assert "EXERCISE" in words_of_pdf(files["copies.pdf"])


def test_no_cell_is_a_formula() -> None:
    files = members(for_requester(contents((record(summary="=1+1"),), (redaction(reason="@x", field=""),))))

    for name in ("copies.csv", "records.csv", "withheld.csv"):
        for row in rows(files[name]):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
