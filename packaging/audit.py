"""Asks for known weaknesses of the packages in a lock, and for licences that would bind the program that uses
them. Standard library only.

The service is the index that pip is set to, by its JSON interface. Where it does not answer, or tells of no
weaknesses at all, that is said in one sentence and nothing fails: work in a cellar must not stop for want of
a network. A finding fails until it is answered in audit_answers.toml, with a reason and a last day.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
ANSWERS = HOME / "packaging" / "audit_answers.toml"
PATIENCE_S = 10.0
MOST_BYTES = 64 << 20
LONGEST_ANSWER_DAYS = 180

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
# They bind what they are linked with; the lesser ones (LGPL) and MPL do not.
_BINDS = re.compile(r"(?<!L)(?<!lesser )\bA?GPL|GNU (?:Affero )?General Public", re.IGNORECASE)

# What the index says of one package; None where it does not answer.
Ask = Callable[[str, str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Finding:
    package: str
    version: str
    known_as: tuple[str, ...]
    mended_in: tuple[str, ...]
    says: str

    def line(self) -> str:
        mend = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "not mended yet"
        return f"{self.package} {self.version}: {self.known_as[0]}, {mend}. {self.says}"


@dataclass(frozen=True)
class Answer:
    known_as: str
    why: str
    until: date


def pinned(text: str) -> dict[str, str]:
    """Package to version, as a lock with hashes says it."""
    return {name.lower(): version for name, version in _PINNED.findall(text)}


def findings(name: str, version: str, said: Mapping[str, Any]) -> list[Finding]:
    """Those that hold: withdrawn ones do not."""
    found = []
    for each in said.get("vulnerabilities") or ():
        if not each.get("withdrawn"):
            known_as = (str(each.get("id") or "unnamed"), *map(str, each.get("aliases") or ()))
            words = " ".join(str(each.get("summary") or each.get("details") or "").split())[:200]
            found.append(Finding(name, version, known_as, tuple(each.get("fixed_in") or ()), words))
    return found


def read_answers(text: str, today: date) -> tuple[dict[str, Answer], list[str]]:
    """By each name of a weakness, and what is wrong with the file."""
    good, wrong = {}, []
    for entry in tomllib.loads(text).get("answer", ()):
        known_as, why, until = entry.get("id"), str(entry.get("why", "")).strip(), entry.get("until")
        if not known_as or len(why) < 20 or not isinstance(until, date):
            wrong.append(f"An answer needs id, why (a sentence) and until (a day): {entry}.")
        elif until < today:
            wrong.append(f"The answer to {known_as} held until {until}: look again.")
        elif (until - today).days > LONGEST_ANSWER_DAYS:
            wrong.append(f"The answer to {known_as} may hold {LONGEST_ANSWER_DAYS} days at most.")
        else:
            good[known_as] = Answer(known_as, why, until)
    return good, wrong


def audit(packages: Mapping[str, str], ask: Ask, answers: Mapping[str, Answer]) -> tuple[list[str], int, int]:
    """Lines to say, how many packages were really looked up, and how many findings nobody has answered."""
    with ThreadPoolExecutor(8) as lanes:
        told = list(lanes.map(lambda pair: ask(*pair), packages.items()))
    lines, open_ones = [], 0
    for (name, version), said in zip(packages.items(), told, strict=True):
        for finding in findings(name, version, said) if said else ():
            answer = next((answers[each] for each in finding.known_as if each in answers), None)
            if answer:
                lines.append(f"{finding.line()} Answered until {answer.until}: {answer.why}")
            else:
                open_ones += 1
                lines.append(f"NOT ANSWERED: {finding.line()}")
    return lines, sum(said is not None for said in told), open_ones


def binding(packages: Mapping[str, str]) -> list[str]:
    """Installed packages of the lock whose licence would bind the whole program, with no other to choose."""
    found = []
    for each in distributions():
        name = str(each.metadata["Name"] or "").lower().replace("_", "-")
        if name in packages and binds(_licences(each.metadata)):
            found.append(f"{name} {each.version}: {' / '.join(_licences(each.metadata))[:120]}")
    return sorted(found)


def _licences(metadata: Any) -> list[str]:
    said = [metadata.get("License-Expression"), (metadata.get("License") or "").split("\n")[0]]
    said += [each.split("::")[-1] for each in metadata.get_all("Classifier") or () if "License ::" in each]
    return [each.strip() for each in said if each and each.strip()]


def binds(licences: Iterable[str]) -> bool:
    """Where one of several may be chosen, it does not."""
    offered = [part for each in licences for part in re.split(r"\bOR\b|;|/", each)]
    return bool(offered) and all(_BINDS.search(part) for part in offered)


def index() -> str:
    """The address pip asks, without its last part; empty where it is set to folders of this computer."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    )
    if done.returncode == 0:
        said = done.stdout.strip()
    else:
        from pip._internal.models.index import PyPI  # pip's own default: named in no file of ours

        said = str(PyPI.simple_url)
    said = said.rstrip("/").removesuffix("/simple")
    return said if said.startswith("https://") else ""


def asking(address: str) -> Ask:
    def ask(name: str, version: str) -> Mapping[str, Any] | None:
        try:
            with urllib.request.urlopen(
                f"{address}/pypi/{name}/{version}/json", timeout=PATIENCE_S
            ) as answer:
                said = json.loads(answer.read(MOST_BYTES))
        except (urllib.error.URLError, OSError, ValueError):
            return None
        # An index that leaves the word out knows of none, which is not the same as there being none.
        return said if isinstance(said, dict) and "vulnerabilities" in said else None

    return ask


def main() -> int:
    packages: dict[str, str] = {}
    for lock in LOCKS:
        packages |= pinned((HOME / lock).read_text("utf-8"))
    answers, wrong = read_answers(ANSWERS.read_text("utf-8"), datetime.now(UTC).date())
    bound = [f"LICENCE: {line}" for line in binding(pinned((HOME / LOCKS[0]).read_text("utf-8")))]
    for line in (*wrong, *bound):
        say(line)
    address = index()
    # One first: where nobody answers, sixty need not wait for it.
    first = next(iter(packages.items()))
    if not address or asking(address)(*first) is None:
        say(
            f"Left out: known weaknesses of {len(packages)} packages were NOT looked up, because the index"
            " pip is set to here tells of none. Run make audit where it does."
        )
        return 1 if wrong or bound else 0
    lines, looked_up, open_ones = audit(packages, asking(address), answers)
    for line in lines:
        say(line)
    say(f"Looked up {looked_up} of {len(packages)} packages: {open_ones} findings without an answer.")
    if looked_up < len(packages):
        say(f"Left out: the index told nothing of {len(packages) - looked_up} packages.")
    return 1 if open_ones or wrong or bound else 0


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
