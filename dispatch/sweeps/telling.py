"""Who of a sweep's covered sites is told of it, in which words and language. Reads only: a person sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.bulk.plan import IS_RESTRICTED, Plan, plan
from dispatch.in_force import InForce
from dispatch.records import Actor, Intent, Sweep
from dispatch.site_texts import SiteTexts
from dispatch.store import many, sites
from dispatch.sweeps.covered import covered

TOLD_ALREADY = "Its residents have been told of this sweep."
NO_TEXT = "No text can be filled for it."


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it goes out, and to how many reports."""

    language: str
    text: str
    reports: int


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling the residents would do now. `texts` are what goes out, the most said first; `left` are the
    covered sites that hear nothing, each with why; `people` counts who reads one once."""

    site_ids: tuple[int, ...] = ()
    texts: tuple[Said, ...] = ()
    left: Mapping[int, str] = field(default_factory=dict)
    people: int = 0

    @property
    def messages(self) -> int:
        return sum(each.reports for each in self.texts)


@dataclass(frozen=True, slots=True)
class Sending:
    """By site what the bulk rules let out, and by report the text it gets."""

    made: Plan
    text_of: Mapping[int, tuple[str, str]]  # (language, text)
    left: Mapping[int, str]

    def only(self, site_ids: Iterable[int]) -> Sending:
        """Of these sites alone: what a person has seen before they said yes."""
        seen = set(site_ids)
        rows = {site_id: row for site_id, row in self.made.rows.items() if site_id in seen}
        return replace(self, made=replace(self.made, rows=rows))

    def telling(self) -> Telling:
        counted = Counter(
            self.text_of[key] for site_id in self.made.rows for key, _ in self.made.words[site_id].sends
        )
        texts = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        return Telling(
            tuple(self.made.rows),
            tuple(Said(language, text, count) for (language, text), count in texts),
            {**self.left, **self.made.left},
            self.made.effect().people,
        )


def sending(
    connection: Connection,
    sweep: Sweep,
    *,
    actor: Actor,
    in_force: InForce,
    texts: SiteTexts,
) -> Sending:
    """Each report's own text, in its language; under every rule of a bulk message (S5, S8, S9)."""
    found = covered(connection, actor.activation_id, sweep, table=in_force.judge.rules.table)
    left = dict.fromkeys(found.quiet, IS_RESTRICTED)
    left |= dict.fromkeys(found.told, TOLD_ALREADY)
    ids = [each for each in found.sites if each not in left]
    ground = replace(texts.ground(connection, actor.activation_id, ids), swept=frozenset(ids))
    rows = many.rows(connection, ids)
    text_of: dict[int, tuple[str, str]] = {}
    for site_id, members in sites.members(connection, ids).items():
        for member in members:
            said = ground.words(Intent.SWEEP, rows[site_id], member, reports=len(members), is_approved=False)
            if said.no:
                left[site_id] = NO_TEXT
                continue
            text_of[member[0]] = said.language, said.text
    going = [each for each in ids if each not in left]
    words = "\n".join(sorted({text for _, text in text_of.values()}))
    order = BulkOrder(BulkKind.MESSAGE, text=words)
    made = plan(connection, going, order, actor=actor, in_force=in_force, texts=texts)
    return Sending(made, text_of, left)
