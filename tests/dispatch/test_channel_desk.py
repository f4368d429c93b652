"""Setting up a channel: kept in the file, its secret in the keyring alone, in force at once, one log line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from dispatch import settings as seat_settings
from dispatch.channel_desk import ChannelDesk
from dispatch.errors import SettingsBroken
from dispatch.escalation.channels import set_up
from dispatch.store import log
from tests.city import City
from tests.conftest import StillClock
from tests.dispatch.test_settings import MemoryKeyring
from tests.relay import SECRET
from tests.rooms import Room

HOOK = {"webhook_url": "https://relay.example/hook", "webhook_answers_url": ""}


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def room(tmp_path: Path, city: City, clock: StillClock, run: Callable[..., Any]) -> Iterator[Room]:
    made = Room(tmp_path / "seat", city, clock, run)
    yield made
    made.close()


@pytest.fixture
def desk(room: Room, ring: MemoryKeyring) -> ChannelDesk:
    return room.parts.channel_desk


def newest(room: Room) -> dict[str, Any]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        return dict([*log.every_row(connection)][-1])


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_channel_is_in_force_at_once_and_its_line_names_what_changed(
    room: Room, desk: ChannelDesk, ring: MemoryKeyring
) -> None:
    assert "webhook" not in set_up(room.parts.channel_settings)
    desk.note(desk.keep("webhook", HOOK, {"webhook_secret": SECRET}))

    assert "webhook" in set_up(room.parts.channel_settings)
    assert room.parts.channel_settings.secret("exercise_webhook_secret") == SECRET
    assert desk.entered("webhook") == HOOK
    assert desk.missing("webhook", desk.stored()) == ()
    line = newest(room)
    assert (line["act"], line["person"]) == ("channel", "A. Operator")
    assert line["text"] == "channel set up: Webhook (webhook_url, webhook_secret)"


def test_a_secret_stands_in_the_keyring_and_nowhere_else(
    room: Room, desk: ChannelDesk, ring: MemoryKeyring
) -> None:
    kept = desk.keep("webhook", HOOK, {"webhook_secret": SECRET})
    desk.note(kept)

    assert ring.kept == {("landfall", "exercise_webhook_secret"): SECRET}
    assert SECRET.encode() not in everything_written(room.parts.folder)
    assert SECRET not in repr(kept) and SECRET not in str(newest(room))


def test_a_secret_is_replaced_removed_and_otherwise_left_alone(
    desk: ChannelDesk, ring: MemoryKeyring
) -> None:
    desk.keep("webhook", HOOK, {"webhook_secret": SECRET})
    desk.keep("webhook", HOOK, {})
    assert desk.stored().names == {"webhook_secret"}
    desk.keep("webhook", HOOK, {"webhook_secret": ""})
    assert ring.kept == {} and desk.stored().names == set()
    assert desk.missing("webhook", desk.stored()) == ("webhook_secret",)


def test_a_value_stays_where_somebody_wrote_it_and_an_empty_one_goes(room: Room, desk: ChannelDesk) -> None:
    path = room.parts.folder / seat_settings.FILE
    path.write_text(
        '[channels.all]  # ours\nwebhook_url = "https://live.example"\n'
        'exercise_webhook_url = "https://old.example"  # ask Kim\n'
    )
    desk.keep("webhook", HOOK, {})
    text = path.read_text()
    assert "# ours" in text and 'exercise_webhook_url = "https://relay.example/hook"  # ask Kim' in text
    desk.keep("webhook", {"webhook_url": "", "webhook_answers_url": ""}, {})
    assert seat_settings.load(room.parts.folder).channel_values() == {"webhook_url": "https://live.example"}
    assert "webhook" not in set_up(room.parts.channel_settings)


def test_an_exercise_sees_and_changes_nothing_of_the_live_ones(room: Room, desk: ChannelDesk) -> None:
    live = {"smtp_host": "mail.live.example", "mail_to": "em@live.example"}
    room.parts.channel_values.take(live)
    assert not any(desk.entered("email").values())
    found = desk.wrong("email", {**desk.entered("email"), "smtp_host": "m", "mail_from": "a@b.example",
                                 "mail_to": "em@live.example"}, {})  # fmt: skip
    assert found is not None and found.name == "mail_to" and "live hand-overs" in found.sentence


def test_without_a_keyring_nothing_is_changed(room: Room, desk: ChannelDesk) -> None:
    keyring.set_keyring(NoKeyring())
    with pytest.raises(SettingsBroken, match="no open keyring"):
        desk.keep("webhook", HOOK, {"webhook_secret": SECRET})
    assert not (room.parts.folder / seat_settings.FILE).exists()
    assert "webhook" not in set_up(room.parts.channel_settings)
    assert desk.stored().trouble and desk.missing("webhook", desk.stored()) == ("webhook_url",)
    desk.keep("webhook", HOOK, {})
    assert "webhook" in set_up(room.parts.channel_settings)


def test_a_file_that_cannot_be_read_leaves_the_keyring_as_it_was(
    room: Room, desk: ChannelDesk, ring: MemoryKeyring
) -> None:
    (room.parts.folder / seat_settings.FILE).write_text("[channels\n")
    with pytest.raises(SettingsBroken, match="line 1"):
        desk.keep("webhook", HOOK, {"webhook_secret": SECRET})
    assert ring.kept == {}


def test_what_could_not_be_logged_is_taken_back(room: Room, desk: ChannelDesk, ring: MemoryKeyring) -> None:
    kept = desk.keep("webhook", HOOK, {"webhook_secret": SECRET})
    kept.undo()
    assert "webhook" not in set_up(room.parts.channel_settings) and ring.kept == {}
    assert seat_settings.load(room.parts.folder).channel_values() == {}


def test_a_secret_given_by_the_system_is_changed_there(
    desk: ChannelDesk, ring: MemoryKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exercise_webhook_secret").write_text(SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert desk.stored().outside == {"webhook_secret"}
    with pytest.raises(SettingsBroken, match="change it there"):
        desk.keep("webhook", HOOK, {"webhook_secret": SECRET})


def test_a_try_takes_what_is_typed_and_leaves_a_line(room: Room, desk: ChannelDesk, tmp_path: Path) -> None:
    tried = desk.try_out("webhook", HOOK, {"webhook_secret": "rain"})
    desk.note_tried("webhook", is_good=tried.is_good)
    assert "secret is damaged" in tried.sentence
    assert newest(room)["text"] == "channel tried: Webhook, it failed"
    assert not room.parts.channel_values
