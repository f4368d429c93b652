"""The lines of the program's own log: what somebody outside put into one begins no other, and no terminal
that shows it obeys it."""

from __future__ import annotations

import logging
import re

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile("[\n\r]+")


class OneLine(logging.Formatter):
    """A message stays in its line; only a traceback has lines of its own, each moved in."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return _shown(_LINE_ENDS.sub("⏎", super().formatMessage(record)))

    def formatException(self, ei: object) -> str:
        said = super().formatException(ei)  # type: ignore[arg-type]
        return _shown(said.replace("\n", "\n  "))


def _shown(said: str) -> str:
    return _OBEYED.sub(lambda sign: sign[0].encode("unicode_escape").decode(), said)


def begin(level: int) -> None:
    """On standard error, from `level` on."""
    to = logging.StreamHandler()
    to.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=level, handlers=[to])
