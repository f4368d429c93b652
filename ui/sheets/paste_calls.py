"""Calls out of a spreadsheet: pasted, columns told apart, looked at row by row before anything is taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QWidget
from shiboken6 import isValid

from dispatch.calls.dry_run import Checked
from dispatch.calls.mapping import Column, change
from dispatch.calls.paste import Pasted, read, read_file, to_mend
from dispatch.calls.paste_check import STEP
from dispatch.records import Call
from dispatch.text_from_outside import plain
from dispatch.whole_file import writing_whole
from ui.theme import Theme
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

WIDTH = 640
ROW_PX, WHY_PX, LINE_PX = 28, 44, 16
# A sentence that is longer takes two lines.
LINE_SIGNS = 82
MOST_COLUMNS, MOST_WHY = 9, 5
SAMPLE_SIGNS = 46
TO_MEND = "calls-to-mend"
_CTRL = Qt.KeyboardModifier.ControlModifier
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


def _tr(text: str) -> str:
    return QCoreApplication.translate("paste_calls", text)


def column_words() -> dict[Column, str]:
    return {
        Column.WORDS: _tr("what was said"),
        Column.CATEGORY: _tr("category"),
        Column.ADDRESS: _tr("address"),
        Column.LAT: _tr("latitude"),
        Column.LNG: _tr("longitude"),
        Column.UNIT: _tr("unit"),
        Column.LANDMARK: _tr("landmark"),
        Column.NAME: _tr("caller"),
        Column.PHONE: _tr("call-back number"),
        Column.LANGUAGE: _tr("language"),
        Column.HAPPENED: _tr("time it happened"),
        Column.PEOPLE: _tr("how many people"),
        Column.NOTE: _tr("note, ours alone"),
        Column.IGNORED: _tr("not used"),
    }


class PasteCallsSheet(Sheet):
    """Ctrl V pastes, Ctrl O opens a CSV file; Up and Down choose a column, Left and Right what it holds;
    Ctrl S saves what is not taken, to be mended. Nothing is taken before Ctrl Enter."""

    NAME = "paste_calls"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self.pasted: Pasted | None = None
        self.mapping: tuple[Column, ...] = ()
        self.checked: list[Checked] = []
        self._is_whole = False
        self._working: asyncio.Task[None] | None = None
        self._count = 0
        self._kept_at: Path | None = None
        self.say_title(self.tr("Paste calls"))
        self._columns_head = Words(theme=theme, role="small", tone="text_dim")
        self.columns = self._make_list(self.tr("Columns, and what each holds"))
        self._keys = _LeftRight(self._change)
        self.columns.installEventFilter(self._keys)
        self._counts = Words(theme=theme, role="strong")
        self.refused = self._make_list(self.tr("Rows that are not taken, and why"))
        self.refused.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.refused.setWordWrap(True)
        for part in (self._columns_head, self.columns, self._counts, self.refused):
            self.body.addWidget(part)
        self.add_side_button(self.tr("Paste"), "Ctrl V", self.paste)
        self.add_side_button(self.tr("File"), "Ctrl O", self.open_file)
        self._save = self.add_side_button(self.tr("Save the rest"), "Ctrl S", self.save)
        self.shortcuts |= {
            (_CTRL, Qt.Key.Key_V): self.paste,
            (_CTRL, Qt.Key.Key_O): self.open_file,
            (_CTRL, Qt.Key.Key_S): self.save,
        }
        self._say()

    def _make_list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setFrameShape(QListWidget.Shape.NoFrame)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setFont(self.theme.font("small"))
        made.setAccessibleName(name)
        made.hide()
        return made

    def first_focus(self) -> QWidget:
        return self.columns if self.columns.isVisible() else self

    # -- bringing it in -----------------------------------------------------------------------------------

    def paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._work(self._take(lambda: read(text)))

    def open_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Calls out of a spreadsheet"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Rows (*.csv *.tsv *.txt)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def take_file(self, path: str) -> None:
        self._work(self._take(lambda: read_file(Path(path))))

    def _work(self, work: Any) -> None:
        if self._working is not None:
            self._working.cancel()
        self._trouble.say("")
        self._working = self.read_for(work)

    async def _take(self, reading: Callable[[], Pasted]) -> None:
        parts = self.bridge.parts
        pasted = await parts.workers.network(reading)
        mapping = await parts.workers.network(parts.paste_check.guess, pasted)
        if isValid(self):
            self.pasted, self.mapping = pasted, mapping
            self._fill_columns(0)
            self.columns.setFocus(Qt.FocusReason.OtherFocusReason)
            await self._check()

    async def _check(self) -> None:
        """Every row by itself, then against the sites of the room in pieces, so that no act waits long."""
        parts, pasted = self.bridge.parts, self.pasted
        assert pasted is not None
        self.checked, self._is_whole = [], False
        self._say()
        rows = await parts.workers.network(parts.paste_check.check, pasted, self.mapping)
        for start in range(0, len(rows), STEP):
            done = await self.bridge.read(parts.paste_check.against_sites, rows[start : start + STEP])
            if not isValid(self):
                return
            self.checked += done
            self._counts.say(
                self.tr("Looked at {n} of {all} rows").format(n=len(self.checked), all=len(rows))
            )
        self._is_whole = True
        self._fill_refused()
        self._say()

    # -- what each column holds ---------------------------------------------------------------------------

    def _change(self, by: int) -> None:
        at = self.columns.currentRow()
        if self.pasted is None or at < 0:
            return
        meanings = list(Column)
        following = meanings[(meanings.index(self.mapping[at]) + by) % len(meanings)]
        self.mapping = change(self.mapping, at, following)
        self._fill_columns(at)
        self._work(self._check())

    def _fill_columns(self, at: int) -> None:
        pasted, words = self.pasted, column_words()
        assert pasted is not None
        self.columns.clear()
        for column, meaning in enumerate(self.mapping):
            samples = (row.cells[column].strip() for row in pasted.rows if column < len(row.cells))
            sample = " ".join(plain(next(filter(None, samples), ""))[: 2 * SAMPLE_SIGNS].split())[
                :SAMPLE_SIGNS
            ]
            name = plain(pasted.name_of(column))[:SAMPLE_SIGNS]
            item = QListWidgetItem(f"{name}  →  {words[meaning]}" + (f"   “{sample}”" if sample else ""))
            item.setSizeHint(QSize(0, ROW_PX))
            self.columns.addItem(item)
        self.columns.setCurrentRow(at)
        self.columns.setFixedHeight(min(MOST_COLUMNS, len(self.mapping)) * ROW_PX + 8)
        self.columns.setVisible(True)
        self._columns_head.say(self.tr("Up and Down: a column. Left and Right: what it holds."))
        self.grew.emit()

    # -- what will be taken -------------------------------------------------------------------------------

    def calls(self) -> list[Call]:
        return [each.call for each in self.checked if each.call is not None]

    def rest(self) -> list[Checked]:
        return [each for each in self.checked if each.call is None]

    def _fill_refused(self) -> None:
        self.refused.clear()
        for each in self.rest():
            said = " ".join(plain(" · ".join(filter(None, each.row.cells)))[:200].split())[:90]
            item = QListWidgetItem(
                self.tr("Row {n}: {why}").format(n=each.row.number, why=each.why) + f"\n{said}"
            )
            more = LINE_PX if len(each.why) > LINE_SIGNS else 0
            item.setSizeHint(QSize(0, WHY_PX + more))
            self.refused.addItem(item)
        rows = min(MOST_WHY, self.refused.count())
        self.refused.setFixedHeight(rows * WHY_PX + 8)
        self.refused.setVisible(bool(rows))
        self.grew.emit()

    def _say(self) -> None:
        taken, rest = len(self.calls()), len(self.rest())
        if self.pasted is None:
            self.say_effect(
                self.tr(
                    "Copy the rows in the spreadsheet, with their heading or without, then Ctrl V here;"
                    " or Ctrl O for a CSV file. Nothing is taken before you have seen what would be."
                )
            )
        elif self._is_whole:
            self.say_effect(
                self.tr(
                    "Each row becomes a site at once and goes to the server behind what operators send."
                    " Ctrl Z takes the whole list back while it is unsent."
                )
            )
            self._counts.say(self.tr("{taken} will be taken, {rest} not").format(taken=taken, rest=rest))
        self.say_act(self.tr("Take {} calls").format(taken) if taken else self.tr("Take the calls"))
        self.button.setEnabled(self._is_whole and taken > 0)
        self._save.setEnabled(self._is_whole and rest > 0)
        self.grew.emit()

    # -- taking and saving --------------------------------------------------------------------------------

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._take_all())

    async def _take_all(self) -> None:
        """What is not taken is kept beside the seat's store first: nothing that was pasted is lost."""
        if self.rest():
            self._kept_at = await self.bridge.parts.workers.network(self._keep_rest)
        self._count, _ = await self.bridge.act(self.bridge.parts.call_desk.paste_calls, self.calls())

    def done_words(self) -> tuple[str, bool]:
        said = self.tr("{} calls taken.").format(self._count)
        if self._kept_at is not None:
            rest = self.tr("{n} rows to mend are in {file}.")
            said = f"{said} {rest.format(n=len(self.rest()), file=self._kept_at)}"
        return said, True

    def save(self) -> None:
        if not self._save.isEnabled():
            return
        dialog = QFileDialog(self.window(), self.tr("Rows to mend"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("CSV (*.csv)")])
        dialog.selectFile(self._file_name())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_as)
        dialog.open()

    def save_as(self, path: str) -> None:
        self._work(self._write(Path(path)))

    async def _write(self, path: Path) -> None:
        await self.bridge.parts.workers.network(self._put, path)
        if isValid(self):
            self._counts.say(
                self.tr("{n} rows to mend are in {file}").format(n=len(self.rest()), file=path.name)
            )

    def _keep_rest(self) -> Path:
        folder = self.bridge.parts.folder / TO_MEND
        folder.mkdir(mode=0o700, exist_ok=True)
        return self._put(folder / self._file_name())

    def _put(self, path: Path) -> Path:
        """For who works here alone: there are numbers in it."""
        with writing_whole(path, mode=0o600) as file:
            file.write(self._rest_as_csv())
        return path

    def _file_name(self) -> str:
        mark = "EXERCISE_" if self.bridge.activation.is_exercise else ""
        at = datetime.fromtimestamp(self.bridge.clock.now() / 1000, self.bridge.zone)
        return f"{mark}calls-to-mend-{at:%Y%m%d-%H%M%S}.csv"

    def _rest_as_csv(self) -> bytes:
        assert self.pasted is not None
        # With the mark by which spreadsheets know UTF-8.
        return to_mend(self.pasted, [(each.row, each.why) for each in self.rest()]).encode("utf-8-sig")


class _LeftRight(QObject):
    """Left and Right in the list of columns."""

    def __init__(self, change: Callable[[int], None]) -> None:
        super().__init__()
        self._change = change

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self._change(step)
                return True
        return super().eventFilter(watched, event)
