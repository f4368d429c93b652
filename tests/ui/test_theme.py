"""Contrast by rule (U3) in both palettes, shapes that need no color (U2), switching without restart."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFontInfo, QImage, QPainter

from dispatch.geo.imports.kinds import STYLES
from dispatch.records import Band
from ui.theme import DIM, LIGHT, Theme
from ui.widgets.band_mark import paint_mark

GROUNDS = ("window", "panel", "card", "selection", "hover", "chip", "public_bg", "internal_bg")
TEXTS = ("text", "text_soft", "text_dim")
TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def poor(palette, pairs, least):
    return [
        f"{front} on {ground}: {ratio:.2f}"
        for front, ground in pairs
        if (ratio := contrast(getattr(palette, front), getattr(palette, ground))) < least
    ]


@pytest.mark.parametrize("palette", [LIGHT, DIM], ids=lambda palette: palette.name)
def test_u3_text_keeps_its_contrast_on_every_ground_it_stands_on(palette):
    pairs = [
        *product(TEXTS, GROUNDS),
        *product(("p1", "p2", "alarm", "warn"), ("window", "panel", "card", "selection", "hover")),
        ("text_soft", "chip_on"),
        ("text_faint", "window"),
        ("text_faint", "panel"),
        ("text_faint", "card"),
        ("accent_text", "accent"),
        ("alarm", "alarm_bg"),
        ("warn", "warn_bg"),
        ("bubble_text", "bubble"),
        ("exercise_text", "exercise"),
        *((("badge_text", band)) for band in ("p1", "p2", "p3", "alarm")),
    ]
    assert poor(palette, pairs, TEXT_RATIO) == []


@pytest.mark.parametrize("palette", [LIGHT, DIM], ids=lambda palette: palette.name)
def test_u3_shapes_keep_theirs(palette):
    pairs = [
        *product(
            ("p1", "p2", "p3", "p4", "info", "focus"), ("window", "panel", "selection", "land", "water")
        ),
        *product(("chart_p1", "chart_p2", "chart_p3", "chart_p4", "chart_brush"), ("panel",)),
        ("bubble_line", "land"),
        ("bubble_line", "water"),
        ("exercise", "window"),
        *product((f"layer_{style}" for style in STYLES), ("land", "water", "panel")),
        *product(("weather",), ("land", "water", "panel")),
    ]
    assert poor(palette, pairs, SHAPE_RATIO) == []


@pytest.mark.parametrize("palette", [LIGHT, DIM], ids=lambda palette: palette.name)
def test_u2_shades_of_areas_are_told_apart_by_lightness_alone(palette):
    """So they pass in greyscale and for whoever sees no colors."""
    steps = [palette.land, *(getattr(palette, f"shade_{n}") for n in range(1, 6))]
    lights = [luminance(each) for each in steps]

    assert lights in (sorted(lights), sorted(lights, reverse=True))
    assert min(contrast(one, other) for one, other in pairwise(steps)) >= 1.2


@pytest.mark.parametrize("palette", [LIGHT, DIM], ids=lambda palette: palette.name)
def test_u3_marks_are_seen_on_every_shade_by_themselves_or_by_their_edge(palette):
    shades = [getattr(palette, f"shade_{n}") for n in range(1, 6)]
    for band in ("p1", "p2", "p3", "p4", "info"):
        inside, edge = getattr(palette, band), palette.mark_edge
        assert contrast(inside, edge) >= SHAPE_RATIO
        assert all(max(contrast(inside, each), contrast(edge, each)) >= 1.4 for each in shades)


def silhouette(band, theme):
    image = QImage(QSize(32, 32), QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint_mark(painter, band, QPointF(16, 16), 26, theme)
    painter.end()
    return {(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 128}


def test_u2_bands_differ_by_shape_alone(qapp):
    theme = Theme("light")
    shapes = {band: silhouette(band, theme) for band in Band}

    for one, other in product(Band, Band):
        if one != other:
            overlap = len(shapes[one] & shapes[other]) / len(shapes[one] | shapes[other])
            assert overlap < 0.85, f"{one.name} looks like {other.name} without color"


def test_the_theme_switches_without_restart(qapp):
    theme = Theme("light")
    before = theme.color("window")
    heard = []
    theme.changed.connect(lambda: heard.append(theme.palette.name))

    theme.set("dim")

    assert heard == ["dim"]
    assert theme.color("window") != before
    assert theme.color("window").name() in qapp.styleSheet()


def test_an_unknown_theme_is_refused_in_a_sentence(qapp):
    with pytest.raises(ValueError, match="choose light, dim or system"):
        Theme("solarized")


def test_inter_is_there_with_figures_of_one_width(qapp):
    theme = Theme("light")
    font = theme.font("body")

    assert QFontInfo(font).family() == "Inter"
    from PySide6.QtGui import QFontMetrics

    widths = {QFontMetrics(font).horizontalAdvance(figure * 10) for figure in "0123456789"}
    assert len(widths) == 1
