"""Lists that are never part of a report: homes for assessors, costs, restricted places; surveys of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dispatch.dollars import dollars
from dispatch.records import Survey, SurveyKind, SurveyRow
from dispatch.rights import why_not
from dispatch.snapshot.pa_costs import PaCosts
from dispatch.snapshot_job.orders import What
from ui.report import version_words
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.count_table import Cell, Column, CountTable, Row, cells
from ui.widgets.key_button import KeyButton
from ui.widgets.reading import Reading
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, hint

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
# The log's name of each list, which is its line of the rights table too.
ACTS = {
    What.HOMES: "homes_listed",
    What.RESTRICTED: "restricted_listed",
    What.PA_COSTS: "costs_listed",
    What.EVIDENCE: "evidence_listed",
}
IMPORT, TAKE_BACK = "survey_imported", "survey_taken_back"
MOST_ROWS = 200


class ListsPage(QWidget):
    wanted = Signal(object)  # What

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.surveys: tuple[Survey, ...] = ()
        self._cents = 0
        self._reading, self._reading_rows = Reading(self, bridge), Reading(self, bridge)
        self._build()
        self._say()

    @property
    def is_at_rest(self) -> bool:
        return self._reading.is_at_rest and self._reading_rows.is_at_rest

    def look(self) -> None:
        """What the store has now."""
        self._reading.begin(self._read(), lambda found: self.take(*found))

    async def _read(self) -> tuple[tuple[Survey, ...], PaCosts]:
        parts = self._bridge.parts
        surveys = await self._bridge.read(parts.survey_desk.surveys)
        return surveys, await self._bridge.read(parts.snapshot_desk.costs)

    def take(self, found: tuple[Survey, ...], costs: PaCosts) -> None:
        before = self.current()
        self.surveys = found
        self.table.show_rows([self._row(each) for each in found])
        ids = [each.survey_id for each in found]
        if before is not None and before.survey_id in ids:
            self.table.go(ids.index(before.survey_id))
        named = [(each.label, each) for each in costs.lines if each.rows.value]
        if named:
            named.append((self.tr("All lines"), costs.total))
        self.costs.show_rows(
            [
                Row(cells(name, f"{each.rows.value:,}", dollars(each.cents)), each.how())
                for name, each in named
            ]
        )
        self._cents = costs.total.cents
        self._remarks.say(" ".join(costs.remarks))
        self._say()

    def current(self) -> Survey | None:
        return self.surveys[self.table.current] if self.table.current < len(self.surveys) else None

    # -- what a person does ---------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        works: dict[tuple[Qt.KeyboardModifier, Qt.Key], Callable[[], object]] = {
            (_NONE, Qt.Key.Key_I): self.bring,
            (_SHIFT, Qt.Key.Key_X): self.take_back,
            (_NONE, Qt.Key.Key_H): lambda: self.ask_for(What.HOMES),
            (_NONE, Qt.Key.Key_C): lambda: self.ask_for(What.PA_COSTS),
            (_NONE, Qt.Key.Key_F): self.compare,
            (_NONE, Qt.Key.Key_E): lambda: self.ask_for(What.EVIDENCE),
            (_SHIFT, Qt.Key.Key_R): lambda: self.ask_for(What.RESTRICTED),
        }
        return works.get((held, Qt.Key(event.key())))

    def bring(self) -> None:
        self._sheets.open("report_survey", page=self)

    def take_back(self) -> None:
        survey = self.current()
        if survey is None or survey.is_taken_back:
            self._bridge.said.emit(self.tr("No survey is chosen that still counts."), False)
        elif no := self._may_not(TAKE_BACK):
            self._bridge.said.emit(no, False)
        else:
            self._bridge.act(self._bridge.parts.survey_desk.take_back, survey.survey_id)

    def compare(self) -> None:
        self._sheets.open("report_indicator", cents=self._cents)

    def ask_for(self, what: What) -> None:
        if no := self._may_not(ACTS[what]):
            self._bridge.said.emit(no, False)
        else:
            self.wanted.emit(what)

    # -- inside ---------------------------------------------------------------------------------------

    def _may_not(self, act: str) -> str:
        return why_not(self._bridge.parts.actor.role, act)

    def _row(self, each: Survey) -> Row:
        tone = "text_dim" if each.is_taken_back else "text"
        kinds = {SurveyKind.COUNTY: self.tr("County's survey"), SurveyKind.CREW: self.tr("Crews' results")}
        state = self.tr("taken back") if each.is_taken_back else ""
        now, zone = self._bridge.clock.now(), self._bridge.zone
        by = version_words.by(each.person, each.at, now, zone)
        return Row(
            (
                Cell(each.file_name, state, tone=tone),
                Cell(kinds[each.kind], tone=tone),
                Cell(by, tone=tone),
                Cell(f"{each.read:,}", tone=tone),
                Cell(f"{each.refused:,}", tone="warn" if each.refused and not state else tone),
                Cell(f"{each.taken - each.joined:,}", tone=tone),
                Cell(f"{each.joined:,}", tone=tone),
            )
        )

    def _say(self) -> None:
        for what, button in self._lists.items():
            no = self._may_not(ACTS[what])
            button.setEnabled(not no)
            button.setToolTip(hint(no))
        survey = self.current()
        self._back.setVisible(survey is not None and not survey.is_taken_back)
        if survey is None:
            self._apart.say("")
            self.apart.hide()
            return
        read = self._bridge.read(self._bridge.parts.survey_desk.rows, survey.survey_id)
        self._reading_rows.begin(read, self._show_apart)

    def _show_apart(self, of_survey: tuple[SurveyRow, ...]) -> None:
        rows = [row for row in of_survey if row.why_not]
        many = len(rows)
        said = self.tr("Rows that stand at no site: {}").format(f"{many:,}")
        self.apart.setVisible(bool(rows))
        self._apart.say(said if many else self.tr("Every row stands at a site."))
        self.apart.show_rows(
            [Row(cells(str(row.number), row.address, row.why_not), row.why_not) for row in rows[:MOST_ROWS]]
        )

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        columns = (
            Column(tr("File"), 22, is_number=False),
            Column(tr("What"), 14, is_number=False),
            Column(tr("Imported"), 18, is_number=False),
            Column(tr("Rows"), 7),
            Column(tr("Refused"), 8),
            Column(tr("At no site"), 9),
            Column(tr("At a site"), 8),
        )
        empty = tr("None yet: I brings in a county's survey or crews' results.")
        self.table = CountTable(tr("Surveys"), columns, theme=theme, empty=empty)
        self.table.moved.connect(self._say)
        self.setFocusProxy(self.table)
        self.apart = CountTable(
            tr("Rows that stand at no site"),
            (
                Column(tr("Row"), 5),
                Column(tr("Address"), 22, is_number=False),
                Column(tr("Why"), 50, is_number=False),
            ),
            theme=theme,
            empty="",
        )
        self.costs = CountTable(
            tr("Costs by Public Assistance line"),
            (Column(tr("Line"), 30, is_number=False), Column(tr("Rows"), 8), Column(tr("Cost"), 16)),
            theme=theme,
            empty=tr("No cost has a person, a source and a line yet."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._lists_card())
        across = QHBoxLayout()
        across.setSpacing(14)
        across.addWidget(self._surveys_card(), 62)
        across.addWidget(self._costs_card(), 38)
        column.addLayout(across, 1)

    def _lists_card(self) -> QFrame:
        theme, tr = self._theme, self.tr
        said = {
            What.HOMES: (
                KeyButton(tr("Homes for assessors"), "H", theme=theme),
                tr("Homes that residents speak of, the level their words suggest and why. It has addresses."),
            ),
            What.PA_COSTS: (
                KeyButton(tr("Costs by line"), "C", theme=theme),
                tr("What crews' results say work cost, each with who stands for it and where it was read."),
            ),
            What.EVIDENCE: (
                KeyButton(tr("Photos as evidence"), "E", theme=theme),
                tr("One zip: photos with checksum, time and place, and who went. Restricted sites stay out."),
            ),
            What.RESTRICTED: (
                KeyButton(tr("Restricted places"), "Shift R", theme=theme),
                tr("Where the sites are that every report names by neighborhood only: for who goes there."),
            ),
        }
        self._lists = {what: button for what, (button, _) in said.items()}
        card = _card()
        grid = QGridLayout(card)
        grid.setContentsMargins(18, 12, 18, 12)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for line, (what, (button, words)) in enumerate(said.items()):
            button.clicked.connect(lambda _checked=False, what=what: self.ask_for(what))
            grid.addWidget(button, line, 0)
            grid.addWidget(Words(words, theme=theme, tone="text_soft"), line, 1)
        foot = tr(
            "Each is a file of its own, outside of every report, and that it was written stands in the log."
        )
        grid.addWidget(Words(foot, theme=theme, role="small", tone="text_dim"), len(said), 0, 1, 2)
        return card

    def _surveys_card(self) -> QFrame:
        theme, tr = self._theme, self.tr
        self._bring = KeyButton(tr("Import a survey"), "I", theme=theme)
        self._bring.clicked.connect(self.bring)
        self._back = KeyButton(tr("Take it back"), "Shift X", theme=theme)
        self._back.clicked.connect(self.take_back)
        self._apart = Words(theme=theme, role="small_strong", tone="text_dim")
        card = _card()
        frame = QVBoxLayout(card)
        frame.setContentsMargins(12, 12, 10, 10)
        frame.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(Words(tr("Surveys of others"), theme=theme, role="strong", wrap=False))
        head.addStretch()
        head.addWidget(self._bring)
        head.addWidget(self._back)
        frame.addLayout(head)
        body = ScrollBody()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.setSpacing(8)
        for each in (self.table, self._apart, self.apart):
            inside.addWidget(each)
        inside.addStretch()
        frame.addWidget(scroller(body), 1)
        return card

    def _costs_card(self) -> QFrame:
        theme, tr = self._theme, self.tr
        self._remarks = Words(theme=theme, role="small", tone="text_dim")
        self._remarks.setContentsMargins(6, 0, 6, 0)
        card = _card()
        frame = QVBoxLayout(card)
        frame.setContentsMargins(12, 12, 10, 10)
        frame.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 0, 0)
        head.addWidget(Words(tr("Costs by line"), theme=theme, role="strong", wrap=False))
        head.addStretch()
        compare = KeyButton(tr("FEMA's indicator"), "F", theme=theme)
        compare.clicked.connect(self.compare)
        head.addWidget(compare)
        frame.addLayout(head)
        frame.addWidget(self.costs)
        frame.addWidget(self._remarks)
        decides = Words(tr("Eligibility is FEMA's decision."), theme=theme, role="small", tone="text_dim")
        decides.setContentsMargins(6, 0, 6, 0)
        frame.addWidget(decides)
        frame.addStretch()
        return card


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("part", "card")
    return card
