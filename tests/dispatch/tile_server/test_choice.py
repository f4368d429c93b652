"""The chosen tile server in the settings: its terms read by a person, its key in the keyring alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from dispatch import settings
from dispatch.errors import SettingsBroken
from dispatch.tile_server.address import TileAddress
from dispatch.tile_server.choice import TileChoice, chosen, keep, key_for
from tests.dispatch.test_settings import MemoryKeyring

TODAY = date(2026, 11, 28)
PLAIN = TileChoice(
    TileAddress("https://tile.example/{z}/{x}/{y}.png"),
    "© Example contributors",
    "https://tile.example/terms",
    18,
)
KEYED = replace(PLAIN, address=TileAddress("https://tile.example/{z}/{x}/{y}.png?key={key}"))


@pytest.fixture(autouse=True)
def ring() -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_nothing_is_chosen_at_first(tmp_path: Path) -> None:
    assert chosen(settings.load(tmp_path)) is None


def test_what_is_chosen_stands_in_the_settings_with_who_read_the_terms(tmp_path: Path) -> None:
    kept = keep(tmp_path, PLAIN, key="", person="Sam Reyes", today=TODAY)
    assert chosen(kept) == (PLAIN, True)
    assert kept.base_map == "server" and kept.tile_terms_read.startswith("Sam Reyes, 2026-11-28, ")
    text = (tmp_path / settings.FILE).read_text("utf-8")
    assert 'url = "https://tile.example/{z}/{x}/{y}.png"' in text


def test_a_key_lies_in_the_keyring_and_in_no_file(tmp_path: Path, ring: MemoryKeyring) -> None:
    keep(tmp_path, KEYED, key="s3cret", person="Sam Reyes", today=TODAY)
    assert ring.kept == {("landfall", "tiles-tile.example"): "s3cret"}
    assert key_for(KEYED.address) == "s3cret" and key_for(PLAIN.address) == ""
    assert not any("s3cret" in path.read_text("utf-8") for path in tmp_path.iterdir())


def test_without_a_keyring_a_key_is_not_kept_and_nothing_is_changed(tmp_path: Path) -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(SettingsBroken, match="no open keyring"):
        keep(tmp_path, KEYED, key="s3cret", person="Sam Reyes", today=TODAY)
    assert not (tmp_path / settings.FILE).exists()
    assert key_for(KEYED.address) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"tile_url": "https://other.example/{z}/{x}/{y}.png"},
        {"tile_terms": "Other terms"},
        {"tile_credit": ""},
        {"tile_terms_read": ""},
    ],
)
def test_another_server_other_terms_or_no_credit_must_be_read_again(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    kept = keep(tmp_path, PLAIN, key="", person="Sam Reyes", today=TODAY)
    found = chosen(replace(kept, **changes))
    assert found is not None and not found[1]


def test_a_key_that_was_written_into_the_settings_is_asked_for_in_the_sheet(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text(
        '[tiles]\nurl = "https://tile.example/{z}/{x}/{y}.png?key=s3cret"\nattribution = "<b>©</b> Example"\n'
    )
    found = chosen(settings.load(tmp_path))
    assert found is not None
    choice, is_read = found
    assert choice.address == KEYED.address and choice.credit == "© Example" and not is_read


def test_an_address_in_the_settings_that_is_none_counts_as_none(tmp_path: Path) -> None:
    assert chosen(replace(settings.Settings(), tile_url="https://tile.example/")) is None
