"""A relay at the other end of the webhook: a real HTTP server that checks every signature by its own sums.

It takes hand-overs at `url` and is asked for answers at `answers_url`; what it shall do next is told by
`fail_next`: lose an answer, be slow, answer anything else, be dead.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOLERANCE_S = 300
KEY = b"a relay's key of thirty-two bytes"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
HOOK, ANSWERS = "/hook", "/answers"
HUGE_BYTES = 3 * 1024 * 1024


def sign(key: bytes, key_id: str, at_s: int, body: bytes) -> str:
    signed = f"{key_id}.{at_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Relay:
    """`taken` are the bodies it keeps, by webhook-id; `calls` how often each id came and was well signed;
    `refused` says what was wrong with the others."""

    def __init__(self, key: bytes = KEY) -> None:
        self.key = key
        self.taken: dict[str, dict[str, Any]] = {}
        self.calls: Counter[str] = Counter()
        self.bodies: dict[str, set[bytes]] = {}
        self.refused: list[str] = []
        self.gives_receipts = True
        # The next page of answers is asked for with the number of those taken.
        self.answers: list[dict[str, Any]] = []
        self.asked: list[str] = []
        # Called with each hand-over that is new to it.
        self.on_taking: Callable[[dict[str, Any]], None] = lambda _body: None
        self._faults: dict[str, list[str]] = {HOOK: [], ANSWERS: []}
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}{HOOK}"

    @property
    def answers_url(self) -> str:
        return f"http://127.0.0.1:{self._port}{ANSWERS}"

    def values(self, *, is_exercise: bool = True, with_answers: bool = True) -> dict[str, str]:
        """The settings of a city that uses it."""
        before = "exercise_" if is_exercise else ""
        said = {f"{before}webhook_url": self.url}
        return said | ({f"{before}webhook_answers_url": self.answers_url} if with_answers else {})

    def start(self) -> None:
        relay = self

        class Handler(_Handler):
            at = relay

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def fail_next(self, *faults: int | str) -> None:
        """One each for the next hand-overs: a status, lost, dropped, huge, redirect, slow:2, 429:7, page."""
        self._fail(HOOK, faults)

    def fail_asking(self, *faults: int | str) -> None:
        """The same for the next questions."""
        self._fail(ANSWERS, faults)

    def _fail(self, path: str, faults: tuple[int | str, ...]) -> None:
        with self._lock:
            self._faults[path] += [str(fault) for fault in faults]

    def next_fault(self, path: str) -> str:
        with self._lock:
            faults = self._faults.get(path)
            return faults.pop(0) if faults else ""

    def heal(self) -> None:
        with self._lock:
            for faults in self._faults.values():
                faults.clear()

    def take(self, key_id: str, body: bytes) -> None:
        said = json.loads(body)
        with self._lock:
            self.calls[key_id] += 1
            self.bodies.setdefault(key_id, set()).add(body)
            is_new = key_id not in self.taken
            self.taken[key_id] = said
        if is_new:
            self.on_taking(said)

    def answer(
        self,
        hand_over: dict[str, Any],
        act: str,
        *,
        key: bytes | None = None,
        at_s: int | None = None,
        key_id: str = "",
        **said: Any,
    ) -> dict[str, Any]:
        """As the relay writes it: what it was handed tells it id and token."""
        body = json.dumps(
            {
                "schema": "landfall/answer",
                "version": 1,
                "exercise": hand_over["exercise"],
                "escalation_id": hand_over["escalation_id"],
                "token": hand_over["token"],
                "answer": act,
                "by": {"name": "M. Diaz", "position": "County EM"},
                **said,
            }
        )
        at_s = int(time.time()) if at_s is None else at_s
        with self._lock:
            key_id = key_id or f"answer_{len(self.answers) + 1}"
            made = {
                "webhook-id": key_id,
                "webhook-timestamp": at_s,
                "webhook-signature": sign(key or self.key, key_id, at_s, body.encode()),
                "body": body,
            }
            self.answers.append(made)
        return made


class _Handler(BaseHTTPRequestHandler):
    at: Relay

    def do_GET(self) -> None:
        self.at.refused.append(f"GET {self.path}")
        self._say(405)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        fault = self.at.next_fault(self.path)
        if fault == "dropped":
            self.close_connection = True
            return
        if fault.startswith("slow:"):
            time.sleep(float(fault.removeprefix("slow:")))
        elif fault and fault not in ("lost", "huge", "page", "409"):
            self._refuse(fault)
            return
        if why := self._complaint(body):
            self.at.refused.append(why)
            self._say(401, why.encode())
        elif self.path == ANSWERS:
            self._give_answers(body, fault)
        else:
            self._take(body, fault)

    def _take(self, body: bytes, fault: str) -> None:
        key_id = self.headers["webhook-id"]
        self.at.take(key_id, body)
        if fault == "lost":
            self.close_connection = True
            return
        if fault == "409":
            self._say(409)
            return
        receipt = json.dumps({"received": True, "id": key_id}).encode() if self.at.gives_receipts else b""
        odd = {"huge": b"x" * HUGE_BYTES, "page": b"<html>Welcome</html>"}
        self._say(200, odd.get(fault, receipt))

    def _give_answers(self, body: bytes, fault: str) -> None:
        after = json.loads(body)["after"]
        self.at.asked.append(after)
        given = self.at.answers[int(after or 0) :]
        page = json.dumps({"answers": given, "next": str(int(after or 0) + len(given))}).encode()
        odd = {"huge": b"x" * HUGE_BYTES, "page": b"<html>Welcome</html>"}
        if fault == "lost":
            self.close_connection = True
        else:
            self._say(200, odd.get(fault, page))

    def _refuse(self, fault: str) -> None:
        if fault == "redirect":
            self._say(307, b"", Location=self.at.url)
            return
        status, _, later = fault.partition(":")
        self._say(int(status), b"no", **({"Retry-After": later} if later else {}))

    def _complaint(self, body: bytes) -> str:
        """What is wrong with it, in our own sums; empty where all is well."""
        key_id, stamp = self.headers.get("webhook-id", ""), self.headers.get("webhook-timestamp", "")
        if not key_id or self.headers.get("Idempotency-Key") != key_id:
            return "no id, or another Idempotency-Key"
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > TOLERANCE_S:
            return f"a stamp of {stamp}"
        wanted = sign(self.at.key, key_id, int(stamp), body)
        given = self.headers.get("webhook-signature", "").split()
        return "" if any(hmac.compare_digest(wanted, each) for each in given) else "a wrong signature"

    def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def keep_secret(folder: Path, secret: str = SECRET, *, name: str = "exercise_webhook_secret") -> str:
    """A credentials folder, as systemd gives one: for CREDENTIALS_DIRECTORY."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(secret)
    return str(folder)
