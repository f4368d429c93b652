"""The command line: every command by name, and whole lines such as `esc 18234`, `dup 18234 18230`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dispatch.geo.coordinates import NotAPosition
from dispatch.jurisdiction import DeskEntry
from ui.commands import Commands, QueueActs
from ui.palette_entry import ENTRY, ROW, Entry, EntryDelegate, only_said
from ui.palette_search import Finder, LookUpBy, is_near
from ui.queue.play_back import read_past
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.guard import guarded

_WIDTH, _ROWS = 640, 11
_OPENERS = {"command_line", "palette", "undo_ask"}  # they lead here

SiteByNumber = Callable[[str], int]


class CommandLine(QFrame):
    def __init__(
        self,
        *,
        commands: Commands,
        acts: QueueActs,
        selection: Selection,
        site_by_number: SiteByNumber,
        sheets_open: Callable[..., object],
        desks: Sequence[DeskEntry],
        theme: Theme,
        host: QWidget,
        look_up: LookUpBy | None = None,
    ) -> None:
        """`site_by_number` finds a site by what the operator reads on the screen, 0 when there is none;
        `look_up` asks the store what somebody means who types this."""
        super().__init__(host)
        self._commands = commands
        self._acts = acts
        self._selection = selection
        self._site_by_number = site_by_number
        self._sheets_open = sheets_open
        self._desks = desks
        self._host = host
        self._finder = Finder(selection=selection, look_up=look_up, parent=self)
        self._finder.found.connect(self._take_found)
        self._focus_before: QWidget | None = None
        self.setProperty("part", "popup")
        self.line = QLineEdit()
        self.line.setPlaceholderText(
            self.tr("A command, a number, an address, words; esc 18234; near 22nd Ave S 300; at 14:00")
        )
        self.line.setAccessibleName(self.tr("Command line"))
        self.line.textChanged.connect(self._take_text)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("look", "plain")
        self.list.setItemDelegate(EntryDelegate(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(lambda _item: self.run())
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.hide()

    def open(self, text: str = "") -> None:
        if not self.isVisible():
            self._focus_before = self.window().focusWidget()
        self.line.setText(text)
        self._take_text(text)
        self.show()
        self.raise_()
        self.line.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._finder.stop()

    def leave(self) -> None:
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()

    def run(self) -> None:
        """Do what is chosen; what cannot be done now stays open and dim."""
        item = self.list.currentItem()
        if item is None:
            return
        entry: Entry = item.data(ENTRY)
        if entry.can:
            self.leave()
            entry.do()

    def entries(self) -> list[Entry]:
        text = self.line.text().strip()
        spoken = self._whole_line(text.lower().split())
        matching = [
            Entry(command.title, command.group, command.key, command.do, command.can())
            for command in self._commands
            if command.name not in _OPENERS and _matches(text, command.title, command.name)
        ]
        matching.sort(key=lambda entry: (not entry.title.lower().startswith(text.lower()), not entry.can))
        if not text:
            return matching
        title = self.tr("Search the reports for “{}”").format(text)
        search = [] if is_near(text) else [Entry(title, "", "", lambda: self._selection.look_for(text))]
        return [*spoken, *matching, *self._finder.entries(text), *search]

    # -- whole lines --------------------------------------------------------------------------------

    def _whole_line(self, words: list[str]) -> list[Entry]:
        if not words:
            return []
        verb, rest = words[0], words[1:]
        if verb == "esc" and rest:
            return self._escalate(rest[0], " ".join(rest[1:]))
        if verb == "dup" and len(rest) >= 2:
            others = [self._site_by_number(number) for number in rest[1:]]
            if not all(others):
                return [only_said(self._no_site(rest[1:], others))]
            is_one = len(others) == 1
            verb = self.tr("Duplicate") if is_one else self.tr("Merge into")
            to = self.tr(" of {}").format(rest[1]) if is_one else ""
            return [
                self._about_site(verb, rest[0], lambda s: self._acts.duplicate_of(s, others), to=to),
            ]
        if verb == "goto":
            return [self._go_to(" ".join(rest))]
        if verb == "at" and len(rest) == 1:
            return [self._at(rest[0])]
        if verb.isdigit() and not rest and self._site_by_number(verb):
            return [self._about_site(self.tr("Go to"), verb, self._selection.go)]
        return []

    def _escalate(self, number: str, to: str) -> list[Entry]:
        """One entry for each desk that is meant: ESF 3 may be two of them."""
        if not to:
            open_sheet = self._sheets_open
            return [self._about_site(self.tr("Escalate"), number, lambda s: open_sheet("escalate", s))]
        desks = list(desks_called(to, self._desks))
        if not desks:
            return [only_said(self.tr("No desk is called {}").format(to))]
        return [self._escalate_to(number, desk) for desk in desks]

    def _escalate_to(self, number: str, desk: DeskEntry) -> Entry:
        return self._about_site(
            self.tr("Escalate"),
            number,
            lambda s: self._sheets_open("escalate", s, desk=desk.name),
            to=self.tr(" to {}").format(desk.name),
        )

    def _about_site(self, verb: str, number: str, do: Callable[[int], object], *, to: str = "") -> Entry:
        site_id = self._site_by_number(number.lstrip("#"))
        if not site_id:
            return only_said(self._no_site([number], [0]))
        board = self._selection.board
        what = board.what[board.row(site_id)]
        where = board.where[board.row(site_id)]

        def run() -> None:
            self._selection.go(site_id)
            do(site_id)

        return Entry(f"{verb} {number}{to}: {what}", where, "", run)

    def _at(self, text: str) -> Entry:
        """The queue as it stood at a clock time."""
        now, zone = self._selection.clock.now(), self._selection.zone
        when = read_past(text, now, zone)
        if when is None:
            return only_said(self.tr("at needs a clock time, such as at 14:00"))
        said = self.tr("As it stood at {}").format(times.clock(when, now, zone))
        return Entry(said, "", "", lambda: self._acts.look_at(when))

    def _go_to(self, text: str) -> Entry:
        try:
            title, where, go = self._acts.map.goto(text)
        except NotAPosition as error:
            return only_said(str(error))
        return Entry(title, where, "", go)

    def _no_site(self, numbers: list[str], found: list[int]) -> str:
        missing = [number for number, site in zip(numbers, found, strict=True) if not site]
        return self.tr("There is no site {} here").format(", ".join(missing))

    # -- showing ------------------------------------------------------------------------------------

    def _take_text(self, text: str) -> None:
        self._finder.ask(text.strip())
        self._fill()

    def _take_found(self, text: str) -> None:
        """What was found joins below the commands: a line that the operator went to stays the chosen one."""
        if not self.isVisible() or text != self.line.text().strip():
            return
        item = self.list.currentItem()
        chosen = item.data(ENTRY).title if item is not None and self.list.currentRow() else ""
        self._fill()
        titles = [self.list.item(i).data(ENTRY).title for i in range(self.list.count())]
        if chosen in titles:
            self.list.setCurrentRow(titles.index(chosen))

    def _fill(self) -> None:
        self.list.clear()
        entries = self.entries()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(ENTRY, entry)
            self.list.addItem(item)
        if entries:
            self.list.setCurrentRow(0)
        rows = max(1, min(len(entries), _ROWS))
        self.list.setFixedHeight(rows * ROW)
        self.setFixedWidth(min(_WIDTH, self._host.width() - 40))
        self.adjustSize()
        self.move((self._host.width() - self.width()) // 2, 72)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                row = self.list.currentRow() + step
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                return True
        return False


def desks_called(words: str, desks: Iterable[DeskEntry]) -> Iterable[DeskEntry]:
    """By the number of their function, typed esf12 or "esf 12", or by the beginning of their name."""
    meant = words.replace(" ", "").lower()
    for desk in desks:
        if desk.esf.replace(" ", "").lower() == meant or desk.name.replace(" ", "").lower().startswith(meant):
            yield desk


def _matches(text: str, title: str, name: str) -> bool:
    """Each word typed begins a word of the title or of the name."""
    words = (title.lower() + " " + name.replace("_", " ")).split()
    return all(any(word.startswith(typed) for word in words) for typed in text.lower().split())
