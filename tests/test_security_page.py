"""The page about threats names files and tests: each is there."""

from __future__ import annotations

import re
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
PAGE = HOME / "resources" / "manual" / "security.md"
_NAMED = re.compile(r"`((?:dispatch|ui|tests|packaging|resources)/[\w./-]+|requirements\.lock)`")


def test_every_file_the_page_names_is_there() -> None:
    named = set(_NAMED.findall(PAGE.read_text("utf-8")))

    assert len(named) > 30 and [name for name in sorted(named) if not (HOME / name).exists()] == []


def test_the_readme_points_at_it() -> None:
    assert "`resources/manual/security.md`" in (HOME / "README.md").read_text("utf-8")
