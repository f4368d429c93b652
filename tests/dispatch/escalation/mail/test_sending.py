"""The letter on its way to a real SMTP server: encrypted, logged in, once, and every failure a sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import imap as imap_module
from dispatch.escalation.mail import smtp as smtp_module
from dispatch.escalation.mail.channel import EmailChannel
from dispatch.records import DeliveryState, Escalation, EscalationState
from tests.dispatch.forms.made import SENT_AT, answer, hand_over
from tests.dispatch.reports.read_pdf import pages_of
from tests.mail_servers import HOST, Post, certificate, odd_server, server_tls, smtp_server

TOKEN = "k7F3_x-9AbCd"


def real(**changes: Any) -> Escalation:
    return hand_over(is_exercise=False, token=TOKEN, **changes)


def given(settings: ChannelSettings, **values: str) -> ChannelSettings:
    return replace(settings, values={**settings.values, **values})


def body(post: Post) -> str:
    part = post.taken[-1].get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_hand_over_is_one_encrypted_mail_with_text_form_and_twin(
    settings: ChannelSettings, post: Post
) -> None:
    receipt = EmailChannel().hand_over(real(), settings)

    [message] = post.taken
    assert post.logins == ["PLAIN"] or post.logins == ["LOGIN"]
    assert post.recipients == [["m.diaz@pinellas.example", "duty@fire.example"]]
    first, form, twin = message.walk().__next__(), *list(message.iter_attachments())
    assert first["Subject"].startswith(f"[EOC-0041 {TOKEN}] [P1] Power line down")
    assert first["Importance"] == "high"
    assert "EOC-0041" in pages_of(form.get_payload(decode=True))[0]
    assert json.loads(twin.get_payload(decode=True))["token"] == TOKEN
    words = body(post)
    for needed in (
        "P1 life safety",
        "911 told 14:29 EDT, no. 17-2240",
        "22nd Ave S & 31st St S",
        "TREAT AS LIVE",
    ):
        assert needed in words
    for needed in (
        "Reported by a resident, not verified.",
        "ACCEPT",
        "RETURN wrong desk",
        f"[EOC-0041 {TOKEN}]",
    ):
        assert needed in words
    assert max(map(len, words.splitlines())) <= 72
    assert receipt.state == DeliveryState.SENT
    assert "queued as 4F2A1" in receipt.proof and message["Message-ID"] in receipt.proof


def test_all_tries_have_one_message_id_and_an_update_answers_the_first(
    settings: ChannelSettings, post: Post
) -> None:
    channel = EmailChannel()
    channel.hand_over(real(), settings)
    channel.hand_over(real(sent_at=SENT_AT + 5, state=EscalationState.RECEIVED), settings)
    added = answer("add", how="desk", text="It stopped sparking.")
    EmailChannel().hand_over(real(answers=(added,)), settings)

    first, again, update = post.taken
    assert first["Message-ID"] == again["Message-ID"] != update["Message-ID"]
    assert first["Date"] == again["Date"] != update["Date"]
    assert update["In-Reply-To"] == update["References"] == first["Message-ID"]
    assert "Update:" in update["Subject"] and "It stopped sparking." in body(post)


def test_a_lost_answer_is_tried_again_with_the_same_message_id(settings: ChannelSettings, post: Post) -> None:
    post.lose_answers = 1
    channel = EmailChannel()
    with pytest.raises(ChannelFailed, match=r"line to the mail server .* broke: it is tried again"):
        channel.hand_over(real(), settings)

    channel.hand_over(real(), settings)

    assert len({message["Message-ID"] for message in post.taken}) == 1 < len(post.taken)


def test_who_is_greylisted_gets_it_later_and_the_others_do_not_get_it_twice(
    settings: ChannelSettings, post: Post
) -> None:
    channel = EmailChannel()
    post.mail_to["duty@fire.example"] = "450 4.2.0 greylisted, come again"
    for _ in range(2):
        with pytest.raises(
            ChannelFailed, match=r"for duty@fire.example yet .450 4.2.0 .* m.diaz@\S+ have it"
        ):
            channel.hand_over(real(), settings)
    post.mail_to.clear()

    receipt = channel.hand_over(real(), settings)

    assert post.recipients == [["m.diaz@pinellas.example"], ["duty@fire.example"]]
    assert receipt.proof.startswith("to m.diaz@pinellas.example and duty@fire.example")


def test_one_refused_for_good_is_named_in_the_proof_and_all_refused_is_a_failure(
    settings: ChannelSettings, post: Post
) -> None:
    post.mail_to["duty@fire.example"] = "550 5.1.1 no such user"
    receipt = EmailChannel().hand_over(real(), settings)
    assert "NOT to duty@fire.example (550 5.1.1 no such user)" in receipt.proof

    post.mail_to["m.diaz@pinellas.example"] = "550 5.1.1 gone"
    with pytest.raises(ChannelFailed, match=r"refuses mail for .*: mend mail_to in the settings"):
        EmailChannel().hand_over(real(), settings)


def test_a_desk_with_an_address_of_its_own_gets_it_alone(settings: ChannelSettings, post: Post) -> None:
    EmailChannel().hand_over(real(), given(settings, **{"mail_to.Energy": "esf12@duke.example"}))
    assert post.recipients == [["esf12@duke.example"]]


def test_the_reply_address_carries_the_token_where_the_mailbox_takes_it(
    settings: ChannelSettings, post: Post
) -> None:
    EmailChannel().hand_over(real(), settings)
    EmailChannel().hand_over(real(), given(settings, mail_reply_to="answers@stpete.example", mail_plus="yes"))
    assert [m["Reply-To"] for m in post.taken] == ["eoc@stpete.example", f"answers+{TOKEN}@stpete.example"]


# -- S15 --------------------------------------------------------------------------------------------------


def everything(post: Post) -> str:
    form, twin = list(post.taken[-1].iter_attachments())
    pages = " ".join(pages_of(form.get_payload(decode=True)))
    return f"{post.taken[-1]['Subject']} {body(post)} {pages} {twin.get_payload(decode=True).decode()}"


def test_s15_phones_stay_here_and_of_a_restricted_site_the_words_too(
    settings: ChannelSettings, post: Post
) -> None:
    words = {"summary": "Mother on oxygen", "details": "Her dialysis is due", "subject": "Oxygen runs out"}
    EmailChannel().hand_over(real(), settings)
    assert "555-0142" not in everything(post) and "Power line down" in everything(post)

    EmailChannel().hand_over(
        real(**words, is_restricted=True, why_now="Says 'oxygen'"),
        given(settings, mail_eoc_phone="727-555-0100"),
    )
    for private in ("555-0142", "oxygen", "Oxygen", "dialysis", "walker"):
        assert private not in everything(post)
    for needed in ("22nd Ave S & 31st St S", "4B", "call the EOC at 727-555-0100", "P1"):
        assert needed in everything(post)

    EmailChannel().hand_over(real(**words, is_restricted=True), given(settings, mail_restricted="yes"))
    assert "555-0142" in everything(post) and "dialysis" in everything(post)


# -- S18 --------------------------------------------------------------------------------------------------


def test_s18_an_exercise_mails_by_roads_of_its_own_marked_everywhere(
    settings: ChannelSettings, post: Post
) -> None:
    exercise = {f"exercise_{name}": value for name, value in settings.values.items() if name != "mail_to"}
    own = replace(
        settings,
        is_exercise=True,
        values={**settings.values, **exercise, "exercise_mail_to": "player@exercise.example"},
        secret=lambda name: settings.secret(name.removeprefix("exercise_")),
    )
    EmailChannel().hand_over(hand_over(token=TOKEN), own)

    [message] = post.taken
    assert post.recipients == [["player@exercise.example"]]
    assert message["Subject"].startswith("EXERCISE [EOC-0041")
    assert body(post).startswith("EXERCISE\n")
    assert all(part.get_filename().startswith("EXERCISE_") for part in message.iter_attachments())

    both = {**own.values, "exercise_mail_to": "player@exercise.example, DUTY@fire.example"}
    with pytest.raises(ChannelFailed, match=r"duty@fire.example is where live hand-overs go"):
        EmailChannel().hand_over(hand_over(), replace(own, values=both))


def test_s18_an_exercise_without_a_server_of_its_own_sends_nothing(
    settings: ChannelSettings, post: Post
) -> None:
    with pytest.raises(ChannelFailed, match=r"enter (its )?exercise_smtp_host"):
        EmailChannel().hand_over(hand_over(), replace(settings, is_exercise=True))
    assert post.taken == []


# -- when it does not work --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"smtp_port": "1"}, r"refuses port 1: check smtp_port or ask IT; it is tried again"),
        ({"smtp_host": "no-such-host.invalid"}, "is not known: check smtp_host and the network"),
        ({"smtp_security": "ssl"}, "smtp_security must be starttls or tls"),
        (
            {"smtp_security": "plain", "smtp_host": "mail.stpete.example"},
            "never leaves this machine in the clear",
        ),
        ({"smtp_port": "mail"}, "smtp_port must be a number such as 587"),
        ({"smtp_security": "tls"}, "speaks no TLS on port"),
        ({"mail_ca_file": ""}, "certificate of the mail server .* is not trusted .*: check smtp_host"),
        ({"mail_ca_file": "no/such.pem"}, "no/such.pem holds no certificate"),
        ({"mail_to": "duty desk"}, "“duty desk” is no e-mail address: mend mail_to"),
        ({"mail_from": "a@b.example, c@d.example"}, "mail_from must be one e-mail address"),
        (
            {"smtp_user": "somebody"},
            "refuses the login of somebody: check smtp_user and enter email_password",
        ),
    ],
)
def test_what_is_set_wrong_is_said_in_a_sentence(
    settings: ChannelSettings, values: dict[str, str], says: str
) -> None:
    with pytest.raises(ChannelFailed, match=says):
        EmailChannel().hand_over(real(), given(settings, **values))


def test_a_password_that_is_not_kept_is_said(settings: ChannelSettings) -> None:
    bare = replace(settings, secret=lambda _name: "")
    with pytest.raises(ChannelFailed, match=r"No password of eoc .*: keep email_password in the keyring"):
        EmailChannel().hand_over(real(), bare)
    with pytest.raises(ChannelFailed, match="keep imap_password in the keyring"):
        EmailChannel().answers(bare)


def test_a_certificate_for_another_name_is_not_trusted(settings: ChannelSettings, tmp_path: Path) -> None:
    papers = certificate(tmp_path, host="mail.other.example")
    with smtp_server(starttls=server_tls(papers)) as (post, port):
        wrong = given(settings, smtp_port=str(port), mail_ca_file=str(papers[0]))
        with pytest.raises(ChannelFailed, match=r"is not trusted"):
            EmailChannel().hand_over(real(), wrong)
    assert post.taken == [] and post.logins == []


def test_tls_from_the_first_byte_works_as_well(settings: ChannelSettings, papers: tuple[Path, Path]) -> None:
    with smtp_server(tls=server_tls(papers)) as (post, port):
        EmailChannel().hand_over(real(), given(settings, smtp_port=str(port), smtp_security="tls"))
    assert len(post.taken) == 1


def test_a_server_without_starttls_gets_nothing(settings: ChannelSettings) -> None:
    says = "offers no STARTTLS, and nothing is sent in the clear"
    with smtp_server() as (post, port), pytest.raises(ChannelFailed, match=says):
        EmailChannel().hand_over(real(), given(settings, smtp_port=str(port)))
    assert post.taken == []


@pytest.mark.parametrize(
    ("data_says", "says"),
    [
        ("552 5.3.4 message size exceeds limit", "too big .*: use another channel"),
        ("554 5.7.1 looks like spam", "refuses the mail .*: ask who runs it"),
        ("451 4.3.0 busy", "does not take the mail now .*: it is tried again"),
    ],
)
def test_what_the_server_says_to_the_mail_is_said(
    settings: ChannelSettings, post: Post, data_says: str, says: str
) -> None:
    post.data_says = [data_says]
    with pytest.raises(ChannelFailed, match=says):
        EmailChannel().hand_over(real(), settings)


def test_a_server_that_takes_little_is_asked_first(settings: ChannelSettings) -> None:
    with smtp_server(data_size_limit=5000) as (post, port):
        small = given(settings, smtp_port=str(port), smtp_security="plain", smtp_user="")
        with pytest.raises(ChannelFailed, match=r"too big for 127.0.0.1, which takes 4 KB"):
            EmailChannel().hand_over(real(), small)
    assert post.taken == []


async def _silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _dripping(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.02)


async def _hangs_up(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    return


async def _web(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    ("talk", "says"),
    [
        (_silent, "is too slow to answer"),
        (_dripping, "broke|answers 2"),
        (_hangs_up, "broke"),
        (_web, "127.0.0.1"),
    ],
)
def test_a_slow_or_dead_peer_holds_nobody_up(
    talk: Callable[..., Any], says: str, settings: ChannelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (smtp_module, imap_module):
        monkeypatch.setattr(module, "CONNECT_S", 0.2)
        monkeypatch.setattr(module, "WHOLE_S", 0.5)
    with odd_server(talk) as port:
        slow = given(
            settings, smtp_port=str(port), imap_port=str(port), imap_security="plain", imap_host=HOST
        )
        with pytest.raises(ChannelFailed, match=says):
            EmailChannel().hand_over(real(), slow)
        with pytest.raises(ChannelFailed, match=r"mailbox 127.0.0.1"):
            EmailChannel().answers(slow)
