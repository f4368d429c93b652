"""Visits to the mailbox: what came since the last one, and how far it has been read."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import orjson

from dispatch.errors import ChannelFailed
from dispatch.escalation import files
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.mail import imap, received
from dispatch.escalation.mail.imap import Mailbox, Mark
from dispatch.escalation.mail.road import Road, Server
from dispatch.records import Incoming

log = logging.getLogger(__name__)

MARKS = "mail-read.json"
# Mail providers shut out whom they see too often.
EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one visit brought: each answer's mail, those that are nothing to us, and the mark after them."""

    account: str
    validity: int
    uids: dict[str, int]
    passed_over: frozenset[int]
    top: int


class AnswerBox:
    """Until an answer is confirmed its mail stays unread and comes again with the next visit."""

    def __init__(self) -> None:
        self._batch: _Batch | None = None
        self._next_at = 0.0
        self._failure = ""

    def answers(self, settings: ChannelSettings) -> Sequence[Incoming]:
        road = Road(settings)
        if (server := road.imap()) is None:
            return ()
        if time.monotonic() < self._next_at:
            if self._failure:
                raise ChannelFailed(self._failure)
            return ()
        self._next_at = time.monotonic() + _every_s(road)
        try:
            found = self._visit(road, server)
        except ChannelFailed as error:
            self._failure = str(error)
            raise
        self._failure = ""
        return found

    def confirm(self, keys: Collection[str], settings: ChannelSettings) -> None:
        batch, road = self._batch, Road(settings)
        if batch is None or (server := road.imap()) is None:
            return
        with _open(road, server) as box:
            self._settle(box, road, batch, keys)
        self._batch = None

    # -- inside ---------------------------------------------------------------------------------------

    def _visit(self, road: Road, server: Server) -> Sequence[Incoming]:
        account = _account(road, server)
        with _open(road, server) as box:
            mails = box.after(_read_mark(road, account))
            answers, passed_over, uids = [], Counter[str](), {}
            for mail in mails:
                item = received.read(mail.content, road.settings, size=mail.size)
                if isinstance(item, received.Nothing):
                    passed_over[item.why] += 1
                else:
                    answers.append(item)
                    uids[item.key] = mail.uid
            tops = [mail.uid for mail in mails]
            if len(mails) < imap.MOST_MAILS:
                # All that was there when the folder was opened; 0 where the server does not say.
                tops.append(box.next_uid - 1)
            batch = _Batch(
                account,
                box.validity,
                uids,
                frozenset(mail.uid for mail in mails) - set(uids.values()),
                max(tops, default=0),
            )
            for why, count in sorted(passed_over.items()):
                log.info("%d mails passed over: %s", count, why)
            if answers:
                self._batch = batch
            else:
                self._settle(box, road, batch, ())
        return answers

    def _settle(self, box: Mailbox, road: Road, batch: _Batch, keys: Collection[str]) -> None:
        """The confirmed ones are read; the mark goes up to the first that is not."""
        if box.validity != batch.validity:
            return  # the folder was made anew: what is in it has other numbers now
        done = {uid for key, uid in batch.uids.items() if key in keys} | batch.passed_over
        open_ones = set(batch.uids.values()) - done
        box.mark_seen(done)
        top = min(open_ones) - 1 if open_ones else batch.top
        if top > 0:
            _write_mark(road, batch.account, Mark(batch.validity, top))
        if folder := road.value("imap_read_folder"):
            box.move(done, folder)


def _open(road: Road, server: Server) -> AbstractContextManager[Mailbox]:
    return imap.opened(server, lambda: road.password(server), road.value("imap_folder") or "INBOX")


def _every_s(road: Road) -> float:
    try:
        return float(road.value("imap_every_s") or EVERY_S)
    except ValueError:
        return EVERY_S


def _account(road: Road, server: Server) -> str:
    return f"{server.user}@{server.host}:{server.port}/{road.value('imap_folder') or 'INBOX'}"


def _marks(path: Path) -> dict[str, list[int]]:
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _read_mark(road: Road, account: str) -> Mark | None:
    match _marks(road.settings.data_dir / MARKS).get(account):
        case [int(validity), int(uid)]:
            return Mark(validity, uid)
    return None


def _write_mark(road: Road, account: str, mark: Mark) -> None:
    folder = road.settings.data_dir
    known = _marks(folder / MARKS)
    if known.get(account) != [mark.validity, mark.uid]:
        files.place(folder, MARKS, orjson.dumps(known | {account: [mark.validity, mark.uid]}))
