"""The one mapping table of bands to other systems' words."""

from __future__ import annotations

from dispatch.forms.bands import band_map, band_words
from dispatch.records import Band


def test_every_band_has_its_row() -> None:
    assert set(band_map()) == set(Band)


def test_the_rows_say_what_the_receiving_systems_understand() -> None:
    rows = band_map()

    assert rows[Band.P1].cap_urgency[0] == "Immediate" and rows[Band.P1].ics_213rr == ("urgent",)
    assert rows[Band.P2].ics_213rr == ("urgent", "routine")
    assert [rows[band].eido_priority for band in Band] == [1, 2, 3, 4, None]
    assert [rows[band].email_subject for band in Band] == ["[P1]", "[P2]", "[P3]", "", ""]
    assert {severity for row in rows.values() for severity in row.cap_severity} <= {
        "Extreme",
        "Severe",
        "Moderate",
        "Minor",
        "Unknown",
    }


def test_a_band_is_never_a_letter_alone() -> None:
    assert band_words(Band.P1) == "P1 life safety"
    assert all(len(band_words(band).split()) > 1 for band in Band)
