"""A seat without a store, for tests of the screens alone: real board and records, acts written down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from dispatch.board import StormModePreview
from dispatch.errors import ActRefused
from dispatch.escalation.channels import ChannelSettings
from dispatch.geo.lookup import Found
from dispatch.jurisdiction import load_jurisdiction
from dispatch.past import Past
from dispatch.public_mode.desk import PublicNow, Restoring
from dispatch.public_mode.plan import Plan
from dispatch.records import (
    Activation,
    Answer,
    Band,
    CrmStatus,
    Delivery,
    DeliveryState,
    Escalation,
    EscalationDraft,
    EscalationState,
    LogLine,
    Place,
    PublicState,
    Reason,
    Reporter,
    ServiceRequest,
    SiteRow,
    SiteView,
    ThreadLine,
    ToRead,
)
from dispatch.residents.templates import load_templates
from dispatch.store.history import History
from dispatch.template_desk import TextsHere
from dispatch.triage.rules import load_rules
from tests.conftest import StillClock
from tests.ui.boards import MINUTE, NOW, board_of, site
from ui.queue.selection import Selection
from ui.sheets.registry import Sheets
from ui.theme import Theme

ZONE = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Done:
    """One act that a screen asked for."""

    name: str
    args: tuple[Any, ...]
    words: dict[str, Any]


class _Acts:
    """Any act by its name, as a function that only knows what it is called."""

    def __getattr__(self, name: str) -> Any:
        async def work(*_args: Any, **_words: Any) -> None:
            return None

        work.__name__ = name
        return work


class Seat(QObject):
    """What the screens see of the bridge."""

    changed = Signal(object)
    escalated = Signal()
    synced = Signal(object)
    said = Signal(str, bool)
    ticked = Signal(object)

    def __init__(self, *rows: SiteRow, folder: Path = Path()) -> None:
        super().__init__()
        self.clock = StillClock(NOW)
        self.zone = ZONE
        self.board = board_of(*rows)
        self.views: dict[int, SiteView] = {}
        self.cards: tuple[Escalation, ...] = ()
        self.hidden: list[int] = []
        self.public = PublicNow(PublicState(), Plan(), Restoring(), False, True)
        self.done: list[Done] = []
        self.refuses: Exception | None = None
        self.told = History((), (), {})
        self.texts = TextsHere(load_templates("st-petersburg"), {})
        self.may_act: Callable[[object], None] = lambda _work: None
        self.desk: Any = _Acts()
        self.em_desk: Any = _Acts()
        self.detail: Any = SimpleNamespace(
            view=lambda key: self.views.get(key),
            whole=lambda key, _what: self.views.get(key),
            find_place=lambda typed: Found(()),
            area_of=lambda place: "",
            past=lambda board: Past(self.told, board),
        )
        self.parts: Any = SimpleNamespace(
            actor=SimpleNamespace(role=None),
            profile_desk=SimpleNamespace(would_hide=lambda: self.hidden),
            public_mode_desk=SimpleNamespace(now=lambda *_: self.public),
            unmasking=_Acts(),
            template_desk=SimpleNamespace(at_site=lambda site_id: self.texts),
            channel_settings=ChannelSettings(True, ZONE, StillClock(NOW), folder),
        )
        self.desk.draft = lambda site_id, _others=(): draft_of(site_id)
        self.desk.preview = lambda draft: card_of(site_id=draft.site_id, effect_needed=draft.effect_needed)
        self.em_desk.roster = dict
        self.to_read: tuple[ToRead, ...] = ()
        self.em_desk.to_read = lambda: self.to_read
        self.em_desk.cards = lambda now: self.cards
        self.em_desk.deliveries = lambda ids: {
            key: [Delivery(f"{key}-d", key, "folder", DeliveryState.DELIVERED, NOW)] for key in ids
        }
        self.jurisdiction = load_jurisdiction("st-petersburg")
        self._table = _table()
        self.activation = Activation("a1", "Hurricane Irma", True, NOW, True, 3, NOW, NOW)
        self.suspensions: tuple[Any, ...] = ()
        self.person, self.position, self.data_dir = "Ann Ortiz", "Operator", folder

    def act(self, work: Any, *args: Any, **words: Any) -> asyncio.Task[Any]:
        try:
            self.may_act(work)
        except ActRefused as refusal:
            self.said.emit(str(refusal), True)
            return asyncio.ensure_future(_refused(refusal))
        self.done.append(Done(work.__name__, args, words))
        return asyncio.ensure_future(self._answer(work.__name__))

    async def read(self, work: Any, *args: Any) -> Any:
        await asyncio.sleep(0)
        return work(*args)

    async def _answer(self, name: str) -> Any:
        await asyncio.sleep(0)
        if self.refuses is not None:
            raise self.refuses
        return ("Undone: claimed.", None) if name == "undo" else None

    def family(self, category: str) -> str:
        return self._table[category].family

    def storm_mode_preview(self) -> StormModePreview:
        return self.board.storm_mode_preview(c.key for c in self._table if not c.is_essential)

    def names(self) -> list[str]:
        return [done.name for done in self.done]


def request_of(request_id: str, text: str, **changes: Any) -> ServiceRequest:
    made = ServiceRequest(
        request_id=request_id,
        status=CrmStatus.OPEN,
        raw_status="Open",
        summary="Power line down",
        description=text,
        service_code="5701",
        service_name="Storm: Power line down",
        address="22nd Ave S & 31st St S, St. Petersburg",
        place=Place(27.7489, -82.6749),
        created_at=NOW - 26 * MINUTE,
        updated_at=NOW - 26 * MINUTE,
        reporter=Reporter("77", "Maria R."),
        followers=3,
    )
    return replace(made, **changes)


def view_of(row: SiteRow, **changes: Any) -> SiteView:
    """A site as the detail shows it; the parts that do not matter to a test are filled in."""
    reports = (
        request_of(
            "901",
            "The line at the corner came down after the last gust and it is sparking on the wet sidewalk. "
            "Kids walk here to the shelter.",
        ),
        request_of("902", "Still live!! police not here yet", reporter=Reporter("78", "J. Ng")),
    )[: max(1, min(2, row.reports))]
    made = SiteView(
        row=row,
        category_label="Power line down",
        title=row.what,
        address="22nd Ave S & 31st St S",
        place_doubt="",
        assessed_band=Band(row.band),
        own_band=None,
        reasons=(
            Reason("category", "Power line down", 40),
            Reason("cue", "Says “sparking”: raised to P1", 30),
            Reason("cue", "Says “kids walk here”", 15),
            Reason("context", "Shelter within 300 m", 6),
            Reason("others", "6 reporters", 5),
        ),
        requests=reports,
        thread=tuple(
            ThreadLine("report", r.request_id, r.reporter.name, r.description, r.created_at + i * 60_000)
            for i, r in enumerate(reports)
        ),
        facts=(),
        linked_sites=(),
        escalations=(),
        log=(LogLine(1, NOW - 24 * MINUTE, "Ann Ortiz", "Operator", "Seat 2", "claim", "claimed"),),
        followers=6,
        can_message=True,
    )
    return replace(made, **changes)


def draft_of(site_id: int, **changes: Any) -> EscalationDraft:
    made = EscalationDraft(
        site_id=site_id,
        desk="Traffic",
        esf="ESF 1",
        effect_needed="Traffic control at the crossing",
        need_by_at=NOW + 28 * MINUTE,
        why_now="Signal out at a crossing of two evacuation routes. Two near misses reported.",
        details="",
        people="",
        mobility="",
        place_quality="exact",
        unit="",
        safe_approach="From the north, 22nd Ave N under water east of 6th St N",
        call_back="Caller 2, ends in 0142",
        language="English",
        already_done="",
        channels=("desk", "folder"),
        tell_residents=True,
        told_911=None,
        needs_911=False,
    )
    return replace(made, **changes)


def card_of(number: int = 41, **changes: Any) -> Escalation:
    """A hand-over sent half a minute ago, unless a test says otherwise."""
    made = Escalation(
        escalation_id=f"id-{number}",
        number=f"EOC-{number:04}",
        site_id=1,
        activation_id="a1",
        activation_name="Hurricane Irma",
        is_exercise=True,
        band=Band.P1,
        subject="Power line down, sparking on sidewalk",
        summary="Power line down, sparking on sidewalk",
        details="The line at the corner came down.",
        address="22nd Ave S & 31st St S",
        neighborhood="Lakewood Estates",
        place=Place(27.7489, -82.6749),
        place_quality="exact",
        desk="Energy",
        esf="ESF 12",
        effect_needed="Make the line dead",
        need_by_at=None,
        why_now="Kids walk here to the shelter.",
        people="",
        mobility="",
        safe_approach="",
        call_back="ends in 0142",
        language="en",
        utility="",
        already_done="",
        told_911=None,
        needs_911=False,
        request_ids=("901",),
        reports=2,
        first_reported_at=NOW - 26 * MINUTE,
        last_confirmed_at=NOW - MINUTE,
        channels=("desk",),
        from_person="Ann Ortiz",
        from_position="Operator",
        from_seat="Seat 2",
        created_at=NOW - 48_000,
        state=EscalationState.SENT,
        state_at=NOW - 48_000,
        timer_from_at=NOW - 48_000,
        sent_at=NOW - 48_000,
    )
    return replace(made, **changes)


def answer_of(kind: str, text: str = "", **changes: Any) -> Answer:
    return replace(Answer(kind, NOW, "Lee Park", "Energy", "desk", "Ann Ortiz", text), **changes)


def some_site(site_id: int = 1, **changes: Any) -> SiteRow:
    return site(
        site_id,
        **{
            "band": 1,
            "score": 96.0,
            "first_min": 26,
            "reports": 2,
            "category": "wire_down",
            "what": "Power line down, sparking on sidewalk",
            "where": "Lakewood Estates · 22nd Ave S",
            **changes,
        },
    )


class Screen:
    """A window with a selection and sheets on a seat; `do` plays steps while the loop runs."""

    def __init__(self, qtbot: Any, run: Any, *rows: SiteRow, folder: Path = Path()) -> None:
        self._run = run
        self.qtbot = qtbot
        self.seat = Seat(*(rows or (some_site(),)), folder=folder)
        self.seat.views = {row.site_id: view_of(row) for row in rows or (some_site(),)}
        self.theme = Theme("light")
        self.window = QWidget()
        self.window.resize(1366, 768)
        QHBoxLayout(self.window)
        qtbot.addWidget(self.window)
        self.selection = Selection(self.seat.board, clock=self.seat.clock, zone=ZONE, search=_no_search)
        self.sheets = Sheets(host=self.window, bridge=self.seat, theme=self.theme)

    def do(self, *steps: Callable[[], Any]) -> None:
        """Each step, then whatever it set going, until nothing is left to do."""

        async def play() -> None:
            for step in steps:
                step()
                await settle()

        self._run(play())

    def show(self, part: QWidget) -> None:
        self.window.layout().addWidget(part)
        self.do(self.window.show, self.window.activateWindow)

    def open(self, name: str, site_id: int = 1, **given: Any) -> Any:
        self.do(self.window.show, lambda: self.sheets.open(name, site_id, **given))
        return self.sheets.current

    def key(self, key: Qt.Key, *held: Qt.KeyboardModifier, widget: QWidget | None = None) -> None:
        """As the keyboard would: to the widget that has the focus."""
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifiers |= each
        self.do(
            lambda: self.qtbot.keyClick(widget or QApplication.focusWidget() or self.window, key, modifiers)
        )

    def type(self, words: str) -> None:
        self.do(lambda: self.qtbot.keyClicks(QApplication.focusWidget(), words))

    def ctrl_enter(self) -> None:
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


@cache
def _table() -> Any:
    return load_rules("st-petersburg").table


async def _refused(refusal: Exception) -> None:
    raise refusal


async def settle() -> None:
    for _ in range(30):
        await asyncio.sleep(0)


async def _no_search(_words: str) -> list[int]:
    return []
