"""One selection: what narrows it, what it never hides, and what it tells the parts."""

from __future__ import annotations

import pytest

from dispatch.board import CLOSED, exactly
from dispatch.records import Flag
from tests.ui.boards import MINUTE, NOW, board_of, put, site
from ui.queue.selection import Selection


async def nobody_asked(text: str) -> list[int]:
    raise AssertionError(f"no search was expected, but {text!r} was looked for")


@pytest.fixture
def make(clock, zone):
    clock.set(NOW)

    def selection(*rows, search=nobody_asked):
        return Selection(board_of(*rows), clock=clock, zone=zone, search=search)

    return selection


def shown(selection):
    return set(selection.board.site_id[selection.mask].tolist())


def test_narrowing_shows_only_what_was_asked_and_says_so(make):
    selection = make(site(1, band=2), site(2, band=4, first_min=200))
    heard = []
    selection.narrowed.connect(lambda: heard.append(shown(selection)))

    selection.narrow(bands=frozenset({2}))

    assert heard == [{1}]
    assert [crumb.label for crumb in selection.crumbs()] == ["P2", "Not closed"]


def test_s5_a_filter_that_hides_a_p1_counts_it_outside(make):
    selection = make(site(1, band=1), site(2, band=4, category="fence"))

    selection.narrow(categories=frozenset({"fence"}))

    assert shown(selection) == {2}
    assert selection.outside.size == 1


def test_s5_p_shows_the_hidden_p1_even_snoozed_or_set_aside_and_the_crumb_leads_back(make):
    selection = make(
        site(1, band=1, snoozed_until=NOW + MINUTE),
        site(2, band=1, flags=int(Flag.SET_ASIDE)),
        site(3, band=4),
    )
    selection.narrow(bands=frozenset({4}))

    selection.show_outside()
    assert shown(selection) == {1, 2}

    selection.clear("only_ids")
    assert shown(selection) == {3}


def test_s5_a_brush_that_ends_at_now_follows_now(make, clock):
    selection = make(site(1, first_min=10))
    selection.brush(NOW - 60 * MINUTE, NOW)

    clock.advance(minutes=5)
    selection.take(put(selection.board, site(2, first_at=clock.now())))

    assert shown(selection) == {1, 2}
    assert selection.crumbs()[0].label == "13:32 – now"


def test_a_brush_that_ends_earlier_stays_where_it_is(make):
    selection = make(site(1, first_min=10), site(2, first_min=100))

    selection.brush(NOW - 120 * MINUTE, NOW - 60 * MINUTE)

    assert shown(selection) == {2}
    assert selection.crumbs()[0].label == "12:32 – 13:32"


def test_a_snoozed_site_comes_back_by_itself(make, clock):
    selection = make(site(1, snoozed_until=NOW + MINUTE))
    assert shown(selection) == set()

    clock.advance(minutes=2)
    selection.wake(clock.now())

    assert shown(selection) == {1}


def test_a_text_search_narrows_to_what_the_store_found(make, run):
    async def search(text):
        return [2] if text == "oak" else []

    selection = make(site(1), site(2), search=search)

    async def look():
        await selection.look_for("oak")

    run(look())

    assert shown(selection) == {2}
    selection.clear("text")
    assert shown(selection) == {1, 2}


def test_only_the_last_search_counts(make, run):
    import asyncio

    first_may_answer = asyncio.Event()

    async def search(text):
        if text == "o":
            await first_may_answer.wait()
            return [1]
        return [2]

    selection = make(site(1), site(2), search=search)

    async def type_on():
        selection.look_for("o")
        last = selection.look_for("oa")
        first_may_answer.set()
        await last

    run(type_on())

    assert shown(selection) == {2}


def test_a_failed_search_says_so_and_leaves_the_view(make, run, expect_warning):
    expect_warning("The text search failed")

    async def search(_text):
        raise OSError("disk I/O error")

    selection = make(site(1), search=search)
    said = []
    selection.search_failed.connect(said.append)

    async def look():
        await selection.look_for("oak")

    run(look())

    assert said == ["disk I/O error"]
    assert shown(selection) == {1}


def test_acts_are_about_the_ticked_sites_else_the_current_one(make):
    selection = make(site(1), site(2), site(3))
    selection.go(3)
    assert selection.targets() == (3,)

    selection.tick([2, 1], True)
    assert selection.targets() == (1, 2)


def test_sites_without_a_place_are_shown_and_put_away_by_the_same_call(make):
    selection = make(site(1), site(2, lat=None, lng=None), site(3, lat=None, lng=None, band=1))

    assert selection.not_on_map() == 2
    selection.show_not_on_map()
    assert shown(selection) == {2, 3}
    selection.show_not_on_map()
    assert shown(selection) == {1, 2, 3}


def test_s11_sites_whose_place_is_in_doubt_can_be_shown_alone(make):
    selection = make(site(1, flags=int(Flag.PLACE_DOUBT)), site(2), site(3, lat=None, lng=None))

    selection.narrow(place_doubt=True)

    assert shown(selection) == {1}
    assert "Place in doubt" in [crumb.label for crumb in selection.crumbs()]


def test_the_sites_behind_a_number_are_shown_whatever_became_of_them_and_one_step_leads_back(make):
    selection = make(
        site(1, state=CLOSED),
        site(2, snoozed_until=NOW + MINUTE),
        site(3, flags=int(Flag.SET_ASIDE)),
        site(4),
    )

    selection.show(exactly({1, 2, 3}, "14:00–15:00"))

    assert shown(selection) == {1, 2, 3}
    assert [crumb.label for crumb in selection.crumbs()] == ["14:00–15:00"]
    selection.clear("sites")
    assert shown(selection) == {4}
