"""The works that never end, and what the status line says of them: the truth, whichever has trouble."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dispatch import assembly
from dispatch.errors import ServerFailed
from dispatch.records import SyncStatus
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.sync import service
from dispatch.sync.push import Push
from dispatch.sync.service import Sync
from tests.city import TOKEN, City
from tests.rooms import ON_SQLITE, Room

POLL_S = 0.1


class Working:
    """The service with its own loops running; `heard` is what the status line was told."""

    def __init__(self, room: Room, city: City, run: Callable[..., Any], token: str = TOKEN) -> None:
        self.heard: list[SyncStatus] = []
        self._run = run
        self.sync, _ = assembly.build_sync(
            room.parts,
            url=city.url,
            token=token,
            calls_per_minute=0,
            poll_s=POLL_S,
            tell=self.heard.append,
        )

    @property
    def status(self) -> SyncStatus:
        return self.sync.status

    def start(self) -> Sync:
        async def go() -> None:
            self.sync.start()

        self._run(go())
        return self.sync

    def stop(self) -> None:
        self._run(self.sync.stop())


@pytest.fixture
def working(room: Room, city: City, run: Callable[..., Any]) -> Iterator[Callable[..., Working]]:
    started: list[Working] = []

    def begin(**options: str) -> Working:
        started.append(Working(room, city, run, **options))
        started[-1].start()
        return started[-1]

    yield begin
    for each in started:
        each.stop()


def test_it_says_in_step_when_the_server_has_nothing_more_to_say_and_not_before(
    working: Callable[..., Working], city: City, wait_until: Callable[..., None]
) -> None:
    for number in range(250):
        city.add_report(f"Oak number {number}")

    at = working()
    wait_until(lambda: at.status.state == "in_step")

    assert at.status.requests == 250
    assert all(status.state == "behind" for status in at.heard if status.requests < 250)
    assert at.status.in_step_at is not None and time.time() - at.status.in_step_at < 30
    request_id = city.add_report("Line down, sparking")
    wait_until(lambda: at.status.requests == 251)
    assert request_id


@ON_SQLITE
def test_trouble_with_sending_is_told_while_asking_goes_well(
    working: Callable[..., Working], room: Room, city: City, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    at = working()
    wait_until(lambda: at.status.state == "in_step")

    def fail(*_: Any) -> Any:
        raise ServerFailed("The 311 server failed (500).")

    with monkeypatch.context() as patch:
        patch.setattr(SeeClickFix, "post", fail)
        room.desk.message(room.site(request_id), "We have your report.")
        at.sync.nudge()
        wait_until(lambda: at.status.state == "waiting")
        stood_at = at.status.in_step_at
        wait_until(lambda: at.status.in_step_at != stood_at)
        assert (at.status.state, at.status.sentence) == ("waiting", "The 311 server failed (500).")
        assert at.status.to_send == 1 and at.status.next_try_at is not None
    wait_until(lambda: at.status.state == "in_step" and at.status.to_send == 0)

    assert city.messages(request_id).count("We have your report.") == 1


@ON_SQLITE
def test_without_a_token_the_queue_is_read_and_what_waits_to_be_sent_says_why(
    working: Callable[..., Working], room: Room, city: City, wait_until: Callable[..., None]
) -> None:
    request_id = city.add_report("Oak down")
    at = working(token="")
    wait_until(lambda: at.status.state == "in_step")

    room.desk.message(room.site(request_id), "We have your report.")
    at.sync.nudge()
    wait_until(lambda: at.status.state == "refused")

    assert at.status.sentence == service.NO_ACCOUNT and at.status.to_send == 1
    second = city.add_report("Limb down")
    wait_until(lambda: at.status.requests == 2)
    assert second and at.status.state == "refused", "the reason does not flicker away with the next poll"


@ON_SQLITE
def test_a_thread_the_server_no_longer_has_does_not_stop_the_asking(
    working: Callable[..., Working], room: Room, city: City, wait_until: Callable[..., None]
) -> None:
    request_id = city.add_report("Oak down")
    at = working()
    wait_until(lambda: at.status.requests == 1)

    at.sync.want_thread(["999", request_id])
    city.elsewhere(request_id, "comment", "It is worse now.")
    wait_until(lambda: any("worse" in line.text for line in room.view(request_id).thread))
    city.add_report("Limb down")
    wait_until(lambda: at.status.requests == 2)

    assert not [status for status in at.heard if status.state in ("waiting", "refused")]


@ON_SQLITE
def test_a_thread_the_server_stumbles_over_lets_the_others_come_first(
    working: Callable[..., Working], room: Room, city: City, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, plain = city.add_report("Oak down"), city.add_report("Limb down")
    messages = SeeClickFix.messages

    def stumble(server: SeeClickFix, request_id: str) -> Any:
        if request_id == odd:
            raise ServerFailed("The 311 server failed (500).")
        return messages(server, request_id)

    monkeypatch.setattr(SeeClickFix, "messages", stumble)
    at = working()
    wait_until(lambda: at.status.requests == 2)
    city.elsewhere(plain, "comment", "It is worse now.")
    at.sync.want_thread([odd, plain])

    wait_until(lambda: any("worse" in line.text for line in room.view(plain).thread))


@ON_SQLITE
def test_when_the_server_is_back_what_waits_is_sent_without_its_own_wait(
    working: Callable[..., Working], room: Room, city: City, wait_until: Callable[..., None]
) -> None:
    request_id = city.add_report("Oak down")
    at = working()
    wait_until(lambda: at.status.state == "in_step")
    city.kill()
    wait_until(lambda: at.status.state == "waiting")
    room.desk.message(room.site(request_id), "We have your report.")
    at.sync.nudge()
    wait_until(lambda: at.status.to_send == 1)

    city.start()
    wait_until(lambda: at.status.to_send == 0 and at.status.state == "in_step")

    assert city.messages(request_id).count("We have your report.") == 1


def test_a_429_holds_everything_and_says_for_how_long(
    working: Callable[..., Working], city: City, wait_until: Callable[..., None]
) -> None:
    at = working()
    wait_until(lambda: at.status.state == "in_step")

    city.fail_next("429")
    wait_until(lambda: at.status.state == "waiting")

    assert "takes no more calls for now" in at.status.sentence and at.status.next_try_at is not None
    wait_until(lambda: at.status.state == "in_step")


def test_a_server_that_shuts_us_out_is_left_in_peace_for_a_quarter_of_an_hour(
    working: Callable[..., Working], city: City, wait_until: Callable[..., None]
) -> None:
    at = working()
    wait_until(lambda: at.status.state == "in_step")

    city.quirks("Q16")
    wait_until(lambda: at.status.state == "refused")

    assert "forbids this, though it has answered before" in at.status.sentence
    assert "Nobody asks it again for 15 minutes." in at.status.sentence
    assert at.status.next_try_at is not None and at.status.next_try_at > time.time() + 600


@ON_SQLITE
def test_a_fault_of_ours_is_told_and_does_not_end_the_other_works(
    working: Callable[..., Working], room: Room, city: City, wait_until: Any, monkeypatch: pytest.MonkeyPatch,
    expect_warning: Callable[[str], None],
) -> None:  # fmt: skip
    expect_warning("a round of push failed")
    request_id = city.add_report("Oak down")
    at = working()
    wait_until(lambda: at.status.state == "in_step")

    async def stumble(_push: Push) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(Push, "once", stumble)
    room.desk.message(room.site(request_id), "We have your report.")
    at.sync.nudge()
    wait_until(lambda: at.status.sentence == service.UNEXPECTED)
    city.add_report("Limb down")
    wait_until(lambda: at.status.requests == 2)

    assert at.status.state == "waiting" and at.status.to_send == 1
