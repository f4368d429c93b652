"""How this program starts itself again as one of its helpers."""

from __future__ import annotations

import sys
from pathlib import Path


def helper_command(name: str) -> list[str]:
    """Frozen or not."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--helper", name]
    return [sys.executable, str(Path(__file__).resolve().parents[1] / "main.py"), "--helper", name]
