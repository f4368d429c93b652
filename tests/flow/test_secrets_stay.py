"""Token, mail password, database password and tile key go where they are meant for and stand nowhere else."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from dispatch import assembly
from dispatch.__main__ import main
from dispatch.errors import LandfallError
from dispatch.settings import FILE, Settings
from dispatch.store import log
from dispatch.store.log_file import WRITERS
from dispatch.store.store import open_store
from dispatch.tile_server.orders import Orders
from tests.city import ROOT, City
from tests.conftest import StillClock
from tests.mail_servers import HOST, USER, certificate, server_tls, smtp_server
from tests.rooms import Room

TOKEN, MAIL, BASE, TILES = "tok-9f3a7c51d2", "mail-4b8e60aa17", "base-c07d9e33f5", "tile-51e2bb8d09"
SECRETS = (TOKEN, MAIL, BASE, TILES)
EM = "Maria Diaz <m.diaz@pinellas.example>"


def found_in(where: str, said: str | bytes) -> list[str]:
    content = said.encode("utf-8", "replace") if isinstance(said, str) else said
    return [f"{secret} stands in {where}" for secret in SECRETS if secret.encode() in content]


@contextmanager
def mail(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The city's mail server, which wants a login; the password is given as systemd gives it."""
    keys = folder / "keys"
    keys.mkdir()
    (keys / "exercise_email_password").write_text(MAIL)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(keys))
    monkeypatch.setattr("tests.mail_servers.PASSWORD", MAIL)
    papers = certificate(folder)
    with smtp_server(starttls=server_tls(papers)) as (post, port):
        yield {
            "exercise_smtp_host": HOST,
            "exercise_smtp_port": str(port),
            "exercise_smtp_user": USER,
            "exercise_mail_from": "eoc@stpete.example",
            "exercise_mail_to": EM,
            "exercise_mail_ca_file": str(papers[0]),
        }
        assert post.taken, "the session sent no mail: nothing was proven"


def test_after_a_working_session_no_secret_stands_anywhere(
    tmp_path: Path,
    clock: StillClock,
    run: Callable[..., Any],
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    allow_warning: Callable[[str], None],
    say_table: Callable[[str, list[str]], None],
) -> None:
    allow_warning("")
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("tests.rooms.TOKEN", TOKEN)
    store_url = make_url(postgres_url).set(password=BASE).render_as_string(hide_password=False)
    seat = tmp_path / "seat"
    with City(tmp_path / "city", token=TOKEN) as city, mail(tmp_path, monkeypatch) as values:
        room = Room(seat, city, clock, run, channels={"email": values}, store_url=store_url)
        ids = [city.add_report(f"Oak number {n} across the road", address="5th Ave N") for n in range(3)]
        room.sync()
        room.desk.message(room.site(ids[0]), "We have your report.")
        sent = room.escalate(ids[1], channels=("desk", "email"))
        for _ in range(2):
            room.sync()
        city.fail_next(429, 503, "reset", "html")
        for _ in range(4):
            with _whatever_it_says() as said:
                room.sync()
            assert not found_in("an error", "".join(said))

        looked_at = {"the log at DEBUG": caplog.text}
        looked_at |= {
            f"the seat's {path.name}": path.read_bytes() for path in seat.rglob("*") if path.is_file()
        }
        with room.store.reading() as connection:
            entries = log.every_row(connection)
            looked_at |= {f"the log export {end}": write(entries) for end, write in WRITERS.items()}
        parts = room.parts
        records = (parts, parts.settings, sent, replace(parts.settings, store_url=store_url), room.work)
        looked_at |= {f"repr of {type(each).__name__} {n}": repr(each) for n, each in enumerate(records)}
        looked_at["repr of Orders"] = repr(Orders("https://tiles.example/{key}", TILES, "", ""))
        looked_at["the sentences of sync"] = repr(run_status(room))
        apart = assembly.sync_apart(
            parts,
            url=city.url,
            token=TOKEN,
            calls_per_minute=0,
            poll_s=0.2,
            tell=lambda _: None,
            nudge_readers=lambda: None,
        )
        looked_at |= process_of(apart, run)
        assert city.messages(ids[0]).count("We have your report.") == 1
        room.close()

    assert [line for where, said in looked_at.items() for line in found_in(where, said)] == []
    assert "Oak number" not in caplog.text and "We have your report" not in caplog.text
    say_table("Looked through for four secrets after a session", [f"{len(looked_at)} places", *looked_at])


