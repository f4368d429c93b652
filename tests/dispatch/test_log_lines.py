"""The program's own log shows what somebody put into it, and obeys nothing of it."""

from __future__ import annotations

import logging

from dispatch.log_lines import FORMAT, OneLine


def line_of(message: str, error: Exception | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("landfall", logging.WARNING, "here", 1, message, (), info)
    return OneLine(FORMAT).format(record)


def test_a_message_begins_no_line_of_its_own_and_is_not_obeyed_by_a_terminal() -> None:
    said = line_of("refused: \x1b]0;owned\x07\n2026-01-01 00:00:00 WARNING forged\r\x9b2J \u202egnp.exe")

    assert "\n" not in said and "\r" not in said
    assert said.isprintable() and "⏎2026-01-01 00:00:00 WARNING forged" in said
    assert r"\x1b]0;owned\x07" in said and r"\u202egnp.exe" in said


def test_a_traceback_keeps_its_lines_moved_in_and_without_what_is_obeyed() -> None:
    try:
        raise ValueError("\x1b[2J\n2026-01-01 00:00:00 WARNING forged")
    except ValueError as error:
        said = line_of("it failed", error)

    first, *rest = said.split("\n")
    assert first.endswith("it failed") and rest[0].startswith("Traceback")
    assert all(each.startswith("  ") for each in rest[1:]) and "\x1b" not in said


def test_ordinary_words_stay_as_they_are() -> None:
    assert line_of("Árbol caído — 洪水 👩‍🚒 <b>").endswith("Árbol caído — 洪水 👩‍🚒 <b>")
