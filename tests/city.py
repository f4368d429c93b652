"""The exercise's own 311 server as tests use it: a real process, told how to behave, killed, restarted."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import requests

from tests.city_process import begin

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 30.0
TOKEN = "exercise"
# Who wrote a line of a thread, by the numbers the server gives its accounts.
MEMBER_ID = 2_000_001
HERE = (27.7676, -82.6403)


class City:
    """`with City(folder) as city`: a server without rows (`quiet`), without a rate limit, its clock standing
    still at 11 Sep 2017 10:30, unless told otherwise."""

    def __init__(
        self,
        data: Path,
        storm: str = "quiet",
        *,
        rate_limit: int = 0,
        speed: float = 0,
        seed: int = 1,
        token: str = TOKEN,
        options: Sequence[str] = (),
    ) -> None:
        self.data = data
        self.token = token
        self.url = ""
        self.georeport_url = ""
        self.control_url = ""
        self.feeds_url = ""
        self.port = 0
        self._arguments = [
            storm,
            f"--rate-limit={rate_limit}",
            f"--speed={speed}",
            f"--seed={seed}",
            f"--token={token}",
            f"--data={data}",
            *options,
        ]
        self._process: BaseProcess | None = None
        self._said: Connection
        self._control = requests.Session()
        self._control.trust_env = False

    def __enter__(self) -> City:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._control.close()

    # The process

    def start(self) -> None:
        """Listens when this returns; after a first start always on the same port."""
        self._process, self._said = begin([*self._arguments, f"--port={self.port}"])
        where = json.loads(self._first_line())
        self.url, self.control_url = where["url"], where["control_url"]
        self.georeport_url = where["georeport_url"]
        self.feeds_url = where["feeds_url"]
        self.port = int(self.url.split(":")[2].split("/")[0])

    def _first_line(self) -> str:
        line = ""
        with suppress(EOFError):
            while not line.endswith("\n") and self._said.poll(PATIENCE_S):
                line += self._said.recv()
        if not line.endswith("\n"):
            self.kill()
            raise RuntimeError("The exercise's server did not start; its words are above.")
        return line

    def stop(self) -> int:
        """An orderly end; returns the exit code."""
        return self._end(BaseProcess.terminate)

    def kill(self) -> None:
        """The plug is pulled."""
        self._end(BaseProcess.kill)

    def restart(self) -> None:
        self.kill()
        self.start()

    def _end(self, how: Any) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        how(process)
        process.join(PATIENCE_S)
        self._said.close()
        assert process.exitcode is not None, "the server did not end"
        return process.exitcode

    # What goes wrong

    def fail_next(self, *faults: int | str, seconds: float | None = None) -> None:
        """`city.fail_next(503, "reset")`: the next calls of the API, one each."""
        wish: dict[str, Any] = {"next": [str(fault) for fault in faults]}
        self._post("faults", wish if seconds is None else {**wish, "seconds": seconds})

    def set_rates(self, rates: dict[str, float], *, seconds: float | None = None) -> None:
        """`city.set_rates({"503": 0.2})`; `{}` ends them."""
        wish: dict[str, Any] = {"rates": rates}
        self._post("faults", wish if seconds is None else {**wish, "seconds": seconds})

    def played(self) -> dict[str, int]:
        """How often each fault really went off since the process was started."""
        return dict(self._get("faults")["played"])

    def quirks(self, *on: str, off: Sequence[str] = (), **settings: Any) -> dict[str, Any]:
        """`city.quirks("Q4", "Q61", cap=50)`: rows of the table, a `profile`, single settings of the
        GeoReport face; what was on stays on. Returns what is on now."""
        return self._post("quirks", {"on": list(on), "off": list(off), **settings})

    # What happens in the city

    def add_report(
        self,
        description: str = "",
        *,
        category: str = "tree_road_blocked",
        summary: str = "",
        lat: float | None = HERE[0],
        lng: float | None = HERE[1],
        address: str = "",
        reporter: str = "anonymous",
        **more: Any,
    ) -> str:
        """One report more, now; `category` is a service code, a title or our key. Returns its id."""
        sent = {
            "description": description,
            "category": category,
            "summary": summary,
            "lat": lat,
            "lng": lng,
            "address": address,
            "reporter": reporter,
            **more,
        }
        return str(self._post("reports", sent)["id"])

    def category(self, category: str, **wish: bool) -> None:
        """Somebody else at the city: `city.category("5627", active=False)`, or `is_locked=True`."""
        self._post("categories", {"category": category, **wish})

    def offered(self) -> set[str]:
        """The service codes that the public is offered now."""
        return {str(each["id"]) for each in self.truth()["categories"] if each["active"]}

    def elsewhere(self, request_id: str | int, kind: str, text: str = "", author: str = "") -> None:
        """Somebody else acts: kind is comment (by a resident), close, open, acknowledge or archive."""
        self._post("steps", {"id": str(request_id), "kind": kind, "text": text, "author": author})

    def clock(
        self, *, forward_s: float = 0, speed: float | None = None, paused: bool | None = None
    ) -> dict[str, Any]:
        """Sets what is given and returns {"now", "speed", "paused"}."""
        wish: dict[str, Any] = {"speed": speed, "paused": paused}
        if forward_s:
            now = datetime.fromisoformat(self._get("clock")["now"])
            wish["now"] = (now + timedelta(seconds=forward_s)).isoformat()
        return self._post("clock", {name: value for name, value in wish.items() if value is not None})

    # What it has accepted

    def truth(self) -> dict[str, Any]:
        return self._get("truth")

    def request(self, request_id: str | int) -> dict[str, Any]:
        """One request of the truth."""
        [found] = [each for each in self.truth()["requests"] if str(each["id"]) == str(request_id)]
        return dict(found)

    def status(self, request_id: str | int) -> str:
        return str(self.request(request_id)["status"])

    def messages(self, request_id: str | int) -> list[str]:
        """The words of the request's thread, oldest first, whoever wrote them."""
        return [line["text"] for line in self.request(request_id)["messages"]]

    def wait_for_messages(self, request_id: str | int, count: int) -> list[str]:
        """The thread once it has so many lines; what a sender in another process needs time for."""
        until = time.monotonic() + PATIENCE_S
        while len(words := self.messages(request_id)) < count and time.monotonic() < until:
            time.sleep(0.02)
        return words

    def _get(self, what: str) -> dict[str, Any]:
        return self._answer(self._control.get(f"{self.control_url}/{what}", timeout=PATIENCE_S))

    def _post(self, what: str, sent: dict[str, Any]) -> dict[str, Any]:
        return self._answer(self._control.post(f"{self.control_url}/{what}", json=sent, timeout=PATIENCE_S))

    @staticmethod
    def _answer(response: requests.Response) -> dict[str, Any]:
        if not response.ok:
            raise AssertionError(f"The control address refused: {response.text}")
        return dict(response.json())
