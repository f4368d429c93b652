"""The window before the console: who sits down, where people have been set up. Nothing of the queue is read
before somebody has signed in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatch.errors import LandfallError
from dispatch.front_door import FrontDoor, Sitting
from dispatch.workers import Workers
from ui.sign_in_form import SignInForm, lay_out_around
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import Words, grounds

log = logging.getLogger(__name__)


class Entrance(QWidget):
    """`came` is done once somebody has signed in, with None where the window was closed instead."""

    def __init__(self, *, door: FrontDoor, positions: Sequence[str], position: str, theme: Theme) -> None:
        super().__init__()
        self._door = door
        self._theme = theme
        self._workers = Workers()
        self._work: asyncio.Task[None] | None = None
        self.came: asyncio.Future[Sitting | None] = asyncio.get_event_loop().create_future()
        self.form = SignInForm(theme=theme)
        self.form.given.connect(self._take)
        self.form.ask_for_person(
            self.tr("Sign in for this shift"),
            self.tr("What is done from here on is done under your name."),
            positions=positions,
            position=position,
        )
        self.setWindowTitle(self.tr("Sign in · Landfall"))
        self._lay_out()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        self.form.first_focus().setFocus()

    def _take(self, login: str, password: str, position: str) -> None:
        self._work = asyncio.ensure_future(self._sign_in(login, password, position))

    async def _sign_in(self, login: str, password: str, position: str) -> None:
        try:
            who = await self._workers.network(self._door.sign_in, login, password)
        except LandfallError as error:
            self.form.refuse(str(error))
        except Exception:
            # An edge: whatever went wrong, the form can be tried again, and the log says why.
            log.exception("signing in failed")
            self.form.refuse(self.tr("This could not be done. Try again."))
        else:
            self.form.forget()
            if not self.came.done():
                self.came.set_result(Sitting(who, position, password))

    def done(self) -> None:
        self._workers.close()
        self.close()
        self.deleteLater()

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self.came.done():
            self.came.set_result(None)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("window"))

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
        self.update()

    def _lay_out(self) -> None:
        name = Words("Landfall", theme=self._theme, role="title", tone="text_dim")
        name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        lay_out_around(self, self.form, (name,))
