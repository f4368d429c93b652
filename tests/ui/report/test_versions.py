"""Versions of the report on a real console: kept, reviewed, published, frozen, corrected."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Band, VersionState
from tests.city import City

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def city(tmp_path, clock):
    with City(tmp_path / "city", storm="irma") as running:
        clock.set(int(datetime.fromisoformat(running.clock()["now"]).timestamp() * 1000))
        yield running


@pytest.fixture
def one(real_over):
    found = real_over()
    found.said = []
    found.bridge.said.connect(lambda words, _alarm: found.said.append(words))
    found.window.go_to("report")
    settled(found)
    return found


def settled(one) -> None:
    screen = one.console.report
    one.wait(lambda: screen.look is not None and screen.is_at_rest)


def confirmed(one) -> None:
    one.wait(lambda: one.sheets.current is not None)
    one.sheets.current.confirm()
    one.wait(lambda: one.sheets.current is None)
    one.wait(lambda: one.console.report.versions.is_at_rest)


def kept(one, why: str = "") -> None:
    one.key(Key.Key_V, ALT)
    one.sheets.current.fields["why"].show_value(why)
    confirmed(one)


def press(one, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """A key by itself: three in a breath would be a word (S12)."""
    one.window.keys._presses.clear()
    one.key(key, *held)


def published(one, why: str = "") -> None:
    kept(one, why)
    press(one, Key.Key_2)
    versions = one.console.report.versions
    one.wait(lambda: versions.is_at_rest and versions.versions and not versions.versions[0].number)
    press(one, Key.Key_R)
    confirmed(one)
    one.wait(lambda: versions.current().state is VersionState.REVIEWED)
    press(one, Key.Key_P, SHIFT)
    confirmed(one)
    one.wait(lambda: versions.current().state is VersionState.PUBLISHED)


def test_a_working_copy_is_reviewed_and_published_by_keys_alone(one) -> None:
    digest = one.console.report.look.snapshot.version
    published(one, "First morning, for the county")
    [version] = one.console.report.versions.versions
    assert (version.number, version.digest, version.why) == (1, digest, "First morning, for the county")
    assert version.reviewed.person == version.made.person, "and it says so"
    assert one.console.report.versions.table.rows[0].cells[0].text == "Version 1"


def test_it_is_not_published_before_somebody_reviewed_it(one) -> None:
    kept(one)
    press(one, Key.Key_2)
    versions = one.console.report.versions
    one.wait(lambda: versions.is_at_rest and versions.versions)
    press(one, Key.Key_P, SHIFT)
    assert one.sheets.current is None and one.said[-1] == "Somebody reviews it first: R."


def test_a_published_one_says_for_ever_what_it_said_and_a_correction_what_changed(one) -> None:
    screen = one.console.report
    published(one)
    first = screen.versions.versions[0]
    site = int(one.bridge.board.site_id[one.bridge.board.is_open()][0])
    one.room.desk.set_band(site, Band.P1)
    before = screen.look
    press(one, Key.Key_1)
    press(one, Key.Key_R, ALT)
    one.wait(lambda: screen.look is not before)
    settled(one)
    assert [table.title for table in screen.look.snapshot.tables if "since" in table.title]
    published(one, "One site is life safety")
    second = screen.versions.versions[0]
    assert (second.number, second.replaces) == (2, 1) and second.digest != first.digest

    screen.versions.table.go(1)
    before = screen.look
    press(one, Key.Key_Return)
    one.wait(lambda: screen.look is not before)
    settled(one)
    assert screen.look.snapshot.version == first.digest and screen.look.snapshot.edition.number == 1
    assert screen.head_words().startswith("Version 1 · ")
    one.key(Key.Key_V, ALT)
    assert one.sheets.current is None and "kept already" in one.said[-1]


def test_a_second_working_copy_of_the_same_count_is_refused_in_the_sheet(one) -> None:
    kept(one)
    one.key(Key.Key_V, ALT)
    sheet = one.sheets.current
    sheet.confirm()
    one.wait(lambda: sheet.trouble())
    assert "already" in sheet.trouble() and one.sheets.current is sheet


def test_what_was_discarded_stays_in_the_list_and_goes_no_further(one) -> None:
    kept(one)
    press(one, Key.Key_2)
    versions = one.console.report.versions
    one.wait(lambda: versions.is_at_rest and versions.versions)
    press(one, Key.Key_X, SHIFT)
    confirmed(one)
    one.wait(lambda: versions.current().state is VersionState.DISCARDED)
    press(one, Key.Key_R)
    assert one.said[-1] == "It was discarded: count again."


def test_an_empty_list_says_how_a_version_comes_to_be(one) -> None:
    press(one, Key.Key_2)
    versions = one.console.report.versions
    one.wait(lambda: versions.is_at_rest)
    assert versions.table.said() == "None yet: Alt+V keeps what is counted."
