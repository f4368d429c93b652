"""The record of what a server can do: a person reads it, mends it, and even breaks it."""

from __future__ import annotations

import tomllib

import pytest

from dispatch.servers.capabilities import (
    Capabilities,
    Order,
    Zone,
    corrected,
    found,
    from_text,
    plain,
    to_text,
    uncorrected,
)

PROBED = Capabilities(
    probed_at=1_505_140_200_000,
    has_pages=True,
    first_page=0,
    page_size=50,
    order=Order.UPDATED_DOWN,
    has_updated_after=True,
    zone=Zone.OMIT,
)
CAREFUL = Capabilities()


def test_what_is_written_is_read_again_and_every_value_says_what_it_means() -> None:
    record = corrected(PROBED, {"row_cap": "1000"})

    text = to_text(record)

    assert from_text(text, CAREFUL) == (record, "")
    assert tomllib.loads(text)["corrected"] == ["row_cap"]
    assert all("#" in line for line in text.splitlines() if line and not line.startswith("probed_at"))


def test_what_a_person_has_set_survives_a_later_probe_until_it_is_cleared() -> None:
    record = corrected(PROBED, {"order": "none", "has_updated_after": "no"})

    later = found(record, PROBED)

    assert later.order is Order.NONE and not later.has_updated_after and later.page_size == 50
    assert found(uncorrected(later, frozenset({"order"}), CAREFUL), PROBED).order is Order.UPDATED_DOWN


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("row_cap", "many", "whole number"),
        ("row_cap", "-1", "whole number"),
        ("first_page", "2", "0 or 1"),
        ("has_pages", "maybe", "true or false"),
        ("order", "sideways", "entered_down, entered_up"),
        ("zone", "", "utc, offset, omit"),
        ("colour", "red", "there are has_pages"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(name: str, said: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        corrected(CAREFUL, {name: said})
    assert name in str(error.value)


def test_a_damaged_line_costs_that_value_alone_and_stays_to_be_read() -> None:
    text = to_text(PROBED).replace("page_size = 50 ", 'page_size = "fifty" ').replace("zone", "zonne")

    record, complaint = from_text(text, CAREFUL)

    assert record == Capabilities(**{**_fields(PROBED), "page_size": 0, "zone": Zone.UTC})
    assert "page_size, zonne" in complaint and complaint.count(". ") == 0
    again = to_text(record, before=text)
    assert '# was: page_size = "fifty"' in again and from_text(again, CAREFUL) == (record, "")
    assert to_text(record, before=again) == again


def test_a_record_that_is_no_toml_at_all_gives_careful_defaults_and_keeps_the_text() -> None:
    text = to_text(PROBED) + "row cap is 1000, I think\n"

    record, complaint = from_text(text, CAREFUL)

    assert record == CAREFUL and "damaged" in complaint
    assert "# was: row cap is 1000, I think" in to_text(record, before=text)


def test_the_plain_form_is_every_value_a_person_can_set() -> None:
    assert set(plain(PROBED)) == set(_fields(PROBED)) - {"probed_at", "corrected"}


def _fields(record: Capabilities) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
