"""What an evidence package says of itself: what it counts, what it is and is not, and of each site what is
known beside its photos."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from dispatch.evidence.cases import Cases
from dispatch.evidence.columns import PHOTO_COLUMNS
from dispatch.forms.common import EXERCISE, date_time
from dispatch.reports.county_readme import NO_CONTACT, check_lines, title_lines, windows_text, wrapped
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import NOT_ASSESSED, Cell, Column, Kind, Number, Rows
from dispatch.snapshot.rows import NO, YES

LIMITS = (
    "A photo is as it was had, byte for byte. Its checksum proves that it is unchanged since then, not when"
    " or where it was taken.",
    "EXIF time and position are the camera's own: its clock may be wrong, and many services remove them."
    " The time is the camera's local time where no distance from UTC stands behind it.",
    "Faces and license plates are not our judgement: nothing was covered. Look at each photo before you"
    " pass it on.",
    "Sites about a person's health, home or safety are left out: sites.csv counts them with band, category"
    " and neighborhood only.",
    "No resident's words, name or phone is taken from a report. Who went and how it ended are emergency"
    " management's own words: phone numbers in them are covered, names are not looked for. Read them before"
    " you pass it on.",
    "A photo after the water has left proves little: ask for the depth against something that stands still.",
    "Eligibility is FEMA's decision.",
)
_FACTS: tuple[str, ...] = (
    "category",
    "band",
    "first_entered_at",
    "address",
    "latitude",
    "longitude",
    "neighborhood",
)
_FACTS += ("went", "on_scene_at", "outcome", "ended_at", "state", "closed_reason", "closed_at", "storm_id")


def numbers(sites: Rows, index: Rows) -> tuple[Number, ...]:
    """Each a filter over a file of the package."""
    of_sites, of_photos = Counts(sites), Counts(index)
    return (
        of_photos.number("photos", "photos looked for", "Every row of the index."),
        of_photos.number("had", "photos in here", "Those that could be had.", ("had", (YES,))),
        of_photos.number("not_had", "photos not in here", "See why_not in the index.", ("had", (NO,))),
        of_sites.number("sites", "sites with a photo", "Those not restricted.", ("restricted", (NO,))),
        of_sites.number(
            "restricted",
            "restricted sites with a photo, left out",
            "About a person's health, home or safety.",
            ("restricted", (YES,)),
        ),
    )


def readme(cases: Cases, counted: Iterable[Number], mark: str) -> bytes:
    return windows_text(_lines(cases, counted, mark))


def _lines(cases: Cases, counted: Iterable[Number], mark: str) -> Iterator[str]:
    head = cases.head
    zone = ZoneInfo(head.zone)
    if head.is_exercise:
        yield from (f"{EXERCISE}: THIS IS NOT A REAL EVENT. NOTHING IN HERE HAPPENED.", "")
    yield from wrapped(f"Photos of {head.storm or 'a storm without a name'}")
    yield from wrapped(", ".join(part for part in (head.city, head.county, head.state) if part))
    yield from wrapped(
        f"Reports entered from {date_time(head.from_at, zone)} to {date_time(head.to_at, zone)}"
    )
    yield from wrapped(f"Storm id {cases.storm_id}; disaster number {head.disaster_number or 'not entered'}")
    yield from wrapped(head.filter)
    yield from ("", NOT_ASSESSED)
    yield from title_lines("What is in here, in the order to open it")
    yield from wrapped(f"1. {mark}index.csv: a row for each photo, also for those that could not be had.")
    yield from wrapped(f"2. {mark}sites.csv: a row for each site.")
    yield from wrapped(f"3. A folder for each site ({mark}site-...): its photos and what is known of it.")
    yield from title_lines("How many")
    for each in counted:
        yield from wrapped(f"{each.value:,} {each.label} ({each.how()})", "    ")
    yield from title_lines("What they do not mean")
    for words in LIMITS:
        yield from wrapped(f"- {words}", "  ")
    yield from title_lines("Whom to call")
    yield from wrapped(head.contact or NO_CONTACT)
    yield from check_lines(mark, f"{mark}index.csv")
    yield from title_lines("The columns")
    yield from _columns(f"{mark}sites.csv", cases.sites.columns)
    yield from _columns(f"{mark}index.csv", PHOTO_COLUMNS)


def _columns(name: str, columns: Iterable[Column]) -> Iterator[str]:
    yield from ("", name)
    for each in columns:
        yield from wrapped(f"  {each.name}: {each.says}", "      ")


def site_page(cases: Cases, site: Sequence[Cell], photos: Iterable[Sequence[Cell]]) -> bytes:
    """Of one site that is not restricted: `site` is its row, `photos` are its rows of the index."""
    return windows_text(_site(cases, site, photos))


def _site(cases: Cases, site: Sequence[Cell], photos: Iterable[Sequence[Cell]]) -> Iterator[str]:
    zone = ZoneInfo(cases.head.zone)
    mark = f"{EXERCISE} · " if cases.head.is_exercise else ""
    yield from wrapped(f"{mark}{cases.head.storm} · site {site[0]}")
    yield from (NOT_ASSESSED, "")
    for name in _FACTS:
        at = cases.sites.position[name]
        kind, cell = cases.sites.columns[at].kind, site[at]
        if cell not in (None, ""):
            said = date_time(int(cell), zone) if kind is Kind.TIME and cell is not None else cell
            yield from wrapped(f"{name.replace('_', ' ')}: {said}", "    ")
    yield ""
    for row in photos:
        _, source, of, _, _, _, file, proof, size, as_surveyed, at_time, north, east = row
        yield from wrapped(f"{str(file).rpartition('/')[2]}: {source} {of}, {size:,} bytes", "    ")
        yield f"    SHA-256 {proof}"
        if at_time:
            yield from wrapped(f"    EXIF time {at_time}", "    ")
        if north is not None:
            yield from wrapped(f"    EXIF position {north}, {east}", "    ")
        if as_surveyed == NO:
            yield "    Not the file of the survey's import: its checksum differs."
