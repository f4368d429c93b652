"""All sheets by name, and the one that is open: where it hangs, what it read, the drafts left behind."""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget
from shiboken6 import isValid

from dispatch.drafts import Draft, Drafts, Key, has_words
from dispatch.errors import LandfallError
from ui.may import why_may_not
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.sheets.site_sheet import SiteSheet
    from ui.widgets.sheet import Sheet

log = logging.getLogger(__name__)

# Where each sheet is made; read when it is opened, or when the window has nothing else to do.
SHEETS: dict[str, tuple[str, str]] = {
    "alarms": ("ui.sheets.alarms", "AlarmsSheet"),
    "answer": ("ui.em_desk.answer_sheet", "AnswerSheet"),
    "ask": ("ui.sheets.ask", "AskSheet"),
    "band": ("ui.sheets.band", "BandSheet"),
    "bulk": ("ui.sheets.bulk", "BulkSheet"),
    "call": ("ui.sheets.call", "CallSheet"),
    "channels": ("ui.sheets.channels", "ChannelsSheet"),
    "close": ("ui.sheets.close", "CloseSheet"),
    "duplicate": ("ui.sheets.duplicate", "DuplicateSheet"),
    "escalate": ("ui.escalate.sheet", "EscalateSheet"),
    "figure": ("ui.sheets.figure", "FigureSheet"),
    "first_hour": ("ui.em_desk.first_hour_sheet", "FirstHourSheet"),
    "ics201": ("ui.sheets.period_form", "BriefingSheet"),
    "ics209": ("ui.sheets.period_form", "StatusSheet"),
    "ics214": ("ui.sheets.period_form", "ActivityLogSheet"),
    "import_layer": ("ui.sheets.import_layer", "ImportLayerSheet"),
    "kept": ("ui.sheets.kept", "KeptSheet"),
    "layers": ("ui.sheets.layers", "LayersSheet"),
    "merge_ticked": ("ui.sheets.merge_ticked", "MergeTickedSheet"),
    "message": ("ui.sheets.message", "MessageSheet"),
    "not_the_same": ("ui.sheets.not_the_same", "NotTheSameSheet"),
    "note": ("ui.sheets.note", "NoteSheet"),
    "outreach": ("ui.sheets.outreach", "OutreachSheet"),
    "offer": ("ui.sheets.offer", "OfferSheet"),
    "offers": ("ui.sheets.offers", "OffersSheet"),
    "paste_calls": ("ui.sheets.paste_calls", "PasteCallsSheet"),
    "people": ("ui.sheets.people", "PeopleSheet"),
    "place": ("ui.sheets.facts", "PlaceSheet"),
    "place_by_hand": ("ui.sheets.place_by_hand", "PlaceByHandSheet"),
    "plan_done": ("ui.storm_plan.sheets", "DoneSheet"),
    "plan_owner": ("ui.storm_plan.sheets", "OwnerSheet"),
    "plan_skip": ("ui.storm_plan.sheets", "SkipSheet"),
    "plan_take": ("ui.storm_plan.sheets", "TakeZeroSheet"),
    "plan_zero": ("ui.storm_plan.sheets", "ZeroSheet"),
    "quiet_areas": ("ui.neighborhoods.method_sheet", "MethodSheet"),
    "report_export": ("ui.report.export_sheet", "ExportSheet"),
    "report_facts": ("ui.report.facts_sheet", "StormFactsSheet"),
    "report_indicator": ("ui.report.indicator_sheet", "IndicatorSheet"),
    "report_keep": ("ui.report.version_sheets", "KeepSheet"),
    "report_step": ("ui.report.version_sheets", "VersionStepSheet"),
    "report_list": ("ui.report.list_sheet", "ListSheet"),
    "report_survey": ("ui.report.survey_sheet", "SurveySheet"),
    "report_period": ("ui.report.period_sheet", "PeriodSheet"),
    "roster": ("ui.em_desk.roster_sheet", "RosterSheet"),
    "seat": ("ui.sheets.seat", "SeatSheet"),
    "snooze": ("ui.sheets.wait", "SnoozeSheet"),
    "split": ("ui.sheets.duplicate", "SplitSheet"),
    "still_needed": ("ui.em_desk.still_needed_sheet", "StillNeededSheet"),
    "storm_mode": ("ui.sheets.activation", "StormModeSheet"),
    "suspend": ("ui.sheets.activation", "SuspendSheet"),
    "to_read": ("ui.em_desk.to_read_sheet", "ToReadSheet"),
    "told_911": ("ui.sheets.told_911", "Told911Sheet"),
    "unsent": ("ui.sheets.unsent", "UnsentSheet"),
    "utility": ("ui.sheets.facts", "UtilitySheet"),
    "wait": ("ui.sheets.wait", "WaitSheet"),
    "walk_list": ("ui.em_desk.walk_list_sheet", "WalkListSheet"),
    "weather": ("ui.sheets.weather", "WeatherSheet"),
    "notice": ("ui.notices.write_sheet", "NoticeSheet"),
    "notice_put": ("ui.notices.put_sheet", "NoticePutSheet"),
    "notice_step": ("ui.notices.step_sheet", "NoticeStepSheet"),
    "text_variant": ("ui.sheets.text_variant", "TextVariantSheet"),
    "sweep": ("ui.sheets.sweep", "SweepSheet"),
    "sweep_act": ("ui.sheets.sweep_act", "SweepActSheet"),
    "city_fact": ("ui.residents.fact_sheet", "FactSheet"),
    "city_facts": ("ui.residents.facts_sheet", "FactsSheet"),
    "public_mode": ("ui.sheets.public_mode", "PublicModeSheet"),
    "rule": ("ui.sheets.rule", "RuleSheet"),
}
MARGIN = 4
# A pause in typing: what was written is put on the disk.
PAUSE_MS = 500
SHOWN_SIGNS = 48  # of a text that was left


