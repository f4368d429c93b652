"""The tables and the sentence on what changed since a version: counts of the rows of changes.csv."""

from __future__ import annotations

from dispatch.snapshot import change_reasons as why
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import Cell, Line, Number, Table

SINCE = "Since version "
WHOLE: tuple[str, tuple[Cell, ...]] = ("field", ("",))
WHAT = {"report": "Reports", "site": "Sites", "hand-over": "Hand-overs", "number": "Numbers"}
HOW = ("added", "gone", "changed")
REASONS = {
    why.LATE: "Late: entered before that version was made",
    why.NEW: "New since",
    why.MERGED: "Merged",
    why.SPLIT: "Split",
    why.MOVED: "Moved to another site",
    why.WORKED_ON: "Worked on",
    why.LEFT_OUT: "Left out by the filter now",
    why.WAS_LEFT_OUT: "Left out by the filter before",
    why.UNKNOWN: "Not known",
}
CHANGED, REASON = "changes", "changes_why"
KEYS = frozenset({CHANGED, REASON})
# What the sentence says, in this order: what, how, why, and its words.
SAID = (
    ("report", "added", (why.LATE,), "late report", "late reports"),
    ("report", "added", (why.NEW,), "new report", "new reports"),
    ("report", "gone", (), "report gone", "reports gone"),
    ("site", "added", (why.SPLIT,), "site split off", "sites split off"),
    ("site", "gone", (why.MERGED,), "site merged", "sites merged"),
    ("site", "changed", (why.WORKED_ON,), "site worked on", "sites worked on"),
    ("hand-over", "added", (), "new hand-over", "new hand-overs"),
)


def tables(changes: Counts, number: int) -> tuple[Table, ...]:
    """None where nothing changed: there is no file then whose rows they could count."""
    if not len(changes.rows):
        return ()
    return _how(changes, number), _why(changes)


def remark(changes: Counts, number: int) -> str:
    if not len(changes.rows):
        return f"{SINCE}{number} nothing changed."
    said = []
    for what, how, reasons, one, more in SAID:
        by_reason = (("why", reasons),) if reasons else ()
        many = changes.count((("what", (what,)), ("change", (how,)), WHOLE, *by_reason))
        if many:
            said.append(f"{many:,} {one if many == 1 else more}")
    return f"{SINCE}{number}: {', '.join(said) or 'other columns differ'} (changes.csv)."


def _how(changes: Counts, number: int) -> Table:
    lines = []
    for what, label in WHAT.items():
        numbers = (_number(changes, f"{CHANGED}.{what}.{how}", label, what, how) for how in HOW)
        lines.append(Line(label, tuple(numbers)))
    says = "Each once, however much of it differs; which columns stands in the file."
    return Table(CHANGED, f"What changed since version {number}", ("What", *HOW), tuple(lines), says)


def _number(changes: Counts, key: str, label: str, what: str, how: str) -> Number:
    says = f"{label} that are {how}." if how != "changed" else f"{label} of which anything differs."
    return changes.number(key, how, says, ("what", (what,)), ("change", (how,)), WHOLE)


def _why(changes: Counts) -> Table:
    lines = []
    kinds = [what for what in WHAT if what != "number"]
    for reason, label in REASONS.items():
        numbers = tuple(
            changes.number(
                f"{REASON}.{reason or 'unknown'}.{what}",
                WHAT[what].lower(),
                f"{WHAT[what]} added, gone or changed; why: {label}.",
                ("what", (what,)),
                ("why", (reason,)),
                WHOLE,
            )
            for what in kinds
        )
        if any(each.value for each in numbers):
            lines.append(Line(label, numbers))
    says = "As far as the two versions tell it; each once, by the first that holds."
    headings = ("Why", *(WHAT[what].lower() for what in kinds))
    return Table(REASON, "Why it changed", headings, tuple(lines), says)
