"""Takes a bulk act back: every site that nobody has changed since, every message that has not left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dispatch.errors import ActRefused
from dispatch.records import Millis, OutboxKind
from dispatch.store import many, outbox
from dispatch.store.transaction import Transaction

LEFT = "The messages have already left. Send a correction instead."
CHANGED = "All of these sites were changed since: nothing is left to take back."


@dataclass(frozen=True, slots=True)
class Part:
    """The act at one of its sites, by its line of the log: what was said of it, and what was kept for this
    moment."""

    number: int
    site_id: int
    said: str
    kept: dict[str, Any]

    @property
    def sent(self) -> list[str]:
        return list(self.kept.get("sent", ()))

    @property
    def is_closing(self) -> bool:
        return "closed_at" in self.kept.get("after", {})


def take_back(tx: Transaction, number: int, lines: int, *, wall_now: Millis, correction: str) -> str:
    """Undo the bulk act whose log line has this number; what could not be taken back, in words.

    Messages that have left are not pretended to be unsent: their sites stay as they are; only a closing that
    the city has heard of is corrected in public, as a single one is.
    """
    parts = [
        Part(line, site_id, said, detail["part"])
        for line, site_id, said, detail in many.log_lines(tx.connection, number - lines, number - 1)
    ]
    sent = [outbox_id for part in parts for outbox_id in part.sent]
    stopped: set[str] = set()
    for chunk in many.chunks(sent):
        stopped |= {item.outbox_id for item in outbox.take_back(tx, chunk)}
    late = many.not_stopped(tx.connection, sent, stopped)
    unchanged = _unchanged(tx, parts)
    undone = [part for part in unchanged if part.is_closing or late.keys().isdisjoint(part.sent)]
    changed = len(parts) - len(unchanged)
    if not undone and not stopped:
        raise ActRefused(CHANGED if changed else LEFT)
    _restore(tx, undone)
    corrected = [late[each] for part in undone for each in part.sent if each in late]
    outbox.put(tx, OutboxKind.REOPEN, corrected, correction, due_at=wall_now)
    for part in undone:
        tx.log("undo", f"undone: {part.said}", site_id=part.site_id, detail={"undoes": part.number})
    return _left_over(late=len(late), sent=len(sent), corrected=len(corrected), changed=changed)


def _unchanged(tx: Transaction, parts: list[Part]) -> list[Part]:
    """Those whose site is still as the act left it: what another person did since is theirs."""
    ids = [part.site_id for part in parts]
    rows, holders = many.rows(tx.connection, ids), many.claims(tx.connection, ids)
    mine = (tx.actor.person, tx.actor.seat)
    stands = []
    for part in parts:
        row, holder = rows[part.site_id], holders.get(part.site_id)
        is_claim_so = (holder == mine or not part.kept.get("claim")) and not (
            holder and part.kept.get("let_go")
        )
        after = part.kept.get("after", {})
        if is_claim_so and all(getattr(row, name) == value for name, value in after.items()):
            stands.append(part)
    return stands


def _restore(tx: Transaction, undone: list[Part]) -> None:
    many.change(tx, {part.site_id: part.kept["before"] for part in undone if part.kept.get("before")})
    many.drop_claims(tx, [part.site_id for part in undone if part.kept.get("claim")])
    many.put_claims(tx, [part.site_id for part in undone if part.kept.get("let_go")])
    many.drop_facts(tx, [part.kept["fact"] for part in undone if "fact" in part.kept])
    tx.sites.update(part.site_id for part in undone)


def _left_over(*, late: int, sent: int, corrected: int, changed: int) -> str:
    said = []
    if late and corrected:
        said.append(f"{late} of {sent} messages had already left: a correction goes out.")
    elif late:
        said.append(f"{late} of {sent} messages had already left: only a correction reaches those residents.")
    if changed:
        said.append(f"{changed} {'site was' if changed == 1 else 'sites were'} changed since and stay so.")
    return " ".join(said)
