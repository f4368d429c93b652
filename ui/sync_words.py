"""What the status line and its panel say of the 311 server: always true, also when nothing syncs any more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from ui.widgets import times

if TYPE_CHECKING:
    from dispatch.records import SyncStatus

MARKED_S = 120.0  # data older than this is marked (U6)
STALE_S = 600.0


def sync_words(status: SyncStatus | None, wall_now_s: float) -> tuple[str, str]:
    """The sentence and its tone, a palette field."""
    if status is None:
        return _tr("Not yet connected to the 311 server"), "text_dim"
    if status.state == "elsewhere":
        return _tr("Another process asks the 311 server; its work is followed here"), "text_dim"
    age_s = None if status.in_step_at is None else max(0.0, wall_now_s - status.in_step_at)
    if status.state == "in_step" and age_s is not None:
        text = _tr("In step with the 311 server, {} ago").format(_age(age_s))
        tone = "text_dim" if age_s < MARKED_S else "warn" if age_s < STALE_S else "alarm"
    elif is_fetching(status):
        text, tone = _fetching(status, wall_now_s), "text_dim"
        if age_s is not None and age_s >= MARKED_S:
            text, tone = text + " · " + _tr("in step {} ago").format(_age(age_s)), "warn"
    else:
        text, tone = _trouble(status, age_s, wall_now_s)
    return " · ".join([text, *_counts(status)]), tone


def short_sync_words(status: SyncStatus | None, wall_now_s: float) -> str:
    """The same where there is little room: how old the data is, and what has not left."""
    if status is None:
        return _tr("Not yet in step")
    if status.state == "elsewhere":
        return _tr("Asked by another process")
    if is_fetching(status):
        return " · ".join([_how_many(status), *_time_left(status, wall_now_s), *_counts(status)])
    if status.in_step_at is None:
        text = _tr("Not yet in step")
    else:
        age = _age(wall_now_s - status.in_step_at)
        text = (_tr("In step {} ago") if status.state == "in_step" else _tr("Out of step {}")).format(age)
    return " · ".join([text, *_counts(status)])


def is_fetching(status: SyncStatus) -> bool:
    """Older reports are coming in, or would be if nobody had paused them."""
    return status.state == "behind" and has_backlog(status)


def is_at_full_speed(status: SyncStatus) -> bool:
    """Older reports come in as fast as this machine can take them: nobody agreed on fewer calls."""
    return is_fetching(status) and status.page_every_s == 0 and not status.is_paused


def has_backlog(status: SyncStatus) -> bool:
    """Older reports are still to come, whatever stands in the way now."""
    return status.page_every_s is not None or status.is_paused


def live_words(status: SyncStatus, wall_now_s: float) -> tuple[str, str]:
    """How old what is new is, while older reports are still on their way."""
    if status.in_step_at is None:
        return _tr("New reports first, then older ones"), "text"
    age_s = wall_now_s - status.in_step_at
    return _tr("New reports: in step {} ago").format(_age(age_s)), "text" if age_s < MARKED_S else "warn"


def progress_words(status: SyncStatus, wall_now_s: float) -> str:
    """How far a first sync has come, how fast it goes, what is left: only what can be known."""
    parts = [_how_many(status)]
    if status.rows_per_minute:
        parts.append(_tr("{} a minute").format(QLocale().toString(status.rows_per_minute)))
    return " · ".join([*parts, *_time_left(status, wall_now_s)])


def share(status: SyncStatus) -> float | None:
    """How much of the whole has come, from 0 to 1; None where the server does not say how much there is."""
    return min(1.0, status.requests / status.expected) if status.expected else None


def calendar(status: SyncStatus, wall_now_s: float) -> list[tuple[str, str]]:
    """What comes next, a subject and its time each, in plain words."""
    held_s = (status.held_until or 0) - wall_now_s
    said = []
    if held_s > 0:
        said.append((_tr("The server"), _tr("takes no calls for {} more").format(_age(held_s))))
    if status.next_look_at is not None:
        said.append((_tr("Next look for changes"), _when(max(status.next_look_at - wall_now_s, held_s))))
    if status.to_send:
        said.append((_tr("To send"), _sending(status, wall_now_s)))
    if status.held_back:
        said.append((_tr("Held back"), _tr("{}, until you decide").format(status.held_back)))
    if status.is_paused:
        said.append((_tr("Older reports"), _tr("paused")))
    elif status.page_every_s is not None:
        said.append((_tr("Older reports"), _pages(status.page_every_s)))
    if status.to_read:
        said.append((_tr("Threads to read"), _tr("{}, of P1 and P2 first").format(status.to_read)))
    return said


def limit_words(status: SyncStatus) -> str:
    if not status.calls_per_minute:
        return _tr("No limit of calls is agreed with this server.")
    words = _tr(
        "At most {} calls a minute, all seats together. What you send goes first, then new reports, "
        "then older ones."
    )
    return words.format(status.calls_per_minute)


def _fetching(status: SyncStatus, wall_now_s: float) -> str:
    words = _tr("Fetching is paused: {}") if status.is_paused else _tr("Fetching: {}")
    return " · ".join([words.format(_how_many(status)), *_time_left(status, wall_now_s)])


def _how_many(status: SyncStatus) -> str:
    come = QLocale().toString(status.requests)
    if status.expected is None:
        return _tr("{} so far").format(come)
    return _tr("{come} of {expected}").format(come=come, expected=QLocale().toString(status.expected))


def _time_left(status: SyncStatus, wall_now_s: float) -> list[str]:
    if status.done_at is None:
        return []
    minutes = math.ceil((status.done_at - wall_now_s) / 60)
    if minutes <= 1:
        return [_tr("about a minute left")]
    return [_tr("about {} left").format(_age(minutes * 60))]


def _sending(status: SyncStatus, wall_now_s: float) -> str:
    if status.next_send_at is None:
        return str(status.to_send)
    words = _tr("{count}, {when}") if status.to_send == 1 else _tr("{count}, the first {when}")
    return words.format(count=status.to_send, when=_when(status.next_send_at - wall_now_s))


def _pages(every_s: float) -> str:
    if every_s < 1:
        return _tr("page after page, as fast as they come")
    return _tr("a page every {}").format(_age(every_s))


def _when(seconds: float) -> str:
    return _tr("in {}").format(_age(seconds)) if seconds >= 1 else _tr("now")


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
