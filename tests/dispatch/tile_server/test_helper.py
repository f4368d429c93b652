"""The process that fetches: its orders and its key come over its input, and it ends with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.tile_server.kept import KeptPictures
from dispatch.tile_server.orders import Orders
from tests.tile_server import BLOCKED, TileServer, drawn

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, str(ROOT / "main.py"), "--helper", "tile-server"]
SIGHT = [(10, 275, 430), (10, 276, 430)]


def begin(orders: Orders) -> subprocess.Popen[bytes]:
    running = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdin is not None
    running.stdin.write(orders.line() + json.dumps(SIGHT).encode() + b"\n")
    running.stdin.flush()
    return running


def test_it_fetches_what_is_in_sight_says_so_and_ends_with_its_input(
    server: TileServer, tmp_path: Path
) -> None:
    orders = Orders(server.template + "?key={key}", "s3cret", "eoc@stpete.example", str(tmp_path / "a.tiles"))
    running = begin(orders)
    assert running.stdin is not None and running.stdout is not None

    came: list[list[int]] = []
    while len(came) < len(SIGHT):
        came += json.loads(running.stdout.readline()).get("came", [])
    arguments = Path(f"/proc/{running.pid}/cmdline")
    assert not arguments.exists() or "s3cret" not in arguments.read_text()
    running.stdin.close()

    assert running.wait(30) == 0
    assert sorted(map(tuple, came)) == SIGHT and server.paths[0].endswith("?key=s3cret")
    reader = KeptPictures(tmp_path / "a.tiles", most_zoom=19)
    assert reader.tile(*SIGHT[0]) == drawn(SIGHT[0])
    reader.close()
    running.stdout.close()
    assert running.stderr is not None
    running.stderr.close()


def test_it_says_when_it_is_shut_out(server: TileServer, tmp_path: Path) -> None:
    server.always(403, BLOCKED)
    running = begin(Orders(server.template, "", "", str(tmp_path / "a.tiles")))
    assert running.stdout is not None
    said: dict[str, object] = {}
    while "blocked" not in said:
        said = json.loads(running.stdout.readline())
    assert "shuts this console out" in str(said["blocked"])
    running.communicate(timeout=30)
    assert running.returncode == 0


@pytest.mark.parametrize("wrong", [b"", b"nonsense\n"])
def test_without_orders_it_ends(wrong: bytes) -> None:
    assert subprocess.run(COMMAND, input=wrong, capture_output=True, timeout=60, check=False).returncode != 0
