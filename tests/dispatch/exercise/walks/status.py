"""Status: spellings, what is hidden, what comes late, is held or lost."""

from __future__ import annotations

import requests

from dispatch.exercise.georeport_bends import is_bent
from tests.dispatch.exercise.walks.scene import REPORTS, walk


@walk("Q60")
def acknowledged_by_rule(scene):
    status = {each["id"]: each["status"] for each in scene.city.truth()["requests"]}
    assert {status[int(number)] for number in scene.numbers[::4]} == {"Acknowledged"}


@walk("Q61")
def statuses_in_many_words(scene):
    pairs = list(scene.straight_and_bent("Q61"))
    opened = {bent["status"] for one, bent in pairs if one["status"] == "open"}
    closed = {bent["status"] for one, bent in pairs if one["status"] == "closed"}

    assert {"Open", "IN_PROGRESS", "in progress", "Waiting for parts"} <= opened
    assert closed and closed <= {"Closed", "CLOSED", "duplicate"}


@walk("Q62")
def two_statuses_for_four(scene):
    fine = {str(each["id"]): each["status"] for each in scene.city.truth()["requests"]}
    seen = {(fine[row["service_request_id"]], row["status"]) for row in scene.rows()}
    assert seen == {("Acknowledged", "open"), ("Closed", "closed"), ("Archived", "closed")}


@walk("Q63")
def archived_leave_the_list(scene):
    archived = {str(each["id"]) for each in scene.city.truth()["requests"] if each["status"] == "Archived"}
    with scene.on("Q63"):
        left, asked = set(scene.geo.ids()), set(scene.geo.ids(status="open,closed"))
    assert archived and not archived & left and archived <= asked


@walk("Q64")
def reopened(scene):
    closed = [each["id"] for each in scene.city.truth()["requests"] if each["status"] == "Closed"]
    with scene.on("Q64"):
        again = [number for number in closed if scene.city.status(number) == "Open"]
        scene.city.clock(forward_s=61)
    assert again == [number for number in closed if is_bent(number, "Q64")] != []
    for number in again:
        assert scene.city.status(number) == "Closed"
        assert scene.city.messages(number)[-2:] == ["It is still there.", "Looked at again, and done."]


@walk("Q65")
def closed_without_being_acknowledged(scene):
    pairs = scene.bent_issues("Q65")
    assert pairs
    for _, bent in pairs:
        assert bent["closed_at"] and bent["acknowledged_at"] is None


@walk("Q66")
def older_states_arrive_late(scene):
    with scene.on("Q66"):
        rows, issues = scene.rows(), scene.issues()
    late, late_issues = rows[REPORTS:], issues[REPORTS:]
    assert rows[:REPORTS] == scene.rows() and late
    for row in late:
        assert row["status"] == "open" and row["updated_datetime"] == row["requested_datetime"]
    assert {issue["status"] for issue in late_issues} == {"Open"}
    assert all(issue["updated_at"] == issue["created_at"] for issue in late_issues)


@walk("Q67")
def no_transitions(scene):
    assert any(issue["transitions"] for issue in scene.issues())
    with scene.on("Q67"):
        assert not any(issue["transitions"] for issue in scene.issues())
        assert scene.call.get(f"/issues/{scene.numbers[0]}")["transitions"] == {}


@walk("Q68")
def held_for_a_moderator(scene):
    number = scene.numbers[0]
    with scene.on("Q68"):
        answer = scene.call.post(f"/issues/{number}/comments", comment="Held")
    assert (answer.status_code, answer.json()) == (202, {"metadata": {"moderated": True}})
    assert "Held" not in scene.city.messages(number)
    scene.city.clock(forward_s=301)
    assert "Held" in scene.city.messages(number)


@walk("Q69")
def answers_lost(scene):
    number, lost = scene.numbers[0], 0
    with scene.on("Q69"):
        for n in range(2):
            try:
                scene.call.post(f"/issues/{number}/comments", comment=f"Twice {n}")
            except requests.ConnectionError:
                lost += 1
    assert lost == 1 and scene.city.messages(number)[-2:] == ["Twice 0", "Twice 1"]
