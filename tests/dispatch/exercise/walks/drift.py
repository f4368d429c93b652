"""Drift: keys and types that change."""

from __future__ import annotations

from tests.dispatch.exercise.walks.scene import places, walk


@walk("Q91")
def keys_that_drift(scene):
    with scene.on("Q91"):
        rows, issues = scene.rows(), scene.issues()
    for row in rows:
        assert "address" not in row and row["address_string"] and row["sla_state"] and "zipcode" not in row
    for issue in issues:
        assert "show_blocked_issue_text" not in issue and issue["shortened_url"] is None


@walk("Q92")
def types_that_drift(scene):
    code = next(each["service_code"] for each in scene.geo.get("services.json") if each["metadata"])
    with scene.on("Q92"):
        issue = scene.call.get(f"/issues/{scene.numbers[0]}", details="true")
        attributes = scene.geo.get(f"services/{code}.json")["attributes"]
    assert isinstance(issue["rating"], str) and isinstance(issue["integrations"], dict)
    assert {type(each["values"]) for each in attributes} == {int, list}


@walk("Q93")
def numbers_of_every_type(scene):
    with scene.on("Q93"):
        kinds = {type(row["lat"]) for row in scene.rows()}
    bent = [place for _, place in places(scene, "Q93")]
    assert kinds >= {str, float}
    assert (0, 0) in bent
