"""Text that is being written is never lost: left, refused, cut off by a crash, closed by another seat."""

from __future__ import annotations

import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.errors import StoreUnusable
from dispatch.records import CloseReason
from tests.conftest import PATIENCE_S
from tests.rooms import Room
from tests.ui.real import RealConsole
from tests.ui.together import Seat

Over = Callable[[], RealConsole]
WORDS = "Crew 4 is on its way. This is not 911."


def files(c: RealConsole) -> list[Path]:
    return sorted((c.room.parts.folder / "drafts").rglob("*.json"))


def write(c: RealConsole, name: str, site_id: int, words: str = WORDS) -> Any:
    sheet = c.sheets.open(name, site_id)
    c.wait(lambda: sheet.view is not None)
    QTest.keyClicks(sheet.fields["text"].box, words)
    return sheet


def text_of(c: RealConsole, name: str, site_id: int) -> str:
    sheet = c.sheets.open(name, site_id)
    assert sheet is not None
    return str(sheet.fields["text"].value())


def test_what_was_being_written_in_a_crash_is_offered_again(
    real_over: Over, city: Any, run: Callable[..., Any]
) -> None:
    request_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    killed = real_over()
    site_id = killed.room.site(request_id)
    write(killed, "message", site_id)
    killed.wait(lambda: files(killed))

    # Nothing of the first one is closed or finished: it might as well have been killed.
    after = real_over()
    run(after.console.bring_drafts())

    assert after.window.toast.said() == (
        f"Not sent yet: Message · 5th Ave N & 9th St N · “{WORDS}”. G U shows what was left."
    )
    after.key(Qt.Key.Key_G)
    after.key(Qt.Key.Key_U)
    after.key(Qt.Key.Key_Return)
    after.wait(lambda: after.sheets.current is not None and after.sheets.current.NAME == "message")
    assert text_of(after, "message", site_id) == WORDS


def test_a_console_that_is_killed_while_one_writes_loses_no_word_of_it(
    real_over: Over, tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any]
) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    folder = tmp_path / "seat"
    room = Room(folder, city, clock, run)
    room.sync()
    site_id = room.site(request_id)
    room.close()
    words = [sys.executable, "-m", "tests.ui.writer", str(folder), str(site_id), WORDS]
    with subprocess.Popen(words) as writing:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while not any(WORDS.encode() in path.read_bytes() for path in folder.rglob("drafts/*/*.json")):
                assert writing.poll() is None and time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            writing.kill()

    after = real_over()
    run(after.console.bring_drafts())

    assert text_of(after, "message", site_id) == WORDS


def test_it_is_for_the_seats_account_alone_and_gone_once_it_was_sent(real_over: Over, city: Any) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    c = real_over()
    site_id = c.room.site(request_id)
    sheet = write(c, "note", site_id)
    c.wait(lambda: files(c))
    (file,) = files(c)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700

    sheet.confirm()
    c.wait(lambda: c.sheets.current is None)

    c.wait(lambda: not files(c))
    assert text_of(c, "note", site_id) == "" and not c.sheets.left_behind()


def test_left_by_esc_it_stands_on_the_disk_at_once_and_emptied_by_hand_no_more(
    real_over: Over, city: Any
) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    c = real_over()
    site_id = c.room.site(request_id)
    write(c, "note", site_id)
    c.key(Qt.Key.Key_Escape)
    c.wait(lambda: c.sheets.current is None and files(c))
    assert text_of(c, "note", site_id) == WORDS

    c.sheets.current.fields["text"].box.selectAll()
    QTest.keyClick(c.sheets.current.fields["text"].box, Qt.Key.Key_Delete)
    c.key(Qt.Key.Key_Escape)

    c.wait(lambda: not files(c))
    assert text_of(c, "note", site_id) == ""


def test_refused_because_the_database_is_away_it_stays(real_over: Over, city: Any, monkeypatch: Any) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    c = real_over()
    site_id = c.room.site(request_id)
    sheet = write(c, "message", site_id)

    def away(*_: object, **__: object) -> None:
        raise StoreUnusable("The database does not answer.")

    with monkeypatch.context() as patched:
        patched.setattr(c.room.store, "transaction", away)
        sheet.confirm()
        if c.sheets.current is sheet and not sheet.trouble():
            sheet.confirm()  # the doubt that some texts meet first
        c.wait(lambda: sheet.trouble() == "The database does not answer.")

    assert c.sheets.current is sheet and sheet.fields["text"].value() == WORDS
    c.wait(lambda: files(c))
    sheet.confirm()
    c.wait(lambda: c.sheets.current is None and not files(c))


def test_another_seat_closes_the_site_and_the_text_goes_on(pair: tuple[Seat, Seat, int], city: Any) -> None:
    one, two, site_id = pair
    sheet = write(one, "note", site_id)

    two.act(two.bridge.desk.close, site_id, CloseReason.NO_LONGER_NEEDED, note="gone", confirmed_by="crew 4")

    one.wait(lambda: "This site is closed." in sheet.beside.said())
    assert one.sheets.current is sheet and sheet.fields["text"].value() == WORDS
    sheet.confirm()
    one.wait(lambda: one.sheets.current is None)
    assert WORDS in [fact.value for fact in one.room.parts.detail.view(site_id).facts]


def test_the_site_was_merged_meanwhile_and_the_text_is_found_again(
    pair: tuple[Seat, Seat, int], city: Any
) -> None:
    one, two, site_id = pair
    lead = next(int(key) for key in one.bridge.board.site_id if key != site_id)
    sheet = write(one, "note", site_id)

    two.act(two.bridge.desk.merge, lead, [site_id])
    one.wait(lambda: "stands in another one now" in sheet.beside.said())
    sheet.confirm()
    one.wait(lambda: sheet.trouble() == "This site stands in another one now.")
    one.key(Qt.Key.Key_Escape)

    assert list(one.sheets.left_behind()) == [("note", str(site_id))]
    assert text_of(one, "note", site_id) == WORDS
