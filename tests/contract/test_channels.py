"""Every channel keeps the same promises, whichever road it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation import CHANNELS, Channel, ChannelSettings
from dispatch.records import DeliveryState
from tests.conftest import StillClock
from tests.dispatch.forms.made import hand_over
from tests.dispatch.reports.read_pdf import pages_of

every_channel = pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)


@pytest.fixture
def exercise(tmp_path: Path, zone: ZoneInfo, clock: StillClock) -> ChannelSettings:
    return ChannelSettings(is_exercise=True, zone=zone, clock=clock, data_dir=tmp_path / "data")


@pytest.fixture
def live(exercise: ChannelSettings, tmp_path: Path) -> ChannelSettings:
    """Whatever any channel says that it needs is there."""
    needed = {name for channel in CHANNELS.values() for name in channel.settings_needed}
    return replace(
        exercise, is_exercise=False, values={name: str(tmp_path / "live" / name) for name in needed}
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
    once = files_of(tmp_path)
    clock.advance(minutes=5)

    again = channel.hand_over(hand_over(), exercise)

    assert files_of(tmp_path) == once
    assert again.at == clock.now()


@every_channel
def test_s18_an_exercise_is_marked_on_every_file_inside_and_out(
    channel: Channel, exercise: ChannelSettings, tmp_path: Path
) -> None:
    channel.hand_over(hand_over(), exercise)

    for name, content in files_of(tmp_path).items():
        assert Path(name).name.startswith("EXERCISE_")
        words = " ".join(pages_of(content)) if name.endswith(".pdf") else content.decode()
        assert "EXERCISE" in words


@every_channel
def test_s18_an_exercise_cannot_send_live(
    channel: Channel, exercise: ChannelSettings, live: ChannelSettings, tmp_path: Path
) -> None:
    with pytest.raises(ChannelFailed, match="belongs to an exercise"):
        channel.hand_over(hand_over(is_exercise=True), live)
    with pytest.raises(ChannelFailed, match="is a real hand-over"):
        channel.hand_over(hand_over(is_exercise=False), exercise)

    channel.hand_over(hand_over(), replace(exercise, values=live.values))

    assert files_of(tmp_path / "live") == {}


@every_channel
def test_a_live_hand_over_carries_no_exercise_mark(
    channel: Channel, live: ChannelSettings, tmp_path: Path
) -> None:
    channel.hand_over(hand_over(is_exercise=False), live)

    for name, content in files_of(tmp_path).items():
        words = " ".join(pages_of(content)) if name.endswith(".pdf") else content.decode()
        assert "EXERCISE" not in name + words


@every_channel
def test_a_setting_that_is_missing_is_named_in_a_sentence(channel: Channel, live: ChannelSettings) -> None:
    for name in channel.settings_needed:
        without = {key: value for key, value in live.values.items() if key != name}

        with pytest.raises(ChannelFailed, match=f"enter its {name}"):
            channel.hand_over(hand_over(is_exercise=False), replace(live, values=without))
