"""All sheets by name, and the one that is open: where it hangs, what it read, the drafts left behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from ui.em_desk.answer_sheet import AnswerSheet
from ui.em_desk.first_hour_sheet import FirstHourSheet
from ui.em_desk.roster_sheet import RosterSheet
from ui.em_desk.to_read_sheet import ToReadSheet
from ui.em_desk.walk_list_sheet import WalkListSheet
from ui.escalate.sheet import EscalateSheet
from ui.sheets.activation import StormModeSheet, SuspendSheet
from ui.sheets.alarms import AlarmsSheet
from ui.sheets.band import BandSheet
from ui.sheets.bulk import BulkSheet
from ui.sheets.close import CloseSheet
from ui.sheets.duplicate import DuplicateSheet, SplitSheet
from ui.sheets.facts import PlaceSheet, UtilitySheet
from ui.sheets.import_layer import ImportLayerSheet
from ui.sheets.layers import LayersSheet
from ui.sheets.merge_ticked import MergeTickedSheet
from ui.sheets.message import MessageSheet
from ui.sheets.not_the_same import NotTheSameSheet
from ui.sheets.note import NoteSheet
from ui.sheets.period_form import ActivityLogSheet, BriefingSheet, StatusSheet
from ui.sheets.place_by_hand import PlaceByHandSheet
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.told_911 import Told911Sheet
from ui.sheets.wait import SnoozeSheet, WaitSheet
from ui.sheets.weather import WeatherSheet
from ui.theme import Theme
from ui.widgets.sheet import SHADOW, Sheet

log = logging.getLogger(__name__)

SHEETS: dict[str, type[Sheet]] = {
    sheet.NAME: sheet
    for sheet in (
        ActivityLogSheet,
        AlarmsSheet,
        AnswerSheet,
        BandSheet,
        BriefingSheet,
        BulkSheet,
        CloseSheet,
        DuplicateSheet,
        EscalateSheet,
        FirstHourSheet,
        ImportLayerSheet,
        LayersSheet,
        MergeTickedSheet,
        MessageSheet,
        NoteSheet,
        NotTheSameSheet,
        PlaceByHandSheet,
        PlaceSheet,
        RosterSheet,
        SnoozeSheet,
        SplitSheet,
        StatusSheet,
        StormModeSheet,
        SuspendSheet,
        ToReadSheet,
        Told911Sheet,
        UtilitySheet,
        WaitSheet,
        WalkListSheet,
        WeatherSheet,
    )
}
MARGIN = 4


class Sheets(QObject):
    """One sheet at a time over `host`. A sheet left with words in it gives them back when it opens again."""

    opened = Signal(str)
    closed = Signal(bool)
    did = Signal(str, bool)  # what a sheet has done, and whether it can be taken back

    def __init__(self, *, host: QWidget, bridge: Any, theme: Theme) -> None:
        super().__init__(host)
        self.current: Sheet | None = None
        self.hold: Callable[[], str] = lambda: ""  # why no sheet may be opened, in a sentence
        self.last = ""  # the sheet that was closed last
        self._host = host
        self._bridge = bridge
        self._theme = theme
        self._beside: QWidget | None = None
        self._drafts: dict[tuple[str, str], dict[str, Any]] = {}
        self._focus_before: QWidget | None = None
        self._reading: asyncio.Task[None] | None = None
        self._after: tuple[str, int] | None = None
        host.installEventFilter(self)
        if isinstance(host, QStackedWidget):
            # A stack raises the screen it turns to, over whatever hangs in front of it.
            host.currentChanged.connect(lambda _index: self._stay_in_front())

    def stand_beside(self, widget: QWidget) -> None:
        """Where there is room, sheets hang to the left of this, so that what it shows can still be read."""
        self._beside = widget

    def open(self, name: str, site_id: int = 0, **given: Any) -> Sheet | None:
        if sentence := self.hold():
            self.did.emit(sentence, False)
            return None
        kind = SHEETS[name]
        if self.current and type(self.current) is kind and self.current.subject in ("", str(site_id)):
            self.current.first_focus().setFocus()
            return self.current
        is_step = name == "told_911" and isinstance(self.current, EscalateSheet)
        if is_step and self.current is not None and self.current.subject == str(site_id):
            self._open_between(name)
            return self.current
        return self._open(kind, site_id, given)

    def _open(self, kind: type[Sheet], site_id: int, given: dict[str, Any]) -> Sheet:
        sheet = kind(bridge=self._bridge, theme=self._theme, site_id=site_id)
        self.show(sheet)
        sheet.begin(**given)
        if isinstance(sheet, SiteSheet):
            self._reading = asyncio.ensure_future(self._read(sheet))
        return sheet

    def show(self, sheet: Sheet) -> None:
        """Hang up a sheet somebody else has made; the one that was open is left with its draft."""
        self._after = None
        if self.current is not None:
            self._drop(is_done=False)
        elif self._focus_before is None:
            self._focus_before = QApplication.focusWidget()
        self.current = sheet
        sheet.setParent(self._host)
        sheet.restore(self._drafts.get((sheet.NAME, sheet.subject), {}))
        sheet.finished.connect(self._take_finished)
        sheet.asked_for.connect(self._open_between)
        sheet.grew.connect(self._place, Qt.ConnectionType.QueuedConnection)
        self._place()
        sheet.show()
        sheet.raise_()
        self._place()
        sheet.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self.opened.emit(sheet.NAME)

    def close(self) -> None:
        """Leave the open sheet; its draft stays."""
        if self.current is not None:
            self._take_finished(False)

    def has_draft(self, name: str, site_id: int) -> bool:
        return bool(self._drafts.get((name, str(site_id))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self._place()
        return super().eventFilter(watched, event)

    async def _read(self, sheet: SiteSheet) -> None:
        try:
            view = await self._bridge.read(self._bridge.detail.view, sheet.site_id)
        except Exception:
            # An edge: a site that cannot be read leaves the sheet closed to acts, with its reason in the log.
            log.exception("Site %s could not be read for its sheet", sheet.site_id)
            sheet.say_effect(self.tr("This site could not be read."), "alarm")
            return
        if self.current is sheet and view is not None:
            sheet.take(view)

    def _open_between(self, name: str) -> None:
        sheet = self.current
        if isinstance(sheet, SiteSheet):
            back = (sheet.NAME, sheet.site_id)
            self._open(SHEETS[name], sheet.site_id, {})
            self._after = back

    def _take_finished(self, is_done: bool) -> None:
        if isinstance(self.sender(), Sheet) and self.sender() is not self.current:
            return
        if is_done and self.current is not None and (done := self.current.done_words())[0]:
            self.did.emit(*done)
        follows = self.current.follows() if is_done and self.current is not None else None
        self._drop(is_done)
        if follows is not None:
            self.show(follows)
            return
        if self._after is not None:
            (name, site_id), self._after = self._after, None
            self.open(name, site_id)
            return
        before, self._focus_before = self._focus_before, None
        if before is not None and isValid(before):
            before.setFocus()
        self.closed.emit(is_done)

    def _drop(self, is_done: bool) -> None:
        sheet, self.current = self.current, None
        if sheet is None:
            return
        self.last = sheet.NAME
        key = (sheet.NAME, sheet.subject)
        if is_done:
            self._drafts.pop(key, None)
        elif draft := sheet.draft():
            self._drafts[key] = draft
        sheet.hide()
        sheet.deleteLater()

    def _stay_in_front(self) -> None:
        if self.current is not None:
            self.current.raise_()
            self._place()

    def _place(self) -> None:
        sheet = self.current
        if sheet is None:
            return
        host = self._host.rect()
        room = host.height() - 2 * MARGIN
        width = min(sheet.sizeHint().width(), host.width())
        height = sheet.height_for(room)
        right = host.width() - MARGIN
        if self._beside is not None and self._beside.isVisible():
            edge = self._beside.mapTo(self._host, self._beside.rect().topLeft()).x() + SHADOW
            if edge - width > 0:
                right = edge
        is_low = sheet.PLACE is Qt.AlignmentFlag.AlignBottom
        top = host.height() - height - MARGIN if is_low else min(56, room - height + MARGIN)
        if sheet.IS_LEFT:
            right = MARGIN + width
        sheet.setGeometry(right - width, max(MARGIN, top), width, height)
