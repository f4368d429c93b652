"""What lies beside the files of a county pack, in plain words: what to open first, what the numbers mean and
do not mean, whom to call, how to check that nothing was changed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from dispatch.forms.common import EXERCISE, date_time
from dispatch.reports import snapshot_head
from dispatch.reports.snapshot_facts import edition, signed
from dispatch.reports.visible_text import visible
from dispatch.snapshot.records import NOT_ASSESSED, Number, Snapshot

WIDE = 78
SUMS = "SHA256SUMS.txt"
NO_CONTACT = "The city has entered no contact. Ask whoever sent you this file."
# In the order in which a county officer opens them; a file that is not there is left out.
SAYS = {
    "snapshot.pdf": "OPEN THIS FIRST. Two pages of summary, then how each number is counted.",
    "ics209.pdf": "ICS 209 fill sheet with what 311 can say; the empty blocks are for Planning.",
    "snapshot.xlsx": "The same as an Excel workbook, a sheet for each list.",
    "sites.csv": "One row for each place that needs something, after merging duplicates.",
    "reports.csv": "One row for each service request.",
    "hand_overs.csv": "One row for each site handed to emergency management.",
    "left_out.csv": "Reports that the filter left out of every number, with why.",
    "areas.csv": "One row for each neighborhood, also those that nobody reported from.",
    "changes.csv": "What differs from the version this one replaces.",
    "snapshot.gpkg": "The sites and lists for ArcGIS Pro or QGIS (GeoPackage, WGS 84).",
    "sites.geojson": "The sites for a web map.",
    "snapshot.json": "Everything for another program.",
    "manifest.json": "Version, row counts and checksums for another program.",
    SUMS: "The checksum of every file, for the check below.",
}
NOT_MEANT = (
    "Residents and city staff reported this. Nobody has assessed it: a site is a lead, not a damage, and not"
    " a project. Eligibility is FEMA's decision.",
    "Reports are not people, and sites are not homes. Never add the homes (Individual Assistance) to the"
    " Public Assistance lines.",
    "A neighborhood with few reports is not a neighborhood with little damage: people without power or phone"
    " do not report.",
    "Reports entered in bulk come late, and the time of entry is not the time it happened.",
    "Places of persons in need are left out: such a row has its band, category and neighborhood only.",
    "A published version does not change. What came later is in the next version.",
)


def readme(snapshot: Snapshot, names: Iterable[str], mark: str) -> bytes:
    """`names` are the files beside it, without the `mark` that all of them carry in front."""
    lines = [*_head(snapshot), *_files(names, mark), *_numbers(snapshot), *_limits(), *_whom(snapshot)]
    return windows_text([*lines, *check_lines(mark, f"{mark}snapshot.pdf")])


def _head(snapshot: Snapshot) -> Iterator[str]:
    head = snapshot.head
    if head.is_exercise:
        yield from (f"{EXERCISE}: THIS IS NOT A REAL EVENT. NOTHING IN HERE HAPPENED.", "")
    yield from wrapped(snapshot_head.title(snapshot))
    yield from wrapped(snapshot_head.place(head))
    as_of = "no sync yet" if head.as_of is None else date_time(head.as_of, ZoneInfo(head.zone))
    yield from wrapped(f"Entered from {snapshot_head.period(head)}, data as of {as_of}")
    yield from wrapped(f"{edition(snapshot)}, digest {snapshot.version}")
    if snapshot.edition is not None:
        yield from wrapped(signed(snapshot))
    yield from wrapped(head.filter)
    yield from ("", NOT_ASSESSED)


def _files(names: Iterable[str], mark: str) -> Iterator[str]:
    yield from title_lines("What is in here, in the order to open it")
    here = set(names)
    known = [each for each in SAYS if each in here]
    for at, name in enumerate((*known, *sorted(here - set(SAYS))), 1):
        yield from wrapped(f"{at:2}. {mark}{name}")
        yield from wrapped(SAYS.get(name, "See the manifest."), "    ")
    yield from wrapped("All of them say the same numbers. On Windows choose Extract All first.")


def _numbers(snapshot: Snapshot) -> Iterator[str]:
    yield from title_lines("What the numbers mean")
    yield from wrapped(
        "Each counts rows: filter the CSV as told and you count the same. The PDF has all of them."
    )
    yield from ("", "Now:")
    for each in snapshot.now:
        yield from _number(each)
    yield from ("", "In the period:")
    for each in snapshot.numbers:
        yield from _number(each)


def _number(each: Number) -> Iterator[str]:
    note = f" ({each.note})" if each.note else ""
    yield from wrapped(f"{each.value:>7,}  {each.label}{note}", "         ")
    yield from wrapped(each.says, "         ", "         ")
    yield from wrapped(each.how(), "         ", "         ")


def _limits() -> Iterator[str]:
    yield from title_lines("What they do not mean")
    for each in NOT_MEANT:
        yield from wrapped(f"- {each}", "  ")


def _whom(snapshot: Snapshot) -> Iterator[str]:
    yield from title_lines("Whom to call")
    yield from wrapped(snapshot.head.contact or NO_CONTACT)


def check_lines(mark: str, name: str) -> Iterator[str]:
    """How whoever has only the zip checks it, by the example of the file of this name."""
    yield from title_lines("How to check that nothing was changed on the way")
    yield from wrapped("Windows, in a command window in this folder:")
    yield f"    certutil -hashfile {name} SHA256"
    yield from wrapped(f"and compare with the line of that file in {mark}{SUMS}. Linux, all at once:")
    yield f"    sha256sum -c {mark}{SUMS}"
    yield from wrapped("macOS, all at once:")
    yield f"    shasum -a 256 -c {mark}{SUMS}"
    yield from wrapped("A file that does not match is not the one that was sent: ask for it again.")


def windows_text(lines: Iterable[str]) -> bytes:
    """For any editor: UTF-8 with its mark, lines as Windows ends them."""
    return "\r\n".join([*lines, ""]).encode("utf-8-sig")


def title_lines(words: str) -> Iterator[str]:
    yield from ("", "", words.upper(), "-" * len(words))


def wrapped(words: str, after: str = "", first: str = "") -> list[str]:
    """What people typed as one line of plain text, however it was typed."""
    indent = first or words[: len(words) - len(words.lstrip())]
    flat = " ".join(visible(words).split())
    return textwrap.wrap(flat, WIDE, initial_indent=indent, subsequent_indent=after, break_on_hyphens=False)
