"""A backup that is damaged, cut off, made to do harm or has no place to go: one sentence, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dispatch.store.store import Store
from tests import full_store
from tests.backup_files import Held, Say, everything, recount, rewrite, say_of


def test_a_database_with_something_in_it_is_left_alone(
    backup: Path, target_url: str, say: Say, opened: Callable[[str], Store]
) -> None:
    store = opened(target_url)
    with store.transaction(full_store.OPERATOR) as tx:
        tx.log("note", "ours")
    before = everything(store)

    code, _, said = say("restore", backup, "--store", target_url)

    assert code == 1 and "holds something already" in said and "\n" not in said
    assert everything(store) == before


def test_any_bit_that_flipped_is_found_or_does_not_matter(
    backup: Path, seat_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    content, whole = backup.read_bytes(), everything(opened(seat_url))
    refused = 0
    for number, at in enumerate(range(0, len(content), max(1, len(content) // 150))):
        damaged = bytearray(content)
        damaged[at] ^= 1 << number % 8
        path, database = tmp_path / "damaged.zip", tmp_path / f"{number}.db"
        path.write_bytes(damaged)

        code, _, said = say("restore", path, "--store", f"sqlite:///{database}")

        if code == 0:
            assert everything(opened(f"sqlite:///{database}")) == whole
        else:
            refused += 1
            assert code == 1 and said.startswith("damaged.zip was not restored: ") and "\n" not in said, said
            assert not database.exists()
    assert refused > 100


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused(backup: Path, share: float, tmp_path: Path, say: Say) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * share)])

    code, _, said = say("restore", backup, "--store", f"sqlite:///{tmp_path / 'new.db'}")

    assert code == 1 and "damaged or no backup" in said and not (tmp_path / "new.db").exists()


def lose_a_table(held: Held) -> None:
    del held["tables/site.jsonl"]


def lose_it_from_the_list_too(held: Held) -> None:
    lose_a_table(held)
    say_of(held, lambda said: said["tables"].pop("site"))


def climb_out(held: Held) -> None:
    held["../../etc/passwd"] = b"root"


def climb_out_by_the_list(held: Held) -> None:
    held["tables/../../x.jsonl"] = held["tables/site.jsonl"]
    say_of(held, lambda said: said["tables"].update({"../../x": said["tables"]["site"]}))


def swell(held: Held) -> None:
    held["tables/site.jsonl"] = b"\n" * 100_000_000


def swell_and_say_so(held: Held) -> None:
    swell(held)
    say_of(held, lambda said: said["tables"]["site"].update(bytes=100_000_000, rows=100_000_000))


def lose_a_row(held: Held) -> None:
    held["tables/site.jsonl"] = held["tables/site.jsonl"].partition(b"\n")[2]


def name_other_columns(held: Held) -> None:
    say_of(held, lambda said: said["tables"]["site"]["columns"].append("more"))


def lose_the_list(held: Held) -> None:
    del held["manifest.json"]


def spoil_the_list(held: Held) -> None:
    held["manifest.json"] = b"[" * 10_000


def count_below_nothing(held: Held) -> None:
    say_of(held, lambda said: said["tables"]["site"].update(rows=-1))


def be_of_tomorrow(held: Held) -> None:
    say_of(held, lambda said: said.update(revision="9999"))


def be_of_another_format(held: Held) -> None:
    say_of(held, lambda said: said.update(version=2))


HARM = {
    lose_a_table: "tables/site.jsonl is missing",
    lose_it_from_the_list_too: "its tables are not those of revision",
    climb_out: "files that belong to no backup",
    climb_out_by_the_list: "its tables are not those of revision",
    swell: "longer than its list",
    swell_and_say_so: "swell to many times",
    lose_a_row: "not what its list of contents says",
    name_other_columns: "columns of its table site are not ours",
    lose_the_list: "no backup of Landfall",
    spoil_the_list: "list of contents cannot be read",
    count_below_nothing: "list of contents cannot be read",
    be_of_tomorrow: "newer version of Landfall",
    be_of_another_format: "newer version of Landfall",
}


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: str(harm.__name__))
def test_a_file_made_to_do_harm_is_refused_in_a_sentence(
    backup: Path, harm: Callable[[Held], None], tmp_path: Path, say: Say
) -> None:
    rewrite(backup, harm)
    before = sorted(tmp_path.rglob("*"))

    code, _, said = say("restore", backup, "--store", f"sqlite:///{tmp_path / 'new.db'}")

    assert code == 1 and HARM[harm] in said and "\n" not in said, said
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("table", ["site", "activity_log", "feed"])
def test_rows_that_do_not_fit_together_leave_nothing(
    backup: Path,
    target_url: str,
    table: str,
    tmp_path: Path,
    say: Say,
    opened: Callable[[str], Store],
    allow_warning: Callable[[str], None],
) -> None:
    """Its own list agrees with it, and the database does not."""
    # The driver may have sent further rows already when the first is refused.
    allow_warning("pipeline aborted")

    def lose_first(held: Held) -> None:
        recount(held, table, held[f"tables/{table}.jsonl"].partition(b"\n")[2])

    rewrite(backup, lose_first)

    code, _, said = say("restore", backup, "--store", target_url)

    assert code == 1 and said.startswith("seat.zip was not restored: ") and "\n" not in said, said
    assert not (tmp_path / "target.db").exists()
    left = everything(opened(target_url))
    assert len(left.pop("feed")) == 1 and not any(left.values())
