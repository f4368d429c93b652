"""ICS 213 General Message (September 2010 booklet): what its ten blocks say of one escalation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms import common
from dispatch.forms.bands import band_words
from dispatch.forms.walk_list import code
from dispatch.records import Answer, Escalation, EscalationState

_QUALITY = {
    "exact": "exact",
    "street": "only the street is known",
    "area": "only the area is known",
    "none": "no place is known",
}

# Answer kinds as they stand in block 9; a kind that is not here is printed as it came.
ANSWER_WORDS = {
    "accept": "Accepted",
    "hold": "Accepted, held for weather",
    "still_needed": "Still needed",
    "not_reached": "Asked, nobody reached",
    "resource": "Resource named",
    "on_scene": "On scene",
    "pass_on": "Passed on",
    "forward": "Forwarded",
    "mutual_aid": "Mutual aid asked for",
    "ask": "Question",
    "add": "Added",
    "return": "Returned",
    "close": "Closed",
}
# What somebody here has added or tried is no reply of who was asked.
_NO_REPLY = ("add", "not_reached")
RETURN_WORDS = {
    "wrong_desk": "wrong desk",
    "already_known": "already known",
    "outside_area": "outside our area",
    "no_resource": "no resource now",
}
_HOW_WORDS = {
    "desk": "on the EM desk",
    "reply_code": "by reply code",
    "email": "by e-mail",
    "folder": "by the relay's folder",
    "spoken": "by voice",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One labeled entry of block 7. A warning must not be overlooked: it is drawn in a frame."""

    label: str
    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Ics213:
    """The blocks by number: 1 to 8 are the message, 9 and 10 the acknowledgement."""

    number: str
    escalation_id: str
    is_exercise: bool
    title: str
    incident: str  # 1
    sent_to: str  # 2
    sent_from: str  # 3
    subject: str  # 4
    date: str  # 5
    time: str  # 6
    message: tuple[Line, ...]  # 7
    approved_by: str  # 8, signed on paper
    answer_code: str  # to type back what somebody wrote into 9
    reply: str  # 9
    replied_by: str  # 10: name and position
    replied_at: str

    def text_lines(self) -> tuple[str, ...]:
        """The form as plain lines, for the preview and for text messages."""
        return (
            self.title,
            f"1. Incident name: {self.incident}",
            f"2. To: {self.sent_to}",
            f"3. From: {self.sent_from}",
            f"4. Subject: {self.subject}",
            f"5. Date: {self.date}   6. Time: {self.time}",
            "7. Message:",
            *(f"{line.label}: {line.text}" for line in self.message),
            f"8. Approved by: {self.approved_by}",
            f"9. Reply: {self.reply}",
            f"10. Replied by: {' '.join(part for part in (self.replied_by, self.replied_at) if part)}",
        )


def fill(escalation: Escalation, zone: tzinfo) -> Ics213:
    """The same record always gives the same form: nothing here asks the clock."""
    sent_at = escalation.sent_at or escalation.created_at
    answer = next((given for given in reversed(escalation.answers) if given.kind not in _NO_REPLY), None)
    return Ics213(
        number=escalation.number,
        escalation_id=escalation.escalation_id,
        is_exercise=escalation.is_exercise,
        title=common.mark_exercise("GENERAL MESSAGE (ICS 213)", escalation.is_exercise),
        incident=common.mark_exercise(escalation.activation_name, escalation.is_exercise),
        sent_to=common.desk(escalation),
        sent_from=common.person(escalation.from_person, escalation.from_position),
        subject=_subject(escalation),
        date=common.date(sent_at, zone),
        time=common.clock_time(sent_at, zone),
        message=_message(escalation, zone),
        approved_by="",
        answer_code=code(escalation),
        reply=_reply(escalation, answer, zone) if answer else "",
        replied_by=common.person(answer.by_name, answer.by_position) if answer else "",
        replied_at=common.date_time(answer.at, zone) if answer else "",
    )


def _subject(escalation: Escalation) -> str:
    where = " · ".join(part for part in (escalation.address, escalation.neighborhood) if part)
    subject = escalation.subject.strip() or escalation.summary.strip() or where
    band = f"[{escalation.band.name}]"
    for mark in (f"{common.EXERCISE} ·", band):
        subject = subject.removeprefix(mark).strip()
    return common.mark_exercise(f"{band} {subject}", escalation.is_exercise)


