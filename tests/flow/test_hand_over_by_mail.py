"""A hand-over by e-mail to somebody who never runs this program, and the reply from a phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import pytest

from dispatch.records import Delivery, DeliveryState, Escalation, EscalationState, Flag
from dispatch.store import escalations, sites
from tests.city import City
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
from tests.rooms import Room

EM = "Maria Diaz <m.diaz@pinellas.example>"


@dataclass
class Office:
    """The console, and beside it the city's mail as emergency management sees it."""

    room: Room
    post: Post
    box: Box
    values: dict[str, str]

    def change(self, name: str, value: str) -> None:
        """As the sheet does: in force at once."""
        self.values[name] = value
        self.room.parts.channel_values.take(self.values)

    def reply(self, words: str, *, to: int = -1, sender: str = EM, **headers: str) -> EmailMessage:
        """To the letter that came, as a telephone writes it; it is in the mailbox with the next round."""
        letter, made = self.post.taken[to], EmailMessage()
        made["From"], made["To"] = sender, str(letter["Reply-To"])
        made["Subject"] = f"Re: {letter['Subject']}"
        made["Message-ID"], made["In-Reply-To"] = make_msgid(), str(letter["Message-ID"])
        for name, value in headers.items():
            made[name.replace("_", "-")] = value
        part = letter.get_body(("plain",))
        assert part is not None
        quoted = "\n".join(f"> {line}" for line in str(part.get_content()).splitlines())
        made.set_content(f"{words}\n\nSent from my iPhone\n\n> On Sep 11, 2017, EOC wrote:\n{quoted}\n")
        self.box.deliver(made.as_bytes())
        return made


@pytest.fixture
def office(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    papers = certificate(tmp_path)
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in ("exercise_email_password", "exercise_imap_password"):
        (keys / name).write_text(PASSWORD)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(keys))
    with (
        smtp_server(starttls=server_tls(papers)) as (post, port),
        imap_server(server_tls(papers)) as (box, imap_port),
    ):
        values = {
            "exercise_smtp_host": HOST,
            "exercise_smtp_port": str(port),
            "exercise_smtp_user": USER,
            "exercise_mail_from": "eoc@stpete.example",
            "exercise_mail_to": EM,
            "exercise_mail_ca_file": str(papers[0]),
            "exercise_imap_host": HOST,
            "exercise_imap_port": str(imap_port),
            "exercise_imap_user": USER,
            "exercise_imap_every_s": "0",
        }
        room = Room(tmp_path / "seat", city, clock, run, channels={"email": values})
        yield Office(room, post, box, values)
        room.close()


def hand_over(office: Office, city: City, **changes: Any) -> tuple[str, Escalation]:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    office.room.sync()
    item = office.room.escalate(request_id, **{"channels": ("desk", "email"), **changes})
    office.room.sync()
    return request_id, item


def now(office: Office, item: Escalation) -> Escalation:
    with office.room.store.reading() as connection:
        found = escalations.get(connection, item.escalation_id)
    assert found is not None
    return found


def delivery(office: Office, item: Escalation) -> Delivery:
    with office.room.store.reading() as connection:
        found = escalations.deliveries(connection, [item.escalation_id])[item.escalation_id]
    return next(each for each in found if each.channel == "email")


def test_a_reply_from_a_telephone_puts_the_board_under_way_and_the_resident_hears_it(
    office: Office, city: City
) -> None:
    request_id, sent = hand_over(office, city)
    [letter] = office.post.taken
    assert letter["Subject"].startswith("EXERCISE [EOC-0001 ")

    office.reply("Accepted, Engine 4 ETA 15:30")
    office.room.sync()

    item = now(office, sent)
    assert (item.state, item.resource) == (EscalationState.UNDER_WAY, "Engine 4")
    assert item.eta_at is not None and item.eta_at - office.room.store.clock.now() == 5 * 3_600_000
    [answer] = item.answers
    assert (answer.by_name, answer.how) == (EM, "email")

    # It can be taken back for ten seconds yet (S8).
    [told] = [line for line in office.room.view(request_id).thread if line.kind == "ours"]
    assert "emergency management" in told.text.lower() and told.outbox_id.startswith(sent.escalation_id)


def test_a_question_by_mail_is_answered_by_mail_in_the_same_thread(office: Office, city: City) -> None:
    _, sent = hand_over(office, city)
    office.reply("Is the road passable from the north?")
    office.room.sync()
    assert [given.kind for given in now(office, sent).answers] == ["ask"]

    office.room.em_desk.reply(sent.escalation_id, "Yes, one lane.")
    office.room.sync()

    first, update = office.post.taken
    assert update["In-Reply-To"] == first["Message-ID"] != update["Message-ID"]
    part = update.get_body(("plain",))
    assert part is not None and "Yes, one lane." in part.get_content()
    office.reply("Accepted")
    office.room.sync()
    assert now(office, sent).state == EscalationState.ACCEPTED


