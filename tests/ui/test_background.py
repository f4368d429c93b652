"""What goes on behind the window goes on after a fault, and the person hears of it."""

from __future__ import annotations

import asyncio

import pytest

from ui.background import keep_going


@pytest.fixture
def said() -> list[tuple[str, bool]]:
    return []


def test_a_fault_is_said_once_logged_and_the_work_begun_again(run, said, expect_warning):
    expect_warning("Following the room: begun again after a fault")
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 4:
            raise KeyError("nobody foresaw this")

    run(keep_going(work, "Following the room", lambda *each: said.append(each), first_pause_s=0.001))

    assert begun == 4
    assert said == [("Following the room met a fault and begins again. The program's log says which.", True)]


def test_what_ends_by_itself_is_not_begun_again(run, said):
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1

    run(keep_going(work, "Making the window ready", lambda *each: said.append(each)))

    assert (begun, said) == (1, [])


def test_it_can_be_cancelled_between_two_tries(run, said, expect_warning):
    expect_warning("begun again after a fault")

    async def work() -> None:
        raise KeyError

    async def begin_and_cancel() -> None:
        task = asyncio.ensure_future(keep_going(work, "Watching", lambda *each: said.append(each)))
        while not said:
            await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        run(begin_and_cancel())


def test_a_board_is_followed_again_after_a_fault(
    real_over, city, said, run, loop, monkeypatch, expect_warning
):
    expect_warning("Following the room: begun again after a fault")
    city.add_report("Sign down")
    real = real_over()
    follow, asked = real.bridge.parts.follow.catch_up, 0

    async def fail_once(*args, **words):
        nonlocal asked
        asked += 1
        if asked == 1:
            raise KeyError("nobody foresaw this")
        return await follow(*args, **words)

    monkeypatch.setattr(real.bridge.parts.follow, "catch_up", fail_once)
    following = loop.create_task(
        keep_going(
            real.bridge.follow, "Following the room", lambda *each: said.append(each), first_pause_s=0.01
        )
    )
    request_id = city.add_report("Oak blocks both lanes")
    real.room.sync()

    real.wait(lambda: real.room.site(request_id) in real.bridge.board.site_id.tolist())

    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        run(following)
    assert len(said) == 1
