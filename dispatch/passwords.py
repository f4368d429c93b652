"""Passwords: which ones are taken, their hashes (argon2id), and how long to wait after wrong ones."""

from __future__ import annotations

import time
from collections.abc import Callable

from dispatch.errors import ActRefused

LEAST_CHARS = 8
MOST_CHARS = 200
WRONG = "This name and password do not belong together. Try again."
# As many wrong ones are nothing but typing; then each doubles the wait.
FREE_TRIES = 3
LONGEST_WAIT_S = 60.0
MOST_LOGINS = 1_000


def why_not(login: str, password: str) -> str:
    """Why this is no password to keep, in a sentence; empty where it is one."""
    if len(password) < LEAST_CHARS:
        return f"A password has at least {LEAST_CHARS} signs."
    if len(password) > MOST_CHARS:
        return f"A password has at most {MOST_CHARS} signs."
    if password.casefold() == login.casefold():
        return "The password must not be the login."
    return ""


def hashed(password: str) -> str:
    from argon2 import PasswordHasher  # only where somebody signs in

    return PasswordHasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether it is the password of this hash. An empty or damaged hash fits nothing, and takes as long."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(stored or _nobodys(), password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


_kept: list[str] = []


def _nobodys() -> str:
    """The hash of no password: looking it up takes as long as that of a person."""
    if not _kept:
        _kept.append(hashed("nobody's password"))
    return _kept[0]


class Patience:
    """How long a login must wait after wrong passwords; in memory, and for logins that nobody has as well."""

    def __init__(self, *, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._wrong: dict[str, tuple[int, float]] = {}  # tries, and when the next may come

    def ask(self, login: str) -> None:
        """ActRefused while it has to wait."""
        _, again_at = self._wrong.get(login.casefold(), (0, 0.0))
        left = again_at - self._now_s()
        if left > 0:
            raise ActRefused(f"Too many wrong tries for this name: wait {-int(-left // 1)} s.")

    def was_wrong(self, login: str) -> None:
        tries = self._wrong.pop(login.casefold(), (0, 0.0))[0] + 1
        wait_s = min(LONGEST_WAIT_S, 2.0 ** (tries - FREE_TRIES)) if tries >= FREE_TRIES else 0.0
        self._wrong[login.casefold()] = (tries, self._now_s() + wait_s)
        while len(self._wrong) > MOST_LOGINS:
            del self._wrong[next(iter(self._wrong))]

    def was_right(self, login: str) -> None:
        self._wrong.pop(login.casefold(), None)


class Verifier:
    """The password somebody signed in with, as a hash in memory: it unlocks a screen while the database is
    away. Without one (the machine's own account) nothing has to be typed."""

    def __init__(self, password: str) -> None:
        self._hash = hashed(password) if password else ""

    @property
    def needs_password(self) -> bool:
        return bool(self._hash)

    def fits(self, password: str) -> bool:
        return not self._hash or fits(self._hash, password)
