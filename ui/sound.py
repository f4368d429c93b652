"""The alarm (S14): one merged tone a minute until somebody acts, always with its visual twin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from dispatch.alarms import Call, CallLog, Kind, calls, is_aside, sync_calls
from dispatch.board import Board
from dispatch.records import Millis
from ui.widgets import counts, times

if TYPE_CHECKING:
    from dispatch.records import Shelf, SyncStatus

EVERY_MS = 60_000
LONGEST_MUTE_MS = 15 * 60_000


def alarming_sites(board: Board, now: Millis) -> frozenset[int]:
    """Sites somebody must act on now. `now` is storm time."""
    return frozenset(site_id for _, site_id in calls(board, now))


class Alarm(QObject):
    """Decides when it sounds. `changed` carries the words of the visual twin, empty when all is answered."""

    changed = Signal(str)

    def __init__(
        self,
        board: Board,
        *,
        play: Callable[[], None],
        now: Callable[[], Millis],
        wall_now: Callable[[], Millis],
        may_mute: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        """`may_mute` says whether another seat still sounds: the last one that does cannot be muted."""
        super().__init__(parent)
        self._board = board
        self._play = play
        self._now = now
        self._wall_now = wall_now
        self._may_mute = may_mute
        self._sounded_at: Millis | None = None
        self._muted_until: Millis = 0
        self._said = ""
        self._opened_at = wall_now()
        self._shelves: dict[Call, Shelf] = {}
        self.log = CallLog(self._opened_at)
        self.status: SyncStatus | None = None
        self.calling: frozenset[Call] = frozenset()
        self.aside: frozenset[Call] = frozenset()  # of those that call, what somebody has shelved
        self.sites: frozenset[int] = frozenset()

    @property
    def is_muted(self) -> bool:
        # No longer than it may be, though the clock was set back meanwhile.
        return 0 < self._muted_until - self._wall_now() <= LONGEST_MUTE_MS

    def mute(self) -> bool:
        """Quiet for fifteen minutes at most; the visual twin stays."""
        if not self._may_mute():
            return False
        self._muted_until = self._wall_now() + LONGEST_MUTE_MS
        self._tell()
        return True

    def take_status(self, status: SyncStatus) -> None:
        """How the syncing stands, whenever it has changed."""
        self.status = status

    def take_shelves(self, shelves: Iterable[Shelf]) -> None:
        """What is set aside at all seats, as the store has it now."""
        self._shelves = {(Kind(each.kind), each.site_id): each for each in shelves}
        self.look()

    def wall_now(self) -> Millis:
        return self._wall_now()

    def shelf(self, call: Call) -> Shelf | None:
        return self._shelves.get(call)

    def band(self, call: Call) -> int | None:
        """The band of the site it is about; None where it is about none."""
        row = self._board.row(call[1]) if call[1] else -1
        return int(self._board.band[row]) if row >= 0 else None

    def look(self) -> None:
        """After each change and each second: sound at once for what is new, then once a minute. What is
        shelved is counted and does not sound."""
        now = self._wall_now()
        calling = calls(self._board, self._now()) | sync_calls(
            self.status, now / 1000, self._opened_at / 1000
        )
        self.log.look(calling, now)
        self.calling = calling
        self.aside = frozenset(
            call for call in self._shelves if call in calling and self._is_aside(call, now)
        )
        self.sites = frozenset(site_id for _, site_id in calling - self.aside if site_id)
        # A clock that was set back must not keep it silent until then.
        is_due = self._sounded_at is None or not 0 <= now - self._sounded_at < EVERY_MS
        if calling - self.aside and is_due and not self.is_muted:
            self._sounded_at = now
            self._play()
        self._tell()

    def words(self) -> str:
        """Count and oldest, one banner however many there are."""
        sounding = self.calling - self.aside
        said = [counts.acts_needed(len(self.sites))] if self.sites else []
        if self.aside:
            # Set aside is not gone (S14): it stays in sight until it comes back.
            count = len(self.aside)
            said.append(_tr("{} shelved").format(count) if sounding else counts.alarms_shelved(count))
        said += [_tr("sync lost")] if (Kind.SYNC_LOST, 0) in sounding else []
        said += [_tr("311 data unreadable")] if (Kind.MISMATCH, 0) in sounding else []
        if sounding and self.log.is_flood:
            oldest = times.age(self._wall_now() - self.log.oldest_at(sounding))
            said.append(_tr("oldest {}").format(oldest))
        if sounding and self.is_muted:
            left = -(-(self._muted_until - self._wall_now()) // 60_000)
            said.append(_tr("muted {} min").format(left))
        words = " · ".join(said)
        return words[:1].upper() + words[1:]

    def _is_aside(self, call: Call, now: Millis) -> bool:
        return is_aside(self._shelves.get(call), self.band(call), self.log.went_away_at(call), now)

    def _tell(self) -> None:
        words = self.words()
        if words != self._said:
            self._said = words
            self.changed.emit(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("alarm", text)
