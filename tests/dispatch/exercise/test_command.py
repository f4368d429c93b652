"""The command as it is called from outside: its one line, its end, and what it says to wrong arguments."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import pytest

from tests.city import ROOT, City


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dispatch.exercise", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)


def test_it_says_where_it_listens_and_ends_on_sigterm(tmp_path):
    command = [sys.executable, "-m", "dispatch.exercise", "quiet", f"--data={tmp_path}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        rest = process.stdout.read()
        code = process.wait(10)

    assert set(where) == {"url", "georeport_url", "control_url", "feeds_url"}
    assert where["url"].startswith("http://127.0.0.1:") and where["url"].endswith("/api/v2")
    assert where["georeport_url"] == where["url"].replace("/api/v2", "/open311/v2")
    assert where["control_url"].startswith("http://127.0.0.1:")
    assert (rest, code) == ("", 0)


def test_it_ends_though_a_caller_holds_the_line(tmp_path):
    with City(tmp_path / "city") as city, socket.create_connection(("127.0.0.1", city.port)) as line:
        city.fail_next("slow", seconds=60)
        line.sendall(b"GET /api/v2/issues HTTP/1.1\r\nHost: x\r\nUser-Agent: x\r\n\r\n")
        city.clock()
        assert city.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["andrew"], "There is no storm 'andrew'; there are irma, harvey, quiet."),
        (["quiet", "--at", "noon"], "'noon' is not a time"),
        (["quiet", "--speed", "-1"], "-1"),
        (["quiet", "--speed", "nan"], "--speed is a number"),
        (["quiet", "--rows", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["quiet", "--faults", "nowhere.json"], "nowhere.json cannot be read"),
        (["quiet", "--quirks", "spot,Q999"], "There is no quirk Q999"),
    ],
)
def test_wrong_arguments_get_one_sentence(arguments, sentence):
    ended = call(*arguments)

    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stdout == ""


def test_a_taken_port_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = call("quiet", f"--port={taken.getsockname()[1]}", f"--data={tmp_path}")

    assert ended.returncode == 1
    assert "choose another with --port" in ended.stderr


def test_a_folder_of_another_exercise_or_of_no_exercise_is_told(tmp_path):
    with City(tmp_path / "city") as city:
        city.kill()
        other = call("irma", f"--data={tmp_path / 'city'}")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "exercise.db").write_bytes(b"no database at all " * 100)
    broken = call("quiet", f"--data={tmp_path / 'broken'}")

    assert other.returncode == 2
    assert "holds the exercise 'quiet' with seed 1" in other.stderr
    assert broken.returncode == 1
    assert "damaged" in broken.stderr


def test_faults_can_come_from_a_file(tmp_path):
    file = tmp_path / "faults.json"
    file.write_text('{"rates": {"404": 1}}', encoding="utf-8")
    refused = call("quiet", "--faults", str(file))

    assert refused.returncode == 2
    assert "There is no fault called 404" in refused.stderr
