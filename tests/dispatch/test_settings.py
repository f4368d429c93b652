"""Settings: what is said is kept, what is damaged is named and never lost, secrets stay out of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from dispatch.errors import SettingsBroken
from dispatch.settings import (
    FILE,
    PLACES,
    Settings,
    default_folder,
    keep,
    keep_secret,
    load,
    remove_secret,
    save,
    secret,
)


class MemoryKeyring(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def use_keyring() -> Iterator[object]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, "utf-8")
    return folder / FILE


def test_every_setting_has_one_place_in_the_file() -> None:
    assert list(PLACES) == [one.name for one in fields(Settings)]
    assert len(set(PLACES.values())) == len(PLACES)


def test_a_new_seat_has_the_defaults_and_no_file(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    save(tmp_path, Settings())
    assert not (tmp_path / FILE).exists()


def test_only_what_was_changed_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    save(folder, replace(Settings(), theme="dim", server_url="https://crm.city.example/api/v2"))
    assert (folder / FILE).read_text() == (
        '[server]\nurl = "https://crm.city.example/api/v2"\n\n[look]\ntheme = "dim"\n'
    )


def test_a_changed_setting_leaves_comments_and_order_alone(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "# The second desk from the door.\n[seat]\nname = 'EOC 2'  # painted on the screen\n\n"
        "[look]\ntheme = 'dim'\n",
    )
    save(tmp_path, replace(load(tmp_path), seat="EOC 3", theme="system"))
    assert path.read_text() == (
        '# The second desk from the door.\n[seat]\nname = "EOC 3"  # painted on the screen\n\n'
        '[look]\ntheme = "system"\n'
    )


def test_a_table_is_changed_where_it_differs_and_keeps_its_comments(tmp_path: Path) -> None:
    text = (
        "# Ask Kim before you touch this.\n[channels.email]  # the county's\n"
        'smtp_host = "old.city.example"  # moves in May\n'
        'smtp_user = "eoc"\n\n'
        "[look]\ntheme = 'dim'\n\n"
        "[channels.folder]\n# the share of the relay\nfolder = '/srv/relay'\n"
    )
    path = written(tmp_path, text)
    channels = {"email": {"smtp_host": "new.city.example", "mail_to.Energy": "a@b.example"}}
    channels["folder"] = {"folder": "/srv/relay"}

    keep(tmp_path, channels=channels)

    assert load(tmp_path).channels == channels
    now = path.read_text()
    assert 'smtp_host = "new.city.example"  # moves in May\n' in now and "smtp_user" not in now
    for comment in ("# Ask Kim before you touch this.", "# the county's", "# the share of the relay"):
        assert comment in now
    assert "folder = '/srv/relay'\n" in now


NAMES = st.dictionaries(
    st.sampled_from(["claim", "escalate", "go.queue", "Ω"]), st.text(max_size=8), max_size=3
)
SETTINGS = st.builds(
    Settings,
    server_url=st.text(max_size=30),
    poll_s=st.integers(1, 3600),
    person=st.text(max_size=20),
    theme=st.sampled_from(["light", "dim", "system"]),
    is_muted=st.booleans(),
    base_map=st.text(max_size=20),
    keys=NAMES,
    channels=st.dictionaries(st.sampled_from(["folder", "e-mail", "print out"]), NAMES, max_size=2),
)


def test_what_is_kept_leaves_what_a_person_has_written_meanwhile(tmp_path: Path) -> None:
    save(tmp_path, Settings(person="Sam Reyes"))
    (tmp_path / "settings.toml").write_text('# ours\n[seat]\nperson = "Kim Ortiz"\n', "utf-8")

    keep(tmp_path, base_map="/maps/flyover.mbtiles")

    assert load(tmp_path) == Settings(person="Kim Ortiz", base_map="/maps/flyover.mbtiles")
    assert "# ours" in (tmp_path / "settings.toml").read_text("utf-8")


@given(first=SETTINGS, second=SETTINGS)
def test_what_is_saved_is_what_is_loaded(
    first: Settings, second: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("seat")
    for settings in (first, second, Settings()):
        save(folder, settings)
        assert load(folder) == settings
    assert [path.name for path in folder.iterdir()] in ([FILE], [])


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[server]\nurl = "https://x\n', 2, "it cannot be understood ("),
        ("[seat]\nname = = 2\n", 2, "Unexpected character"),
        ("[look]\ntheme = 'dim'\n[look]\n", 3, "already exists"),
        ("[look]\n# night\ntheme = 'dark'\n", 3, "look.theme must be one of light, dim, system"),
        ("[server]\nurl = 5\n", 2, "server.url must be text in quotes"),
        (
            "[server]\nkind = 'georeport'\npoll_s = 0\n",
            3,
            "server.poll_s must be a whole number from 1 to 3600",
        ),
        ("[server]\npoll_s = true\n", 2, "server.poll_s must be a whole number"),
        ("server.poll_s = 1.5\n", 1, "server.poll_s must be a whole number"),
        ("[sound]\nmuted = 1\n", 2, "sound.muted must be true or false"),
        ("\n[keys]\nclaim = 3\n", 2, "keys must be a table of commands and keys"),
        ("[channels]\nfolder = '/srv'\n", 1, "channels must be a table for each channel"),
    ],
)
def test_a_damaged_file_is_named_with_its_line_and_stays(
    text: str, line: int, says: str, tmp_path: Path
) -> None:
    path = written(tmp_path, text)

    for use in (load, lambda folder: save(folder, replace(Settings(), theme="dim"))):
        with pytest.raises(SettingsBroken) as broken:
            use(tmp_path)
        assert str(broken.value).startswith(f"{path}, line {line}: ")
        assert says in str(broken.value)
        assert str(broken.value).endswith("or move the file away to start with the defaults.")

    assert path.read_text() == text


def test_a_file_in_another_encoding_is_damaged_too(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"[seat]\nperson = 'Jos\xe9'\n")
    with pytest.raises(SettingsBroken, match=r"line 2: it is not UTF-8 text"):
        load(tmp_path)


def test_a_misspelt_setting_is_told_and_does_not_stop_the_console(tmp_path: Path, expect_warning) -> None:
    expect_warning(r"line 2: server\.pol_s is no setting and is ignored")
    expect_warning(r"line 4: wind is no setting")
    written(tmp_path, "[server]\npol_s = 5\npoll_s = 6\n[[wind]]\n[keys]\nclaim = 'c'\n")
    assert load(tmp_path) == Settings(poll_s=6, keys={"claim": "c"})


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsBroken, match=r"Not a directory"):
        save(tmp_path / "file" / "below", replace(Settings(), theme="dim"))


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[look]\ntheme = 'dim'\n")
    (tmp_path / "settings.toml.part").mkdir()
    with pytest.raises(SettingsBroken, match="could not be saved"):
        save(tmp_path, Settings())
    assert path.read_text() == "[look]\ntheme = 'dim'\n"


def test_an_exercise_has_a_folder_of_its_own() -> None:
    assert default_folder().parent == default_folder("irma").parent.parent
    assert len({default_folder(), default_folder("irma"), default_folder("harvey")}) == 3


def test_a_token_is_kept_in_the_keyring_and_in_no_file(tmp_path: Path, use_keyring) -> None:
    use_keyring(MemoryKeyring())
    assert secret("server-token") == ""
    keep_secret("server-token", "abc")
    assert secret("server-token") == "abc"
    assert list(tmp_path.iterdir()) == []


def test_a_secret_can_be_taken_out_of_the_keyring_again(use_keyring) -> None:
    ring = MemoryKeyring()
    use_keyring(ring)
    keep_secret("email_password", "stay dry")
    remove_secret("email_password")
    remove_secret("email_password")
    assert secret("email_password") == "" and ring.kept == {}


def test_without_a_keyring_one_sentence_says_what_to_do(use_keyring) -> None:
    use_keyring(NoKeyring())
    with pytest.raises(SettingsBroken, match="--token-env"):
        secret("server-token")


def test_a_token_comes_from_the_environment_where_one_is_named(
    monkeypatch: pytest.MonkeyPatch, use_keyring
) -> None:
    use_keyring(NoKeyring())
    monkeypatch.setenv("CITY_TOKEN", " abc\n")
    assert secret("server-token", env="CITY_TOKEN") == "abc"
    monkeypatch.delenv("CITY_TOKEN")
    with pytest.raises(SettingsBroken, match="CITY_TOKEN is empty"):
        secret("server-token", env="CITY_TOKEN")


def test_a_service_takes_its_token_from_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use_keyring
) -> None:
    use_keyring(MemoryKeyring())
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret("server-token") == ""
    (tmp_path / "server-token").write_text("abc\n")
    assert secret("server-token") == "abc"
