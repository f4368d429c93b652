"""Steps of the storm plan as rows: added and never changed. What is taken back is a row of its own."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from dispatch.records import Millis, PlanStep
from dispatch.store.schema import activation, plan_step
from dispatch.store.transaction import Transaction

OTHERS = "plan"
BACK = "_back"  # an act's own taking back: `done_back`, so that who may do the one may take back no other


def add(
    tx: Transaction,
    act: str,
    *,
    key: str = "",
    at: Millis = 0,
    note: str = "",
    advisory: str = "",
    hours: int = 0,
    owner: str = "",
    takes_back: str = "",
) -> str:
    """The id of the new step."""
    step_id = str(uuid4())
    activation_id = tx.actor.activation_id
    last = tx.connection.execute(
        select(func.max(plan_step.c.number)).where(plan_step.c.activation_id == activation_id)
    ).scalar()
    row = {
        "step_id": step_id,
        "activation_id": activation_id,
        "number": (last or 0) + 1,
        "act": act,
        "item_key": key,
        "at": at,
        "note": note,
        "advisory": advisory,
        "hours": hours,
        "owner": owner,
        "takes_back": takes_back,
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "recorded_at": tx.now,
    }
    tx.connection.execute(insert(plan_step), row)
    tx.others.add(OTHERS)
    return step_id


def take_back(tx: Transaction, step_id: str) -> None:
    """What stood before it stands again."""
    row = tx.connection.execute(select(plan_step).where(plan_step.c.step_id == step_id)).one()
    add(tx, f"{row.act}{BACK}", key=row.item_key, takes_back=step_id)


def steps(connection: Connection, activation_id: str) -> tuple[PlanStep, ...]:
    """Those that hold, in their order."""
    rows = connection.execute(
        select(plan_step)
        .where(plan_step.c.activation_id == activation_id)
        .order_by(plan_step.c.number, plan_step.c.step_id)
    ).all()
    gone = {(row.takes_back, row.act) for row in rows if row.takes_back}
    return tuple(
        PlanStep(
            step_id=row.step_id,
            act=row.act,
            key=row.item_key,
            at=row.at,
            note=row.note,
            person=row.person,
            position=row.position,
            recorded_at=row.recorded_at,
            advisory=row.advisory,
            hours=row.hours,
            owner=row.owner,
        )
        for row in rows
        if not row.takes_back and (row.step_id, f"{row.act}{BACK}") not in gone
    )


def opened_at(connection: Connection, activation_id: str) -> Millis:
    """When the activation began; 0 where there is none."""
    found = connection.execute(
        select(activation.c.started_at).where(activation.c.activation_id == activation_id)
    ).scalar()
    return int(found or 0)
