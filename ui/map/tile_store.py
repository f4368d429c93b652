"""Base map tiles as pictures ready to copy: from memory, from disk, or asked for from the helper process."""

from __future__ import annotations

import logging
import shutil
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal
from PySide6.QtGui import QPixmap

from dispatch.geo.folder import GeoFolder
from ui.map.spare_time import in_a_session_of_its_own, run_in_spare_time
from ui.map.tile_key import NOTHING, Over, TileKey, version_of

log = logging.getLogger(__name__)

# A tile is 1 MB in memory: a window of 1,600 by 1,000 with its margin is 24 of them.
KEPT_IN_MEMORY = 72
ASKED_AT_ONCE = 2
STARTS = 3
# The system lets shares of the processor be changed ten times a second.
PACE_AGAIN_MS = 100
# Where sets with pictures over them stand, beside the set without.
OVER = "over"
# Coarser tiles that may stand in for one that is not there yet: half a zoom up to three zooms.
STAND_INS = (1, 2, 3, 4, 5, 6)


class TileStore(QObject):
    """`wish` says what is needed now, most urgent first; `draw_ahead` what may be, when nothing is.

    A tile is read from disk one at a time between events, so that no frame waits for more than one.
    """

    arrived = Signal(object)
    gave_up = Signal(str)

    def __init__(
        self,
        root: Path,
        *,
        folder: GeoFolder,
        command: Sequence[str],
        over: Over = NOTHING,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.version = version_of(folder, over)
        self._out = root / self.version
        self._command = [*command, "--geo", str(folder.root), "--city", folder.city, "--out", str(self._out)]
        self._command += over.options
        self._memory: OrderedDict[TileKey, QPixmap] = OrderedDict()
        self._needed: list[TileKey] = []
        self._ahead: deque[TileKey] = deque()
        self._asked: dict[TileKey, bool] = {}
        self._failed: set[TileKey] = set()
        self._helper: QProcess | None = None
        self._is_closed = False
        self._starts = 0
        self._has_given_up = False
        # Whether the helper has only what nobody else wants of the processor.
        self._is_spare = False
        self._step = QTimer(self, interval=0, timeout=self._work)

    def start(self) -> None:
        """Make room: sets drawn from other vectors or colors are of no use any more."""
        self._out.mkdir(parents=True, exist_ok=True)
        for other in self._out.parent.iterdir():
            if other.is_dir() and other != self._out and other.name != OVER:
                shutil.rmtree(other, ignore_errors=True)

    def close(self) -> None:
        """For good: what is still painted afterwards starts no helper that nobody would end."""
        self._is_closed = True
        self._step.stop()
        helper, self._helper = self._helper, None
        if helper is None:
            return
        # Tiles are put in place whole, so that nothing is lost by ending it at once.
        # In spare time alone it could not even end where every core is busy.
        if process_id := helper.processId():
            run_in_spare_time(process_id, is_spare=False)
        helper.kill()
        helper.waitForFinished(10_000)

    # -- asking -------------------------------------------------------------------------------------

    def picture(self, key: TileKey) -> QPixmap | None:
        """The tile if it is in memory; never waits."""
        found = self._memory.get(key)
        if found is not None:
            self._memory.move_to_end(key)
        return found

    def lacks(self, key: TileKey) -> bool:
        """Whether its picture is not in memory, or is not as it should be any more; asking counts as use."""
        return self.picture(key) is None

    def wish(self, needed: Iterable[TileKey]) -> None:
        """Replaces what was wished for before: a place panned past is not drawn first."""
        self._needed = [key for key in needed if self.lacks(key)]
        if self._needed or self._ahead:
            self._step.start()

    def draw_ahead(self, keys: Iterable[TileKey]) -> None:
        """What to draw while nothing is needed, so that it is there when it will be."""
        self._ahead = deque(keys)
        self._step.start()

    @property
    def needs_any(self) -> bool:
        """Whether the window still waits for a tile."""
        return bool(self._needed) or any(self._asked.values())

    @property
    def is_idle(self) -> bool:
        return not (self._needed or self._ahead or self._asked)

    # -- working ------------------------------------------------------------------------------------

    def _work(self) -> None:
        self._needed = [key for key in self._needed if self.lacks(key) and key not in self._failed]
        if any(map(self._load, self._needed)):
            return
        # Nothing on disk: the helper is asked, and its next answer goes on from here.
        self._step.stop()
        if self._has_given_up or self._is_closed:
            self._needed, self._ahead = [], deque()
        for key in self._needed:
            self._ask(key, is_needed=True)
        while self._ahead and not self._needed and len(self._asked) < ASKED_AT_ONCE:
            key = self._ahead.popleft()
            if key not in self._failed and not self._is_drawn(key):
                self._ask(key, is_needed=False)

    def _is_drawn(self, key: TileKey) -> bool:
        return (self._out / key.path).exists()

    def _load(self, key: TileKey) -> bool:
        is_there = self._take(key)
        if is_there:
            self.arrived.emit(key)
        return is_there

    def _take(self, key: TileKey) -> bool:
        """From disk into memory; False where there is none, or a damaged one."""
        if not self._is_drawn(key):
            return False
        path = self._out / key.path
        picture = self._read(key, path)
        if picture is None:
            log.warning("A base map tile on disk was damaged and is drawn anew: %s", key.line())
            path.unlink(missing_ok=True)
            return False
        self._memory[key] = picture
        while len(self._memory) > KEPT_IN_MEMORY:
            self._memory.popitem(last=False)
        return True

    def _read(self, key: TileKey, path: Path) -> QPixmap | None:
        """The picture of a tile from its file; None where that is damaged."""
        picture = QPixmap()
        return picture if picture.load(str(path), "PNG") else None

    def _ask(self, key: TileKey, *, is_needed: bool) -> None:
        if key in self._asked:
            self._asked[key] |= is_needed
            self._set_pace()
            return
        if self._is_closed or len(self._asked) >= ASKED_AT_ONCE:
            return
        self._asked[key] = is_needed
        self._running().write(f"{key.line()}\n".encode())
        self._set_pace()

    def _running(self) -> QProcess:
        if self._helper is not None:
            return self._helper
        self._starts += 1
        helper = QProcess(self)
        helper.readyReadStandardOutput.connect(self._hear)
        helper.finished.connect(self._lost)
        helper.errorOccurred.connect(self._broken)
        helper.started.connect(self._set_pace)
        helper.setProgram(self._command[0])
        helper.setArguments(self._command[1:])
        in_a_session_of_its_own(helper)
        self._helper, self._is_spare = helper, False
        helper.start()
        return helper

    def _set_pace(self) -> None:
        """What is drawn ahead must cost a first sync nothing; what the window waits for is drawn at once."""
        process_id = self._helper.processId() if self._helper else 0
        if process_id and (is_spare := not self.needs_any) != self._is_spare:
            if run_in_spare_time(process_id, is_spare=is_spare):
                self._is_spare = is_spare
            else:
                QTimer.singleShot(PACE_AGAIN_MS, self, self._set_pace)

    def _hear(self) -> None:
        helper = self._helper
        while helper is not None and helper.canReadLine():
            word, _, line = bytes(helper.readLine().data()).decode().partition(" ")
            key = TileKey.parse(line)
            is_needed = self._asked.pop(key, False)
            if word == "failed":
                self._failed.add(key)
                log.warning("A base map tile could not be drawn: %s", key.line())
                continue
            self._take_drawn(key)
            if is_needed and key not in self._needed:
                self._needed.append(key)
        self._step.start()

    def _take_drawn(self, key: TileKey) -> None:
        """It stands on disk now."""

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._lost()

    def _lost(self, *_: object) -> None:
        helper, self._helper = self._helper, None
        if helper is None:
            return
        self._needed += [key for key, is_needed in self._asked.items() if is_needed]
        self._asked.clear()
        self._step.start()
        if self._starts < STARTS:
            return
        self._has_given_up = True
        said = bytes(helper.readAllStandardError().data()).decode(errors="replace").strip()
        log.warning("The base map is not drawn: its process ended %d times. %s", STARTS, said[-300:])
        self.gave_up.emit(self.tr("The base map could not be drawn."))
