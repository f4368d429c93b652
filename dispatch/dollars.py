"""Sums of money as whole cents: read from what people type, written for people."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def dollars(cents: int) -> str:
    """$1,062,900.00"""
    return f"${cents // 100:,}.{cents % 100:02d}"


def cents_of(said: str) -> int:
    """Of "1,062,900", "4.72", "$4.72". Raises ValueError with a sentence."""
    try:
        value = Decimal(said.strip().removeprefix("$").replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"“{said[:40]}” is no sum of dollars") from error
    if not value.is_finite() or value < 0 or value >= 10**12 or value * 100 != int(value * 100):
        raise ValueError(f"“{said[:40]}” is no sum of dollars and cents")
    return int(value * 100)
