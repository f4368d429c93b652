"""What every layer of the map is: a name, words for the layer box, and how it paints itself."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPainter

from dispatch.board import Board
from dispatch.geo.folder import GeoFolder
from dispatch.records import Millis
from ui.map.frame import Frame
from ui.map.markers import Markers
from ui.map.sprites import Sprites
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Scene:
    """What a layer paints from. `now` is the clock's, storm time in an exercise."""

    frame: Frame
    theme: Theme
    sprites: Sprites
    markers: Markers
    board: Board
    now: Millis
    is_shaded: bool = False  # neighborhoods have colors under what is painted


class Layer:
    """Files are read once, when it is first painted or pointed at (`get_ready` before that, where there is
    time); a layer whose file is missing says `is_loaded` False."""

    name = ""
    starts_on = True
    is_missed = True  # the layer box lists it also where it is not loaded
    is_from_feed = False  # a weather service's: what is not loaded is asked for, not imported
    is_everywhere = False  # may lie under the whole city: its words stand under those of other layers
    color = ""  # the palette's name of the color it is drawn in, shown beside its name

    def __init__(self, folder: GeoFolder) -> None:
        self.is_loaded = True

    def get_ready(self) -> None:
        """Read what it is made of, if that was not read yet."""

    def label(self) -> str:
        raise NotImplementedError

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Paint what of the layer lies in the scene's frame."""

    def says(self, px: float, py: float, scene: Scene) -> str:
        """What the hover card says of the layer's thing at a point; empty when there is none."""
        return ""
