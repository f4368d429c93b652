"""From what the store holds to the rows of a snapshot; words, names, restricted places stay behind (S15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms.common import local
from dispatch.jurisdiction import Owners
from dispatch.records import SITE_STATES, Band, Escalation, EscalationState, Flag, NoTime, SiteState
from dispatch.records.reports import STAFF_ROLES
from dispatch.residents.owners import no_time_of
from dispatch.residents.private_words import covered
from dispatch.snapshot.asked import Wanted
from dispatch.snapshot.columns import (
    HAND_OVER_COLUMNS,
    LEFT_OUT_COLUMNS,
    REPORT_COLUMNS,
    RESTRICTED_COLUMNS,
    SITE_COLUMNS,
)
from dispatch.snapshot.records import HAND_OVERS, LEFT_OUT, REPORTS, RESTRICTED, SITES, Cell, Rows
from dispatch.store.snapshot_rows import StoredReport, StoredSite
from dispatch.triage.categories import Category, CategoryTable

DAY_MS = 86_400_000
YES, NO = "yes", "no"
NOT_MADE_SAFE, MADE_SAFE = "not made safe", "made safe"


@dataclass(frozen=True, slots=True)
class Stored:
    """What was read: reports in the order of entry, their sites, the hand-overs of these."""

    reports: Sequence[StoredReport]
    sites: Sequence[StoredSite]
    hand_overs: Sequence[Escalation]


class RowMaker:
    """Makes the rows of one snapshot; a report and its site are restricted together."""

    def __init__(
        self, stored: Stored, wanted: Wanted, table: CategoryTable, owners: Owners, zone: tzinfo
    ) -> None:
        self._table = table
        self._owners = owners
        self._zone = zone
        self._sites = {each.site_id: each for each in stored.sites}
        self._why_not = {each.request_key: self._left_out(each, wanted) for each in stored.reports}
        self._all = stored.reports
        self._counted = [each for each in stored.reports if not self._why_not[each.request_key]]
        self._of_site: dict[int, list[StoredReport]] = defaultdict(list)
        for each in self._counted:
            if each.site_id is not None:
                self._of_site[each.site_id].append(each)
        self._hand_overs = stored.hand_overs
        self._newest = _newest(stored.hand_overs)

    def sites(self) -> Rows:
        rows = (self._site(self._sites[key], found) for key, found in sorted(self._of_site.items()))
        return Rows(SITES, SITE_COLUMNS, tuple(rows))

    def site_rows(self) -> dict[int, dict[str, Cell]]:
        """The same by their key, each by the names of its columns."""
        names = [column.name for column in SITE_COLUMNS]
        return {
            key: dict(zip(names, self._site(self._sites[key], found), strict=True))
            for key, found in self._of_site.items()
        }

    def reports(self) -> Rows:
        return Rows(REPORTS, REPORT_COLUMNS, tuple(self._report(each) for each in self._counted))

    def hand_overs(self) -> Rows:
        rows = (
            self._hand_over(item, site_id)
            for item in self._hand_overs
            for site_id in item.site_ids
            if site_id in self._of_site
        )
        return Rows(HAND_OVERS, HAND_OVER_COLUMNS, tuple(rows))

    def restricted_reports(self) -> frozenset[int]:
        """Those that are counted, by their key."""
        return frozenset(each.request_key for each in self._counted if self._is_report_restricted(each))

    def left_out(self) -> Rows:
        rows = (
            (
                _number(each.remote_id, each.request_key),
                each.created_at,
                self._table[each.category or ""].label,
                why,
            )
            for each in self._all
            if (why := self._why_not[each.request_key])
        )
        return Rows(LEFT_OUT, LEFT_OUT_COLUMNS, tuple(rows))

    def restricted(self) -> Rows:
        """Where the sites are whose places every other file leaves out."""
        rows = (
            (
                _number(each.opened_by, each.site_id),
                *_what(Band(each.band), self._table[each.category]),
                _yes(SITE_STATES[each.state] is not SiteState.CLOSED),
                self._of_site[each.site_id][0].created_at,
                each.neighborhood,
                *_place(each.where_words, each.lat, each.lng, is_restricted=False),
            )
            for each in (self._sites[key] for key in sorted(self._of_site))
            if self._is_restricted(each)
        )
        return Rows(RESTRICTED, RESTRICTED_COLUMNS, tuple(rows))

    def _left_out(self, each: StoredReport, wanted: Wanted) -> str:
        return wanted.why_not(self._sites.get(each.site_id or 0), self._table[each.category or ""])

    def _site(self, each: StoredSite, found: Sequence[StoredReport]) -> tuple[Cell, ...]:
        category = self._table[each.category]
        state = SITE_STATES[each.state]
        lines = category.pa_emergency + category.pa_permanent
        handed = self._newest.get(each.site_id)
        flags = Flag(each.flags)
        is_restricted = self._is_restricted(each)
        return (
            _number(each.opened_by, each.site_id),
            *_what(Band(each.band), category),
            category.lifeline,
            lines[0] if lines else "",
            " ".join(dict.fromkeys(line for line in lines[1:] if line != lines[0])),
            _public_owner(category, self._owners),
            _yes(state is not SiteState.CLOSED),
            state.value,
            each.state_reason,
            handed.state.value if handed else "",
            _yes(_has_outcome(handed)),
            _wire(flags),
            len(found),
            found[0].created_at,
            found[-1].created_at,
            (each.closed_at or each.server_closed_at) if state is SiteState.CLOSED else None,
            *_place(each.where_words, each.lat, each.lng, is_restricted),
            each.neighborhood,
            _yes(any(report.photo_url for report in found)),
            _yes(Flag.BULK in flags),
            _yes(is_restricted),
        )

    def _report(self, each: StoredReport) -> tuple[Cell, ...]:
        of_site = self._sites.get(each.site_id or 0)
        category = self._table[each.category or ""]
        is_restricted = self._is_report_restricted(each)
        entered = local(each.created_at, self._zone)
        is_late = each.happened_at is not None and each.created_at - each.happened_at > DAY_MS
        return (
            _number(each.remote_id, each.request_key),
            _number(of_site.opened_by, of_site.site_id) if of_site else "",
            each.created_at,
            f"{entered:%Y-%m-%d}",
            f"{entered:%Y-%m-%dT%H%z}",
            each.happened_at,
            each.updated_at,
            each.closed_at,
            each.status,
            _told_by(each, is_bulk=of_site is not None and Flag.BULK in Flag(of_site.flags)),
            *_what(Band(each.band or Band.INFO), category),
            _yes(is_late),
            *_place(each.address, each.lat, each.lng, is_restricted),
            of_site.neighborhood if of_site else "",
            _yes(bool(each.photo_url)),
            _yes(of_site is not None and Flag.BULK in Flag(of_site.flags)),
            _yes(is_restricted),
        )

    def _hand_over(self, item: Escalation, site_id: int) -> tuple[Cell, ...]:
        return (
            item.number,
            _number(self._sites[site_id].opened_by, site_id),
            item.band.name,
            item.desk,
            item.state.value,
            item.created_at,
            item.received_at,
            item.accepted_at,
            item.closed_at,
            _yes(item.accepted_at is not None),
            item.return_code,
            _yes(item.is_unmet),
            _yes(_has_outcome(item)),
        )

    def _is_report_restricted(self, each: StoredReport) -> bool:
        of_site = self._sites.get(each.site_id or 0)
        is_its_site = of_site is not None and self._is_restricted(of_site)
        return is_its_site or self._table[each.category or ""].is_restricted

    def _is_restricted(self, each: StoredSite) -> bool:
        return Flag.RESTRICTED in Flag(each.flags) or self._table[each.category].is_restricted


def _newest(items: Iterable[Escalation]) -> Mapping[int, Escalation]:
    return {site_id: item for item in items for site_id in item.site_ids}


def _what(band: Band, category: Category) -> tuple[Cell, ...]:
    return band.name, category.family, category.label


def _place(address: str, lat: float | None, lng: float | None, is_restricted: bool) -> tuple[Cell, ...]:
    if is_restricted:
        return "", None, None
    if lat is None or lng is None:
        return covered(address), None, None
    return covered(address), round(lat, 6), round(lng, 6)


def _public_owner(category: Category, owners: Owners) -> str:
    """Our note, by whom the category table names as usual owner; eligibility is FEMA's decision."""
    if not category.usual_owner:
        return "unknown"
    why = no_time_of(category.usual_owner, owners)
    return {NoTime.HOMEOWNER: NO, NoTime.UTILITY: "unknown"}[NoTime(why)] if why else YES


def _has_outcome(item: Escalation | None) -> bool:
    return item is not None and item.state is EscalationState.CLOSED and bool(item.outcome.strip())


def _wire(flags: Flag) -> str:
    if Flag.WIRE not in flags:
        return ""
    return MADE_SAFE if Flag.MADE_SAFE in flags else NOT_MADE_SAFE


def _told_by(each: StoredReport, *, is_bulk: bool) -> str:
    """By the account it came from. Of staff's, what came in one go with many others is what crews saw."""
    if each.is_call:
        return "call"
    if not each.reporter_role:
        return "unknown"
    if each.reporter_role not in STAFF_ROLES:
        return "resident"
    return "crew" if is_bulk else "staff"


def _number(remote_id: str | None, key: int) -> str:
    """What the server calls it; what it has not taken yet goes by our own key."""
    return remote_id if remote_id is not None else f"new-{key}"


def _yes(is_so: bool) -> str:
    return YES if is_so else NO
