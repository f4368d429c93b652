from __future__ import annotations

import pytest

from dispatch.tile_server.fresh import DAY_S, LEAST_S, freshness


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 7 * DAY_S),
        ({"Cache-Control": "public"}, 7 * DAY_S),
        ({"Cache-Control": "max-age=86400, stale-while-revalidate=604800"}, DAY_S),
        ({"Cache-Control": 'public, Max-Age="7200"', "Expires": "0"}, 7200),
        ({"Cache-Control": "max-age=86400", "Age": "6400"}, 80_000),
        ({"Cache-Control": "max-age=0"}, LEAST_S),
        ({"Cache-Control": "no-cache"}, LEAST_S),
        ({"Cache-Control": "max-age=" + "9" * 40}, 366 * DAY_S),
        ({"Date": "Sun, 01 Nov 2026 10:00:00 GMT", "Expires": "Tue, 03 Nov 2026 10:00:00 GMT"}, 2 * DAY_S),
        ({"Date": "Sun, 01 Nov 2026 10:00:00 GMT", "Expires": "0"}, LEAST_S),
    ],
)
def test_a_tile_is_new_for_as_long_as_its_server_says_else_for_seven_days(
    headers: dict[str, str], seconds: float
) -> None:
    assert freshness(headers).fresh_s == seconds
    assert not freshness(headers).is_passing


def test_what_must_not_be_kept_is_known() -> None:
    assert freshness({"Cache-Control": "private, no-store"}).is_passing
