"""What the doctor says of the channels of a seat, without calling anybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispatch.commands.doctor import doctor
from tests.relay import SECRET, keep_secret


def said_of_channels(folder: Path, text: str) -> tuple[bool, str]:
    (folder / "settings.toml").write_text(text)
    done = CliRunner().invoke(doctor, ["--data", str(folder)])
    [check] = [each for each in json.loads(done.output)["checks"] if each["name"] == "channels"]
    return check["ok"], check["say"]


def test_it_names_the_ways_that_are_set_up(tmp_path: Path) -> None:
    assert said_of_channels(tmp_path, "") == (
        True,
        "Hand-overs can go by EM desk, Printout, Radio, by voice.",
    )


@pytest.mark.parametrize(
    ("url", "secret", "says"),
    [
        ("https://county.example/hook", SECRET, "Hand-overs can go by EM desk, Webhook,"),
        ("http://county.example/hook", SECRET, "must begin with https://"),
        ("https://county.example/hook", "", "keyring set landfall webhook_secret"),
        ("https://county.example/hook", "whsec_short", "secret is damaged"),
    ],
)
def test_a_webhook_that_could_not_be_signed_or_sent_is_found_before_the_storm(
    url: str, secret: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", keep_secret(tmp_path / "keys", secret, name="webhook_secret"))

    is_well, said = said_of_channels(tmp_path, f'[channels.webhook]\nwebhook_url = "{url}"\n')

    assert says in said and is_well is ("can go by" in says)
