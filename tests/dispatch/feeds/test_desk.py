"""Asking the services over real HTTP, taking files, keeping what came, and starting again."""

from __future__ import annotations

import asyncio
import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
import requests

from dispatch.clock import WallClock
from dispatch.errors import FeedRefused, LandfallError
from dispatch.feeds.desk import Feeds
from dispatch.feeds.kept import KeptFiles
from dispatch.feeds.records import Status
from dispatch.feeds.sniff import NHC, NWS
from dispatch.feeds.timer import LONGEST_WAIT_S, FeedTimer
from dispatch.feeds.times import from_iso
from dispatch.feeds.weather import ADVISORY_STALE_MS, alerts_stale_ms, is_stale_advisory
from dispatch.geo.folder import GeoFolder
from dispatch.http import HttpDoor
from dispatch.records import Actor
from dispatch.resources import resource
from dispatch.store import log
from dispatch.store.store import open_store
from tests.city import City
from tests.conftest import LANDFALL, StillClock
from tests.dispatch.feeds.alerts import FILES, HOUR, MINUTE

BOX = (-82.80, 27.60, -82.54, 27.90)
MILTON = from_iso("2024-10-09T20:50:15+00:00")


@pytest.fixture
def wall():
    return StillClock(WallClock().now())


@pytest.fixture
def make(tmp_path, clock, wall):
    """`make(nws_url=…)` is a seat's feeds over one folder; made again, as after a restart."""
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=clock)
    doors = []

    def build(**given):
        doors.append(HttpDoor(name="The weather service", connect_s=2))
        return Feeds(
            folder=tmp_path / "weather",
            geo=GeoFolder(resource("geo"), "st-petersburg"),
            box=BOX,
            door=doors[-1],
            store=store,
            actor=lambda: Actor("storm", "Sam Reyes", "Operator", "Seat 2"),
            clock=clock,
            wall_clock=wall,
            **given,
        )

    yield build
    for door in doors:
        door.close()
    store.close()


@pytest.fixture
def irma(tmp_path):
    with City(tmp_path / "irma", "irma", options=["--to=2017-08-30T00:00:00-04:00"]) as running:
        yield running


def nhc_of(city):
    return f"{city.feeds_url}/nhc/CurrentStorms.json"


def alert(number, *, minute=0, lasts_h=2, **said):
    """An alert of the exercise's hour, as api.weather.gov gives it."""
    row = orjson.loads((FILES / "nws_pinellas_milton.json").read_bytes())["features"][0]
    sent = LANDFALL + minute * MINUTE
    times = {"sent": sent, "effective": sent, "onset": sent, "expires": sent + lasts_h * HOUR, "ends": None}
    row["properties"] |= {"id": number, "parameters": {}, **said}
    row["properties"] |= {name: at and iso(at) for name, at in times.items()}
    return row


def iso(at):
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def post(city, *alerts):
    answer = requests.post(f"{city.feeds_url}/nws", json={"features": list(alerts)}, timeout=20)
    assert answer.status_code == 201


def files(feeds):
    return sorted(path.name for path in feeds.kept.root.glob("*.gz"))


def test_nothing_is_loaded_where_nothing_is_set(make):
    weather = make().weather()

    assert not weather.nws.is_set
    assert not weather.nws.is_loaded
    assert not weather.nhc.is_loaded
    assert weather.alerts == weather.advisories == ()


def test_the_advisory_of_the_storms_hour_comes_over_http(make, irma, clock):
    feeds = make(nhc_url=nhc_of(irma))
    feeds.ask(NHC)
    (first,) = feeds.weather().advisories
    irma.clock(forward_s=3600)
    clock.advance(hours=1)
    feeds.ask(NHC)
    (second,) = feeds.weather().advisories

    assert (first.name, first.number, first.issued_at) == ("Irma", "49", from_iso("2017-09-11T09:00:00Z"))
    assert first.track
    assert first.cone
    assert (second.number, second.issued_at) == ("50", from_iso("2017-09-11T15:00:00Z"))


def test_an_advisory_is_stale_after_six_hours_and_a_half(make, irma):
    feeds = make(nhc_url=nhc_of(irma))
    feeds.ask(NHC)
    (advisory,) = feeds.weather().advisories

    assert not is_stale_advisory(advisory, advisory.issued_at + ADVISORY_STALE_MS)
    assert is_stale_advisory(advisory, advisory.issued_at + 9 * HOUR)


def test_a_package_is_fetched_once_and_the_list_only_when_it_changed(make, irma):
    feeds = make(nhc_url=nhc_of(irma))
    feeds.ask(NHC)
    before = files(feeds)
    feeds.ask(NHC)

    assert len(before) == 2
    assert files(feeds) == before


