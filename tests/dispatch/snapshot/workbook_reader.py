"""Reads a workbook back from its parts: what stands in each cell, of which type, with which number format."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from lxml import etree

_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Read:
    """`value` is text for words, a float for numbers."""

    value: str | float
    shape: str
    is_guarded: bool


class Workbook:
    def __init__(self, path: Path) -> None:
        with ZipFile(path) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        book = self._tree("xl/workbook.xml")
        self.names = [str(each.get("name")) for each in book.iterfind(".//m:sheet", _NS)]
        self.named = {str(each.get("name")): each.text for each in book.iterfind(".//m:definedName", _NS)}
        styles = self._tree("xl/styles.xml")
        shapes = {
            str(s.get("numFmtId")): str(s.get("formatCode")) for s in styles.iterfind(".//m:numFmt", _NS)
        }
        self._shapes = [
            (shapes.get(str(each.get("numFmtId")), str(each.get("numFmtId"))), each.get("quotePrefix") == "1")
            for each in styles.iterfind("m:cellXfs/m:xf", _NS)
        ]

    def tree(self, sheet: str) -> etree._Element:
        return self._tree(f"xl/worksheets/sheet{self.names.index(sheet) + 1}.xml")

    def cells(self, sheet: str) -> dict[str, Read]:
        return {str(c.get("r")): self._read(c) for c in self.tree(sheet).iterfind(".//m:c", _NS)}

    def column(self, sheet: str, heading: str, *, head: int = 2) -> list[Read]:
        """What stands below the heading, from the top, empty cells left out."""
        cells = self.cells(sheet)
        letters = next(
            at.removesuffix(str(head))
            for at, c in cells.items()
            if c.value == heading and at.endswith(str(head))
        )
        found = ((at.removeprefix(letters), cell) for at, cell in cells.items())
        return [cell for at, cell in found if at.isdigit() and int(at) > head]

    def _tree(self, part: str) -> etree._Element:
        return etree.fromstring(self.parts[part], etree.XMLParser(resolve_entities=False, huge_tree=True))

    def _read(self, cell: etree._Element) -> Read:
        shape, is_guarded = self._shapes[int(cell.get("s") or 0)]
        assert cell.find("m:f", _NS) is None, "a formula"
        if cell.get("t") == "inlineStr":
            words = "".join(str(t.text or "") for t in cell.iterfind(".//m:t", _NS))
            return Read(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), words), shape, is_guarded)
        return Read(float(str(cell.findtext("m:v", None, _NS))), shape, is_guarded)
