"""The records and their parts."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from dispatch import records

PARTS = sorted(Path(records.__file__).parent.glob("[a-z]*.py"))


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.stem)
def test_each_name_of_a_part_is_one_of_the_records(part: Path) -> None:
    tree = ast.parse(part.read_text("utf-8"))
    names = [name for node in tree.body for name in _names(node) if not name.startswith("_")]

    assert names
    assert {name: records._PART_OF.get(name) for name in names} == dict.fromkeys(names, part.stem)
    assert all(hasattr(records, name) for name in names)


def test_a_name_that_is_no_record_is_said_to_be_none() -> None:
    with pytest.raises(ImportError):
        from dispatch.records import Ticket  # noqa: F401


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []
