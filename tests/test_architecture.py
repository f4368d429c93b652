"""Who may import whom. Each rule reads the sources; each is also shown made-up sources that break it."""

from __future__ import annotations

import ast
import functools
import graphlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent

House = dict[str, ast.Module]  # path below the repository -> source
Rule = Callable[[House], list[str]]

GROUND = frozenset(
    {
        "errors",
        "records",
        "clock",
        "resources",
        "text_from_outside",
        "formulas",
        "waiting",
        "rights",
        "acting",
    }
)
ACTS = GROUND | {
    "store",
    "servers",
    "triage",
    "escalation",
    "residents",
    "notices",
    "jurisdiction",
    "workers",
    "in_force",
}
EVERYTHING = frozenset({"*"})

# What each part of the core may import beside itself; a new part gets its line in the commit that makes it.
MAY_IMPORT: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "text_from_outside": frozenset(),
    "formulas": frozenset(),
    "dollars": frozenset(),
    "log_lines": frozenset(),
    "waiting": frozenset(),
    "records": frozenset(),
    "resources": frozenset(),
    "workers": frozenset(),
    "garbage": frozenset(),
    "http_body": frozenset(),
    "xml_from_outside": frozenset(),
    "clock": GROUND,
    "locks": GROUND,
    "settings": GROUND,
    "whole_file": GROUND,
    "whole_zip": frozenset({"whole_file"}),
    "drafts": GROUND,
    "jurisdiction": GROUND,
    "periods": GROUND,
    "processor": GROUND,
    "agent": frozenset(),
    "http_line": frozenset(),
    "http": GROUND | {"agent", "http_body", "http_line"},
    "rehearsal": GROUND | {"http", "locks"},  # the exercise's clock and control address, as its client
    "helper_command": frozenset(),
    "geo": GROUND | {"helper_command"},
    "tile_server": GROUND | {"http", "geo", "settings"},
    "triage": GROUND | {"geo", "residents"},
    "forms": GROUND | {"jurisdiction"},
    "residents": GROUND | {"jurisdiction"},
    "notices": GROUND | {"jurisdiction", "feeds", "forms", "geo", "residents", "xml_from_outside"},
    "servers": GROUND | {"http", "http_body", "xml_from_outside"},
    "rights": GROUND,
    "acting": GROUND,
    "act_words": frozenset(),
    "journal": GROUND,
    "acts": GROUND | {"store", "act_words", "journal"},
    "store": GROUND | {"masking"},
    "alarms": GROUND | {"board"},
    "alarm_desk": ACTS | {"alarms"},
    "outreach_desk": ACTS,
    "template_desk": ACTS | {"site_texts"},
    "sweeps": GROUND | {"bulk", "geo", "in_force", "residents", "site_texts", "store", "triage"},
    "sweep_desk": ACTS | {"bulk", "site_texts", "sweeps"},
    "city_fact_desk": ACTS | {"geo"},
    "snapshot_desk": ACTS | {"snapshot", "triage"},
    "survey_desk": ACTS | {"geo", "survey"},
    "records_request": ACTS | {"forms", "reports", "whole_file", "whole_zip"},
    "survey": GROUND | {"dollars", "geo", "triage"},
    "expected_desk": ACTS | {"act_rules", "insight"},
    "offers": GROUND | {"store", "triage", "residents"},
    "notice_desk": ACTS | {"feeds", "whole_file"},
    "offer_desk": ACTS | {"masking", "offers"},
    "packed_words": frozenset(),
    "row_index": frozenset(),
    "columns": GROUND | {"geo", "packed_words"},
    "board": GROUND | {"columns", "packed_words", "row_index"},
    "shown": GROUND,
    "touched": GROUND,
    "later": frozenset(),
    "column_snapshot": GROUND | {"columns", "packed_words", "shown", "store"},
    "keep_columns": GROUND | {"column_snapshot", "columns", "shown", "store"},
    # A seat before its store is open: it is given what builds the parts, and imports none of them.
    "opening": GROUND
    | {
        "board",
        "column_snapshot",
        "jurisdiction",
        "later",
        "periods",
        "settings",
        "shown",
        "store",
        "workers",
    },
    "groups": GROUND | {"board"},
    "saved_views": GROUND | {"board", "settings"},
    "figure_desk": ACTS,
    "volume_reader": GROUND | {"insight", "store"},
    "insight": GROUND | {"alarms", "board", "geo"},
    "alarm_history": GROUND | {"alarms", "escalation", "insight"},
    "statistics_desk": ACTS
    | {"alarm_history", "forms", "insight", "periods", "reports", "whole_file"},  # reads, writes only paper
    "snapshot": GROUND
    | {
        "dollars",
        "forms",
        "geo",
        "insight",
        "jurisdiction",
        "residents",
        "store",
        "survey",
        "triage",
    },  # reads, counts
    # Forms say, reports/pdf draws.
    "reports": GROUND | {"board", "forms", "geo", "snapshot", "triage", "whole_file", "whole_zip"},
    "evidence": GROUND
    | {"forms", "http", "http_line", "jurisdiction", "reports", "residents", "snapshot", "store", "triage"}
    | {"whole_file", "whole_zip"},  # reads, fetches photos, writes one file
    # In a process of its own: from the store to the last file.
    "snapshot_job": GROUND
    | {"forms", "jurisdiction", "processor", "reports", "snapshot", "snapshot_desk", "store", "triage"}
    | {"evidence", "whole_file"},
    "escalation": GROUND | {"forms", "reports", "http", "http_line"},
    "handover": ACTS | {"handover_words"},
    "handover_words": ACTS,
    "masking": GROUND | {"residents"},
    "unmasking": GROUND | {"store", "periods"},
    "follow": GROUND
    | {"garbage", "store", "board", "columns", "workers", "escalation", "masking", "touched"},
    "detail": GROUND
    | {"store", "servers", "triage", "geo", "masking", "unmasking", "board", "past", "offers"},
    "past": GROUND | {"store", "board", "escalation"},
    "in_force": GROUND | {"store", "triage", "residents"},
    "profile_desk": ACTS,
    "layer_desk": ACTS | {"geo"},
    "positions": GROUND | {"jurisdiction", "settings"},
    "seat_desk": ACTS | {"settings", "positions"},
    "passwords": GROUND,
    "people": ACTS | {"passwords"},
    "front_door": GROUND | {"opening", "passwords", "people", "settings", "store"},
    "channel_desk": ACTS | {"settings"},
    "feeds": ACTS
    | {
        "geo",
        "http",
        "whole_file",
        "xml_from_outside",
    },  # weather: asked for, read, kept in the seat's folder
    "intake": ACTS,
    "calls": ACTS | {"intake", "geo", "masking"},
    "claim_rules": GROUND,
    "claim_desk": ACTS | {"claim_rules"},
    "presence": GROUND | {"store"},
    "act_rules": GROUND | {"residents", "triage"},
    "bulk": ACTS | {"act_rules", "site_texts"},
    "still_needed": ACTS | {"forms"},
    "desk": ACTS
    | {"calls", "handover", "intake", "act_rules", "bulk", "still_needed", "claim_rules", "offers"},
    "overdue": ACTS,
    "em_desk": ACTS | {"handover", "overdue", "still_needed", "forms", "site_texts"},
    "form_kinds": GROUND | {"forms", "reports"},
    "form_desk": ACTS | {"form_kinds", "forms", "reports", "whole_file"},
    "shift": ACTS
    | {"alarm_desk", "alarms", "board", "columns", "feeds", "forms", "masking", "past", "periods", "reports"}
    | {"seat_desk", "whole_file"},
    "plan": ACTS | {"feeds", "geo"},
    "public_mode": ACTS | {"forms", "reports", "whole_file"},
    "outreach_papers": ACTS | {"forms", "insight", "reports", "whole_file"},
    "sync": ACTS
    | {
        "em_desk",
        "profile_desk",
        "overdue",
        "offers",
        "rule_desk",
        "rule_plan",
    },  # its rounds also run timers (S6) and storm mode's times
    "site_texts": ACTS,
    "rule_plan": ACTS | {"insight", "site_texts"},
    "rule_desk": ACTS | {"rule_plan"},
    "exercise": GROUND | {"geo"},
    "assembly": EVERYTHING,
    "commands": EVERYTHING,
    "__main__": EVERYTHING,
}