def test_alerts_come_over_http_with_the_shape_of_their_zones(make, city):
    row = alert("a", event="Tornado Warning")
    row["geometry"] = None
    post(city, row)
    feeds = make(nws_url=f"{city.feeds_url}/nws")
    feeds.ask(NWS)
    (shown,) = feeds.weather().alerts

    assert shown.is_here
    assert shown.is_extreme
    assert shown.cover.shape.area > 0
    assert feeds.weather().nws.is_loaded


def test_what_the_service_no_longer_lists_is_gone_and_what_runs_out_goes_without_it(make, city, clock):
    post(city, alert("a", lasts_h=1), alert("b"))
    feeds = make(nws_url=f"{city.feeds_url}/nws")
    feeds.ask(NWS)
    clock.advance(hours=1)
    assert [each.in_force.alert.alert_id for each in feeds.weather().alerts] == ["b"]

    requests.post(f"{city.feeds_url}/nws", json={"clear": True}, timeout=20)
    city.clock(forward_s=3600)
    feeds.ask(NWS)
    assert feeds.weather().alerts == ()
    assert feeds.weather().nws.is_loaded


def test_an_alert_made_for_an_exercise_shows_in_an_exercise_alone(make, city):
    post(city, alert("a", status="Exercise"), alert("b", status="Test"))
    real = make(nws_url=f"{city.feeds_url}/nws")
    real.ask(NWS)
    drill = make(nws_url=f"{city.feeds_url}/nws", statuses=(Status.ACTUAL, Status.EXERCISE))
    drill.ask(NWS)

    assert real.weather().alerts == ()
    assert [each.in_force.alert.alert_id for each in drill.weather().alerts] == ["a"]


def test_a_service_that_is_away_leaves_what_is_known_and_says_so(make, city, wall):
    post(city, alert("a"))
    feeds = make(nws_url=f"{city.feeds_url}/nws")
    feeds.ask(NWS)
    city.kill()
    wall.advance(minutes=11)

    with pytest.raises(LandfallError, match="The weather service"):
        feeds.ask(NWS)

    weather = feeds.weather()
    assert len(weather.alerts) == 1
    assert weather.nws.complaint
    assert weather.nws.failed_at == wall.now()
    assert alerts_stale_ms(weather.nws, LANDFALL, wall.now()) == 11 * MINUTE
    city.start()


def test_everything_that_came_is_kept_as_it_came_with_its_time(make, city, clock):
    post(city, alert("a"))
    url = f"{city.feeds_url}/nws"
    body = requests.get(url, timeout=20).content
    feeds = make(nws_url=url)
    feeds.ask(NWS)

    (arrival,) = feeds.kept.arrivals()
    assert feeds.kept.body(arrival) == body
    assert (arrival.feed, arrival.source, arrival.name, arrival.at) == (NWS, "url", url, clock.now())
    assert gzip.decompress((feeds.kept.root / arrival.file).read_bytes()) == body


def test_the_next_start_shows_what_was_kept_without_asking(make, irma, city, clock):
    post(city, alert("a"))
    first = make(nws_url=f"{city.feeds_url}/nws", nhc_url=nhc_of(irma))
    first.ask(NWS)
    first.ask(NHC)
    first.take_file(FILES / "nws_pinellas_milton.json")
    before = first.weather()

    second = make(nws_url=f"{city.feeds_url}/nws", nhc_url=nhc_of(irma))
    second.load()
    after = second.weather()

    assert after.alerts == before.alerts
    assert after.advisories == before.advisories
    assert after.nws.read_at == 0
    clock.advance(hours=24 * 4)
    third = make()
    third.load()
    assert third.weather().alerts == third.weather().advisories == ()


def test_an_index_cut_off_by_a_power_cut_costs_its_last_line_alone(make, city):
    feeds = make()
    feeds.take_file(FILES / "nhc_milton_fstadv_016.txt")
    with (feeds.kept.root / "arrivals.jsonl").open("ab") as index:
        index.write(b'{"feed":"nws","sou')

    assert len(feeds.kept.arrivals()) == 1


def test_a_file_dropped_in_is_taken_kept_and_logged(make, clock):
    clock.set(MILTON)
    feeds = make()
    taken = feeds.take_file(FILES / "nws_pinellas_milton.json")
    feeds.log_taken(taken)

    assert taken.alerts == 8
    assert len(feeds.weather().alerts) == 8
    with feeds._store.reading() as connection:
        assert log.verify(connection).entries == 1


