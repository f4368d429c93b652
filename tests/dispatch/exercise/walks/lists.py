"""Lists that move: pages, caps, orders, spans, filters."""

from __future__ import annotations

from dispatch.exercise.georeport_bends import is_bent
from tests.dispatch.exercise.walks.scene import ALL, REPORTS, walk


@walk("Q71")
def rows_again_on_the_next_page(scene):
    with scene.on("Q71"):
        first, second = (scene.geo.ids(page=page, page_size=10) for page in (1, 2))
        seen = {number for page in range(1, 9) for number in scene.geo.ids(page=page, page_size=10)}
        issues = [scene.call.get("/issues", status=ALL, page=page)["issues"] for page in (1, 2)]
    assert (second[0], len(second)) == (first[-1], 10)
    assert seen == set(scene.numbers)
    assert issues[1][0] == issues[0][-1]


@walk("Q72")
def rows_left_out(scene):
    whole = scene.geo.ids(page=2, page_size=10)
    with scene.on("Q72"):
        seen = {tuple(scene.geo.ids(page=2, page_size=10)) for _ in range(20)}
        assert len(scene.rows(page_size=1000)) == REPORTS
    assert seen == {tuple(whole), tuple(whole[1:])}


@walk("Q73")
def the_same_page_for_ever(scene):
    with scene.on("Q73", cap=10):
        first, second = (scene.geo.ids(page=page) for page in (1, 2))
    assert first == second and len(first) == 10


@walk("Q74")
def pages_from_nought(scene):
    whole = scene.geo.ids()
    assert scene.geo.ids(page=1, page_size=10) == whole[:10]
    with scene.on("Q74"):
        assert scene.geo.ids(page=0, page_size=10) == whole[:10]
        assert scene.geo.ids(page=1, page_size=10) == whole[10:20]


@walk("Q75")
def a_silent_cap(scene):
    with scene.on("Q75"):
        assert len(scene.rows(page_size=500)) == 50
    with scene.on("Q75", cap=20):
        assert len(scene.rows(page_size=500)) == 20
        assert len(scene.rows(page_size=500, page=3)) == REPORTS - 40


@walk("Q76")
def order_by_change(scene):
    number = scene.numbers[3]
    scene.city.clock(forward_s=5)
    scene.city.elsewhere(number, "comment", "And?")
    assert scene.geo.ids()[0] == scene.numbers[-1]
    with scene.on("Q76"):
        assert scene.geo.ids()[0] == number


@walk("Q77")
def rows_that_flap(scene):
    with scene.on("Q77"):
        lists = [set(scene.geo.ids()) for _ in range(20)]
        away = {number for number in scene.numbers if is_bent(int(number), "Q77")}
        assert scene.geo.ids(service_request_id=",".join(sorted(away))) == sorted(away)
    assert set(scene.numbers) in lists and set(scene.numbers) - away in lists


@walk("Q79")
def arguments_ignored(scene):
    assert len(scene.rows(status="closed", service_code="5701")) < REPORTS
    with scene.on("Q79"):
        assert len(scene.rows(status="closed", service_code="5701")) == REPORTS


@walk("Q80")
def too_many_ids(scene):
    with scene.on("Q80"):
        assert (
            scene.geo("GET", f"requests.json?service_request_id={','.join(scene.numbers)}").status_code == 414
        )
        assert len(scene.rows(service_request_id=",".join(scene.numbers[:20]))) == 20


@walk("Q81")
def open_alone(scene):
    with scene.on("Q81"):
        assert {row["status"] for row in scene.rows()} == {"open"}
        assert {row["status"] for row in scene.rows(status="open,closed")} == {"open", "closed"}


@walk("Q82")
def ninety_days(scene):
    long = {"start_date": "2017-01-01", "end_date": "2017-09-12"}
    assert len(scene.rows(**long)) == REPORTS
    with scene.on("Q82"):
        assert scene.geo("GET", "requests.json", params=long).status_code == 400
        assert len(scene.rows(start_date="2017-07-01", end_date="2017-09-12")) == REPORTS


@walk("Q83")
def a_test_server(scene):
    assert scene.geo.get("discovery.json")["endpoints"][0]["type"] == "production"
    with scene.on("Q83"):
        assert scene.geo.get("discovery.json")["endpoints"][0]["type"] == "test"
        assert len(scene.rows()) == REPORTS


@walk("Q84")
def services_that_shout(scene):
    before = scene.geo.get("services.json")
    with scene.on("Q84"):
        after = scene.geo.get("services.json")
    assert {each["service_code"] for each in after} == {"XXX"} and len(after) < len(before) / 2


@walk("Q78")
def old_rows_near_a_place(scene):
    near = {"lat": 27.7, "long": -82.6, "radius": 100}
    assert scene.numbers[0] in scene.geo.ids(**near)
    scene.city.clock(forward_s=100 * 86_400)
    assert scene.geo.ids(**near) == []
    with scene.on("Q78"):
        assert scene.numbers[0] in scene.geo.ids(**near)
