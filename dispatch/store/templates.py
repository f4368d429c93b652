"""The city's own versions of its texts to residents: rows are added and never changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select

from dispatch.records import Intent, Template
from dispatch.store.schema import template
from dispatch.store.transaction import Transaction

OTHERS = "template"


def newest(connection: Connection) -> tuple[Template, ...]:
    """The last version of each; an empty text says that what came with the program stands again."""
    rows = connection.execute(select(template).order_by(template.c.template_id, template.c.version))
    last = {row.template_id: _template(row) for row in rows}
    return tuple(last.values())


def versions(connection: Connection, template_id: str) -> tuple[Template, ...]:
    """The newest first."""
    own = template.c.template_id == template_id
    rows = connection.execute(select(template).where(own).order_by(template.c.version.desc()))
    return tuple(_template(row) for row in rows)


def add(tx: Transaction, said: Template, *, is_approved: bool = False) -> Template:
    """The next version, by who sits here. An equal number of another seat is refused by the key."""
    kept = replace(
        said,
        version=said.version + 1,
        approved_by=tx.actor.person if is_approved else "",
        approved_at=tx.now if is_approved else 0,
    )
    tx.connection.execute(
        insert(template),
        {
            "template_id": kept.template_id,
            "version": kept.version,
            "intent": kept.intent.value,
            "language": kept.language,
            "variant": kept.variant,
            "text": kept.text,
            "categories": orjson.dumps(sorted(kept.categories)).decode(),
            "bands": orjson.dumps(sorted(kept.bands)).decode(),
            "approved_by": kept.approved_by,
            "approved_at": kept.approved_at,
            "person": tx.actor.person,
            "position": tx.actor.position,
            "seat": tx.actor.seat,
            "at": tx.now,
        },
    )
    tx.others.add(OTHERS)
    return kept


def _template(row: Row[Any]) -> Template:
    return Template(
        template_id=row.template_id,
        intent=Intent(row.intent),
        language=row.language,
        text=row.text,
        categories=frozenset(orjson.loads(row.categories or "[]")),
        bands=frozenset(orjson.loads(row.bands or "[]")),
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        variant=row.variant,
        version=row.version,
        edited_by=row.person,
        edited_at=row.at,
    )
