"""A page that only shows that paper works: nothing on it can be taken for a hand-over."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.reports.block_pages import Bar, Cell, Cells, Paper

NOT_REAL = "TEST: NOT A HAND-OVER, NOTHING HAS TO BE DONE"


@dataclass(frozen=True, slots=True)
class Trial:
    is_exercise: bool
    made_at: str
    says: str


def layout(page: Trial) -> Paper:
    return Paper(
        title="TEST PAGE",
        name="Landfall",
        is_exercise=page.is_exercise,
        blocks=(
            Bar(NOT_REAL),
            Cells((Cell("Made:", page.made_at), Cell("What for:", page.says, share=3.0))),
            Bar(NOT_REAL),
        ),
    )
