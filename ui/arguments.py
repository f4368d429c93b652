"""The console's own command line (interfaces.md)."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QSize

DEFAULT_SPEED = 4.0
DEFAULT_SIZE = QSize(1600, 1000)
SMALLEST, LARGEST = QSize(640, 400), 16_384
STORMS = ("irma", "harvey", "quiet")
# As fast as the exercise goes: a day of storm in a second.
FASTEST = 86_400


@dataclass(frozen=True, slots=True)
class Wish:
    """`exercise` empty means live; `data` None the platform's place; `size` None fits the screen."""

    exercise: str
    speed: float
    data: Path | None
    theme: str
    size: QSize | None
    tour: Path | None
    token_env: str = ""


def read(arguments: list[str]) -> Wish:
    """Wrong arguments end the program with 2 and one sentence."""
    parser = _Parser(
        prog="main.py", description="Landfall, the dispatch console of an emergency operations center."
    )
    parser.add_argument(
        "--exercise",
        type=_storm,
        metavar="STORM",
        help="play a storm: irma, harvey or a CSV file",
    )
    parser.add_argument(
        "--speed", type=_speed, default=DEFAULT_SPEED, metavar="X", help="storm time, times real"
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="settings, the seat's database and its lock")
    parser.add_argument("--theme", choices=("light", "dim", "system"), default="")
    parser.add_argument("--size", type=_size, metavar="WIDTHxHEIGHT")
    parser.add_argument("--tour", type=Path, metavar="DIR", help="visit every screen, save pictures, end")
    parser.add_argument(
        "--token-env", metavar="NAME", default="", help="the variable that holds the server's token"
    )
    found = parser.parse_args(arguments)
    exercise = found.exercise or ("irma" if found.tour else "")
    return Wish(exercise, found.speed, found.data, found.theme, found.size, found.tour, found.token_env)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage before it."""
        self.exit(2, message.removeprefix("argument ").rstrip(".") + ".\n")


def _storm(text: str) -> str:
    if text in STORMS or (text.endswith((".csv", ".csv.gz")) and Path(text).is_file()):
        return text
    known = ", ".join(STORMS)
    raise argparse.ArgumentTypeError(f"there is no storm {text!r}; there are {known}, or a CSV file of rows")


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 <= speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no speed; write a number from 0 to {FASTEST}, like 4")
    return speed


def _size(text: str) -> QSize:
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.lower(), re.ASCII)
    size = QSize(int(found[1]), int(found[2])) if found else QSize(0, 0)
    if not (SMALLEST.width() <= size.width() <= LARGEST and SMALLEST.height() <= size.height() <= LARGEST):
        smallest = f"{SMALLEST.width()}x{SMALLEST.height()}"
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size; write it like 1366x768, at least {smallest} and at most {LARGEST} a side"
        )
    return size
