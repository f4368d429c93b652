"""The weather on the map over a real seat and the exercise's services: lines, areas, hover, drops."""

from __future__ import annotations

from dataclasses import replace

from dispatch.geo.projection import to_mercator
from dispatch.store import log
from tests.city import City
from tests.conftest import LANDFALL
from tests.dispatch.feeds.alerts import FILES, MINUTE
from tests.dispatch.feeds.test_desk import MILTON, alert, post
from ui.weather_words import advisory_words

IN_CITY = (27.77, -82.66)


def test_feeds_that_are_not_set_say_not_loaded_and_draw_nothing(weather_seat):
    here = weather_seat()

    assert "Weather alerts (not loaded)" in here.box_words()
    assert "Storm forecast (not loaded)" in here.box_words()
    assert here.lines() == []


def test_the_advisory_in_force_is_named_with_its_time_and_age(weather_seat, tmp_path):
    with City(tmp_path / "irma", "irma", options=["--to=2017-08-30T00:00:00-04:00"]) as irma:
        here = weather_seat(nhc_url=f"{irma.feeds_url}/nhc/CurrentStorms.json")
        assert here.lines() == ["Hurricane center: not read yet"]
        here.ask("nhc")

    assert here.lines() == ["Irma advisory 49, 5:00 AM EDT, 5 h 30 ago"]
    assert "Storm forecast" in here.box_words()
    assert not here.view.layer_box.weather.warns
    here.clock.advance(hours=3, minutes=40)
    here.weather._tick()
    assert here.lines() == ["Irma advisory 49, 5:00 AM EDT, stale: 9 h 10 old"]
    assert here.view.layer_box.weather.warns


def test_the_forecast_point_under_the_pointer_says_when_and_which_advisory(weather_seat, tmp_path):
    with City(tmp_path / "irma", "irma", options=["--to=2017-08-30T00:00:00-04:00"]) as irma:
        here = weather_seat(nhc_url=f"{irma.feeds_url}/nhc/CurrentStorms.json")
        here.ask("nhc")
    (advisory,) = here.parts.feed_timer.weather.advisories
    point = advisory.points[1]
    x, y = to_mercator(point.lng, point.lat)
    here.view.look_at(float(x), float(y), level=16)

    assert here.hover(point.lat, point.lng) == [
        "Irma, expected 2:00 PM EDT",
        f"{point.wind_kt} kt",
        advisory_words(advisory, LANDFALL, here.bridge.zone),
    ]


def test_an_alert_is_drawn_over_its_zone_and_says_what_until_when(weather_seat, city):
    row = alert("a", event="Tornado Warning", severity="Extreme", headline="Take cover now")
    row["geometry"] = None
    post(city, row)
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    before = here.view.grab().toImage()
    here.ask("nws")
    here.view.look_at(*map(float, to_mercator(-82.66, 27.85)), level=21)
    after = here.view.grab().toImage()

    assert before != after
    assert here.lines() == ["Weather alerts: 1 here, read just now"]
    assert here.hover(*IN_CITY) == ["Tornado Warning · extreme", "Until 12:30", "Take cover now"]


def test_a_new_warning_that_cannot_wait_is_said_once_for_all_its_updates(weather_seat, city):
    vtec = {"VTEC": ["/O.NEW.KTBW.TO.W.0041.170911T1430Z-170911T1500Z/"]}
    post(city, alert("a", event="Tornado Warning", parameters=vtec), alert("b", event="Flood Advisory"))
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    here.ask("nws")
    assert here.said == [("Tornado Warning until 12:30: Pinellas, FL.", True)]

    update = {"VTEC": ["/O.CON.KTBW.TO.W.0041.000000T0000Z-170911T1500Z/"]}
    later = alert("c", minute=5, event="Tornado Warning", messageType="Update", parameters=update)
    city.clock(forward_s=300)
    here.clock.advance(minutes=5)
    post(city, later)
    here.ask("nws")
    assert len(here.said) == 1
    assert [each.in_force.alert.alert_id for each in here.parts.feed_timer.weather.alerts] == ["c", "b"]


def test_a_flash_flood_emergency_is_said_as_one(weather_seat, city):
    post(city, alert("a", parameters={"flashFloodDamageThreat": ["CATASTROPHIC"]}))
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    here.ask("nws")

    assert here.said == [("Flash Flood Warning EMERGENCY until 12:30: Pinellas, FL.", True)]


def test_a_warning_elsewhere_is_on_the_map_and_interrupts_nobody(weather_seat, city):
    row = alert("a", event="Tornado Warning", affectedZones=[], geocode={"UGC": ["FLC086"]})
    row["geometry"] = None
    post(city, row)
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    here.ask("nws")

    assert here.said == []
    assert here.lines() == ["Weather alerts: 0 here of 1, read just now"]


def test_alerts_that_could_not_be_read_anew_say_that_they_are_stale(weather_seat, city):
    post(city, alert("a"))
    here = weather_seat(nws_url=f"{city.feeds_url}/nws")
    here.ask("nws")
    state = here.parts.feeds._state
    state["nws"] = replace(state["nws"], read_at=state["nws"].read_at - 11 * MINUTE)
    here.tell()

    assert here.lines() == ["Weather alerts: 1 here, stale: 11 min old"]
    assert here.view.layer_box.weather.warns
    here.view.layer_box.show_rows(False)
    assert not here.view.layer_box.weather.isHidden()


def test_a_file_dropped_on_the_map_is_taken_logged_and_shown(weather_seat, clock):
    clock.set(MILTON)
    here = weather_seat()
    here.drop(FILES / "nws_pinellas_milton.json")

    assert ("Taken: 8 weather alerts; those in force are on the map.", False) in here.said
    assert here.lines()[0].startswith("Weather alerts: 8 here, kept")
    with here.parts.store.reading() as connection:
        assert log.verify(connection).is_intact


def test_a_broken_file_dropped_on_the_map_ends_in_one_sentence(weather_seat, tmp_path):
    path = tmp_path / "alerts.json"
    path.write_bytes(b'{"type":"FeatureCollection","title":"https://api.weather.gov/alerts",')
    here = weather_seat()
    here.drop(path)

    assert here.said == [("alerts.json is damaged: it is no whole JSON.", True)]
    assert here.parts.feeds.kept.arrivals()[0].refused


def test_a_file_that_is_no_weather_opens_the_import_of_layers(weather_seat, tmp_path):
    path = tmp_path / "zones.geojson"
    path.write_text('{"type":"FeatureCollection","features":[]}')
    here = weather_seat()
    here.drop(path)

    assert here.opened == [str(path)]
