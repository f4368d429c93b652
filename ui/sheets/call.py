"""A call being taken: typed while the caller speaks, by keys alone, and the next one at once after it."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.calls.reader import CallLook
from dispatch.errors import LandfallError
from dispatch.intake import public_words
from dispatch.records import Band, Call, Place, Taken, Told911
from ui.sheets import call_words
from ui.sheets.call_category import CategoryField
from ui.sheets.call_near import MOST, NearPanel
from ui.sheets.call_where import WhereField
from ui.sheets.public_words import doubt_about
from ui.sheets.words import band_words
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, LineField, PickField, TextField, TicksField, pack
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

TYPING_MS = 150
WIDTH = 540
INJURED, TRAPPED = "injured", "trapped"
_ALT = Qt.KeyboardModifier.AltModifier
_DIGITS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


class CallSheet(Sheet):
    """Ctrl Enter takes the call, and an empty form for the next one stands there. Alt M goes to the map,
    where Enter or a click takes the spot; Alt 1 to 5 adds the call to a site that stands there already;
    Alt 9 goes to the 911 step, which never holds the call up (S3)."""

    NAME = "call"
    IS_LEFT = True  # over the list: the map is what one looks at
    KEEPS_WORDS = True
    AIMS = True

    aim_wanted = Signal()
    meant = Signal(object)

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0, last: Taken | None = None) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._last = last
        self._taken: Taken | None = None
        self._look: CallLook | None = None
        self._looking: asyncio.Task[None] | None = None
        self._finding: asyncio.Task[None] | None = None
        self.say_title(self.tr("Call"), call_words.taken(last) if last else "")
        self._build_911()
        self._build_fields()
        self.near = NearPanel(theme=theme)
        self.near.changed.connect(self._say)
        self._read_back = Words(theme=theme, copyable=True)
        self.keep_in_sight(self.near)
        self.keep_in_sight(self._read_back)
        self.add_side_button(self.tr("Map"), "Alt M", self.aim_wanted.emit)
        self.shortcuts[(_ALT, Qt.Key.Key_M)] = self.aim_wanted.emit
        self.shortcuts[(_ALT, Qt.Key.Key_9)] = self._go_to_911
        for number, key in enumerate(_DIGITS[:MOST], 1):
            self.shortcuts[(_ALT, key)] = lambda number=number: self.near.choose(number)
        # An editor takes a digit with Alt for a digit.
        for editor in (*self.findChildren(QLineEdit), *self.findChildren(QPlainTextEdit)):
            editor.installEventFilter(self)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._look_again)
        self._placing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._placing.timeout.connect(self._find)
        self.edited.connect(self._typing.start)
        self.edited.connect(self._say)
        self.where.line.textEdited.connect(self._where_typed)
        self.where.meant.connect(self._place_meant)
        bridge.changed.connect(self._room_changed)
        self.read_for(self._get_ready())
        self._say()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            act = self.shortcuts.get((event.modifiers(), Qt.Key(event.key())))
            if act is not None:
                act()
                return True
        return super().eventFilter(watched, event)

    # -- what stands in it --------------------------------------------------------------------------------

    def _build_911(self) -> None:
        theme, city = self.theme, self.bridge.jurisdiction
        self.first_911 = QFrame()
        self.first_911.setProperty("part", "alarm")
        self._read_out = Words(theme=theme, copyable=True)
        head = self.tr("911 first: {number}, ten-digit {digits}. Read this out:")
        said = head.format(number=city.emergency_number, digits=city.emergency_ten_digit)
        outcomes = [(True, self.tr("911 told")), (False, self.tr("Not reached"))]
        self._told = self.keep(
            "told", PickField(self.tr("What came of it"), outcomes, theme=theme, columns=2)
        )
        self._incident = self.keep("incident", LineField(self.tr("911 incident number (Alt 9)"), theme=theme))
        column = QVBoxLayout(self.first_911)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(6)
        column.addWidget(Words(said, theme=theme, role="strong", tone="alarm"))
        column.addWidget(self._read_out)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._told, 3)
        row.addWidget(self._incident, 2)
        column.addLayout(row)
        self._column.insertWidget(self._column.indexOf(self.scroll), self.first_911)
        self.first_911.hide()
        self._incident.edited.connect(self._number_means_told)

    def _build_fields(self) -> None:
        theme, tr = self.theme, self.tr
        self.what = self.add("what", TextField(tr("What the caller says (public)"), theme=theme, most=4))
        self.category = CategoryField(tr("Category"), theme=theme)
        self.add("category", self.category)
        placeholder = tr("2214 22nd Ave S · 2200 block 22nd Ave S · Central Ave & 5th St N")
        self.where = WhereField(tr("Where"), theme=theme, placeholder=placeholder)
        self.add("where", self.where)
        self._pin = self.keep("pin", LineField("", theme=theme))
        self._pin.setParent(self)
        self._pin.hide()
        yes_no = [(None, tr("not asked")), (True, tr("yes")), (False, tr("no"))]
        tongues = ("", "English", "Spanish", "Haitian Creole", "Vietnamese", "Other")
        lines = {
            "landmark": tr("Landmark (public)"),
            "unit": tr("Unit"),
            "gate": tr("Gate"),
            "people": tr("How many people"),
            "mobility": tr("Mobility"),
            "name": tr("Caller"),
            "phone": tr("Call-back number"),
            "note": tr("Note, ours alone"),
        }
        for name, label in lines.items():
            self.keep(name, LineField(label, theme=theme))
        marks = [(TRAPPED, tr("Trapped")), (INJURED, tr("Injured"))]
        self.keep("marks", TicksField(tr("Anybody"), marks, theme=theme))
        self.keep(
            "language", ChoiceField(tr("Language"), [(t, t or tr("not asked")) for t in tongues], theme=theme)
        )
        self.keep("may_call", ChoiceField(tr("May we call back"), yes_no, theme=theme))
        for row, shares in (
            (("landmark", "unit", "gate"), (3, 1, 1)),
            (("people", "marks", "mobility"), (2, 3, 2)),
            (("name", "phone"), (3, 2)),
            (("language", "may_call"), (1, 1)),
            (("note",), (1,)),
        ):
            self.body.addWidget(pack(self.fields, *row, shares=shares))

    def first_focus(self) -> QWidget:
        return self.what

    def draft(self) -> dict[str, Any]:
        return {name: value for name, value in super().draft().items() if value not in ("", (), None)}

    def restore(self, draft: dict[str, Any]) -> None:
        super().restore(draft)
        if (pin := str(draft.get("pin", ""))) and (place := _place_of(pin)):
            self.where.take_spot(place)
        if draft.get("where"):
            self._placing.start()
        self._say()

    # -- the call -----------------------------------------------------------------------------------------

    def call(self) -> Call:
        fields = self.fields
        service = self.category.chosen()
        people = fields["people"].value()
        marks = fields["marks"].value()
        return Call(
            text=self.what.value(),
            service_code=service.code if service else "",
            service_name=service.title if service else "",
            address=self.where.address(),
            place=self.where.place(),
            place_quality=self.where.quality(),
            caller=fields["name"].value(),
            call_back=fields["phone"].value(),
            landmark=fields["landmark"].value(),
            unit=fields["unit"].value(),
            gate=fields["gate"].value(),
            people=int(people) if people.isdecimal() else None,
            is_injured=INJURED in marks,
            is_trapped=TRAPPED in marks,
            mobility=fields["mobility"].value(),
            language=fields["language"].value() or "",
            may_call=fields["may_call"].value(),
            note=fields["note"].value(),
            told_911=self._told_911(),
        )

    @property
    def is_p1(self) -> bool:
        return self._look is not None and self._look.band == Band.P1

    def problem(self) -> tuple[str, str] | None:
        if not self.what.value():
            return "what", self.tr("Type what the caller says.")
        people = self.fields["people"].value()
        if people and not (people.isdecimal() and len(people) < 5):
            return "people", self.tr("Type a number, or nothing.")
        return None

    def doubt(self) -> str:
        """Private words are asked about (S8); a poor place only where no life is at risk (S11)."""
        said = [doubt_about(public_words(self.call()))]
        if not self.is_p1:
            if self.where.question:
                said.append(
                    self.tr("{which} Take it with the place not confirmed?").format(which=self.where.question)
                )
            elif not (self.where.address() or self.where.place() or self.near.chosen_id):
                said.append(self.tr("There is no place. Take it all the same?"))
        return " ".join(filter(None, said))

    def act(self) -> asyncio.Task[Any]:
        work = self.bridge.parts.call_desk.take_call
        task = self.bridge.act(work, self.call(), self.near.chosen_id)
        task.add_done_callback(self._remember)
        return task

    def done_words(self) -> tuple[str, bool]:
        done = self._taken
        if done is None:
            return "", False
        said = [self.tr("Taken. Tell the caller: {}.").format(call_words.taken(done))]
        if done.joined or done.linked:
            words = self.tr("One more report of site {}.") if done.joined else self.tr("Tied to site {}.")
            said.append(words.format(done.joined or done.linked))
        if self.is_p1 and self._told.value() is not True:
            said.append(self.tr("911 NOT TOLD."))
        return " ".join(said), bool(done.joined)

    def follows(self) -> Sheet | None:
        return CallSheet(bridge=self.bridge, theme=self.theme, last=self._taken)

    def _remember(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is None:
            self._taken = task.result()[0]

    # -- the place ----------------------------------------------------------------------------------------

    def take_spot(self, place: Place) -> None:
        """A spot on the map."""
        self.where.take_spot(place)
        self._pin.show_value(self.where.pin())
        self._pin.touched = True

    def _where_typed(self) -> None:
        self._placing.start()

    def _find(self) -> None:
        if self._finding is not None:
            self._finding.cancel()
        self._finding = self.read_for(self._find_place(self.where.value()))

    async def _find_place(self, typed: str) -> None:
        found = await self.bridge.read(self.bridge.parts.call_reader.find_place, typed)
        if isValid(self) and typed == self.where.value():
            self.where.take_found(found)
            self._look_again()
            self.grew.emit()

    def _place_meant(self, place: Place | None) -> None:
        self.meant.emit(place)
        self._say()

    # -- what is made of it while it is typed -------------------------------------------------------------

    async def _get_ready(self) -> None:
        reader = self.bridge.parts.call_reader
        services = await self.bridge.read(reader.services)
        if not isValid(self):
            return
        self.category.offer(services)
        await self.bridge.parts.workers.network(reader.read_layers)
        while isValid(self) and await self.bridge.read(reader.learn):
            pass

    def _room_changed(self, _delta: object) -> None:
        """Another seat may have taken a call about the same; the server may have numbered the last one."""
        if self.what.value() or self.where.value():
            self._typing.start()
        if self._last is not None:
            self.read_for(self._number_of(self._last))

    async def _number_of(self, last: Taken) -> None:
        server_id = await self.bridge.read(self.bridge.parts.call_reader.server_id, last.request_key)
        if isValid(self) and server_id:
            self._last = None
            self.say_title(self.tr("Call"), call_words.taken(last, server_id))

    def _look_again(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self.read_for(self._look_at(self.call()))

    async def _look_at(self, call: Call) -> None:
        try:
            look = await self.bridge.read(self.bridge.parts.call_reader.look, call, self.bridge.clock.now())
        except LandfallError:
            return  # the database is away: the call is kept all the same, and triaged when it is back
        if isValid(self):
            self._look = look
            self.category.suggest(look.suggested, look.keyword)
            self.near.show_found(look.near, self.bridge.clock.now())
            self._say()

    def _say(self) -> None:
        call, look = self.call(), self._look
        self._read_back.say(call_words.read_back(call, self.bridge.jurisdiction.municipality))
        if look is not None and call.text:
            said = f"{look.band.name} · {band_words(look.band)}"
            self.say_subject(look.band, said, " · ".join(look.why))
        self.first_911.setVisible(self.is_p1)
        is_sure = call.place is not None and not (look and look.place_doubt)
        city = self.bridge.jurisdiction.municipality
        self._read_out.say(call_words.read_out(call, city, is_confirmed=is_sure))
        self.say_effect(*self._place_words(call))
        if not self._doubted:
            self.say_act(self._act())
        self.grew.emit()

    def _place_words(self, call: Call) -> tuple[str, str]:
        if not call.text:
            return self.tr("What and where, then Ctrl Enter. Everything else can be left empty."), "text_soft"
        if self._look is not None and self._look.place_doubt:
            return self.tr("PLACE NOT CONFIRMED. {}").format(self._look.place_doubt), "warn"
        if call.place is None:
            return self.tr("PLACE NOT CONFIRMED"), "warn"
        return self._look.area if self._look else "", "text_soft"

    def _act(self) -> str:
        near = self.near.chosen()
        if near is None:
            return self.tr("Take the call")
        words = self.tr("Tie to site {}") if near.is_link else self.tr("Add to site {}")
        return words.format(near.site_id)

    # -- 911 ----------------------------------------------------------------------------------------------

    def _go_to_911(self) -> None:
        if self.is_p1:
            self._incident.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _number_means_told(self) -> None:
        if self._incident.value() and self._told.value() is None:
            self._told.show_value(True)
            self._told.touched = True

    def _told_911(self) -> Told911 | None:
        told = self._told.value()
        if told is None or not self.is_p1:
            return None
        return Told911(bool(told), self.bridge.clock.now(), incident_number=self._incident.value())


def _place_of(words: str) -> Place | None:
    lat, _, lng = words.partition(", ")
    try:
        return Place(float(lat), float(lng))
    except ValueError:
        return None
