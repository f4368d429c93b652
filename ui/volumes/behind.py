"""The sites behind the numbers of the volumes: as they are when a number is pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatch.board import Board, exactly
from dispatch.insight import picks
from dispatch.insight.volumes import HOUR_MS, Step, Volumes
from ui.volumes import words
from ui.widgets.family_words import family as family_words

Opens = Callable[[], None]


class Behind(QObject):
    """`opened` has the filters that show just these sites."""

    opened = Signal(object)

    def __init__(self, *, bridge: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge

    @property
    def _board(self) -> Board:
        board: Board = self._bridge.board
        return board

    def open(self, site_ids: Iterable[int], chosen_as: str) -> None:
        ids = [int(each) for each in site_ids]
        if ids:
            self.opened.emit(exactly(ids, chosen_as))
        else:
            self._bridge.said.emit(self.tr("There is no site behind this number now."), False)

    def hours(self, shown: Volumes, first: int, last: int) -> None:
        since = shown.start_at + first * HOUR_MS
        until = shown.start_at + (last + 1) * HOUR_MS
        said = words.span(since, until, shown.at, self._bridge.zone)
        self.open(picks.reported_between(self._board, since, until), said)

    def number(self, which: int, shown: Volumes) -> None:
        """Of the large ones, from the left."""
        board, now, tr = self._board, shown.at, self.tr
        numbers: tuple[tuple[Callable[[], Iterable[int]], str], ...] = (
            (lambda: picks.reported_between(board, shown.start_at, now + 1), tr("Reported since then")),
            (lambda: board.site_id[board.is_open()], tr("All open")),
            (lambda: picks.reported_between(board, now - HOUR_MS, now + 1), tr("Reported in the last hour")),
            (lambda: picks.open_p1(board), tr("Open P1")),
            (lambda: picks.open_p1(board), tr("Open P1")),
        )
        ids, said = numbers[which]
        self.open(ids(), said)

    # What a row of a table opens.

    def family(self, name: str) -> Opens:
        return self._opener(partial(self._of_family, name), self.tr("Open: {}").format(family_words(name)))

    def seat(self, name: str) -> Opens:
        return self._opener(lambda: picks.claimed_at(self._board, name), name)

    def handed_over(self) -> Opens:
        return self._opener(lambda: picks.handed_over(self._board), self.tr("Handed over"))

    def untouched(self) -> Opens:
        return self._opener(lambda: picks.untouched(self._board), self.tr("Nobody yet"))

    def waiting(self, step: Step) -> Opens:
        """Those that still wait for a step."""
        board = self._board
        ids: Mapping[Step, Callable[[], Iterable[int]]] = {
            Step.FIRST_LOOK_P1: lambda: picks.untouched_p1(board),
            Step.FIRST_LOOK: lambda: picks.untouched(board),
            Step.HANDED_OVER: lambda: picks.handed_over(board),
            Step.ACCEPTED: lambda: picks.not_accepted(board),
            Step.CLOSED: lambda: board.site_id[board.is_open()],
        }
        said = {
            Step.HANDED_OVER: self.tr("Handed over"),
            Step.ACCEPTED: self.tr("Not accepted yet"),
            Step.CLOSED: self.tr("All open"),
        }
        return self._opener(ids[step], said.get(step, self.tr("Nobody has acted yet")))

    def _opener(self, ids: Callable[[], Iterable[int]], chosen_as: str) -> Opens:
        return lambda: self.open(ids(), chosen_as)

    def _of_family(self, name: str) -> Iterable[int]:
        of = self._bridge.shown.family
        return picks.open_of(self._board, frozenset(key for key in self._board.categories if of(key) == name))
