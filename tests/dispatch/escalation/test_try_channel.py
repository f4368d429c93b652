"""Trying a channel: it really goes the whole way, is marked as a test in every form, and says what to do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelRefused
from dispatch.escalation import webhook
from dispatch.escalation.channels import CHANNELS, ChannelSettings
from dispatch.escalation.mail import received
from dispatch.escalation.try_channel import TRIES, Tried, try_channel
from tests.conftest import StillClock
from tests.dispatch.forms.made import hand_over
from tests.dispatch.reports.read_pdf import pages_of
from tests.mail_servers import (
    HOST,
    PASSWORD,
    USER,
    Box,
    Post,
    certificate,
    imap_server,
    odd_server,
    server_tls,
    smtp_server,
)
from tests.relay import SECRET, Relay

LIVE_EM = "m.diaz@county.example"


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("papers"))


@pytest.fixture
def post(papers: tuple[Path, Path]) -> Iterator[tuple[Post, int]]:
    with smtp_server(starttls=server_tls(papers)) as running:
        yield running


@pytest.fixture
def box(papers: tuple[Path, Path]) -> Iterator[tuple[Box, int]]:
    with imap_server(server_tls(papers)) as running:
        yield running


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay()
    yield made
    made.stop()


Make = Callable[..., ChannelSettings]


@pytest.fixture
def make(tmp_path: Path, zone: ZoneInfo, clock: StillClock) -> Make:
    def make(*, is_exercise: bool = False, secrets: dict[str, str] | None = None, **values: str):
        return ChannelSettings(
            is_exercise, zone, clock, tmp_path / "seat", values, lambda name: (secrets or {}).get(name, "")
        )

    return make


@pytest.fixture
def mail(make: Make, post: tuple[Post, int], box: tuple[Box, int], papers: tuple[Path, Path]) -> Make:
    def made(*, is_exercise: bool = False, password: str = PASSWORD, **changes: str) -> ChannelSettings:
        before = "exercise_" if is_exercise else ""
        values = {
            "smtp_host": HOST,
            "smtp_port": str(post[1]),
            "smtp_user": USER,
            "mail_from": "eoc@stpete.example",
            "mail_to": LIVE_EM if not is_exercise else "trainer@stpete.example",
            "mail_ca_file": str(papers[0]),
            "imap_host": HOST,
            "imap_port": str(box[1]),
            "imap_user": USER,
        }
        secrets = {f"{before}email_password": password, f"{before}imap_password": password}
        named = {before + name: value for name, value in (values | changes).items()}
        return make(is_exercise=is_exercise, secrets=secrets, **named)

    return made


def failed(tried: Tried) -> str:
    assert not tried.is_good, tried.sentence
    return tried.sentence


def worked(tried: Tried) -> str:
    assert tried.is_good, tried.sentence
    assert tried.took_s >= 0
    return tried.sentence


def test_every_channel_can_be_tried() -> None:
    assert list(TRIES) and set(TRIES) == set(CHANNELS)


# -- e-mail -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_exercise", [False, True])
def test_a_mail_goes_to_its_sender_and_to_nobody_of_emergency_management(
    mail: Make, post: tuple[Post, int], is_exercise: bool
) -> None:
    said = worked(try_channel("email", mail(is_exercise=is_exercise)))

    assert said == (
        f"Sent to yourself (eoc@stpete.example), accepted by {HOST}; INBOX of {HOST} can be read."
    )
    [letter] = post[0].taken
    assert post[0].recipients == [["eoc@stpete.example"]]
    assert letter["Subject"] == ("EXERCISE " if is_exercise else "") + "TEST: not a hand-over"
    assert "no hand-over: nothing has to be done" in letter.get_content()
    assert not list(letter.iter_attachments())


def test_the_test_that_comes_back_into_the_mailbox_is_no_answer(mail: Make, post: tuple[Post, int]) -> None:
    settings = mail()
    worked(try_channel("email", settings))
    [letter] = post[0].taken
    assert isinstance(received.read(letter.as_bytes(), settings), received.Nothing)


def test_the_mailbox_is_looked_into_and_left_as_it_is(mail: Make, box: tuple[Box, int]) -> None:
    box[0].deliver(b"From: a\r\n\r\nx")
    worked(try_channel("email", mail()))
    assert box[0].seen == set() and any("EXAMINE" in each for each in box[0].commands)


def test_without_a_mailbox_it_is_said(mail: Make) -> None:
    assert "no mailbox for answers is set up" in worked(try_channel("email", mail(imap_host="")))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"password": "rain"}, "refuses the login of eoc: check smtp_user and enter email_password anew."),
        ({"password": ""}, "No password of eoc"),
        ({"smtp_host": ""}, "Enter the mail server first."),
        ({"smtp_host": "no-such-host.invalid"}, "no-such-host.invalid is not known: check smtp_host"),
        ({"mail_ca_file": ""}, "The certificate of the mail server 127.0.0.1 is not trusted"),
        ({"smtp_port": "x"}, "smtp_port must be a number"),
        ({"mail_from": ""}, "mail_from must be one e-mail address"),
        ({"mail_to": "nobody"}, "“nobody” is no e-mail address"),
        ({"imap_user": "x"}, "but answers cannot be read. The mailbox 127.0.0.1 refuses the login of x"),
        ({"imap_folder": "Gone"}, "has no folder Gone"),
    ],
)
def test_a_mail_that_fails_says_what_to_do(mail: Make, changes: dict[str, str], says: str) -> None:
    said = failed(try_channel("email", mail(**changes)))
    assert says in said
    assert "tried again" not in said


def test_a_server_that_refuses_or_waits_is_told(mail: Make, post: tuple[Post, int]) -> None:
    post[0].mail_to["eoc@stpete.example"] = "550 no such user"
    assert "refuses mail for eoc@stpete.example (550 no such user)" in failed(try_channel("email", mail()))
    post[0].mail_to["eoc@stpete.example"] = "451 greylisted"
    assert "(451 greylisted): try again." in failed(try_channel("email", mail()))


def test_a_server_that_drops_the_line_is_to_be_tried_again(mail: Make) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    with odd_server(hang_up) as port:
        said = failed(try_channel("email", mail(smtp_port=str(port))))
    assert said.endswith("broke: try again.")


def test_an_exercise_tries_nothing_at_a_live_address(mail: Make, post: tuple[Post, int]) -> None:
    settings = mail(is_exercise=True, mail_from=LIVE_EM)
    live = replace(settings, values={**settings.values, "mail_to": LIVE_EM})

    assert f"{LIVE_EM} is where live hand-overs go" in failed(try_channel("email", live))
    only_live = {name: value for name, value in mail().values.items() if not name.startswith("exercise_")}
    assert failed(try_channel("email", replace(live, values=only_live))) == "Enter the mail server first."
    assert post[0].taken == []


# -- webhook ----------------------------------------------------------------------------------------------


def hook(make: Make, relay: Relay, *, is_exercise: bool = True, secret: str = SECRET, **changes: str):
    name = "exercise_webhook_secret" if is_exercise else "webhook_secret"
    values = relay.values(is_exercise=is_exercise) | changes
    return make(is_exercise=is_exercise, secrets={name: secret}, **values)


@pytest.mark.parametrize("is_exercise", [False, True])
def test_the_relay_gets_a_signed_test_that_is_no_hand_over(
    make: Make, relay: Relay, is_exercise: bool
) -> None:
    said = worked(try_channel("webhook", hook(make, relay, is_exercise=is_exercise)))

    assert said.endswith("took the test; answers can be asked for.")
    [(key_id, body)] = relay.taken.items()
    assert key_id.startswith("test_") and relay.refused == []
    assert (body["schema"], body["test"], body["exercise"]) == ("landfall/test", True, is_exercise)
    assert body["subject"] == ("EXERCISE " if is_exercise else "") + "TEST: not a hand-over"
    assert "token" not in body and "escalation_id" not in body
    assert relay.asked == [""]


def test_a_test_confirms_no_answer_that_waits_there(make: Make, relay: Relay) -> None:
    settings = hook(make, relay)
    CHANNELS["webhook"].hand_over(hand_over(), settings)
    [sent] = relay.taken.values()
    relay.answer(sent, "accept")
    worked(try_channel("webhook", settings))
    assert webhook.notes(settings).get("after") is None


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (401, "The other side answered 401: check that both sides have the same secret."),
        (404, "The other side answered 404: check the address."),
        (410, "The other side answered 410: the address is gone for good, ask for the new one."),
        (422, "The other side answered 422: ask who runs it."),
        (503, "failed (503)"),
        ("dropped", "broke the line"),
        ("redirect", "has moved to"),
    ],
)
def test_what_the_other_side_says_is_told(make: Make, relay: Relay, fault: int | str, says: str) -> None:
    relay.fail_next(fault)
    assert says in failed(try_channel("webhook", hook(make, relay)))


def test_a_wrong_secret_and_a_damaged_one_are_told_apart(make: Make, relay: Relay) -> None:
    wrong = "whsec_" + "QUFB" * 10
    assert "the same secret" in failed(try_channel("webhook", hook(make, relay, secret=wrong)))
    assert "secret is damaged" in failed(try_channel("webhook", hook(make, relay, secret="rain")))
    assert "no secret to sign with" in failed(try_channel("webhook", hook(make, relay, secret="")))


def test_answers_that_cannot_be_asked_for_are_told_though_the_test_was_taken(
    make: Make, relay: Relay
) -> None:
    relay.fail_asking("page")
    said = failed(try_channel("webhook", hook(make, relay)))
    assert "took the test, but answers cannot be asked for." in said


def test_a_test_of_an_exercise_never_calls_the_live_address(make: Make, relay: Relay) -> None:
    settings = hook(make, relay, webhook_url=relay.url)
    assert "where live hand-overs go" in failed(try_channel("webhook", settings))
    assert not relay.taken


def test_one_that_said_it_is_gone_is_on_again_after_a_test_that_it_takes(make: Make, relay: Relay) -> None:
    settings, channel = hook(make, relay), CHANNELS["webhook"]
    relay.fail_next(410)
    with pytest.raises(ChannelRefused, match="gone for good"):
        channel.hand_over(hand_over(), settings)
    with pytest.raises(ChannelRefused, match="gone for good"):
        channel.hand_over(hand_over(), settings)

    worked(try_channel("webhook", settings))

    channel.hand_over(hand_over(), settings)


# -- folder and paper -------------------------------------------------------------------------------------


def test_a_folder_is_written_and_nothing_stays_in_it(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    folder.mkdir()
    assert worked(try_channel("folder", make(folder=str(folder)))).startswith(f"{folder} can be written")
    assert list(folder.iterdir()) == []


def test_a_folder_that_was_not_there_is_made_and_that_is_said(make: Make, tmp_path: Path) -> None:
    said = worked(try_channel("folder", make(folder=str(tmp_path / "relay"))))
    assert said.endswith("It was not there and has been made.")


def test_a_folder_that_is_a_file_or_not_writable_is_told(make: Make, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "is a file, not a folder" in failed(try_channel("folder", make(folder=str(tmp_path / "file"))))
    assert failed(try_channel("folder", make())) == "Enter the folder first."


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="every folder may be written here")
def test_a_folder_that_may_not_be_written_is_told(make: Make, tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir(mode=0o500)
    assert "may not be written" in failed(try_channel("folder", make(folder=str(tmp_path / "shut"))))


def test_an_exercise_writes_to_no_live_folder(make: Make, tmp_path: Path) -> None:
    live = tmp_path / "live"
    settings = make(is_exercise=True, folder=str(live), exercise_folder=str(live / "inside"))
    assert "where live hand-overs go" in failed(try_channel("folder", settings))
    assert not live.exists()


def test_the_test_page_says_that_it_is_one(make: Make) -> None:
    said = worked(try_channel("printout", make(is_exercise=True)))
    [path] = (make().data_dir / "print").iterdir()
    assert path.name == "EXERCISE_TEST-not-a-hand-over.pdf" and str(path) in said
    [text] = pages_of(path.read_bytes())
    assert text.count("TEST: NOT A HAND-OVER") == 2 and "EXERCISE" in text


def test_what_needs_no_setting_up_has_nothing_to_try(make: Make) -> None:
    for name in ("desk", "spoken"):
        assert worked(try_channel(name, make())).startswith("Nothing to try")
