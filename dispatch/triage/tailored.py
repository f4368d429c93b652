"""The city's rules with what a storm's profile changes, and a print of the files that all rules come from."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from dispatch.resources import resource
from dispatch.triage.categories import CategoryTable
from dispatch.triage.profile import CategoryChange, CategoryChanges, StormProfile
from dispatch.triage.rules import Rules

_NO_CHANGE = CategoryChange()


def tailored(rules: Rules, changes: CategoryChanges) -> Rules:
    """Categories that the table does not have are passed over: a profile may be older than the table."""
    table = CategoryTable(changes.get(each.key, _NO_CHANGE).applied_to(each) for each in rules.table)
    return replace(rules, table=table, profile=StormProfile.of(table, is_on=rules.profile.is_on))


def files_print(jurisdiction: str) -> str:
    """Changes with every list, weight and table that triage reads: what others scored is scored anew."""
    digest = hashlib.blake2b(digest_size=8)
    for path in _files(jurisdiction):
        digest.update(f"{path.name} ".encode() + path.read_bytes())
    return digest.hexdigest()


def _files(jurisdiction: str) -> list[Path]:
    lists = resource("triage")
    found = [*lists.glob("*.toml"), *lists.glob("*.csv"), *lists.glob("*.json")]
    return [*sorted(found), resource("jurisdictions", jurisdiction, "categories.csv")]
