"""One zip of a storm's photos: a folder for each site, a row for each photo, also for those that could not be
had, and the checksums."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.evidence.cases import SURVEY, Cases, Sought
from dispatch.evidence.columns import PHOTO_COLUMNS, PHOTOS
from dispatch.evidence.exif import taken
from dispatch.evidence.photos import NotHad, Photo, Photos
from dispatch.evidence.words import numbers, readme, site_page
from dispatch.forms.common import file_mark, local
from dispatch.reports import csv_file
from dispatch.reports.county_pack import add_sums
from dispatch.reports.county_readme import SUMS
from dispatch.snapshot.records import Cell, Number, Rows
from dispatch.snapshot.rows import NO, YES
from dispatch.whole_file import make_folder, write_whole
from dispatch.whole_zip import WholeZip, Zipped, named, writing_zip


@dataclass(frozen=True, slots=True)
class Packed:
    """Where it lies, what is in it and what it counts."""

    path: Path
    files: tuple[Zipped, ...]
    index: Rows
    numbers: tuple[Number, ...]


def pack(
    cases: Cases, photos: Photos, path: Path, *, tell: Callable[[int, int], None] = lambda _at, _of: None
) -> Packed:
    """`tell` hears how many photos of how many were looked for. The same photos give the same bytes; an
    exercise's file says so in its name (S18). Raises FileNotWritten, and then nothing is left behind."""
    head = cases.head
    mark = file_mark(head.is_exercise)
    path = named(path, mark)
    make_folder(path.parent)
    zone = ZoneInfo(head.zone)
    with tempfile.TemporaryDirectory(prefix="landfall-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        rows = []
        for at, sought in enumerate(cases.photos, 1):
            rows.append(_looked_for(sought, photos, folder, mark))
            tell(at, len(cases.photos))
        index = Rows(PHOTOS, PHOTO_COLUMNS, tuple(rows))
        counted = numbers(cases.sites, index)
        at_ms = head.to_at if head.as_of is None else head.as_of
        with writing_zip(path, local(at_ms, zone)) as into:
            into.add(f"{mark}README.txt", readme(cases, counted, mark))
            into.add(f"{mark}index.csv", csv_file.content(index, zone))
            into.add(f"{mark}sites.csv", csv_file.content(cases.sites, zone))
            _add_sites(into, cases, index, folder, mark)
            add_sums(into, f"{mark}{SUMS}")
    return Packed(path, tuple(into.files), index, counted)


def _looked_for(sought: Sought, photos: Photos, folder: Path, mark: str) -> tuple[Cell, ...]:
    """Its row in the index; the photo lies in the folder under its name in the package."""
    start = (sought.site, sought.source, sought.of, sought.entered_at)
    try:
        photo = _had(sought, photos)
    except NotHad as error:
        return (*start, NO, str(error), *(None,) * (len(PHOTO_COLUMNS) - 6))
    name = f"{mark}{sought.folder}/{sought.name}.{photo.kind}"
    (folder / name).parent.mkdir(exist_ok=True)
    write_whole(folder / name, photo.content)
    said = taken(photo.content)
    as_surveyed = (YES if photo.sha256 == sought.proof else NO) if sought.proof else None
    return (
        *(*start, YES, "", name, photo.sha256, len(photo.content), as_surveyed),
        *(said.at, said.latitude, said.longitude),
    )


def _had(sought: Sought, photos: Photos) -> Photo:
    if sought.why_not:
        raise NotHad(sought.why_not)
    if sought.source == SURVEY:
        return photos.from_folder(sought.where)
    return photos.from_web(sought.where, sought.server_address)


def _add_sites(into: WholeZip, cases: Cases, index: Rows, folder: Path, mark: str) -> None:
    at, file_at = cases.sites.position["folder"], index.position["file"]
    of_folder: dict[str, list[tuple[Cell, ...]]] = defaultdict(list)
    for row in index.values:
        of_folder[str(row[file_at] or "").partition("/")[0]].append(row)
    for site in cases.sites.values:
        if not site[at]:
            continue
        name = f"{mark}{site[at]}"
        mine = of_folder[name]
        into.add(f"{name}/{mark}site.txt", site_page(cases, site, mine))
        for row in mine:
            # A photo is packed already: what gets no smaller is only stored.
            into.add_file(str(row[file_at]), folder / str(row[file_at]), is_packed=False)
