"""Reports and replies in order; ours with its way out, notes in their own color. Plain text throughout."""

from __future__ import annotations

import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatch.records import Millis, OutboxKind, OutboxState, SiteView, ThreadLine
from ui.queue.section import Section
from ui.sheets.words import followers_words, reporters_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.words import Words, hint

_LINK = re.compile(r"https?://[^\s<>\"']+")
_OURS_INDENT = 24
# What stands indented, and as what.
PARTS = {"ours": "ours", "note": "note", "internal": "note", "city": "ours", "rule": "ours"}


class Thread(Section):
    """`wall_now` is real time: by it messages leave."""

    link_chosen = Signal(str)
    taken_back = Signal(object)

    def __init__(self, *, theme: Theme, zone: ZoneInfo, wall_now: Callable[[], Millis]) -> None:
        super().__init__("", theme=theme)
        self.say_heading(self.tr("Reports and replies"))
        self.rows.setSpacing(8)
        self._zone = zone
        self._wall_now = wall_now
        self._first_author = ""
        self._leaving: list[tuple[list[ThreadLine], Words, QPushButton]] = []

    def show_site(self, view: SiteView, now: Millis) -> None:
        self.clear()
        self._leaving = []
        reports = [line for line in view.thread if line.kind == "report"]
        self._first_author = reports[0].author if reports else ""
        for lines in together(view.thread):
            self.rows.addWidget(self._bubble(lines, view, now))
        if not view.thread:
            self.add_line(self.tr("No words and no replies yet."), tone="text_dim")
        self.tick()

    def tick(self) -> None:
        """Count down what can still be taken back."""
        now = self._wall_now()
        for lines, words, button in self._leaving:
            left_s = -(-(lines[0].due_at - now) // 1000)
            if left_s > 0:
                words.say(self.tr("leaves in {} s · U takes it back").format(left_s), "text_dim")
            else:
                words.say(self.tr("on its way"), "text_dim")
            button.setVisible(left_s > 0)

    def _bubble(self, lines: list[ThreadLine], view: SiteView, now: Millis) -> QWidget:
        line = lines[0]
        frame = QFrame()
        frame.setProperty("part", PARTS.get(line.kind, "card"))
        column = QVBoxLayout(frame)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(3)
        text = line.text or self.tr("No words.")
        tone = "text" if line.text else "text_dim"
        column.addWidget(Words(text, theme=self.theme, tone=tone, copyable=True))
        said = Words(self._said_by(lines, view, now), theme=self.theme, role="small", tone="text_dim")
        column.addWidget(said)
        self._add_changes(column, line, now)
        self._add_state(column, lines)
        self._add_doors(column, line)
        if line.kind not in PARTS:
            return frame
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(_OURS_INDENT, 0, 0, 0)
        across.addWidget(frame)
        return holder

    def _said_by(self, lines: list[ThreadLine], view: SiteView, now: Millis) -> str:
        line, at = lines[0], times.clock(lines[0].at, now, self._zone)
        if line.kind == "note":
            where = self.tr("to the city's internal comments") if line.act else self.tr("never sent")
            return self.tr("INTERNAL note · {who} · {at} · {where}").format(
                who=line.author, at=at, where=where
            )
        if line.kind == "internal":
            return self.tr("INTERNAL at the city · {who} · {at} · the public does not see it").format(
                who=line.author, at=at
            )
        if line.act == OutboxKind.ASSIGN:
            return self.tr("Assigned · {who} · {at}").format(who=line.author, at=at)
        if line.kind == "ours":
            people = self.tr("to {}").format(reporters_words(len(lines)))
            followers = followers_words(view.followers)
            return self.tr("{who} · {at} · {people} · PUBLIC on the city's site, {followers}").format(
                who=line.author or self.tr("We"), at=at, people=people, followers=followers
            )
        who = {
            "city": self.tr("The city"),
            "rule": self.tr("The city, by rule"),
            "system": self.tr("The 311 server"),
        }.get(line.kind) or (
            self.tr("Resident") if line.author == self._first_author else self.tr("Another resident")
        )
        parts = [who, at]
        if line.kind == "report" and line.request_id and len(view.requests) > 1:
            parts.append(self.tr("no. {}").format(line.request_id))
        if line.photo_url:
            parts.append(self.tr("1 photo"))
        return " · ".join(parts)

    def _add_changes(self, column: QVBoxLayout, line: ThreadLine, now: Millis) -> None:
        """What the city's site has changed or moderated since the line came, with what it said at first."""
        if line.is_moderated:
            words = self.tr("MODERATED on the city's site: the public may not see it")
            column.addWidget(Words(words, theme=self.theme, role="small", tone="warn"))
        if line.edited_at:
            at = times.clock(line.edited_at, now, self._zone)
            words = self.tr("CHANGED on the city's site, seen {at}. At first: “{text}”")
            said = words.format(at=at, text=line.first_text)
            column.addWidget(Words(said, theme=self.theme, role="small", tone="warn", copyable=True))

    def _add_state(self, column: QVBoxLayout, lines: list[ThreadLine]) -> None:
        if lines[0].kind != "ours" and not lines[0].state:
            return
        states = {line.state for line in lines}
        words = Words(theme=self.theme, role="small")
        if OutboxState.FAILED in states:
            why = next((line.error for line in lines if line.error), "")
            words.say(self.tr("NOT SENT: {}").format(why or self.tr("the server refused it")), "alarm")
        elif states == {OutboxState.TAKEN_BACK}:
            words.say(self.tr("taken back, never sent"), "text_dim")
        elif states == {OutboxState.SENT}:
            words.say(self.tr("sent"), "text_dim")
        elif OutboxState.HELD in states:
            words.say(self.tr("waiting at the city: shown once a moderator has read it"), "warn")
        elif OutboxState.WAITING in states:
            back = QPushButton(self.tr("Take back"))
            back.setProperty("look", "quiet")
            ids = [line.outbox_id for line in lines if line.state == OutboxState.WAITING]
            back.clicked.connect(lambda: self.taken_back.emit(ids))
            row = QHBoxLayout()
            row.addWidget(words, 1)
            row.addWidget(back)
            column.addLayout(row)
            self._leaving.append((lines, words, back))
            return
        else:
            words.say(self.tr("on its way"), "text_dim")
        column.addWidget(words)

    def _add_doors(self, column: QVBoxLayout, line: ThreadLine) -> None:
        """What leads out of the program: a photo or a link, each by a button that asks first."""
        links = [
            (url.rstrip(".,;:!?)"), self.tr("Open link in the browser")) for url in _LINK.findall(line.text)
        ]
        if line.photo_url:
            links.insert(0, (line.photo_url, self.tr("Open photo in the browser")))
        for url, words in links[:4]:
            button = QPushButton(words)
            button.setToolTip(hint(url))
            button.clicked.connect(lambda _on=False, url=url: self.link_chosen.emit(url))
            column.addWidget(button)


def together(thread: tuple[ThreadLine, ...]) -> list[list[ThreadLine]]:
    """One act sends a message to each reporter: those lines are one line with a count."""
    groups: list[list[ThreadLine]] = []
    for line in thread:
        last = groups[-1][0] if groups else None
        is_same = (
            last is not None
            and line.kind == last.kind == "ours"
            and (line.text, line.at) == (last.text, last.at)
        )
        if is_same:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups
