"""The channels by sheet: every one with how it stands, tried for real, its secret in no file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from dispatch import settings
from dispatch.escalation.channels import set_up
from dispatch.store import log
from tests.dispatch.test_settings import MemoryKeyring
from tests.mail_servers import HOST, PASSWORD, USER, Post, certificate, server_tls, smtp_server
from tests.relay import SECRET, Relay
from tests.ui.real import RealConsole
from ui.sheets.channels import ChannelsSheet

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay()
    yield made
    made.stop()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[tuple[Post, dict[str, str]]]:
    papers = certificate(tmp_path)
    with smtp_server(starttls=server_tls(papers)) as (made, port):
        yield (
            made,
            {
                "smtp_host": HOST,
                "smtp_port": str(port),
                "smtp_user": USER,
                "mail_from": "eoc@stpete.example",
                "mail_to": "trainer@stpete.example",
                "mail_ca_file": str(papers[0]),
            },
        )


@pytest.fixture
def real(real_over, city, ring) -> RealConsole:
    return real_over()


def opened(real: RealConsole, channel: str = "") -> ChannelsSheet:
    sheet = real.sheets.open("channels", channel=channel)
    real.wait(lambda: "keyring" not in sheet.fields["webhook_secret"].stored_words())
    return sheet


def write(sheet: ChannelsSheet, **values: str) -> None:
    for name, value in values.items():
        line = sheet.fields[name].line
        line.clear()
        QTest.keyClicks(line, value)


def tried(real: RealConsole, sheet: ChannelsSheet) -> str:
    real.key(Qt.Key.Key_R, CTRL)
    real.wait(lambda: "It took" in sheet.result())
    return sheet.result()


def last_line(real: RealConsole) -> str:
    with real.room.store.reading() as connection:
        return str([*log.every_row(connection)][-1]["text"])


def test_every_channel_says_how_it_stands_and_the_first_to_be_set_up_is_open(real: RealConsole) -> None:
    sheet = opened(real)
    assert sheet.states() == [
        "EM desk: always there",
        "Folder: set up",
        "E-mail: not set up, needs mail server, sender, recipients",
        "Webhook: not set up, needs an address",
        "Printout: always there, by hand",
        "Radio, by voice: always there, by hand",
    ]
    assert sheet.channel == "email" and sheet.button.isEnabled()
    assert sheet.fields["smtp_host"].isVisible() and not sheet.fields["webhook_url"].isVisible()
    assert sheet._aside.said() == "EXERCISE: its own addresses"
    sheet._show("desk")
    real.key(Qt.Key.Key_R, CTRL)
    assert (
        not sheet.button.isEnabled() and sheet.result() == "" and "nothing to set up" in sheet._about.said()
    )


def test_by_keyboard_alone_a_webhook_is_set_up_tried_and_in_force(
    real: RealConsole, relay: Relay, ring: MemoryKeyring
) -> None:
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_C)
    real.wait(lambda: real.sheets.current is not None)
    sheet = real.sheets.current
    real.window.keys._presses.clear()  # a person thinks now; the letters to come are no word begun by G
    real.key(Qt.Key.Key_Down)
    assert sheet.channel == "webhook"
    for name, value in (("webhook_url", relay.url), ("webhook_answers_url", ""), ("webhook_secret", SECRET)):
        real.key(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is sheet.fields[name].line
        QTest.keyClicks(QApplication.focusWidget(), value)

    said = tried(real, sheet)
    assert "took the test" in said and "Webhook: " in said
    real.wait(lambda: last_line(real) == "channel tried: Webhook, it works")
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    parts = real.room.parts
    assert "webhook" in set_up(parts.channel_settings)
    assert ring.kept == {("landfall", "exercise_webhook_secret"): SECRET}
    written = (parts.folder / settings.FILE).read_text()
    assert relay.url in written and SECRET not in written
    assert last_line(real) == "channel set up: Webhook (webhook_url, webhook_secret)"
    assert "Webhook is saved (set up) and in force from now on." in real.window.toast.said()
    [body] = relay.taken.values()
    assert body["test"] is True and body["exercise"] is True


def test_a_mail_really_goes_to_oneself_and_a_wrong_password_says_what_to_do(
    real: RealConsole, post: tuple[Post, dict[str, str]]
) -> None:
    sheet = opened(real, "email")
    write(sheet, **post[1], email_password="rain")
    assert "refuses the login of eoc: check “User” and enter “Password” anew." in tried(real, sheet)
    assert post[0].taken == []

    write(sheet, email_password=PASSWORD)
    sheet._result.say("")
    assert f"Sent to yourself (eoc@stpete.example), accepted by {HOST}" in tried(real, sheet)
    assert post[0].recipients == [["eoc@stpete.example"]]
    assert str(post[0].taken[0]["Subject"]) == "EXERCISE TEST: not a hand-over"


def test_a_folder_that_fails_says_so_in_plain_words(real: RealConsole, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    sheet = opened(real, "folder")
    write(sheet, folder=str(tmp_path / "file"))
    said = tried(real, sheet)
    assert "is a file, not a folder: choose another one in the settings." in said.replace("\u200b", "")


def test_what_cannot_be_meant_is_said_beside_its_field_and_keeps_what_was_typed(
    real: RealConsole, relay: Relay
) -> None:
    sheet = opened(real, "webhook")
    write(sheet, webhook_url="relay.example", webhook_secret=SECRET)
    for press in ((Qt.Key.Key_R, CTRL), (Qt.Key.Key_Return, CTRL)):
        real.key(*press)
        assert sheet.fields["webhook_url"].complaint() == "Write an address that begins with https://."
        assert sheet.fields["webhook_url"].value() == "relay.example"
        assert QApplication.focusWidget() is sheet.fields["webhook_url"].line
    assert real.sheets.current is sheet and not relay.taken
    assert not (real.room.parts.folder / settings.FILE).exists()


def test_a_secret_is_never_shown_and_can_be_replaced_and_removed(
    real: RealConsole, relay: Relay, ring: MemoryKeyring
) -> None:
    ring.set_password("landfall", "exercise_webhook_secret", SECRET)
    sheet = opened(real, "webhook")
    field = sheet.fields["webhook_secret"]
    assert field.stored_words() == "stored" and field.line.text() == ""
    assert field.line.echoMode() == QLineEdit.EchoMode.Password
    write(sheet, webhook_url=relay.url, webhook_secret="x")
    assert field.stored_words() == "will be replaced"
    field.line.clear()
    field.line.textEdited.emit("")

    field.remove.setFocus()
    real.key(Qt.Key.Key_Return)
    assert field.stored_words() == "will be removed" and field.remove.isVisible()
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)
    assert ring.kept == {}
    again = opened(real, "webhook")
    assert again.fields["webhook_secret"].stored_words() == "not stored"
    assert "Webhook: not set up, needs secret" in again.states()


def test_a_sheet_left_gives_back_what_was_typed_but_no_secret(real: RealConsole) -> None:
    sheet = opened(real, "webhook")
    write(sheet, webhook_url="https://relay.example", webhook_secret=SECRET)
    real.key(Qt.Key.Key_Escape)
    again = opened(real, "webhook")
    assert again.fields["webhook_url"].value() == "https://relay.example"
    assert again.fields["webhook_secret"].value() == ""


def test_what_was_typed_for_another_channel_is_not_lost_unasked(real: RealConsole, tmp_path: Path) -> None:
    sheet = opened(real, "webhook")
    write(sheet, webhook_url="https://relay.example")
    sheet._show("folder")
    write(sheet, folder=str(tmp_path / "relay"))
    real.key(Qt.Key.Key_Return, CTRL)
    assert "What you wrote for Webhook is not saved with this" in sheet.trouble()
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)
    assert real.room.parts.channel_settings.value("exercise_folder") == str(tmp_path / "relay")


def test_without_a_keyring_it_is_said_before_and_when_saving(real: RealConsole, relay: Relay) -> None:
    keyring.set_keyring(NoKeyring())
    sheet = opened(real, "webhook")
    assert "no open keyring" in sheet._about.said()
    write(sheet, webhook_url=relay.url, webhook_secret=SECRET)
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: "no open keyring" in sheet.trouble())
    assert real.sheets.current is sheet and sheet.fields["webhook_url"].value() == relay.url


def test_the_syncing_is_told_and_what_it_still_needs_is_said(real: RealConsole, tmp_path: Path) -> None:
    told = []

    def take(channels) -> str:
        told.append(channels)
        return "Another process needs a restart."

    real.bridge.take_channels = take
    sheet = opened(real, "folder")
    write(sheet, folder=str(tmp_path / "relay"))
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)
    assert told == [{"folder": {"exercise_folder": str(tmp_path / "relay")}}]
    assert real.window.toast.said().endswith("Another process needs a restart.")


def test_who_writes_far_down_in_a_sheet_that_scrolls_stays_there(real: RealConsole) -> None:
    real.window.resize(1366, 768)
    sheet = opened(real, "email")
    line, bar = sheet.fields["mail_to.Energy"].line, sheet.scroll.verticalScrollBar()
    line.setFocus()
    sheet.scroll.ensureWidgetVisible(line)
    before = bar.value()
    assert before > 0

    QTest.keyClicks(line, "esf12@utility.example")
    QApplication.processEvents()

    assert bar.value() == before and not line.visibleRegion().isEmpty()
