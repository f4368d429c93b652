"""The audit of what we stand on, against a real index of this machine that says what the test says."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.dispatch.servers.playing import Call, Playing, Say

HOME = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 29)
WEAK = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-1"],
    "fixed_in": ["2.0"],
    "summary": "Reads\nwhat it should not.",
}
ANSWER = '[[answer]]\nid = "CVE-2026-1"\nwhy = "Only its command line is touched."\nuntil = {}\n'


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_script", HOME / "packaging" / "audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def index() -> Iterator[Playing]:
    playing = Playing()
    yield playing
    playing.close()


def knows(found: dict[str, Any]) -> Any:
    def says(call: Call) -> Say:
        name = call.path.split("/")[2]
        return Say(found[name]) if name in found else Say({}, status=404)

    return says


def test_a_finding_fails_until_it_is_answered(audit: ModuleType, index: Playing) -> None:
    index.says = knows({"weak": {"vulnerabilities": [WEAK]}, "sound": {"vulnerabilities": []}})
    packages = {"weak": "1.0", "sound": "3.1"}

    lines, looked_up, open_ones = audit.audit(packages, audit.asking(index.url), {})
    assert (looked_up, open_ones) == (2, 1)
    assert lines == ["NOT ANSWERED: weak 1.0: GHSA-aaaa-bbbb-cccc, mended in 2.0. Reads what it should not."]

    answers, wrong = audit.read_answers(ANSWER.format("2027-01-31"), TODAY)
    lines, _, open_ones = audit.audit(packages, audit.asking(index.url), answers)
    assert not wrong and open_ones == 0 and "Answered until 2027-01-31" in lines[0]


def test_what_was_withdrawn_is_none(audit: ModuleType) -> None:
    assert audit.findings("weak", "1.0", {"vulnerabilities": [{**WEAK, "withdrawn": "2026-11-01"}]}) == []


@pytest.mark.parametrize("answer", [{}, {"info": {}}, [], "<html>"])
def test_an_index_that_tells_of_no_weaknesses_is_not_taken_for_a_clean_one(
    audit: ModuleType, index: Playing, answer: Any
) -> None:
    index.says = knows({"weak": answer})
    assert audit.audit({"weak": "1.0"}, audit.asking(index.url), {}) == ([], 0, 0)


def test_an_index_out_of_reach_is_no_failure(audit: ModuleType) -> None:
    assert audit.asking("http://127.0.0.1:9")("weak", "1.0") is None


@pytest.mark.parametrize(
    ("until", "words"),
    [("2026-11-01", "held until"), ("2028-01-01", "180 days at most"), ('"soon"', "needs id, why")],
)
def test_an_answer_runs_out_and_says_why(audit: ModuleType, until: str, words: str) -> None:
    answers, wrong = audit.read_answers(ANSWER.format(until), TODAY)
    assert not answers and words in wrong[0]


def test_both_locks_are_read_whole(audit: ModuleType) -> None:
    run, work = (audit.pinned((HOME / lock).read_text("utf-8")) for lock in audit.LOCKS)
    assert {"pyside6-essentials", "requests", "urllib3", "lxml", "pillow"} <= set(run) <= set(work)
    assert "pytest" in work and "pytest" not in run


@pytest.mark.parametrize(
    ("licences", "is_binding"),
    [
        (["MIT"], False),
        (["LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only"], False),
        (["GNU Lesser General Public License v3 (LGPLv3)"], False),
        (["GPL-3.0-or-later"], True),
        (["GNU General Public License v3 (GPLv3)"], True),
        (["AGPL-3.0"], True),
        ([], False),
    ],
)
def test_a_licence_binds_where_no_other_is_offered(
    audit: ModuleType, licences: list[str], is_binding: bool
) -> None:
    assert audit.binds(licences) is is_binding


def test_nothing_that_a_seat_runs_on_binds_it(audit: ModuleType) -> None:
    assert audit.binding(audit.pinned((HOME / "requirements.lock").read_text("utf-8"))) == []
