"""Save the filters in force as a view, or change one: its name, its key, what it holds; or remove it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from dispatch.board import Filters
from dispatch.saved_views import SavedView
from ui.queue.saved_views import SavedViews
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.fields import LineField, TicksField
from ui.widgets.sheet import Sheet

MOST_SIGNS = 40


class ViewSheet(Sheet):
    NAME = "saved_view"
    ENTER_ACTS = True

    def __init__(
        self, *, views: SavedViews, selection: Selection, theme: Theme, view: SavedView | None = None
    ) -> None:
        super().__init__(theme=theme, subject=view.name if view else "")
        self._views = views
        self._selection = selection
        self._old = view
        self._name = self.add("name", LineField(self.tr("Name"), theme=theme))
        self._key = self.add(
            "key", LineField(self.tr("Key, may stay empty"), theme=theme, placeholder="Alt+1, F7")
        )
        if view is None:
            self.say_title(self.tr("Save this view"))
            self._key.fill(views.free_key())
            self.say_effect(self._holds())
            self.say_act(self.tr("Save the view"))
            return
        self.say_title(self.tr("Change a view"))
        self._name.fill(view.name)
        self._key.fill(view.key)
        choices = [("filters", self.tr("Hold the filters in force now"))]
        self._anew = self.add("anew", TicksField("", choices, theme=theme, columns=1))
        self._anew.edited.connect(self._say_change)
        self.add_side_button(self.tr("Remove"), "Alt Del", self._remove)
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Delete)] = self._remove
        self._say_change()
        self.say_act(self.tr("Change the view"))

    def problem(self) -> tuple[str, str] | None:
        name, old = self._name.value(), self._old.name if self._old else ""
        if not name:
            return "name", self.tr("Give it a name.")
        if len(name) > MOST_SIGNS:
            return "name", self.tr("{} signs at most.").format(MOST_SIGNS)
        known = self._views.called(name)
        if known is not None and known.name != old:
            return "name", self.tr("There is a view “{}” already: take another name.").format(known.name)
        if no := self._views.why_not_key(self._sign(), old):
            return "key", no
        if self._takes_filters() and self._selection.filters.only_ids is not None:
            return "", self.tr("These P1 are shown for now only: go back to your filters first, then save.")
        return None

    def act(self) -> asyncio.Task[Any] | None:
        name, key = self._name.value(), self._sign()
        if self._takes_filters() or self._old is None:
            view = self._views.of_filters(name, key)
        else:
            view = replace(self._old, name=name, key=key)
        self._views.put(view, instead_of=self._old.name if self._old else "")
        return None

    def done_words(self) -> tuple[str, bool]:
        name, key = self._name.value(), self._sign()
        if key:
            return self.tr("View “{name}” is kept; {key} opens it.").format(name=name, key=key), False
        return self.tr("View “{}” is kept; V lists it.").format(name), False

    def _remove(self) -> None:
        assert self._old is not None
        self._views.remove(self._old.name)
        self.finished.emit(False)

    def _sign(self) -> str:
        """The key as commands name it; what is no key stays as it was typed."""
        typed = self._key.value()
        return QKeySequence(typed).toString(QKeySequence.SequenceFormat.PortableText) or typed

    def _takes_filters(self) -> bool:
        return self._old is None or bool(self._anew.value())

    def _say_change(self) -> None:
        kept = self.tr("It keeps the filters it has.")
        self.say_effect(self._holds() if self._takes_filters() else kept)
        self.grew.emit()

    def _holds(self) -> str:
        """What it will hold, in the words of the filters, and what of them it cannot."""
        filters = self._selection.filters
        left_out = {"sites", "only_ids"} | ({"time"} if filters.until is not None else set())
        held = [crumb.label for crumb in self._selection.crumbs() if crumb.name not in left_out]
        view = self._views.of_filters("", "")
        if view.last_h:
            held[0:1] = [self.tr("the last {} h").format(view.last_h)]
        said = self.tr("It holds: {}.").format(", ".join(held) or self.tr("all sites"))
        if filters.sites is not None:
            said += " " + self.tr("The choice made on the map is not kept.")
        if filters.until is not None:
            said += " " + self.tr("Hours that end before now are not kept.")
        if filters == Filters():
            said = self.tr("It holds the whole queue: no filter is set.")
        return said
