"""Everything that a board holds, in a shape in which two boards can be compared."""

from __future__ import annotations

from typing import Any

from dispatch.board import Board

COLUMNS = (
    "lat", "lng", "x", "y", "band", "score", "waiting", "first_at", "last_at", "acted_at", "reports", "state",
    "flags", "snoozed_until", "on_top",
)  # fmt: skip


def held_by(board: Board) -> dict[int, list[Any]]:
    """By site. Where a number is not known two boards must agree, too."""
    held: dict[int, list[Any]] = {}
    for row, site_id in enumerate(board.site_id.tolist()):
        assert board.row(site_id) == row
        values: list[Any] = [repr(getattr(board, name)[row].item()) for name in COLUMNS]
        hood, why = int(board.hood[row]), int(board.why[row])
        values += [board.categories[int(board.category[row])], board.hoods[hood] if hood >= 0 else ""]
        values += [board.whys[why] if why >= 0 else ""]
        values += [board.what[row], board.where[row], board.state_reason[row]]
        values += [board.claims.get(site_id), board.hand_overs.get(site_id)]
        values.append(sorted(board.report_at[board.report_row == row].tolist()))
        held[site_id] = values
    return held
