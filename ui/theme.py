"""Both palettes, type and the look of standard widgets: the only place with a color in it."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from dispatch.records import Band
from dispatch.resources import resource
from ui.stylesheet import stylesheet

FAMILY = "Inter"
FONT_FILES = ("Inter_400Regular.ttf", "Inter_500Medium.ttf", "Inter_600SemiBold.ttf", "Inter_700Bold.ttf")


class Palette(NamedTuple):
    """Colors by what they are for. `window` is the ground of a screen, `panel` the frame, the strip and
    sheets, `card` what is written on or read closely.

    Grey is normal; a saturated color means P1, P2, overdue or a fault (P3 is a quiet blue). Every text
    color keeps 4.5:1 on the grounds it is used on, every shape 3:1.
    """

    name: str
    window: str
    panel: str
    card: str
    line: str
    row_line: str
    line_strong: str
    text: str
    text_soft: str
    text_dim: str
    text_faint: str
    selection: str
    hover: str
    chip: str
    chip_on: str
    focus: str
    accent: str
    accent_text: str
    public_bg: str
    internal_bg: str
    p1: str
    p2: str
    p3: str
    p4: str
    info: str
    mark_edge: str
    badge_text: str
    warn: str
    warn_bg: str
    alarm: str
    alarm_bg: str
    water: str
    shore: str
    land: str
    street: str
    hood_line: str
    city_line: str
    bubble: str
    bubble_text: str
    bubble_line: str
    chart_p1: str
    chart_p2: str
    chart_p3: str
    chart_p4: str
    chart_brush: str
    exercise: str
    exercise_text: str
    layer_slate: str
    layer_teal: str
    layer_plum: str
    layer_brown: str
    layer_olive: str
    # Neighborhoods by how much there is, from little to much: lightness alone tells them apart.
    shade_1: str
    shade_2: str
    shade_3: str
    shade_4: str
    shade_5: str
    shade_ink: str
    heat: str
    weather: str


LIGHT = Palette(
    name="light",
    window="#eceef0",
    panel="#f6f7f8",
    card="#ffffff",
    line="#d3d8dd",
    row_line="#e0e4e8",
    line_strong="#a9b2bc",
    text="#0e1318",
    text_soft="#2b323a",
    text_dim="#55606b",
    text_faint="#5f6a75",
    selection="#dde4ea",
    hover="#e4e8ec",
    chip="#e3e7eb",
    chip_on="#d2dae2",
    focus="#16202a",
    accent="#16202a",
    accent_text="#f6f7f8",
    public_bg="#e1e8ee",
    internal_bg="#efe9dc",
    p1="#b82d1b",
    p2="#855a00",
    p3="#1b659b",
    p4="#6b7682",
    info="#5f6b77",
    mark_edge="#ffffff",
    badge_text="#ffffff",
    warn="#7d5300",
    warn_bg="#f4ecda",
    alarm="#b82d1b",
    alarm_bg="#f7e3df",
    water="#dfe6ec",
    shore="#b4bec8",
    land="#f4f5f5",
    street="#e0e4e8",
    hood_line="#d0d6db",
    city_line="#aeb8c2",
    bubble="#ffffff",
    bubble_text="#0e1318",
    bubble_line="#758190",
    chart_p1="#b82d1b",
    chart_p2="#9a6700",
    chart_p3="#1f6fa8",
    chart_p4="#85909c",
    chart_brush="#5c6772",
    exercise="#75419a",
    exercise_text="#ffffff",
    layer_slate="#4d5d6e",
    layer_teal="#2b6a68",
    layer_plum="#6f5077",
    layer_brown="#705642",
    layer_olive="#5b6337",
    shade_1="#d6dce2",
    shade_2="#bcc7d1",
    shade_3="#a1b0bd",
    shade_4="#8698a8",
    shade_5="#6a7f92",
    shade_ink="#5a6876",
    heat="#7a3f6b",
    weather="#6d4a52",
)

DIM = Palette(
    name="dim",
    window="#12151a",
    panel="#171b21",
    card="#1c222a",
    line="#262d36",
    row_line="#1d232b",
    line_strong="#47525f",
    text="#ffffff",
    text_soft="#d5dbe2",
    text_dim="#98a2ad",
    text_faint="#87919d",
    selection="#232b35",
    hover="#1b2129",
    chip="#222932",
    chip_on="#2b3440",
    focus="#e9edf1",
    accent="#e9edf1",
    accent_text="#12151a",
    public_bg="#26303b",
    internal_bg="#2c2920",
    p1="#f8645f",
    p2="#e8a33d",
    p3="#5ba4cf",
    p4="#8b95a1",
    info="#98a2ad",
    mark_edge="#12151a",
    badge_text="#12151a",
    warn="#f0c078",
    warn_bg="#2d2517",
    alarm="#f8645f",
    alarm_bg="#331b1d",
    water="#10161d",
    shore="#39434e",
    land="#1d232a",
    street="#272e37",
    hood_line="#2e3741",
    city_line="#424d59",
    bubble="#2a333d",
    bubble_text="#ffffff",
    bubble_line="#8b95a1",
    chart_p1="#f0544f",
    chart_p2="#e8a33d",
    chart_p3="#5ba4cf",
    chart_p4="#6b7684",
    chart_brush="#98a2ad",
    exercise="#b58ad6",
    exercise_text="#12151a",
    layer_slate="#93a5b8",
    layer_teal="#6fb0ac",
    layer_plum="#b497bd",
    layer_brown="#bb9c84",
    layer_olive="#a5ae79",
    shade_1="#2c3640",
    shade_2="#3b4855",
    shade_3="#4d5d6d",
    shade_4="#617486",
    shade_5="#788da1",
    shade_ink="#8592a0",
    heat="#c98fbd",
    weather="#c9a2aa",
)

PALETTES = {"light": LIGHT, "dim": DIM}

_ROLES: dict[str, tuple[int, QFont.Weight]] = {
    "tiny": (11, QFont.Weight.Normal),
    "cap": (11, QFont.Weight.DemiBold),
    "small": (12, QFont.Weight.Normal),
    "small_strong": (12, QFont.Weight.DemiBold),
    "body": (13, QFont.Weight.Normal),
    "medium": (13, QFont.Weight.Medium),
    "strong": (13, QFont.Weight.DemiBold),
    "number": (14, QFont.Weight.DemiBold),
    "title": (17, QFont.Weight.DemiBold),
    "big": (30, QFont.Weight.DemiBold),
}

_BAND_FIELDS = {Band.P1: "p1", Band.P2: "p2", Band.P3: "p3", Band.P4: "p4", Band.INFO: "info"}


def load_fonts() -> None:
    """Make Inter known to Qt; once for the process, after the application is made."""
    if FAMILY in QFontDatabase.families():
        return
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


class Theme(QObject):
    """The colors and type in force. `set` takes light, dim or system (which follows the desktop)."""

    changed = Signal()

    def __init__(self, name: str = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        load_fonts()
        self.choice = ""
        self.palette = LIGHT
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[str, QFont] = {}
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_desktop)
        self.set(name)

    @property
    def is_dim(self) -> bool:
        return self.palette is DIM

    def set(self, name: str) -> None:
        if name not in (*PALETTES, "system"):
            raise ValueError(f"There is no theme called {name!r}; choose light, dim or system.")
        self.choice = name
        self._show(PALETTES.get(name) or _of_desktop())

    def toggle(self) -> None:
        self.set("light" if self.is_dim else "dim")

    def color(self, name: str) -> QColor:
        """The color of a palette field; the same object each time, so do not change it."""
        color = self._colors.get(name)
        if color is None:
            color = self._colors[name] = QColor(getattr(self.palette, name))
        return color

    def band_color(self, band: int) -> QColor:
        return self.color(_BAND_FIELDS[Band(band)])

    def font(self, role: str) -> QFont:
        """tiny, cap, small, body, medium, strong, number, title or big: Inter with figures of one width."""
        font = self._fonts.get(role)
        if font is None:
            size, weight = _ROLES[role]
            font = QFont(FAMILY)
            font.setPixelSize(size)
            font.setWeight(weight)
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[role] = font
        return font

    def mixed(self, name: str, ground: str, share: float) -> QColor:
        """`share` of one color over another, both palette fields: pale bars, soft fills."""
        top, under = self.color(name), self.color(ground)
        return QColor.fromRgbF(
            top.redF() * share + under.redF() * (1 - share),
            top.greenF() * share + under.greenF() * (1 - share),
            top.blueF() * share + under.blueF() * (1 - share),
        )

    def _follow_desktop(self, _scheme: Qt.ColorScheme) -> None:
        if self.choice == "system":
            self._show(_of_desktop())

    def _show(self, palette: Palette) -> None:
        self.palette = palette
        self._colors.clear()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # A style sheet hides the style's own name: remember what was set.
            if not app.property("hasFusion"):
                app.setStyle("Fusion")
                app.setProperty("hasFusion", True)
            app.setPalette(_qt_palette(palette))
            app.setFont(self.font("body"))
            look = stylesheet(palette._asdict())
            if look != app.styleSheet():
                app.setStyleSheet(look)
        self.changed.emit()


class PaperTheme(Theme):
    """For what is printed or saved: always light, whatever the room; the application keeps its own."""

    def __init__(self) -> None:
        QObject.__init__(self)
        load_fonts()
        self.choice, self.palette = "light", LIGHT
        self._colors, self._fonts = {}, {}

    def font(self, role: str) -> QFont:
        """With ordinary figures: those of one width cannot be searched for or copied out of a PDF."""
        if role not in self._fonts:
            super().font(role).unsetFeature(QFont.Tag("tnum"))
        return self._fonts[role]


def _of_desktop() -> Palette:
    scheme = QGuiApplication.styleHints().colorScheme()
    return DIM if scheme == Qt.ColorScheme.Dark else LIGHT


def _qt_palette(palette: Palette) -> QPalette:
    role = QPalette.ColorRole
    qt = QPalette()
    for name, value in (
        (role.Window, palette.window),
        (role.WindowText, palette.text),
        (role.Base, palette.card),
        (role.AlternateBase, palette.panel),
        (role.Text, palette.text),
        (role.Button, palette.panel),
        (role.ButtonText, palette.text),
        (role.PlaceholderText, palette.text_faint),
        (role.Highlight, palette.accent),
        (role.HighlightedText, palette.accent_text),
        (role.ToolTipBase, palette.card),
        (role.ToolTipText, palette.text),
        (role.Link, palette.p3),
        (role.Accent, palette.accent),
    ):
        qt.setColor(name, QColor(value))
    for dimmed in (role.WindowText, role.Text, role.ButtonText):
        qt.setColor(QPalette.ColorGroup.Disabled, dimmed, QColor(palette.text_faint))
    return qt
