"""The papers for outreach, by keyboard on a real console."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from tests.dispatch.reports.read_pdf import pages_of
from tests.ui.neighborhoods.test_neighborhoods import QUIET, Screen, loaded, storm  # noqa: F401  fixtures

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def shown(monkeypatch):
    paths = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: paths.append(url.toLocalFile()))
    return paths


@pytest.fixture
def screen(real_over, city, loaded, shown):  # noqa: F811
    for n in range(3):
        city.add_report(f"Oak {n}", lat=27.7505 + n * 0.0007, lng=-82.6846)
    made = Screen(real_over())
    made.open()
    return made


def said(screen):
    sentences = []
    screen.one.bridge.said.connect(lambda words, _is_alarm: sentences.append(words))
    return sentences


def printed(screen):
    return sorted(path.name for path in (screen.one.room.parts.folder / "print").glob("*.pdf"))


def test_ctrl_p_prints_the_chosen_area_with_the_screens_numbers_beside_the_window(screen, shown, monkeypatch):
    view, sentences, lanes = screen.view, said(screen), []
    papers = screen.one.room.parts.outreach_papers
    sheet = papers.sheet
    monkeypatch.setattr(
        papers, "sheet", lambda *asked: lanes.append(threading.current_thread().name) or sheet(*asked)
    )
    place = max(range(len(view.found.places)), key=lambda each: view.found.reports[each])
    assert view.found.reports[place] == 3
    view.choose(place)

    screen.one.key(Qt.Key.Key_P, CTRL)
    screen.one.wait(lambda: shown)

    [text] = pages_of(Path(shown[0]).read_bytes())
    assert f"What was reported in {view.found.places[place].name}" in text
    assert "Reports 3 " in text and f"Per 1,000 residents {view.found.per_1000[place]:.1f} " in text
    assert "EXERCISE · EXERCISE" in text
    assert [shown[0]] == [words.removeprefix("Neighborhood sheet saved as ") for words in sentences]
    assert lanes[0].startswith("network")


def test_alt_c_prints_the_rack_card_and_says_what_no_speaker_has_read(screen, shown):
    sentences = said(screen)

    screen.one.key(Qt.Key.Key_C, ALT)
    screen.one.wait(lambda: shown)

    assert printed(screen) == ["EXERCISE_rack-card_City-of-St-Petersburg.pdf"]
    assert sentences == [f"Rack card saved as {shown[0]}. Not yet read by a speaker: Español."]
    assert len(pages_of(Path(shown[0]).read_bytes())) == 2


def test_the_keys_print_nothing_elsewhere_nor_over_a_sheet(screen, shown):
    screen.one.key(Qt.Key.Key_N, CTRL)
    assert screen.console.sheets.current is not None
    screen.one.key(Qt.Key.Key_P, CTRL)
    screen.console.sheets.close()
    screen.window.go_to("queue")

    screen.one.key(Qt.Key.Key_P, CTRL)
    screen.one.key(Qt.Key.Key_C, ALT)

    assert screen.view.printing.is_at_rest and not shown


def test_outside_every_area_the_screen_says_why_there_is_no_sheet(screen, shown):
    sentences = said(screen)
    screen.view.choose(len(screen.view.found.places) - 1)

    screen.one.key(Qt.Key.Key_P, CTRL)
    screen.one.wait(lambda: sentences)

    assert sentences[0].startswith("Choose a neighborhood") and not shown and printed(screen) == []
