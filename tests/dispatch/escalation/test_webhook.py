"""The webhook channel against a relay that checks what it is sent and does what relays do."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import ChannelFailed, ChannelRefused, SettingsBroken
from dispatch.escalation.channels import CHANNELS, ChannelSettings, set_up
from dispatch.escalation.webhook_answers import WebhookAnswers
from dispatch.records import DeliveryState, EscalationState, Incoming
from tests.conftest import StillClock
from tests.dispatch.forms.made import MINUTE, SENT_AT, answer, hand_over
from tests.relay import KEY, SECRET, Relay, sign

WEBHOOK = CHANNELS["webhook"]
OTHER = b"another key of at least 24 bytes"


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay()
    yield made
    made.stop()


@pytest.fixture
def settings(tmp_path: Path, zone: ZoneInfo, clock: StillClock, relay: Relay) -> ChannelSettings:
    return ChannelSettings(
        is_exercise=True,
        zone=zone,
        clock=clock,
        data_dir=tmp_path,
        values=relay.values(),
        secret=lambda name: SECRET if name == "exercise_webhook_secret" else "",
    )


def send(settings: ChannelSettings, **changes: Any) -> DeliveryState:
    return WEBHOOK.hand_over(hand_over(**changes), settings).state


def test_a_receipt_of_the_relay_makes_it_delivered_and_its_absence_sent(
    settings: ChannelSettings, relay: Relay
) -> None:
    assert send(settings) == DeliveryState.DELIVERED
    relay.gives_receipts = False
    assert send(settings) == DeliveryState.SENT
    relay.fail_next("page")
    assert send(settings) == DeliveryState.SENT, "2xx is 2xx, whatever it says beside"

    [said] = relay.taken.values()
    assert said["number"] == "EOC-0041" and said["token"] == hand_over().token
    assert relay.refused == []


def test_every_try_has_one_id_and_the_same_bytes_whatever_became_of_it_meanwhile(
    settings: ChannelSettings, relay: Relay
) -> None:
    relay.fail_next("lost")
    with pytest.raises(ChannelFailed, match="broke the line"):
        send(settings)

    taken = {"accepted_at": SENT_AT + MINUTE, "resource": "Engine 4", "eta_at": SENT_AT, "sent_at": None}
    state = send(settings, state=EscalationState.UNDER_WAY, answers=(answer("accept"),), **taken)

    assert state == DeliveryState.DELIVERED
    assert [*relay.calls.values()] == [2] and [len(each) for each in relay.bodies.values()] == [1]


def test_newer_words_and_sending_again_have_ids_of_their_own(settings: ChannelSettings, relay: Relay) -> None:
    send(settings)
    send(settings, effect_needed="Both lanes")
    back = answer("return")
    send(settings, answers=(back, answer("send", how="desk")))
    send(settings, answers=(answer("ask"), answer("add", how="desk", text="The north lane")))

    assert len(relay.taken) == 4
    assert "The north lane" in str([*relay.taken.values()][-1]["answers"])
    assert len({said["escalation_id"] for said in relay.taken.values()}) == 1


@pytest.mark.parametrize(
    ("fault", "least_s", "most_s"),
    [
        ("500", 0, 0),
        ("503", 0, 0),
        ("503:120", 120, 120),
        ("429:7", 7, 7),
        ("429:1800", 1800, 1800),
        ("429", 60, 60),
        ("408", 0, 0),
        ("425", 0, 0),
        ("dropped", 0, 0),
        ("lost", 0, 0),
        ("huge", 0, 0),
    ],
)
def test_what_may_heal_is_tried_again_and_not_too_soon(
    fault: str, least_s: float, most_s: float, settings: ChannelSettings, relay: Relay
) -> None:
    relay.fail_next(fault)

    with pytest.raises(ChannelFailed) as failed:
        send(settings)

    assert not isinstance(failed.value, ChannelRefused)
    assert least_s <= failed.value.retry_after_s <= most_s
    assert send(settings) == DeliveryState.DELIVERED


@pytest.mark.parametrize("fault", ["400", "401", "403", "404", "413", "422", "redirect"])
def test_what_will_not_heal_is_a_dead_letter(fault: str, settings: ChannelSettings, relay: Relay) -> None:
    relay.fail_next(fault)

    with pytest.raises(ChannelRefused, match=r"The webhook at 127\.0\.0\.1"):
        send(settings)

    assert not relay.taken, "a redirect is followed nowhere"
    assert send(settings) == DeliveryState.DELIVERED, "sent again by hand it goes"


def test_conflict_means_that_they_have_it(settings: ChannelSettings, relay: Relay) -> None:
    relay.fail_next("409")

    assert send(settings) == DeliveryState.SENT


def test_gone_switches_it_off_until_address_or_secret_change(settings: ChannelSettings, relay: Relay) -> None:
    relay.fail_next("410")
    with pytest.raises(ChannelRefused, match="gone for good, so it is off: enter the relay's new address"):
        send(settings)

    with pytest.raises(ChannelRefused, match="it is off"):
        send(settings)
    with pytest.raises(ChannelRefused, match="it is off"):
        send(replace(settings), number="EOC-0042")
    assert not relay.calls, "it was not even asked"

    changed = {**settings.values, "exercise_webhook_url": relay.url + "/new"}
    assert send(replace(settings, values=changed)) == DeliveryState.DELIVERED
    both = f"whsec_{base64.b64encode(OTHER).decode()} {SECRET}"
    assert send(replace(settings, secret=lambda _: both)) == DeliveryState.DELIVERED


def test_a_dead_relay_is_said_in_a_sentence(settings: ChannelSettings, relay: Relay) -> None:
    relay.stop()

    with pytest.raises(ChannelFailed, match="takes no connections: it is off, or its address"):
        send(settings)

    relay.start()
    assert send(settings) == DeliveryState.DELIVERED


@pytest.mark.parametrize(
    "url",
    ["http://county.example/hook", "ftp://county.example", "county.example", "https://x:no/", "http://"],
)
def test_only_https_leaves_this_machine(url: str, settings: ChannelSettings) -> None:
    with pytest.raises(ChannelRefused, match="must begin with https://"):
        send(replace(settings, values={"exercise_webhook_url": url}))


def test_s18_an_exercise_never_calls_the_live_address_nor_uses_the_live_secret(
    settings: ChannelSettings, relay: Relay
) -> None:
    twice = {"webhook_url": relay.url + "/", "exercise_webhook_url": relay.url}
    with pytest.raises(ChannelRefused, match="where live hand-overs go"):
        send(replace(settings, values=twice))

    asked: list[str] = []
    with pytest.raises(ChannelRefused, match="keyring set landfall exercise_webhook_secret"):
        send(replace(settings, secret=lambda name: asked.append(name) or ""))  # type: ignore[func-returns-value]
    assert asked == ["exercise_webhook_secret"]
    assert not relay.calls


def test_a_keyring_that_stays_shut_is_tried_again(settings: ChannelSettings) -> None:
    def shut(_name: str) -> str:
        raise SettingsBroken("The keyring of this computer stays shut: unlock it and retry.")

    with pytest.raises(ChannelFailed, match="unlock it") as failed:
        send(replace(settings, secret=shut))
    assert not isinstance(failed.value, ChannelRefused)


def test_it_is_set_up_where_its_address_is_known(settings: ChannelSettings, relay: Relay) -> None:
    assert "webhook" in set_up(settings)
    assert "webhook" not in set_up(replace(settings, is_exercise=False))
    assert "webhook" in set_up(replace(settings, is_exercise=False, values=relay.values(is_exercise=False)))


# -- answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def handed(settings: ChannelSettings, relay: Relay) -> dict[str, Any]:
    send(settings, token="known-to-both")
    [said] = relay.taken.values()
    return said


def ask(settings: ChannelSettings, road: WebhookAnswers | None = None) -> list[Incoming]:
    return list((road or WebhookAnswers()).answers(settings))


def test_answers_come_until_they_are_confirmed_also_to_another_console(
    settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    relay.answer(handed, "ask", text="Which lane?")
    relay.answer(handed, "accept", text="crew 4")
    road = WebhookAnswers()
    first = ask(settings, road)
    assert [(each.act, each.text) for each in first] == [("ask", "Which lane?"), ("accept", "crew 4")]
    assert [each.key for each in ask(settings)] == [each.key for each in first], "as after a crash"

    road.confirm([first[0].key], settings)
    assert len(ask(settings, road)) == 2, "half a page is none"
    road.confirm([each.key for each in first], settings)

    assert ask(settings) == [] and relay.asked[-1] == "2"
    assert relay.refused == []


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"key": OTHER}, "signature is not the relay's"),
        ({"at_s": 1_500_000_000}, "over a day ago"),
        ({"at_s": int(time.time()) + 3600}, "in the future"),
    ],
)
def test_what_nobody_proves_is_to_be_read_and_never_acted_on(
    made: dict[str, Any], why: str, settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    relay.answer(handed, "accept", **made)

    [found] = ask(settings)

    assert found.act == "" and why in found.why_unclear
    assert found.escalation_id == handed["escalation_id"], "a person sees which one is meant"


def test_a_forged_copy_does_not_make_the_true_answer_known(
    settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    relay.answer(handed, "accept", key=OTHER, key_id="same")
    relay.answer(handed, "accept", key_id="same")
    relay.answer(handed, "accept", key_id="same", at_s=int(time.time()) - 60)

    forged, true, again = ask(settings)

    assert forged.key != true.key == again.key, "signed once more it is the same answer"


@pytest.mark.parametrize("odd", [None, 7, "accept", {}, {"body": "{}"}, {"webhook-id": 1, "body": 2}])
def test_an_entry_that_is_no_signed_answer_is_kept_for_a_person(
    odd: Any, settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    relay.answers.append(odd)
    relay.answer(handed, "accept")

    unclear, clear = ask(settings)

    assert (unclear.act, unclear.why_unclear) == ("", "It is no signed answer.")
    assert clear.act == "accept"


@pytest.mark.parametrize("fault", ["500", "404", "lost", "huge", "page", "redirect"])
def test_an_answers_address_that_fails_says_so_and_loses_nothing(
    fault: str, settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    relay.answer(handed, "accept")
    relay.fail_asking(fault)
    with pytest.raises(ChannelFailed, match=r"The webhook at 127\.0\.0\.1"):
        ask(settings)

    assert [each.act for each in ask(settings)] == ["accept"]


def test_our_own_hand_over_sent_back_answers_nothing(
    settings: ChannelSettings, relay: Relay, handed: dict[str, Any]
) -> None:
    [(key_id, bodies)] = relay.bodies.items()
    [body] = bodies
    relay.answer(handed, "accept")
    now = int(time.time())
    relay.answers[0] = {
        "webhook-id": key_id,
        "webhook-timestamp": now,
        "webhook-signature": sign(KEY, key_id, now, body),
        "body": body.decode(),
    }

    [found] = ask(settings)

    assert found.act == "" and "not of the form" in found.why_unclear


def test_s15_of_a_restricted_site_no_words_leave_unless_the_city_allows_it(
    settings: ChannelSettings, relay: Relay
) -> None:
    words = {"summary": "On oxygen", "details": "Call 727-555-0142", "call_back": "727-555-0142"}
    item = hand_over(is_restricted=True, unit="4B", **words)
    WEBHOOK.hand_over(item, settings)
    allowed = replace(settings, values={**settings.values, "webhook_restricted": "yes"})
    WEBHOOK.hand_over(item, allowed)

    first, second = relay.taken.values()
    assert "oxygen" not in str(first) and "727-555" not in str(first) and first["place"]["unit"] == ""
    assert first["place"]["address"] == item.address and first["is_restricted"]
    assert (second["summary"], second["call_back"]) == ("On oxygen", "727-555-0142")
