"""Text that is being written, kept in the seat's folder: a crash or a power cut gives it back.

One small file for each sheet and what it is about, for the seat's account alone. No disk is waited for: what
the last half second has brought may be lost, the file before it never is.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

log = logging.getLogger(__name__)

Key = tuple[str, str]  # a sheet's name, and what it is about
Draft = dict[str, Any]  # a field's value by its name
SUFFIX = ".json"
# Somebody else's file in that place is not read into memory whole.
MOST_BYTES = 1_000_000


class Drafts:
    """A lane of its own: what is written last is on the disk last, whatever the database does meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="drafts")
        self._has_failed = False
        self.by = ""  # who writes; empty where nobody signs in, and everything is everybody's

    def load(self) -> Future[dict[Key, Draft]]:
        """What this person has left behind; a file that cannot be read is passed over and stays."""
        return self._lane.submit(self._load, self.by)

    def keep(self, key: Key, draft: Mapping[str, Any]) -> None:
        self._lane.submit(self._keep, key, dict(draft), self.by)

    def drop(self, key: Key) -> None:
        """It was sent, or emptied by hand."""
        self._lane.submit(self._drop, key, self.by)

    def close(self) -> None:
        """Finish what was given."""
        self._lane.shutdown(wait=True)

    # -- inside: the lane -------------------------------------------------------------------------------

    def _load(self, by: str) -> dict[Key, Draft]:
        found: dict[Key, Draft] = {}
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                if path.stat().st_size > MOST_BYTES:
                    raise ValueError("too large")
                said = orjson.loads(path.read_bytes())
                name, subject, draft = said["sheet"], said["subject"], said["draft"]
                if by and said.get("by", by) not in ("", by):
                    continue
                if not (isinstance(name, str) and isinstance(subject, str) and isinstance(draft, dict)):
                    raise ValueError("not as it was written")
            except (OSError, ValueError, LookupError, TypeError) as error:
                # Its name and the kind of error: the words in it stay out of the log.
                log.info("the draft %s is passed over: %s", path.name, type(error).__name__)
                continue
            found[name, subject] = draft
        return found

    def _keep(self, key: Key, draft: Draft, by: str) -> None:
        path = self._path(key, by)
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(handle, "wb") as file:
                file.write(
                    orjson.dumps({"sheet": key[0], "subject": key[1], "by": by, "draft": _plain(draft)})
                )
            os.replace(part, path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            if not self._has_failed:
                log.warning("text being written cannot be kept in %s: %s", self._folder.name, error.strerror)
            self._has_failed = True
        else:
            self._has_failed = False

    def _drop(self, key: Key, by: str) -> None:
        # Also one from before somebody signed in.
        for each in {by, ""}:
            with suppress(OSError):
                self._path(key, each).unlink(missing_ok=True)

    def _path(self, key: Key, by: str) -> Path:
        whose = hashlib.sha256(by.encode()).hexdigest()[:12] if by else ""
        named = quote("-".join(filter(None, key)), safe="")[:200]
        return self._folder / ("-".join(filter(None, (named, whose))) + SUFFIX)


def has_words(draft: Mapping[str, Any]) -> bool:
    """Whether there is text in it; a choice alone is quickly made again."""
    return any(isinstance(value, str) and value.strip() for value in draft.values())


def _plain(draft: Draft) -> Draft:
    """Without what only the program that runs now could read back."""
    kept: Draft = {}
    for name, value in draft.items():
        with suppress(TypeError):
            orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME)
            kept[name] = value
    return kept
