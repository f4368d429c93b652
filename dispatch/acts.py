"""Acts of a seat while the room's database is away: kept here, and done in their order when it is back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

from dispatch.act_words import NotWords, from_words, to_words
from dispatch.acting import Acting, acting
from dispatch.errors import ActKept, ActRefused, AlreadyDone, StoreUnreachable, StoreUnusable
from dispatch.journal import Journal, KeptAct
from dispatch.records import Actor, Changes
from dispatch.store.store import Store

log = logging.getLogger(__name__)
T = TypeVar("T")

# These answer at once or not at all: what they would take back, or find, may have changed by then.
AT_ONCE = frozenset(
    {
        *("undo", "take_back", "opened", "seen", "expire_overdue", "paste_calls"),
        # Steps of a snapshot: its number is the next one only while the database says so.
        *("review", "publish", "discard"),
        # Files leave the room right after it: none may without its line in the log.
        *("exported", "listed"),
    }
)
NOT_NOW = "The room's database does not answer: this can be done when it is back."


def _quiet(_sentence: str, _is_alarm: bool) -> None:
    """Nobody listens yet."""


class Acts:
    """All on the store lane. `desks` are those whose acts can be kept, by a name that stays the same from one
    version to the next; `tell` is called there with a sentence for the person here."""

    def __init__(
        self, *, store: Store, folder: Path, desks: Mapping[str, object], actor: Callable[[], Actor]
    ) -> None:
        self._store = store
        self._desks = dict(desks)
        self._actor = actor
        self.journal = Journal(folder)
        self.tell: Callable[[str, bool], None] = _quiet

    def do(self, work: Callable[..., T], args: Sequence[Any], kwargs: Mapping[str, Any]) -> T:
        """The act, or, while the database is away or others wait before it, its keeping. Raises what the act
        raises; StoreUnreachable for one that cannot wait; ActKept for one that was kept."""
        if self._store.is_sqlite:
            return work(*args, **kwargs)
        if getattr(work, "__name__", "") == "undo" and (taken_back := self.take_back_kept()):
            return cast(T, (f"Undone before it was done: {taken_back}.", Changes()))
        act = self._words_of(work, args, kwargs)
        if act is None:
            return work(*args, **kwargs)
        if not self.journal.waiting():
            try:
                with acting(Acting(act.act_id)):
                    return work(*args, **kwargs)
            except StoreUnreachable:
                pass  # whether it was done is unknown: by its id it is done once
        raise self._kept(act)

    def replay(self) -> int:
        """Do what waits, in its order, as far as the database lets us; how many are done or refused now."""
        done = 0
        for act in self.journal.waiting():
            try:
                self._do_kept(act)
            except StoreUnreachable:
                break
            except (ActRefused, NotWords) as error:
                why = str(error) or "This version of the program does not know it any more."
                self.journal.refuse(act.act_id, why)
                self.tell(f"Not done: {_said(act)}, kept while the database was away. {why}", True)
            else:
                self.journal.take_out(act.act_id)
            done += 1
        if done and not self.journal.waiting():
            self.tell("The room's database is back: what was kept here is done.", False)
        return done

    def put_away(self, act_id: str) -> None:
        """Its author has read why it could not be done."""
        self.journal.take_out(act_id)

    def take_back_kept(self) -> str:
        """The newest act of this person that waits; what it was, empty where none does."""
        mine = [act for act in self.journal.waiting() if act.actor.person == self._actor().person]
        return self.take_back(mine[-1].act_id) if mine else ""

    def take_back(self, act_id: str) -> str:
        """One that waits, by who did it; what it was. ActRefused where it is not theirs, or waits no more."""
        act = next((each for each in self.journal.waiting() if each.act_id == act_id), None)
        if act is None:
            raise ActRefused("It waits no more: it was done, or told why not.")
        if act.actor.person != self._actor().person:
            raise ActRefused(f"{act.actor.person} did it: only they can take it back.")
        self.journal.take_out(act_id)
        return _said(act)

    # -- inside -------------------------------------------------------------------------------------

    def _words_of(
        self, work: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> KeptAct | None:
        owner, name = getattr(work, "__self__", None), getattr(work, "__name__", "")
        desk = next((key for key, each in self._desks.items() if each is owner), None)
        if desk is None or name in AT_ONCE:
            return None
        try:
            words = to_words(work, args, kwargs)
        except NotWords:
            return None
        return KeptAct(str(uuid4()), self._store.clock.now(), self._actor(), desk, name, words)

    def _kept(self, act: KeptAct) -> ActKept:
        """What says that it is kept, once it is on the disk. StoreUnusable where it cannot be."""
        alike = (act.actor, act.desk, act.act, act.words)
        if any((each.actor, each.desk, each.act, each.words) == alike for each in self.journal.waiting()):
            return ActKept("It is kept here already, and done as soon as the room's database answers.")
        try:
            self.journal.keep(act)
        except OSError as error:
            raise StoreUnusable(
                f"The room's database does not answer, and {error.filename or 'the folder'} cannot be written"
                f" ({error.strerror}): it is not done. Write it on paper."
            ) from error
        count = len(self.journal.waiting())
        return ActKept(f"Kept here: it is done as soon as the room's database answers. {count} kept.")

    def _do_kept(self, act: KeptAct) -> None:
        method = getattr(self._desks.get(act.desk), act.act, None)
        if method is None:
            raise NotWords
        with acting(Acting(act.act_id, act.at, act.actor)):
            try:
                method(**from_words(method, act.words))
            except AlreadyDone:
                log.info("a kept act was done already: %s", act.act)


def _said(act: KeptAct) -> str:
    site = act.words.get("site_id")
    return f"{act.act.replace('_', ' ')}{f' at site {site}' if site is not None else ''}"
