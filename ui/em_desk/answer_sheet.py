"""One form for every answer of emergency management: a key on a card opens it with the act chosen; a spoken
answer from radio or paper is found by its EOC number or reply code and typed in (S16)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatch.escalation.channels import CHANNELS
from dispatch.escalation.states import Act, close_refusal, forward_refusal, refusal
from dispatch.escalation.walked_back import line_before
from dispatch.forms.walk_list import by_code
from dispatch.masking import cover_card
from dispatch.records import Answer, Escalation, ReturnCode
from dispatch.residents.told import ended_text, there_text
from ui.sheets.words import desk_words, return_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, PickField, TicksField, pack
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

HOW = ("spoken", "reply_code", "desk")
_SHOWN = {
    Act.ACCEPT: ("text",),
    Act.HOLD: ("text",),
    Act.STILL_NEEDED: ("text",),
    Act.NOT_REACHED: ("text",),
    Act.RESOURCE: ("resource", "eta"),
    Act.ON_SCENE: (),
    Act.RETURN: ("code", "text"),
    Act.PASS_ON: ("desk", "text"),
    Act.FORWARD: ("forwarded_to", "their_number", "text"),
    Act.MUTUAL_AID: ("text",),
    Act.ASK: ("text",),
    Act.ADD: ("text",),
    Act.CLOSE: ("text", "confirmed_by"),
}


class AnswerSheet(Sheet):
    """With a card it acts for this desk; without one it records what somebody else said, and who."""

    KEEPS_WORDS = True
    NAME = "answer"

    def __init__(
        self,
        *,
        bridge: Any,
        theme: Theme,
        site_id: int = 0,
        card: Escalation | None = None,
        kind: Act | None = None,
        is_recorded: bool = True,
    ) -> None:
        subject = card.escalation_id if card else (str(site_id) if site_id else "")
        super().__init__(
            theme=theme,
            subject=subject,
            enter_acts=kind is Act.ON_SCENE and not is_recorded,
        )
        self.bridge = bridge
        self._card = card
        self._kind = kind
        self._is_recorded = is_recorded
        self._is_from_paper = card is None and not site_id
        self._cards: tuple[Escalation, ...] = (card,) if card else ()
        self._make_fields(site_id)
        self._lay_out()
        if is_recorded:
            self._reading = self.read_for(self._read_cards())
        self._say()

    def records(self, by: str, channel: str, words: str) -> None:
        """It writes down what an answer means that came by a channel and that a person has read."""
        self.body.insertWidget(0, Words(words, theme=self.theme, tone="text_soft"))
        self._how.offer([(channel, CHANNELS[channel].label if channel in CHANNELS else channel)])
        self._how.show_value(channel)
        self._how.touched = True
        if by:
            self._by.show_value(by)
            self._by.touched = True

    # -- what it is about -----------------------------------------------------------------------------

    def found(self) -> Escalation | None:
        """The hand-over named by EOC number or reply code."""
        if self._card is not None:
            return self._card
        typed = self._number.value()
        if not typed:
            return None
        if by := by_code(typed, self._cards):
            return by
        digits = re.sub(r"\D", "", typed)
        named = [c for c in self._cards if typed.upper() == c.number.upper()]
        # A bare number names one hand-over only when it is whole: a reply code ends in its check letter.
        if not named and digits and not typed[-1].isalpha():
            named = [c for c in self._cards if re.sub(r"\D", "", c.number).lstrip("0") == digits.lstrip("0")]
        return named[0] if len(named) == 1 else None

    def kind(self) -> Act | None:
        return self._kind or self._pick.value()

    def take_cards(self, cards: tuple[Escalation, ...]) -> None:
        self._cards = cards
        if self._is_recorded and not self._by.touched:
            self._go_on_from(line_before(cards, self.bridge.person, self.bridge.clock.now()))
        self._say()

    # -- doing ----------------------------------------------------------------------------------------

    def first_focus(self) -> QWidget:
        if self._card is None:
            return self._number
        if self._kind is None:
            return self._pick
        names = _SHOWN[self._kind]
        return self.fields[names[0]] if names else self.button

    def problem(self) -> tuple[str, str] | None:
        card, kind = self.found(), self.kind()
        if card is None:
            return "number", self.tr("No open hand-over has this number or reply code.")
        if kind is None:
            return "kind", self.tr("Choose the answer.")
        if sentence := refusal(card.state, kind):
            return ("kind" if self._kind is None else "", sentence)
        if self._is_recorded and not self._by.value():
            return "by", self.tr("Say who gave the answer.")
        return self._missing(card, kind)

    def done_words(self) -> tuple[str, bool]:
        return self.tr("The answer is recorded."), False

    def follows(self) -> AnswerSheet | None:
        """The next line of the paper, until Esc."""
        return AnswerSheet(bridge=self.bridge, theme=self.theme) if self._is_from_paper else None

    def act(self) -> asyncio.Task[Any]:
        card, kind, desk = self.found(), self.kind(), self.bridge.em_desk
        assert card is not None and kind is not None
        who = (
            {"by_name": self._by.value(), "by_position": self._position.value(), "how": self._how.value()}
            if self._is_recorded
            else {}
        )
        key, text = card.escalation_id, self._text.value()
        act, bridge = self.bridge.act, self.bridge
        if kind is Act.RESOURCE:
            return act(desk.resource, key, self._resource.value(), self._read_eta(), **who)
        tell = bool(self._tell.value()) and not card.is_restricted
        if kind is Act.ON_SCENE:
            return act(desk.on_scene, key, tell=tell, **who)
        if kind is Act.RETURN:
            return act(desk.give_back, key, self._code.value(), text, **who)
        if kind is Act.PASS_ON:
            to = next(d for d in bridge.jurisdiction.desks if d.name == self._desk.value())
            return act(desk.pass_on, key, to.name, text, esf=to.esf, **who)
        if kind is Act.FORWARD:
            return act(desk.forward, key, self._forwarded_to.value(), self._their_number.value(), text, **who)
        if kind is Act.CLOSE:
            return act(desk.close, key, text, self._confirmed_by.value(), tell=tell, **who)
        plain = {
            Act.ACCEPT: desk.accept,
            Act.HOLD: desk.hold,
            Act.STILL_NEEDED: desk.still_needed,
            Act.NOT_REACHED: desk.not_reached,
            Act.MUTUAL_AID: desk.mutual_aid,
            Act.ASK: desk.ask,
            Act.ADD: desk.reply,
        }
        return act(plain[kind], key, text, **who)

    # -- inside ---------------------------------------------------------------------------------------

    def _go_on_from(self, before: Answer | None) -> None:
        """A walk list is typed back line by line, and one person gave most of its answers."""
        if before is None:
            return
        self._by.show_value(before.by_name)
        self._position.show_value(before.by_position)
        self._how.show_value(before.how)
        self._by.say_aside(self.tr("as in the line before"))

    async def _read_cards(self) -> None:
        cards = await self.bridge.read(self.bridge.em_desk.cards, self.bridge.clock.now())
        self.take_cards(tuple(cards))

    def _missing(self, card: Escalation, kind: Act) -> tuple[str, str] | None:
        text = self._text.value()
        if kind is Act.RESOURCE and not self._resource.value():
            return "resource", self.tr("Name the resource: who or what goes there.")
        if kind is Act.RESOURCE and self._eta.value() and self._read_eta() is None:
            return "eta", self.tr("Type a time like 14:50 or +20.")
        if kind is Act.RETURN and self._code.value() is None:
            return "code", self.tr("Choose why it goes back.")
        if kind is Act.RETURN and self._code.value() is ReturnCode.ALREADY_KNOWN and not text:
            return "text", self.tr("Type the number it is known as.")
        if kind is Act.PASS_ON and not self._desk.value():
            return "desk", self.tr("Choose the desk.")
        if kind is Act.FORWARD and (sentence := forward_refusal(self._forwarded_to.value())):
            return "forwarded_to", sentence
        if kind in (Act.ASK, Act.ADD) and not text:
            return "text", self.tr("Write it in one line.")
        if kind is Act.CLOSE and (sentence := close_refusal(card.band, text, self._confirmed_by.value())):
            return ("confirmed_by" if text else "text"), sentence
        return None

    def _read_eta(self) -> int | None:
        now = self.bridge.clock.now()
        at = times.read_time(self._eta.value(), now, self.bridge.zone)
        self._eta.say_aside(times.ahead(at, now) if at is not None else "")
        return at

    def _make_fields(self, site_id: int) -> None:
        theme, tr = self.theme, self.tr
        kinds = [(act, kind_words(act, self)) for act in _SHOWN if act is not Act.ADD]
        codes = [(code, return_words(code)) for code in ReturnCode]
        desks = [(d.name, desk_words(d.name, d.esf)) for d in self.bridge.jurisdiction.desks]
        how = {"spoken": tr("Spoken"), "reply_code": tr("On paper"), "desk": tr("At the desk")}
        self._number = self.keep("number", LineField(tr("EOC number or reply code"), theme=theme))
        if site_id and (over := self.bridge.board.hand_overs.get(site_id)):
            self._number.show_value(over.number)
        self._pick = self.keep("kind", PickField(tr("Answer"), kinds, theme=theme, columns=2))
        self._text = self.keep("text", LineField(tr("Words"), theme=theme))
        self._resource = self.keep("resource", LineField(tr("Resource"), theme=theme))
        self._eta = self.keep("eta", LineField(tr("Expected"), theme=theme, placeholder=tr("14:50 or +20")))
        self._code = self.keep("code", PickField(tr("Why it goes back"), codes, theme=theme))
        self._desk = self.keep("desk", ChoiceField(tr("To"), desks, theme=theme))
        self._forwarded_to = self.keep("forwarded_to", LineField(tr("Forwarded to"), theme=theme))
        self._forwarded_to.show_value(self.bridge.jurisdiction.county_desk)
        self._their_number = self.keep(
            "their_number",
            LineField(tr("Their mission number"), theme=theme, placeholder=tr("May come later")),
        )
        self._confirmed_by = self.keep("confirmed_by", LineField(tr("Confirmed by"), theme=theme))
        self._by = self.keep("by", LineField(tr("Answered by"), theme=theme, placeholder=tr("Name")))
        self._position = self.keep("position", LineField(tr("Position"), theme=theme))
        self._how = self.keep("how", ChoiceField(tr("How"), [(h, how[h]) for h in HOW], theme=theme))
        tell = [("tell", tr("Tell the residents"))]
        self._tell = self.keep("tell", TicksField("", tell, theme=theme, columns=1))
        self._public = Words(theme=theme, role="small", tone="text_dim")
        for field in (self._number, self._pick, self._code):
            field.edited.connect(self._say)
        self._eta.edited.connect(self._read_eta)

    def _lay_out(self) -> None:
        self.body.addWidget(self._number)
        self.body.addWidget(self._pick)
        self.body.addWidget(self._code)
        self.body.addWidget(self._desk)
        row = pack(self.fields, "resource", "eta", shares=(5, 3))
        self._resource_row = row
        self.body.addWidget(row)
        self.body.addWidget(self._forwarded_to)
        self.body.addWidget(self._their_number)
        self.body.addWidget(self._text)
        self.body.addWidget(self._confirmed_by)
        self.body.addWidget(self._tell)
        self.body.addWidget(self._public)
        self._by_rows = QWidget()
        rows = QVBoxLayout(self._by_rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(pack(self.fields, "by", "position"))
        rows.addWidget(self._how)
        self.body.addWidget(self._by_rows)

    def _say(self) -> None:
        card, kind = self.found(), self.kind()
        shown = _SHOWN.get(kind, ()) if kind else ()
        self._number.setVisible(self._card is None)
        self._pick.setVisible(self._kind is None)
        self._code.setVisible("code" in shown)
        self._desk.setVisible("desk" in shown)
        self._resource_row.setVisible("resource" in shown)
        self._forwarded_to.setVisible("forwarded_to" in shown)
        self._their_number.setVisible("their_number" in shown)
        self._text.setVisible("text" in shown)
        self._text.say_label(self._text_label(kind))
        self._confirmed_by.setVisible("confirmed_by" in shown)
        self._by_rows.setVisible(self._is_recorded)
        self._say_public(card, kind)
        words = kind_words(kind, self) if kind else self.tr("Record an answer")
        if card is not None:
            shown = cover_card(card)
            self.say_subject(int(card.band), shown.summary or shown.subject, place_of(shown))
            self.say_title(words if self._kind else self.tr("Record an answer"), card.number)
        else:
            self.say_title(self.tr("Record an answer"))
        self.say_effect(effect_words(kind, self))
        self.say_act(self.tr("Record: {act}").format(act=words) if self._is_recorded and kind else words)
        self.grew.emit()

    def _say_public(self, card: Escalation | None, kind: Act | None) -> None:
        """That a crew is there, or that the work has ended; not where facts are restricted."""
        words = {Act.ON_SCENE: there_text, Act.CLOSE: ended_text}.get(kind) if kind else None
        is_offered = words is not None and card is not None and not card.is_restricted
        self._tell.setVisible(is_offered)
        self._public.setVisible(is_offered)
        if words is not None and card is not None and is_offered:
            self._public.say(self.tr("PUBLIC: “{}”").format(words(card)))

    def _text_label(self, kind: Act | None) -> str:
        if kind is Act.CLOSE:
            return self.tr("Outcome")
        if kind is Act.ASK:
            return self.tr("Question to the operator")
        if kind is Act.ADD:
            return self.tr("What is added")
        if kind is Act.RETURN and self._code.value() is ReturnCode.ALREADY_KNOWN:
            return self.tr("Known as no.")
        if kind is Act.ACCEPT:
            return self.tr("Who, what, by when")
        return self.tr("Words, may stay empty")


def kind_words(kind: Act, tr: QWidget) -> str:
    return {
        Act.ACCEPT: tr.tr("Accept"),
        Act.HOLD: tr.tr("Accept, held for weather"),
        Act.STILL_NEEDED: tr.tr("Still needed"),
        Act.NOT_REACHED: tr.tr("Nobody reached"),
        Act.RESOURCE: tr.tr("Resource and ETA"),
        Act.ON_SCENE: tr.tr("On scene"),
        Act.RETURN: tr.tr("Give back"),
        Act.PASS_ON: tr.tr("Pass to another desk"),
        Act.FORWARD: tr.tr("Forward to the county"),
        Act.MUTUAL_AID: tr.tr("Mutual aid needed"),
        Act.ASK: tr.tr("Ask the operator"),
        Act.ADD: tr.tr("Add a fact"),
        Act.CLOSE: tr.tr("Close with its outcome"),
    }[kind]


def effect_words(kind: Act | None, tr: QWidget) -> str:
    if kind is None:
        return tr.tr("Keeps who said it, how it came, and that you wrote it down.")
    return {
        Act.ACCEPT: tr.tr("The operator's row says accepted; the clock for a resource starts."),
        Act.STILL_NEEDED: tr.tr("The hold for weather ends; the clock for a resource starts now."),
        Act.NOT_REACHED: tr.tr("Unknown: it stays held and asked, and nothing closes."),
        Act.HOLD: tr.tr("Stays on this desk and never bounces; no expected time is sent."),
        Act.RESOURCE: tr.tr("Under way: the ETA runs as a clock, and naming it accepts."),
        Act.ON_SCENE: tr.tr("Somebody stands there now. It stays open until its outcome is known."),
        Act.RETURN: tr.tr("Goes back to the top of the queue with the code."),
        Act.PASS_ON: tr.tr("Owner and timer move to that desk; the operator sees it."),
        Act.FORWARD: tr.tr("Theirs to answer; the clock begins anew. Accepting it again takes it back."),
        Act.MUTUAL_AID: tr.tr("An unmet need, in the situation report. The clock for a resource goes on."),
        Act.ASK: tr.tr("The site stands on top of the queue until it is answered. The clock goes on."),
        Act.ADD: tr.tr("Stands on the card for emergency management; no second hand-over."),
        Act.CLOSE: tr.tr("Ends the hand-over. The site itself stays open for the operator."),
    }[kind]


def place_of(card: Escalation) -> str:
    unit = f"unit {card.unit}" if card.unit else ""
    return " · ".join(part for part in (card.address, unit, card.neighborhood) if part)
