"""Saved views: what of the filters is kept, and how the settings hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.board import Filters
from dispatch.errors import SettingsBroken
from dispatch.saved_views import HOUR_MS, SavedView, keep_views, read_views, view_of
from dispatch.settings import FILE, load

NOW = 1_505_154_720_000


def test_a_view_comes_back_from_the_settings_as_it_was_kept(tmp_path: Path) -> None:
    filters = Filters(
        bands=frozenset({1, 2}), hoods=frozenset({"Shore Acres"}), text="wire", with_closed=True
    )
    views = [view_of("Wires, north", "Alt+1", filters, NOW), SavedView("All")]

    keep_views(tmp_path, "A. Ortiz", views)

    assert read_views(load(tmp_path).views["A. Ortiz"]) == [SavedView("All"), views[0]]
    assert views[0].filters_at(NOW, "A. Ortiz") == filters


def test_each_person_has_views_of_their_own_and_other_settings_stay(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('# by hand\n[seat]\nperson = "A. Ortiz"\n', "utf-8")
    keep_views(tmp_path, "A. Ortiz", [SavedView("Mine", is_mine=True)])
    keep_views(tmp_path, "B. Lee", [SavedView("Theirs")])

    said = (tmp_path / FILE).read_text("utf-8")
    assert said.startswith('# by hand\n[seat]\nperson = "A. Ortiz"\n')
    assert set(load(tmp_path).views) == {"A. Ortiz", "B. Lee"}


def test_a_removed_view_is_gone_from_the_settings(tmp_path: Path) -> None:
    keep_views(tmp_path, "A. Ortiz", [SavedView("One"), SavedView("Two")])
    keep_views(tmp_path, "A. Ortiz", [SavedView("Two")])

    assert [view.name for view in read_views(load(tmp_path).views["A. Ortiz"])] == ["Two"]


def test_hours_up_to_now_go_on_with_the_clock_and_others_are_not_kept() -> None:
    following = view_of("v", "", Filters(since=NOW - 2 * HOUR_MS - 5), NOW)
    over = view_of("v", "", Filters(since=NOW - 9 * HOUR_MS, until=NOW - 8 * HOUR_MS), NOW)

    assert following.filters_at(NOW + HOUR_MS, "") == Filters(since=NOW - 2 * HOUR_MS)
    assert over.filters_at(NOW, "") == Filters()


def test_what_names_single_sites_is_not_kept() -> None:
    chosen = Filters(
        sites=frozenset({1}), only_ids=frozenset({2}), found=frozenset({3}), bands=frozenset({1})
    )

    assert view_of("v", "", chosen, NOW).filters == Filters(bands=frozenset({1}))


def test_claimed_by_me_is_whoever_opens_it() -> None:
    view = view_of("v", "", Filters(claimed_by="A. Ortiz"), NOW)

    assert view.filters_at(NOW, "B. Lee").claimed_by == "B. Lee"


def test_values_of_the_wrong_kind_written_by_hand_are_left_out() -> None:
    told = {"Odd": {"bands": [1, "2", 9], "text": 5, "hoods": "x", "with_closed": "yes", "last_h": -1}}

    assert read_views(told) == [SavedView("Odd", filters=Filters(bands=frozenset({1})))]


def test_views_that_are_no_tables_are_refused_with_line_and_way_out(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('[views]\n"A. Ortiz" = "wires"\n', "utf-8")

    with pytest.raises(SettingsBroken, match=r"views must be a table for each person"):
        load(tmp_path)
