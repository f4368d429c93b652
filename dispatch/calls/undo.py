"""Takes a list of calls back that was brought in by mistake: what nobody has sent or touched yet."""

from __future__ import annotations

from typing import Any

from dispatch.errors import ActRefused
from dispatch.records import SITE_STATES, CloseReason, Flag, SiteState
from dispatch.store import callers, many, outbox
from dispatch.store.transaction import Transaction

NEW, CLOSED = SITE_STATES.index(SiteState.NEW), SITE_STATES.index(SiteState.CLOSED)
LEFT = "All of them are on their way to the server: close them one by one, or with T."
NOTE = "Pasted by mistake and taken back"


def take_back(tx: Transaction, paste_id: str) -> str:
    """Close what was pasted and has not left; what stays, in words. The reports themselves are kept, closed:
    nothing that was once seen is dropped."""
    keys = callers.pasted(tx.connection, paste_id)
    rows, held = many.rows(tx.connection, keys), many.claims(tx.connection, keys)
    untouched = [key for key in keys if _is_untouched(rows.get(key)) and key not in held]
    sent = outbox.new_requests(tx.connection, untouched)
    stopped: set[int] = set()
    for chunk in many.chunks(sent):
        stopped |= {item.request_key for item in outbox.take_back(tx, chunk)}
    if not stopped:
        raise ActRefused(LEFT)
    closed: dict[str, Any] = {
        "state": CLOSED,
        "state_reason": CloseReason.NO_LONGER_NEEDED.value,
        "state_note": NOTE,
        "closed_at": tx.now,
        "acted_at": tx.now,
    }
    many.change(tx, dict.fromkeys(stopped, closed))
    for key in sorted(stopped):
        tx.log("undo", "undone: call pasted", site_id=key, detail={"part": {"after": {"state": CLOSED}}})
    stays = len(keys) - len(stopped)
    return f"{stays} of {len(keys)} stay: they have left, or somebody has acted on them." if stays else ""


def _is_untouched(row: Any) -> bool:
    return row is not None and row.state == NEW and not row.acted_at and not row.own_flags & Flag.MERGED
