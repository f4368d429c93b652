"""The escalate sheet: filled in from the site, mended by the operator, sent with Ctrl+Enter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from dispatch.errors import LandfallError
from dispatch.escalation.channels import CHANNELS, set_up
from dispatch.forms.ics213 import fill
from dispatch.records import Band, Escalation, EscalationDraft, OnDuty, SiteView
from dispatch.reports import pdf
from dispatch.residents.told import told_text
from ui.escalate.preview import FormPreview
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import qualities
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, TextField, TicksField, pack
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words

log = logging.getLogger(__name__)

_CTRL = Qt.KeyboardModifier.ControlModifier


class EscalateSheet(SiteSheet):
    NAME = "escalate"
    NEEDS_WHOLE = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self._draft: EscalationDraft | None = None
        self._others: tuple[int, ...] = ()
        self._work: asyncio.Task[None] | None = None
        self.say_title(self.tr("Escalate"), "ICS 213")
        self._said_911 = Words(theme=theme)
        self._form = QWidget()
        self._preview = FormPreview(theme=theme)
        self._preview.setVisible(False)
        self.body.addWidget(self._said_911)
        self.body.addWidget(self._form)
        self.body.addWidget(self._preview)
        self._make_fields()
        self._lay_out()
        self._preview_button: KeyButton = self.add_side_button(
            self.tr("Preview form"), "Ctrl P", self.toggle_preview
        )
        self._save_button = self.add_side_button(self.tr("Save PDF"), "", self.save_pdf)
        self._save_button.setVisible(False)
        self.shortcuts[(_CTRL, Qt.Key.Key_9)] = lambda: self.asked_for.emit("told_911")
        self.shortcuts[(_CTRL, Qt.Key.Key_P)] = self.toggle_preview
        self.say_act(self.tr("Send"))

    def begin(self, *, desk: str = "", sites: Sequence[int] = (), **given: Any) -> None:
        """A desk that was named keeps its place before the one the site would go to. `sites` go with this
        one, all as one hand-over."""
        self._others = tuple(sites)
        self._say_begin()
        if desk:
            self._desk.show_value(desk)
            self._desk.touched = True

    # -- filling in -----------------------------------------------------------------------------------

    def show_site(self, view: SiteView) -> None:
        self.button.setEnabled(self._draft is not None)
        self._work = asyncio.ensure_future(self._read_draft())

    def take_draft(self, draft: EscalationDraft) -> None:
        """Fill in what the desk proposes; words a person has typed stay."""
        self._draft = draft
        self._desk.fill(draft.desk)
        self._effect_needed.fill(draft.effect_needed)
        if draft.need_by_at is not None:
            self._by.fill(times.clock(draft.need_by_at, self.now, self.bridge.zone)[-5:])
        self._why.fill(draft.why_now)
        self._details.fill(draft.details)
        self._safe.fill(draft.safe_approach)
        self._people.fill(draft.people)
        self._mobility.fill(draft.mobility)
        self._quality.fill(draft.place_quality)
        self._unit.fill(draft.unit)
        self._call_back.fill(draft.call_back)
        self._language.fill(language_words(draft.language))
        self._done.fill(draft.already_done)
        self._channels.fill(draft.channels)
        self._tell.fill(("tell",) if draft.tell_residents else ())
        self._say_911(draft)
        self._say_update(draft)
        self._read_by()
        self.button.setEnabled(True)
        self.grew.emit()

    def filled(self) -> EscalationDraft:
        """The draft as it stands in the sheet now."""
        if self._draft is None:
            raise LandfallError(self.tr("The site is still being read."))
        desk = next((d for d in self.bridge.jurisdiction.desks if d.name == self._desk.value()), None)
        return replace(
            self._draft,
            desk=self._desk.value() or "",
            esf=desk.esf if desk else self._draft.esf,
            effect_needed=self._effect_needed.value(),
            need_by_at=self._read_by(),
            why_now=self._why.value(),
            details=self._details.value(),
            people=self._people.value(),
            mobility=self._mobility.value(),
            place_quality=self._quality.value() or "",
            unit=self._unit.value(),
            safe_approach=self._safe.value(),
            call_back=self._call_back.value(),
            language=self._language.value(),
            already_done=self._done.value(),
            channels=self._channels.value(),
            tell_residents=bool(self._tell.value()),
        )

    def public_words(self) -> str:
        return self._public.said()

    # -- doing ----------------------------------------------------------------------------------------

    def first_focus(self) -> QWidget:
        return self._effect_needed

    def problem(self) -> tuple[str, str] | None:
        if not self._desk.value():
            return "desk", self.tr("Choose who it goes to.")
        if not self._effect_needed.value():
            return "effect", self.tr("Say the effect needed: “traffic control at the crossing”.")
        if self._by.value() and self._read_by() is None:
            return "by", self.tr("Type a time like 15:00, +30 or 2 h, or leave it empty.")
        if not self._channels.value():
            return "channels", self.tr("Tick at least one way it goes.")
        return None

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Handed over to {}.").format(self._desk.value()), False

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.escalate, self.filled())

    def confirm(self) -> None:
        if self._preview.isVisible() and self.problem():
            self.toggle_preview()
        super().confirm()

    # -- preview --------------------------------------------------------------------------------------

    def toggle_preview(self) -> None:
        if not self._preview.isHidden():
            self._show_form(True)
        elif self._draft is not None:
            self._work = asyncio.ensure_future(self._read_preview())

    def save_pdf(self) -> None:
        form = self._preview.form
        if form is None:
            return
        dialog = QFileDialog(self, self.tr("Save the ICS 213"), f"{form.number or 'ICS-213'}.pdf")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("PDF (*.pdf)"))
        dialog.setDefaultSuffix("pdf")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.write_pdf(Path(path)))
        dialog.open()

    def write_pdf(self, path: Path) -> None:
        self._work = asyncio.ensure_future(self._write(path))

    # -- inside ---------------------------------------------------------------------------------------

    async def _read_draft(self) -> None:
        desk = self.bridge.desk
        try:
            on = await self.bridge.read(self.bridge.em_desk.roster)
            self._desk.offer(self._desks(on))
            draft = await self.bridge.read(desk.draft, self.site_id, self._others)
            self.take_draft(draft)
            said = told_text(await self.bridge.read(desk.preview, draft))
            self._public.say(self.tr("PUBLIC: “{}”").format(said))
            self.grew.emit()
        except LandfallError as error:
            self.say_effect(str(error), "alarm")

    async def _read_preview(self) -> None:
        try:
            escalation: Escalation = await self.bridge.read(self.bridge.desk.preview, self.filled())
        except LandfallError as error:
            self.say_effect(str(error), "alarm")
            return
        self._preview.show_form(fill(escalation, self.bridge.zone))
        self._show_form(False)

    async def _write(self, path: Path) -> None:
        form = self._preview.form
        try:
            content = await self.bridge.read(pdf.ics213, form)
            path.write_bytes(content)
        except OSError as error:
            self.say_effect(
                self.tr("The PDF could not be written: {why}.").format(why=error.strerror), "alarm"
            )
            return
        self.say_effect(self.tr("Saved as {path}").format(path=path))
        self.grew.emit()

    def _show_form(self, is_form: bool) -> None:
        self._form.setVisible(is_form)
        self._goes.setVisible(is_form)
        self._said_911.setVisible(is_form)
        self._preview.setVisible(not is_form)
        self._save_button.setVisible(not is_form)
        self._preview_button.say(self.tr("Preview form") if is_form else self.tr("Back"))
        (self._effect_needed if is_form else self.button).setFocus()
        self.scroll.verticalScrollBar().setValue(0)
        self.grew.emit()

    def _say_911(self, draft: EscalationDraft) -> None:
        told = draft.told_911
        if told is not None and told.is_told:
            at = times.clock(told.at, self.now, self.bridge.zone)
            number = self.tr(", no. {}").format(told.incident_number) if told.incident_number else ""
            self._said_911.say(self.tr("911 told {at}{number}").format(at=at, number=number), "text")
        elif told is not None or draft.needs_911:
            why = self.tr(" (not reached)") if told is not None else ""
            self._said_911.say(
                self.tr("911 NOT TOLD{why}. Ctrl 9 starts the 911 step; it holds nothing up.").format(
                    why=why
                ),
                "alarm",
            )
        elif self.view is not None and self.view.row.band == Band.P1:
            self._said_911.say(
                self.tr("911 not told. Ctrl 9 starts the 911 step, where a life is at risk."), "warn"
            )
        else:
            self._said_911.say(self.tr("911: not needed by category. Ctrl 9 starts the 911 step"), "text_dim")

    def _say_update(self, draft: EscalationDraft) -> None:
        """What Send does: begins a hand-over, adds to the desk's own, sends one again, goes beside others."""
        self._say_begin()
        self.say_act(self.tr("Send"))
        known = next(
            (
                e
                for e in (self.view.escalations if self.view else ())
                if draft.is_update_of in (e.number, e.escalation_id)
            ),
            None,
        )
        if not draft.is_update_of:
            beside = ", ".join(f"{number} ({desk})" for desk, number in draft.open_with.items())
            self.say_effect(self.tr("A hand-over of its own, beside {}.").format(beside) if beside else "")
            return
        number = known.number if known else draft.is_update_of
        when = times.age(self.now - (known.sent_at or known.created_at)) if known else ""
        sent = self.tr("sent {age} ago").format(age=when) if when else self.tr("sent already")
        self.say_effect(
            self.tr("Already handed over: {number} {sent}. This adds an update to it.").format(
                number=number, sent=sent
            ),
            "warn",
        )
        self.say_title(self.tr("Escalate: update"), f"ICS 213 · {number}")
        self.say_act(self.tr("Send update"))

    def _say_begin(self) -> None:
        count = len(self._others) + 1
        title = self.tr("Escalate {} sites as one").format(count) if count > 1 else self.tr("Escalate")
        self.say_title(title, "ICS 213")

    def _read_by(self) -> int | None:
        at = times.read_time(self._by.value(), self.now, self.bridge.zone)
        self._by.say_aside(times.ahead(at, self.now) if at is not None else "")
        return at

    def _make_fields(self) -> None:
        theme, tr = self.theme, self.tr
        channels = [(name, CHANNELS[name].label) for name in set_up(self.bridge.parts.channel_settings)]
        self._desk = self.keep("desk", ChoiceField(tr("To"), self._desks({}), theme=theme))
        self._effect_needed = self.keep("effect", LineField(tr("Effect needed"), theme=theme))
        self._by = self.keep("by", LineField(tr("By"), theme=theme, placeholder=tr("15:00, +30")))
        self._why = self.keep("why", TextField(tr("Why now"), theme=theme))
        self._details = self.keep("details", TextField(tr("What is known"), theme=theme))
        self._safe = self.keep("safe", TextField(tr("Safe approach"), theme=theme, least=1))
        self._people = self.keep("people", LineField(tr("People at risk"), theme=theme))
        self._mobility = self.keep("mobility", LineField(tr("Mobility, children, pets"), theme=theme))
        self._quality = self.keep("quality", ChoiceField(tr("Place, how sure"), qualities(), theme=theme))
        self._unit = self.keep("unit", LineField(tr("Unit or gate"), theme=theme))
        self._call_back = self.keep("call_back", LineField(tr("Call-back"), theme=theme))
        self._language = self.keep("language", LineField(tr("Language"), theme=theme))
        self._done = self.keep("done", LineField(tr("Already done"), theme=theme))
        self._channels = self.keep("channels", TicksField(tr("By way of"), channels, theme=theme))
        tell = [("tell", tr("Tell the residents once it is accepted"))]
        self._tell = self.keep("tell", TicksField("", tell, theme=theme, columns=1))
        self._by.edited.connect(self._read_by)
        self._desk.edited.connect(self._desk_chosen)

    def _desks(self, on: Mapping[str, OnDuty]) -> list[tuple[str, str]]:
        """Each desk with who is on it; a vacant one says so where others are taken."""
        vacant = self.tr("vacant") if any(each.person for each in on.values()) else ""
        said = {d.name: on[d.name].person if d.name in on else "" for d in self.bridge.jurisdiction.desks}
        return [
            (
                d.name,
                " · ".join(filter(None, (d.name, said[d.name] or d.esf, "" if said[d.name] else vacant))),
            )
            for d in self.bridge.jurisdiction.desks
        ]

    def _desk_chosen(self) -> None:
        if self._draft is not None:
            self._say_update(self.filled())
            self.grew.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        fields = self.fields
        column.addWidget(pack(fields, "desk", "by", shares=(5, 3)))
        column.addWidget(fields["effect"])
        column.addWidget(fields["why"])
        column.addWidget(fields["safe"])
        column.addWidget(pack(fields, "people", "mobility"))
        column.addWidget(pack(fields, "quality", "unit", shares=(5, 3)))
        column.addWidget(pack(fields, "call_back", "language", shares=(5, 3)))
        column.addWidget(
            Words(
                self.tr("Reported by a resident, not verified"),
                theme=self.theme,
                role="small",
                tone="text_dim",
            )
        )
        column.addWidget(fields["details"])
        column.addWidget(fields["done"])
        # Which ways it goes, and what residents will read, stand in sight wherever the form is scrolled to.
        self._goes = QWidget()
        goes = QVBoxLayout(self._goes)
        goes.setContentsMargins(2, 0, 2, 0)
        goes.setSpacing(6)
        goes.addWidget(fields["channels"])
        goes.addWidget(self._tell_box())
        self.keep_in_sight(self._goes)

    def _tell_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("part", "public")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 6, 10, 8)
        inside.setSpacing(2)
        inside.addWidget(self._tell)
        self._public = Words(theme=self.theme, role="small", tone="text_dim")
        inside.addWidget(self._public)
        return box


def language_words(code: str) -> str:
    """English for en: the form is read by people."""
    return QLocale.languageToString(QLocale(code).language()) if len(code) == 2 else code
