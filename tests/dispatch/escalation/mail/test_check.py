"""Whether mail works is known before the storm: both servers are asked, nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispatch.commands.doctor import doctor
from dispatch.errors import ChannelFailed
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail.check import check
from dispatch.settings import DEFAULTS, save
from tests.mail_servers import HOST, PASSWORD, Box, Post


def changed(settings: ChannelSettings, **values: str) -> ChannelSettings:
    return replace(settings, values={**settings.values, **values})


def test_both_servers_are_asked_and_nothing_is_sent_or_marked(
    settings: ChannelSettings, post: Post, box: Box
) -> None:
    box.deliver(b"From: a\r\n\r\nx")
    assert check(settings) == f"{HOST} takes mail, and INBOX of {HOST} can be read."
    assert post.taken == [] and box.seen == set()
    assert "EXAMINE INBOX" in box.commands or 'EXAMINE "INBOX"' in box.commands


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"smtp_user": "x"}, "refuses the login of x"),
        ({"imap_user": "x"}, "refuses the login of x"),
        ({"imap_folder": "Gone"}, "has no folder Gone"),
        ({"mail_to": ""}, "Nobody is named to mail to"),
        ({"mail_to.Energy": "nobody"}, "mend mail_to.Energy"),
        ({"smtp_host": ""}, "Answers are read by mail, and none is sent"),
    ],
)
def test_what_is_wrong_is_named(settings: ChannelSettings, values: dict[str, str], says: str) -> None:
    with pytest.raises(ChannelFailed, match=says):
        check(changed(settings, **values))


def test_without_a_mailbox_it_says_that_answers_are_typed_in(settings: ChannelSettings) -> None:
    assert "answers by mail have to be typed in" in check(changed(settings, imap_host=""))
    assert check(replace(settings, values={})) == ""


def test_the_doctor_looks_at_mail(
    settings: ChannelSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in ("email_password", "imap_password"):
        (keys / name).write_text(PASSWORD)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(keys))
    save(tmp_path, replace(DEFAULTS, channels={"email": dict(settings.values)}))
    assert f"{HOST} takes mail, and INBOX" in CliRunner().invoke(doctor, ["--data", str(tmp_path)]).output

    (keys / "email_password").write_text("wrong")
    said = CliRunner().invoke(doctor, ["--data", str(tmp_path)])
    assert said.exit_code == 1 and "refuses the login of eoc" in said.output
