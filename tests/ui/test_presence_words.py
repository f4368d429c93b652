"""How it is said who else is at a site."""

from __future__ import annotations

import pytest

from dispatch.records import SITE_STATES, Band, Flag, Onlooker, SiteState
from tests.conftest import StillClock
from tests.ui.boards import MINUTE, NOW, board_of, site
from tests.ui.seat import ZONE
from ui.presence_words import head_lines, initials, row_mark, sheet_lines
from ui.queue.row_words import RowWriter


def at(person: str, *, writes: bool = False, position: str = "Planning") -> Onlooker:
    return Onlooker(1, person, position, f"Seat of {person}", writes, NOW - 5 * MINUTE)


DIAZ, RUIZ, MOSS = at("C. Diaz"), at("B. Ruiz"), at("Ann Maria Moss", writes=True)


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("C. Diaz", "CD"),
        ("Ann Maria Moss", "AM"),
        ("root", "R"),
        ("", "?"),
        ("Ólafur Ðór", "ÓÐ"),
        ("-- --", "?"),
    ],
)
def test_initials(person: str, letters: str) -> None:
    assert initials(person) == letters


@pytest.mark.parametrize(
    ("onlookers", "said"),
    [
        ((), ""),
        ((DIAZ,), "CD looks"),
        ((MOSS,), "AM writes"),
        ((DIAZ, RUIZ), "CD, BR look"),
        ((DIAZ, RUIZ, DIAZ), "3 look"),
        ((DIAZ, MOSS), "AM writes +1"),
    ],
)
def test_a_row_says_it_in_a_word_or_two(onlookers: tuple[Onlooker, ...], said: str) -> None:
    assert row_mark(onlookers) == said


def test_over_the_detail_who_writes_comes_first_and_of_a_crowd_three() -> None:
    said = head_lines((DIAZ, RUIZ, MOSS, at("D. Li", position="")), NOW, ZONE).splitlines()

    assert len(said) == 4 and said[0].startswith("Ann Maria Moss is writing here · since ")
    assert said[1].startswith("C. Diaz, Planning, looks at this · since ") and said[3] == "and 1 more"
    assert head_lines((at("D. Li", position=""),), NOW, ZONE).startswith("D. Li looks at this")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"claimed_by": "A. Diaz", "claimed_min": 2}, "A. Diaz has claimed this 2 min ago."),
        ({"claimed_by": "Ben Cole", "claimed_min": 2}, ""),
        ({"state": SITE_STATES.index(SiteState.CLOSED)}, "This site is closed."),
        ({"flags": int(Flag.MERGED)}, "This site stands in another one now; what you wrote stays here."),
    ],
)
def test_a_sheet_says_what_has_become_of_its_site(changes: dict[str, object], said: str) -> None:
    board = board_of(site(1, **changes))

    assert sheet_lines(board, 1, (DIAZ,), me="Ben Cole", with_claim=True, now=NOW, zone=ZONE) == said


@pytest.mark.parametrize(
    ("me", "said"),
    [
        ("A. Diaz", ("B. Ruiz asks you", "warn")),
        ("B. Ruiz", ("you asked A. Diaz", "text_dim")),
        ("C. Moss", ("B. Ruiz asked A. Diaz", "text_dim")),
    ],
)
def test_a_row_says_who_asked_whom(me: str, said: tuple[str, str]) -> None:
    row = site(1, band=Band.P3, claimed_by="A. Diaz", claimed_min=3, asked_by="B. Ruiz", asked_at=NOW)
    words = RowWriter(board_of(row), clock=StillClock(NOW), zone=ZONE, me=me).words(0)

    assert (words.state, words.state_tone) == said


def test_who_has_claimed_it_is_not_named_once_more_for_looking() -> None:
    board = board_of(site(1, claimed_by="C. Diaz", claimed_min=3), site(2))
    writer = RowWriter(board, clock=StillClock(NOW), zone=ZONE)
    writer.at = lambda _site_id: (DIAZ,)

    assert (writer.words(0).others, writer.words(1).others) == ("", "CD looks")
    assert "CD looks" in writer.aloud(1)
