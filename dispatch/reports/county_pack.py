"""One zip that a county emergency manager opens without us: every format of a snapshot, a page that says what
is in it and what it means, and the checksums."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.forms.common import file_mark, local
from dispatch.reports.county_readme import SUMS, readme
from dispatch.reports.formats import FORMATS, file_count, write
from dispatch.reports.snapshot_facts import made_at
from dispatch.snapshot.records import Snapshot
from dispatch.whole_zip import WholeZip, Zipped, named, writing_zip

README = "README.txt"


def step_count(snapshot: Snapshot) -> int:
    """How many files are written on the way, the zip with them."""
    return file_count(snapshot, FORMATS) + 1


def write_pack(
    snapshot: Snapshot, path: Path, *, tell: Callable[[str], None] = lambda _name: None
) -> tuple[Path, tuple[Zipped, ...]]:
    """Where it lies, and what is in it; an exercise's file says so in its name (S18). The same snapshot gives
    the same bytes. `tell` hears each file's name before it is written. Raises FileNotWritten, and then
    nothing is left behind."""
    mark = file_mark(snapshot.head.is_exercise)
    path = named(path, mark)
    with tempfile.TemporaryDirectory(prefix="landfall-", ignore_cleanup_errors=True) as folder:
        written = write(snapshot, Path(folder), FORMATS, tell=tell)
        tell(path.name)
        with writing_zip(path, time_of(snapshot)) as into:
            names = [each.name.removeprefix(mark) for each in written]
            into.add(f"{mark}{README}", readme(snapshot, (*names, SUMS), mark))
            for each in written:
                into.add_file(each.name, Path(folder, each.name))
            add_sums(into, f"{mark}{SUMS}")
    return path, tuple(into.files)


def add_sums(into: WholeZip, name: str) -> None:
    """The checksums of all that is in it so far, as sha256sum reads them."""
    into.add(name, sums(into.files))


def sums(files: Iterable[Zipped]) -> bytes:
    return "".join(f"{each.sha256}  {each.name}\n" for each in files).encode()


def time_of(snapshot: Snapshot) -> datetime:
    """Of every file in it: the data's, on the city's clock."""
    return local(made_at(snapshot.head), ZoneInfo(snapshot.head.zone))
