"""Answers out of a real IMAP mailbox: each read once, nothing lost, nothing deleted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail.channel import EmailChannel
from dispatch.escalation.mail.imap import _quoted
from dispatch.escalation.mail.received import MOST_BYTES
from tests.dispatch.escalation.mail.replies import APPLE, mail
from tests.mail_servers import Box


def letter(number: int, words: str = "Accepted", **changes: str) -> bytes:
    return mail(words + APPLE, message_id=f"<{number}@pinellas.example>", **changes).encode()


def keys(channel: EmailChannel, settings: ChannelSettings) -> list[str]:
    return [item.key for item in channel.answers(settings)]


def test_an_answer_comes_until_it_is_confirmed_and_then_no_more(settings: ChannelSettings, box: Box) -> None:
    channel = EmailChannel()
    uid = box.deliver(letter(1))
    assert keys(channel, settings) == keys(channel, settings) == ["email:<1@pinellas.example>"]
    assert box.seen == set()

    channel.confirm(["email:<1@pinellas.example>"], settings)

    assert box.seen == {uid} and list(box.folders["INBOX"]) == [uid]
    assert keys(channel, settings) == keys(EmailChannel(), settings) == []


def test_what_a_person_opened_meanwhile_is_read_all_the_same(settings: ChannelSettings, box: Box) -> None:
    channel = EmailChannel()
    box.deliver(mail("Buy now", sender="old@spam.example", subject="Sale", more="").encode())
    assert keys(channel, settings) == []  # the first visit marks where we stand

    box.deliver(letter(2), is_seen=True)

    assert keys(channel, settings) == ["email:<2@pinellas.example>"]


def test_what_lay_read_in_the_mailbox_before_is_left_alone(settings: ChannelSettings, box: Box) -> None:
    box.deliver(letter(1), is_seen=True)
    assert keys(EmailChannel(), settings) == []


def test_a_server_that_does_not_tell_its_next_number_is_read_as_well(
    settings: ChannelSettings, box: Box
) -> None:
    box.tells_next = False
    channel = EmailChannel()
    box.deliver(letter(1), is_seen=True)
    assert keys(channel, settings) == keys(channel, settings) == []
    box.deliver(letter(2))
    assert keys(channel, settings) == ["email:<2@pinellas.example>"]
    channel.confirm(["email:<2@pinellas.example>"], settings)
    box.deliver(letter(3), is_seen=True)
    assert keys(channel, settings) == ["email:<3@pinellas.example>"]


def test_automatic_mails_are_put_aside_and_hold_up_no_answer(settings: ChannelSettings, box: Box) -> None:
    channel = EmailChannel()
    automatic = [box.deliver(letter(n, more="Auto-Submitted: auto-replied\n")) for n in range(3)]
    assert keys(channel, settings) == []
    assert box.seen == set(automatic)

    box.deliver(letter(7))
    assert keys(channel, settings) == ["email:<7@pinellas.example>"]


def test_a_line_that_breaks_anywhere_loses_nothing(settings: ChannelSettings, box: Box) -> None:
    box.deliver(letter(1))
    channel = EmailChannel()
    for command in ("LOGIN", "SELECT", "UID SEARCH", "UID FETCH"):
        box.break_at = [command]
        with pytest.raises(ChannelFailed, match=r"line to the mailbox 127.0.0.1 broke"):
            channel.answers(settings)
    [key] = keys(channel, settings)
    for command in ("SELECT", "UID STORE"):
        box.break_at = [command]
        with pytest.raises(ChannelFailed, match=r"broke"):
            channel.confirm([key], settings)
        assert keys(channel, settings) == [key]

    channel.confirm([key], settings)
    assert keys(channel, settings) == []


def test_many_come_in_batches_oldest_first(settings: ChannelSettings, box: Box) -> None:
    for number in range(120):
        box.deliver(letter(number))
    channel, found = EmailChannel(), []
    while batch := keys(channel, settings):
        assert len(batch) <= 50
        found += batch
        channel.confirm(batch, settings)
    assert found == [f"email:<{number}@pinellas.example>" for number in range(120)]


def test_one_that_is_not_confirmed_comes_again_with_all_after_it(settings: ChannelSettings, box: Box) -> None:
    channel = EmailChannel()
    for number in (1, 2, 3):
        box.deliver(letter(number))
    first, second, third = keys(channel, settings)
    channel.confirm([first, third], settings)
    assert keys(channel, settings) == [second, third]


def test_a_folder_made_anew_is_looked_through_from_its_start(settings: ChannelSettings, box: Box) -> None:
    channel = EmailChannel()
    box.deliver(letter(1))
    channel.confirm(keys(channel, settings), settings)
    box.validity, box.folders["INBOX"], box.next_uid = 8, {}, 1
    box.seen.clear()

    box.deliver(letter(2))

    assert keys(channel, settings) == ["email:<2@pinellas.example>"]


@pytest.mark.parametrize("can_move", [True, False])
def test_read_ones_are_moved_where_the_city_wishes_it(
    can_move: bool, settings: ChannelSettings, box: Box
) -> None:
    box.can_move = can_move
    moving = replace(settings, values={**settings.values, "imap_read_folder": "Landfall read"})
    channel = EmailChannel()
    uid = box.deliver(letter(1))
    channel.confirm(keys(channel, moving), moving)

    assert list(box.folders.get("Landfall read", {})) == ([uid] if can_move else [])
    assert len(box.folders["INBOX"]) == (0 if can_move else 1)
    assert keys(channel, moving) == []


def test_of_a_huge_mail_only_the_start_is_fetched(settings: ChannelSettings, box: Box) -> None:
    box.deliver(letter(1) + b"x" * 3 * MOST_BYTES)
    [item] = EmailChannel().answers(settings)
    assert item.act == "" and "too long" in item.why_unclear and item.token


def test_a_mailbox_is_not_asked_more_often_than_its_keeper_likes(settings: ChannelSettings, box: Box) -> None:
    calm = replace(settings, values={**settings.values, "imap_every_s": "60"})
    channel = EmailChannel()
    box.break_at = ["LOGIN"]
    for _ in range(3):
        with pytest.raises(ChannelFailed, match=r"broke"):
            channel.answers(calm)
    assert box.commands.count("LOGIN") == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"imap_user": "somebody"}, "refuses the login of somebody: check imap_user and enter imap_password"),
        ({"imap_folder": "Answers"}, "has no folder Answers .*: check imap_folder"),
        ({"imap_port": "1"}, "mailbox 127.0.0.1 refuses port 1: check imap_port"),
        ({"imap_security": "plain", "imap_host": "mail.example"}, "never leaves this machine in the clear"),
        ({"mail_ca_file": ""}, "certificate of the mailbox .* is not trusted"),
    ],
)
def test_what_is_set_wrong_is_said_in_a_sentence(
    settings: ChannelSettings, values: dict[str, str], says: str
) -> None:
    with pytest.raises(ChannelFailed, match=says):
        EmailChannel().answers(replace(settings, values={**settings.values, **values}))


def test_without_a_mailbox_nobody_is_asked(settings: ChannelSettings) -> None:
    none = replace(settings, values={**settings.values, "imap_host": ""})
    assert not EmailChannel().is_set_up(none) and EmailChannel().is_set_up(settings)
    assert EmailChannel().answers(none) == ()


def test_a_folder_may_have_any_name() -> None:
    assert _quoted("Antworten für A&B") == '"Antworten f&APw-r A&-B"'
    assert _quoted('a"b') == '"a\\"b"'
