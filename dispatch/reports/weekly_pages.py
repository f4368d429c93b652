"""The weekly page drawn: one sheet, the week beside those before it, then by department."""

from __future__ import annotations

from dispatch.forms.weekly import NAME, PROMISE, SHARES, Weekly
from dispatch.reports.block_pages import Bar, Block, Cell, Cells, Column, Paper, Table


def layout(page: Weekly) -> Paper:
    weeks = tuple(
        Column(head, 1.35, is_strong=at == len(page.weeks) - 1) for at, head in enumerate(page.weeks)
    )
    shares = tuple(Column(words, 1.5) for _, words in SHARES)
    blocks: tuple[Block, ...] = (
        Cells((Cell("City", page.city), Cell("Incident", page.incident, 1.3), Cell("Week", page.week, 1.1))),
        Bar("The week beside those before it"),
        Table("", (Column("", 1.5, is_strong=True), *weeks), page.measures),
        Bar(page.by),
        Table("", (Column("", 1.7, is_strong=True), Column("Reports", 0.6), *shares), page.departments),
        Bar("Who told us"),
        Table("", (Column("", 1.5, is_strong=True), *weeks), page.told_by),
        Cells((Cell("How it is counted", page.definitions),), least=30, grows=True),
    )
    foot = (f"Made {page.made_at}. Promise kept: {PROMISE}.", page.left_out)
    return Paper(
        title=page.title,
        name=NAME,
        is_exercise=page.is_exercise,
        blocks=blocks,
        foot=tuple(filter(None, foot)),
        is_landscape=False,
    )
