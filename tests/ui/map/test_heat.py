"""Heat: warmer where sites lie closer, the same in every view, under the filters, over nothing it hides."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from dispatch.board import Filters
from dispatch.geo.projection import to_mercator
from tests.ui.map.conftest import site
from ui.map.layers.heat import warmth

CROWD, LONE = (27.7576, -82.6965), (27.7100, -82.6550)


def color_at(view, lat, lng):
    x, y = view.frame.point(*map(float, to_mercator(lng, lat)))
    return QColor(view.grab().toImage().pixel(round(x), round(y)))


def far(one, other):
    return sum(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def shown(show, qtbot):
    view = show([*(site(n, *CROWD) for n in range(1, 60)), site(100, *LONE, band=2)])
    for name in ("reports", "hospitals", "storm_track", "neighborhoods"):
        view.layer_box.switch(name, False)
    qtbot.waitUntil(lambda: view.grab() and not view.tiles.needs_any, timeout=60_000)
    return view


def test_many_sites_are_warmer_than_one_and_none_is_clear(show, qtbot):
    view = shown(show, qtbot)
    bare = [color_at(view, *at) for at in (CROWD, LONE)]

    view.layer_box.switch("heat", True)
    warm = [color_at(view, *at) for at in (CROWD, LONE)]

    assert far(warm[0], bare[0]) > 2 * far(warm[1], bare[1]) > 0


def test_it_follows_the_filters(show, qtbot):
    view = shown(show, qtbot)
    bare = color_at(view, *CROWD)
    view.layer_box.switch("heat", True)

    view.selection.show(Filters(bands=frozenset({2})))

    assert color_at(view, *CROWD) == bare


def test_the_same_crowd_is_as_warm_beside_a_larger_one():
    alone = np.zeros((40, 40), np.int64)
    alone[10, 10] = 20
    beside = alone.copy()
    beside[30, 30] = 5_000

    assert warmth(alone)[10, 10] == warmth(beside)[10, 10]
    assert warmth(beside).max() == 1.0
    assert warmth(alone)[30, 30] == 0.0
