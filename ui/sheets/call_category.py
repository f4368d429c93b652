"""The field for what a call is filed under: suggested while the words are typed, filtered by typing here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from dispatch.calls.reader import Service
from dispatch.records import Band
from ui.theme import Theme
from ui.widgets.fields import LineField
from ui.widgets.words import Words

MOST_SHOWN = 4


class CategoryField(LineField):
    """Tab or Enter takes what is offered first: what fits the letters typed here, else what the words of the
    call suggest (S2: nothing is taken by itself). Down goes to the next one. The value is a category's
    key."""

    def __init__(self, label: str, *, theme: Theme) -> None:
        super().__init__(label, theme=theme)
        self._services: tuple[Service, ...] = ()
        self._fitting: list[Service] = []
        self._at = 0
        self._suggested: Service | None = None
        self._keyword = ""
        self._key = ""
        self._offered = Words(theme=theme, role="small", tone="text_dim")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._offered)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._filter)

    # -- what there is ------------------------------------------------------------------------------------

    def offer(self, services: Sequence[Service]) -> None:
        self._services = tuple(services)
        self.show_value(self._key)

    def suggest(self, key: str, keyword: str) -> None:
        self._suggested = self._service(key)
        self._keyword = keyword
        self._say()

    def chosen(self) -> Service | None:
        return self._service(self._key)

    def value(self) -> str:
        return self._key

    def show_value(self, value: str) -> None:
        self._key = value
        service = self._service(value)
        self.line.setText(service.label if service else "")
        self.line.setCursorPosition(0)
        self._fitting = []
        self._say()

    def offered(self) -> str:
        return self._offered.said()

    # -- choosing -----------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._accept()
            elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._fitting:
                self._at = (self._at + (1 if key == Qt.Key.Key_Down else -1)) % len(self._fitting)
                self._say()
                return True
        return super().eventFilter(watched, event)

    def _accept(self) -> None:
        service = self._fitting[self._at] if self._fitting else None
        if service is None and not self._key and not self.line.text().strip():
            service = self._suggested
        if service is not None and service.key != self._key:
            self.show_value(service.key)
            self._edit()

    def _filter(self, typed: str) -> None:
        words = typed.casefold().split()
        self._key, self._at = "", 0
        found = [each for each in self._services if all(word in _said(each) for word in words)]
        # What the caller's words suggest stands first, then what begins so, then what only holds it.
        first = words[0] if words else ""
        self._fitting = (
            sorted(
                found,
                key=lambda each: (each is not self._suggested, not each.label.casefold().startswith(first)),
            )
            if words
            else []
        )
        self._say()

    def _service(self, key: str) -> Service | None:
        return next((each for each in self._services if key and each.key == key), None)

    def _say(self) -> None:
        chosen = self._service(self._key)
        if chosen is not None:
            self.say_aside(chosen.band.name)
            other = self._suggested if self._suggested and self._suggested.key != chosen.key else None
            said = self.tr("the words suggest “{}”").format(other.label) if other else ""
            self._offered.say(said, "text_dim")
        elif self._fitting:
            shown = self._fitting[self._at : self._at + MOST_SHOWN]
            self.say_aside(self.tr("{} fit").format(len(self._fitting)))
            self._offered.say(
                " · ".join((self.tr("Tab: {}").format(_name(shown[0])), *map(_name, shown[1:]))), "text"
            )
        elif self.line.text().strip():
            self.say_aside("")
            self._offered.say(self.tr("No category has these letters: it is taken by its words."), "warn")
        elif self._suggested is not None:
            self.say_aside("")
            said = self.tr("Tab: {label}, suggested by “{word}”")
            self._offered.say(said.format(label=_name(self._suggested), word=self._keyword), "text")
        else:
            self.say_aside("")
            self._offered.say("")


def _name(service: Service) -> str:
    return f"{service.label} ({Band(service.band).name})"


def _said(service: Service) -> str:
    return f"{service.label} {service.title}".casefold()
