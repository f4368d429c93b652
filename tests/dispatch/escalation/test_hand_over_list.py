"""The list of hand-overs in the folder: one row each, safe for a spreadsheet, and never in the way."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation import files, hand_over_list
from dispatch.escalation.channels import CHANNELS, ChannelSettings
from tests.conftest import StillClock
from tests.dispatch.forms.made import hand_over

FOLDER = CHANNELS["folder"]


@pytest.fixture
def settings(tmp_path: Path, zone: ZoneInfo, clock: StillClock) -> ChannelSettings:
    values = {"folder": str(tmp_path)}
    return ChannelSettings(is_exercise=False, zone=zone, clock=clock, data_dir=tmp_path, values=values)


def give(settings: ChannelSettings, key: str, **changes: Any) -> str:
    made = hand_over(escalation_id=key, is_exercise=False, **changes)
    return FOLDER.hand_over(made, settings).proof


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "hand-overs.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_hand_over_has_one_row_in_the_order_of_the_numbers(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    give(settings, "c", number="EOC-1000")
    give(settings, "a", number="EOC-0002", summary="Niña atrapada")
    give(settings, "b", number="EOC-0999")
    give(settings, "a", number="EOC-0002", effect_needed="Both lanes")

    listed = rows(tmp_path)
    assert [row["number"] for row in listed] == ["EOC-0002", "EOC-0999", "EOC-1000"]
    assert listed[0]["effect_needed"] == "Both lanes"
    assert (tmp_path / "hand-overs.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ('=HYPERLINK("http://evil")', '\'=HYPERLINK("http://evil")'),
        ("+1 727 555 0142", "'+1 727 555 0142"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("two\nlines, “quoted”; and a ;", "two lines, “quoted”; and a ;"),
        ("Elm St; =1+1;@x", "Elm St; '=1+1;'@x"),
        ("nul \x00 and \udcff", "nul and"),
    ],
)
def test_no_cell_is_a_formula_and_none_breaks_its_row(
    typed: str, stands: str, settings: ChannelSettings, tmp_path: Path
) -> None:
    give(settings, "a", people=typed)
    give(settings, "b", number="EOC-0042")

    assert [row["people"] for row in rows(tmp_path)] == [stands, hand_over().people]
    assert rows(tmp_path)[0]["lng"] == "-82.67823", "a number stays a number"


def test_a_list_that_somebody_has_open_holds_up_no_hand_over(
    settings: ChannelSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.place

    def place(folder: Path, name: str, content: bytes) -> Path:
        if name.endswith(".csv"):
            raise ChannelFailed("It is open in a spreadsheet.")
        return real(folder, name, content)

    with monkeypatch.context() as patch:
        patch.setattr(files, "place", place)
        proof = give(settings, "a")
    assert "not in the list yet: It is open" in proof and len(list(tmp_path.glob("*.json"))) == 1

    give(settings, "b", number="EOC-0042")

    assert [row["escalation_id"] for row in rows(tmp_path)] == ["a", "b"], "it comes in with the next"


@pytest.mark.parametrize("content", [b"", b"my;own;list\r\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_list_of_ours_is_kept_beside(
    content: bytes, settings: ChannelSettings, tmp_path: Path
) -> None:
    (tmp_path / hand_over_list.NAME).write_bytes(content)

    give(settings, "a")

    assert [row["number"] for row in rows(tmp_path)] == ["EOC-0041"]
    assert [path.read_bytes() for path in tmp_path.glob("hand-overs_*.csv")] == [content]


def test_what_else_lies_in_the_folder_is_left_alone(settings: ChannelSettings, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"number": 1}')
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text("[]")

    give(settings, "a")

    assert len(rows(tmp_path)) == 1


def test_s15_the_row_of_a_restricted_site_has_no_words_and_no_unit(
    settings: ChannelSettings, tmp_path: Path
) -> None:
    give(settings, "a", subject="On oxygen", unit="4B", people="2, one on oxygen", is_restricted=True)
    [row] = rows(tmp_path)
    assert row["what"].startswith("Restricted, ") and (row["unit"], row["people"]) == ("", "")
    assert row["address"] == hand_over().address
