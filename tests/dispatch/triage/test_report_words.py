"""What two reports both say."""

from __future__ import annotations

import pytest

from dispatch.triage.report_words import WordCounts, kind_of, telling_words


@pytest.mark.parametrize(
    ("text", "address", "words"),
    [
        ("The oak has fallen on wires!", "", ("oak", "fallen", "wire")),
        ("Burlington Ave: oak down at 5244 burlington", "5244 Burlington Ave N", ("oak", "down")),
        ("Water, water everywhere", "", ("water", "everywhere")),
        ("Hay un árbol caído en la calle", "", ("arbol", "caido")),
        ("", "", ()),
        ("call 727-555-0100", "", ("call",)),
    ],
)
def test_words_that_tell_something(text, address, words):
    assert telling_words(text, address) == words


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Contractor Complaints", "Contractors Complaint", True),
        ("Sign Repair", "sign repair", True),
        ("Sidewalk Repair", "Sidewalk Repair (Make Safe)", False),
        ("Trash", "Tras", False),
        ("Illegal Glass", "Illegal Glas", False),
    ],
)
def test_titles_of_one_kind(one, other, is_same):
    assert (kind_of(one) == kind_of(other)) == is_same


def test_rare_words_stand_first_and_weigh_more():
    counts = WordCounts()
    for words in [("tree", "down")] * 30 + [("tree", "banyan")]:
        counts.add(words)
    assert counts.shared(("tree", "banyan", "big"), ("banyan", "tree")) == ("banyan", "tree")
    assert counts.likeness(("tree", "banyan"), ("big", "banyan")) > counts.likeness(
        ("tree", "banyan"), ("tree", "big")
    )
    assert counts.likeness(("tree",), ("tree",)) == pytest.approx(1.0)
    assert counts.likeness((), ("tree",)) == 0.0


def test_forgotten_reports_do_not_count():
    counts, fresh = WordCounts(), WordCounts()
    counts.add(("oak",))
    counts.remove(("oak",))
    assert counts.likeness(("oak", "big"), ("oak",)) == fresh.likeness(("oak", "big"), ("oak",))
