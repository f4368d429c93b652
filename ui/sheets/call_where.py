"""The field for where a call is: typed, with what may be meant under it; or a spot on the map (S11)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from dispatch.calls.places import EXACT, NONE, Spot, Spots, is_doubtful
from dispatch.records import Place
from ui.sheets import call_words
from ui.theme import Theme
from ui.widgets.fields import LineField
from ui.widgets.words import Words

ROW_PX = 40
MOST_ROWS = 4
_SPOT = Qt.ItemDataRole.UserRole


class WhereField(LineField):
    """Down and Up choose among what is found. Where several streets may be meant nothing is chosen until a
    person does."""

    meant = Signal(object)  # the place that is chosen, None for none

    def __init__(self, label: str, *, theme: Theme, placeholder: str) -> None:
        super().__init__(label, theme=theme, placeholder=placeholder)
        self._theme = theme
        self._found = Spots()
        self._pin: Spot | None = None
        self._said = Words(theme=theme, role="small", tone="text_dim")
        self.list = QListWidget()
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setFont(theme.font("small"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Places that may be meant"))
        self.list.hide()
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._said)
        layout.addWidget(self.list)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self._choose())

    # -- what is meant ------------------------------------------------------------------------------------

    def chosen(self) -> Spot | None:
        item = self.list.currentItem()
        return item.data(_SPOT) if item else None

    def address(self) -> str:
        """As it is kept: never a numbered street without what it lacks being said (S11)."""
        spot = self.chosen()
        if spot is not None and spot is not self._pin:
            return spot.words
        typed = " ".join(self.value().split())
        return f"{typed} (AVE or ST, N or S not known)" if is_doubtful(typed) else typed

    def place(self) -> Place | None:
        spot = self.chosen()
        return spot.place if spot else None

    def quality(self) -> str:
        spot = self.chosen()
        return spot.quality if spot else NONE

    @property
    def question(self) -> str:
        """What has to be asked, while nothing is chosen."""
        return self._found.ask if self.chosen() is None else ""

    # -- what is found ------------------------------------------------------------------------------------

    def take_found(self, found: Spots) -> None:
        kept = self.chosen()
        self._found = found
        self._fill(kept)

    def take_spot(self, place: Place) -> None:
        words = f"{place.lat:.5f}, {place.lng:.5f}"
        self._pin = Spot(words, place, EXACT, self.tr("the spot taken on the map"))
        self._fill(self._pin)
        self._choose()

    def clear_pin(self) -> None:
        self._pin = None

    def pin(self) -> str:
        return self._pin.words if self._pin else ""

    def _fill(self, kept: Spot | None) -> None:
        spots = [*([self._pin] if self._pin else []), *self._found.spots]
        self.list.clear()
        for spot in spots:
            item = QListWidgetItem(self._line(spot))
            item.setData(_SPOT, spot)
            item.setSizeHint(QSize(0, ROW_PX))
            self.list.addItem(item)
        rows = min(MOST_ROWS, len(spots))
        self.list.setFixedHeight(rows * ROW_PX + 8)
        self.list.setVisible(bool(spots))
        same = next((at for at, spot in enumerate(spots) if kept and spot.words == kept.words), -1)
        first = -1 if self._found.ask or not spots else 0
        self.list.setCurrentRow(same if same >= 0 else first)
        self._say()

    def _line(self, spot: Spot) -> str:
        about = self.tr("within {m:.0f} m").format(m=spot.within_m) if spot.within_m else ""
        return f"{spot.words}\n" + " · ".join(filter(None, (spot.area, spot.how, about)))

    def _say(self) -> None:
        spot = self.chosen()
        self.say_aside(call_words.quality(spot.quality) if spot else "")
        question = self.question
        hint = self._found.say if self.value() and not self._found.spots else ""
        self._said.say(question or hint, "warn" if question else "text_dim")
        self.meant.emit(spot.place if spot else None)

    def said(self) -> str:
        return self._said.said()

    # -- keys ---------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.list.count():
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _choose(self) -> None:
        self._say()
        self._edit()
