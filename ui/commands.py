"""Every command once: name, title, key, when it can be given, what it does. Menus, palette and ? read it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QCoreApplication

from dispatch.board import CLOSED
from dispatch.bulk.kinds import BulkKind
from dispatch.claim_rules import is_stale
from dispatch.records import Band, Millis
from ui.map.commands import MapActs
from ui.queue.view import QueueView
from ui.sheets.bulk_words import kind_words
from ui.widgets import times

Work = Callable[[], object]

VIEW = "view:"  # how the names of the commands begin that open saved views


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """`key` is as Qt writes it ("Shift+C"), or two letters after each other ("G Q"); empty for none.

    `waits` marks an act that a single letter or digit would carry out: it is held back until it is sure
    that no word is being typed (S12).
    """

    name: str
    group: str
    title: str
    key: str
    do: Work
    can: Callable[[], bool] = _always
    waits: bool = False
    not_in_text: bool = False  # the key means something else to who is typing, or has a sheet open
    steps: bool = False  # moves on in the list: may be repeated as fast as the keyboard can


class Window(Protocol):
    """What commands need of the window beside the Queue."""

    def go_to(self, screen: str) -> None: ...
    def open_command_line(self, text: str = "") -> None: ...
    def open_help(self) -> None: ...
    def open_sync(self) -> None: ...
    def open_views(self) -> None: ...
    def save_view(self) -> None: ...
    def toggle_theme(self) -> None: ...
    def lock(self) -> None: ...
    def change_person(self) -> None: ...
    def mute(self) -> None: ...
    def show_alarms(self) -> None: ...
    def say(self, sentence: str, is_alarm: bool = False, can_undo: bool = False) -> None: ...
    @property
    def screen(self) -> str: ...
    @property
    def play_back(self) -> Any: ...
    @property
    def ask_bar(self) -> Any: ...
    @property
    def kept(self) -> Any: ...


class Commands:
    """All commands in the order they are listed; `keys` from the settings overrules the default keys."""

    def __init__(
        self,
        commands: list[Command],
        *,
        keys: Mapping[str, str] | None = None,
        single_letters: bool = True,
    ) -> None:
        own = keys or {}
        taken = {key for key in own.values() if key}
        self._by_name: dict[str, Command] = {}
        for command in commands:
            key = own.get(command.name, "" if command.key in taken else command.key)
            if not single_letters and len(key) == 1 and key.isalnum():
                key = ""
            self._by_name[command.name] = replace(command, key=key)
        self._by_key = {command.key: command for command in self if command.key}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Command:
        return self._by_name[name]

    def with_key(self, key: str) -> Command | None:
        return self._by_key.get(key)

    def begins(self, key: str) -> bool:
        """Whether this key is the first of two."""
        return any(known.startswith(key + " ") for known in self._by_key)

    def replace_views(self, views: list[Command]) -> None:
        """The commands that open saved views, as the person has them now; a key that is taken stays away."""
        kept = {n: c for n, c in self._by_name.items() if not n.startswith(VIEW)}
        taken = {command.key for command in kept.values() if command.key}
        for view in views:
            kept[view.name] = replace(view, key="" if view.key in taken else view.key)
        self._by_name = kept
        self._by_key = {command.key: command for command in self if command.key}

    def give(self, name: str) -> bool:
        """Do it, if it can be done now."""
        command = self._by_name[name]
        if not command.can():
            return False
        command.do()
        return True


class QueueActs:
    """What the Queue's commands do to the current site: sheets are opened, small acts go to the desk."""

    def __init__(self, *, bridge: Any, queue: QueueView, sheets: Any, window: Window) -> None:
        self._bridge = bridge
        self._queue = queue
        self._selection = queue.selection
        self._sheets = sheets
        self._window = window
        self.map = MapActs(map_view=queue.map, window=window)
        sheets.closed.connect(self._untick_merged)

    def has_site(self) -> bool:
        return self._window.screen == "queue" and bool(self._selection.current)

    def sheet(self, name: str) -> Work:
        return lambda: self._sheets.open(name, self._selection.current)

    def escalate(self) -> None:
        """The current site; where others are ticked, all of them as one hand-over."""
        site_id = self._selection.current
        self._sheets.open("escalate", site_id, sites=sorted(self._selection.checked - {site_id}))

    def step(self, by: int) -> None:
        # A button pressed by mouse has kept the focus: from here on Space means the site again.
        self._queue.list.setFocus()
        self._queue.list.step(by)

    def claim(self) -> None:
        """What another one has is not ours to take with a key: it says who has it, and how to ask."""
        board, site_id, now = self._selection.board, self._selection.current, self._bridge.clock.now()
        held = board.claims.get(site_id)
        is_anothers = held is not None and held.person != self._bridge.person
        if is_anothers and not is_stale(int(board.band[board.row(site_id)]), held.at, now):
            since = times.clock(held.at, now, self._bridge.zone)
            said = _tr("{who} ({seat}) has had it since {since}. Shift A asks for it.")
            self._window.say(said.format(who=held.person, seat=held.seat, since=since))
            return
        self._then(self._bridge.act(self._bridge.desk.claim, self._selection.current), _tr("Claimed."))

    def let_go(self) -> None:
        self._bridge.act(self._bridge.desk.let_go, self._selection.current)

    def undo(self) -> None:
        self._bridge.act(self._bridge.desk.undo).add_done_callback(self._say_undone)

    def set_band(self, band: Band) -> Work:
        """Raising acts at once; lowering opens the sheet that asks (S12)."""

        def do() -> None:
            board, site_id = self._selection.board, self._selection.current
            now = int(board.band[board.row(site_id)])
            if band < now:
                raised = self._bridge.act(self._bridge.desk.set_band, site_id, band)
                self._then(raised, _tr("Raised to {}.").format(band.name))
            elif band > now:
                self._sheets.open("band", site_id, band=int(band))
            else:
                self._window.say(_tr("This site is {} already.").format(band.name))

        return do

    def _then(self, act: asyncio.Task[Any], sentence: str) -> None:
        """Say what was done, and that it can be taken back, once it is."""
        act.add_done_callback(lambda task: _is_done(task) and self._window.say(sentence, can_undo=True))

    def _say_undone(self, act: asyncio.Task[Any]) -> None:
        if _is_done(act):
            self._window.say(act.result()[0])

    def duplicate(self) -> None:
        """Which site it repeats; where others are ticked, these become part of it."""
        site_id = self._selection.current
        if ticked := self._selection.checked - {site_id}:
            self._sheets.open("merge_ticked", site_id, ids=sorted(ticked))
        else:
            self._sheets.open("duplicate", site_id)

    def duplicate_of(self, site_id: int, others: list[int]) -> None:
        """`dup A B` says that A repeats B; `dup A B C` that B and C repeat A."""
        self._selection.go(site_id)
        if len(others) == 1:
            self._sheets.open("duplicate", site_id, target=others[0])
        else:
            self._sheets.open("merge_ticked", site_id, ids=others)

    def _untick_merged(self, is_done: bool) -> None:
        if is_done and self._sheets.last == "merge_ticked":
            self.untick_all()
        elif is_done and self._sheets.last == "bulk":
            self._untick_gone()

    def _untick_gone(self) -> None:
        """Who was closed or put aside stays ticked no longer; the others may get a second act."""
        selection = self._selection
        board, now = selection.board, self._bridge.clock.now()
        rows = [(each, board.row(each)) for each in selection.checked]
        gone = [e for e, row in rows if board.state[row] == CLOSED or board.snoozed_until[row] > now]
        selection.tick(gone, False)

    def untick_all(self) -> None:
        self._selection.tick(set(self._selection.checked), False)

    def has_ticked(self) -> bool:
        return self._window.screen == "queue" and bool(self._selection.checked)

    def bulk(self, kind: str = "") -> None:
        """The sheet that does one act at all ticked sites, worst first."""
        selection = self._selection
        rows = [row for each in selection.checked if (row := selection.board.row(each)) >= 0]
        ids = selection.board.site_id[selection.board.order(np.array(rows, np.intp))].tolist()
        if not ids:
            self._window.say(_tr("Tick sites first: X ticks one, Ctrl+A all in view."))
            return
        hidden = len(rows) - int(selection.mask[rows].sum())
        self._sheets.open("bulk", ids=ids, hidden=hidden, kind=kind)

    def answer_view(self) -> None:
        """The same for all that is in view, without ticking: one answer for an area or a category."""
        selection, listed = self._selection, self._queue.list.in_view()
        if not listed:
            self._window.say(_tr("Nothing is in view under these filters."))
            return
        said = " · ".join(crumb.label for crumb in selection.crumbs())
        self._sheets.open("bulk", ids=listed, kind=BulkKind.MESSAGE.value, view=said)

    def show_outside(self) -> None:
        if self._selection.outside.size:
            self._selection.show_outside()
        else:
            self._window.say(_tr("Every open P1 is in this view."))

    def look_at(self, when: Millis) -> None:
        self._window.go_to("queue")
        self._window.play_back.start(when)

    def show_not_on_map(self) -> None:
        self._window.go_to("queue")
        if not self._selection.filters.not_on_map and not self._selection.not_on_map():
            self._window.say(_tr("Every site under these filters has a place on the map."))
            return
        self._selection.show_not_on_map()

    def next_p1(self) -> None:
        before = self._selection.current
        self._queue.list.setFocus()
        self._queue.go_to_next_p1()
        if self._selection.current == before and not self._selection.untouched_p1().size:
            self._window.say(_tr("No P1 waits for a first act."))

    def zoom_to_site(self) -> None:
        self._queue.map.zoom_to(self._selection.current)

    def choose_base_map(self) -> None:
        self._queue.map.base_wanted.emit()

    def open_site(self) -> None:
        self._queue.detail.setFocus()


