"""Asks a tile server for what is on the screen: by two threads at most, never ahead, and never in haste.

Whatever the server does, the map beneath is there; what it sends is kept only if it is a picture of a
place.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dispatch.errors import ServerNonsense, ServerRefused, ServerUnreachable, TilesRefused
from dispatch.geo.raster.about import MOST_COARSER
from dispatch.geo.web_tiles import WebTile
from dispatch.http import Answer, HttpDoor, retry_after_s
from dispatch.records import Millis
from dispatch.tile_server.address import TileAddress
from dispatch.tile_server.fresh import DAY_S, LEAST_S, freshness
from dispatch.tile_server.kept import Kept, KeptTiles
from dispatch.tile_server.orders import FIRST_PAUSE_S, State
from dispatch.tile_server.picture import Picture, check_picture, is_picture

log = logging.getLogger(__name__)

LINES = 2
# So many tiles one after another refused, or with the same picture in them, are no accident.
ENOUGH = 4
MOST_PAUSE_S = 300.0
# When the server itself asks for a pause.
MOST_ASKED_PAUSE_S = 3600.0
# A tile that is not there, or is none, is not asked for again the same day.
REST_S = DAY_S
MANY_REST = 10_000
LONGEST_WAIT_S = 60.0
WANTED = "image/png,image/jpeg,image/webp"
SHUT_OUT = (401, 402, 403, 418, 451)
NOT_THERE = (204, 404, 410)


@dataclass(frozen=True, slots=True)
class Tell:
    """Called from any thread: a tile has other pixels now; the state is another; a sentence for the person
    here; the server shuts this console out."""

    came: Callable[[Sequence[WebTile]], None]
    state: Callable[[State], None]
    said: Callable[[str], None]
    blocked: Callable[[str], None]


class TileClient:
    def __init__(
        self,
        address: TileAddress,
        *,
        key: str,
        kept: KeptTiles,
        door: HttpDoor,
        tell: Tell,
        now_s: Callable[[], float] = time.time,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._address, self._key = address, key
        self._kept, self._door, self._tell, self._now_s = kept, door, tell, now_s
        self._who = f"The tile server at {address.host}"
        self._turn = threading.Condition()
        self._sight: tuple[WebTile, ...] = ()
        self._known: dict[WebTile, Kept] = {}
        self._asking: set[WebTile] = set()
        self._rests: dict[WebTile, float] = {}
        self._first_pause_s = first_pause_s
        self._pause_until, self._pause_s = 0.0, 0.0
        self._trouble = "key" if address.wants_key and not key else ""
        self._refusals = self._wrong = 0
        self._same, self._same_places = "", set[WebTile]()
        self._said: set[str] = set()
        self._told: State | None = None
        self._is_closed = False

    def see(self, tiles: Sequence[WebTile]) -> None:
        """What is on the screen now, most urgent first; what was wished for before is given up."""
        with self._turn:
            self._sight = tuple(tiles)
            self._known = self._kept.about(self._sight)
            self._kept.use(self._sight, self._now())
            self._turn.notify_all()
        self._tell_state()

    def work(self) -> None:
        """The life of one thread, until `close`."""
        while (tile := self._next()) is not None:
            try:
                self._take(tile, self._ask(tile))
            except ServerUnreachable as error:
                self._pause("offline")
                self._say(str(error))
            except ServerRefused as error:  # the door's own: an address or a key that cannot be used
                self._shut_out(str(error))
            except (ServerNonsense, TilesRefused) as error:
                self._take_wrong(tile, str(error))
            except sqlite3.Error as error:
                self._rest(tile)
                self._say(f"Tiles cannot be kept in this seat's folder ({error}): is there room on the disk?")
            finally:
                with self._turn:
                    self._asking.discard(tile)
                    self._turn.notify_all()
            self._tell_state()

    def close(self) -> None:
        with self._turn:
            self._is_closed = True
            self._turn.notify_all()

    # -- which one -----------------------------------------------------------------------------------

    def _next(self) -> WebTile | None:
        """Waits until a tile in sight may be asked for; None when it is over."""
        with self._turn:
            while not self._is_closed:
                now = self._now_s()
                wait_s = max(self._pause_until - now, 0.0)
                # After a failure one goes first; the other waits for what becomes of it.
                is_held = self._trouble == "key" or (bool(self._pause_s) and bool(self._asking))
                if not wait_s and not is_held:
                    tile, wait_s = self._first_due(now)
                    if tile is not None:
                        self._asking.add(tile)
                        return tile
                self._turn.wait(min(wait_s, LONGEST_WAIT_S) if wait_s else LONGEST_WAIT_S)
        return None

    def _first_due(self, now: float) -> tuple[WebTile | None, float]:
        """The first tile in sight that is not kept, then the first that is no longer new; else how many
        seconds until there is one."""
        soonest, old = now + LONGEST_WAIT_S, None
        for tile in self._sight:
            if tile in self._asking:
                continue
            known = self._known.get(tile)
            due_s = max(self._rests.get(tile, 0.0), known.fresh_until / 1000 if known else 0.0)
            if due_s > now:
                soonest = min(soonest, due_s)
            elif known is None:
                return tile, 0.0
            elif old is None:
                old = tile
        return old, soonest - now

    def _ask(self, tile: WebTile) -> Answer:
        headers = {"Accept": WANTED}
        if (known := self._known.get(tile)) is not None:
            headers |= {"If-None-Match": known.etag} if known.etag else {}
            headers |= {"If-Modified-Since": known.modified} if known.modified else {}
        return self._door.get_unjudged(self._address.url(tile, self._key), headers, secret=self._key)

    # -- what came -----------------------------------------------------------------------------------

    def _take(self, tile: WebTile, answer: Answer) -> None:
        status = answer.status
        if status == 304:
            self._take_confirmed(tile, answer.headers)
        elif status in NOT_THERE or (status == 200 and not answer.body):
            self._recover()
            self._rest(tile)
        elif status == 200:
            self._take_picture(tile, answer)
        elif is_picture(answer.body) and status in (*SHUT_OUT, 429):
            self._shut_out(
                f"{self._who} shuts this console out: instead of the map it sends a picture that says so"
                f" ({status}). Its terms tell why; the bundled map is shown."
            )
        elif status in SHUT_OUT:
            self._take_refusal(tile, status)
        elif status == 429 or status == 503:
            self._obey(answer.headers)
        elif status >= 500 or status in (408, 425):
            self._pause("failing")
        else:
            raise TilesRefused(
                f"{self._who} answers with status {status} instead of a tile: check its address."
            )

    def _take_confirmed(self, tile: WebTile, headers: Mapping[str, str]) -> None:
        self._recover()
        now = self._now()
        fresh_until = now + round(freshness(headers).fresh_s * 1000)
        self._kept.confirm(tile, now, fresh_until)
        self._reread(tile)

    def _take_picture(self, tile: WebTile, answer: Answer) -> None:
        picture = check_picture(answer.body, answer.headers.get("Content-Type", ""), self._who)
        self._recover()
        if self._is_the_same_everywhere(tile, picture):
            return
        before, now, fresh = self._known.get(tile), self._now(), freshness(answer.headers)
        about = Kept(
            picture.digest,
            answer.headers.get("ETag", "")[:200],
            answer.headers.get("Last-Modified", "")[:200],
            now,
            now + round(fresh.fresh_s * 1000),
            fresh.is_passing,
        )
        self._kept.keep(tile, picture.data, about)
        self._reread(tile)
        if before is None or before.digest != picture.digest:
            self._tell.came([tile])

    def _is_the_same_everywhere(self, tile: WebTile, picture: Picture) -> bool:
        """A picture with something on it that comes for different places shows none of them: a notice that
        access is blocked, or that there is no data. Plain water is no such picture."""
        if picture.is_plain:
            return False
        others = self._kept.others_with(picture.digest, tile)
        if not others and not self._kept.is_no_map(picture.digest):
            with self._turn:
                self._same, self._same_places = "", set()
            return False
        self._kept.drop(picture.digest)
        self._rest(tile, *others)
        with self._turn:
            for each in (tile, *others):
                self._known.pop(each, None)
            places = self._same_places if self._same == picture.digest else set()
            self._same, self._same_places = picture.digest, places | {tile, *others}
            is_enough = len(self._same_places) >= ENOUGH
        if others:
            self._tell.came(others)
        if is_enough:
            self._shut_out(
                f"{self._who} sends one and the same picture for different places, such as “access blocked”."
                " Its terms tell why; the bundled map is shown."
            )
        return True

    def _take_refusal(self, tile: WebTile, status: int) -> None:
        """Without a picture: some stores of tiles say so where they have none."""
        self._rest(tile)
        with self._turn:
            self._refusals += 1
            is_enough = self._refusals >= ENOUGH
        if is_enough:
            why = "check its key" if self._address.wants_key else "its terms tell why"
            self._shut_out(
                f"{self._who} does not give its tiles to this console ({status}): {why}."
                " The bundled map is shown."
            )

    def _take_wrong(self, tile: WebTile, sentence: str) -> None:
        self._rest(tile, seconds=LEAST_S)
        with self._turn:
            self._wrong += 1
            is_enough = self._wrong >= ENOUGH
        self._say(sentence)
        if is_enough:
            self._pause("failing")

    def _obey(self, headers: Mapping[str, str]) -> None:
        asked_s = retry_after_s(headers.get("Retry-After", ""), most_s=MOST_ASKED_PAUSE_S)
        self._pause("pause", least_s=asked_s)

    # -- state ---------------------------------------------------------------------------------------

    def _pause(self, trouble: str, *, least_s: float = 0.0) -> None:
        """Each pause is twice as long as the last one."""
        with self._turn:
            if not self._trouble:
                log.info("%s: %s", self._who, trouble)
            doubled = min(2 * self._pause_s, MOST_PAUSE_S) or self._first_pause_s
            self._pause_s = max(doubled, least_s)
            self._pause_until = self._now_s() + self._pause_s
            self._trouble = trouble

    def _recover(self) -> None:
        with self._turn:
            self._pause_s = 0.0
            self._refusals = self._wrong = 0
            self._trouble = ""

    def _rest(self, *tiles: WebTile, seconds: float = REST_S) -> None:
        with self._turn:
            now = self._now_s()
            if len(self._rests) > MANY_REST:
                self._rests = {tile: until for tile, until in self._rests.items() if until > now}
            self._rests |= dict.fromkeys(tiles, now + seconds)

    def _reread(self, tile: WebTile) -> None:
        with self._turn:
            if tile in self._sight:
                self._known |= self._kept.about([tile])

    def _shut_out(self, sentence: str) -> None:
        with self._turn:
            if self._is_closed:
                return
            self._is_closed = True
            self._turn.notify_all()
        log.warning("%s", sentence)
        self._tell.blocked(sentence)

    def _say(self, sentence: str) -> None:
        with self._turn:
            is_new = sentence not in self._said
            self._said.add(sentence)
        if is_new:
            log.warning("%s", sentence)
            self._tell.said(sentence)

    def _tell_state(self) -> None:
        with self._turn:
            times = [self._kept.checked_at(tile, MOST_COARSER) for tile in self._sight]
            known = [at for at in times if at is not None]
            state = State(min(known, default=None), len(times) - len(known), self._trouble)
            if state == self._told:
                return
            self._told = state
            self._tell.state(state)

    def _now(self) -> Millis:
        return round(self._now_s() * 1000)
