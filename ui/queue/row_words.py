"""What a row of the list says, in words: pure functions over the board, painted and read aloud alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.board import CLOSED, Board, HandOver
from dispatch.clock import Clock
from dispatch.journal import KeptAct
from dispatch.records import (
    SITE_STATES,
    Band,
    CloseReason,
    EscalationState,
    Flag,
    Millis,
    Onlooker,
    SiteState,
    WaitReason,
)
from ui.kept_words import row_mark as kept_mark
from ui.presence_words import row_mark
from ui.widgets import counts, times

MINUTE_MS = 60_000
CLAIM_STALE_MS = 3 * MINUTE_MS  # S4
# The least that any profile gives a P1; the detail says the category's own clock.
P1_FIRST_LOOK_MS = MINUTE_MS
_ASKS_911 = Flag.SEND_911 | Flag.CALLER_911
_WAITING = SITE_STATES.index(SiteState.WAITING)
_NEW = SITE_STATES.index(SiteState.NEW)


@dataclass(frozen=True, slots=True)
class RowWords:
    """`state_tone` is a palette field: text_dim for what is normal, warn or alarm for what is not."""

    band: int
    band_name: str
    score: str
    what: str
    hood: str
    street: str
    place_doubt: str
    reports: str
    age: str
    state: str
    state_tone: str
    is_closed: bool
    others: str = ""

    @property
    def where(self) -> str:
        """Neighborhood and street: "Lakewood Estates · 22nd Ave S"."""
        return " · ".join(filter(None, (self.hood, self.street))) or _tr("No place given")


class RowWriter:
    """Puts a row of the board into words for one operator."""

    def __init__(self, board: Board, *, clock: Clock, zone: ZoneInfo, me: str = "") -> None:
        self.board = board
        self.me = me
        self.at: Callable[[int], Sequence[Onlooker]] = lambda _site_id: ()  # who else is at a site
        self.kept: Callable[[int], Sequence[KeptAct]] = lambda _site_id: ()  # what of ours waits there
        self.sweep: Callable[[int], str] = lambda _site_id: ""  # the sweep that covers a site
        self._clock = clock
        self._zone = zone

    def words(self, row: int) -> RowWords:
        board, now = self.board, self._clock.now()
        band, hood = int(board.band[row]), int(board.hood[row])
        flags = int(board.flags[row])
        state, tone = self._state(row, band, flags, now)
        return RowWords(
            band=band,
            band_name=_BAND_NAMES[band],
            score=str(int(board.score[row] + board.waiting[row])),
            what=board.what[row] or _tr("No words, look at the photo"),
            hood=board.hoods[hood] if hood >= 0 else "",
            street=board.where[row],
            place_doubt=_tr("place in doubt") if flags & Flag.PLACE_DOUBT else "",
            reports=f"×{int(board.reports[row])}",
            age=self._age(row, now),
            state=state,
            state_tone=tone,
            is_closed=int(board.state[row]) == CLOSED,
            others=self._others(row),
        )

    def aloud(self, row: int) -> str:
        """One sentence for a screen reader, the most urgent first."""
        board = self.board
        w = self.words(row)
        parts = [
            f"{w.band_name} {_band_word(w.band)}",
            w.what,
            w.where + (f", {w.place_doubt}" if w.place_doubt else ""),
            counts.reports(int(board.reports[row])),
            _tr("first {} ago").format(times.age(self._clock.now() - int(board.first_at[row]))),
            w.state.replace(" · ", ", "),
            *([w.others] if w.others else []),
            _tr("score {}").format(w.score),
        ]
        return ". ".join(parts)

    def clock_times(self, row: int) -> str:
        """Age and clock time of the first and the last report (U6), for the hover text."""
        board, now = self.board, self._clock.now()
        first = times.ago(int(board.first_at[row]), now, self._zone)
        last = times.ago(int(board.last_at[row]), now, self._zone)
        said = _tr("First report {}").format(first)
        return said if first == last else said + "\n" + _tr("Last report {}").format(last)

    def is_claim_stale(self, row: int, now: Millis) -> bool:
        """A claimed P1 without an act for three minutes: anyone may take it (S4)."""
        board = self.board
        claim = board.claims.get(int(board.site_id[row]))
        if claim is None or board.band[row] != Band.P1 or int(board.state[row]) in (CLOSED, _WAITING):
            return False
        if int(board.site_id[row]) in board.hand_overs:
            return False
        return now - max(claim.at, int(board.acted_at[row])) > CLAIM_STALE_MS

    def _others(self, row: int) -> str:
        """What of ours waits there, and who is there; whoever has claimed it and looks is named already."""
        site_id = int(self.board.site_id[row])
        kept, onlookers = self.kept(site_id), self.at(site_id)
        if not kept and not onlookers:
            return self.sweep(site_id)
        claim = self.board.claims.get(site_id)
        named = claim.person if claim else ""
        others = row_mark([who for who in onlookers if who.is_writing or who.person != named])
        return " · ".join(filter(None, (kept_mark(kept), others, self.sweep(site_id))))

    def _age(self, row: int, now: Millis) -> str:
        board = self.board
        first_at, last_at = int(board.first_at[row]), int(board.last_at[row])
        text = times.age(now - first_at)
        # Worth saying where reports still come in: the last is much younger than the first.
        if board.reports[row] > 1 and (now - first_at) >= max(MINUTE_MS, 2 * (now - last_at)):
            text += " · " + _tr("last {}").format(_bare_age(now - last_at))
        return text

    def _state(self, row: int, band: int, flags: int, now: Millis) -> tuple[str, str]:
        board = self.board
        site_id = int(board.site_id[row])
        hand_over = board.hand_overs.get(site_id)
        asks_911 = bool(flags & _ASKS_911) and not flags & Flag.TOLD_911
        if flags & Flag.NOT_REACHED_911 or (hand_over is not None and asks_911):
            return _tr("911 NOT TOLD"), "alarm"
        if int(board.state[row]) == CLOSED:
            return _close_words(board.state_reason[row]), "text_dim"
        if hand_over is not None:
            return _hand_over_words(hand_over, now)
        if flags & Flag.SERVER_CLOSED:
            return _tr("closed on the server"), "warn"
        if flags & Flag.NEW_FACT:
            return _tr("new fact"), "warn"
        if flags & Flag.REOPENED:
            return _tr("reopened"), "warn"
        claim = board.claims.get(site_id)
        who = ""
        if claim is not None:
            who = _tr("you") if claim.person == self.me else claim.person
            if self.is_claim_stale(row, now):
                return _tr("claim stale · {}").format(who), "alarm"
        return self._plain_state(row, band, flags, now, who)

    def _plain_state(self, row: int, band: int, flags: int, now: Millis, who: str) -> tuple[str, str]:
        board = self.board
        done = ""
        if flags & Flag.TOLD_911:
            done = _tr("911 told")
        elif flags & Flag.MADE_SAFE:
            done = _tr("made safe")
        elif flags & Flag.UTILITY_TOLD:
            done = _tr("utility told")
        state = int(board.state[row])
        if state == _WAITING:
            return _tr("waiting · {}").format(_wait_words(board.state_reason[row])), "text_dim"
        if board.snoozed_until[row] > now:
            until = times.clock(int(board.snoozed_until[row]), now, self._zone)
            return _tr("snoozed until {}").format(until), "text_dim"
        if who and (ask := board.asks.get(int(board.site_id[row]))):
            if who == _tr("you"):
                return _tr("{} asks you").format(ask.person), "warn"
            asker = _tr("you") if ask.person == self.me else ask.person
            return _tr("{asker} asked {who}").format(asker=asker, who=who), "text_dim"
        if who:
            return f"{done or _tr('claimed')} · {who}", "text_dim"
        if done:
            return done, "text_dim"
        if band == Band.P1 and not board.acted_at[row]:
            is_late = now - int(board.first_at[row]) > P1_FIRST_LOOK_MS
            return (_tr("nobody has acted"), "alarm") if is_late else (_tr("new"), "text_dim")
        if flags & Flag.OUTSIDE_CITY:
            return _tr("outside the city"), "text_dim"
        if flags & Flag.MAY_REPEAT:
            return _tr("may repeat another"), "text_dim"
        if flags & Flag.OFFER and not flags & (Flag.OFFERS_ENDED | Flag.RESTRICTED):
            return _tr("help offered"), "text_dim"
        return (_tr("new") if state == _NEW else _tr("triaged")), "text_dim"


_BACK = (EscalationState.EXPIRED, EscalationState.RETURNED)
_BAND_NAMES = {int(band): band.name for band in Band}


def _tr(text: str) -> str:
    return QCoreApplication.translate("row", text)


def _bare_age(ms: int) -> str:
    """The age once more beside a first one, shorter: "26 min · last 1", "9 h 20 · last 2 h"."""
    if ms < times.HOUR_MS:
        return str(max(0, ms) // MINUTE_MS)
    return _tr("{} h").format(ms // times.HOUR_MS) if ms < times.DAY_MS else times.age(ms)


def _band_word(band: int) -> str:
    return {
        1: _tr("life safety"),
        2: _tr("hazard or access"),
        3: _tr("damage or service"),
        4: _tr("can wait"),
        5: _tr("question or offer"),
    }[band]


def late_words(hand_over: HandOver, now: Millis) -> str:
    """What a hand-over lacks and for how long (S6): "no resource yet · 6 min over"; empty while in time."""
    if not hand_over.is_overdue(now):
        return ""
    late = times.age(now - hand_over.due_at)
    return _tr("{missing} · {late} over").format(missing=hand_over.overdue_words, late=late)


def _hand_over_words(hand_over: HandOver, now: Millis) -> tuple[str, str]:
    state, desk = hand_over.state, hand_over.desk
    if state is EscalationState.SENT and not hand_over.at:
        return _tr("sending"), "text_dim"
    if state not in _BACK and (late := late_words(hand_over, now)):
        return late, "alarm"
    if state is EscalationState.EXPIRED:
        if now < hand_over.due_at:
            return _tr("NOT HANDED OVER · {}").format(desk), "alarm"
        return _tr("NOT ACCEPTED · {}").format(desk), "alarm"
    if state is EscalationState.RETURNED:
        return _tr("returned · {}").format(desk), "alarm"
    if state is EscalationState.ACCEPTED:
        return _tr("accepted · {}").format(desk), "text_dim"
    if state is EscalationState.UNDER_WAY:
        return _tr("under way · {}").format(desk), "text_dim"
    if state is EscalationState.FORWARDED:
        return _tr("forwarded · {}").format(desk), "text_dim"
    if state is EscalationState.MUTUAL_AID:
        return _tr("mutual aid · {}").format(desk), "text_dim"
    if state is EscalationState.HELD:
        return _tr("held for weather · {}").format(desk), "text_dim"
    verb = _tr("received {}") if state is EscalationState.RECEIVED else _tr("sent {}")
    return verb.format(times.age(now - hand_over.at)), "text_dim"


def _wait_words(reason: str) -> str:
    words = {
        WaitReason.OWNER: _tr("owner"),
        WaitReason.UTILITY_FIRST: _tr("utility first"),
        WaitReason.ACCESS: _tr("access"),
        WaitReason.MORE_FACTS: _tr("more facts"),
        WaitReason.WEATHER: _tr("weather"),
    }
    return words.get(WaitReason(reason), reason) if reason in set(WaitReason) else _tr("no reason given")


def _close_words(reason: str) -> str:
    words = {
        CloseReason.FIXED_CONFIRMED: _tr("fixed, confirmed"),
        CloseReason.FIXED_UNCONFIRMED: _tr("fixed, not confirmed"),
        CloseReason.PASSED_TO_OWNER: _tr("passed to owner"),
        CloseReason.NOT_OURS: _tr("not ours"),
        CloseReason.AREA_SWEEP: _tr("area sweep"),
        CloseReason.CANNOT_ACT: _tr("cannot act"),
        CloseReason.NO_LONGER_NEEDED: _tr("no longer needed"),
        CloseReason.SPAM: _tr("spam"),
        CloseReason.SERVER: _tr("on the server"),
    }
    return (
        _tr("closed · {}").format(words[CloseReason(reason)]) if reason in set(CloseReason) else _tr("closed")
    )
