"""An ICS form to look over and edit: every box a field, kept in each version, printed as people know it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dispatch.errors import LandfallError
from dispatch.form_kinds import KINDS, Opened
from dispatch.forms.boxes import Box, as_lines, of_lines
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import Field, LineField, PickField, TextField
from ui.widgets.rows_field import RowsField
from ui.widgets.sheet import Sheet


class FormSheet(Sheet):
    """A kind of form says which one (`KIND`), how it is opened and, of small tables, how wide columns are."""

    KEEPS_WORDS = True
    KIND = ""
    GRIDS: Mapping[str, tuple[int, ...]] = MappingProxyType({})

    def __init__(self, *, bridge: Any, theme: Theme, subject: str = "", width: int = 560) -> None:
        super().__init__(theme=theme, subject=subject, width=width)
        self.bridge = bridge
        self.opened: Opened | None = None
        self.saved: Path | None = None
        self._boxes: tuple[Box, ...] = KINDS[self.KIND].record.BOXES
        self.say_act(self.tr("Save and print"))
        for box in self._boxes:
            self.add(box.name, self._field(box))
        self.button.setEnabled(False)
        self.add_side_button(self.tr("Fill anew from the records"), "Alt R", self.fill_anew)
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_R)] = self.fill_anew
        self._reading: asyncio.Task[None] | None = None

    def open_form(self) -> Opened:
        """On the store's lane: the form as it was left, or as the records fill it."""
        raise NotImplementedError

    def read(self) -> None:
        self._reading = asyncio.ensure_future(self._read())

    def values(self) -> dict[str, Any]:
        """What a person typed; what nobody touched stays as it was, line by line."""
        return {box.name: self._typed(box) for box in self._boxes if self.fields[box.name].touched}

    def fill_anew(self) -> None:
        """The records as they stand now, in place of what was typed; nothing is kept until it is saved."""
        if self.opened is not None:
            for box in self._boxes:
                field = self.fields[box.name]
                field.show_value(self._shown(box, self.opened.fresh))
                field.touched = True
            self.grew.emit()

    def first_focus(self) -> QWidget:
        return self.scroll.widget() if self.opened is None else next(iter(self.fields.values()))

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._save())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Saved as {path}").format(path=self.saved), False

    # -- inside -----------------------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            opened = await self.bridge.read(self.open_form)
        except LandfallError as error:
            self.say_effect(str(error), "alarm")
            self.grew.emit()
            return
        self._take(opened)

    def _take(self, opened: Opened) -> None:
        self.opened = opened
        for box in self._boxes:
            self.fields[box.name].fill(self._shown(box, opened.form))
        self.button.setEnabled(True)
        self.say_title(self.title(), getattr(opened.form, "number", "") if opened.version else "")
        self.say_effect(self._standing(opened))
        self.grew.emit()

    def _standing(self, opened: Opened) -> str:
        if not opened.version:
            return self.tr("Filled from the records. Every box can be edited; the original is kept.")
        at = times.clock(opened.at, self.bridge.clock.now(), self.bridge.zone)
        return self.tr("Version {number}, saved {at} by {who}. Saving keeps the earlier ones.").format(
            number=opened.version, at=at, who=opened.person
        )

    async def _save(self) -> None:
        assert self.opened is not None
        desk = self.bridge.parts.form_desk
        self.opened = await self.bridge.act(desk.keep, self.opened, self.values())
        self.saved = await self.bridge.read(desk.print_out, self.opened)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.saved)))

    def _field(self, box: Box) -> Field:
        if box.name in self.GRIDS:
            return RowsField(box.label, box.columns, theme=self.theme, shares=self.GRIDS[box.name])
        if box.choices:
            choices = [(choice, choice.capitalize()) for choice in box.choices]
            return PickField(box.label, choices, theme=self.theme, columns=len(choices))
        if box.columns:
            label = f"{box.label}: {' | '.join(box.columns)}"
            return TextField(label, theme=self.theme, least=3, most=12)
        return (
            TextField(box.label, theme=self.theme) if box.is_long else LineField(box.label, theme=self.theme)
        )

    def _shown(self, box: Box, form: Any) -> Any:
        value = getattr(form, box.name)
        return as_lines(value) if box.columns and box.name not in self.GRIDS else value

    def _typed(self, box: Box) -> Any:
        value = self.fields[box.name].value()
        if box.columns and box.name not in self.GRIDS:
            return of_lines(value, len(box.columns))
        return "" if value is None else value
