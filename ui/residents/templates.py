"""The Templates page: every text with how it stands in each language; read, changed and approved beside the
list, and shown as a real site would fill it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import Template
from dispatch.residents.slots import site_slots, why_not_offered
from dispatch.residents.templates import SLOTS, Templates, fill, marked, template_id, why_not_text
from dispatch.rights import why_not
from dispatch.template_desk import TextsHere
from ui.residents.text_model import TextModel, TextRow, for_words
from ui.residents.text_table import TextTable
from ui.residents.words import intent_words, language_words
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import TextField
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, rule

SIDE = 440
_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
APPROVE, PUT_BACK = "approve", "put_back"


class TemplatesPage(QWidget):
    """Nothing is kept before Ctrl+Enter; approving and putting back ask once (S12)."""

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._sheets = sheets
        self.templates: Templates | None = None
        self._shown: tuple[str, int] = ("", 0)
        self._original = ""  # the text in the box before anybody wrote there
        self._at = QPersistentModelIndex()
        self._of_site = ""
        self._asked = ""
        self._site: TextsHere | None = None
        self._site_at = 0
        self._reading: set[asyncio.Future[Any]] = set()
        self.model = TextModel()
        self._labels = {each.key: each.label for each in bridge.parts.judge.rules.table}
        self._build()
        self.table.chosen.connect(self._show_chosen)
        self.text.edited.connect(self._say)

    # -- reading ----------------------------------------------------------------------------------------

    def look(self) -> None:
        self._go(self._look())

    async def _look(self) -> None:
        templates = await self._bridge.read(self._bridge.parts.template_desk.templates)
        if not isValid(self):
            return
        self.templates = templates
        self.model.take(templates)
        self.table.fit()
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 1))
            if self.isActiveWindow():
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_chosen()

    def _go(self, reading: Any) -> None:
        task = asyncio.ensure_future(reading)
        self._reading.add(task)
        task.add_done_callback(self._take_done)

    def _take_done(self, task: asyncio.Future[Any]) -> None:
        self._reading.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), LandfallError):
            self._bridge.said.emit(str(error), True)

    # -- what is chosen ---------------------------------------------------------------------------------

    @property
    def row(self) -> TextRow | None:
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    @property
    def language(self) -> str:
        at = self.table.currentIndex().column() - 1
        languages = self.model.languages
        return languages[at] if 0 <= at < len(languages) else (languages or ["en"])[0]

    @property
    def template(self) -> Template | None:
        return self.row.by_language.get(self.language) if self.row else None

    def is_changed(self) -> bool:
        return self.text.value() != self._original

    def _show_chosen(self) -> None:
        row, template = self.row, self.template
        if row is None:
            return
        at = QPersistentModelIndex(self.table.currentIndex())
        now = (template_id(row.intent, self.language, row.variant), template.version if template else 0)
        if now == self._shown:
            self._say()
            return
        if self.is_changed():
            # What is being written stays in its box, with the text it is for.
            if now[0] != self._shown[0] and self._at.isValid():
                self._bridge.said.emit(self.tr("Keep the text with Ctrl+Enter or leave it with Esc."), False)
                QTimer.singleShot(0, self._go_back)
                return
            self._shown = now
        else:
            self._show_text(template)
            self._shown, self._asked = now, ""
        if now[0] != self._of_site:
            self._of_site = now[0]
            self._go(self._read_site())
        self._at = at
        self._say()

    def _show_text(self, template: Template | None) -> None:
        self._original = template.text if template else ""
        self.text.show_value(self._original)
        self.text.touched = False

    def _go_back(self) -> None:
        """To the text that is being written."""
        if isValid(self) and self._at.isValid():
            self.table.setCurrentIndex(self.model.index(self._at.row(), self._at.column()))
            self.text.box.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _read_site(self) -> None:
        """A site to fill it with: one of its categories, the newest first."""
        ids = self._sites()
        self._site = None
        if ids:
            site_id = ids[self._site_at % len(ids)]
            try:
                self._site = await self._bridge.read(self._bridge.parts.template_desk.at_site, site_id)
            except LandfallError:
                self._site = None
        if isValid(self):
            self._say()

    def _sites(self) -> list[int]:
        row, board = self.row, self._bridge.board
        if row is None:
            return []
        categories = row.any.categories
        found = []
        for at in range(board.count - 1, -1, -1):
            if not categories or board.categories[board.category[at]] in categories:
                found.append(int(board.site_id[at]))
            if len(found) == 30:
                break
        return found

    # -- acting -----------------------------------------------------------------------------------------

    def keep(self) -> None:
        row, template, desk = self.row, self.template, self._bridge.parts.template_desk
        if row is None or not self.is_changed():
            self._bridge.said.emit(self.tr("Nothing is changed."), False)
            return
        text = self.text.value()
        # The next key is for the list: not for the words that are being kept.
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if template is None:
            self._act(desk.translate, row.any.template_id, self.language, text)
        else:
            self._act(desk.edit, template.template_id, self._shown[1], text)

    def ask(self, what: str) -> None:
        """Say what Enter would do; nothing is done yet."""
        template = self.template
        if template is None or self.is_changed():
            self._bridge.said.emit(self.tr("Keep the text first."), False)
            return
        self._asked = what
        self._say()

    def do_asked(self) -> None:
        desk, template, what = self._bridge.parts.template_desk, self.template, self._asked
        self._asked = ""
        if template is None:
            return
        work = desk.approve if what == APPROVE else desk.put_back
        self._act(work, template.template_id, template.version)

    def leave(self) -> None:
        """What was asked, or what was written here, is let go."""
        if self._asked:
            self._asked = ""
        else:
            self._show_text(self.template)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say()

    def next_site(self) -> None:
        self._site_at += 1
        self._go(self._read_site())

    def add_variant(self) -> None:
        if self.row is not None:
            self._sheets.open("text_variant", intent=self.row.intent, language=self.language)

    def _act(self, work: Callable[..., Any], *args: Any) -> None:
        task = self._bridge.act(work, *args)
        self._reading.add(task)
        task.add_done_callback(self._take_kept)

    def _take_kept(self, task: asyncio.Future[Any]) -> None:
        self._reading.discard(task)
        if task.cancelled() or not isValid(self):
            return
        if task.exception() is None:
            self._original = self.text.value()
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.look()

    # -- keys -------------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_writing = self.text.box.hasFocus()
        if key == Qt.Key.Key_Escape and (is_writing or self._asked or self.is_changed()):
            return self.leave
        if key in _ENTER and held == _CTRL:
            return self.keep
        if is_writing or held != _NONE:
            return None
        if key in _ENTER:
            return self.do_asked if self._asked else self._write
        works: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_A: lambda: self.ask(APPROVE),
            Qt.Key.Key_B: lambda: self.ask(PUT_BACK),
            Qt.Key.Key_V: self.add_variant,
            Qt.Key.Key_P: self.next_site,
        }
        return works.get(key)

    def _write(self) -> None:
        self.text.box.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- saying -----------------------------------------------------------------------------------------

    def _say(self) -> None:
        row, template = self.row, self.template
        if row is None or self.templates is None:
            return
        name = " · ".join(filter(None, (intent_words(row.intent), row.variant.replace("-", " "))))
        self._title.say(f"{name} · {language_words(self.language)}")
        whom = for_words(row.any, self._labels)
        self._for.say(self.tr("For: {}").format(", ".join(whom)) if whom else self.tr("For every category"))
        self._stands.say(*self._standing(template))
        language = self.templates.language(self.language)
        no = why_not_text(self.text.value(), row.intent, language) if self.is_changed() else ""
        self._no.say(no)
        self._say_preview(row)
        self._ask.say(self._question(row))
        self._ask_box.setVisible(bool(self._asked))
        refused = why_not(self._bridge.parts.actor.role, "template_edited")
        self._rights.say(refused)
        self.text.box.setReadOnly(bool(refused))
        can_approve = template is not None and not template.is_approved and not self.is_changed()
        self._keep.setEnabled(self.is_changed() and not no and not refused)
        self._approve.setEnabled(can_approve and not refused)
        self._back.setEnabled(template is not None and template.version > 0 and not refused)
        self._variant.setEnabled(not refused)

    def _standing(self, template: Template | None) -> tuple[str, str]:
        if self.is_changed():
            return self.tr("Not kept yet: Ctrl+Enter keeps it, Esc leaves it."), "warn"
        if template is None:
            return self.tr("No text in this language: readers get the English one. Write it here."), "warn"
        now, zone = self._bridge.clock.now(), self._bridge.zone
        parts = []
        if template.version:
            when = times.clock(template.edited_at, now, zone)
            parts.append(self.tr("Changed by {who}, {when}.").format(who=template.edited_by, when=when))
        else:
            parts.append(self.tr("As it came with the program."))
        if template.is_approved:
            when = times.clock(template.approved_at, now, zone)
            approved = self.tr("Approved by {who}, {when}: rules may send it.")
            return approved.format(who=template.approved_by, when=when), "text_soft"
        parts.append(self.tr("Not approved: a person may send it, no rule does."))
        return " ".join(parts), "text_soft"

    def _question(self, row: TextRow) -> str:
        name = f"{intent_words(row.intent)}, {language_words(self.language)}"
        if self._asked == APPROVE:
            return self.tr("Enter: the city approves these words ({}), and rules may send them.").format(name)
        if self._asked == PUT_BACK:
            has_own = self.templates is not None and self.template is not None
            is_own = has_own and self.templates.bundled(self.template.template_id) is None
            words = (
                self.tr("Enter: this text ({}) leaves the list.")
                if is_own
                else self.tr("Enter: the text that came with the program ({}) stands again.")
            )
            return words.format(name)
        return ""

    def _say_preview(self, row: TextRow) -> None:
        if self._site is None or self.templates is None or not self._site.known:
            self._preview.say(self.tr("There is no site of this kind to fill it with."), "text_dim")
            self._preview_of.say("")
            return
        known = next(iter(self._site.known.values()))
        slots = site_slots(known, self.templates.language(self.language))
        filled = fill(self.text.value(), slots)
        self._preview.say(marked(filled.text, is_exercise=self._site.is_exercise), "text")
        said = [self.tr("Report {number}, {label}").format(number=known.number or "–", label=known.label)]
        if filled.missing:
            said.append(self.tr("not known there: {}").format(", ".join(f"{{{n}}}" for n in filled.missing)))
        if no := why_not_offered(row.intent, known):
            said.append(self.tr("not offered there: {}").format(no))
        self._preview_of.say(" · ".join(said), "text_dim")

    # -- laying out -------------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._theme
        self.table = TextTable(self.model, theme=theme)
        self._title = Words(theme=theme, role="title")
        self._for = Words(theme=theme, role="small", tone="text_dim")
        self._stands = Words(theme=theme, role="small", tone="text_soft")
        self.text = TextField("", theme=theme, least=5, most=12)
        self.text.box.setAccessibleName(self.tr("Text with its slots"))
        self._marks = SlotMarks(self.text.box.document(), theme=theme)
        self._no = Words(theme=theme, role="small", tone="alarm")
        slots = Words(
            self.tr("Slots: {}").format(" ".join(f"{{{name}}}" for name in SLOTS)),
            theme=theme,
            role="small",
            tone="text_dim",
        )
        self._ask = Words(theme=theme, role="strong")
        self._ask_box = QFrame()
        self._ask_box.setProperty("part", "note")
        inside = QVBoxLayout(self._ask_box)
        inside.setContentsMargins(10, 8, 10, 8)
        inside.addWidget(self._ask)
        self._rights = Words(theme=theme, role="small", tone="warn")
        self._keep = KeyButton(self.tr("Keep"), "Ctrl Enter", theme=theme, look="accent")
        self._approve = KeyButton(self.tr("Approve"), "A", theme=theme)
        self._back = KeyButton(self.tr("Put back"), "B", theme=theme)
        self._variant = KeyButton(self.tr("For a category or band"), "V", theme=theme)
        self._next = KeyButton(self.tr("Another site"), "P", theme=theme)
        for button, work in (
            (self._keep, self.keep),
            (self._approve, lambda: self.ask(APPROVE)),
            (self._back, lambda: self.ask(PUT_BACK)),
            (self._variant, self.add_variant),
            (self._next, self.next_site),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(work)
        heading = Words(self.tr("As a resident reads it"), theme=theme, role="strong")
        self._preview = Words(theme=theme, copyable=True)
        self._preview_of = Words(theme=theme, role="small", tone="text_dim")
        box = QFrame()
        box.setProperty("part", "public")
        shown = QVBoxLayout(box)
        shown.setContentsMargins(10, 8, 10, 10)
        shown.setSpacing(6)
        for part in (self._preview, self._preview_of):
            shown.addWidget(part)
        body = ScrollBody()
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 12, 18, 16)
        column.setSpacing(8)
        for part in (self._title, self._for, self._stands, self.text, self._no, slots):
            column.addWidget(part)
        column.addLayout(_across(self._keep, self._approve, self._back))
        for part in (self._ask_box, self._rights, rule(), heading, box):
            column.addWidget(part)
        column.addLayout(_across(self._next, self._variant))
        column.addStretch(1)
        side = scroller(body)
        side.setFixedWidth(SIDE)
        across = QHBoxLayout(self)
        across.setContentsMargins(22, 4, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.table, 1)
        across.addWidget(side)
        self.setFocusProxy(self.table)


class SlotMarks(QSyntaxHighlighter):
    """Slots stand out in the text; one that does not exist in the color of a fault."""

    def __init__(self, document: Any, *, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        at = 0
        while (start := text.find("{", at)) >= 0:
            end = text.find("}", start)
            end = len(text) - 1 if end < 0 else end
            look = QTextCharFormat()
            is_known = text[start + 1 : end].strip() in SLOTS
            look.setForeground(self._theme.color("focus" if is_known else "alarm"))
            look.setFontWeight(600)
            self.setFormat(start, end - start + 1, look)
            at = end + 1


def _across(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def index_of(page: TemplatesPage, wanted: str) -> QModelIndex:
    """Where a text stands in the table: of its row, in its language's column."""
    for at, row in enumerate(page.model.rows):
        for column, language in enumerate(page.model.languages, 1):
            found = row.by_language.get(language)
            if found is not None and found.template_id == wanted:
                return page.model.index(at, column)
    return QModelIndex()
