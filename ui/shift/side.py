"""Beside a pack: what is written on it, who gives it and who takes it, and the keys that do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatch.records import PackRemarks, PackState, ShiftPack, Signed
from ui.theme import Theme
from ui.widgets import fields as rows_of
from ui.widgets.fields import ChoiceField, Field, LineField, TextField
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, rule

WIDTH = 372
WRITTEN = ("objectives", "weather", "remarks")


class PackSide(QWidget):
    """`edited` after each letter that a person writes on a draft; `item_edited` of the line they stand on."""

    edited = Signal()
    item_edited = Signal(str)

    def __init__(self, *, theme: Theme, positions: Sequence[str]) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(WIDTH)
        self.fields: dict[str, Field] = {
            "item": TextField(self.tr("Remark on this line"), theme=theme, least=2, most=4),
            "objectives": TextField(self.tr("Objectives of the next shift"), theme=theme, least=2, most=5),
            "weather": TextField(self.tr("Note on the weather"), theme=theme, least=1, most=4),
            "remarks": TextField(self.tr("Remarks"), theme=theme, least=2, most=6),
            "name": LineField(self.tr("To whom, by name"), theme=theme),
            "position": ChoiceField(
                self.tr("In which position"), [(each, each) for each in positions], theme=theme
            ),
        }
        self.out, self.into = (Words(theme=theme) for _ in range(2))
        self.effect = Words(theme=theme, role="small", tone="text_dim")
        self.act = KeyButton("", "Ctrl Enter", theme=theme, look="accent")
        self.buttons: dict[str, KeyButton] = {}
        self._lay_out()
        for name in (*WRITTEN, "name", "position"):
            self.fields[name].edited.connect(self.edited)
        self.fields["item"].edited.connect(lambda: self.item_edited.emit(self.fields["item"].value()))

    # -- what stands there ----------------------------------------------------------------------------

    def show_pack(self, pack: ShiftPack | None, *, can_write: bool, signs_in: str) -> None:
        """`signs_in` is who confirms it where people sign in; empty where they type their name."""
        state = pack.state if pack is not None else None
        is_draft = state == PackState.DRAFT and can_write
        for name in (*WRITTEN, "item"):
            self.fields[name].editor.setEnabled(is_draft)
            self.fields[name].setVisible(pack is not None and not pack.is_masked)
        wants_name = is_draft or (state == PackState.HANDED_OVER and not signs_in)
        self._whom.setVisible(wants_name)
        label = self.tr("To whom, by name") if is_draft else self.tr("Your name")
        self.fields["name"].say_label(label)
        self.out.say(self._signed(self.tr("Handed over by {}"), pack.outgoing) if pack else "")
        self.into.say(self._into(pack) if pack else "")

    def fill(self, pack: ShiftPack, remarks: PackRemarks, *, position: str) -> None:
        """What a person has written here already stays. Mostly the next one sits in the same `position`."""
        for name in WRITTEN:
            self.fields[name].fill(getattr(remarks, name))
        # Who takes over says so: a second Ctrl+Enter of who hands over must not be it.
        if pack.state == PackState.DRAFT:
            self.fields["name"].fill(pack.incoming.person)
        self.fields["position"].fill(pack.incoming.position or position)

    def forget(self) -> None:
        """Another pack: nothing of the one before is left in the fields."""
        for field in self.fields.values():
            field.touched = False
            field.complain("")
        for name in (*WRITTEN, "item", "name"):
            self.fields[name].show_value("")

    def touched(self) -> dict[str, str]:
        """What a person has written here and nobody has kept yet."""
        return {n: self.fields[n].value() for n in (*WRITTEN, "name") if self.fields[n].touched}

    def take_begun(self, words: Mapping[str, str]) -> None:
        """It counts as written by a person: what the store says does not cover it."""
        for name in (*WRITTEN, "name"):
            if said := words.get(name):
                self.fields[name].show_value(said)
                self.fields[name].touched = True

    def written(self, items: dict[str, str]) -> PackRemarks:
        said = {name: self.fields[name].value() for name in WRITTEN}
        return PackRemarks(**said, items={key: words for key, words in items.items() if words.strip()})

    def show_item(self, label: str, words: str) -> None:
        field = self.fields["item"]
        field.say_label(self.tr("Remark on {}").format(label) if label else self.tr("Remark on this line"))
        field.show_value(words)

    # -- inside -------------------------------------------------------------------------------------

    def _signed(self, words: str, who: Signed) -> str:
        if not who.person:
            return self.tr("Not handed over yet")
        return words.format(", ".join(filter(None, (who.person, who.position))))

    def _into(self, pack: ShiftPack) -> str:
        if pack.confirmed.person:
            return self._signed(self.tr("Confirmed by {}"), pack.confirmed)
        if pack.incoming.person:
            return self._signed(self.tr("For {}, not confirmed yet"), pack.incoming)
        return ""

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        inside = ScrollBody()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(10)
        self._whom = rows_of.pack(self.fields, "name", "position", shares=(3, 2))
        for part in (self.out, self.into, self._whom, rule()):
            body.addWidget(part)
        for name in ("item", *WRITTEN):
            body.addWidget(self.fields[name])
        body.addStretch()
        column.addWidget(scroller(inside), 1)
        column.addWidget(self.effect)
        column.addWidget(self.act)
        self._foot = column

    def add_buttons(self, rows: Sequence[Sequence[tuple[str, str, str, Callable[[], None]]]]) -> None:
        """(name, words, key, what it does), a row of them side by side."""
        for row in rows:
            across = QHBoxLayout()
            across.setSpacing(8)
            for name, words, key, work in row:
                button = KeyButton(words, key, theme=self._theme)
                button.clicked.connect(work)
                across.addWidget(button, 1)
                self.buttons[name] = button
            self._foot.addLayout(across)
