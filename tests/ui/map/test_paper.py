"""The map on paper and as a file: what must stand beside it, what must stay in the room."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace

import pypdfium2
import pytest
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog

from dispatch import assembly, settings
from dispatch.records import Flag
from tests.ui.map.conftest import FOLDER, HELPER, HOME, site
from ui.bridge import Bridge
from ui.map.paper_menu import PaperMenu
from ui.map.view import MapView
from ui.theme import PaperTheme

DOWNTOWN = (27.7710, -82.6390)
ELSEWHERE = (27.7560, -82.7010)


class Seat:
    """A map and its paper over a seat's own folder, as the console puts them together."""

    def __init__(self, folder, clock, qtbot, theme, select, rows, *, is_exercise) -> None:
        self.parts = assembly.build(
            folder=folder,
            settings=replace(settings.load(folder), person="Sam Reyes", seat="Seat 2"),
            clock=clock,
            storm=assembly.Storm("Hurricane Test", is_exercise=is_exercise),
        )
        self.bridge = Bridge(self.parts)
        self.said: list[tuple[str, bool]] = []
        self.bridge.said.connect(lambda *said: self.said.append(said))
        self.view = MapView(
            selection=select(rows),
            theme=theme,
            folder=FOLDER,
            home=HOME,
            tiles_dir=folder / "tiles",
            command=HELPER,
        )
        qtbot.addWidget(self.view)
        self.view.resize(900, 700)
        self.view.show()
        self.view.grab()
        self.paper = PaperMenu(bridge=self.bridge, view=self.view, parent=self.view)

    def close(self) -> None:
        self.view.close_tiles()
        self.parts.close()


@pytest.fixture
def open_seat(tmp_path, clock, qtbot, theme, select, loop):
    asyncio.set_event_loop(loop)
    seats = []

    def make(*rows, is_exercise=True) -> Seat:
        seats.append(Seat(tmp_path, clock, qtbot, theme, select, rows, is_exercise=is_exercise))
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()
    asyncio.set_event_loop(None)


def words_of(pdf) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_range().split())
    finally:
        document.close()


def secret(site_id, lat, lng, **more):
    return site(site_id, lat, lng, **more)._replace(flags=int(Flag.RESTRICTED))


def test_the_pdf_says_what_it_shows_from_when_and_whose(open_seat, tmp_path, run):
    seat = open_seat(site(1, *DOWNTOWN, band=1), site(2, *ELSEWHERE, band=3), site(3, None, None, band=1))
    seat.view.selection.narrow(bands=frozenset({1}))

    run(seat.paper.save(seat.paper.page(), tmp_path / "map.pdf"))

    said = words_of(tmp_path / "map.pdf")
    assert "Hurricane Test · map of sites" in said
    assert "P1 life 2" in said and "P3 damage 0" in said
    assert "Filters: P1 · Not closed" in said
    assert "Data of " in said and "not in step with the 311 server" in said
    assert "Saved or printed " in said
    assert "without a place on the map: 1" in said
    assert "Reported by residents and staff, not assessed." in said
    assert "Info" not in said
    assert "U.S. Census" in said
    assert seat.said == [(f"Map saved as {tmp_path / 'map.pdf'}", False)]


@pytest.mark.parametrize("is_exercise", [True, False])
def test_an_exercise_is_marked_on_the_page_and_in_the_name_s18(open_seat, tmp_path, run, is_exercise):
    seat = open_seat(site(1, *DOWNTOWN), is_exercise=is_exercise)

    run(seat.paper.save(seat.paper.page(), tmp_path / "map.pdf"))

    assert ("EXERCISE" in words_of(tmp_path / "map.pdf")) is is_exercise
    assert seat.paper.file_name().startswith("EXERCISE_map-") is is_exercise


