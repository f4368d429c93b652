"""The console's own command line (interfaces.md)."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize

DEFAULT_SPEED = 4.0
DEFAULT_SIZE = QSize(1600, 1000)


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
    parser = argparse.ArgumentParser(
        prog="main.py", description="Landfall, the dispatch console of an emergency operations center."
    )
    parser.add_argument(
        "--exercise", metavar="STORM", default="", help="play a storm: irma, harvey or a CSV file"
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
    if found.tour and not found.exercise:
        found.exercise = "irma"
    return Wish(found.exercise, found.speed, found.data, found.theme, found.size, found.tour, found.token_env)


def _speed(text: str) -> float:
    speed = float(text)
    if speed < 0:
        raise argparse.ArgumentTypeError("the speed cannot be below 0")
    return speed


def _size(text: str) -> QSize:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it like 1366x768")
    return QSize(int(width), int(height))
