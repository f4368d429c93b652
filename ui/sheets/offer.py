"""The next step of a neighbor's offer: ask the resident in public, note what both say, or end it and say why.

The city passes no contact on, and nobody is pointed into danger: the core refuses both.
"""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.offer_desk import ENDINGS, POINTING, STEPS
from dispatch.records import Offer, OfferState, SiteView
from dispatch.residents.relayed import QUESTION
from ui.sheets.offer_words import quoted, standing
from ui.sheets.public_words import doubt_about
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import followers_words
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, PickField, TextField
from ui.widgets.words import Words

_SHORT = 44  # signs of a line to choose by
ASK = "ask"  # by a public message; OfferState.ASKED is by voice


class OfferSheet(SiteSheet):
    NAME = "offer"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self._offers: dict[str, Offer] = {}
        self._wanted = ""
        self.say_title(self.tr("A neighbor offers help"))
        self._which = self.add("which", ChoiceField(self.tr("Which offer"), theme=theme))
        self._said = Words(theme=theme, copyable=True)
        self._stands = Words(theme=theme, role="small", tone="text_dim")
        self._no = Words(theme=theme, tone="warn")
        for words in (self._said, self._stands, self._no):
            self.body.addWidget(words)
        self._step = self.add("step", PickField(self.tr("What comes next"), self._steps(), theme=theme))
        self._text = self.keep("text", TextField("", theme=theme, least=4, most=8))
        self._text.box.setAccessibleName(self.tr("Public question"))
        self._text.fill(self._question())
        self._public_box = self._make_public_box()
        self.body.addWidget(self._public_box)
        self._why = self.add(
            "why", TextField(self.tr("Why (internal): no phone, name or address"), theme=theme)
        )
        # What there is to choose shows once the site has been read.
        for part in (self._which, self._step, self._public_box, self._why):
            part.setVisible(False)
        self._which.edited.connect(self._show_another)
        self._step.edited.connect(self._say)
        self.say_act(self.tr("Record the step"))

    def begin(self, **given: Any) -> None:
        """Which offer was chosen in the list of all."""
        self._wanted = given.get("offer", "")

    def show_site(self, view: SiteView) -> None:
        self._offers = {_key(offer): offer for offer in view.offers if offer.state.is_open}
        self._which.offer([(key, quoted(offer, _SHORT)) for key, offer in self._offers.items()])
        self._which.setVisible(len(self._offers) > 1)
        if self._wanted in self._offers:
            self._which.fill(self._wanted)
        followers = followers_words(view.followers)
        self._public.say(self.tr("PUBLIC on the city's site, {followers}").format(followers=followers))
        self._show_offer()
        if able := self._able():
            # The first one may be taken away here: a complaint leads to one that is not.
            self._step.setFocusProxy(self._step.buttons[self._step.value() or able[0]])
            self._step.setFocus()

    def problem(self) -> tuple[str, str] | None:
        step = self._step.value()
        if step is None or not self._step.buttons[step].isVisibleTo(self):
            return "step", self.tr("Choose what comes next.")
        if step == ASK and not self._text.value():
            return "text", self.tr("Write the question first.")
        if step in ENDINGS and not self._why.value():
            return "why", self.tr("Say why it comes to nothing.")
        return None

    def doubt(self) -> str:
        return doubt_about(self._text.value()) if self._step.value() == ASK else ""

    def done_words(self) -> tuple[str, bool]:
        if self._step.value() == ASK:
            return self.tr("The question leaves in 10 s."), True
        return self.tr("Kept with the offer. The site itself stays as it is."), True

    def act(self) -> asyncio.Task[Any]:
        desk, offer, step = self.bridge.parts.offer_desk, self._offer(), self._step.value()
        assert offer is not None  # the button is off without one
        given = (self.site_id, offer.offer_id)
        if step == ASK:
            return self.bridge.act(desk.ask, *given, self._text.value())
        if step in ENDINGS:
            return self.bridge.act(desk.ended, *given, OfferState(step), self._why.value())
        work = {
            OfferState.ASKED: desk.asked_by_voice,
            OfferState.AGREED: desk.agreed,
            OfferState.DONE: desk.done,
            OfferState.CONFIRMED: desk.confirmed,
        }[OfferState(step)]
        return self.bridge.act(work, *given)

    # -- inside -----------------------------------------------------------------------------------------

    def _offer(self) -> Offer | None:
        return self._offers.get(self._which.value() or "")

    def _show_another(self) -> None:
        self._step.touched = False
        self._show_offer()

    def _show_offer(self) -> None:
        offer, view = self._offer(), self.view
        self.button.setEnabled(offer is not None)
        if offer is None or view is None:
            self._stands.say(self.tr("Nobody offers help here, or every offer has come to its end."))
            self._step.setVisible(False)
            self._say()
            return
        is_told = len(self._offers) > 1 and len(offer.words) <= _SHORT
        self._said.say("" if is_told else quoted(offer, 600))
        self._step.setVisible(True)
        self._stands.say(standing(offer, self.now, self.bridge.zone))
        self._no.say(view.no_neighbor)
        for value, button in self._step.buttons.items():
            state = OfferState.ASKED if value == ASK else OfferState(value)
            button.setVisible(offer.state in STEPS[state])
            self._step.allow(value, self._why_not(value, state, view))
        self._step.fill(self._next())
        self._say()

    def _why_not(self, value: str, state: OfferState, view: SiteView) -> str:
        if state in POINTING and view.no_neighbor:
            return view.no_neighbor
        return view.cannot_message_why if value == ASK else ""

    def _next(self) -> str | None:
        """What mostly comes next, where it may."""
        return next((way for way in self._able() if way not in ENDINGS), None)

    def _able(self) -> list[str]:
        buttons = self._step.buttons
        return [way for way in buttons if buttons[way].isVisibleTo(self._step) and buttons[way].isEnabled()]

    def _say(self) -> None:
        step = self._step.value()
        self._public_box.setVisible(step == ASK)
        self._why.setVisible(step in ENDINGS)
        if step == ASK:
            self.say_act(self.tr("Ask in public"))
            self.say_effect(
                self.tr("Goes to every reporter here. Nobody's phone, name or address is passed on.")
            )
        else:
            self.say_act(self.tr("Record the step"))
            self.say_effect(
                self.tr("Kept beside the site: its band, state and clocks stay. It is no answer of the city.")
            )
        self.grew.emit()

    def _steps(self) -> list[tuple[str, str]]:
        return [
            (ASK, self.tr("Ask the resident here, in public")),
            (OfferState.ASKED.value, self.tr("The resident was asked by phone or in person")),
            (OfferState.AGREED.value, self.tr("Both agreed")),
            (OfferState.DONE.value, self.tr("Done, as the neighbor says")),
            (OfferState.CONFIRMED.value, self.tr("The resident confirms it")),
            (OfferState.DECLINED.value, self.tr("The resident does not want it")),
            (OfferState.WITHDRAWN.value, self.tr("The neighbor takes it back")),
            (OfferState.UNSUITABLE.value, self.tr("Not suitable")),
        ]

    def _question(self) -> str:
        return f"EXERCISE. {QUESTION}" if self.bridge.activation.is_exercise else QUESTION

    def _make_public_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("part", "public")
        self._public = Words(self.tr("PUBLIC on the city's site"), theme=self.theme, role="strong")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        inside.addWidget(self._public)
        inside.addWidget(self._text)
        sentence = self.tr("Leaves after 10 s; U takes it back until then.")
        inside.addWidget(Words(sentence, theme=self.theme, role="small", tone="text_dim"))
        return box


def _key(offer: Offer) -> str:
    return f"{offer.offer_id.request_key}/{offer.offer_id.source}"
