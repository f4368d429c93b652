"""The list of the weather in force, and taking a file there or where layers are imported."""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.dispatch.feeds.alerts import FILES, HOUR
from tests.dispatch.feeds.test_desk import MILTON, alert, post
from tests.ui.map.test_weather import IN_CITY


def test_the_sheet_lists_what_is_in_force_and_how_the_feeds_do(weather_seat, city):
    rows = [
        alert("a", event="Hurricane Warning", severity="Extreme", areaDesc="Pinellas"),
        alert("b", event="Hurricane Warning", severity="Extreme", areaDesc="Coastal Hillsborough"),
        alert("c", event="Flood Watch", affectedZones=["https://api.weather.gov/zones/forecast/FLZ007"]),
    ]
    rows[2]["geometry"], rows[2]["properties"]["geocode"] = None, {}
    post(city, *rows)
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    here.ask("nws")
    sheet = here.sheets.open("weather")
    said = sheet.text()

    assert "Alerts here: 3" in said
    assert said.count("Hurricane Warning · extreme") == 1
    assert "Pinellas, Coastal Hillsborough" in said
    assert "covers 1 zone not on this map: FLZ007" in said
    assert "Hurricane center. Not loaded: set feeds.nhc_url, or take a file." in said


def test_the_sheet_takes_a_file_by_keyboard_alone(weather_seat, clock, qtbot):
    clock.set(MILTON - 12 * HOUR)
    here = weather_seat()
    sheet = here.sheets.open("weather")
    sheet._take_path(str(FILES / "nhc_milton_fstadv_016.txt"))
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    here.until(lambda: here.sheets.current is None)
    here.tell()

    assert here.lines()[0].startswith("Milton advisory 16, ")
    assert here.hover(*IN_CITY) == []


def test_a_weather_file_chosen_among_the_layers_is_taken_as_weather(weather_seat, clock):
    clock.set(MILTON)
    here = weather_seat()
    sheet = here.sheets.open("import_layer")
    sheet.take_path(str(FILES / "nws_pinellas_milton.json"))
    here.until(lambda: here.sheets.current is None)
    here.tell()

    assert here.lines()[0].startswith("Weather alerts: 8 here")
    assert here.parts.layer_desk.folder.layers() == ()


def test_a_file_that_is_no_weather_is_refused_with_the_way_to_go(weather_seat, tmp_path, qtbot):
    path = tmp_path / "zones.csv"
    path.write_text("name,lat,lng\na,27.7,-82.6\n")
    here = weather_seat()
    sheet = here.sheets.open("weather")
    sheet._take_path(str(path))
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    here.until(lambda: sheet.trouble())

    assert sheet.trouble() == "zones.csv is no weather: Shift+L imports it as a map layer."


def test_the_row_of_a_feed_that_is_not_loaded_leads_to_the_weather(real_over, qtbot):
    console = real_over()
    row = console.console.map.layer_box._ticks["weather_alerts"]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)

    assert row.text() == "Weather alerts (not loaded)"
    assert console.sheets.current.NAME == "weather"
    assert "Not loaded: set feeds.nws_url, or take a file." in console.sheets.current.text()
