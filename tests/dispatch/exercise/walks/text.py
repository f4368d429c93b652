"""Text and media: descriptions, pictures, agencies, notes."""

from __future__ import annotations

from tests.dispatch.exercise.walks.scene import values, walk


@walk("Q51")
def odd_descriptions(scene):
    said = values(scene.straight_and_bent("Q51"), "description")
    assert {None, "", "absent"} < set(said)
    assert any(text and text.startswith("  An oak") and "\r\n" in text for text in said)


@walk("Q52")
def markup(scene):
    for _, bent in scene.straight_and_bent("Q52"):
        assert "<script>" in bent["description"] and bent["media_url"].startswith("javascript:")
    with scene.on("Q52"):
        texts = [each.text for each in scene.xml("requests.xml").iter("description")]
    assert any("<script>" in text for text in texts)


@walk("Q53")
def personal_words(scene):
    for straight, bent in scene.straight_and_bent("Q53"):
        assert bent["description"].startswith(straight["description"])
        assert "@example.invalid" in bent["description"] and "555-010-0199" in bent["description"]


@walk("Q54")
def odd_media(scene):
    said = values(scene.straight_and_bent("Q54"), "media_url")

    kinds = {type(each) for each in said}
    assert kinds == {str, list, dict}
    texts = [each for each in said if isinstance(each, str)]
    assert any("#spot=" in text for text in texts) and any(text.endswith(" ") for text in texts)
    assert {"", "absent", "data:image/png;base64,iVBORw0KGgo="} <= set(texts)


@walk("Q55")
def pictures_elsewhere(scene):
    urls = values(scene.straight_and_bent("Q55"), "media_url")
    answers = {url.split("/")[4]: scene.geo.session.get(url, timeout=10) for url in urls}

    assert answers["moved"].history and answers["moved"].content.startswith(b"\x89PNG")
    assert answers["expired"].status_code == 403
    assert answers["categories"].content.startswith(b"\x89PNG")


@walk("Q56")
def odd_agencies(scene):
    said = values(scene.straight_and_bent("Q56"), "agency_responsible")
    assert {"recipient": ["Public Works", "Parks"]} in said and 17 in said and "" in said


@walk("Q57")
def words_for_nothing(scene):
    said = values(scene.straight_and_bent("Q57"), "expected_datetime")
    assert set(said) == {"null", "None", "N/A"}


@walk("Q58")
def titles_and_details(scene):
    with scene.on("Q58"):
        for row in scene.rows():
            assert row["description"] == f"{row['title']}: {row['detail']}"


@walk("Q59")
def odd_notes(scene):
    assert set(values(scene.straight_and_bent("Q59"), "status_notes")) == {7, "Closed", "IN_PROGRESS"}