def test_an_advisory_in_words_older_than_what_is_known_does_not_replace_it(make, clock, tmp_path):
    clock.set(from_iso("2024-10-09T04:00:00Z"))
    feeds = make()
    words = (FILES / "nhc_milton_fstadv_016.txt").read_text()
    older = tmp_path / "older.txt"
    older.write_text(words.replace("NUMBER  16", "NUMBER  15").replace("0300 UTC WED", "0100 UTC WED"))

    assert not feeds.take_file(FILES / "nhc_milton_fstadv_016.txt").is_older
    assert feeds.take_file(older).is_older
    assert [each.number for each in feeds.weather().advisories] == ["16"]


BROKEN = {
    "alerts.json": b'{"type":"FeatureCollection","features":[{"properties":{"messageType":1}}]}',
    "cut.json": b'{"type":"FeatureCollection","title":"https://api.weather.gov/alerts","features":[',
    "laughs.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a xmlns="urn:oasis:names:tc:emergency:cap:1.2">&b;</a>',
    "al112017_5day_049.zip": b"PK\x03\x04 but nothing more",
    "tcm.txt": b"HURRICANE X FORECAST/ADVISORY NUMBER 1\nNATIONAL HURRICANE CENTER",
    "CurrentStorms.json": b'{"activeStorms":[]}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_ends_in_one_sentence_and_is_kept(make, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BROKEN[name])
    feeds = make()

    with pytest.raises(FeedRefused) as refused:
        feeds.take_file(path)

    sentence = str(refused.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    (arrival,) = feeds.kept.arrivals()
    assert arrival.refused == sentence
    assert feeds.kept.body(arrival) == BROKEN[name]
    assert feeds.weather().alerts == ()


def test_a_huge_file_is_left_where_it_is(make, tmp_path):
    path = tmp_path / "huge.json"
    path.write_bytes(b'{"features":[],"x":"https://api.weather.gov/alerts"' + b" " * 17_000_000)
    feeds = make()

    with pytest.raises(FeedRefused, match="left where it is"):
        feeds.take_file(path)
    assert feeds.kept.arrivals() == []


@pytest.mark.parametrize(
    "content", [b'{"type":"FeatureCollection","features":[]}', b"name,lat,lng\n", b"<kml/>", b""]
)
def test_what_is_no_weather_is_left_to_the_layers(make, tmp_path, content):
    path = tmp_path / "parks.geojson"
    path.write_bytes(content)
    feeds = make()

    assert feeds.take_file(path) is None
    assert feeds.kept.arrivals() == []


def test_a_nonsense_answer_is_kept_and_the_last_good_one_stays(make, city, tmp_path):
    post(city, alert("a"))
    feeds = make(nws_url=f"{city.feeds_url}/nws")
    feeds.ask(NWS)
    feeds.urls[NWS] = f"{city.control_url}/clock"

    with pytest.raises(FeedRefused, match="no weather alerts"):
        feeds.ask(NWS)

    assert len(feeds.weather().alerts) == 1
    assert feeds.kept.arrivals()[-1].refused


def test_more_than_may_be_kept_lets_the_oldest_answers_go(tmp_path, expect_warning):
    expect_warning("the oldest answers go")
    kept = KeptFiles(tmp_path, most_bytes=3_000)
    bodies = [random.Random(n).randbytes(800) for n in range(4)]
    kept.keep(bodies[0], feed=NWS, source="file", name="brought.json", at=LANDFALL)
    for n, body in enumerate(bodies[1:]):
        kept.keep(body, feed=NWS, source="url", name="url", at=LANDFALL + n * MINUTE)

    left = [arrival for arrival in kept.arrivals() if (tmp_path / arrival.file).exists()]
    assert [arrival.source for arrival in left] == ["file", "url", "url"]


def test_calls_come_later_and_later_while_they_fail(make, workers):
    timer = FeedTimer(feeds=make(), workers=workers, wait_s=60)

    assert [timer.wait_after(n) for n in range(5)] == [60, 120, 240, 480, 900]
    assert timer.wait_after(40) == LONGEST_WAIT_S
    assert timer.wait_after(1, 300) == 300


def test_the_timer_tells_what_changed_and_goes_on_after_an_outage(
    make, city, workers, run, clock, wait_until, loop
):
    post(city, alert("a"))
    timer = FeedTimer(feeds=make(nws_url=f"{city.feeds_url}/nws"), workers=workers, wait_s=0.05, first_s=0)
    told = []
    timer.on_change = told.append
    city.kill()

    async def live():
        going = asyncio.ensure_future(timer.go_on())
        while not (told and told[-1].nws.complaint):
            await asyncio.sleep(0.02)
        await asyncio.get_running_loop().run_in_executor(None, city.start)
        post(city, alert("b"))
        while not told[-1].alerts:
            timer.look()
            await asyncio.sleep(0.02)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)

    run(live())
    assert not told[-1].nws.complaint
    assert Path(timer.feeds.kept.root).is_dir()
