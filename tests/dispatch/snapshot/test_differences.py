"""What changed since the version that is replaced: complete, counted from its own rows, no hidden place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.snapshot.columns import (
    AREA_COLUMNS,
    HAND_OVER_COLUMNS,
    LEFT_OUT_COLUMNS,
    REPORT_COLUMNS,
    SITE_COLUMNS,
)
from dispatch.snapshot.differences import PLACE, as_text, compared, differences, named, uncompared
from dispatch.snapshot.frozen import freeze, thaw
from dispatch.snapshot.making import counted
from dispatch.snapshot.records import Cell, Column, Edition, Rows, Snapshot
from dispatch.triage.categories import load_categories
from tests.dispatch.snapshot.example_pages import FROM_AT, HEAD, HOUR_MS, ZONE

TABLE = load_categories()
NAMES = {"report": ("report",), "site": ("site",), "hand-over": ("hand_over", "site")}
Line = dict[str, Any]


def site(number: str, **more: Cell) -> Line:
    return {"site": number, "band": "P2", "open": "yes", "state": "new", "restricted": "no", **more}


def report(number: str, of: str, hour: float = 1, **more: Cell) -> Line:
    entered = FROM_AT + int(hour * HOUR_MS)
    return {"report": number, "site": of, "entered_at": entered, "restricted": "no", **more}


def hand_over(number: str, of: str, **more: Cell) -> Line:
    return {"hand_over": number, "site": of, "handed_over_at": FROM_AT, **more}


def made(sites: list[Line], reports: list[Line], hand_overs: list[Line] = [], **more: Any) -> Snapshot:  # noqa: B006
    files = (
        rows("sites", SITE_COLUMNS, sites),
        rows("reports", REPORT_COLUMNS, reports),
        rows("hand_overs", HAND_OVER_COLUMNS, hand_overs),
        rows("left_out", LEFT_OUT_COLUMNS, more.get("left_out", [])),
        rows("areas", AREA_COLUMNS, []),
    )
    head = replace(HEAD, as_of=more.get("as_of", FROM_AT + 10 * HOUR_MS))
    return counted(head, files, TABLE, ZONE)


def rows(name: str, columns: tuple[Column, ...], lines: list[Line]) -> Rows:
    return Rows(name, columns, tuple(tuple(line.get(c.name) for c in columns) for line in lines))


def published(found: Snapshot, number: int = 1) -> Snapshot:
    return replace(found, edition=Edition(number, 0, "Ana", "Ben", "Ben", FROM_AT))


def changes(new: Snapshot, old: Snapshot, **where: str) -> list[tuple[Cell, ...]]:
    """Which, change, field, before, after, why of those."""
    found = differences(new, old)
    return [row[1:] for row in found.matching(tuple((name, (value,)) for name, value in where.items()))]


# -- that nothing is missing ---------------------------------------------------------------------------------

IDS = st.sampled_from([f"{n}" for n in range(12)])
YES_NO = st.sampled_from(("yes", "no"))
WORDS = st.text("ab =-\n'é", max_size=4)
DEGREES = st.none() | st.floats(-90, 90)
SITES = st.fixed_dictionaries(
    {"band": st.sampled_from(("P1", "P2", "INFO")), "open": YES_NO, "restricted": YES_NO, "address": WORDS}
    | {"latitude": DEGREES, "longitude": DEGREES, "reports": st.integers(0, 3), "closed_reason": WORDS}
)
REPORTS = st.fixed_dictionaries(
    {"site": IDS, "entered_at": st.integers(FROM_AT, FROM_AT + 20 * HOUR_MS), "restricted": YES_NO}
    | {"address": WORDS, "latitude": DEGREES, "status": WORDS, "photo": YES_NO}
)
HAND_OVERS = st.fixed_dictionaries(
    {"state": WORDS, "accepted_at": st.none() | st.integers(FROM_AT, FROM_AT + 9)}
)


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    sites = draw(st.dictionaries(IDS, SITES, max_size=8))
    reports = draw(st.dictionaries(IDS, REPORTS, max_size=8))
    handed = draw(st.dictionaries(st.tuples(IDS, IDS), HAND_OVERS, max_size=4))
    return made(
        [{"site": key} | line for key, line in sites.items()],
        [{"report": key} | line for key, line in reports.items()],
        [{"hand_over": key, "site": of} | line for (key, of), line in handed.items()],
    )


def as_words(of: Rows, what: str) -> dict[str, dict[str, str]]:
    return {
        which: {c.name: as_text(cell, c, ZONE) for c, cell in zip(of.columns, row, strict=True)}
        for (which, _), row in named(of, NAMES[what]).items()
    }


def applied(found: Rows, what: str, old: Rows, new: Rows) -> dict[str, dict[str, str]]:
    """The old rows with the changes done to them; what was added stands in the new file."""
    result, now = as_words(old, what), as_words(new, what)
    for _, which, change, field, before, after, _ in found.matching((("what", (what,)),)):
        if change == "added":
            assert which not in result
            result[str(which)] = now[str(which)]
        elif change == "gone":
            del result[str(which)]
        elif field:
            assert result[str(which)][str(field)] == before != after
            result[str(which)][str(field)] = str(after)
    return result


def without_hidden_places(
    these: dict[str, dict[str, str]], old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    hidden = {
        which
        for which in these
        if "yes" in (old.get(which, {}).get("restricted"), new.get(which, {}).get("restricted"))
    }
    return {
        which: {name: "" if which in hidden and name in PLACE else words for name, words in line.items()}
        for which, line in these.items()
    }


@given(snapshots(), snapshots())
def test_the_changes_done_to_the_old_give_the_new(old: Snapshot, new: Snapshot) -> None:
    found = differences(new, published(old))
    for what, before, after in (
        ("report", old.reports, new.reports),
        ("site", old.sites, new.sites),
        ("hand-over", old.hand_overs, new.hand_overs),
    ):
        then, now = as_words(before, what), as_words(after, what)
        result = applied(found, what, before, after)
        assert without_hidden_places(result, then, now) == without_hidden_places(now, then, now)
    numbers = {each.key: str(each.value) for each in (*old.now, *old.numbers)}
    for _, which, change, field, _, after, _ in found.matching((("what", ("number",)),)):
        if field:
            assert change == "changed"
            numbers[str(which)] = str(after)
    assert numbers == {each.key: str(each.value) for each in (*new.now, *new.numbers)}


@given(snapshots(), snapshots())
def test_every_number_of_the_tables_is_a_filter_over_the_changes(old: Snapshot, new: Snapshot) -> None:
    found = compared(new, published(old))
    counts = [each for each in found.all_numbers if each.of == "changes"]
    assert bool(counts) == bool(len(found.changes))
    for each in counts:
        assert found.changes.count(each.where) == each.value, each
    assert len({each.key for each in found.all_numbers}) == len(found.all_numbers)
    added = sum(each.value for each in counts if each.key in ("changes.report.added", "changes.report.gone"))
    then, now = (set(as_words(of, "report")) for of in (old.reports, new.reports))
    assert added == len(then ^ now)


@given(snapshots(), snapshots())
def test_s15_no_place_of_a_restricted_row_stands_in_the_changes(old: Snapshot, new: Snapshot) -> None:
    found = differences(new, published(old))
    for what, before, after in (
        ("report", old.reports, new.reports),
        ("site", old.sites, new.sites),
    ):
        then, now = as_words(before, what), as_words(after, what)
        for _, which, _, field, *_ in found.matching((("what", (what,)), ("field", tuple(PLACE)))):
            assert then[str(which)]["restricted"] == now[str(which)]["restricted"] == "no", field


@given(snapshots(), snapshots())
def test_the_digest_is_that_of_head_and_rows_whatever_it_is_compared_with(
    old: Snapshot, new: Snapshot
) -> None:
    found = compared(new, published(old))
    assert found.version == new.version
    assert uncompared(found) == new
    assert compared(found, published(old)) == found
    assert thaw(freeze(found)) == thaw(freeze(compared(thaw(freeze(new)), published(old))))


def test_a_snapshot_frozen_before_there_were_differences_is_still_read() -> None:
    old = made([site("1")], [report("1", "1")])
    kept = thaw(freeze(old))
    assert (kept, len(kept.changes), kept.files) == (old, 0, old.counted)


# -- why -----------------------------------------------------------------------------------------------------


def test_what_was_entered_before_the_old_one_was_made_is_late_and_the_rest_is_new() -> None:
    old = published(made([site("1")], [report("1", "1")], as_of=FROM_AT + 10 * HOUR_MS))
    new = made([site("1", reports=3)], [report("1", "1"), report("2", "1", 9.9), report("3", "1", 10)])
    assert changes(new, old, what="report") == [
        ("2", "added", "", "", "", "late"),
        ("3", "added", "", "", "", "new"),
    ]
    assert changes(new, old, what="site", field="reports") == [("1", "changed", "reports", "", "3", "late")]


def test_what_lies_after_the_old_period_is_new_however_late_the_old_one_was_made() -> None:
    old = published(made([site("1")], [report("1", "1")], as_of=HEAD.to_at + 50 * HOUR_MS))
    new = made([site("1")], [report("1", "1"), report("2", "1", 95), report("3", "1", 97)])
    assert [(row[0], row[-1]) for row in changes(new, old, what="report")] == [("2", "late"), ("3", "new")]


def test_a_split_and_a_merge_are_told_by_report_and_site() -> None:
    apart = made([site("1"), site("2")], [report("1", "1"), report("2", "2")])
    together = made([site("1")], [report("1", "1"), report("2", "1")])
    assert changes(together, published(apart), what="report", field="site") == [
        ("2", "changed", "site", "2", "1", "merged")
    ]
    assert changes(together, published(apart), what="site") == [("2", "gone", "", "", "", "merged")]
    assert changes(apart, published(together), what="report", field="site") == [
        ("2", "changed", "site", "1", "2", "split")
    ]
    assert changes(apart, published(together), what="site") == [("2", "added", "", "", "", "split")]


def test_a_report_that_goes_from_one_site_to_another_that_both_stay_has_moved() -> None:
    old = made([site("1"), site("2")], [report("1", "1"), report("2", "2"), report("3", "2")])
    new = made([site("1"), site("2")], [report("1", "1"), report("2", "2"), report("3", "1")])
    assert changes(new, published(old), what="report", field="") == [("3", "changed", "", "", "", "moved")]


def test_a_site_that_somebody_worked_on_says_so_and_what_differs() -> None:
    old = made([site("1")], [report("1", "1")], [hand_over("EOC-0001", "1", state="sent")])
    closed = site("1", open="no", state="closed", closed_at=FROM_AT + HOUR_MS)
    new = made([closed], [report("1", "1")], [hand_over("EOC-0001", "1", state="accepted")])
    assert changes(new, published(old), what="site") == [
        ("1", "changed", "", "", "", "worked on"),
        ("1", "changed", "open", "yes", "no", "worked on"),
        ("1", "changed", "state", "new", "closed", "worked on"),
        ("1", "changed", "closed_at", "", "2017-09-10T01:00:00-04:00", "worked on"),
    ]
    assert changes(new, published(old), what="hand-over")[1] == (
        *("EOC-0001 1", "changed", "state", "sent", "accepted", "worked on"),
    )
    assert ("open", "changed", "value", "1", "0", "") in changes(new, published(old), what="number")


def test_a_report_that_the_filter_leaves_out_now_says_so() -> None:
    old = made([site("1")], [report("1", "1"), report("2", "1")])
    new = made([site("1")], [report("1", "1")], left_out=[{"report": "2", "why": "outside Childs Park"}])
    assert changes(new, published(old), what="report") == [("2", "gone", "", "", "", "left out")]
    assert changes(old, published(new), what="report") == [("2", "added", "", "", "", "was left out")]


def test_two_rows_of_one_number_are_told_apart() -> None:
    old = made([site("1")], [report("7", "1"), report("7", "1", status="open")])
    new = made([site("1")], [report("7", "1"), report("7", "1", status="closed"), report("7", "1")])
    assert [row[:5] for row in changes(new, published(old), what="report")] == [
        ("7", "changed", "", "", ""),
        ("7", "changed", "status", "open", "closed"),
        ("7", "added", "", "", ""),
    ]


# -- the sentence and the tables -----------------------------------------------------------------------------


def test_the_remark_says_how_many_of_each_right_after_what_everything_is() -> None:
    old = published(made([site("1"), site("2")], [report("1", "1"), report("2", "2")]), 3)
    new = made([site("1")], [report("1", "1"), report("2", "1"), report("3", "1", 2), report("4", "1", 11)])
    found = compared(new, old)
    said = "Since version 3: 1 late report, 1 new report, 1 site merged (changes.csv)."
    assert found.remarks == (new.remarks[0], said, *new.remarks[1:])
    assert [table.title for table in found.tables[-2:]] == ["What changed since version 3", "Why it changed"]


def test_where_nothing_changed_there_is_no_file_no_table_and_a_sentence() -> None:
    old = made([site("1")], [report("1", "1")])
    found = compared(old, published(old, 4))
    assert (found.files, found.tables) == (old.counted, old.tables)
    assert "Since version 4 nothing changed." in found.remarks


@pytest.mark.parametrize("times", [1, 2])
def test_frozen_with_its_differences_it_has_the_same_bytes_each_time(times: int) -> None:
    old = published(made([site("1")], [report("1", "1")]))
    found = made([site("1"), site("2")], [report("1", "1"), report("2", "2")])
    for _ in range(times):
        found = compared(found, old)
    once = thaw(freeze(found))
    assert freeze(once) == freeze(found) and len(once.changes) == len(found.changes) > 1
    assert orjson.loads(orjson.dumps(once.changes.values)) == orjson.loads(orjson.dumps(found.changes.values))
