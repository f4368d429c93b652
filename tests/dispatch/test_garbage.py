"""The collector of a process that takes pages in: seldom, but it still finds what holds itself."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from dispatch.garbage import YOUNG, without_collecting
from tests.city import ROOT

# In a process of its own: what is frozen here would stay so for every other test.
SAID = """
import gc, weakref
from dispatch.garbage import collect_seldom

class Page:
    pass

collect_seldom()
kept, rounds = gc.get_freeze_count(), gc.get_stats()[0]["collections"]
rows = [[] for _ in range({few})]
early = gc.get_stats()[0]["collections"] - rounds
page = Page()
page.itself, seen = page, weakref.ref(page)
del page
rows += [[] for _ in range({many})]
print(kept > 0, early, seen() is None)
"""


def test_pages_are_let_go_of_without_the_collector_and_cycles_are_found_all_the_same() -> None:
    code = SAID.format(few=10 * gc.get_threshold()[0], many=2 * YOUNG)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "0", "True"]


@pytest.mark.parametrize("before", [True, False])
def test_for_a_moment_nothing_is_collected_and_then_it_is_as_it_was(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    try:
        with without_collecting():
            assert not gc.isenabled()
        assert gc.isenabled() is before
    finally:
        gc.disable()
