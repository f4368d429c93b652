"""The channels of hand-overs: how each stands, what it is reached by, and a test that really tries it."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dispatch.channel_desk import ChannelDesk, Stored
from dispatch.errors import LandfallError
from dispatch.escalation.channels import CHANNELS
from dispatch.escalation.setting_up import ENTRIES, SECRETS
from dispatch.escalation.try_channel import Tried
from ui.sheets.channel_form import ChannelForm
from ui.sheets.channel_words import channel_words, in_labels, state_words
from ui.theme import Theme
from ui.widgets.fields import PickField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words, rule

WIDTH = 480
_CTRL = Qt.KeyboardModifier.ControlModifier
# A line to a mail server is cut after a minute; a disk of the network may hang for ever.
GIVE_UP_S = 90.0
SHORT_S = 0.1
# What stands there by itself, or needs a voice: nothing of it can be tried by a program.
_NOTHING_TO_TRY = ("desk", "spoken")
_NOT_ASKED = Stored(trouble="not asked yet")


class ChannelsSheet(Sheet):
    NAME = "channels"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._desk: ChannelDesk = bridge.parts.channel_desk
        self._stored = _NOT_ASKED
        self._said_done = ""
        self._trying: asyncio.Task[Any] | None = None
        is_exercise = bridge.activation.is_exercise
        self.say_title(
            self.tr("Channels of hand-overs"), self.tr("EXERCISE: its own addresses") if is_exercise else ""
        )
        choices = [(name, channel.label) for name, channel in CHANNELS.items()]
        self._which = PickField(self.tr("Which channel"), choices, theme=theme)
        self._which.edited.connect(self._turn)
        self.body.addWidget(self._which)
        self.body.addWidget(rule())
        self._about = Words(theme=theme, tone="text_soft")
        self.body.addWidget(self._about)
        self._forms = {
            name: ChannelForm(name, self._desk.entered(name), keep=self.keep, theme=theme) for name in ENTRIES
        }
        for form in self._forms.values():
            self.body.addWidget(form)
        if is_exercise:
            own = str(bridge.parts.channel_settings.data_dir / "hand-overs")
            self._forms["folder"].fields["folder"].line.setPlaceholderText(own)
        self._result = Words(theme=theme, copyable=True)
        self.keep_in_sight(self._result)
        self._test = self.add_side_button(self.tr("Test"), "Ctrl R", self.test)
        self.shortcuts[(_CTRL, Qt.Key.Key_R)] = self.test
        self._say_states()
        self._show(self._first())
        self._reading = asyncio.ensure_future(self._look_for_secrets())

    def begin(self, *, channel: str = "", **given: Any) -> None:
        if channel in CHANNELS:
            self._show(channel)

    def first_focus(self) -> QWidget:
        return self._which

    @property
    def channel(self) -> str:
        return str(self._which.value())

    def states(self) -> list[str]:
        """What stands in the list, for screen readers and tests."""
        return [button.text() for button in self._which.buttons.values()]

    def result(self) -> str:
        return self._result.said()

    def draft(self) -> dict[str, Any]:
        """A secret that was typed and not saved is forgotten with the sheet."""
        secrets = {name for all_of in SECRETS.values() for name in all_of}
        return {name: value for name, value in super().draft().items() if name not in secrets}

    # -- saving ---------------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        form = self._forms[self.channel]
        wrong = self._desk.wrong(self.channel, form.values(), form.secrets())
        if wrong is not None:
            return wrong.name, wrong.sentence
        held = [name for name in form.secrets() if name in self._stored.outside]
        return (held[0], self.tr("The system's credentials give it: change it there.")) if held else None

    def doubt(self) -> str:
        others = [
            CHANNELS[name].label
            for name, form in self._forms.items()
            if form.is_touched and name != self.channel
        ]
        if not others:
            return ""
        return self.tr("What you wrote for {} is not saved with this and will be lost.").format(
            ", ".join(others)
        )

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._save())

    def done_words(self) -> tuple[str, bool]:
        return self._said_done, False

    async def _save(self) -> None:
        channel, form, network = self.channel, self._forms[self.channel], self.bridge.parts.workers.network
        # On the network lane: the keyring may wait for a person to unlock it.
        kept = await network(self._desk.keep, channel, form.values(), form.secrets())
        try:
            await self.bridge.act(self._desk.note, kept)
        except LandfallError:
            await network(kept.undo)
            raise
        more = self.bridge.take_channels(kept.settings.channels)
        self._stored = await network(self._desk.stored)
        missing = self._desk.missing(channel, self._stored)
        said = self.tr("{channel} is saved ({state}) and in force from now on.").format(
            channel=CHANNELS[channel].label, state=state_words(channel, missing)
        )
        self._said_done = f"{said} {more}".strip()

    # -- trying ---------------------------------------------------------------------------------------

    def test(self) -> None:
        """What is written here, saved or not."""
        if self._trying is not None or not self._test.isEnabled():
            return
        form = self._forms.get(self.channel)
        for field in self.fields.values():
            field.complain("")
        if form is not None and (problem := self.problem()):
            self._complain(*problem)
            return
        self._say_result(self.tr("Trying {} …").format(CHANNELS[self.channel].label), "text_dim")
        values, secrets = (form.values(), form.secrets()) if form else ({}, {})
        self._trying = asyncio.ensure_future(self._try(self.channel, values, secrets))

    async def _try(self, channel: str, values: dict[str, str], secrets: dict[str, str]) -> None:
        work = self.bridge.parts.workers.channel(self._desk.try_out, channel, values, secrets)
        try:
            tried = await asyncio.wait_for(work, GIVE_UP_S)
        except TimeoutError:
            said = self.tr("No answer yet: look whether the other side and the network are there.")
            tried = Tried(False, said, GIVE_UP_S)
        finally:
            self._trying = None
        if not isValid(self):
            return
        took_s = QLocale().toString(tried.took_s, "f", 1)
        took = self.tr("It took {} s.").format(took_s)
        if tried.took_s < SHORT_S:
            took = self.tr("It took under {} s.").format(QLocale().toString(SHORT_S, "f", 1))
        said = f"{CHANNELS[channel].label}: {in_labels(tried.sentence)} {took}"
        self._say_result(said, "text" if tried.is_good else "alarm")
        self.bridge.act(self._desk.note_tried, channel, is_good=tried.is_good)

    def _say_result(self, sentence: str, tone: str) -> None:
        self._result.say(sentence, tone)
        self.grew.emit()

    # -- what is shown --------------------------------------------------------------------------------

    async def _look_for_secrets(self) -> None:
        stored = await self.bridge.parts.workers.network(self._desk.stored)
        if not isValid(self):
            return
        self._stored = stored
        for form in self._forms.values():
            form.show_stored(stored)
        self._say_states()
        self._say_about()

    def _first(self) -> str:
        """What is to be set up yet, if anything is."""
        return next(
            (name for name in self._forms if self._desk.missing(name, self._stored)), next(iter(self._forms))
        )

    def _show(self, channel: str) -> None:
        self._which.show_value(channel)
        self._turn()

    def _turn(self) -> None:
        for name, form in self._forms.items():
            form.setVisible(name == self.channel)
        has_entries = self.channel in self._forms
        self.say_act(
            self.tr("Save {}").format(CHANNELS[self.channel].label)
            if has_entries
            else self.tr("Nothing to save")
        )
        self.button.setEnabled(has_entries)
        self._test.setEnabled(self.channel not in _NOTHING_TO_TRY)
        self._result.say("")
        self._say_about()
        self.grew.emit()

    def _say_states(self) -> None:
        for name, button in self._which.buttons.items():
            words = channel_words(name, self._desk.missing(name, self._stored))
            button.setText(words.replace("&", "&&"))
            button.updateGeometry()
        is_any = any(not self._desk.missing(name, self._stored) for name in self._forms)
        if is_any:
            said = self.tr("A test goes to yourself, and says that it is one.")
        else:
            said = self.tr(
                "Nothing is set up yet: hand-overs stand on the EM desk, and on paper that somebody carries."
                " Choose a channel, fill it in, try it, save it."
            )
        self.say_effect(said)

    def _say_about(self) -> None:
        about = {
            "desk": self.tr("Emergency management sees it on the EM desk at once: nothing to set up."),
            "folder": self.tr("The ICS 213, a row in the list and the JSON are put there for a relay."),
            "email": self.tr("One letter that a phone can show; answers are read out of a mailbox."),
            "webhook": self.tr("The JSON is posted to a relay, signed; it is asked for answers."),
            "printout": self.tr(
                "The ICS 213 as a file to print on letter paper, by the printer this computer has."
            ),
            "spoken": self.tr("Read out by radio or phone, and what was said is recorded."),
        }[self.channel]
        if self._stored.trouble and self._stored is not _NOT_ASKED and self.channel in SECRETS:
            about += " " + self._stored.trouble
        self._about.say(about)
