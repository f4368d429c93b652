"""Every channel keeps the same promises, whichever road it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation.channels import CHANNELS, Channel, ChannelSettings
from dispatch.records import DeliveryState
from tests.conftest import StillClock
from tests.dispatch.forms.made import hand_over
from tests.dispatch.reports.read_pdf import pages_of
from tests.mail_servers import smtp_server
from tests.relay import SECRET, Relay

every_channel = pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)


@pytest.fixture
def mail(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A mail server for the exercise and one for live hand-overs; what each takes stands in a folder."""
    with smtp_server() as (own, own_port), smtp_server() as (live, live_port):
        own.folder, live.folder = tmp_path / "post", tmp_path / "live"
        yield {
            **mail_values("exercise_", own_port, "player@exercise.example"),
            **mail_values("", live_port, "duty@fire.example"),
        }


def mail_values(prefix: str, port: int, to: str) -> dict[str, str]:
    said = {"smtp_host": "127.0.0.1", "smtp_port": str(port), "smtp_security": "plain"}
    said |= {"mail_from": "eoc@stpete.example", "mail_to": to}
    return {f"{prefix}{name}": value for name, value in said.items()}


@pytest.fixture
def relays() -> Iterator[tuple[Relay, Relay]]:
    """The exercise's and the live one, which say of nothing that somebody has read it."""
    made = Relay(), Relay()
    for relay in made:
        relay.gives_receipts = False
    yield made
    for relay in made:
        relay.stop()


@pytest.fixture
def exercise(
    tmp_path: Path,
    zone: ZoneInfo,
    clock: StillClock,
    mail: dict[str, str],
    relays: tuple[Relay, Relay],
) -> ChannelSettings:
    values = {name: value for name, value in mail.items() if name.startswith("exercise_")}
    return ChannelSettings(
        is_exercise=True,
        zone=zone,
        clock=clock,
        data_dir=tmp_path / "data",
        values=values | relays[0].values(),
        secret=lambda _name: SECRET,
    )


@pytest.fixture
def live(
    exercise: ChannelSettings, tmp_path: Path, mail: dict[str, str], relays: tuple[Relay, Relay]
) -> ChannelSettings:
    """Whatever any channel says that it needs is there."""
    needed = {name for channel in CHANNELS.values() for name in channel.settings_needed}
    values = {name: str(tmp_path / "live" / name) for name in needed}
    return replace(exercise, is_exercise=False, values=values | mail | relays[1].values(is_exercise=False))


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def kept(folder: Path) -> dict[str, bytes]:
    """What the other side has: a mail that comes twice is one by its Message-ID."""
    found = files_of(folder)
    mails = {name: message_from_bytes(content) for name, content in found.items() if name.endswith(".eml")}
    ids = {str(mail["Message-ID"]): b"" for mail in mails.values()}
    return ids | {name: content for name, content in found.items() if name not in mails}


def words_of(name: str, content: bytes) -> str:
    if name.endswith(".eml"):
        parts = message_from_bytes(content, policy=policy.default).walk()
        leaves = [part for part in parts if not part.is_multipart()]
        return " ".join(words_of(p.get_filename() or "", p.get_payload(decode=True) or b"") for p in leaves)
    return " ".join(pages_of(content)) if name.endswith(".pdf") else content.decode()


@every_channel
def test_a_channel_is_listed_under_its_name_and_has_words_for_people(channel: Channel) -> None:
    assert CHANNELS[channel.name] is channel
    assert channel.label and channel.label != channel.name


@every_channel
def test_a_receipt_claims_no_more_than_the_channel_knows(
    channel: Channel, exercise: ChannelSettings, clock: StillClock
) -> None:
    receipt = channel.hand_over(hand_over(), exercise)

    assert receipt.state == DeliveryState.SENT  # none of them can see a reader
    assert receipt.at == clock.now()
    assert receipt.proof


@every_channel
def test_handing_over_again_leaves_what_was_there(
    channel: Channel, exercise: ChannelSettings, clock: StillClock, tmp_path: Path
) -> None:
    channel.hand_over(hand_over(), exercise)
    once = kept(tmp_path)
    clock.advance(minutes=5)

    again = channel.hand_over(hand_over(), exercise)

    assert kept(tmp_path) == once
    assert again.at == clock.now()


@every_channel
def test_s18_an_exercise_is_marked_on_every_file_inside_and_out(
    channel: Channel, exercise: ChannelSettings, tmp_path: Path
) -> None:
    channel.hand_over(hand_over(), exercise)

    for name, content in files_of(tmp_path).items():
        named = str(message_from_bytes(content)["Subject"]) if name.endswith(".eml") else Path(name).name
        assert named.startswith("EXERCISE")
        assert "EXERCISE" in words_of(name, content)


@every_channel
def test_s18_an_exercise_cannot_send_live(
    channel: Channel,
    exercise: ChannelSettings,
    live: ChannelSettings,
    tmp_path: Path,
    relays: tuple[Relay, Relay],
) -> None:
    with pytest.raises(ChannelFailed, match="belongs to an exercise"):
        channel.hand_over(hand_over(is_exercise=True), live)
    with pytest.raises(ChannelFailed, match="is a real hand-over"):
        channel.hand_over(hand_over(is_exercise=False), exercise)

    channel.hand_over(hand_over(), replace(exercise, values={**live.values, **exercise.values}))

    assert files_of(tmp_path / "live") == {}
    assert not relays[1].calls


@every_channel
def test_a_live_hand_over_carries_no_exercise_mark(
    channel: Channel, live: ChannelSettings, tmp_path: Path
) -> None:
    channel.hand_over(hand_over(is_exercise=False), live)

    for name, content in files_of(tmp_path).items():
        assert "EXERCISE" not in name + words_of(name, content)
        assert not name.endswith(".eml") or "EXERCISE" not in str(message_from_bytes(content)["Subject"])


@every_channel
def test_a_setting_that_is_missing_is_named_in_a_sentence(channel: Channel, live: ChannelSettings) -> None:
    for name in channel.settings_needed:
        without = {key: value for key, value in live.values.items() if key != name}

        with pytest.raises(ChannelFailed, match=f"enter its {name}"):
            channel.hand_over(hand_over(is_exercise=False), replace(live, values=without))
