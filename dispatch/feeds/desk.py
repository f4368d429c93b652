"""Asks the weather services, takes files, keeps what came, and says what holds; off the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely

from dispatch.clock import Clock
from dispatch.errors import FeedRefused, LandfallError
from dispatch.feeds.advisory_gis import merged, read_advisory_gis
from dispatch.feeds.advisory_text import read_advisory_text
from dispatch.feeds.alerts_cap import read_alert_cap
from dispatch.feeds.alerts_json import read_alerts_json
from dispatch.feeds.in_force import AHEAD_MS, gathered, in_force
from dispatch.feeds.kept import Arrival, KeptFiles
from dispatch.feeds.records import Advisory, ForecastPoint, Listing, Status
from dispatch.feeds.shown import Places
from dispatch.feeds.sniff import MOST_BYTES, NHC, NWS, whose
from dispatch.feeds.storms_list import ActiveStorm, read_storms
from dispatch.feeds.weather import FeedState, Weather
from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.folder import LayerFolder
from dispatch.http import HttpDoor
from dispatch.records import Actor, Changes, Millis
from dispatch.store.store import Store

GEOJSON = "application/geo+json, application/json;q=0.9, */*;q=0.5"
DAY_MS = 86_400_000
# What a file said is news for so long; then only a newer one is.
FILES_COUNT_MS = 3 * DAY_MS
ARRIVALS_LOOKED_AT = 400
URL, FILE = "url", "file"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was taken: what it was, for the activity log and for who brought it."""

    arrival: Arrival
    alerts: int = 0
    advisory: Advisory | None = None
    is_older: bool = False


