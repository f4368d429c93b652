"""Thirty real-looking replies sorted right (S17), and nothing taken as accepted by accident."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import received, reply
from dispatch.escalation.mail.own_words import html_text, own_lines
from dispatch.escalation.states import Act
from dispatch.records import Incoming
from tests.conftest import StillClock
from tests.dispatch.escalation.mail.replies import (
    ESCALATION_ID,
    GMAIL,
    PASSED_OVER,
    REPLIES,
    SUBJECT,
    TO_READ,
    TOKEN,
    Reply,
    mail,
)
from tests.dispatch.forms.made import SENT_AT

SETTINGS = ChannelSettings(
    is_exercise=False,
    zone=ZoneInfo("America/New_York"),
    clock=StillClock(SENT_AT),
    data_dir=Path("unused"),
    values={
        "mail_from_allowed": "@pinellas.example, duty@fire.example",
        "mail_to": "m.diaz@pinellas.example",
    },
)
TAKES = (Act.ACCEPT, Act.HOLD, Act.RESOURCE)


def read(content: bytes) -> Incoming:
    item = received.read(content, SETTINGS)
    assert isinstance(item, Incoming)
    return item


@pytest.mark.parametrize("answer", REPLIES, ids=lambda answer: answer.name)
def test_s17_a_real_reply_is_sorted_right(answer: Reply) -> None:
    item = received.read(answer.content, SETTINGS)

    if answer.becomes == PASSED_OVER:
        assert isinstance(item, received.Nothing)
        return
    assert isinstance(item, Incoming)
    if answer.becomes == "came back":
        assert answer.said in item.undelivered and item.escalation_id == ESCALATION_ID
        assert not item.act
    elif answer.becomes == TO_READ:
        assert item.act == "" and answer.said in item.why_unclear and item.why_unclear
    else:
        assert (item.act, item.why_unclear) == (answer.becomes, "")
        assert answer.said in (item.resource, item.return_code, "", "no token")
        assert item.token == ("" if answer.said == "no token" else TOKEN)
        assert "Diaz" in item.by_name


def test_the_replies_are_at_least_thirty_and_of_every_kind() -> None:
    assert len(REPLIES) >= 30
    assert len({answer.name for answer in REPLIES}) == len(REPLIES)
    kinds = {answer.becomes for answer in REPLIES}
    assert kinds >= {"accept", "resource", "hold", "return", "ask", TO_READ, PASSED_OVER, "came back"}


def test_an_eta_is_of_the_citys_own_day() -> None:
    [item] = [read(r.content) for r in REPLIES if r.name == "iPhone, engine and time"]
    assert item.eta_at == SENT_AT + 61 * 60_000


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("ETA 14:20", -9),  # it came late: past its time, not tomorrow's
        ("ETA 00:15", 9 * 60 + 46),
        ("ETA 0100 hrs", 10 * 60 + 31),
        ("ETA 3:30 pm", 61),
        ("ETA 3 pm", 31),
        ("ETA 90 min", 90),
        ("ETA 9:45 am", 19 * 60 + 16),
    ],
)
def test_an_etas_day_is_the_nearest_ahead(line: str, minutes: int) -> None:
    meaning = reply.read(line, SENT_AT, SETTINGS.zone)
    assert (meaning.act, meaning.resource) == (Act.RESOURCE, reply.UNNAMED)
    assert meaning.eta_at == SENT_AT + minutes * 60_000


def test_an_eta_over_the_night_the_clocks_change() -> None:
    before_midnight = 1_509_853_800_000  # 4 Nov 2017, 23:50 EDT; at 2:00 it is 1:00 again
    meaning = reply.read("Engine 4 ETA 04:00", before_midnight, SETTINGS.zone)
    assert meaning.eta_at == before_midnight + (5 * 60 + 10) * 60_000


NEVER_TAKEN = (
    *(
        "Please accept my apologies",
        "Accept my apologies",
        "Not accepted",
        "Accepted until 3 pm",
        "Yes",
        "OK",
    ),
    *("I would accept", "Accepted?", "Accepted, which gate?", "We have not accepted", "si aceptamos", "held"),
    *(
        "Accepted for delivery by mx.stpete.example",
        "Accepted in principle",
        "no acepto",
        "ACCEPT / ETA 15:30",
    ),
    *(
        "Storm surge ETA 15:30",
        "ETA soon",
        "ETA 25:00",
        "ETA 15:30 or 16:00",
        "ETA 15:30, ETA 16:00",
        "eta 7",
    ),
    *(
        "Accepted, wrong desk",
        "not held for weather",
        "On it",
        "Will call back",
        "accepted. Not.",
        "acceptable",
    ),
    *("we don't accept", "We don’t accept", "Unaccepted", "Accepted partially", "Accept this apology"),
)


@pytest.mark.parametrize("line", NEVER_TAKEN)
def test_s17_what_can_be_meant_otherwise_is_read_by_a_person(line: str) -> None:
    meaning = reply.read(line, SENT_AT, SETTINGS.zone)
    assert meaning.act is None and meaning.why_unclear


def test_the_same_mail_has_one_key_and_one_without_an_id_as_well() -> None:
    first, again = read(mail("Accepted").encode()), read(b"Received: by mx\r\n" + mail("Accepted").encode())
    assert first.key == again.key == "email:<CAJ8x4@mail.pinellas.example>"
    bare = mail("Accepted", message_id="").encode()
    assert read(bare).key == read(bare).key != first.key


def test_a_plus_address_carries_the_token_when_the_subject_is_gone() -> None:
    content = mail("Accepted", subject="line down", more="").replace("<eoc@", f"<eoc+{TOKEN}@").encode()
    item = read(content)
    assert (item.act, item.token, item.escalation_id) == ("accept", TOKEN, "")


def test_two_hand_overs_in_one_subject_are_read_by_a_person() -> None:
    item = read(mail("Accepted", subject=f"{SUBJECT} [EOC-0042 aaaaaaaaaaaa]").encode())
    assert item.act == "" and "more than one hand-over" in item.why_unclear


def test_a_mail_of_which_only_the_start_was_read_answers_nothing() -> None:
    content = mail("Accepted\n" + GMAIL).encode()
    item = received.read(content, SETTINGS, size=len(content) + 1)
    assert isinstance(item, Incoming)
    assert item.act == "" and item.token == TOKEN and "too long" in item.why_unclear


def test_whom_one_may_not_answer_as_is_told_apart() -> None:
    for sender in ("Duty <duty@fire.example>", "<DUTY@FIRE.EXAMPLE>"):
        assert read(mail("Accepted", sender=sender).encode()).act == "accept"
    strangers = (
        "m.diaz@pinellas.example.evil.example",
        '"m.diaz@pinellas.example" <x@evil.example>',
        "other@fire.example",
        "m.diaz@pinellas.example, x@evil.example",
        "",
    )
    for sender in strangers:
        assert read(mail("Accepted", sender=sender).encode()).act == "", sender


def test_without_a_list_those_who_are_mailed_to_may_answer() -> None:
    settings = replace(
        SETTINGS, values={"mail_to": "m.diaz@pinellas.example", "mail_to.Energy": "a@duke.example"}
    )
    for sender, act in (
        ("m.diaz@pinellas.example", "accept"),
        ("A@duke.example", "accept"),
        ("x@y.example", ""),
    ):
        item = received.read(mail("Accepted", sender=sender).encode(), settings)
        assert isinstance(item, Incoming) and item.act == act


# -- whatever is sent -------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(
            "Accepted",
            "ACCEPT",
            "we have it",
            "yes",
            "not",
            "ETA 15:30",
            "Engine 4",
            "?",
            "\n",
            "\n\n",
            "> ",
            "-- \n",
        ),
        *(
            "if",
            "held for weather",
            "wrong desk",
            "On Mon, x wrote:\n",
            "From: a\n",
            ",",
            ".",
            " ",
            "Hi",
            "sí",
        ),
        *(
            "-----Original Message-----\n",
            "EOC-0042",
            "<b>",
            "</div>",
            "<blockquote>",
            "&nbsp;",
            "\u200b",
            "é",
        ),
    ]
)
BODIES = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=14).map(" ".join))


def has_own_accept_line(text: str) -> bool:
    """Told apart from the reader: the first line with words, none of a quote, has a word of accepting."""
    first = next(
        (line.strip() for line in text.splitlines() if line.strip("\u200b \t\xa0\r\f\v\x1c\x1d\x1e")), ""
    )
    words = first.lower()
    says = any(
        w in words for w in ("accept", "acept", "have it", "tenemos", "taking", "handling", "encargamos")
    )
    says |= any(
        w in words for w in ("take", "tomamos", "handle", "eta", "held", "hold", "espera", "detenido")
    )
    says |= "suspendido" in words or "hora estimada" in words
    return says and not words.startswith((">", "|"))


@given(body=BODIES, is_html=st.booleans())
def test_s17_no_mail_without_an_accept_line_of_its_own_is_ever_taken_as_one(body: str, is_html: bool) -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "m.diaz@pinellas.example", f"Re: {SUBJECT}"
    made.set_content(body.encode("utf-8", "replace").decode(), subtype="html" if is_html else "plain")

    item = read(made.as_bytes())

    if item.act in TAKES:
        seen = html_text(body) if is_html else body
        assert has_own_accept_line(seen)
        assert own_lines(seen)[0].lower().count("not") == 0


@given(
    own=st.sampled_from(["", "Thanks", "Will look", "Which gate?", "Hi"]),
    tail=st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=80),
)
def test_s17_what_stands_in_a_quote_never_answers(own: str, tail: str) -> None:
    item = read(mail(f"{own}\n{GMAIL}\n> Accepted\n{tail}").encode())
    assert item.act not in TAKES


ODD = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"+2AA-", b"\x00", b"\xff\xfe", b"=?utf-7?q?+2AA-?=", b"=?nonsense?b?!!!?=", b"<\x00@x>"]
    ),
)


@given(content=ODD)
def test_whatever_bytes_come_nothing_breaks_and_it_can_be_kept(content: bytes) -> None:
    for made in (
        content,
        mail("x").encode() + content,
        mail("Accepted ", kind="text/plain; charset=utf-7").encode() + content,
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + content + b"\r\n--x",
        b"From: " + content + b" <m.diaz@pinellas.example>\r\nMessage-ID: <" + content + b">\r\n\r\n",
        b"Subject: =?" + content + b"?= EOC-0041\r\nFrom: " + content + b"\r\n\r\n" + content,
    ):
        item = received.read(made, SETTINGS)
        if isinstance(item, Incoming):
            assert orjson.loads(orjson.dumps(item))["key"] == item.key
            assert item.key.isascii() and item.key.isprintable()


def test_a_mail_of_ten_thousand_parts_inside_each_other_is_kept_for_a_person() -> None:
    heads = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    for content in (heads, "<div>" * 60_000 + "Accepted", "<blockquote>" * 9000, "(" * 100_000):
        for kind in ("text/html", "text/plain", "multipart/mixed; boundary=b"):
            received.read(mail(content, kind=kind).encode(), SETTINGS)
    received.read(f"Subject: {'=?utf-8?q?' * 5000}\nFrom: {'(' * 20_000}\n\n".encode(), SETTINGS)