def _is_done(act: asyncio.Task[Any]) -> bool:
    return not act.cancelled() and act.exception() is None


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def console_commands(acts: QueueActs, *, queue: QueueView, window: Window, sheets: Any) -> list[Command]:
    """The console's commands with their default keys (domain rules, UI keys)."""
    site, everywhere, look = _tr("This site"), _tr("Everywhere"), _tr("The list")

    def in_queue() -> bool:
        return window.screen == "queue"

    def on_site(name: str, title: str, key: str, do: Work, *, waits: bool = False) -> Command:
        return Command(name, site, title, key, do, acts.has_site, waits=waits)

    def in_list(name: str, title: str, key: str, do: Work, *, steps: bool = False) -> Command:
        return Command(name, look, title, key, do, in_queue, steps=steps)

    def on_map(name: str, title: str, key: str, do: Work) -> Command:
        return Command(name, _tr("The map"), title, key, do, in_queue)

    def anywhere(name: str, title: str, key: str, do: Work, *, not_in_text: bool = False) -> Command:
        return Command(name, everywhere, title, key, do, not_in_text=not_in_text)

    bands = [
        on_site(
            f"band_{band.value}",
            _tr("Set {}").format(band.name),
            str(band.value),
            acts.set_band(band),
            waits=True,
        )
        for band in Band
    ]
    return [
        in_list("next", _tr("Next site"), "J", lambda: acts.step(1), steps=True),
        in_list("previous", _tr("Previous site"), "K", lambda: acts.step(-1), steps=True),
        in_list("next_p1", _tr("Next P1 nobody acted on"), "N", acts.next_p1),
        in_list("show_outside", _tr("Show P1 outside this view"), "P", acts.show_outside),
        in_list("apply_new", _tr("Take in what is new"), "R", queue.order.apply),
        in_list("filter", _tr("Filter by category, area, text"), "F", queue.open_facets),
        in_list("group", _tr("Group by area, category, claim"), "Shift+G", queue.group_next),
        in_list("fold", _tr("Fold or unfold this group"), "H", queue.fold_group),
        in_list("fold_all", _tr("Fold or unfold all groups"), "Shift+H", queue.order.fold_all),
        in_list("views", _tr("Saved views"), "V", window.open_views),
        in_list("save_view", _tr("Save the filters as a view"), "Shift+V", window.save_view),
        in_list("clear_filters", _tr("Clear all filters"), "Shift+F", queue.selection.clear_all),
        in_list("tick", _tr("Tick this site"), "X", queue.list.toggle_tick),
        in_list("tick_range", _tr("Tick from the last ticked to here"), "Shift+X", queue.list.tick_range),
        Command(
            "tick_all",
            look,
            _tr("Tick all in view"),
            "Ctrl+A",
            queue.list.tick_all,
            in_queue,
            not_in_text=True,
        ),
        in_list("untick", _tr("Untick all"), "Alt+X", acts.untick_all),
        in_list("answer_view", _tr("Answer all in view"), "Shift+M", acts.answer_view),
        Command("bulk", look, _tr("Act on all ticked sites"), "T", acts.bulk, in_queue),
        *(
            Command(
                f"bulk_{kind.value}",
                look,
                _tr("Ticked sites: {}").format(kind_words(kind)),
                "",
                partial(acts.bulk, kind.value),
                acts.has_ticked,
            )
            for kind in BulkKind
        ),
        in_list("brush", _tr("Choose hours on the strip"), "B", queue.strip.setFocus),
        in_list("strip_closer", _tr("Strip: less time, closer"), "Alt+Up", lambda: queue.strip.zoom_by(1)),
        in_list("strip_wider", _tr("Strip: more time"), "Alt+Down", lambda: queue.strip.zoom_by(-1)),
        in_list("day_before", _tr("Strip: compare with the day before"), "Alt+B", queue.strip.compare),
        on_site("open", _tr("Open the detail"), "Return", acts.open_site),
        on_site("zoom", _tr("Zoom to this site"), "Z", acts.zoom_to_site),
        on_site("claim", _tr("Claim"), "Space", acts.claim),
        on_site("ask", _tr("Ask who has it for it, take it over"), "Shift+A", acts.sheet("ask")),
        on_site("let_go", _tr("Let go"), "Shift+Space", acts.let_go),
        *bands,
        on_site("escalate", _tr("Escalate to emergency management"), "E", acts.escalate),
        on_site("told_911", _tr("Tell 911"), "Ctrl+9", acts.sheet("told_911")),
        on_site("uncover", _tr("Show or cover phone and unit"), "Shift+U", queue.detail.uncover),
        on_site("message", _tr("Message the residents (public)"), "M", acts.sheet("message")),
        on_site("note", _tr("Internal note"), "I", acts.sheet("note")),
        on_site("duplicate", _tr("Duplicate of…"), "D", acts.duplicate),
        on_site(
            "not_the_same", _tr("Not the same as what is proposed"), "Shift+D", acts.sheet("not_the_same")
        ),
        on_site("split", _tr("Split a report off"), "", acts.sheet("split")),
        on_site("wait", _tr("Waiting on…"), "W", acts.sheet("wait")),
        on_site("snooze", _tr("Snooze"), "S", acts.sheet("snooze")),
        on_site("utility", _tr("Utility told, made safe"), "", acts.sheet("utility")),
        on_site("place_by_hand", _tr("Place by hand"), "Shift+P", acts.sheet("place_by_hand")),
        on_site("close", _tr("Close with a reason"), "Shift+C", acts.sheet("close")),
        Command(
            "give",
            everywhere,
            _tr("Give a claim to who asks for it"),
            "Alt+G",
            window.ask_bar.give,
            lambda: window.ask_bar.is_asked,
        ),
        Command(
            "keep",
            everywhere,
            _tr("Keep a claim somebody asks for"),
            "Alt+K",
            window.ask_bar.keep,
            lambda: window.ask_bar.is_asked,
        ),
        anywhere("go_queue", _tr("Queue"), "G Q", lambda: window.go_to("queue")),
        anywhere("not_on_map", _tr("Sites not on the map"), "G P", acts.show_not_on_map),
        anywhere("go_em_desk", _tr("EM desk"), "G E", lambda: window.go_to("em_desk")),
        anywhere("go_volumes", _tr("Volumes"), "G V", lambda: window.go_to("volumes")),
        anywhere("go_notices", _tr("Notices"), "G O", lambda: window.go_to("notices")),
        anywhere("go_residents", _tr("Residents"), "G R", lambda: window.go_to("residents")),
        anywhere("go_storm_plan", _tr("Storm plan"), "G T", lambda: window.go_to("storm_plan")),
        anywhere("go_profile", _tr("Storm profile"), "G M", lambda: window.go_to("profile")),
        anywhere("go_shift", _tr("Shift hand-over"), "G D", lambda: window.go_to("shift")),
        anywhere("go_statistics", _tr("Statistics"), "G I", lambda: window.go_to("statistics")),
        anywhere("weather", _tr("Weather: alerts and advisories"), "G A", lambda: sheets.open("weather", 0)),
        anywhere(
            "unsent", _tr("Texts that were not sent"), "G U", lambda: sheets.open("unsent", sheets=sheets)
        ),
        anywhere(
            "kept", _tr("Acts kept for the database"), "G K", lambda: sheets.open("kept", kept=window.kept)
        ),
        anywhere("sync", _tr("What the syncing does"), "G Y", window.open_sync),
        anywhere("command_line", _tr("Command line"), "/", window.open_command_line),
        anywhere("palette", _tr("All commands"), "Ctrl+K", window.open_command_line),
        anywhere("undo_ask", _tr("Undo the last act (asks)"), "U", lambda: window.open_command_line("undo")),
        anywhere("undo", _tr("Undo the last act"), "Ctrl+Z", acts.undo, not_in_text=True),
        on_map("base_map", _tr("Base map: bundled, a file or a server"), "Ctrl+B", acts.choose_base_map),
        on_map("layers", _tr("Imported map layers"), "L", lambda: sheets.open("layers")),
        on_map("import_layer", _tr("Import a map layer"), "Shift+L", lambda: sheets.open("import_layer")),
        *(on_map(*row) for row in acts.map.rows()),
        anywhere("walk_list", _tr("Walk list of open hand-overs"), "", lambda: sheets.open("walk_list", 0)),
        anywhere(
            "first_hour", _tr("First-hour list: held for weather"), "", lambda: sheets.open("first_hour")
        ),
        anywhere(
            "still_needed",
            _tr("Still needed? What was held for weather"),
            "",
            lambda: sheets.open("still_needed"),
        ),
        anywhere("figure", _tr("Note a figure: power out, wind"), "", lambda: sheets.open("figure")),
        anywhere("ics214", _tr("Activity log (ICS 214)"), "", lambda: sheets.open("ics214")),
        anywhere("ics201", _tr("Incident briefing (ICS 201)"), "", lambda: sheets.open("ics201")),
        anywhere("ics209", _tr("Status summary (ICS 209)"), "", lambda: sheets.open("ics209")),
        anywhere("to_read", _tr("Answers to read"), "", lambda: sheets.open("to_read", 0)),
        anywhere("roster", _tr("Who is on which desk"), "", lambda: sheets.open("roster", 0)),
        anywhere("channels", _tr("Channels of hand-overs"), "G C", lambda: sheets.open("channels")),
        anywhere("seat", _tr("Who sits here: name and position"), "G W", window.change_person),
        anywhere("people", _tr("People: who may sign in"), "", lambda: sheets.open("people", 0)),
        anywhere("lock", _tr("Lock the window"), "Ctrl+L", window.lock),
        anywhere("storm_mode", _tr("Switch storm mode"), "", lambda: sheets.open("storm_mode", 0)),
        anywhere("public_mode", _tr("What the public can report"), "", lambda: sheets.open("public_mode", 0)),
        anywhere("suspend", _tr("Field response suspended"), "", lambda: sheets.open("suspend", 0)),
        anywhere("alarms", _tr("Alarms: what calls, shelve, how often"), "", window.show_alarms),
        anywhere("mute", _tr("Mute the sound for 15 minutes"), "", window.mute),
        anywhere("theme", _tr("Light or dim"), "Ctrl+T", window.toggle_theme),
        anywhere("help", _tr("Keys"), "?", window.open_help),
    ]
