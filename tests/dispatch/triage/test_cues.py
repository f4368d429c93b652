"""The language of cue lists, and what a city reads when its list has a mistake."""

from __future__ import annotations

import shutil

import pytest

from dispatch.errors import SettingsBroken
from dispatch.resources import resource
from dispatch.triage.cues import load_cues
from dispatch.triage.phrases import PhraseBook, Words, expand, fold

GROUPS = expand({"age": ["65..70"], "who": ["my mother", "we"]})


def finds(phrase: str, text: str) -> bool:
    words = Words.of(text)
    return PhraseBook([phrase], GROUPS).covers(words, 0, len(words.cleaned))


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("tree", "down the street", False),
        ("tree", "TREE!", True),
        ("can't get out", "we can’t  get out", True),
        ("wire|wires down", "the wires down here", True),
        ("in the? attic", "in attic", True),
        ("{who} trapped", "my mother trapped", True),
        ("{who} trapped", "her mother trapped", False),
        ("{age} years", "she is 67 years old", True),
        ("{age} years", "64 years", False),
        ("tree ... road", "tree fell right on the road", True),
        ("tree ... road", "tree fell. the road is clear", False),
        ("tree ... road", "tree but not road", False),
        ("out .", "the fire is out", True),
        ("out .", "out of control", False),
        ("arbol", "Árbol caído", True),
        ("co alarm", "CO-alarm", True),
    ],
)
def test_s2_phrases_match_whole_words(phrase, text, found):
    assert finds(phrase, text) is found


@pytest.mark.parametrize("text", ["Ärger über Öl", "niño", "İstanbul", "what’s — this…", "ﬁre", "ß"])
def test_folding_keeps_every_letter_in_its_place(text):
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not sparking", False),
        ("it isn't sparking", False),
        ("no sparks or smoke", False),
        ("is there a spark? no", True),
        ("not only sparking but burning", True),
        ("not sure if it is sparking", True),
        ("this is not a test, sparking", True),
        ("ya no hay chispas", False),
        ("sparking has stopped", False),
        ("years ago it was sparking", False),
        ("years ago it was sparking and now again", True),
    ],
)
def test_s2_a_denial_is_heard_and_a_doubt_is_not_one(text, said, rules):
    assert ("sparking" in {hit.cue.name for hit in rules.cues.find(Words.of(text))}) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the news said a pole is sparking", False),
        ("he asked if anyone saw sparks", False),
        ("they play a song about sparks all night", False),
        ("las noticias dicen que un poste echa chispas", False),
        ("she texted that the pole is sparking", True),
        ("saw on Facebook that the pole behind us is sparking", True),
        ("the radio says it is over, but our pole is sparking", True),
        ("he asked if anyone can come. The pole is sparking", True),
        ("what do we do, the pole is sparking", True),
    ],
)
def test_s2_the_news_a_song_and_a_question_are_nobodys_report_but_second_hand_is(text, said, rules):
    assert ("sparking" in {hit.cue.name for hit in rules.cues.find(Words.of(text))}) is said


def test_another_year_in_the_next_sentence_takes_nothing_back(rules):
    hits = rules.cues.find(Words.of("The baby is coming. My son was born here years ago."))
    assert "breathing" in {hit.cue.name for hit in hits}


def test_cues_that_mean_more_together_need_each_other(rules):
    names = [
        {hit.cue.name for hit in rules.cues.find(Words.of(text))}
        for text in ("on oxygen", "no power", "on oxygen, no power")
    ]
    assert ["device_without_power" in found for found in names] == [False, False, True]


def test_a_category_can_be_half_of_what_is_said(rules):
    hits = rules.cues.find(Words.of("my husband is on oxygen"), frozenset({"no_power"}))
    assert "device_without_power" in {hit.cue.name for hit in hits}


def test_every_cue_is_said_in_every_language(rules):
    for language in rules.cues.languages:
        text = resource("triage", f"cues_{language}.toml").read_text("utf-8")
        assert [name for name in rules.cues.cues if f"[cues.{name}]" not in text] == []


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ('\n[cues.earthquake]\nphrases = ["quake"]\n', "names 'earthquake', which cues.toml lacks"),
        ("\n[cues.alone2]\n", "names 'alone2'"),
        ("\nphrases = [", "cannot be read"),
    ],
)
def test_a_mistake_in_a_list_ends_in_one_sentence(mistake, sentence, tmp_path):
    folder = shutil.copytree(resource("triage"), tmp_path / "triage")
    with (folder / "cues_en.toml").open("a", encoding="utf-8") as words:
        words.write(mistake)
    with pytest.raises(SettingsBroken, match=sentence):
        load_cues(folder)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("water coming into the house, my mother is in a wheelchair", "cannot_leave_water"),
        ("water is rising and there is no way out", "people_in_rising_water"),
    ],
)
def test_water_and_a_person_who_cannot_leave_it_mean_more_together(text, name, rules):
    assert name in {hit.cue.name for hit in rules.cues.find(Words.of(text))}
