"""What a form says as PDF bytes, on letter paper; the same content always gives the same bytes."""

from __future__ import annotations

from dispatch.forms.first_hour import FirstHour
from dispatch.forms.ics201 import Ics201
from dispatch.forms.ics209 import Ics209
from dispatch.forms.ics213 import Ics213
from dispatch.forms.ics213rr import Ics213RR
from dispatch.forms.ics214 import Ics214
from dispatch.forms.neighborhood_sheet import NeighborhoodSheet
from dispatch.forms.public_checklist import PublicChecklist
from dispatch.forms.rack_card import RackCard
from dispatch.forms.shift import ShiftPage
from dispatch.forms.walk_list import WalkList
from dispatch.forms.weekly import Weekly
from dispatch.reports import (
    first_hour_pages,
    ics201_pages,
    ics209_pages,
    ics213rr_pages,
    ics214_pages,
    paper,
    trial_page,
    weekly_pages,
)
from dispatch.reports.block_pages import BlockPages, Paper
from dispatch.reports.ics213_pages import Ics213Pages
from dispatch.reports.neighborhood_pages import NeighborhoodPages
from dispatch.reports.public_checklist_pages import PublicChecklistPages
from dispatch.reports.rack_card_pages import RackCardPages
from dispatch.reports.shift_pages import ShiftPages
from dispatch.reports.trial_page import Trial
from dispatch.reports.walk_list_pages import WalkListPages


def ics213(form: Ics213) -> bytes:
    with paper.drawing:
        return Ics213Pages(form).draw()


def walk_list(page: WalkList) -> bytes:
    with paper.drawing:
        return WalkListPages(page).draw()


def public_checklist(page: PublicChecklist) -> bytes:
    with paper.drawing:
        return PublicChecklistPages(page).draw()


def ics213rr(form: Ics213RR) -> bytes:
    return _drawn(ics213rr_pages.layout(form))


def ics214(form: Ics214) -> bytes:
    return _drawn(ics214_pages.layout(form))


def ics201(form: Ics201, picture: bytes = b"") -> bytes:
    """`picture` is the map as PNG or JPEG; without one its box stays empty."""
    return _drawn(ics201_pages.layout(form, picture))


def ics209(form: Ics209) -> bytes:
    return _drawn(ics209_pages.layout(form))


def first_hour(page: FirstHour) -> bytes:
    return _drawn(first_hour_pages.layout(page))


def shift(page: ShiftPage) -> bytes:
    with paper.drawing:
        return ShiftPages(page).draw()


def weekly(page: Weekly) -> bytes:
    return _drawn(weekly_pages.layout(page))


def trial(page: Trial) -> bytes:
    return _drawn(trial_page.layout(page))


def neighborhood_sheet(page: NeighborhoodSheet) -> bytes:
    with paper.drawing:
        return NeighborhoodPages(page).draw()


def rack_card(card: RackCard) -> bytes:
    """Four by nine inches; raises ActRefused where its words do not fit."""
    with paper.drawing:
        return RackCardPages(card).draw()


def _drawn(form: Paper) -> bytes:
    with paper.drawing:
        return BlockPages(form).draw()
