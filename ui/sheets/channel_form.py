"""The entries of one channel as fields: what it is reached by, its secrets, and whom each desk's go to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from dispatch.channel_desk import Stored
from dispatch.escalation.setting_up import SECRETS, TO_DESK
from ui.sheets.channel_words import label, placeholder
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, Field, LineField, pack
from ui.widgets.secret_field import SecretField
from ui.widgets.words import Words

Keep = Callable[[str, Field], Field]

# Fields that stand side by side, with their shares of the row; all others have one of their own.
_ROWS: Mapping[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "smtp_host": (("smtp_host", "smtp_port", "smtp_security"), (5, 2, 4)),
    "smtp_user": (("smtp_user", "email_password"), (1, 1)),
    "imap_host": (("imap_host", "imap_port", "imap_security"), (5, 2, 4)),
    "imap_user": (("imap_user", "imap_password"), (1, 1)),
}
_USUAL = {"smtp_security": "starttls", "imap_security": "tls"}


class ChannelForm(QWidget):
    """`keep` makes each field known to the sheet, under the entry's live name."""

    def __init__(self, channel: str, values: Mapping[str, str], *, keep: Keep, theme: Theme) -> None:
        super().__init__()
        self.channel = channel
        self._theme = theme
        self._keep = keep
        self.fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        desks = [name for name in values if name.startswith(TO_DESK)]
        self._lay_out([name for name in values if name not in desks])
        self._lay_out_desks(desks)
        self.fill(values)

    @property
    def is_touched(self) -> bool:
        return any(field.touched for field in self.fields.values())

    def values(self) -> dict[str, str]:
        return {
            name: str(field.value() or "")
            for name, field in self.fields.items()
            if not isinstance(field, SecretField)
        }

    def secrets(self) -> dict[str, str]:
        """Those that are to be replaced, or removed where empty."""
        found = {name: field.change() for name, field in self._secret_fields().items()}
        return {name: change for name, change in found.items() if change is not None}

    def fill(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            field = self.fields[name]
            if isinstance(field, ChoiceField):
                value = "" if value.lower() == _USUAL[name] else value.lower()
                if value not in dict(_securities(name)):
                    field.offer([*_securities(name), (value, value)])
            field.fill(value)

    def show_stored(self, stored: Stored) -> None:
        for name, field in self._secret_fields().items():
            field.show_stored(name in stored.names, is_ours=name not in stored.outside)

    def _secret_fields(self) -> dict[str, SecretField]:
        return {name: field for name, field in self.fields.items() if isinstance(field, SecretField)}

    def _lay_out(self, names: Sequence[str]) -> None:
        done: set[str] = set()
        for name in (*names, *(each for each in SECRETS.get(self.channel, ()))):
            if name in done:
                continue
            if name == "imap_host":
                self._head(self.tr("Answers by mail; without a mailbox they are typed in"))
            row, shares = _ROWS.get(name, ((name,), (1,)))
            for each in row:
                self.fields[each] = self._keep(each, self._field(each))
            if len(row) > 1:
                self._column.addWidget(pack(self.fields, *row, shares=shares))
            else:
                self._column.addWidget(self.fields[name])
            done |= set(row)

    def _lay_out_desks(self, names: Sequence[str]) -> None:
        if not names:
            return
        self._head(self.tr("Desks with an address of their own"))
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        for at, name in enumerate(names):
            self.fields[name] = self._keep(name, self._field(name))
            grid.addWidget(self.fields[name], at // 2, at % 2)
        self._column.addWidget(box)

    def _head(self, words: str) -> None:
        self._column.addWidget(Words(words, theme=self._theme, role="strong"))

    def _field(self, name: str) -> Field:
        if name in SECRETS.get(self.channel, ()):
            return SecretField(label(name), theme=self._theme)
        if name in _USUAL:
            return ChoiceField(label(name), _securities(name), theme=self._theme)
        return LineField(label(name), theme=self._theme, placeholder=placeholder(name))


def _securities(name: str) -> list[tuple[str, str]]:
    """As the protocols call them; what is usual needs no entry."""
    known = {"starttls": "STARTTLS", "tls": "TLS", "plain": "none"}
    usual = _USUAL[name]
    return [("", known.pop(usual)), *known.items()]
