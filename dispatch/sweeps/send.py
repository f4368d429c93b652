"""Sends what a sweep tells, within a transaction: a line for each site, in the form that one undo takes."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from dispatch.bulk.desk import NEW, TRIAGED
from dispatch.records import Millis, OutboxKind, Sweep
from dispatch.store import many, outbox, sweeps
from dispatch.store.transaction import Transaction
from dispatch.sweeps.telling import Sending


def send(tx: Transaction, sweep: Sweep, found: Sending, *, due_at: Millis) -> None:
    """`due_at` is wall time: until then all of it can be taken back unsent (S8)."""
    ids = list(found.made.rows)
    kept: dict[int, dict[str, Any]] = {site_id: {} for site_id in ids}
    _act(tx, found, kept)
    for site_id, fact_id in many.add_facts(tx, ids, sweeps.TOLD, sweep.sweep_id).items():
        kept[site_id]["fact"] = fact_id
    by_text: dict[tuple[OutboxKind, str], list[tuple[int, int]]] = defaultdict(list)
    for site_id in ids:
        for key, kind in found.made.words[site_id].sends:
            by_text[kind, found.text_of[key][1]].append((site_id, key))
    for (kind, text), pairs in by_text.items():
        sent = outbox.put(tx, kind, [key for _, key in pairs], text, due_at=due_at)
        for (site_id, _), outbox_id in zip(pairs, sent, strict=True):
            kept[site_id].setdefault("sent", []).append(outbox_id)
    said = f"told of {sweep.label}"
    for site_id in ids:
        tx.log("message", said, site_id=site_id, detail={"part": kept[site_id]})
    # The lines of the sites stand right before this one: it is what undo finds.
    at = f"{len(ids)} {'site' if len(ids) == 1 else 'sites'}"
    tx.log("bulk", f"{said}, {at}", detail={"undo": {"lines": len(ids)}})
    tx.others.add(sweeps.OTHERS)


def _act(tx: Transaction, found: Sending, kept: dict[int, dict[str, Any]]) -> None:
    """They count as looked at, as after a message to each; a P1 is not among them (S5)."""
    changed: dict[int, dict[str, Any]] = {}
    for site_id, row in found.made.rows.items():
        values: dict[str, Any] = {} if row.acted_at else {"acted_at": tx.now}
        if row.state == NEW:
            values["state"] = TRIAGED
        kept[site_id]["before"] = {name: getattr(row, name) for name in values}
        kept[site_id]["after"] = values
        changed[site_id] = values
    many.change(tx, changed)
    many.touch_claims(tx, found.made.rows)