def kind_of(name: str) -> type[Sheet]:
    """The sheet of that name; the first time its parts are read."""
    module, kind = SHEETS[name]
    found: type[Sheet] = getattr(importlib.import_module(module), kind)
    return found


class Sheets(QObject):
    """One sheet at a time over `host`. A sheet left with words in it gives them back when it opens again."""

    opened = Signal(str)
    closed = Signal(bool)
    edited = Signal()  # in the sheet that is open
    did = Signal(str, bool)  # what a sheet has done, and whether it can be taken back

    def __init__(self, *, host: QWidget, bridge: Any, theme: Theme, kept: Drafts | None = None) -> None:
        """`kept` holds what is written beyond the end of the program."""
        super().__init__(host)
        self.current: Sheet | None = None
        self.hold: Callable[[], str] = lambda: ""  # why no sheet may be opened, in a sentence
        self.last = ""  # the sheet that was closed last
        self._host = host
        self._bridge = bridge
        self._theme = theme
        self._beside: QWidget | None = None
        self._drafts: dict[Key, Draft] = {}
        self._of_others: dict[str, dict[Key, Draft]] = {}  # by who wrote them
        self._kept = kept
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self.keep_words)
        self.edited.connect(self._pause.start)
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
        if sentence := self.hold() or why_may_not(self._bridge, name):
            self.did.emit(sentence, False)
            return None
        kind = kind_of(name)
        if self.current and type(self.current) is kind and self.current.subject in ("", str(site_id)):
            self.current.first_focus().setFocus()
            return self.current
        is_step = name == "told_911" and self.current is not None and self.current.NAME == "escalate"
        if is_step and self.current is not None and self.current.subject == str(site_id):
            self._open_between(name)
            return self.current
        return self._open(kind, site_id, given)

    def _open(self, kind: type[Sheet], site_id: int, given: dict[str, Any]) -> Sheet:
        sheet = kind(bridge=self._bridge, theme=self._theme, site_id=site_id)
        self.show(sheet)
        sheet.begin(**given)
        if sheet.READS_SITE:
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
        sheet.edited.connect(self.edited)
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

    def change_person(self, before: str, after: str) -> None:
        """Left with its words while it is still theirs: what somebody has begun stays with who wrote it."""
        self.keep_words()
        self.close()
        self._of_others[before] = self._drafts
        self._drafts = self._of_others.pop(after, {})

    def offer(self, left: dict[Key, Draft]) -> None:
        """What was left when the program ended last: it stands in its sheets again."""
        for key, draft in left.items():
            self._drafts.setdefault(key, draft)
        sheet = self.current
        if sheet is not None and not sheet.draft():
            sheet.restore(self._drafts.get((sheet.NAME, sheet.subject), {}))

    def left_behind(self) -> dict[Key, str]:
        """The texts of sites that were not sent, and what each is, in words."""
        return {
            key: self._named(*key)
            for key, draft in self._drafts.items()
            if key[0] in SHEETS and key[1].isdecimal() and has_words(draft)
        }

    def keep_words(self) -> None:
        """What stands in the open sheet, put where it outlasts the program."""
        self._pause.stop()
        sheet = self.current
        if sheet is not None and sheet.KEEPS_WORDS and self._kept is not None:
            key, draft = (sheet.NAME, sheet.subject), sheet.draft()
            if has_words(draft):
                self._kept.keep(key, draft)
            elif draft:
                self._kept.drop(key)

    def has_draft(self, name: str, site_id: int) -> bool:
        return bool(self._drafts.get((name, str(site_id))))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._host:
            self._place()
        return super().eventFilter(watched, event)

    async def _read(self, sheet: SiteSheet) -> None:
        try:
            detail = self._bridge.detail
            if sheet.NEEDS_WHOLE:
                view = await self._bridge.read(detail.whole, sheet.site_id, sheet.NAME.replace("_", " "))
            else:
                view = await self._bridge.read(detail.view, sheet.site_id)
        except LandfallError as error:
            # Gone into another one, or the store is away: what was written can still be read here.
            sheet.say_effect(str(error), "alarm")
            return
        except Exception:
            # An edge: a site that cannot be read leaves the sheet closed to acts, with its reason in the log.
            log.exception("Site %s could not be read for its sheet", sheet.site_id)
            sheet.say_effect(self.tr("This site could not be read."), "alarm")
            return
        if self.current is sheet and view is not None:
            sheet.take(view)

    def _open_between(self, name: str) -> None:
        sheet = self.current
        if sheet is not None and sheet.READS_SITE:
            back = (sheet.NAME, sheet.site_id)
            self._open(kind_of(name), sheet.site_id, {})
            self._after = back

    def _take_finished(self, is_done: bool) -> None:
        if self._sender() not in (None, self.current):
            return
        sheet = self.current
        if is_done and sheet is not None and not sheet.is_kept and (done := sheet.done_words())[0]:
            self.did.emit(*done)
        follows = self._next(is_done)
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

    def _next(self, is_done: bool) -> Sheet | None:
        """What opens in its place; nothing where the window itself closed the sheet."""
        if self.current is None:
            return None
        if is_done:
            return None if self.current.is_kept else self.current.follows()
        return self.current.goes_back() if self._sender() else None

    def _sender(self) -> Sheet | None:
        """The sheet that has just spoken; None where the window did."""
        from ui.widgets.sheet import Sheet

        said_by = self.sender()
        return said_by if isinstance(said_by, Sheet) else None

    def _named(self, name: str, subject: str) -> str:
        board = self._bridge.board
        row = board.row(int(subject))
        where = (board.where[row] or board.what[row]) if row >= 0 else subject
        values = self._drafts[name, subject].values()
        words = " ".join(next(value for value in values if isinstance(value, str) and value.strip()).split())
        first = words if len(words) <= SHOWN_SIGNS else f"{words[:SHOWN_SIGNS]}…"
        return f"{name.replace('_', ' ').capitalize()} · {where} · “{first}”"

    def _drop(self, is_done: bool) -> None:
        if not is_done:
            self.keep_words()
        sheet, self.current = self.current, None
        if sheet is None:
            return
        self.last = sheet.NAME
        key = (sheet.NAME, sheet.subject)
        if is_done:
            self._pause.stop()
            self._drafts.pop(key, None)
            if self._kept is not None and sheet.KEEPS_WORDS:
                self._kept.drop(key)
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
        from ui.widgets.sheet import SHADOW

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
