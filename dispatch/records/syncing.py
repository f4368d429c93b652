"""How the syncing with the server is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the status line says of the 311 server; ages by wall time, in seconds.

    `state` is starting, in_step, behind, waiting, refused, stopped, or elsewhere when another process syncs;
    `sentence` says the trouble in words.
    """

    state: str
    sentence: str
    in_step_at: float | None
    next_try_at: float | None
    to_send: int
    held_back: int
    quarantined: int
    requests: int
    # The backlog: how many there are with it, rows a minute, when it will be done; None what nobody can know.
    expected: int | None = None
    rows_per_minute: int | None = None
    done_at: float | None = None
    is_paused: bool = False
    # What comes next: the next look, the first message to leave, the rest after a page of the backlog (None
    # when there is none to fetch), until when the server holds us, threads to read, the agreed calls.
    next_look_at: float | None = None
    next_send_at: float | None = None
    page_every_s: float | None = None
    held_until: float | None = None
    to_read: int = 0
    calls_per_minute: int = 0
