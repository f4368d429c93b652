"""The process that counts and writes (`main.py --helper snapshot`): one order, and how far it is with it.

It ends with its input: whoever asked has gone or no longer wants it, and no half file is left behind.
"""

from __future__ import annotations

import _thread
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.clock import WallClock
from dispatch.errors import LandfallError
from dispatch.evidence.cases import gather
from dispatch.jurisdiction import load_jurisdiction
from dispatch.processor import BEHIND, stand_behind
from dispatch.records import Actor
from dispatch.reports import county_pack, formats, geopackage_file, pdf_file
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.frozen import freeze, summary, thaw
from dispatch.snapshot.making import make
from dispatch.snapshot.records import Snapshot
from dispatch.snapshot_desk import SnapshotDesk
from dispatch.snapshot_job.lists import write_evidence, write_list
from dispatch.snapshot_job.orders import (
    CONTENT,
    COUNTING,
    PAGES,
    PHOTOS,
    ROWS,
    SUMMARY,
    Answer,
    Done,
    Orders,
    Refused,
    Step,
    What,
    say,
)
from dispatch.store.store import Store, open_store
from dispatch.triage.categories import load_categories
from dispatch.whole_file import make_folder, write_whole

_NICE = 5
_ended = threading.Event()


def main() -> int:
    stand_behind(_NICE, BEHIND)
    orders = Orders.parse(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    try:
        answer: Answer = work(orders, _tell)
    except LandfallError as error:
        answer = Refused(str(error))
    except MemoryError:
        answer = Refused("There is not enough memory for this snapshot: choose a shorter period.")
    except KeyboardInterrupt:
        return 1
    except Exception:
        if _ended.is_set():  # the library that was at work then made something else of the interrupt
            return 1
        raise
    if _ended.is_set():
        return 1
    _tell(answer)
    return 0


def work(orders: Orders, tell: Callable[[Answer], None]) -> Done:
    """Count, or take what was frozen, and write; raises LandfallError."""
    folder = Path(orders.folder)
    tell(Step(0, 0, COUNTING))
    if orders.what is not What.SNAPSHOT:
        return _list(orders, folder, tell)
    made = _snapshot(orders)
    many = _step_count(orders, made)
    names: list[str] = []

    def writing(name: str) -> None:
        names.append(name)
        tell(Step(len(names), many, name))

    if orders.pack:
        path, _ = county_pack.write_pack(made, folder / orders.pack, tell=writing)
        names = [path.name]
    elif orders.formats:
        formats.write(made, folder, orders.formats, tell=writing)
    else:
        make_folder(folder)
        for name, write in _LOOK.items():
            writing(name)
            write(made, folder / name)
    return Done(made.version, len(made.reports), len(made.sites), tuple(names))


def _step_count(orders: Orders, made: Snapshot) -> int:
    if orders.pack:
        return county_pack.step_count(made)
    return formats.file_count(made, orders.formats) if orders.formats else len(_LOOK)


_LOOK: dict[str, Callable[[Snapshot, Path], None]] = {
    CONTENT: lambda made, path: write_whole(path, freeze(made)),
    SUMMARY: lambda made, path: write_whole(path, summary(made)),
    PAGES: pdf_file.write,
    ROWS: geopackage_file.write,
}


def _snapshot(orders: Orders) -> Snapshot:
    if orders.content:
        return thaw(Path(orders.content).read_bytes())
    with _opened(orders) as store:
        reader = Actor(orders.activation_id, "", "", "")
        desk = SnapshotDesk(store=store, actor=lambda: reader, now=store.clock.now)
        if orders.version_id:
            return desk.snapshot(orders.version_id)
        asked = _asked(orders)
        made = make(store, asked, load_jurisdiction(orders.city), load_categories())
        return desk.compared(made, asked) if orders.activation_id else made


def _list(orders: Orders, folder: Path, tell: Callable[[Answer], None]) -> Done:
    city, table, asked = load_jurisdiction(orders.city), load_categories(), _asked(orders)
    with _opened(orders) as store:
        if orders.what is not What.EVIDENCE:
            rows, names = write_list(orders.what, store, asked, city, table, folder)
            return Done("", 0, rows, names)
        cases = gather(store, asked, city, table)

    def looking(at: int, of: int) -> None:
        tell(Step(at, of, PHOTOS))

    rows, names = write_evidence(cases, folder, Path(orders.data or orders.folder), looking)
    return Done("", 0, rows, names)


def _asked(orders: Orders) -> Asked:
    return Asked(orders.from_at, orders.to_at, Wanted(orders.area, only_storm=orders.only_storm))


@contextmanager
def _opened(orders: Orders) -> Iterator[Store]:
    store = open_store(orders.store_url, clock=WallClock(), login=orders.login, password=orders.password)
    try:
        yield store
    finally:
        store.close()


def _tell(answer: Answer) -> None:
    if _ended.is_set():
        raise KeyboardInterrupt
    sys.stdout.buffer.write(say(answer))
    sys.stdout.buffer.flush()


def _end_with(pipe: int) -> None:
    # Past Python's own buffer, whose lock nobody could take from this thread when the program ends.
    while os.read(pipe, 4096):
        pass
    _ended.set()
    _thread.interrupt_main()
