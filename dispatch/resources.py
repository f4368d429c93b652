"""Where the bundled data lies: beside the code, or inside the frozen program."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent)) / "resources"


def resource(*parts: str) -> Path:
    return _ROOT.joinpath(*parts)
