"""A small snapshot of Irma's first night, and fifty texts that are no friends of other programs."""

from __future__ import annotations

from dataclasses import replace

from dispatch.snapshot.columns import (
    AREA_COLUMNS,
    HAND_OVER_COLUMNS,
    LEFT_OUT_COLUMNS,
    REPORT_COLUMNS,
    SITE_COLUMNS,
)
from dispatch.snapshot.records import Cell, Column, Head, Line, Number, Rows, Snapshot, Spread, Table

NIGHT = 1_505_080_800_000  # 2017-09-10 22:00 UTC, 18:00 in New York
HOUR = 3_600_000

HOSTILE: tuple[str, ...] = (
    "=1+1",
    '=HYPERLINK("http://example.org";"here")',
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "+1 727 555 0100",
    "-1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "{=1+1}",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "  spaces around  ",
    "line\r\nnext\nlast",
    "a\rb",
    "00123",
    "1e5",
    "2017-09-10",
    "TRUE",
    "#REF!",
    "http://example.org/?a=1&b=2",
    "mailto:a@example.org",
    "internal:Sites!A1",
    "file:///etc/passwd",
    "<b>bold</b>",
    "<r><t>rich</t></r>",
    "<r></t></is></c><c><f>1+1</f></c></r>",
    "]]><!-- -->&amp;&lt;&#0;",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "\"quotes\" 'and' `ticks`",
    "'; DROP TABLE sites; --",
    "_x0041_ _x000D_ _x005F_",
    "nul\0within",
    "bell\x07 escape\x1b[31m delete\x7f",
    "c1 \x85 \x9b31m",
    "left \u202a+1 727 555 0100\u202c",
    "turned \u202egnp.exe",
    "isolate \u2067abc\u2069",
    "עזרה \u200f123",
    "مساعدة \u200e5",
    "half \ud83d alone",
    "\udc00 other half",
    "not characters \ufffe \uffff",
    "emoji 🌀👩🏽‍🚒🏚️",
    "Ñandú, François, Việt Nam, Łódź",
    "combining e\u0301 a\u0308",
    "zero\u200bwidth\ufeff",
    "水浸しです",
    "long " + "0123456789" * 1_000,
)


def snapshot(texts: tuple[str, ...] = ("Tree across the lane",), *, is_exercise: bool = False) -> Snapshot:
    """A site with a place and an address for each of the texts, and one site without a place."""
    sites = [_site(f"44{n}", text, (27.77 + n / 1e4, -82.64)) for n, text in enumerate(texts)]
    sites.append(_site("99", "", None, restricted="yes", band="P1"))
    report = {"report": "440", "site": "440", "entered_at": NIGHT, "status": "open", "band": "P2"}
    report |= {"address": texts[0], "late": "no", "latitude": 27.771234, "longitude": -82.64}
    hand_over = {"hand_over": "EOC-0041", "site": "99", "band": "P1", "handed_over_at": NIGHT + 90_500}
    everything = Number("sites", "Sites", len(sites), "sites", (), "Places after merging.")
    p1 = Number(
        "p1", "P1 open", 1, "sites", (("band", ("P1",)), ("open", ("yes",))), "Life safety.", texts[0]
    )
    line = Line(
        "P1",
        (replace(everything, key="p1.n", value=1, where=(("band", ("P1",)),)),),
        worst="P1",
        per_1000=2.8,
    )
    return Snapshot(
        version="0f3a",
        head=Head(
            city="St. Petersburg",
            county="Pinellas",
            state="Florida",
            storm="Irma",
            is_exercise=is_exercise,
            from_at=NIGHT,
            to_at=NIGHT + 24 * HOUR,
            zone="America/New_York",
            as_of=NIGHT + 12 * HOUR,
            filter=texts[-1],
            contact="727-555-0100",
        ),
        now=(p1,),
        numbers=(everything,),
        spreads=(Spread("taken", "Accepted after", 90, 5_400, 7, "From handing over to accepting."),),
        tables=(
            Table("bands", "Bands", ("Band", "Sites", "Per 1,000", "Worst"), (line,), "Each site once."),
        ),
        remarks=("Two reports came late.", *texts),
        sites=_rows("sites", SITE_COLUMNS, sites),
        reports=_rows("reports", REPORT_COLUMNS, [report]),
        hand_overs=_rows("hand_overs", HAND_OVER_COLUMNS, [hand_over]),
        left_out=_rows(
            "left_out", LEFT_OUT_COLUMNS, [{"report": "441", "entered_at": NIGHT, "why": texts[0]}]
        ),
        areas=_rows("areas", AREA_COLUMNS, [_area(text) for text in texts]),
    )


def _site(number: str, address: str, place: tuple[float, float] | None, **more: Cell) -> dict[str, Cell]:
    latitude, longitude = place or (None, None)
    return {
        "site": number,
        "band": "P2",
        "open": "yes",
        "reports": 2,
        "first_entered_at": NIGHT + 1_250,
        "address": address,
        "latitude": latitude,
        "longitude": longitude,
        "restricted": "no",
        **more,
    }


def _area(name: str) -> dict[str, Cell]:
    return {
        "neighborhood": name,
        "people": 9_214,
        "reports": 4,
        "one_by_one": 3,
        "per_1000": 0.3,
        "expected": 17.5,
        "quiet": "yes",
        "how_sure": "under by 60 to 95 %",
        "outreach_began_at": NIGHT + HOUR,
    }


def _rows(name: str, columns: tuple[Column, ...], rows: list[dict[str, Cell]]) -> Rows:
    values = tuple(tuple(row.get(column.name) for column in columns) for row in rows)
    return Rows(name, columns, values)
