"""Who may sign in at the console and how far they may go: kept by administrators, each act with its log
line.

On a shared database each person is a login of the database, which checks the password itself and holds them
to their role. On a database of one seat the rights are kept by the program alone (ONE_SEAT)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from dispatch import passwords
from dispatch.errors import ActRefused, NotAllowed
from dispatch.passwords import Patience
from dispatch.records import Actor, Changes, Person, Role
from dispatch.store import people, rights
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

ONE_SEAT = (
    "On a database of one seat these rights are kept by the program alone: who can open the file can"
    " change it."
)
SHARED = (
    "The database itself checks each password and holds each person to their role. Logins are made by its"
    " owner: python -m dispatch people, with the owner's address."
)
LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
ROLES = tuple(role for role in Role if role is not Role.SYNC)
MOST_CHARS = 60


class People:
    def __init__(self, *, store: Store, actor: Callable[[], Actor], patience: Patience | None = None) -> None:
        self._store = store
        self._actor = actor
        self._patience = patience or Patience()

    @property
    def kept_by(self) -> str:
        """Who keeps to these rights, in a sentence for the screen."""
        return ONE_SEAT if self._store.is_sqlite else SHARED

    def everyone(self) -> tuple[Person, ...]:
        with self._store.reading() as connection:
            return people.everyone(connection)

    def are_set_up(self) -> bool:
        """Whether anybody has to sign in."""
        with self._store.reading() as connection:
            return people.count_active(connection) > 0

    # -- keeping ------------------------------------------------------------------------------------

    def add(self, login: str, name: str, role: Role, password: str) -> Changes:
        """Without a password they sign in as the machine's account of that name."""
        login, name = login.strip().casefold(), " ".join(name.split())
        if no := why_not(login, name):
            raise ActRefused(no)
        if password and (no := passwords.why_not(login, password)):
            raise ActRefused(no)
        with self._keeping() as tx:
            if people.find(tx.connection, login) is not None:
                raise ActRefused(f"{login} is a login already: take another one.")
            if role is not Role.ADMINISTRATOR and not people.count_active(tx.connection, Role.ADMINISTRATOR):
                raise ActRefused("The first person is an administrator: nobody else could add the others.")
            who = Person(login, name, role)
            people.put(tx, who, self._kept(password))
            if not self._store.is_sqlite:
                rights.add_login(tx.connection, login, password, role)
            tx.log(
                "person_added",
                f"{login} may sign in as {role.value}",
                subject=login,
                detail={"after": {"role": role.value, "by_machine": not password}},
            )
        return tx.changes

    def change_role(self, login: str, role: Role) -> Changes:
        with self._keeping() as tx:
            who = self._active(tx, login)
            if who.role is role:
                raise ActRefused(f"{who.name} is {role.value} already.")
            self._leave_an_administrator(tx, who)
            people.change(tx, login, role=role.value)
            if not self._store.is_sqlite:
                rights.change_role(tx.connection, login, role)
            tx.log(
                "person_role",
                f"{login} is {role.value} now (before: {who.role.value})",
                subject=login,
                detail={"before": {"role": who.role.value}, "after": {"role": role.value}},
            )
        return tx.changes

    def set_password(self, login: str, password: str) -> Changes:
        """A new one, for who forgot theirs as well."""
        if no := passwords.why_not(login, password):
            raise ActRefused(no)
        with self._keeping() as tx:
            self._active(tx, login)
            self._put_password(tx, login, password)
            tx.log("person_password", f"{login} has a new password", subject=login)
        return tx.changes

    def change_own(self, login: str, before: str, password: str) -> Changes:
        """By who knows the one it had."""
        if no := passwords.why_not(login, password):
            raise ActRefused(no)
        self.sign_in(login, before)
        with self._store.transaction(self._actor()) as tx:
            if self._store.is_sqlite:
                self._put_password(tx, login, password)
            else:
                rights.set_own_password(tx.connection, login, password)
            tx.log("person_password", f"{login} changed their password", subject=login)
        if not self._store.is_sqlite:
            # New lines are opened by it from now on.
            self._store.connect_as(login, password, lambda line: people.active(line, login))
        return tx.changes

    def close(self, login: str) -> Changes:
        """They sign in no more; their acts and their name stay."""
        with self._keeping() as tx:
            who = self._active(tx, login)
            self._leave_an_administrator(tx, who)
            people.change(tx, login, is_active=0, password_hash="")
            if not self._store.is_sqlite:
                rights.close_login(tx.connection, login)
            tx.log("person_closed", f"{login} may sign in no more", subject=login)
        return tx.changes

    # -- signing in ---------------------------------------------------------------------------------

    def sign_in(self, login: str, password: str) -> Person:
        """Who that is. ActRefused for any other name or password, and never says which of them was wrong."""
        return let_in(self._patience, login, lambda login: self._let_in(login, password))

    def _let_in(self, login: str, password: str) -> Person | None:
        if not self._store.is_sqlite:
            # The database looks at the password, and everything from here on is asked as this login. One
            # without a password would be let in by an address that trusts it.
            if not (login and password):
                return None
            return self._store.connect_as(login, password, lambda line: people.active(line, login))
        with self._store.reading() as connection:
            who, stored = people.active(connection, login), people.password_hash(connection, login)
        return who if passwords.fits(stored, password) else None

    def of_machine(self, account: str) -> Person | None:
        """Who signs in as this account of the machine, without a password of ours."""
        with self._store.reading() as connection:
            who = people.active(connection, account.casefold())
        return who if who and who.by_machine else None

    # -- inside -------------------------------------------------------------------------------------

    def _keeping(self) -> AbstractContextManager[Transaction]:
        actor = self._actor()
        if actor.role not in (None, Role.ADMINISTRATOR):
            raise NotAllowed("Only an administrator keeps the people of this console.")
        return self._store.transaction(actor)

    def _kept(self, password: str) -> str:
        """A shared database keeps its people's passwords itself."""
        return passwords.hashed(password) if password and self._store.is_sqlite else ""

    def _put_password(self, tx: Transaction, login: str, password: str) -> None:
        if self._store.is_sqlite:
            people.change(tx, login, password_hash=self._kept(password))
        else:
            rights.set_password(tx.connection, login, password)

    def _active(self, tx: Transaction, login: str) -> Person:
        who = people.find(tx.connection, login)
        if who is None or not who.is_active:
            raise ActRefused(f"Nobody signs in as {login}: look at the list of people.")
        return who

    def _leave_an_administrator(self, tx: Transaction, who: Person) -> None:
        is_last = people.count_active(tx.connection, Role.ADMINISTRATOR) == 1
        if who.role is Role.ADMINISTRATOR and is_last:
            raise ActRefused(f"{who.name} is the last administrator: make somebody else one first.")


def let_in(patience: Patience, login: str, ask: Callable[[str], Person | None]) -> Person:
    """Who `ask` finds; ActRefused where it finds nobody, and while that login has to wait."""
    login = login.strip().casefold()
    patience.ask(login)
    who = ask(login)
    if who is None:
        patience.was_wrong(login)
        raise ActRefused(passwords.WRONG)
    patience.was_right(login)
    return who


def why_not(login: str, name: str) -> str:
    """Why this cannot be a person's login and name, in a sentence; empty where it can."""
    if not LOGIN.fullmatch(login):
        return "A login is 2 to 40 small letters, digits, dots or dashes, and begins with a letter."
    if not name:
        return "Write the person's name, as the log and the forms shall say it."
    if len(name) > MOST_CHARS or not name.isprintable():
        return f"A name of at most {MOST_CHARS} plain signs."
    return ""
