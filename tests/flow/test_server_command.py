"""`python -m dispatch server`: the record of what a server can do, read, probed, corrected and mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from dispatch.__main__ import main
from tests.city import City

Command = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        code = main(["server", *arguments])
        said = capsys.readouterr()
        lines = said.out.splitlines()
        return code, json.loads(lines[-1]) if lines else {}, said.err

    return run


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'seat.db'}"


def test_a_server_is_probed_shown_and_corrected_and_the_correction_outlives_the_next_probe(
    city: City, store: str, command: Command
) -> None:
    for number in range(30):
        city.add_report(f"Oak, number {number}")
        city.clock(forward_s=60)
    city.quirks(first_page=0, cap=20)
    at = ("--store", store, "--budget", "0")

    code, probed, said = command(*at, "--url", city.georeport_url, "--server", "georeport", "--probe")
    assert code == 0 and probed["capabilities"]["first_page"] == 0 and probed["probed_at"]
    assert "first_page = 0" in said and "# the number of the first page, 0 or 1" in said

    code, mended, _ = command(*at, "--set", "page_size=15", "--set", "has_pages=no")
    assert code == 0 and mended["corrected"] == ["has_pages", "page_size"]

    _, again, _ = command(*at, "--probe")
    assert again["capabilities"]["page_size"] == 15 and not again["capabilities"]["has_pages"]
    assert again["capabilities"]["first_page"] == 1, "without pages none is the first"

    _, cleared, _ = command(*at, "--clear", "has_pages", "--clear", "page_size", "--probe")
    assert cleared["capabilities"]["has_pages"] and cleared["capabilities"]["page_size"] == 20
    assert cleared["corrected"] == []


def test_a_record_damaged_by_hand_is_told_in_one_sentence_and_its_words_are_kept(
    store: str, command: Command
) -> None:
    at = ("--store", store)
    command(*at, "--url", "http://127.0.0.1:1/open311/v2", "--server", "georeport", "--set", "row_cap=50")
    engine = create_engine(store)
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT capabilities FROM server")).scalar_one()
        broken = str(kept).replace("row_cap = 50", "row_cap = about 50")
        connection.execute(text("UPDATE server SET capabilities = :it"), {"it": broken})

    code, shown, said = command(*at)
    assert code == 0 and "damaged" in shown["complaint"] and shown["complaint"] in said
    assert shown["capabilities"]["row_cap"] == 0

    code, mended, _ = command(*at, "--set", "row_cap=60")
    with engine.begin() as connection:
        now = str(connection.execute(text("SELECT capabilities FROM server")).scalar_one())
    engine.dispose()
    assert mended["capabilities"]["row_cap"] == 60 and "# was: row_cap = about 50" in now


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--set", "row_cap"], 2, "row_cap=1000"),
        (["--set", "row_cap=many"], 2, "whole number"),
        (["--set", "rowcap=1"], 2, "no value of the record"),
        (["--clear", "rowcap"], 2, "no value of the record"),
        (["--probe"], 1, "takes no connections"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    store: str, command: Command, arguments: list[str], code: int, words: str
) -> None:
    command("--store", store, "--url", "http://127.0.0.1:1/open311/v2", "--server", "georeport")

    got, answer, said = command("--store", store, *arguments)

    assert (got, answer) == (code, {})
    assert words in said and "Traceback" not in said


def test_a_store_without_a_server_says_what_to_say(store: str, command: Command) -> None:
    code, _, said = command("--store", store)

    assert code == 1 and "--url" in said
