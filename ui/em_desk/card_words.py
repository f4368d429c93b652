"""What a card of the EM desk says, in words and tones; pure, so that card, screen reader and test agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.clock import WallClock
from dispatch.escalation.channels import CHANNELS
from dispatch.escalation.held import is_asked, not_reached
from dispatch.escalation.states import Act
from dispatch.escalation.timers import Timer, TimerKind, due, was_not_handed_over
from dispatch.forms.first_hour import is_held
from dispatch.geo.address import short_place
from dispatch.records import Delivery, DeliveryState, Escalation, EscalationState, Millis, ReturnCode
from ui.sheets.words import desk_words, return_words
from ui.widgets import times

DIM, ALARM, WARN = "text_dim", "alarm", "warn"
DESK = "desk"
TOOK = (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.ANSWERED)
COLUMNS = ("sent", "accepted", "under_way", "returned", "closed")

_COLUMN_OF = {
    EscalationState.SENT: "sent",
    EscalationState.RECEIVED: "sent",
    EscalationState.EXPIRED: "sent",
    EscalationState.ACCEPTED: "accepted",
    EscalationState.FORWARDED: "accepted",
    EscalationState.MUTUAL_AID: "accepted",
    EscalationState.UNDER_WAY: "under_way",
    EscalationState.HELD: "returned",
    EscalationState.RETURNED: "returned",
    EscalationState.CLOSED: "closed",
}


_TELLING = (Act.ACCEPT, Act.HOLD, Act.PASS_ON, Act.RETURN)
# What is not an answer of who has it.
_ASIDE = (Act.ADD, Act.ASK, Act.STILL_NEEDED, Act.NOT_REACHED)
# Their resource or outcome stands on the card instead.
_SPOKEN_FOR = (EscalationState.UNDER_WAY, EscalationState.CLOSED)


@dataclass(frozen=True, slots=True)
class CardWords:
    """`notes` are lines with their tones, the worst first."""

    band: int
    number: str
    timer: str
    timer_tone: str
    title: str
    place: str
    desk: str
    who: str
    notes: tuple[tuple[str, str], ...]
    is_overdue: bool
    is_untouched: bool

    def aloud(self) -> str:
        said = [f"P{self.band}" if self.band < 5 else "INFO", self.timer, self.title, self.place, self.desk]
        return ". ".join(part for part in [*said, *(text for text, _tone in self.notes)] if part)


def column_of(escalation: Escalation) -> str:
    return _COLUMN_OF.get(escalation.state, "sent")


def card_words(
    escalation: Escalation,
    now: Millis,
    zone: ZoneInfo,
    deliveries: Sequence[Delivery] = (),
    *,
    is_whole: bool = False,
) -> CardWords:
    """`is_whole` where somebody asked for its phone (S15): that stands on it then."""
    timer = due(escalation, now)
    words, tone = _timer_words(escalation, timer, now, zone)
    return CardWords(
        band=int(escalation.band),
        number=escalation.number,
        timer=words,
        timer_tone=tone,
        title=escalation.summary or escalation.subject,
        place=" · ".join(
            part
            for part in (
                escalation.neighborhood,
                short_place(escalation.address),
                _tr("unit {}").format(escalation.unit) if escalation.unit else "",
            )
            if part
        ),
        desk=desk_words(escalation.desk, escalation.esf),
        who=_who(escalation),
        notes=(
            *([(call_back_words(escalation), DIM)] if is_whole else ()),
            *_notes(escalation, now, zone, deliveries),
        ),
        is_overdue=timer is not None and timer.is_overdue,
        is_untouched=escalation.state in (EscalationState.SENT, EscalationState.RECEIVED),
    )


def _timer_words(escalation: Escalation, timer: Timer | None, now: Millis, zone: ZoneInfo) -> tuple[str, str]:
    if escalation.state == EscalationState.CLOSED:
        took = (escalation.closed_at or now) - escalation.first_reported_at
        return _tr("{} from report").format(times.age(took)), DIM
    if timer is not None and timer.is_overdue:
        over = times.stopwatch(timer.over_by)
        return {
            TimerKind.TELL_911: _tr("911 not told for {}").format(times.stopwatch(timer.passed_ms)),
            TimerKind.ACCEPT: _tr("overdue by {}").format(over),
            TimerKind.RESOURCE: _tr("no resource, {} over").format(over),
            TimerKind.ETA: _tr("past its ETA by {}").format(over),
            TimerKind.NEED_BY: _tr("past its time by {}").format(over),
        }[timer.kind], ALARM
    return _calm_words(escalation, timer, now, zone), DIM


def _calm_words(escalation: Escalation, timer: Timer | None, now: Millis, zone: ZoneInfo) -> str:
    state = escalation.state
    if state == EscalationState.HELD:
        return _tr("held for weather")
    if state == EscalationState.FORWARDED and escalation.forwarded_at is not None:
        return _tr("forwarded {}").format(times.clock(escalation.forwarded_at, now, zone))
    if state == EscalationState.MUTUAL_AID:
        return _tr("mutual aid asked for")
    if state == EscalationState.RETURNED:
        if escalation.return_code == ReturnCode.ALREADY_KNOWN:
            return _tr("already known")
        return return_words(escalation.return_code).lower() or _tr("returned")
    if escalation.on_scene_at is not None:
        return _tr("on scene {}").format(times.clock(escalation.on_scene_at, now, zone))
    if state == EscalationState.UNDER_WAY and escalation.eta_at is not None:
        return _tr("expected {}").format(times.clock(escalation.eta_at, now, zone))
    if escalation.accepted_at is not None:
        took = escalation.accepted_at - (escalation.sent_at or escalation.created_at)
        return _tr("accepted in {}").format(times.stopwatch(took))
    if timer is not None and timer.kind in (TimerKind.ACCEPT, TimerKind.TELL_911):
        return _tr("{passed} of {limit}").format(
            passed=times.stopwatch(timer.passed_ms), limit=times.stopwatch(timer.limit_ms)
        )
    return _tr("sent {} ago").format(times.age(now - (escalation.sent_at or escalation.created_at)))


def call_back_words(escalation: Escalation) -> str:
    if not escalation.call_back:
        return _tr("No call-back number is known: ask who was handed it.")
    said = (escalation.call_back, escalation.language)
    return _tr("Call back: {}").format(", ".join(filter(None, said)))


def _who(escalation: Escalation) -> str:
    answered = [answer for answer in escalation.answers if answer.kind not in _ASIDE]
    return answered[-1].by_name if answered else escalation.to_person or escalation.from_seat


def _notes(
    escalation: Escalation, now: Millis, zone: ZoneInfo, deliveries: Sequence[Delivery]
) -> list[tuple[str, str]]:
    notes = []
    if said := said_911(escalation, now, zone):
        notes.append(said)
    if escalation.has_wire and not escalation.made_safe:
        notes.append((_tr("TREAT AS LIVE"), WARN))
    if escalation.place_quality == "none":
        notes.append((_tr("PLACE NOT CONFIRMED"), WARN))
    if escalation.placed_by:
        notes.append((_tr("placed by hand by {}").format(escalation.placed_by), DIM))
    if escalation.other_site_ids:
        notes.append((_tr("{} sites as one").format(len(escalation.site_ids)), DIM))
    if question := open_question(escalation):
        notes.append((_tr("asks: {}").format(question), WARN))
    for line in (_answered(escalation), _standing(escalation, now, zone)):
        if line:
            notes.append((line, DIM))
    if escalation.is_unmet:
        notes.append((_tr("unmet need, in the situation report"), WARN))
    is_waiting = escalation.state in (EscalationState.SENT, EscalationState.RECEIVED, EscalationState.EXPIRED)
    for delivery in deliveries:
        is_quiet = delivery.channel == DESK and delivery.state in TOOK
        if (is_waiting and not is_quiet) or delivery.state == DeliveryState.DEAD_LETTER:
            notes.append(delivery_words(delivery))
    return notes


def _answered(escalation: Escalation) -> str:
    """What was said with the last answer, as long as it tells how things stand."""
    said = next((answer for answer in reversed(escalation.answers) if answer.kind in _TELLING), None)
    if said is None or not said.text or escalation.state in _SPOKEN_FOR:
        return ""
    if escalation.return_code == ReturnCode.ALREADY_KNOWN and said.kind == Act.RETURN:
        return _tr("known as no. {}").format(said.text)
    return said.text


def _standing(escalation: Escalation, now: Millis, zone: ZoneInfo) -> str:
    state = escalation.state
    if state == EscalationState.CLOSED:
        return escalation.outcome
    if state == EscalationState.EXPIRED:
        if was_not_handed_over(escalation, now):
            return _tr("could not be handed over")
        return _tr("nobody accepted in time")
    if state == EscalationState.FORWARDED:
        number = _tr(", their no. {}").format(n) if (n := escalation.forwarded_number) else ""
        return _tr("{to} has it{number}").format(to=escalation.forwarded_to, number=number)
    if state == EscalationState.HELD:
        return _asked_words(escalation, now, zone)
    if escalation.resource:
        if escalation.on_scene_at is None and escalation.eta_at is not None:
            eta = times.clock(escalation.eta_at, now, zone)
            return _tr("{resource}, about {eta}").format(resource=escalation.resource, eta=eta)
        return escalation.resource
    return _tr("no resource yet") if state == EscalationState.ACCEPTED else ""


def _asked_words(escalation: Escalation, now: Millis, zone: ZoneInfo) -> str:
    """S7: whether the question stands, and who tried; S9: nobody reached means unknown."""
    if (tried := not_reached(escalation)) is not None:
        return _tr("still needed? nobody reached {}").format(times.clock(tried.at, now, zone))
    if is_asked(escalation):
        return _tr("still needed? nobody has said")
    return _tr("asked when a service drives again") if is_held(escalation) else ""


def said_911(escalation: Escalation, now: Millis, zone: ZoneInfo) -> tuple[str, str] | None:
    """S3: told with its number, or NOT TOLD; nothing where it was never needed."""
    told = escalation.told_911
    if told is None:
        return (_tr("911 NOT TOLD"), ALARM) if escalation.needs_911 else None
    at = times.clock(told.at, now, zone)
    if not told.is_told:
        return _tr("911 NOT TOLD, not reached {}").format(at), ALARM
    number = _tr(", no. {}").format(told.incident_number) if told.incident_number else ""
    return _tr("911 told {at}{number}").format(at=at, number=number), DIM


def delivery_words(delivery: Delivery, wall_now: Millis | None = None) -> tuple[str, str]:
    """How far it has come on one channel, how often it was tried, when next (in real time) and why."""
    name = CHANNELS[delivery.channel].label if delivery.channel in CHANNELS else delivery.channel
    match delivery.state:
        case DeliveryState.DEAD_LETTER:
            return _tr("{name}: NOT HANDED OVER. {why}").format(name=name, why=delivery.error), WARN
        case DeliveryState.FAILED:
            left = delivery.next_at - (WallClock().now() if wall_now is None else wall_now)
            tries = _tr("once") if delivery.attempts == 1 else _tr("{} times").format(delivery.attempts)
            again = _tr("again in {}").format(times.stopwatch(left)) if left > 0 else _tr("again now")
            words = _tr("{name}: FAILED {tries}, {again}. {why}")
            return words.format(name=name, tries=tries, again=again, why=delivery.error), WARN
        case DeliveryState.QUEUED:
            return _tr("{}: waits to leave").format(name), DIM
        case DeliveryState.ANSWERED:
            return _tr("{}: answered elsewhere").format(name), DIM
        case DeliveryState.DELIVERED:
            return _tr("{}: delivered").format(name), DIM
        case _:
            return _tr("{}: sent").format(name), DIM


def open_question(escalation: Escalation) -> str:
    """A question that nobody has answered yet."""
    for answer in reversed(escalation.answers):
        if answer.kind == Act.ADD:
            return ""
        if answer.kind == Act.ASK:
            return answer.text
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("card", text)
