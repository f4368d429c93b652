"""What the status line says of the 311 server: always true, also when the syncing itself has stopped."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from dispatch.records import SyncStatus
from ui.widgets import times

MARKED_S = 120.0  # data older than this is marked (U6)
STALE_S = 600.0


def sync_words(status: SyncStatus | None, wall_now_s: float) -> tuple[str, str]:
    """The sentence and its tone, a palette field."""
    if status is None:
        return _tr("Not yet connected to the 311 server"), "text_dim"
    age_s = None if status.in_step_at is None else max(0.0, wall_now_s - status.in_step_at)
    if status.state == "in_step" and age_s is not None:
        text = _tr("In step with the 311 server, {} ago").format(_age(age_s))
        tone = "text_dim" if age_s < MARKED_S else "warn" if age_s < STALE_S else "alarm"
    else:
        text, tone = _trouble(status, age_s, wall_now_s)
    return " · ".join([text, *_counts(status)]), tone


def short_sync_words(status: SyncStatus | None, wall_now_s: float) -> str:
    """The same where there is little room: how old the data is, and what has not left."""
    if status is None:
        return _tr("Not yet in step")
    if status.in_step_at is None:
        text = _tr("Not yet in step")
    else:
        age = _age(wall_now_s - status.in_step_at)
        text = (_tr("In step {} ago") if status.state == "in_step" else _tr("Out of step {}")).format(age)
    return " · ".join([text, *_counts(status)])


def _trouble(status: SyncStatus, age_s: float | None, wall_now_s: float) -> tuple[str, str]:
    text = status.sentence.rstrip(".") or _tr("The 311 server is not being asked")
    if status.next_try_at is not None:
        wait_s = status.next_try_at - wall_now_s
        text += " · " + (_tr("next try in {}").format(_age(wait_s)) if wait_s > 0 else _tr("trying now"))
    if age_s is not None:
        text += " · " + _tr("in step {} ago").format(_age(age_s))
    if status.state in ("starting", "behind"):
        return text, "text_dim"
    is_grave = status.state in ("refused", "stopped") or age_s is None or age_s >= MARKED_S
    return text, "alarm" if is_grave else "warn"


def _counts(status: SyncStatus) -> list[str]:
    said = []
    if status.to_send:
        said.append(_tr("{} to send").format(status.to_send))
    if status.held_back:
        said.append(_tr("{} held back").format(status.held_back))
    if status.quarantined:
        said.append(_tr("{} in quarantine").format(status.quarantined))
    return said


def _age(seconds: float) -> str:
    return times.age(int(max(0.0, seconds) * 1000))


def _tr(text: str) -> str:
    return QCoreApplication.translate("sync", text)