QT = ("PySide6", "shiboken6", "pyqtgraph", "qasync")
SQL = ("sqlalchemy", "alembic", "psycopg")
SOCKETS = ("socket", "requests", "urllib3", "urllib.request", "http.client", "httpx", "aiohttp", "websockets")
SOCKETS += ("smtplib", "imaplib", "poplib", "ftplib", "PySide6.QtNetwork")
# The exercise is a server: it listens and calls nobody.
MAY_OPEN_SOCKETS = ("dispatch/http.py", "dispatch/http_line.py", "dispatch/escalation/", "dispatch/exercise/")
# Whoever writes in the store's transactions; what only reads asks the store for records.
MAY_SPEAK_SQL = ("dispatch/store/", "dispatch/desk.py", "dispatch/em_desk.py", "dispatch/handover")
MAY_SPEAK_SQL += (
    "dispatch/in_force.py",
    "dispatch/offers.py",
    "dispatch/rule_plan.py",
    "dispatch/site_texts.py",
    "dispatch/bulk/",
    "dispatch/calls/",
    "dispatch/sync/",
    "dispatch/assembly.py",
    "dispatch/commands/",
    "dispatch/sweeps/",
)
BEHIND_THE_DESK = ("dispatch.store", "dispatch.servers", "dispatch.http", "dispatch.exercise")

