"""The rules of the product, read once: triage is tested on the very lists a city works with."""

from __future__ import annotations

import pytest

from dispatch.triage.rules import Rules, load_rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules("st-petersburg")
