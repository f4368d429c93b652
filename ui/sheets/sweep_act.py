"""One step of a sweep: started, residents told, done, covered sites closed, cancelled; said before it is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication
from shiboken6 import isValid

from dispatch.records import Sweep, SweepState
from ui.sheets import sweep_words
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

# Act -> the state the sweep must be in, and the act's line of the rights table.
START, TELL, DONE, CLOSE, CANCEL = "start", "tell", "done", "close", "cancel"
_PLANNED, _RUNNING = SweepState.PLANNED, SweepState.RUNNING
STATES: Mapping[str, tuple[SweepState, ...]] = {
    START: (_PLANNED,),
    TELL: (_PLANNED, _RUNNING),
    DONE: (_RUNNING,),
    CLOSE: (SweepState.DONE,),
    CANCEL: (_PLANNED, _RUNNING),
}
RIGHTS = {
    START: "sweep_started",
    TELL: "message",
    DONE: "sweep_done",
    CLOSE: "close",
    CANCEL: "sweep_cancelled",
}
LANGUAGES = 4


class SweepActSheet(Sheet):
    NAME = "sweep_act"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=470)
        self.bridge = bridge
        self._sweep: Sweep | None = None
        self._act = ""
        self._ids: tuple[int, ...] = ()
        self._stay = Words(theme=theme, role="small", tone="text_dim")
        self.texts = [Words(theme=theme, tone="text_soft") for _ in range(LANGUAGES)]
        for words in self.texts:
            self.body.addWidget(words)
        self.body.addWidget(self._stay)

    def begin(self, *, sweep: Sweep | None = None, act: str = START, **given: Any) -> None:
        if sweep is None:
            return
        self._sweep, self._act = sweep, act
        titles = {
            START: self.tr("The sweep has started"),
            TELL: self.tr("Tell the residents of a sweep"),
            DONE: self.tr("The sweep is done"),
            CLOSE: self.tr("Close what a sweep covered"),
            CANCEL: self.tr("Cancel a sweep"),
        }
        self.say_title(titles[act], sweep.label)
        buttons = {
            START: self.tr("It has started"),
            TELL: self.tr("Tell them"),
            DONE: self.tr("It is done"),
            CLOSE: self.tr("Close them"),
            CANCEL: self.tr("Cancel it"),
        }
        self.say_act(buttons[act])
        said = {
            START: self.tr("New reports in {area} are marked as the sweep's. Nobody is told by this."),
            DONE: self.tr("{area} has been gone through. Nothing is closed by this: the next step is."),
            CANCEL: self.tr("Nobody comes to {area}. Who was told so is not told by this."),
        }
        if act in said:
            self.say_effect(said[act].format(area=sweep.said.area.name))
        else:
            self.button.setEnabled(False)
            self.say_effect(self.tr("Looking who it would be…"))
            self.read_for(self._read_tell() if act == TELL else self._read_close())
        self.grew.emit()

    def act(self) -> asyncio.Task[Any]:
        desk, sweep = self.bridge.parts.sweep_desk, self._sweep
        assert sweep is not None
        match self._act:
            case "tell":
                return self.bridge.act(desk.tell, sweep.sweep_id, self._ids)
            case "close":
                return self.bridge.act(desk.close, sweep.sweep_id, self._ids)
            case "done":
                return self.bridge.act(desk.done, sweep.sweep_id, sweep.version)
            case "cancel":
                return self.bridge.act(desk.cancel, sweep.sweep_id, sweep.version)
        return self.bridge.act(desk.start, sweep.sweep_id, sweep.version)

    def done_words(self) -> tuple[str, bool]:
        said = {
            START: self.tr("{number} has started."),
            TELL: self.tr("The messages of {number} leave in 10 s."),
            DONE: self.tr("{number} is done."),
            CLOSE: self.tr("Closed what {number} covered."),
            CANCEL: self.tr("{number} is cancelled."),
        }
        return said[self._act].format(number=self._sweep.label if self._sweep else ""), True

    # -- inside ---------------------------------------------------------------------------------------

    async def _read_tell(self) -> None:
        assert self._sweep is not None
        desk = self.bridge.parts.sweep_desk
        found = await self.bridge.read(desk.preview_tell, self._sweep.sweep_id)
        if not isValid(self):
            return
        self._ids = found.site_ids
        for words, said in zip(self.texts, found.texts, strict=False):
            words.say(f"{said.language.upper()} · {counts.reports(said.reports)}\n{said.text}")
        rest = len(found.texts) - LANGUAGES
        more = self.tr("And {} more texts.").format(rest) if rest > 0 else ""
        self._stay.say("\n".join(filter(None, (more, *_why(found.left)))))
        self._say_found(
            self.tr(
                "PUBLIC on the city's site: {people} people, {messages}. They leave after 10 s; U takes "
                "them back until then."
            ).format(people=found.people, messages=_messages(found.messages)),
            self.tr("Nobody is to be told now."),
        )

    async def _read_close(self) -> None:
        assert self._sweep is not None
        desk = self.bridge.parts.sweep_desk
        found = await self.bridge.read(desk.preview_close, self._sweep.sweep_id)
        if not isValid(self):
            return
        coverage = await self.bridge.read(desk.coverage, self._sweep.sweep_id)
        if not isValid(self):
            return
        self._ids = found.site_ids
        left = sweep_words.all_left_words(coverage.left)
        self._stay.say("\n".join(filter(None, (left, *_why(found.left)))))
        self._say_found(
            self.tr("Closes {} with the reason “covered by area sweep”. U opens all of them again.").format(
                counts.sites(len(found.site_ids))
            ),
            self.tr("It covers no site that can be closed now."),
        )

    def _say_found(self, some: str, none: str) -> None:
        self.say_effect(some if self._ids else none, "text" if self._ids else "warn")
        self.button.setEnabled(bool(self._ids))
        if self._ids:
            self.button.setFocus()
        self.grew.emit()


def _messages(count: int) -> str:
    if count == 1:
        return QCoreApplication.translate("sweeps", "1 message")
    return QCoreApplication.translate("sweeps", "{} messages").format(count)


def _why(left: Mapping[int, str]) -> list[str]:
    counted = Counter(left.values()).most_common()
    return [f"{counts.sites(count)}: {why}" for why, count in counted]
