"""What of a form may be edited, and the form as it is kept: boxes by name, rows of tables as tuples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Box:
    """One editable box. `columns` are the heads of a table's; empty for a text. `is_long` may have lines;
    `choices` are what the paper has boxes for."""

    name: str
    label: str
    is_long: bool = False
    columns: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


class Form(Protocol):
    """A record of texts and of tuples of rows; `BOXES` are those that a person may change."""

    BOXES: ClassVar[tuple[Box, ...]]
    __dataclass_fields__: ClassVar[dict[str, Any]]


F = TypeVar("F", bound=Form)


def edited(form: F, typed: Mapping[str, Any]) -> F:
    """The form with what somebody typed; names that are no boxes of it are left alone."""
    values: dict[str, Any] = {}
    for box in form.BOXES:
        if box.name in typed:
            value = typed[box.name]
            values[box.name] = _rows(value, len(box.columns)) if box.columns else _text(value)
    return replace(form, **values)


def differing(one: Form, other: Form) -> list[str]:
    """The names of the boxes that do not say the same."""
    return [box.name for box in one.BOXES if getattr(one, box.name) != getattr(other, box.name)]


def body(form: Form) -> dict[str, Any]:
    """As it is kept: texts, marks and lists."""
    return {each.name: getattr(form, each.name) for each in fields(form)}


def of_body(kind: type[F], kept: Mapping[str, Any]) -> F:
    """The record again; what a newer version has that this one does not know is left out."""
    values = {}
    for each in fields(kind):
        if each.name in kept:
            value = kept[each.name]
            if isinstance(value, list | tuple):
                value = tuple(tuple(row) if isinstance(row, list | tuple) else row for row in value)
            values[each.name] = value
    return kind(**values)


def as_lines(rows: tuple[tuple[str, ...], ...]) -> str:
    """Rows as text to edit: one a line, its columns parted by bars."""
    return "\n".join(" | ".join(" ".join(cell.split()) for cell in row).rstrip(" |") for row in rows)


def of_lines(text: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Such text as rows again: what is missing stays empty, a bar too many belongs to the last column."""
    return _rows([line.split("|", columns - 1) for line in text.splitlines() if line.strip(" |")], columns)


def _rows(rows: Any, columns: int) -> tuple[tuple[str, ...], ...]:
    whole = (tuple(_text(cell).strip() for cell in row) for row in rows)
    return tuple((*row, *("",) * (columns - len(row))) for row in whole if any(row))


def _text(value: Any) -> str:
    """Halves of a sign, which no file could hold, become the sign for what is unknown."""
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
