"""A fence around Python code that Qt calls: one fault is logged once and does not repeat at every paint."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar

log = logging.getLogger(__name__)

_Override = TypeVar("_Override", bound=Callable[..., Any])
_seen: set[tuple[str, str]] = set()


def guarded(override: _Override) -> _Override:
    """An override's fault is logged with its traceback, the first of its kind only; Qt gets None."""

    @functools.wraps(override)
    def call(*args: Any) -> Any:
        try:
            return override(*args)
        except Exception as error:
            fault = (override.__qualname__, repr(error))
            if fault not in _seen:
                _seen.add(fault)
                log.exception("A screen part failed in %s", override.__qualname__)
            return None

    return call  # type: ignore[return-value]
