"""The acts that can be done at many sites."""

from __future__ import annotations

from enum import StrEnum


class BulkKind(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    WAIT = "wait"
    SNOOZE = "snooze"
    CLAIM = "claim"
    LET_GO = "let_go"
    CLOSE = "close"
    RAISE = "raise"