class Feeds:
    """`nws_url` and `nhc_url` are empty where nothing is to be asked. `statuses` are the alerts that may
    show: an exercise also shows those made for exercises. `box` is the jurisdiction's, in degrees."""

    def __init__(
        self,
        *,
        folder: Path,
        geo: GeoFolder,
        box: Bounds,
        door: HttpDoor,
        store: Store,
        actor: Callable[[], Actor],
        clock: Clock,
        wall_clock: Clock,
        nws_url: str = "",
        nhc_url: str = "",
        statuses: Collection[Status] = (Status.ACTUAL,),
    ) -> None:
        self.urls = {NWS: nws_url, NHC: nhc_url}
        self.kept = KeptFiles(folder)
        self._work = LayerFolder(folder / "work")
        self._places, self._box = Places(geo, box), box
        self._door, self._store, self._actor = door, store, actor
        self._clock, self._wall_clock = clock, wall_clock
        self._statuses = statuses
        self._lock = threading.RLock()
        self._listings: dict[str, Listing] = {}
        self._advisories: dict[str, Advisory] = {}
        self._brought: set[str] = set()
        self._storms: tuple[ActiveStorm, ...] | None = None
        self._state = {name: FeedState(is_set=bool(url)) for name, url in self.urls.items()}
        self._named: dict[str, tuple[str, str]] = {}

    def close(self) -> None:
        self._door.close()

    # -- what holds ---------------------------------------------------------------------------------

    def weather(self) -> Weather:
        """As it stands now by the storm's clock."""
        with self._lock:
            now = self._clock.now()
            self._forget_old(now)
            found = in_force(gathered(self._listings.values()), now, statuses=self._statuses)
            advisories = self._advisories_now(now)
            held = max((each.listed_at for each in self._listings.values()), default=0)
            nws = replace(self._state[NWS], is_loaded=bool(self._listings), held_at=held)
            issued = max((each.issued_at for each in advisories), default=0)
            is_loaded = bool(advisories) or self._storms is not None
            nhc = replace(self._state[NHC], is_loaded=is_loaded, held_at=issued)
            return Weather(tuple(map(self._places.shown, found)), advisories, nws, nhc)

    # -- coming in ----------------------------------------------------------------------------------

    def load(self) -> None:
        """What was kept before this start: the last answers, and files that still count."""
        with self._lock:
            has_answer = False
            for arrival in reversed(self.kept.arrivals()[-ARRIVALS_LOOKED_AT:]):
                if arrival.refused or (arrival.feed == NWS and arrival.source == URL and has_answer):
                    continue
                if (
                    arrival.at > self._clock.now() + AHEAD_MS
                    or arrival.at < self._clock.now() - FILES_COUNT_MS
                ):
                    continue
                if self._load(arrival):
                    has_answer |= arrival.feed == NWS and arrival.source == URL

    def ask(self, feed: str) -> None:
        """Ask one service whether it has anything new. What goes wrong stands in the feed's state afterwards,
        and is raised as well."""
        try:
            (self._ask_nws if feed == NWS else self._ask_nhc)()
        except LandfallError as error:
            with self._lock:
                was = self._state[feed]
                failed_at = was.failed_at or self._wall_clock.now()
                self._state[feed] = replace(was, failed_at=failed_at, complaint=str(error))
            raise
        with self._lock:
            at = self._wall_clock.now()
            self._state[feed] = replace(self._state[feed], read_at=at, failed_at=0, complaint="")

    def take_file(self, path: Path) -> Taken | None:
        """A file somebody brought; None when it is no weather at all. Raises FeedRefused with one sentence;
        the file is kept then, too."""
        feed = whose(path)
        if not feed:
            return None
        body, at = path.read_bytes(), self._clock.now()
        try:
            read = self._read_file(feed, path, body, at)
        except FeedRefused as error:
            self._keep(body, feed, FILE, path.name, refused=str(error))
            raise
        if read is None:
            return None
        arrival = self._keep(body, feed, FILE, path.name)
        with self._lock:
            if isinstance(read, Listing):
                self._listings[f"{FILE} {arrival.sha256}"] = read
                return Taken(arrival, alerts=len(read.alerts))
            self._brought.add(_key(read))
            is_older = not self._take_advisory(read, arrival)
            return Taken(arrival, advisory=read, is_older=is_older)

    def log_taken(self, taken: Taken) -> Changes:
        """The act's line in the activity log; on the store lane."""
        arrival, advisory = taken.arrival, taken.advisory
        what = f"{taken.alerts} alerts" if advisory is None else f"{advisory.name} advisory {advisory.number}"
        with self._store.transaction(self._actor()) as tx:
            detail = {"file": arrival.name, "sha256": arrival.sha256, "kept_as": arrival.file}
            tx.log("weather", f"weather file taken: {what}", subject=arrival.sha256[:12], detail=detail)
        return tx.changes

    # -- the two services ---------------------------------------------------------------------------

    def _ask_nws(self) -> None:
        body = self._get(self.urls[NWS])
        if body is None:
            return
        name = self._door.who(self.urls[NWS])
        try:
            listing = _read_alerts(body, name, URL, self._clock.now())
        except FeedRefused as error:
            self._named.pop(self.urls[NWS], None)
            self._keep(body, NWS, URL, self.urls[NWS], refused=str(error))
            raise
        with self._lock:
            before = self._listings.get(URL)
            if before is None or listing.listed_at >= before.listed_at:
                self._listings[URL] = listing
            self._state[NWS] = replace(self._state[NWS], damaged=listing.damaged)
        # Its own time of day moves with every answer; only another content is worth another file.
        if before is None or before.alerts != listing.alerts:
            self._keep(body, NWS, URL, self.urls[NWS])

    def _ask_nhc(self) -> None:
        body = self._get(self.urls[NHC])
        if body is not None:
            try:
                storms = read_storms(body, url=self.urls[NHC])
            except FeedRefused as error:
                self._named.pop(self.urls[NHC], None)
                self._keep(body, NHC, URL, self.urls[NHC], refused=str(error))
                raise
            self._keep(body, NHC, URL, self.urls[NHC])
            with self._lock:
                self._storms = storms
        complaints = []
        for storm in self._storms or ():
            try:
                self._fetch(storm)
            except LandfallError as error:
                complaints.append(str(error))
        if complaints:
            raise FeedRefused(complaints[0])

    def _fetch(self, storm: ActiveStorm) -> None:
        known = self._advisories.get(storm.storm_id)
        if not storm.url or (known and known.number == storm.number):
            return
        answer = self._door.get_newer(storm.url)
        if answer is None:
            return
        name = storm.url.rpartition("/")[2]
        try:
            with TemporaryDirectory() as folder:
                path = Path(folder, Path(name).name or "advisory.zip")
                path.write_bytes(answer.body)
                advisory = read_advisory_gis(path, self._work, issued_at=storm.issued_at)
            if advisory is None:
                raise FeedRefused(f"{name} of the hurricane center holds no advisory.")
        except FeedRefused as error:
            self._keep(answer.body, NHC, URL, storm.url, refused=str(error))
            raise
        # The list is what tells which storm it is.
        advisory = replace(advisory, storm_id=storm.storm_id, name=storm.name or advisory.name)
        self._take_advisory(advisory, self._keep(answer.body, NHC, URL, storm.url))

    def _get(self, url: str) -> bytes | None:
        """None when it is as it was."""
        etag, modified = self._named.get(url, ("", ""))
        answer = self._door.get_newer(url, etag=etag, modified=modified, accept=GEOJSON)
        if answer is None:
            return None
        self._named[url] = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
        return answer.body

    # -- reading and keeping ------------------------------------------------------------------------

    def _read_file(self, feed: str, path: Path, body: bytes, at: Millis) -> Listing | Advisory | None:
        if feed == NWS:
            return _read_alerts(body, path.name, FILE, at)
        if body.lstrip()[:1] == b"{":
            raise FeedRefused(
                f"{path.name} lists storms but holds no track: choose a storm's zip or KMZ file."
            )
        if body.startswith(b"PK") or body.lstrip()[:1] == b"<" or b"\x00" in body[:4096]:
            return read_advisory_gis(path, self._work)
        return read_advisory_text(body.decode("utf-8", "replace"), path.name)

    def _load(self, arrival: Arrival) -> bool:
        try:
            if arrival.feed == NWS:
                key = URL if arrival.source == URL else f"{FILE} {arrival.sha256}"
                self._listings[key] = _read_alerts(
                    self.kept.body(arrival), arrival.name, arrival.source, arrival.at
                )
            elif said := self.kept.read_form(arrival):
                advisory = _advisory(said)
                self._take_advisory(advisory, None)
                if arrival.source == FILE:
                    self._brought.add(_key(advisory))
        except (LandfallError, TypeError, ValueError, KeyError):
            return False  # no longer whole: the next answer brings it anew
        return True

    def _take_advisory(self, advisory: Advisory, arrival: Arrival | None) -> bool:
        """False when a newer one of that storm is known already."""
        with self._lock:
            before = self._advisories.get(_key(advisory))
            if before and before.number == advisory.number:
                advisory = merged(advisory, before)
            elif before and before.issued_at > advisory.issued_at:
                return False
            self._advisories[_key(advisory)] = advisory
            if arrival is not None:
                self.kept.keep_read(arrival, asdict(advisory))
            return True

    def _keep(self, body: bytes, feed: str, source: str, name: str, refused: str = "") -> Arrival:
        with self._lock:
            return self.kept.keep(
                body, feed=feed, source=source, name=name, at=self._clock.now(), refused=refused
            )

    # -- what is shown ------------------------------------------------------------------------------

    def _forget_old(self, now: Millis) -> None:
        old = [
            key
            for key, each in self._listings.items()
            if key != URL and each.listed_at < now - FILES_COUNT_MS
        ]
        for key in old:
            del self._listings[key]

    def _advisories_now(self, now: Millis) -> tuple[Advisory, ...]:
        """Of storms that are on the list, or that came by file not long ago; the nearest first."""
        listed = {storm.storm_id for storm in self._storms or ()}
        shown = [
            each
            for key, each in self._advisories.items()
            if now - FILES_COUNT_MS < each.issued_at <= now + AHEAD_MS
            and (self._storms is None or key in listed or key in self._brought)
        ]
        return tuple(sorted(shown, key=lambda each: (self._away(each), each.storm_id)))

    def _away(self, advisory: Advisory) -> float:
        line = [*advisory.track] or [(0.0, 0.0)]
        shape = shapely.linestrings(line) if len(line) > 1 else shapely.points(*line[0])
        return float(shapely.distance(shape, shapely.box(*self._box)))


def _read_alerts(body: bytes, name: str, source: str, at: Millis) -> Listing:
    if len(body) > MOST_BYTES:
        raise FeedRefused(f"{name} is larger than a list of alerts may be.")
    if body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return read_alert_cap(body, name=name, source=source, arrived_at=at)
    return read_alerts_json(body, name=name, source=source, arrived_at=at, is_whole=source == URL)


def _key(advisory: Advisory) -> str:
    return advisory.storm_id or advisory.name.lower()


def _advisory(said: dict[str, object]) -> Advisory:
    """The way back from what `keep_read` put down."""
    rows = said | {
        "points": tuple(map(_forecast_point, said["points"])),  # type: ignore[call-overload]
        "track": tuple(map(tuple, said["track"])),  # type: ignore[call-overload]
        "cone": tuple(tuple(map(tuple, ring)) for ring in said["cone"]),  # type: ignore[attr-defined]
    }
    return Advisory(**rows)  # type: ignore[arg-type]


def _forecast_point(said: dict[str, Any]) -> ForecastPoint:
    return ForecastPoint(**said | {"gale_nm": tuple(said.get("gale_nm", ()))})
