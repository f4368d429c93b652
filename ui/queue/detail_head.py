"""The head of the detail: band and score, what, where and how sure, 911 and the utility."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatch.board import Board
from dispatch.records import SITE_STATES, Band, Flag, Millis, SiteState, SiteView
from ui.queue.row_words import late_words
from ui.sheets.site_sheet import place_line
from ui.sheets.words import band_words, close_words, reports_words, wait_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.band_mark import BandMark
from ui.widgets.elided import ElidedLine
from ui.widgets.words import Words

_TONES = {Band.P1: "p1", Band.P2: "p2", Band.P3: "p3", Band.P4: "p4", Band.INFO: "info"}


class DetailHead(QWidget):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._mark = BandMark(Band.P4, theme=theme, size=14)
        self.band = Words(theme=theme, role="strong", wrap=False)
        self.counts = ElidedLine(theme=theme, tone="text_dim")
        self.title = Words(theme=theme, role="title", copyable=True)
        self.place = Words(theme=theme, tone="text_dim", copyable=True)
        self.doubt = Words(theme=theme, tone="warn")
        self.gone = Words(theme=theme, tone="warn")
        self.covered = Words(theme=theme, role="small", tone="text_dim")
        self.told_911 = Words(theme=theme)
        self.utility = Words(theme=theme)
        self.late = Words(theme=theme, tone="alarm")
        self.state = Words(theme=theme, tone="text_dim")
        self.others = Words(theme=theme, tone="text_soft")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._mark)
        line.addWidget(self.band)
        line.addWidget(self.counts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(line)
        column.addSpacing(3)
        column.addWidget(self.title)
        column.addSpacing(2)
        for words in (self.place, self.doubt, self.gone, self.told_911, self.utility, self.late, self.state):
            column.addWidget(words)
        column.addWidget(self.others)
        column.addWidget(self.covered)

    def show_site(self, view: SiteView, board: Board, now: Millis) -> None:
        row = view.row
        at = board.row(row.site_id)
        waiting = float(board.waiting[at]) if at >= 0 else 0.0
        band = Band(row.band)
        self._mark.show_band(band)
        self.band.say(f"{band.name} {band_words(band)} · {int(row.score + waiting)}", _TONES[band])
        self.title.say(view.title)
        self.place.say(self._said_place(view, now))
        self.doubt.say(view.place_doubt)
        self.gone.say(self._said_gone(view, now))
        self.covered.say(self.tr("Shift U shows phone and unit") if view.is_covered else "")
        self.told_911.say(*_said_911(self, view, now, self._zone))
        self.utility.say(*_said_utility(self, view, now, self._zone))
        self.tick(view, board, now)

    def tick(self, view: SiteView, board: Board, now: Millis) -> None:
        """The parts that age by themselves."""
        row = view.row
        first = times.clock(row.first_at, now, self._zone)
        reports = reports_words(row.reports)
        self.counts.say(
            self.tr("{reports} · first {clock}").format(reports=reports, clock=first), shorter=reports
        )
        hand_over = board.hand_overs.get(row.site_id)
        is_911 = self.told_911.property("tone") == "alarm"  # stands above already, and comes before the rest
        late = late_words(hand_over, now) if hand_over and not is_911 else ""
        self.late.say(self.tr("{} with {}").format(late, hand_over.desk) if hand_over and late else "")
        self.state.say(*self._said_state(view, board, now))

    def _said_place(self, view: SiteView, now: Millis) -> str:
        """Where it is; that somebody here put it there (S11), or how to."""
        if own := view.own_place:
            at = times.clock(own.at, now, self._zone)
            by_hand = self.tr("placed by hand by {who}, {at}").format(who=own.who, at=at)
            return " · ".join(filter(None, (place_line(view), by_hand)))
        where = place_line(view) or self.tr("No place given")
        return (
            where
            if view.row.lat is not None
            else self.tr("{} · not on the map, Shift P places it").format(where)
        )

    def _said_gone(self, view: SiteView, now: Millis) -> str:
        if not view.gone:
            return ""
        clock = times.clock(min(since for _, since in view.gone), now, self._zone)
        if len(view.gone) == len(view.requests):
            return self.tr("The 311 server no longer has it, since {}").format(clock)
        which = ", ".join(request_id for request_id, _ in view.gone)
        return self.tr("The 311 server no longer has {which}, since {clock}").format(which=which, clock=clock)

    def _said_first_look(self, view: SiteView, now: Millis) -> str:
        """The clock of the first human look, while nobody has acted; it runs day and night."""
        is_open = SITE_STATES[view.row.state] is not SiteState.CLOSED
        if not view.first_look_min or view.row.acted_at or not is_open:
            return ""
        by = _look_by(view)
        if now > by:
            return self.tr("first look {} late").format(times.age(now - by))
        return self.tr("first look due {}").format(times.ahead(by, now))

    def _said_state(self, view: SiteView, board: Board, now: Millis) -> tuple[str, str]:
        row, tone = view.row, "text_dim"
        parts = [self.tr("First {} ago").format(times.age(now - row.first_at))]
        if row.last_at - row.first_at >= times.MINUTE_MS:
            last = times.clock(row.last_at, now, self._zone)
            parts.append(
                self.tr("last {age} ago, {clock}").format(age=times.age(now - row.last_at), clock=last)
            )
        state = SITE_STATES[row.state]
        if state is SiteState.CLOSED:
            parts.append(self.tr("Closed: {}").format(close_words(row.state_reason).lower()))
        elif state is SiteState.WAITING:
            parts.append(self.tr("Waiting on {}").format(wait_words(row.state_reason).lower()))
        if row.snoozed_until > now:
            until = times.clock(row.snoozed_until, now, self._zone)
            parts.append(self.tr("snoozed until {}").format(until))
        if claim := board.claims.get(row.site_id):
            since = times.age(now - claim.at)
            parts.append(self.tr("claimed by {who}, {age} ago").format(who=claim.person, age=since))
        if said := self._said_first_look(view, now):
            parts.append(said)
            tone = "warn" if now > _look_by(view) else tone
        flags = row.flags
        for flag, words in (
            (Flag.NEW_FACT, self.tr("new fact")),
            (Flag.REOPENED, self.tr("reopened by a resident")),
            (Flag.SERVER_CLOSED, self.tr("closed on the server, still open here")),
            (Flag.NOT_ASSESSED, self.tr("language not assessed: read it yourself")),
        ):
            if flags & flag:
                parts.append(words)
                tone = "warn"
        for flag, words in (
            (Flag.OUTSIDE_CITY, self.tr("outside the city")),
            (Flag.SET_ASIDE, self.tr("held until after the storm")),
            (Flag.BULK, self.tr("from a bulk entry")),
        ):
            if flags & flag:
                parts.append(words)
        return " · ".join(parts), tone


def _look_by(view: SiteView) -> Millis:
    return view.row.first_at + view.first_look_min * times.MINUTE_MS


def _said_911(tr: QWidget, view: SiteView, now: Millis, zone: ZoneInfo) -> tuple[str, str]:
    """S3: told with time and number, NOT TOLD in alarm, or not needed."""
    flags = view.row.flags
    fact = view.fact("911")
    if flags & Flag.TOLD_911:
        words = fact.value if fact else ""
        at = times.clock(fact.at, now, zone) if fact else ""
        return tr.tr("911 told {at}{words}").format(at=at, words=f", {words}" if words else ""), "text"
    if flags & Flag.NOT_REACHED_911:
        return tr.tr("911 NOT TOLD, not reached: try again"), "alarm"
    if flags & (Flag.SEND_911 | Flag.CALLER_911):
        return tr.tr("911 NOT TOLD"), "alarm"
    if view.row.band == Band.P1:
        # What made it P1 may be words that its category knows nothing of.
        return tr.tr("911 not told · Ctrl 9 where a life is at risk"), "warn"
    return tr.tr("911: not needed by category"), "text_dim"


def _said_utility(tr: QWidget, view: SiteView, now: Millis, zone: ZoneInfo) -> tuple[str, str]:
    """S13: every line is live until the utility says dead."""
    flags = view.row.flags
    if not flags & Flag.WIRE:
        return "", "text"
    told, safe = view.fact("utility_told"), view.fact("made_safe")
    if flags & Flag.MADE_SAFE:
        by = tr.tr(" by {}").format(safe.value) if safe else ""
        at = times.clock(safe.at, now, zone) if safe else ""
        return tr.tr("Made safe {at}{by}").format(at=at, by=by), "text"
    if flags & Flag.UTILITY_TOLD:
        ticket = tr.tr(", ticket {}").format(told.value) if told else ""
        at = times.clock(told.at, now, zone) if told else ""
        return tr.tr("TREAT AS LIVE · utility told {at}{ticket}").format(at=at, ticket=ticket), "warn"
    return tr.tr("TREAT AS LIVE · utility not told yet"), "alarm"
