"""A neighbor's offer of help at a site, and how far it has come. It never changes the site itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class OfferState(StrEnum):
    OFFERED = "offered"
    ASKED = "asked"  # the resident who needs it was asked whether they want it
    AGREED = "agreed"  # both want it
    DONE = "done"  # as the neighbor says
    CONFIRMED = "confirmed"  # as the resident says
    DECLINED = "declined"  # the resident does not want it
    WITHDRAWN = "withdrawn"  # the neighbor takes it back
    UNSUITABLE = "unsuitable"  # we think so, and say why

    @property
    def is_open(self) -> bool:
        return self in (OfferState.OFFERED, OfferState.ASKED, OfferState.AGREED, OfferState.DONE)


@dataclass(frozen=True, slots=True)
class OfferId:
    """Where the words stand: in a report of ours, and there in the report itself or in a line of its thread,
    by a print of its words (the same line comes at times without the server's id, and then with it)."""

    request_key: int
    source: str


@dataclass(frozen=True, slots=True)
class Offer:
    """`words` are the resident's own; `state_at` and `who` are of the last step, empty without one."""

    offer_id: OfferId
    words: str
    said_at: Millis
    state: OfferState = OfferState.OFFERED
    state_at: Millis = 0
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer in the list of all. `no` says why nobody is pointed there; empty where they may be."""

    site_id: int
    band: int
    what: str
    where: str
    offer: Offer
    no: str
