"""The layer box: a switch for each layer, what is not loaded said so, and the way to import one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPushButton, QVBoxLayout, QWidget

from ui.map.layers.layer import Layer
from ui.map.panels import Panel
from ui.map.weather_lines import WeatherLines
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

# A longer name of a layer is cut; its tooltip has it whole.
NAME_PX = 150
ON, OFF = "on", "off"


class Tick(QCheckBox):
    """A layer's switch, drawn as a tick or a dash before its name."""

    def __init__(self, text: str, *, theme: Theme, color: str = "") -> None:
        """`color` names the palette's color that the layer is drawn in, where it has one of its own."""
        super().__init__(text)
        self._theme = theme
        self._color = color
        # A stranger's name with an ampersand in it is no key.
        self.setShortcut(QKeySequence())
        self.setFont(theme.font("small"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + self._text_at() + 4, 24)

    def _text_at(self) -> int:
        return 32 if self._color else 18

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.isChecked() or self.underMouse()
        color = theme.color("text_soft" if is_strong else "text_faint")
        painter.setPen(QPen(color, 1.4))
        middle = self.height() / 2
        if self.isChecked():
            painter.drawPolyline(
                [QPoint(2, round(middle)), QPoint(5, round(middle + 3)), QPoint(11, round(middle - 4))]
            )
        else:
            painter.drawLine(QPoint(3, round(middle)), QPoint(9, round(middle)))
        if self._color:
            painter.fillRect(QRectF(18, middle - 4.5, 9, 9), theme.color(self._color))
            painter.setPen(color)
        painter.setFont(self.font())
        painter.drawText(
            self.rect().adjusted(self._text_at(), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class LayerBox(Panel):
    """Every layer that is built, with those that have no file marked as not loaded."""

    switched = Signal()
    import_wanted = Signal()
    missing_wanted = Signal(str)  # the name of a layer that is not loaded

    def __init__(
        self, layers: Sequence[Layer], *, kept: Mapping[str, str], theme: Theme, parent: QWidget
    ) -> None:
        """`kept` says of layers that were switched otherwise than at a first start "on" or "off"."""
        super().__init__(theme=theme, parent=parent)
        self._kept = dict(kept)
        self._starts: dict[str, bool] = {}
        self._head = _link(self.tr("Layers"), self.fold)
        self._head.setToolTip(self.tr("Show or hide the list of layers"))
        self._ticks: dict[str, Tick] = {}
        self.missing = _link("", self._unfold_missing)
        self._is_missing_shown = False
        self._rows = QWidget()
        self._grid = grid = QGridLayout(self._rows)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        self.bring = _link(self.tr("Import or change…"), self.import_wanted.emit)
        self.bring.setToolTip(self.tr("Bring zones or places from a file, or change what was imported (L)"))
        self.show_layers(layers)
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 3, 7, 3)
        column.setSpacing(0)
        column.addWidget(self._head, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._rows)
        self._column, self._under = column, list[QWidget]()
        self.weather = WeatherLines(theme=theme)
        column.addWidget(self.weather)
        column.addWidget(self.bring, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._dress)
        self._dress()

    def show_layers(self, layers: Sequence[Layer]) -> None:
        """Others than before; those that stay keep their switch."""
        before, self._ticks = self._ticks, {}
        last_first = [each for each in reversed(layers) if each.is_loaded or each.is_missed]
        loaded = [layer for layer in last_first if layer.is_loaded]
        missing = [layer for layer in last_first if not layer.is_loaded]
        for at, layer in enumerate(loaded):
            tick = self._tick(layer)
            if layer.name in before and before[layer.name].isCheckable():
                tick.setChecked(before[layer.name].isChecked())
            tick.toggled.connect(self.switched)
            self._grid.addWidget(tick, at // 2, at % 2)
        under = (len(loaded) + 1) // 2
        self._grid.addWidget(self.missing, under, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        for at, layer in enumerate(missing, under + 1):
            self._grid.addWidget(self._tick(layer), at, 0, 1, 2)
        self.missing.setText(self.tr("Not loaded: %n…", "", len(missing)))
        names = ", ".join(layer.label() for layer in missing)
        self.missing.setToolTip(hint(self.tr("Not loaded: {}").format(names)))
        self.missing.setAccessibleDescription(names)
        self._show_missing()
        for tick in before.values():
            self._grid.removeWidget(tick)
            tick.hide()
            tick.deleteLater()

    def add_row(self, row: QWidget) -> None:
        """A switch of another kind, under the layers."""
        self._under.append(row)
        self._column.insertWidget(self._column.indexOf(self.weather), row)

    def is_on(self, name: str) -> bool:
        tick = self._ticks.get(name)
        return tick is not None and tick.isChecked()

    def kept(self) -> dict[str, str]:
        """What to give as `kept` at the next start, also of layers that are not there at the moment."""
        said = {name: on for name, on in self._kept.items() if name not in self._ticks}
        for name, tick in self._ticks.items():
            if not tick.isCheckable():
                said |= {name: self._kept[name]} if name in self._kept else {}
            elif tick.isChecked() != self._starts[name]:
                said[name] = ON if tick.isChecked() else OFF
        return said

    def switch(self, name: str, on: bool) -> None:
        self._ticks[name].setChecked(on)

    def fold(self) -> None:
        self.show_rows(self._rows.isHidden())

    def show_rows(self, shown: bool) -> None:
        for part in (self._rows, *self._under):
            part.setVisible(shown)
        self.bring.setVisible(shown)
        self.show_weather_lines()
        self._head.setAccessibleDescription(self.tr("Open") if shown else self.tr("Folded"))
        self.adjustSize()
        self.switched.emit()

    def _unfold_missing(self) -> None:
        self._is_missing_shown = not self._is_missing_shown
        self._show_missing()
        for layout in (self._grid, self._column):
            layout.activate()
        self.adjustSize()
        self.switched.emit()

    def _show_missing(self) -> None:
        """What is not loaded is one line until somebody asks what it is: the map needs the room."""
        rows = [tick for tick in self._ticks.values() if not tick.isCheckable()]
        self.missing.setVisible(bool(rows))
        for tick in rows:
            tick.setVisible(self._is_missing_shown)

    def show_weather_lines(self) -> None:
        """Folded, the box keeps only what warns."""
        said = bool(self.weather.text())
        self.weather.setVisible(said and (not self._rows.isHidden() or self.weather.warns))
        for part in (self.weather, self):
            part.layout().activate()

    def _tick(self, layer: Layer) -> Tick:
        name = QFontMetrics(self._theme.font("small")).elidedText(
            layer.label(), Qt.TextElideMode.ElideRight, NAME_PX
        )
        label = name if layer.is_loaded else self.tr("{} (not loaded)").format(name)
        tick = Tick(label, theme=self._theme, color=layer.color)
        tick.setToolTip("" if name == layer.label() else hint(layer.label()))
        if not layer.is_loaded:
            # Never an empty map: the row leads to where it can be loaded.
            sentence = (
                self.tr("Not loaded. Press to see how it is asked for, or to take a file.")
                if layer.is_from_feed
                else self.tr("Not loaded. Press to import it from a file: GeoJSON, KML, shapefile, CSV…")
            )
            tick.setCheckable(False)
            tick.setToolTip(hint(sentence))
            tick.setAccessibleDescription(sentence)
            tick.clicked.connect(lambda: self.missing_wanted.emit(layer.name))
        self._starts[layer.name] = layer.starts_on
        is_on = self._kept.get(layer.name, ON if layer.starts_on else OFF) == ON
        if layer.is_loaded:
            tick.setChecked(is_on)
        self._ticks[layer.name] = tick
        return tick

    def _dress(self) -> None:
        palette = self._theme.palette
        for button, color in (
            (self._head, palette.text),
            (self.missing, palette.text_faint),
            (self.bring, palette.text_dim),
        ):
            button.setFont(self._theme.font("small"))
            button.setStyleSheet(
                f"QPushButton {{ border: none; background: transparent; padding: 3px 0; color: {color}; }}"
                f"QPushButton:focus {{ border: none; text-decoration: underline; }}"
            )


def _link(text: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setFlat(True)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(lambda: do())
    return button