def test_passed_on_it_is_mailed_to_the_new_desk(office: Office, city: City) -> None:
    office.change("exercise_mail_to.Energy", "esf12@duke.example")
    _, sent = hand_over(office, city)
    office.room.em_desk.pass_on(sent.escalation_id, "Energy")
    office.room.sync()
    assert office.post.recipients == [["m.diaz@pinellas.example"], ["esf12@duke.example"]]


def test_an_answer_delivered_twice_over_a_line_that_breaks_is_one(office: Office, city: City) -> None:
    _, sent = hand_over(office, city)
    reply = office.reply("Accepted")
    office.box.deliver(reply.as_bytes())
    office.box.break_at = ["UID STORE"]
    office.room.sync()
    assert "broke" in office.room.work.status.sentence
    office.room.sync()
    assert "broke" not in office.room.work.status.sentence

    assert now(office, sent).state == EscalationState.ACCEPTED
    assert len(now(office, sent).answers) == 1
    assert office.room.em_desk.to_read() == ()
    assert office.room.log_acts().count("accept") == 1


def test_a_letter_whose_answer_got_lost_is_one_hand_over(office: Office, city: City, clock: Any) -> None:
    office.post.lose_answers = 1
    _, sent = hand_over(office, city)
    assert delivery(office, sent).state == DeliveryState.FAILED

    with office.room.store.transaction(office.room.parts.actor) as tx:
        escalations.hurry_deliveries(tx)
    office.room.sync()

    assert delivery(office, sent).state == DeliveryState.SENT
    assert len({letter["Message-ID"] for letter in office.post.taken}) == 1 < len(office.post.taken)
    office.reply("Accepted", to=0)
    office.reply("Accepted", to=1)
    office.room.sync()
    assert now(office, sent).state == EscalationState.ACCEPTED
    assert len(office.room.em_desk.cards(clock.now())) == 1
    # The second has nothing new to say; a person may look why it came.
    [again] = office.room.em_desk.to_read()
    assert "accepted already" in again.incoming.why_unclear


@pytest.mark.parametrize(
    ("words", "headers", "why"),
    [
        ("We cannot accept this", {}, "doubt"),
        ("Got it", {}, "not that somebody takes it"),
        ("Accepted", {"sender": "m.diaz@gmail.example"}, "sender is not among those"),
        ("RETURN", {}, "without a code"),
    ],
)
def test_s17_what_is_not_clear_or_not_theirs_to_say_waits_for_a_person(
    office: Office, city: City, words: str, headers: dict[str, str], why: str
) -> None:
    _, sent = hand_over(office, city)
    office.reply(words, **headers)
    office.room.sync()

    assert now(office, sent).state in (EscalationState.SENT, EscalationState.RECEIVED)
    [waiting] = office.room.em_desk.to_read()
    assert why in waiting.incoming.why_unclear and waiting.number == sent.number
    with office.room.store.reading() as connection:
        row = sites.row(connection, sent.site_id)
    assert row is not None and row.own_flags & Flag.NEW_FACT


def test_s17_an_out_of_office_message_changes_nothing_and_waits_for_nobody(
    office: Office, city: City
) -> None:
    _, sent = hand_over(office, city)
    office.reply("Accepted mails are answered on Monday.", Auto_Submitted="auto-replied")
    office.room.sync()
    assert now(office, sent).state == EscalationState.SENT
    assert office.room.em_desk.to_read() == ()


def test_a_letter_that_came_back_says_so_on_its_delivery(office: Office, city: City) -> None:
    _, sent = hand_over(office, city)
    message_id = office.post.taken[0]["Message-ID"]
    report = (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered\r\nMessage-ID: <b1@mx.example>\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; m.diaz@pinellas.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    )
    office.box.deliver(report.encode())
    office.room.sync()

    said = delivery(office, sent)
    assert said.state != DeliveryState.SENT
    assert said.error.startswith("The mail to m.diaz@pinellas.example came back (550 no such user)")
    office.room.sync()
    assert len(office.post.taken) == 1  # the same place is not tried again by itself
    assert "undelivered" in office.room.log_acts()
    assert office.room.em_desk.to_read() == ()


def test_a_mail_server_that_says_nothing_leaves_the_desk_its_hand_over(
    office: Office, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dispatch.escalation.mail import smtp

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(smtp, "CONNECT_S", 0.2)
    with odd_server(silent) as port:
        office.change("exercise_smtp_port", str(port))
        _, sent = hand_over(office, city)
    assert now(office, sent).sent_at is not None
    assert delivery(office, sent).state == DeliveryState.FAILED
    assert "too slow to answer" in delivery(office, sent).error