def test_a_restricted_site_is_counted_by_neighborhood_and_not_drawn_s15(open_seat):
    open_site = site(1, *ELSEWHERE, band=3)
    with_secret = open_seat(open_site, secret(2, *DOWNTOWN, band=1))
    view = with_secret.view
    view.selection.go(2)

    page = with_secret.paper.page()
    view.selection.narrow(bands=frozenset({3}))
    without = with_secret.paper.page()

    assert "Counted but not drawn, restricted (1): P1 Childs Park 1" in page.lines
    assert not any("restricted" in line for line in without.lines)
    assert page.counts[1] == 1
    assert page.picture == without.picture
    assert not any("11th Ave" in line for line in page.lines)


def test_the_words_of_a_search_stay_in_the_room_s15(open_seat, run):
    seat = open_seat(site(1, *DOWNTOWN))

    async def search():
        await seat.view.selection.look_for("Mrs Alvarez oxygen")

    run(search())

    assert "Filters: a word search · Not closed" in seat.paper.page().lines


def test_a_png_holds_the_map_with_its_heading_and_foot(open_seat, tmp_path, run):
    seat = open_seat(site(1, *DOWNTOWN))
    page = seat.paper.page()

    run(seat.paper.save(page, tmp_path / "map"))

    image = QImage(str(tmp_path / "map.png"))
    assert image.size() == (page.size(PaperTheme()) * 2).toSize()
    assert image.height() > 2 * seat.view.height()


def test_a_file_that_cannot_be_written_is_said_and_the_old_one_stays(open_seat, tmp_path, run):
    seat = open_seat(site(1, *DOWNTOWN))
    page = seat.paper.page()
    taken = tmp_path / "map.png"
    taken.mkdir()

    run(seat.paper.save(page, taken))
    run(seat.paper.save(page, tmp_path / "gone" / "map.png"))

    assert all(is_alarm for _, is_alarm in seat.said)
    assert seat.said[0][0].startswith("map.png was not saved: ")
    assert seat.said[1][0].endswith(f"the folder {tmp_path / 'gone'} is not there. Choose another one.")
    assert taken.is_dir()
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_a_dim_room_still_prints_on_light_paper(open_seat, theme, tmp_path, run):
    theme.set("dim")
    try:
        seat = open_seat(site(1, *DOWNTOWN))
        run(seat.paper.save(seat.paper.page(), tmp_path / "map.png"))
        assert QImage(str(tmp_path / "map.png")).pixelColor(4, 4).name() == PaperTheme().palette.card
    finally:
        theme.set("light")


def test_printing_sends_one_page_and_says_so(open_seat, tmp_path, run):
    seat = open_seat(site(1, *DOWNTOWN))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))

    run(seat.paper.print(seat.paper.page(), printer))

    assert "EXERCISE" in words_of(tmp_path / "printed.pdf")
    assert seat.said == [("Map sent to the printer.", False)]


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_does_not_answer_is_said(open_seat, tmp_path, run):
    seat = open_seat(site(1, *DOWNTOWN))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "gone" / "printed.pdf"))

    run(seat.paper.print(seat.paper.page(), printer))

    assert seat.said[0][1] and "was not printed" in seat.said[0][0]


def test_the_command_opens_a_dialog_with_a_name_and_saves_what_was_shown_then(
    open_seat, tmp_path, qtbot, run
):
    seat = open_seat(site(1, *DOWNTOWN))
    seat.paper.ask_where()
    dialog = seat.view.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(seat.paper.file_name())
    seat.view.selection.narrow(bands=frozenset({1}))

    dialog.fileSelected.emit(str(tmp_path / "map.pdf"))
    dialog.close()

    async def saved():
        while not seat.said:
            await asyncio.sleep(0.01)

    run(saved())
    assert "Filters: Not closed" in words_of(tmp_path / "map.pdf")


def test_printing_asks_which_printer(open_seat):
    seat = open_seat(site(1, *DOWNTOWN))

    seat.paper.ask_printer()

    dialog = seat.view.findChild(QPrintDialog)
    assert dialog.printer().docName().startswith("EXERCISE_map-")
    dialog.close()
