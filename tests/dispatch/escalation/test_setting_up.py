"""What can be entered for a channel, what is missing, and what is refused before it is saved."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.channels import CHANNELS, is_set_up
from dispatch.escalation.setting_up import ENTRIES, SECRETS, entries, missing, wrong
from tests.conftest import StillClock
from tests.relay import SECRET

MAIL = {"smtp_host": "mail.city.example", "mail_from": "eoc@city.example", "mail_to": "em@county.example"}
HOOK = {"webhook_url": "https://relay.example/hook"}
ZONE = ZoneInfo("America/New_York")


def settings(values: dict[str, str], *, is_exercise: bool = False) -> ChannelSettings:
    return ChannelSettings(is_exercise, ZONE, StillClock(), Path("seat"), values)


def test_every_value_that_a_channel_needs_can_be_entered() -> None:
    for name, channel in CHANNELS.items():
        assert set(channel.settings_needed) <= set(entries(name, ()))
    assert set(ENTRIES) >= set(SECRETS)
    assert entries("email", ["Energy"])[-1] == "mail_to.Energy"


@pytest.mark.parametrize(
    ("channel", "values", "stored", "names"),
    [
        ("desk", {}, (), ()),
        ("printout", {}, (), ()),
        ("folder", {}, (), ("folder",)),
        ("folder", {"folder": "/srv"}, (), ()),
        ("email", {}, (), ("smtp_host", "mail_from", "mail_to")),
        ("email", {**MAIL, "mail_to": ""}, (), ("mail_to",)),
        ("email", MAIL, (), ()),
        ("email", {**MAIL, "smtp_user": "eoc"}, (), ("email_password",)),
        ("email", {**MAIL, "smtp_user": "eoc", "imap_user": "eoc"}, ("email_password",), ("imap_password",)),
        ("webhook", {}, (), ("webhook_url",)),
        ("webhook", HOOK, (), ("webhook_secret",)),
        ("webhook", HOOK, ("webhook_secret",), ()),
    ],
)
def test_what_is_missing_is_named(
    channel: str, values: dict[str, str], stored: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert missing(channel, settings(values), stored) == names


def test_an_exercise_misses_its_own_whatever_stands_for_live_hand_overs() -> None:
    assert missing("email", settings(MAIL, is_exercise=True), ()) == ("smtp_host", "mail_from", "mail_to")
    assert missing("folder", settings({}, is_exercise=True), ()) == ()


@pytest.mark.parametrize(
    ("channel", "changes", "name"),
    [
        ("folder", {"folder": "relay"}, "folder"),
        ("email", {"smtp_host": ""}, "smtp_host"),
        ("email", {"smtp_host": "https://mail.city.example"}, "smtp_host"),
        ("email", {"smtp_port": "0"}, "smtp_port"),
        ("email", {"smtp_port": "five"}, "smtp_port"),
        ("email", {"smtp_port": "٥٨٧"}, "smtp_port"),
        ("email", {"smtp_security": "plain"}, "smtp_security"),
        ("email", {"mail_from": ""}, "mail_from"),
        ("email", {"mail_from": "a@b.example, c@d.example"}, "mail_from"),
        ("email", {"mail_to": ""}, "mail_to"),
        ("email", {"mail_to": "em@county.example; nobody"}, "mail_to"),
        ("email", {"mail_reply_to": "nobody"}, "mail_reply_to"),
        ("email", {"mail_to.Energy": "nobody"}, "mail_to.Energy"),
        ("email", {"imap_host": "a b"}, "imap_host"),
        ("email", {"imap_host": "mail", "imap_port": "99999"}, "imap_port"),
        ("webhook", {"webhook_url": "http://relay.example"}, "webhook_url"),
        ("webhook", {"webhook_url": "relay"}, "webhook_url"),
        ("webhook", {"webhook_url": ""}, "webhook_url"),
        ("webhook", {"webhook_answers_url": "ftp://x"}, "webhook_answers_url"),
    ],
)
@pytest.mark.parametrize("is_exercise", [False, True])
def test_what_cannot_be_meant_is_named_with_what_to_write(
    channel: str, changes: dict[str, str], name: str, is_exercise: bool
) -> None:
    answers = {"webhook_answers_url": "https://relay.example/answers"}
    given = {"email": MAIL, "webhook": HOOK | answers}.get(channel, {}) | changes
    before = "exercise_" if is_exercise else ""
    found = wrong(
        channel, settings({before + key: value for key, value in given.items()}, is_exercise=is_exercise), {}
    )

    assert found is not None and found.name == name
    assert found.sentence.endswith(".") and "_" not in found.sentence


@pytest.mark.parametrize(
    ("channel", "values", "secrets"),
    [
        ("folder", {"folder": "/srv/county relay"}, {}),
        ("folder", {"folder": "~/relay"}, {}),
        ("folder", {}, {}),
        ("email", MAIL, {}),
        ("email", {}, {}),
        ("email", {**MAIL, "mail_to": "M. Diaz <m.diaz@county.example>, duty@fire.example"}, {}),
        ("email", {**MAIL, "smtp_host": "127.0.0.1", "smtp_security": "plain", "smtp_port": "2525"}, {}),
        ("webhook", HOOK, {"webhook_secret": SECRET}),
        ("webhook", HOOK, {"webhook_secret": f"{SECRET} {SECRET}"}),
        ("webhook", {"webhook_url": "http://127.0.0.1:8000/hook"}, {}),
        ("webhook", {}, {}),
        ("webhook", {}, {"webhook_secret": ""}),
        ("desk", {}, {}),
    ],
)
def test_what_can_be_meant_is_taken(channel: str, values: dict[str, str], secrets: dict[str, str]) -> None:
    assert wrong(channel, settings(values), secrets) is None


def test_a_damaged_secret_is_named_and_not_repeated() -> None:
    found = wrong("webhook", settings(HOOK), {"webhook_secret": "hunter2"})
    assert found is not None and found.name == "webhook_secret" and "hunter2" not in found.sentence


@pytest.mark.parametrize(
    ("channel", "values", "name"),
    [
        ("folder", {"folder": "/srv/live", "exercise_folder": "/srv/live/inside"}, "folder"),
        ("webhook", {**HOOK, "exercise_webhook_url": "https://RELAY.example:443/hook/"}, "webhook_url"),
        (
            "email",
            {**MAIL, **{f"exercise_{key}": value for key, value in MAIL.items()}},
            "mail_to",
        ),
    ],
)
def test_an_exercise_takes_no_live_address(channel: str, values: dict[str, str], name: str) -> None:
    found = wrong(channel, settings(values, is_exercise=True), {})
    assert found is not None and found.name == name
    assert "live hand-overs" in found.sentence.lower()


def test_a_channel_with_all_its_entries_can_be_used() -> None:
    assert is_set_up(CHANNELS["email"], settings(MAIL))
