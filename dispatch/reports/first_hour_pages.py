"""The first-hour list drawn: landscape, a row each, with boxes for "still needed?"."""

from __future__ import annotations

from dispatch.forms.first_hour import NAME, FirstHour
from dispatch.reports.block_pages import Bar, Block, Cell, Cells, Column, Paper, Table
from dispatch.reports.walk_list_pages import SHAPES

COLUMNS = (
    Column("Code", 0.6, is_strong=True),
    Column("Area", 1.1, is_strong=True),
    Column("What, where", 3.2),
    Column("Asked of, what", 2.3),
    Column("Held since", 0.8),
    Column("Still needed?", 1.3, ticks=("yes", "no", "nobody answers")),
    Column("Resource, ETA, by whom", 1.6),
)


def layout(page: FirstHour) -> Paper:
    blocks: list[Block] = [Cells((Cell("Incident:", page.incident), Cell("Made:", page.made_at)), least=30)]
    for words, lines in page.parts:
        blocks.append(Bar(f"{SHAPES.get(words[:2], '')} {words}".strip()))
        rows = tuple((each.code, each.area, each.what, each.asked, each.since) for each in lines)
        if rows:
            blocks.append(Table("", COLUMNS, rows))
    return Paper(
        title=page.title,
        name=NAME,
        is_exercise=page.is_exercise,
        blocks=tuple(blocks),
        foot=(
            "Ask first whether it is still needed; without an answer it stays open. "
            "At the console type the code, then the answer.",
        ),
        is_landscape=True,
    )
