"""Papers for outreach: what a neighborhood reported and what became of it, and the card on how to report.

Both are read and drawn on the caller's thread: beside the store lane, where clicks wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.errors import ActRefused
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.forms import neighborhood_sheet, rack_card
from dispatch.forms.common import EXERCISE, local
from dispatch.forms.neighborhood_sheet import Area, Kind, NeighborhoodSheet
from dispatch.forms.rack_card import RackCard
from dispatch.insight.lasting import lasting
from dispatch.insight.neighborhoods import Place
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import SITE_STATES, Actor, CloseReason, Millis, SiteState
from dispatch.reports import pdf
from dispatch.store import forms, neighborhoods
from dispatch.store.neighborhoods import SiteEnd
from dispatch.store.store import Store
from dispatch.whole_file import write_into

BESIDE = 2
CLOSED = SITE_STATES.index(SiteState.CLOSED)


class OutreachPapers:
    """`folder` is the data folder, `labels` gives what each category is called in plain words."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        jurisdiction: Jurisdiction,
        folder: Path,
        labels: Callable[[], Mapping[str, str]],
    ) -> None:
        self._store = store
        self._actor = actor
        self._jurisdiction = jurisdiction
        self._folder = folder
        self._labels = labels

    def sheet(self, places: Sequence[Place], at: int, since_at: Millis) -> NeighborhoodSheet:
        """Of the place with this number, beside those that are like it in residents."""
        if not places[at].areas:
            raise ActRefused("Choose a neighborhood: what lies outside all of them has no sheet.")
        words, jurisdiction = rack_card.load_sides()[0], self._jurisdiction
        with self._store.reading() as connection:
            now = self._store.clock.now()
            incident = forms.incident(connection, self._actor().activation_id)
            areas = [
                self._area(connection, places[each], since_at, now) for each in (at, *like_it(places, at))
            ]
        return neighborhood_sheet.fill(
            areas,
            now,
            jurisdiction.zone,
            city=jurisdiction.name,
            incident=incident.name,
            is_exercise=incident.is_exercise,
            since_at=since_at,
            how_title=words.how,
            how=rack_card.ways(words, jurisdiction),
            danger=rack_card.with_number(words.danger, jurisdiction),
        )

    def card(self) -> RackCard:
        with self._store.reading() as connection:
            incident = forms.incident(connection, self._actor().activation_id)
        return rack_card.fill(rack_card.load_sides(), self._jurisdiction, is_exercise=incident.is_exercise)

    def print_sheet(self, places: Sequence[Place], at: int, since_at: Millis) -> Path:
        """As PDF in the folder `print`, by the minute it was made in."""
        page = self.sheet(places, at, since_at)
        minute = f"{local(self._store.clock.now(), self._jurisdiction.zone):%Y-%m-%d-%H%M}"
        area = re.sub(r"[^A-Za-z0-9]+", "-", places[at].name).strip("-")[:40] or "area"
        content = pdf.neighborhood_sheet(page)
        return self._write("neighborhood-sheet", f"{area}_{minute}", content, page.is_exercise)

    def print_card(self) -> tuple[Path, tuple[str, ...]]:
        """Where it lies, and the languages of the sides that no speaker has read yet."""
        card = self.card()
        city = re.sub(r"[^A-Za-z0-9]+", "-", card.city).strip("-")
        return self._write("rack-card", city, pdf.rack_card(card), card.is_exercise), card.unread

    def _write(self, kind: str, name: str, content: bytes, is_exercise: bool) -> Path:
        """S18: the mark of an exercise stands first."""
        stem = "_".join((*((EXERCISE,) if is_exercise else ()), kind, name))
        return write_into(self._folder / PRINT_FOLDER, f"{stem}.pdf", content)

    def _area(self, connection: Any, place: Place, since_at: Millis, now: Millis) -> Area:
        labels = self._labels()
        kinds = neighborhoods.by_kind(connection, place.areas, since_at)
        ends = neighborhoods.ends(connection, place.areas, since_at)
        return area_of(place, tuple(Kind(labels.get(k, k), n, hide) for k, n, hide in kinds), ends, now)


def area_of(place: Place, kinds: tuple[Kind, ...], ends: Sequence[SiteEnd], now: Millis) -> Area:
    """Counted as it is printed; a closed site of which nobody knows since when says nothing of how long."""
    closed = [end for end in ends if end.state == CLOSED]
    still_open = [end for end in ends if end.state != CLOSED]
    reasons = [end.reason for end in closed]
    confirmed = reasons.count(CloseReason.FIXED_CONFIRMED)
    unconfirmed = reasons.count(CloseReason.FIXED_UNCONFIRMED)
    done = [max(0, end.closed_at - end.first_at) for end in closed if end.closed_at]
    waiting = [max(0, now - end.first_at) for end in still_open]
    took = lasting(np.array(done, np.int64), np.array(waiting, np.int64))
    return Area(
        name=place.name,
        areas=place.areas,
        residents=place.residents,
        kinds=kinds,
        confirmed=confirmed,
        unconfirmed=unconfirmed,
        otherwise=len(closed) - confirmed - unconfirmed,
        still_open=len(still_open),
        half=took.half,
        nine_in_ten=took.nine_in_ten,
        done=took.done,
        waiting=took.waiting,
    )


def like_it(places: Sequence[Place], at: int) -> tuple[int, ...]:
    """The numbers of the places with the most similar number of residents, none where they are not known."""
    mine = places[at].residents
    others = [each for each, place in enumerate(places) if each != at and place.areas and place.residents > 0]
    if not mine > 0:
        return ()
    return tuple(sorted(others, key=lambda each: (abs(places[each].residents - mine), each))[:BESIDE])
