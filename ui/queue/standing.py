"""What was done about a site: hand-overs with their answers, linked sites, facts, the activity log."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QPushButton

from dispatch.board import Board
from dispatch.escalation.timers import was_not_handed_over
from dispatch.records import BY_HAND, Delivery, Escalation, Fact, Millis, OwnPlace, SiteView
from ui.em_desk.card_words import delivery_words, open_question
from ui.queue.section import Section
from ui.sheets.words import desk_words, escalation_words, quality_words, return_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.link_line import LinkLine

SHOWN = 6

_OWN_LINES = frozenset({"911", "utility_told", "made_safe", "note", "offer", "sweep_told"})


class HandOvers(Section):
    reply_wanted = Signal(object)

    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__("", theme=theme)
        self.say_heading(self.tr("Handed over"))
        self._zone = zone

    def show_site(self, view: SiteView, now: Millis) -> None:
        self.clear()
        for escalation in view.escalations:
            ways = [way for way in view.deliveries if way.escalation_id == escalation.escalation_id]
            self._show(escalation, ways, now)
        self.setVisible(bool(view.escalations))

    def _show(self, escalation: Escalation, ways: list[Delivery], now: Millis) -> None:
        state = escalation_words(escalation.state)
        if was_not_handed_over(escalation, now):
            state = self.tr("could not be handed over")
        if escalation.return_code:
            state = self.tr("returned: {}").format(return_words(escalation.return_code).lower())
        at = times.ago(escalation.state_at, now, self._zone)
        is_back = escalation.state in ("returned", "expired")
        head = self.tr("{number} to {desk}").format(
            number=escalation.number, desk=desk_words(escalation.desk, escalation.esf)
        )
        self.add_line(head)
        self.add_line(f"{state} · {at}", tone="alarm" if is_back else "text_dim")
        for way in ways if escalation.state.is_open else ():
            words, tone = delivery_words(way)
            self.add_line(words, tone=tone, role="small")
        if escalation.resource:
            eta = (
                self.tr(", about {}").format(times.clock(escalation.eta_at, now, self._zone))
                if escalation.eta_at
                else ""
            )
            self.add_line(escalation.resource + eta, tone="text_dim")
        if escalation.outcome:
            self.add_line(escalation.outcome, tone="text_dim")
        if question := open_question(escalation):
            self.add_line(self.tr("Emergency management asks: {}").format(question), tone="warn")
            button = QPushButton(self.tr("Answer the question"))
            button.clicked.connect(lambda _on=False, e=escalation: self.reply_wanted.emit(e))
            self.rows.addWidget(button)


class Linked(Section):
    site_chosen = Signal(object)

    def __init__(self, *, theme: Theme) -> None:
        super().__init__("", theme=theme)
        self.say_heading(self.tr("Linked by building"))

    def show_site(self, view: SiteView, board: Board) -> None:
        self.clear()
        for site_id in view.linked_sites:
            row = board.row(site_id)
            what = board.what[row] if row >= 0 else self.tr("not on the board")
            button = LinkLine(f"{site_id} · {what}", theme=self.theme)
            button.clicked.connect(lambda _on=False, site=site_id: self.site_chosen.emit(site))
            self.rows.addWidget(button)
        self.setVisible(bool(view.linked_sites))


class Facts(Section):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__("", theme=theme)
        self.say_heading(self.tr("Established by us"))
        self._zone = zone

    def show_site(self, view: SiteView, now: Millis) -> None:
        self.clear()
        facts = [fact for fact in view.facts if fact.name not in _OWN_LINES]
        for fact in facts:
            at = times.clock(fact.at, now, self._zone)
            self.add_pair(f"{self._name(fact.name)}: {_value(fact)}", at)
            self.add_line(fact.who, tone="text_dim", role="small")
        self.setVisible(bool(facts))

    def _name(self, name: str) -> str:
        return {
            "place": self.tr("Place"),
            "placed": self.tr("Placed by hand"),
            "place_quality": self.tr("Place, how sure"),
            "people": self.tr("People"),
            "mobility": self.tr("Mobility"),
            "call_back": self.tr("Call-back"),
            "call_note": self.tr("Note of the call"),
            "outcome": self.tr("Outcome"),
            "unit": self.tr("Unit"),
        }.get(name, name.replace("_", " ").capitalize())


class History(Section):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__("", theme=theme)
        self.say_heading(self.tr("History"))
        self._zone = zone
        self._is_whole = False
        self._shown: tuple[SiteView, Millis] | None = None

    def show_site(self, view: SiteView, now: Millis) -> None:
        if self._shown is None or self._shown[0].row.site_id != view.row.site_id:
            self._is_whole = False
        self._shown = (view, now)
        self.clear()
        lines = view.log if self._is_whole else view.log[-SHOWN:]
        for line in reversed(lines):
            self.add_pair(
                f"{line.person} · {line.text or line.act}",
                times.clock(line.at, now, self._zone),
                tone="text_dim",
            )
        if len(lines) < len(view.log):
            more = QPushButton(self.tr("Show all {}").format(len(view.log)))
            more.setProperty("look", "quiet")
            more.clicked.connect(self._show_whole)
            self.rows.addWidget(more)
        self.setVisible(bool(view.log))

    def _show_whole(self) -> None:
        self._is_whole = True
        if self._shown is not None:
            self.show_site(*self._shown)


def _value(fact: Fact) -> str:
    """A confirmed place is kept as how sure and where: exact|2214 22nd Ave S."""
    if fact.name == BY_HAND:
        own = OwnPlace.of_fact(fact)
        if own is None:
            return QCoreApplication.translate("words", "taken away")
        return own.words or f"{own.place.lat:.5f}, {own.place.lng:.5f}"
    if fact.name != "place":
        return fact.value
    quality, _, words = fact.value.partition("|")
    return f"{words} ({quality_words(quality).lower()})" if words else quality_words(quality)
