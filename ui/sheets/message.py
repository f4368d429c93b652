"""A message to the residents of a site: public, true, ten seconds to take back (S8). One text for each
language in which they wrote; a text of the city's fills a box, and a person reads it before it goes."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.records import Band, Intent, Recipient, SiteView
from dispatch.template_desk import TextsHere
from ui.residents.words import guessed_words, intent_words, language_words
from ui.sheets.public_words import doubt_about
from ui.sheets.readers import Shown, choices, languages_of, spoken, words_for
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import followers_words, reporters_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, TextField
from ui.widgets.words import Words

MOST_SIGNS = 5000
MOST_LANGUAGES = 3
EACH = ""  # everybody in the language of their own words
_ALT = Qt.KeyboardModifier.AltModifier
_DIGITS = tuple(Qt.Key(Qt.Key.Key_1 + at) for at in range(9))


class MessageSheet(SiteSheet):
    NAME = "message"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self._texts: TextsHere | None = None
        self._languages: list[str] = ["en"]
        self._filled: dict[str, str] = {}  # what stands in a box because it was chosen, by the field's name
        self.say_title(self.tr("Message the residents"))
        self._boxes = [
            self.keep(
                f"text{at or ''}", TextField("", theme=theme, least=4 if at == 0 else 3, most=12 - 3 * at)
            )
            for at in range(MOST_LANGUAGES)
        ]
        self._text = self._boxes[0]
        self._intent = ChoiceField(self.tr("Text (Alt+T lists them, Alt+1 to 9)"), theme=theme)
        self._language = ChoiceField(self.tr("Language"), theme=theme)
        self._who = Words(theme=theme, role="small", tone="text_soft")
        self._stands = Words(theme=theme, role="small", tone="text_dim")
        for part in (self._who, self._language, self._intent):
            self.body.addWidget(part)
        self.body.addWidget(self._public_box())
        self._intent.edited.connect(lambda: self._choose(self._intent.value()))
        self._language.edited.connect(self._show_languages)
        for each in (self._language, self._intent, self._stands):
            each.setVisible(False)
        for box in self._boxes:
            box.edited.connect(self._count)
            layout = box.box.document().documentLayout()
            layout.documentSizeChanged.connect(lambda _size: self.grew.emit())
        self.shortcuts[(_ALT, Qt.Key.Key_T)] = self._list_texts
        for at, key in enumerate(_DIGITS):
            self.shortcuts[(_ALT, key)] = partial(self._choose_nth, at)
        self.say_act(self.tr("Send"))

    # -- what is known ----------------------------------------------------------------------------------

    def show_site(self, view: SiteView) -> None:
        followers = followers_words(view.followers)
        self._public.say(self.tr("PUBLIC on the city's site, {followers}").format(followers=followers))
        for box in self._boxes:
            box.box.setReadOnly(not view.can_message)
        self.button.setEnabled(view.can_message)
        if not view.can_message:
            self.say_effect(
                view.cannot_message_why or self.tr("The city's site takes no message here."), "alarm"
            )
        self._who.say(self._who_reads(view))
        self._show_languages()
        if view.can_message:
            self.read_for(self._read())

    async def _read(self) -> None:
        self._texts = await self.bridge.read(self.bridge.parts.template_desk.at_site, self.site_id)
        self._offer_languages()
        self._show_languages()

    def _able(self) -> list[Recipient]:
        return [each for each in self.view.recipients if not each.cannot_why] if self.view else []

    def _who_reads(self, view: SiteView) -> str:
        """Who can be answered, before anything is typed."""
        said, able = [], self._able()
        cannot = [each for each in view.recipients if each.cannot_why]
        if cannot and able:
            said.append(
                self.tr("{count} of {all} can be answered.").format(count=len(able), all=len(view.recipients))
            )
            said += list(dict.fromkeys(each.cannot_why for each in cannot))
        if guests := sum(each.is_guest for each in able):
            said.append(
                self.tr("The reporter left no account: they read it on the city's page alone.")
                if guests == len(able) == 1
                else self.tr(
                    "{count} of them left no account: they read it on the city's page alone."
                ).format(count=guests)
            )
        if len(able) == 1:
            said.insert(0, self.tr("They wrote: {}.").format(guessed_words(able[0].language)))
        return " ".join(said)

    def _offer_languages(self) -> None:
        assert self._texts is not None
        known = list(self._texts.templates.languages)
        own = languages_of(self._able(), self._texts)
        each = ", ".join(f"{language_words(code)} {self._readers_in(code)}" for code in own)
        words = self.tr("Each in their own: {}").format(each) if len(own) > 1 else language_words(own[0])
        rest = [code for code in known if [code] != own]
        for_all = self.tr("{} for all") if len(self._able()) > 1 else "{}"
        self._language.offer(
            [(EACH, words), *((code, for_all.format(language_words(code))) for code in rest)]
        )
        self._language.setVisible(True)

    def _readers_in(self, code: str) -> int:
        return sum(spoken(each.language, self._texts) == code for each in self._able())

    def _show_languages(self) -> None:
        """One box for each language, named when there are several."""
        chosen = self._language.value() or EACH
        self._languages = ([chosen] if chosen else languages_of(self._able(), self._texts))[:MOST_LANGUAGES]
        for at, box in enumerate(self._boxes):
            is_used = at < len(self._languages)
            box.setVisible(is_used)
            if is_used:
                many = len(self._languages) > 1
                people = reporters_words(self._readers_in(self._languages[at])) if many else ""
                name = f"{language_words(self._languages[at])} · {people}" if many else ""
                box.say_label(name)
                box.box.setAccessibleName(name or self.tr("Public message"))
        if self.view:
            people = reporters_words(max(1, len(self._able()) or len(self.view.requests)))
            self.say_act(self.tr("Send to {people}").format(people=people))
        self._offer_texts()
        self.grew.emit()

    # -- texts of the city's ----------------------------------------------------------------------------

    def _offered(self, language: str) -> dict[Intent, Shown]:
        return dict(choices(self._texts, language)) if self._texts is not None else {}

    def _offer_texts(self) -> None:
        here = self._offered(self._languages[0])
        if not here or self._texts is None:
            return
        own = [(None, self.tr("Own words"))]
        self._intent.offer(
            [*own, *((intent, f"{at} · {intent_words(intent)}") for at, intent in enumerate(here, 1))]
        )
        self._intent.setVisible(True)
        is_suspended = any(known.is_suspended for known in self._texts.known.values())
        if is_suspended and self.view and self.view.row.band == Band.P1:
            self.say_effect(
                self.tr("Field response is suspended: a P1 hears a stay-safe text and no time (S7)."), "warn"
            )
            if not self._typed():
                self._choose(Intent.STAY_SAFE)
        elif is_suspended:
            self.say_effect(self.tr("Field response is suspended: no time and no arrival is told (S7)."))
        elif self._intent.value() is not None:
            self._choose(self._intent.value())

    def _choose_nth(self, at: int) -> None:
        here = list(self._offered(self._languages[0]))
        if at < len(here):
            self._choose(here[at])

    def _list_texts(self) -> None:
        if self._intent.isVisibleTo(self):
            self._intent.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._intent.combo.showPopup()

    def _choose(self, intent: Intent | None) -> None:
        """Put the text into each box in its language. What a person has typed stays and goes before it."""
        self._intent.show_value(intent)
        said = []
        for box, language in zip(self._boxes, self._languages, strict=False):
            shown = self._offered(language).get(intent) if intent else None
            self._fill(box, shown.text if shown else "")
            if shown:
                said.append(self._standing(shown, language))
        self._stands.say("\n".join(dict.fromkeys(said)), "warn" if said else "text_dim")
        self._stands.setVisible(bool(said))
        self._count()
        self.grew.emit()

    def _fill(self, box: TextField, text: str) -> None:
        name = next(name for name, each in self.fields.items() if each is box)
        before, was = box.value(), self._filled.get(name, "")
        own = before.removesuffix(was).strip() if was else before
        box.show_value("\n".join(filter(None, (own, text))))
        box.touched = bool(own)
        self._filled[name] = text

    def _standing(self, shown: Shown, language: str) -> str:
        template, parts = shown.template, []
        if template.language != language:
            parts.append(
                self.tr("There is no {wanted} text: this is the {has} one.").format(
                    wanted=language_words(language), has=language_words(template.language)
                )
            )
        name = language_words(template.language)
        if template.is_approved:
            when = times.clock(template.approved_at, self.now, self.bridge.zone)
            parts.append(
                self.tr("{language}: approved by {who}, {when}.").format(
                    language=name, who=template.approved_by, when=when
                )
            )
        else:
            parts.append(
                self.tr("{}: not approved by the city yet. Read it before you send it.").format(name)
            )
        return " ".join(parts)

    # -- sending ----------------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        for name, box in self._used():
            text = box.value()
            if not text:
                return name, self.tr("Write something to send.")
            if len(text) > MOST_SIGNS:
                return name, self.tr("The city's site takes {most} signs; this is {count}.").format(
                    most=MOST_SIGNS, count=len(text)
                )
        for each in self._able():
            if missing := self._words(each).missing:
                return "text", self.tr("{slot} is not known of report {number}: take it out.").format(
                    slot=f"{{{missing[0]}}}", number=each.request_id or self.tr("just entered")
                )
        return None

    def doubt(self) -> str:
        return next(filter(None, (doubt_about(box.value()) for _name, box in self._used())), "")

    def done_words(self) -> tuple[str, bool]:
        return self.tr("The message leaves in 10 s."), True

    def act(self) -> asyncio.Task[Any]:
        text = self._boxes[0].value()
        texts: dict[str, list[int]] = {}
        for each in self._able():
            texts.setdefault(self._words(each).text, []).append(each.request_key)
        if list(texts) in ([], [text]):
            return self.bridge.act(self.bridge.desk.message, self.site_id, text)
        # Who has reported since gets the first box's words, unless they are one report's alone.
        general = "" if "{" in text else text
        texts.pop(general, None)
        return self.bridge.act(self.bridge.desk.message, self.site_id, general, texts)

    def _words(self, recipient: Recipient) -> Any:
        language = self._language.value() or spoken(recipient.language, self._texts)
        at = self._languages.index(language) if language in self._languages else 0
        return words_for(self._boxes[at].value(), recipient, self._texts, self._languages[at])

    def _used(self) -> list[tuple[str, TextField]]:
        names = list(self.fields)[: len(self._languages)]
        return list(zip(names, self._boxes, strict=False))

    def _typed(self) -> bool:
        return any(box.value() for box in self._boxes)

    def _count(self) -> None:
        left = min(MOST_SIGNS - len(box.value()) for box in self._boxes)
        self._left.say(self.tr("{} signs left").format(left) if left < 300 else "")

    def _public_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("part", "public")
        self._public = Words(self.tr("PUBLIC on the city's site"), theme=self.theme, role="strong")
        self._left = Words(theme=self.theme, role="small", tone="text_dim")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        inside.addWidget(self._public)
        for at, each in enumerate(self._boxes):
            inside.addWidget(each)
            each.setVisible(at == 0)
        inside.addWidget(self._stands)
        inside.addWidget(self._left)
        for sentence in (
            self.tr(
                "Leaves after 10 s; U takes it back until then. Afterwards only a visible correction can."
            ),
            self.tr(
                "This is not 911: nobody reads replies as an emergency call. Say so where life is at risk."
            ),
        ):
            inside.addWidget(Words(sentence, theme=self.theme, role="small", tone="text_dim"))
        return box