def _message(escalation: Escalation, zone: tzinfo) -> tuple[Line, ...]:
    """Block 7 in a responder's order: band, what, where, when, who, the way there, what is asked, numbers."""
    lines = [
        Line(
            "Priority", ". ".join(part for part in (band_words(escalation.band), escalation.why_now) if part)
        ),
        Line("911", common.said_to_911(escalation, zone), is_warning=common.is_911_open(escalation)),
        Line("What", _what(escalation)),
        Line("Source", common.NOT_VERIFIED),
        *_where(escalation, zone),
        Line("Reported", _reported(escalation, zone)),
        Line("People at risk", escalation.people or "unknown"),
        Line("Mobility, children, pets", escalation.mobility or "not known"),
        Line("Call-back", _call_back(escalation)),
        Line("Safe approach", escalation.safe_approach or "not known"),
        *_utility(escalation),
        Line("Already done", escalation.already_done or "nothing recorded"),
        Line("Action asked", escalation.effect_needed or "not stated"),
        Line("Needed by", _need_by(escalation, zone)),
        Line("Numbers", _numbers(escalation)),
    ]
    if escalation.is_restricted:
        lines.append(Line("Handling", "Restricted: personal facts, only for those who act on it."))
    return tuple(lines)


def _what(escalation: Escalation) -> str:
    parts = (escalation.summary.strip(), escalation.details.strip())
    return "\n".join(dict.fromkeys(part for part in parts if part))


def _where(escalation: Escalation, zone: tzinfo) -> list[Line]:
    address = escalation.address.strip()
    place = escalation.place
    parts = [address or "no address", f"unit {escalation.unit}" if escalation.unit else ""]
    parts += [f"at {escalation.cross_street}" if escalation.cross_street else "", escalation.neighborhood]
    lines = [Line("Where", " · ".join(part for part in parts if part))]
    lines.append(Line("Lat, long", f"{place.lat:.5f}, {place.lng:.5f} (WGS84)" if place else "not known"))
    if by_hand := common.placed_by_hand(escalation, zone):
        lines.append(Line("Placed", by_hand))
    if not common.is_place_confirmed(escalation):
        quality = escalation.place_quality if address or place else "none"
        why = _QUALITY.get(quality, quality)
        lines.append(
            Line("Place", f"{common.NOT_CONFIRMED}: {why}" if why else common.NOT_CONFIRMED, is_warning=True)
        )
    return lines


def _reported(escalation: Escalation, zone: tzinfo) -> str:
    reports = "1 report" if escalation.reports == 1 else f"{escalation.reports} reports"
    first = common.date_time(escalation.first_reported_at, zone)
    confirmed = common.near(escalation.last_confirmed_at, escalation.first_reported_at, zone)
    return f"first {first}, {reports}, last confirmed {confirmed}"


def _call_back(escalation: Escalation) -> str:
    parts = (escalation.call_back or "none given", escalation.language or "language not known")
    return " · ".join(parts)


def _utility(escalation: Escalation) -> list[Line]:
    if not (escalation.has_wire or escalation.utility):
        return []
    told = escalation.utility or "utility NOT TOLD"
    if common.is_live(escalation):
        return [Line("Utility", f"{common.TREAT_AS_LIVE} · {told}", is_warning=True)]
    return [Line("Utility", f"{told} · made safe: {escalation.made_safe}")]


def _need_by(escalation: Escalation, zone: tzinfo) -> str:
    if escalation.need_by_at is None:
        return "no time given"
    return common.date_time(escalation.need_by_at, zone)


def _numbers(escalation: Escalation) -> str:
    requests = ", ".join(f"#{request_id}" for request_id in escalation.request_ids)
    parts = [escalation.number, f"update of {escalation.is_update_of}" if escalation.is_update_of else ""]
    parts += [f"service requests {requests}" if requests else "", f"id {escalation.escalation_id}"]
    return " · ".join(part for part in parts if part)


def _reply(escalation: Escalation, answer: Answer, zone: tzinfo) -> str:
    said = ANSWER_WORDS.get(answer.kind, answer.kind)
    if escalation.state == EscalationState.RETURNED and escalation.return_code:
        said += f": {RETURN_WORDS.get(escalation.return_code, escalation.return_code)}"
    parts = [said, answer.text]
    if escalation.resource and answer.kind in ("accept", "resource", "on_scene"):
        parts.append(f"Resource: {escalation.resource}")
    if escalation.eta_at is not None and answer.kind in ("accept", "resource"):
        parts.append(f"ETA {common.near(escalation.eta_at, answer.at, zone)}")
    if answer.kind == "close":
        parts.append(escalation.outcome)
        parts.append(f"Confirmed by {escalation.confirmed_by}" if escalation.confirmed_by else "")
    parts.append(f"Came {_HOW_WORDS.get(answer.how, answer.how)}, recorded by {answer.recorded_by}")
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip()) + "."