HEX_COLOR = re.compile(r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?\b|^#[0-9a-fA-F]{3,4}$")
BRIDGE_LINES = 100


@functools.cache
def read_house() -> House:
    paths = [HOME / "main.py", *HOME.glob("dispatch/**/*.py"), *HOME.glob("ui/**/*.py")]
    return {
        path.relative_to(HOME).as_posix(): ast.parse(path.read_text("utf-8"))
        for path in paths
        if path.exists()
    }


def imports(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every import as an absolute name with its line: also inside functions, also asked for by a string."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) - level + 1] if level else []
                start = ".".join([*base, *([module] if module else [])])
                yield from ((node.lineno, f"{start}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"), args=[first, *_]
            ):
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield node.lineno, first.value


def within(name: str, *places: str) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


def part_of(path: str) -> str:
    """`dispatch/sync/pull.py` is of the part `sync`; the package's own file is of none."""
    return path.removeprefix("dispatch/").partition("/")[0].removesuffix(".py").replace("__init__", "")


def core(house: House) -> House:
    return {path: tree for path, tree in house.items() if path.startswith("dispatch/")}


def screens(house: House) -> House:
    return {path: tree for path, tree in house.items() if path.startswith("ui/")}


def crossings(house: House, *places: str) -> list[str]:
    return [
        f"{path}:{line} imports {name}"
        for path, tree in house.items()
        for line, name in imports(path, tree)
        if within(name, *places)
    ]


def parts_imported(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for line, name in imports(path, tree):
        if within(name, "dispatch") and not name.startswith("dispatch.__version__"):
            yield line, name.split(".")[1] if "." in name else ""


def graph(house: House) -> dict[str, set[str]]:
    parts: dict[str, set[str]] = {}
    for path, tree in core(house).items():
        mine = parts.setdefault(part_of(path), set())
        mine.update(part for _, part in parts_imported(path, tree) if part != part_of(path))
    return parts


def reachable(parts: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        for part in parts.get(ahead.pop(), set()) - seen:
            seen.add(part)
            ahead.append(part)
    return seen


def no_qt_in_the_core(house: House) -> list[str]:
    return crossings(core(house), *QT)


def the_core_never_looks_at_the_screen(house: House) -> list[str]:
    return crossings(core(house), "ui", "main")


def each_part_imports_what_its_place_allows(house: House) -> list[str]:
    return [
        f"{path}:{line}: {part_of(path)} may not import {part}"
        for path, tree in core(house).items()
        if part_of(path) in MAY_IMPORT
        for line, part in parts_imported(path, tree)
        if part != part_of(path) and not {part, "*"} & MAY_IMPORT[part_of(path)]
    ]


def every_part_has_its_place(house: House) -> list[str]:
    return sorted({path for path in core(house) if part_of(path) and part_of(path) not in MAY_IMPORT})


def parts_never_go_round_in_a_circle(house: House) -> list[str]:
    try:
        graphlib.TopologicalSorter(graph(house)).prepare()
    except graphlib.CycleError as error:
        return [" -> ".join(error.args[1])]
    return []


def the_exercise_knows_no_client(house: House) -> list[str]:
    return sorted(reachable(graph(house), "exercise") & {"servers", "sync", "http", "store"})


def servers_and_store_never_meet(house: House) -> list[str]:
    parts = graph(house)
    return sorted(reachable(parts, "servers") & {"store"}) + sorted(reachable(parts, "store") & {"servers"})


def only_the_doors_open_sockets(house: House) -> list[str]:
    inside = {path: tree for path, tree in house.items() if not path.startswith(MAY_OPEN_SOCKETS)}
    return crossings(inside, *SOCKETS)


def only_writers_speak_sql(house: House) -> list[str]:
    outside = {path: tree for path, tree in house.items() if not path.startswith(MAY_SPEAK_SQL)}
    return crossings(outside, *SQL)


def screens_go_through_the_desk(house: House) -> list[str]:
    return crossings(screens(house), *BEHIND_THE_DESK)


def colors_stand_in_the_theme(house: House) -> list[str]:
    return [
        f"{path}:{node.lineno} names a color"
        for path, tree in screens(house).items()
        if path != "ui/theme.py"
        for node in ast.walk(tree)
        if names_a_color(node)
    ]


def names_a_color(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return HEX_COLOR.search(text) is not None
        case ast.Call(func=ast.Name(id="QColor"), args=[ast.Constant(), *_]):
            return True
    return False


def nothing_blocks_the_loop(house: House) -> list[str]:
    return [
        f"{path}:{node.lineno} calls exec(): open() and wait for `finished`"
        for path, tree in screens(house).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("exec", "exec_")
    ]


def words_are_shown_as_they_stand(house: House) -> list[str]:
    """Qt takes tags for its own in hover texts and in plain labels: words from outside go through `hint` and
    `Words`; only what we wrote ourselves may do without."""
    return [
        f"{path}:{node.lineno} may show somebody's tags: see ui/widgets/words.py"
        for path, tree in screens(house).items()
        if path != "ui/widgets/words.py"
        for node in ast.walk(tree)
        if obeys_tags(node)
    ]


def obeys_tags(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="setToolTip"), args=[words, *_]):
            return not is_ours(words)
        case ast.Call(func=ast.Name(id="QLabel"), args=[words, *_]):
            return not is_ours(words)
        case ast.Attribute(
            attr="setHtml" | "insertHtml" | "appendHtml" | "RichText" | "setOpenExternalLinks"
        ):
            return True
        case ast.Name(id="QTextBrowser"):
            return True
    return False


def is_ours(words: ast.expr) -> bool:
    """Written here, or through `hint`."""
    match words:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="hint")):
            return True
        case ast.Call(func=ast.Attribute(attr="tr"), args=[ast.Constant()]):
            return True
        case ast.IfExp(body=first, orelse=second):
            return is_ours(first) and is_ours(second)
    return False


# Rule -> made-up files that break it.
RULES: dict[Rule, list[tuple[str, str]]] = {
    no_qt_in_the_core: [
        ("dispatch/board.py", "from PySide6.QtCore import QObject"),
        ("dispatch/sync/pull.py", "def pull():\n    import qasync"),
        ("dispatch/desk.py", "import importlib\nimportlib.import_module('pyqtgraph')"),
    ],
    the_core_never_looks_at_the_screen: [
        ("dispatch/desk.py", "from ui import theme"),
        ("dispatch/desk.py", "import ui.theme as t"),
    ],
    each_part_imports_what_its_place_allows: [
        ("dispatch/triage/score.py", "from dispatch.store import sites"),
        ("dispatch/reports/pdf.py", "from dispatch import desk"),
        ("dispatch/store/sites.py", "from ..board import Board"),
        ("dispatch/sync/pull.py", "import dispatch.assembly"),
    ],
    every_part_has_its_place: [("dispatch/utils.py", "")],
    parts_never_go_round_in_a_circle: [("dispatch/records.py", "from . import records, clock")],
    the_exercise_knows_no_client: [
        ("dispatch/exercise/server.py", "from dispatch.servers.seeclickfix import read_request"),
        ("dispatch/exercise/server.py", "from dispatch import sync"),
    ],
    servers_and_store_never_meet: [
        ("dispatch/servers/base.py", "from dispatch.store.store import Store"),
        ("dispatch/store/mirror.py", "from dispatch.servers import SERVERS"),
    ],
    only_the_doors_open_sockets: [
        ("dispatch/servers/georeport.py", "import requests"),
        ("dispatch/geo/nhc.py", "from urllib.request import urlopen"),
        ("ui/wall/view.py", "from PySide6.QtNetwork import QNetworkAccessManager"),
        ("dispatch/sync/probe.py", "from urllib import request"),
    ],
    only_writers_speak_sql: [
        ("ui/queue/model.py", "import sqlalchemy as sa"),
        ("dispatch/reports/csv_file.py", "from sqlalchemy import select"),
    ],
    screens_go_through_the_desk: [("ui/queue/model.py", "from dispatch.store import sites")],
    colors_stand_in_the_theme: [
        ("ui/queue/delegate.py", "PEN = '#D55E00'"),
        ("ui/queue/delegate.py", "style = f'color: #d55e00; width: {1}px'"),
        ("ui/queue/delegate.py", "QColor(255, 0, 0)"),
        ("ui/queue/delegate.py", "QColor('red')"),
        ("ui/queue/delegate.py", "pen = '#fff'"),
    ],
    nothing_blocks_the_loop: [("ui/escalate/sheet.py", "QMessageBox(self).exec()")],
    words_are_shown_as_they_stand: [
        ("ui/queue/thread.py", "button.setToolTip(url)"),
        ("ui/queue/thread.py", "button.setToolTip(self.tr('Open {}').format(url))"),
        ("ui/queue/thread.py", "label = QLabel(line.text)"),
        ("ui/queue/thread.py", "label.setTextFormat(Qt.TextFormat.RichText)"),
        ("ui/help.py", "page = QTextBrowser()"),
    ],
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    assert rule(read_house()) == []


@pytest.mark.parametrize(
    ("rule", "path", "source"), [(rule, *broken) for rule, breaches in RULES.items() for broken in breaches]
)
def test_each_rule_bites(rule: Rule, path: str, source: str) -> None:
    made_up = {
        "dispatch/errors.py": ast.parse(""),
        "dispatch/clock.py": ast.parse("from dispatch.records import Millis"),
        path: ast.parse(source),
    }
    assert rule(made_up) != []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "dispatch/servers/georeport.py",
            "from urllib.parse import quote\nfrom dispatch.http import HttpDoor",
        ),
        ("dispatch/escalation/email.py", "import smtplib\nfrom dispatch.reports import pdf"),
        ("dispatch/exercise/gate.py", "import socket\nfrom dispatch import __version__"),
        ("dispatch/store/sites.py", "import sqlalchemy\nfrom . import schema\nfrom ..records import Changes"),
        ("ui/theme.py", "P1 = '#D55E00'"),
        ("ui/queue/model.py", "heading = 'Site #4411'\nshade = QColor(theme.palette.line)\nexec('')"),
    ],
)
def test_no_rule_bites_what_is_right(path: str, source: str) -> None:
    assert [rule.__name__ for rule in RULES if rule({path: ast.parse(source)})] == []


def test_the_bridge_stays_small() -> None:
    bridge = HOME / "ui" / "bridge.py"
    assert not bridge.exists() or len(bridge.read_text("utf-8").splitlines()) < BRIDGE_LINES
