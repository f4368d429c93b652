"""Feeds and plain words of what is live: ids stay, words are only words, an exercise says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from dispatch.notices import web_feed
from dispatch.records import NoticeState, NoticeText
from tests.conftest import LANDFALL
from tests.dispatch.notices.test_cap12 import SENDER
from tests.notices import HOSTILE, HOUR_MS, LIVE

REAL = replace(SENDER, is_exercise=False)
ATOM = {"a": web_feed.ATOM}


def test_each_language_has_its_feeds_with_ids_that_stay() -> None:
    made = web_feed.files([LIVE], sender=REAL, now=LANDFALL)
    later = web_feed.files([LIVE], sender=REAL, now=LANDFALL + HOUR_MS)

    rss = etree.fromstring(made["notices_es.rss"])
    atom = etree.fromstring(made["notices_es.atom"])
    assert rss.findtext("channel/item/title") == "Salgan de Childs Park ahora"
    assert rss.findtext("channel/item/guid") == f"urn:uuid:{LIVE.notice_id}"
    assert atom.findtext("a:entry/a:id", namespaces=ATOM) == f"urn:uuid:{LIVE.notice_id}"
    assert atom.findtext("a:entry/a:updated", namespaces=ATOM) == "2017-09-11T14:30:00Z"
    assert later["notices_es.atom"] == made["notices_es.atom"]


@pytest.mark.parametrize("name", ["notices_en.rss", "notices_en.atom"])
def test_hostile_words_are_words(name: str) -> None:
    item = replace(LIVE, texts=(NoticeText("en", HOSTILE, HOSTILE),), authority=HOSTILE)

    made = web_feed.files([item], sender=REAL, now=LANDFALL)[name]

    root = etree.fromstring(made)
    assert not [each for each in root.iter() if str(each.tag).endswith("}script") or each.tag == "script"]
    assert b"<script" not in made and b"\x07" not in made
    assert '<script>alert("x")</script>' in "".join(root.itertext())


def test_only_what_holds_now_is_told() -> None:
    items = [
        replace(LIVE, state=NoticeState.CANCELLED),
        replace(LIVE, expires_at=LANDFALL),
        replace(LIVE, starts_at=LANDFALL + HOUR_MS),
    ]

    made = web_feed.files(items, sender=REAL, now=LANDFALL)

    assert "No notice is in force now." in made["notices_en.txt"].decode()
    assert etree.fromstring(made["notices_en.rss"]).find("channel/item") is None


def test_s18_an_exercise_is_said_in_every_title_name_and_reading() -> None:
    made = web_feed.files([LIVE], sender=SENDER, now=LANDFALL)

    assert all(name.startswith("EXERCISE_") for name in made)
    rss = etree.fromstring(made["EXERCISE_notices_en.rss"])
    assert [each.text[:8] for each in rss.iter("title")] == ["EXERCISE", "EXERCISE"]
    aloud = made["EXERCISE_notices_en_read-aloud.txt"].decode()
    assert aloud.count("This is only an exercise.") == 2


def test_read_aloud_says_where_when_and_whose_order() -> None:
    made = web_feed.files([LIVE], sender=REAL, now=LANDFALL)["notices_en_read-aloud.txt"].decode()

    assert "A notice from the City of St. Petersburg." in made
    assert "For: Childs Park. From September 11, 10:30 AM EDT until September 11, 4:30 PM EDT." in made
    assert "Issued by Pinellas County. Order: Order 2017-14." in made
