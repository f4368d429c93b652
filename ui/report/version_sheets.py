"""A working copy is kept; a version is reviewed, published or discarded: said before it is done."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from dispatch.records import KeptVersion, VersionState
from dispatch.snapshot.asked import Asked
from ui.report import period, version_words
from ui.report.looking import Look
from ui.theme import Theme
from ui.widgets.fields import LineField
from ui.widgets.sheet import Sheet

REVIEW, PUBLISH, DISCARD = "review", "publish", "discard"
# The states a version may be in for each step.
FROM = {
    REVIEW: (VersionState.WORKING,),
    PUBLISH: (VersionState.REVIEWED,),
    DISCARD: (VersionState.WORKING, VersionState.REVIEWED),
}


def right_of(step: str, kept: KeptVersion) -> str:
    """The step's line of the rights table."""
    if step == DISCARD:
        return "snapshot_discarded" if kept.state is VersionState.WORKING else "snapshot_withdrawn"
    return {REVIEW: "snapshot_reviewed", PUBLISH: "snapshot_published"}[step]


class KeepSheet(Sheet):
    NAME = "report_keep"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._look: Look | None = None
        self._asked: Asked | None = None
        self._screen: Any = None
        self.say_title(self.tr("Keep a working copy"))
        self._why = self.add(
            "why",
            LineField(
                self.tr("What it is for, or what it corrects"),
                theme=theme,
                placeholder=self.tr("Second morning, for the county"),
            ),
        )
        self.say_effect(
            self.tr(
                "Kept as it was counted, for somebody to review. It gets its number when it is published."
            )
        )
        self.say_act(self.tr("Keep it"))

    def begin(
        self, screen: Any = None, look: Look | None = None, asked: Asked | None = None, **given: Any
    ) -> None:
        assert look is not None and asked is not None
        self._screen, self._look, self._asked = screen, look, asked
        head, zone = look.snapshot.head, self.bridge.zone
        self.say_title(self.tr("Keep a working copy"), period.between(head.from_at, head.to_at, zone))

    def act(self) -> asyncio.Task[Any]:
        assert self._look is not None and self._asked is not None
        work = _KeepFile(self.bridge.parts.snapshot_desk, self._look.content)
        task = self.bridge.act(work.keep, self._asked, self._why.value())
        task.add_done_callback(self._choose)
        return task

    def _choose(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is None:
            self._screen.versions.choose_newest()

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Kept as a working copy: it stands under Versions."), False


class _KeepFile:
    """Reads the file where the act is done, beside the window."""

    def __init__(self, desk: Any, content: Path) -> None:
        self._desk, self._content = desk, content

    def keep(self, asked: Asked, why: str) -> Any:
        return self._desk.keep(self._content.read_bytes(), asked, why)


class VersionStepSheet(Sheet):
    NAME = "report_step"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._kept: KeptVersion | None = None
        self._step = ""

    def begin(self, kept: KeptVersion | None = None, step: str = REVIEW, **given: Any) -> None:
        if kept is None:
            return
        self._kept, self._step = kept, step
        tr = self.tr
        titles = {
            REVIEW: tr("Reviewed: these numbers may go out"),
            PUBLISH: tr("Publish"),
            DISCARD: tr("Discard"),
        }
        zone = self.bridge.zone
        self.say_title(titles[step], version_words.name(kept))
        counted = tr("{0}: {1} reports, {2} sites.").format(
            period.between(kept.from_at, kept.to_at, zone), f"{kept.reports:,}", f"{kept.sites:,}"
        )
        self.say_effect(f"{counted} {self._effect_of(step, kept)}")
        acts = {REVIEW: tr("I have reviewed it"), PUBLISH: tr("Publish it"), DISCARD: tr("Discard it")}
        self.say_act(acts[step])

    def act(self) -> asyncio.Task[Any]:
        assert self._kept is not None
        desk = self.bridge.parts.snapshot_desk
        work = {REVIEW: desk.review, PUBLISH: desk.publish, DISCARD: desk.discard}[self._step]
        return self.bridge.act(work, self._kept.version_id)

    def done_words(self) -> tuple[str, bool]:
        said = {
            REVIEW: self.tr("Reviewed: it can be published."),
            PUBLISH: self.tr("Published. Export it from Versions: its files are the same for ever."),
            DISCARD: self.tr("Discarded: it stays in the list and goes no further."),
        }
        return said[self._step], False

    def _effect_of(self, step: str, kept: KeptVersion) -> str:
        if step == REVIEW:
            if kept.made.person == self.bridge.person:
                return self.tr("You made it yourself: the pages will say so. Better let another person look.")
            return self.tr("Your name stands under it.")
        if step == PUBLISH:
            return self.tr("It gets the next number and stays as it is for ever. Nothing is sent by this.")
        return self.tr("It can no longer be published.")
