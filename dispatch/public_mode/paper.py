"""The checklist as a PDF in the folder `print`. Read and drawn on the caller's thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from dispatch.errors import ActRefused
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.forms import public_checklist
from dispatch.forms.common import EXERCISE, local
from dispatch.public_mode.desk import PublicModeDesk
from dispatch.records import Actor
from dispatch.reports import pdf
from dispatch.store import forms
from dispatch.store.store import Store
from dispatch.whole_file import write_into


class ChecklistPaper:
    """`folder` is the data folder."""

    def __init__(
        self,
        desk: PublicModeDesk,
        *,
        store: Store,
        actor: Callable[[], Actor],
        zone: tzinfo,
        folder: Path,
    ) -> None:
        self._desk = desk
        self._store = store
        self._actor = actor
        self._zone = zone
        self._folder = folder

    def print(self) -> Path:
        """S18: the mark of an exercise stands first."""
        state = self._desk.state()
        if not state.checklist:
            raise ActRefused("Nothing has to be done by hand: there is no checklist to print.")
        with self._store.reading() as connection:
            incident = forms.incident(connection, self._actor().activation_id)
            now = self._store.clock.now()
        page = public_checklist.fill(
            state.checklist,
            now,
            self._zone,
            incident=incident.name,
            is_exercise=incident.is_exercise,
            is_on=state.is_on,
        )
        minute = f"{local(now, self._zone):%Y-%m-%d-%H%M}"
        stem = "_".join((*((EXERCISE,) if page.is_exercise else ()), "public-categories", minute))
        return write_into(self._folder / PRINT_FOLDER, f"{stem}.pdf", pdf.public_checklist(page))
