"""Who sits down, before the parts of a seat are built: nobody is asked where nobody has set up people."""

from __future__ import annotations

import getpass
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.opening import DATABASE
from dispatch.passwords import Patience
from dispatch.records import Actor, Person
from dispatch.settings import Settings
from dispatch.store import plain

if TYPE_CHECKING:
    from dispatch.people import People

NOBODY = Actor("", "", "", "")


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who signed in, by what and in which position; the password is for the memory alone."""

    person: Person
    position: str
    password: str = field(default="", repr=False)


class FrontDoor:
    """`account` is the machine's own, under which the console runs. What takes long to import is imported
    where somebody may have to sign in."""

    def __init__(
        self, *, folder: Path, settings: Settings, account: Callable[[], str] = getpass.getuser
    ) -> None:
        self._url = settings.store_url or f"sqlite:///{folder / DATABASE}"
        self._is_own = not settings.store_url
        self._path = folder / DATABASE
        self._account = account
        self._patience = Patience()

    def knock(self) -> Person | bool:
        """Who is let in at once, by the machine's account or the address's own login; True where somebody has
        to sign in, False where nobody has set up people. Raises StoreUnusable as the opening would."""
        if self._is_shared():
            return self._knock_over_there()
        try:
            if not self._path.is_file() or not _has_people(self._path):
                return False
        except sqlite3.Error:
            return False  # the opening of the store says what is wrong with it
        with self._people() as people:
            return people.of_machine(self._account()) or True

    def sign_in(self, login: str, password: str) -> Person:
        """ActRefused for a wrong name or password, and never says which of them was."""
        if not self._is_shared():
            with self._people() as people:
                return people.sign_in(login, password)
        from dispatch.people import let_in
        from dispatch.store import people as rows
        from dispatch.store.store import check_address, try_login

        def ask(login: str) -> Person | None:
            if not (login and password):
                return None
            return try_login(check_address(self._url), login, password, lambda line: rows.active(line, login))

        return let_in(self._patience, login, ask)

    def _is_shared(self) -> bool:
        if self._is_own:
            return False
        from dispatch.store.store import check_address

        address = check_address(self._url)
        self._path = Path(address.database or "")
        return address.get_backend_name() != "sqlite"

    def _knock_over_there(self) -> Person | bool:
        from dispatch.store import people as rows
        from dispatch.store.store import check_address, try_login

        found = try_login(
            check_address(self._url),
            "",
            "",
            lambda line: (True, rows.of_session(line)) if rows.are_set_up(line) else (False, None),
        )
        if found is None:
            return True  # the address names nobody whom the database lets in
        are_set_up, who = found
        return who or are_set_up

    @contextmanager
    def _people(self) -> Iterator[People]:
        from dispatch.clock import WallClock
        from dispatch.people import People
        from dispatch.store.store import open_store

        store = open_store(self._url, clock=WallClock())
        try:
            yield People(store=store, actor=lambda: NOBODY, patience=self._patience)
        finally:
            store.close()


def _has_people(path: Path) -> bool:
    with plain.looking(path) as connection:
        return plain.are_people_set_up(connection)