def run_status(room: Room) -> object:
    return getattr(room.work, "status", None)


@contextmanager
def _whatever_it_says() -> Iterator[list[str]]:
    said: list[str] = []
    try:
        yield said
    except LandfallError:
        said.append(traceback.format_exc())


def process_of(apart: Any, run: Callable[..., Any]) -> dict[str, bytes]:
    """What the machine's other accounts may see of the syncing's own process."""

    async def go() -> dict[str, bytes]:
        apart.start()
        place = Path(f"/proc/{apart.process_id}")
        seen = {}
        if place.exists():
            seen = {f"the syncing's {name}": (place / name).read_bytes() for name in ("cmdline", "environ")}
        await apart.stop()
        return seen

    return run(go())


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql+psycopg://eoc:{BASE}@127.0.0.1:1/eoc",
        f"postgresql+psycopg://eoc:{BASE}/more@127.0.0.1:1/eoc",
        f"postgresql+psycopg://eoc:{BASE}@more@127.0.0.1:1/eoc",
        f"postgresql+psycopg://eoc:more@{BASE}:port/eoc?x={BASE}",
        f"postgresql+psycopg://eoc@127.0.0.1:1/eoc?password={BASE}",
        f"postgresql+psycopg://eoc@127.0.0.1:1/eoc?sslpassword={BASE}&sslmode=disable",
        f"postgresql+psycopg://eoc:{BASE}@127.0.0.1:1/eoc?sslmode=nonsense",
        f"postgresql+psycopg://eoc:{BASE}@127.0.0.1:1/eoc?no_such_word=1",
        f"postgresql+psycopg://eoc:{BASE}@/eoc?host=127.0.0.1:1&host=127.0.0.1:2",
        f"postgresql://eoc:{BASE}@127.0.0.1:1/eoc",
        f"sqlite:///nowhere/{BASE[:4]}?password={BASE}",
    ],
)
@pytest.mark.parametrize("debug", [False, True])
def test_no_sentence_about_a_database_quotes_its_password(
    address: str, debug: bool, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--debug"] if debug else []
    words += ["log", "export", "--store", address, "--out", str(tmp_path / "log.jsonl")]
    try:
        main(words)
    except Exception:
        traceback.print_exc()
    said = capfd.readouterr()
    assert said.err and found_in("what it said", said.out + said.err) == []


def test_a_wrong_password_is_told_without_it(postgres_url: str) -> None:
    url = make_url(postgres_url).set(username="nobody-here", password=BASE)
    with pytest.raises(LandfallError) as failed:
        open_store(url.render_as_string(hide_password=False), clock=StillClock())
    assert found_in("the sentence", "".join(traceback.format_exception(failed.value))) == []


def test_the_doctor_says_no_secret(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = f"""
[server]
url = "https://eoc:{TOKEN}@127.0.0.1:1/api/v2"
[store]
url = "postgresql+psycopg://eoc:{BASE}@127.0.0.1:1/eoc"
[tiles]
url = "https://tiles.example/{{z}}/{{x}}/{{y}}.png?key={TILES}"
[channels.webhook]
webhook_url = "https://eoc:{MAIL}@127.0.0.1:1/hand-overs"
"""
    (tmp_path / FILE).write_text(said)
    with pytest.raises(SystemExit):
        main(["doctor", "--data", str(tmp_path)])
    told = capfd.readouterr()
    assert "127.0.0.1" in told.out and found_in("the doctor", told.out + told.err) == []


def test_the_settings_do_not_show_what_may_be_a_password() -> None:
    assert BASE not in repr(Settings(store_url=f"postgresql+psycopg://eoc:{BASE}@db/eoc"))


def test_a_key_for_tiles_is_in_no_process_list(tmp_path: Path) -> None:
    """The helper hears it on its input: its command line and its environment are the machine's to read."""
    command = [sys.executable, str(ROOT / "main.py"), "--helper", "tile-server"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as helper:
        assert helper.stdin is not None
        orders = Orders("http://127.0.0.1:1/{z}/{x}/{y}.png?key={key}", TILES, "", str(tmp_path / "a.tiles"))
        helper.stdin.write(orders.line())
        helper.stdin.flush()
        place = Path(f"/proc/{helper.pid}")
        if place.exists():
            assert found_in("cmdline", (place / "cmdline").read_bytes()) == []
            assert found_in("environ", (place / "environ").read_bytes()) == []
        out, err = helper.communicate(timeout=60)
    assert found_in("what it said", out + err) == []
