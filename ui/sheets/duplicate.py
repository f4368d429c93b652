"""Merge a site into another one near by, and split a report off again; both can be undone (S10)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from dispatch.records import Band, Flag, SiteView, Suggestion
from ui.sheets.near import NEAR_M, Neighbor, neighbors
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, NearRow
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import reports_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField
from ui.widgets.words import Words


class DuplicateSheet(SiteSheet):
    """Typing a site's number wins over the list; down and up move in the list while typing."""

    NAME = "duplicate"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Duplicate of"))
        self._has_moved = False
        self._number = self.add("number", LineField(self.tr("Site number, or choose below"), theme=theme))
        self._heading = Words(theme=theme, role="small", tone="text_dim")
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setItemDelegate(NearRow(self.list, theme=theme))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.list.setAccessibleName(self.tr("Open sites near by"))
        self.body.addWidget(self._heading)
        self.body.addWidget(self.list)
        self._number.edited.connect(self._say)
        self.list.currentRowChanged.connect(lambda _row: self._take_row())
        self.shortcuts[(Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Down)] = lambda: self._move(1)
        self.shortcuts[(Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Up)] = lambda: self._move(-1)
        self.say_act(self.tr("Merge"))
        self._near = neighbors(bridge.board, site_id, bridge.family)
        self._list_all(())

    def begin(self, *, target: int = 0, **given: Any) -> None:
        if target:
            self._number.show_value(str(target))

    def show_site(self, view: SiteView) -> None:
        if view.suggestions:
            self._list_all(view.suggestions)
        self._say()

    def target(self) -> int:
        """The site it would join; 0 when none is named."""
        typed = self._number.value().lstrip("#")
        if typed:
            return int(typed) if typed.isdecimal() else 0
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else 0

    def problem(self) -> tuple[str, str] | None:
        target = self.target()
        if not target:
            return "number", self.tr("Choose a site, or type its number.")
        if target == self.site_id:
            return "number", self.tr("That is this site itself.")
        if self.bridge.board.row(target) < 0:
            return "number", self.tr("There is no site {number}.").format(number=target)
        return None

    def doubt(self) -> str:
        board, row = self.bridge.board, self.bridge.board.row(self.target())
        if self.view is None or self._is_about_persons():
            return ""
        is_own = bool(board.flags[row] & Flag.OVERRIDDEN)
        if is_own and board.band[row] > self.view.row.band:
            return self.tr("An operator set {band} there: merging would lower {old} to it.").format(
                band=Band(board.band[row]).name, old=Band(self.view.row.band).name
            )
        return ""

    def done_words(self) -> tuple[str, bool]:
        if self._is_about_persons():
            return self.tr("Linked with no. {}.").format(self.target()), False
        return self.tr("Merged into no. {}.").format(self.target()), True

    def act(self) -> asyncio.Task[Any]:
        desk, target = self.bridge.desk, self.target()
        if self._is_about_persons():
            return self.bridge.act(desk.link, target, [self.site_id])
        return self.bridge.act(desk.merge, target, [self.site_id])

    def _is_about_persons(self) -> bool:
        board = self.bridge.board
        rows = (board.row(self.site_id), board.row(self.target()))
        return any(row >= 0 and board.flags[row] & Flag.PERSON for row in rows)

    def _list_all(self, suggestions: Sequence[Suggestion]) -> None:
        """What is proposed first, with its why; then what else lies near. A choice that was made stays."""
        chosen = self.target() if self.list.hasFocus() or self._has_moved else 0
        proposed = {each.site_id for each in suggestions}
        rows = [(each.site_id, self._proposal(each)) for each in suggestions]
        rows += [(each.site_id, self._line(each)) for each in self._near if each.site_id not in proposed]
        self.list.clear()
        for site_id, words in rows:
            item = QListWidgetItem(words)
            item.setData(Qt.ItemDataRole.UserRole, site_id)
            item.setData(BAND_ROLE, self._band(site_id))
            self.list.addItem(item)
        shown = min(6, len(rows))
        self.list.setFixedHeight(shown * ROW_HEIGHT + 2 * LIST_EDGE)
        if shown == len(rows):
            self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVisible(bool(rows))
        if rows:
            ids = [site_id for site_id, _ in rows]
            self.list.setCurrentRow(ids.index(chosen) if chosen in ids else 0)
        if suggestions:
            self._heading.say(self.tr("Proposed first, then what is open within {m} m").format(m=int(NEAR_M)))
        elif rows:
            self._heading.say(self.tr("Open within {m} m, same family first").format(m=int(NEAR_M)))
        else:
            self._heading.say(
                self.tr("No other open site within {m} m. Type a number.").format(m=int(NEAR_M))
            )

    def _band(self, site_id: int) -> int:
        board, row = self.bridge.board, self.bridge.board.row(site_id)
        return int(board.band[row]) if row >= 0 else int(Band.INFO)

    def _proposal(self, each: Suggestion) -> str:
        board, row = self.bridge.board, self.bridge.board.row(each.site_id)
        what = board.what[row] if row >= 0 else ""
        number = self.tr("no. {}").format(each.site_id)
        return f"{Band(self._band(each.site_id)).name} {what}\n{each.why} · {number}"

    def _line(self, neighbor: Neighbor) -> str:
        facts = (
            self.tr("{m:.0f} m").format(m=neighbor.distance_m),
            times.ago(neighbor.first_at, self.now, self.bridge.zone),
            reports_words(neighbor.reports),
            self.tr("no. {}").format(neighbor.site_id),
        )
        return f"{Band(neighbor.band).name} {neighbor.what}\n{' · '.join(facts)}"

    def _move(self, step: int) -> None:
        self._has_moved = True
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _take_row(self) -> None:
        self._number.show_value("")
        self._number.touched = False
        self._say()

    def _say(self) -> None:
        target = self.target()
        row = self.bridge.board.row(target) if target else -1
        if row < 0 or self.view is None:
            self.say_effect(self.tr("Names the site this one repeats."))
            self.say_act(self.tr("Merge"))
            return
        what = self.bridge.board.what[row]
        if self._is_about_persons():
            self.say_effect(
                self.tr("Reports about persons are linked by building, never merged: people are summed."),
                "warn",
            )
            self.say_act(self.tr("Link to no. {}").format(target))
            return
        count = len(self.view.requests) or self.view.row.reports
        joins = self.tr("{reports} joins “{what}”.") if count == 1 else self.tr("{reports} join “{what}”.")
        calm = self.tr("Nothing changes on the city's site; U undoes it.")
        self.say_effect(f"{joins.format(reports=reports_words(count), what=what)} {calm}")
        self.say_act(self.tr("Merge into no. {}").format(target))


class SplitSheet(SiteSheet):
    NAME = "split"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Split a report off"))
        self.say_effect(self.tr("The report gets a site of its own again, with its own band."))
        self.say_act(self.tr("Split off"))
        self._report: PickField | None = None

    def show_site(self, view: SiteView) -> None:
        if self._report is not None:
            return
        if len(view.requests) < 2:
            self.say_effect(self.tr("This site has one report: there is nothing to split off."))
            self.button.setEnabled(False)
            return
        choices = [(request.request_id, self._words_of(request)) for request in view.requests]
        self._report = PickField(self.tr("Which report"), choices, theme=self.theme)
        self.add("report", self._report)
        self._report.setFocus()

    def problem(self) -> tuple[str, str] | None:
        if self._report is None or self._report.value() is None:
            return "report", self.tr("Choose the report.")
        return None

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Split off."), False

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.split, self.site_id, self._report.value())

    def _words_of(self, request: Any) -> str:
        text = request.text.replace("\n", " ") or request.service_name
        at = times.clock(request.created_at, self.now, self.bridge.zone)
        return f"{at} · {text[:34]}{'…' if len(text) > 34 else ''}".replace("&", "&&")
