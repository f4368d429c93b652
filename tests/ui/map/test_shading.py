"""Neighborhoods shaded by their sites: what is painted, what the legend and the pointer say, what is kept."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from dispatch.board import Filters
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_mercator
from dispatch.insight.by_area import Measure
from dispatch.records import Band
from tests.ui.map.conftest import FOLDER, site

CHILDS_PARK, PINELLAS_POINT = (27.7576, -82.6965), (27.7080, -82.6550)


def sites(count, hood, at, first_id=1, **changes):
    return [site(first_id + n, *at, **changes)._replace(neighborhood=hood) for n in range(count)]


def settle(view, qtbot):
    def is_done():
        view.grab()
        tiles = view.shading.tiles
        return not (view.tiles.needs_any or tiles.needs_any or tiles.is_old)

    qtbot.waitUntil(is_done, timeout=60_000)
    view.grab()


def spots(view, hood):
    """Some points of a neighborhood on the window, away from its border."""
    areas = Areas.load(FOLDER.neighborhoods)
    inside = areas.shapes[areas.names.index(hood)].buffer(-60).representative_point()
    x, y = view.frame.point(inside.x, inside.y)
    return [QPointF(x + dx, y + dy).toPoint() for dx in range(12) for dy in range(12)]


def colors(view, hood):
    """From the one most of it has; a street that shines through has few."""
    image = view.grab().toImage()
    counted = Counter(QColor(image.pixel(spot)).name() for spot in spots(view, hood))
    return [name for name, _ in counted.most_common()]


@pytest.fixture
def shaded(show, qtbot):
    """The map with no points on it, so that only the shading is seen."""

    def make(rows, measure=Measure.COUNT, **given):
        view = show(rows, **given)
        for name in ("reports", "neighborhoods", "hospitals", "storm_track"):
            view.layer_box.switch(name, False)
        view.shading.show(measure)
        settle(view, qtbot)
        return view

    return make


def test_it_is_off_at_first_and_then_costs_nothing(show):
    view = show(sites(3, "Childs Park", CHILDS_PARK))

    assert view.shading.tiles is None
    assert view.shade_legend.isHidden()


def test_more_sites_are_a_stronger_shade_and_silence_is_hatched(shaded):
    view = shaded(
        [*sites(41, "Childs Park", CHILDS_PARK), *sites(1, "Greater Pinellas Point", PINELLAS_POINT, 100)],
        size=(700, 900),
    )

    many, few, none = (
        colors(view, hood) for hood in ("Childs Park", "Greater Pinellas Point", "Disston Heights")
    )

    land = QColor(view.theme.palette.land).lightness()
    assert QColor(many[0]).lightness() < QColor(few[0]).lightness() < land
    assert {view.theme.palette.shade_ink, view.theme.palette.land} <= set(none)


def test_the_legend_says_the_classes_what_is_beside_them_and_per_what(shaded):
    rows = [*sites(41, "Childs Park", CHILDS_PARK), *sites(3, "", (27.80, -82.75), 100)]

    view = shaded(rows)
    counts = view.shade_legend.text()
    view.shading.show(Measure.RATE)

    assert counts == (
        "Open sites by neighborhood: pale to strong 1–2 · 3–5 · 6–10 · 11–20 · over 20, "
        "hatched none reported · 114 areas, outside of all · 3 sites"
    )
    assert view.shade_legend.text().startswith(
        "Open sites per 1,000 residents: pale to strong to 0.5 · 0.5–1"
    )
    assert counts not in view.accessibleDescription()
    assert view.shade_legend.text() in view.accessibleDescription()


def test_the_pointer_hears_count_and_rate_of_the_area_under_it(shaded):
    view = shaded(sites(41, "Childs Park", CHILDS_PARK), Measure.RATE)

    view.pointer._hover(QPointF(spots(view, "Childs Park")[0]))
    said = view.card.text().splitlines()
    view.pointer._hover(QPointF(spots(view, "Disston Heights")[0]))
    silent = view.card.text()

    assert said[0] == "Childs Park"
    assert said[1].startswith("41 open sites, ") and said[1].endswith(" per 1,000")
    assert "residents, an estimate" in said[2]
    assert "None reported: nobody was heard from here." in silent
    assert "It may still need help." in silent


def test_it_follows_the_filters_as_the_points_do(shaded):
    view = shaded(
        [
            *sites(41, "Childs Park", CHILDS_PARK),
            *sites(2, "Childs Park", CHILDS_PARK, 100, band=int(Band.P1)),
        ]
    )

    view.selection.show(Filters(bands=frozenset({1})))
    view.grab()
    view.pointer._hover(QPointF(spots(view, "Childs Park")[0]))

    assert view.card.text().splitlines()[1] == "2 sites under the filters"
    assert view.shade_legend.text().startswith("Sites under the filters, by neighborhood")


def test_another_count_or_theme_colors_the_same_tiles_anew(shaded, qtbot, theme):
    view = shaded(
        [*sites(41, "Childs Park", CHILDS_PARK), *sites(1, "Greater Pinellas Point", PINELLAS_POINT, 100)],
        size=(700, 900),
    )
    before = colors(view, "Greater Pinellas Point")[0]
    files = {path: path.stat().st_mtime_ns for path in view.shading.tiles._out.rglob("*.png")}

    view.selection.take(
        view.selection.board.apply(sites(30, "Greater Pinellas Point", PINELLAS_POINT, 200)),
    )
    qtbot.waitUntil(lambda: 31 in view.shading.found.in_view)
    settle(view, qtbot)
    more = colors(view, "Greater Pinellas Point")[0]
    theme.set("dim")
    settle(view, qtbot)

    assert more != before
    assert colors(view, "Greater Pinellas Point")[0] not in (before, more)
    assert {path: path.stat().st_mtime_ns for path in files} == files


def test_a_city_without_neighborhoods_says_that_they_are_not_loaded(show, tmp_path):
    view = show([], folder=GeoFolder(tmp_path, "nowhere"))

    view.shading.show(Measure.COUNT)

    assert view.shading.measure is None
    assert "not loaded" in " ".join(
        words.text() for words in view.shade_switch.findChildren(object) if hasattr(words, "text")
    )


def test_paper_names_the_classes_and_is_light(shaded, qtbot, theme):
    from ui.map.paper import page_of
    from ui.theme import PaperTheme

    view = shaded(sites(41, "Childs Park", CHILDS_PARK))
    theme.set("dim")
    settle(view, qtbot)

    page = page_of(view, title="Map", is_exercise=True, times=("a", "b"), theme=PaperTheme())

    assert view.shade_legend.text() in page.lines
    x, y = view.frame.point(*map(float, to_mercator(*reversed(CHILDS_PARK))))
    assert QColor(page.picture.pixel(round(x), round(y))).lightness() > 100
