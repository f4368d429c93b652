"""Time: zones, times that are missing, wrong or stand still."""

from __future__ import annotations

import re
from datetime import datetime

from tests.dispatch.exercise.walks.scene import REPORTS, instant, values, walk


@walk("Q31")
def times_without_a_zone(scene):
    straight = scene.rows()
    with scene.on("Q31"):
        bent = scene.rows()
    for one, other in zip(straight, bent, strict=True):
        for name in ("requested_datetime", "updated_datetime"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0{1,3}", other[name])
            assert datetime.fromisoformat(other[name].split(".")[0]).isoformat() == one[name][:-6]
        assert other["expected_datetime"].endswith("T08:30:00.0")


def _missing(scene, quirk, name):
    said = values(scene.straight_and_bent(quirk), name)
    assert {None, "", "absent"} == set(said)


@walk("Q32")
def never_updated(scene):
    _missing(scene, "Q32", "updated_datetime")


@walk("Q33")
def never_requested(scene):
    _missing(scene, "Q33", "requested_datetime")


@walk("Q34")
def the_year_1970(scene):
    for straight, bent in scene.straight_and_bent("Q34"):
        assert bent["expected_datetime"] == "1970-01-01T00:00:00Z"
        assert (bent["updated_datetime"] == "1970-01-01T00:00:00Z") is (straight["status"] == "open")


@walk("Q35")
def updated_before_entered(scene):
    for _, bent in scene.straight_and_bent("Q35"):
        assert bent["updated_datetime"] < bent["requested_datetime"]


@walk("Q36")
def the_vendors_zone(scene):
    straight = scene.rows()
    with scene.on("Q36"):
        bent = scene.rows()
    for one, other in zip(straight, bent, strict=True):
        assert other["requested_datetime"].endswith("-07:00") and one["requested_datetime"].endswith("-04:00")
        assert instant(other["requested_datetime"]) == instant(one["requested_datetime"])


@walk("Q37")
def plain_times_in_filters(scene):
    with scene.on("Q37"):
        for text in ("2017-09-11T00:00:00Z", "2017-09-11T00:00:00-04:00", "2017-09-11T00:00:00.5"):
            assert scene.geo("GET", "requests.json", params={"start_date": text}).status_code == 400
        assert len(scene.rows(start_date="2017-09-11T00:00:00")) == REPORTS
    with scene.on("Q37", filter_times="days"):
        assert len(scene.rows(start_date="2017-09-11T23:00:00-04:00")) == REPORTS
        assert scene.rows(end_date="2017-09-11T23:00:00-04:00") == []


@walk("Q38")
def seconds_apart(scene):
    for _, bent in scene.bent_issues("Q38"):
        apart = instant(bent["updated_at"]) - instant(bent["acknowledged_at"])
        assert apart.total_seconds() == 13


@walk("Q39")
def a_time_of_change_that_stands_still(scene):
    for straight, bent in scene.straight_and_bent("Q39"):
        assert bent["updated_datetime"] == bent["requested_datetime"] < straight["updated_datetime"]


@walk("Q40")
def other_offsets_in_one_list(scene):
    for straight, bent in scene.straight_and_bent("Q40"):
        assert bent["updated_datetime"].endswith("-05:00")
        assert instant(bent["updated_datetime"]) == instant(straight["updated_datetime"])
