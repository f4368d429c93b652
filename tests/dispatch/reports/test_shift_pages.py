"""The printed hand-over pack, read back: two pages whatever there is, no P1 left out, the same again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.forms import shift as forms
from dispatch.records import (
    PackLine,
    PackRemarks,
    PackState,
    PackTotals,
    Section,
    ShiftPack,
    Signed,
    Tally,
)
from dispatch.reports import pdf
from dispatch.shift.desk import ShiftDesk
from tests.benchmarks.rows import fill, seat
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")
AT = 1_505_170_200_000
HOSTILE = (
    "W" * 900,
    "слово " * 90,
    "\u202e<b>x</b>\x00\x1b[2J",
    "🔥" * 80,
    "line\nline\n" * 60,
    "漢字" * 200,
)
LIMIT = 200


def line(number: int, band: int, **more: Any) -> PackLine:
    return PackLine(
        key=f"site {number}",
        number=f"#{3_640_000 + number}",
        what=f"Wires: oak on the wires, house {number}",
        where=f"{number} 33rd Ave N · Greater Pinellas Point",
        who="EOC-0001 N. Ward, duty officer, Fire rescue (ESF 4)",
        next="past its time, nobody accepted it since 18:50 · not accepted 14:33",
        band=band,
        site_id=number,
        **more,
    )


def pack(p1: int = 8, p2: int = 20, others: int = 4, **more: Any) -> ShiftPack:
    sections = {
        Section.P1: tuple(line(n, 1) for n in range(p1)),
        Section.P2: tuple(line(p1 + n, 2) for n in range(min(p2, LIMIT))),
        **{
            each: tuple(line(90_000 + n, 2) for n in range(others))
            for each in (Section.UNANSWERED, Section.PROMISES, Section.UTILITY)
        },
        **{
            each: tuple(PackLine(f"{each} {n}", f"{each.value} sentence {n}.") for n in range(others))
            for each in (Section.FAULTS, Section.ROOM, Section.DESKS, Section.SEATS, Section.WEATHER)
        },
    }
    tally = Tally(reports=1361, sites=1360, open=(p1, p2, 113, 298, 0), closed=297)
    counts = {section.value: len(found) for section, found in sections.items()} | {"p2": p2}
    totals = PackTotals(tally, tally, 618, 46, 1, 1, 1, AT - 3_600_000, 279, 0, counts)
    made = ShiftPack(
        pack_id="p",
        number=3,
        version=1,
        edit=1,
        state=PackState.DRAFT,
        since_at=AT - 12 * 3_600_000,
        since_is_hand_over=True,
        at=AT,
        until_at=AT + 12 * 3_600_000,
        made_by=Signed("A. Cole", "Supervisor", AT),
        outgoing=Signed(),
        incoming=Signed(),
        confirmed=Signed(),
        totals=totals,
        sections={section.value: found for section, found in sections.items()},
        remarks=PackRemarks(),
        log_number=83,
        log_hash="f5d7" * 16,
    )
    return replace(made, **more)


def drawn(of: ShiftPack, incident: str = "Hurricane Test", *, is_exercise: bool = True) -> bytes:
    return pdf.shift(forms.fill(of, ZONE, incident=incident, is_exercise=is_exercise))


def test_an_ordinary_shift_is_two_letter_pages_without_colour() -> None:
    content = drawn(pack())
    pages = pages_of(content)

    assert len(pages) == 2 and size_of(content) == (612, 792) and ink_of(content)[0]
    assert all("EXERCISE · EXERCISE · EXERCISE" in page for page in pages)
    assert "Last hand-over, 06:50" in pages[0] and "DRAFT" in pages[0]
    assert "Hand-over 3, version 1. Numbers of 09/11/2017 18:50 EDT" in pages[0]
    assert drawn(pack()) == content


@pytest.mark.parametrize(("p1", "p2"), [(0, 0), (8, 644), (40, 3000), (120, 3000), (400, 9000), (1200, 8000)])
def test_no_p1_is_left_out_however_many_there_are(p1: int, p2: int) -> None:
    pages = pages_of(drawn(pack(p1, p2, others=60)))

    assert len(pages) <= 2
    words = "".join(pages).replace(" ", "")
    assert [n for n in range(p1) if f"#{3_640_000 + n}" not in words] == []
    if p2:
        shown = sum(f"#{3_640_000 + p1 + n}" in words for n in range(min(p2, LIMIT)))
        assert f"and{p2 - shown}more" in words


def test_thousands_of_p1_that_no_two_pages_hold_are_counted() -> None:
    pages = pages_of(drawn(pack(7000, 50, others=9)))

    words = "".join(pages).replace(" ", "")
    named = sum(f"#{3_640_000 + n}" in words for n in range(7000))
    assert len(pages) == 2 and named > 1500
    assert f"{7000 - named} more P1 have no room on two pages: the Queue has them" in " ".join(pages)
    assert "Seats, and who sat there last 9" in pages[1]


def test_what_is_cut_is_counted_and_the_worst_stays() -> None:
    [first, second] = pages_of(drawn(pack(30, 5000, others=100)))

    assert "P1 life safety 30" in first and "P2 hazard or access 5000" in first + second
    assert (first + second).count("in the same order on the screen") >= 3
    assert "unanswered" not in first  # a section by its title, never by its name in the code


@pytest.mark.parametrize("words", HOSTILE, ids=["wide", "cyrillic", "marks", "emoji", "lines", "no_glyphs"])
def test_hostile_and_endless_words_stay_on_two_pages(words: str) -> None:
    some = pack(12, 40, others=12)
    lines = {
        name: tuple(
            replace(
                e, what=words, where=words, who=words, next=words, number=words[:40], key=f"{e.key}{words}"
            )
            for e in found
        )
        for name, found in some.sections.items()
    }
    remarks = PackRemarks(words * 9, words * 9, words * 9, {e.key: words for f in lines.values() for e in f})
    signed = Signed(words, words, AT)
    some = replace(some, sections=lines, remarks=remarks, outgoing=signed, incoming=signed, confirmed=signed)

    pages = pages_of(drawn(some, words))

    assert len(pages) <= 2 and all("Page" in page for page in pages)


@settings(max_examples=15)
@given(st.integers(0, 300), st.integers(0, 2000), st.integers(0, 60), st.text(max_size=120))
def test_any_shift_stays_on_two_pages(p1: int, p2: int, others: int, words: str) -> None:
    pages = pages_of(drawn(pack(p1, p2, others, remarks=PackRemarks(words, words, words, {"site 1": words}))))

    assert len(pages) <= 2
    said = "".join(pages).replace(" ", "")
    assert all(f"#{3_640_000 + n}" in said for n in range(0, p1, 7))


def test_a_remark_of_a_restricted_site_stays_off_the_paper() -> None:
    some = pack(1)
    secret = replace(some.lines(Section.P1)[0], is_restricted=True)
    some = replace(
        some, sections={**some.sections, "p1": (secret,)}, remarks=PackRemarks(items={secret.key: "Rosa"})
    )

    words = " ".join(pages_of(drawn(some)))

    assert "Remark: remark on the screen" in words and "Rosa" not in words


def test_words_about_the_weather_stand_before_many_alerts() -> None:
    words = pages_of(drawn(pack(others=40, remarks=PackRemarks(weather="Calm from 02:00."))))[0]

    assert "Note: Calm from 02:00. weather sentence 0." in words and "weather sentence 39" not in words


def test_each_state_says_who_signed() -> None:
    ana, ben = Signed("Ana Cole", "Supervisor", AT), Signed("Ben Ortiz", "Operator", AT + 60_000)
    draft, given = pack(made_by=ana), pack(outgoing=ana, incoming=ben, state=PackState.HANDED_OVER)
    taken = replace(given, confirmed=ben, state=PackState.CONFIRMED)

    assert "Ana Cole, Supervisor, not signed yet" in pages_of(drawn(draft))[0]
    assert "Ben Ortiz, Operator, not confirmed yet" in pages_of(drawn(given))[0]
    first = pages_of(drawn(taken))[0]
    assert "Ben Ortiz, Operator, 09/11/2017 18:51 EDT" in first and "CONFIRMED" in first
    assert "EXERCISE" not in pages_of(drawn(taken, is_exercise=False))[0]


def test_ten_thousand_sites_of_a_store_are_two_pages(tmp_path: Path, clock: Any) -> None:
    fill(tmp_path, clock, 10_000)
    parts = seat(tmp_path, clock)
    try:
        desk: ShiftDesk = parts.shift_desk
        made = desk.make()
        pages = pages_of(desk.pdf(made))
    finally:
        parts.close()

    assert sum(made.totals.now.open) + made.totals.now.closed == made.totals.now.sites == 10_000
    assert len(made.lines(Section.P1)) == made.totals.now.open[0] > 20
    words = "".join(pages).replace(" ", "")
    assert len(pages) == 2 and [e.number for e in made.lines(Section.P1) if e.number not in words] == []
