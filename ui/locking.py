"""Covering the window and coming back: the same person by their password, the next one by signing in."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.passwords import Patience, Verifier
from dispatch.records import Flag
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times

if TYPE_CHECKING:
    from ui.cover import Cover

log = logging.getLogger(__name__)

MINUTE_S = 60.0


class Locking(QObject):
    """`verifier` knows the password of who signed in. Where nobody has to sign in the window can be covered
    all the same; Enter shows it again."""

    def __init__(
        self,
        *,
        bridge: Any,
        window: Any,
        sheets: Sheets,
        theme: Theme,
        lock_after_min: int,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(window)
        self.verifier: Verifier | None = None
        self._bridge = bridge
        self._window = window
        self._theme = theme
        self._sheets = sheets
        self._lock_after_s = lock_after_min * MINUTE_S
        self._now_s = now_s
        self._patience = Patience(now_s=now_s)
        self._touched_s = now_s()
        self._pointer = QCursor.pos()
        self._focus_before: QWidget | None = None
        self._is_locked = False
        self._alarm_words = ""
        self._work: asyncio.Task[None] | None = None
        bridge.ticked.connect(self._tick)
        bridge.changed.connect(lambda _delta: self._show_board())

    @cached_property
    def cover(self) -> Cover:
        from ui.cover import Cover

        made = Cover(host=self._window.stage, theme=self._theme)
        made.show_alarm(self._alarm_words)
        made.form.given.connect(self._take)
        made.form.left.connect(self._go_back)
        made.form.other_wanted.connect(self._ask_for_other)
        return made

    @property
    def is_up(self) -> bool:
        return "cover" in vars(self) and self.cover.is_up

    def touch(self) -> None:
        """Somebody is here."""
        self._touched_s = self._now_s()

    def lock(self) -> None:
        """At once, whatever is open; it stays open beneath."""
        if self._is_locked:
            return
        self._is_locked = True
        self._put_up(self._ask_for_password)

    def switch(self) -> None:
        """The next person signs in; Esc leaves it as it was."""
        if not self.is_up:
            self._put_up(self._ask_for_other)

    def show_alarm(self, words: str) -> None:
        self._alarm_words = words
        if "cover" in vars(self):
            self.cover.show_alarm(words)

    # -- asking ---------------------------------------------------------------------------------------

    def _put_up(self, ask: Callable[[], None]) -> None:
        _close_what_floats(self._window)
        self._focus_before = QApplication.focusWidget()
        self.cover.show_activation(self._bridge.activation)
        ask()
        self.cover.put_up()
        self._show_board()

    def _ask_for_password(self) -> None:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        title = self.tr("Locked since {}").format(times.clock(now, now, zone))
        form, name = self.cover.form, self._bridge.person
        needs = self.verifier is not None and self.verifier.needs_password
        if needs:
            note = self.tr("{name}, {position}. What was begun here is kept.").format(
                name=name, position=self._bridge.position
            )
        elif self.verifier is not None:
            note = self.tr(
                "{name} signed in by the machine's account: lock the machine itself to keep others out."
            ).format(name=name)
        else:
            note = self.tr("Covered, not locked: nobody has set up who signs in here.")
            title = self.tr("Covered since {}").format(times.clock(now, now, zone))
        form.ask_for_password(title, note, is_needed=needs)
        if self.verifier is not None:
            form.offer_other(self.tr("Somebody else signs in"), goes_back=False)

    def _ask_for_other(self) -> None:
        form, desk = self.cover.form, self._bridge.parts.seat_desk
        form.ask_for_person(
            self.tr("Sign in"),
            self.tr("Until somebody does, {name} sits here.").format(name=self._bridge.person)
            if not self._is_locked
            else self.tr("What {name} has begun here stays theirs.").format(name=self._bridge.person),
            positions=desk.positions(),
            position=self._bridge.position,
        )
        form.offer_other(self.tr("Back"), "Esc", goes_back=True)
        form.first_focus().setFocus()
        if not self._is_locked:
            self._names = asyncio.ensure_future(self._offer_names())

    async def _offer_names(self) -> None:
        """Only where somebody has signed in and is there: a locked window tells no names."""
        try:
            people = await self._bridge.read(self._bridge.parts.people.everyone)
        except LandfallError as error:
            log.info("nobody is offered by name: %s", error)
            return
        if self.is_up and not self._is_locked:
            self.cover.form.offer_names([f"{p.login} · {p.name}" for p in people if p.is_active])

    def _go_back(self) -> None:
        if self._is_locked:
            self._ask_for_password()
            self.cover.form.first_focus().setFocus()
        else:
            self._take_down()

    # -- coming back ----------------------------------------------------------------------------------

    def _take(self, login: str, password: str, position: str) -> None:
        work = self._sign_in(login, password, position) if login else self._unlock(password)
        self._work = asyncio.ensure_future(self._say_trouble(work))

    async def _say_trouble(self, work: Any) -> None:
        try:
            await work
        except LandfallError as error:
            self.cover.form.refuse(str(error))
        except Exception:
            # An edge: whatever went wrong, the window stays covered and the form can be tried again.
            log.exception("signing in failed")
            self.cover.form.refuse(self.tr("This could not be done. Try again."))

    async def _unlock(self, password: str) -> None:
        """By the verifier in memory: it works while the database is away."""
        if self.verifier is not None:
            self._patience.ask(self._bridge.person)
            if not await self._bridge.parts.workers.network(self.verifier.fits, password):
                self._patience.was_wrong(self._bridge.person)
                self.cover.form.refuse(self.tr("This is not the password. Try again."))
                return
            self._patience.was_right(self._bridge.person)
        self._is_locked = False
        self._take_down()

    async def _sign_in(self, login: str, password: str, position: str) -> None:
        parts = self._bridge.parts
        who = await parts.workers.network(parts.people.sign_in, login, password)
        verifier = await parts.workers.network(Verifier, password)
        is_same = who.name == self._bridge.person
        if not is_same:
            self._sheets.change_person(self._bridge.person, who.name)
        was_masked = parts.follow.is_masked()
        parts.unmasking.cover()
        changes = await self._bridge.act(parts.seat_desk.sign_in, who, position)
        if not changes.number:
            self._bridge.look_at_room(await self._bridge.read(parts.room))
        self.verifier = verifier
        if parts.follow.is_masked() != was_masked:
            await self._look_again()
        self._is_locked = False
        self._take_down()
        self._bridge.said.emit(
            self.tr("{person} sits here now, as {position}.").format(person=who.name, position=position),
            False,
        )

    async def _look_again(self) -> None:
        """The new person may see more of restricted sites than the last one, or less."""
        board = self._bridge.board
        restricted = board.site_id[np.flatnonzero((board.flags & Flag.RESTRICTED) != 0)]
        self._bridge.changed.emit(await self._bridge.parts.follow.read_again(restricted.tolist()))

    def _take_down(self) -> None:
        self.touch()
        self.cover.take_down()
        sheet, before = self._sheets.current, self._focus_before
        self._focus_before = None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        elif sheet is not None:
            sheet.first_focus().setFocus()
        self._window.say_held()

    # -- time -----------------------------------------------------------------------------------------

    def _tick(self, _now: int) -> None:
        if (pointer := QCursor.pos()) != self._pointer:
            self._pointer = pointer
            self.touch()
        is_due = self._lock_after_s and self._now_s() - self._touched_s >= self._lock_after_s
        if is_due and self.verifier is not None and self.verifier.needs_password:
            self.lock()
        self._show_board()

    def _show_board(self) -> None:
        if self.is_up:
            self.cover.show_board(self._bridge.board)


def _close_what_floats(window: QWidget) -> None:
    """Menus, questions and file dialogs stand over every cover: they are left as by Esc."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for each in QApplication.topLevelWidgets():
        if each is not window and isinstance(each, QDialog) and each.isVisible():
            each.reject()
