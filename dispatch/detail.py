"""Everything one site's detail shows, read together so that it fits together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from dispatch import offers, past
from dispatch.board import Board
from dispatch.errors import ActRefused
from dispatch.geo.lookup import AT_MOST, Box, Found, Hit
from dispatch.masking import cover_view, mask_view
from dispatch.past import Past
from dispatch.records import (
    Band,
    CrmStatus,
    Fact,
    LookUp,
    Message,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Place,
    Recipient,
    ServiceRequest,
    SiteView,
    ThreadLine,
)
from dispatch.servers.capabilities import Capabilities, from_text
from dispatch.servers.offers import why_not
from dispatch.store import (
    callers,
    escalations,
    log,
    mirror,
    missing,
    outbox,
    own_places,
    search,
    sites,
    suggestions,
)
from dispatch.store.sites import Member
from dispatch.store.store import Store
from dispatch.triage.judge import Judge
from dispatch.unmasking import Unmasking

# Most organizations acknowledge by a rule within a minute of the report: nobody has read anything yet.
BY_RULE_MS = 60_000
AS_URGENT = (
    OutboxState.FAILED,
    OutboxState.WAITING,
    OutboxState.SENDING,
    OutboxState.HELD,
    OutboxState.TAKEN_BACK,
    OutboxState.SENT,
)
LOOK_UP_MOST = 60
ARCHIVED = "Every report here is archived on the 311 server: nobody can be answered any more."


class Detail:
    """Reads for the screen; runs on the store lane."""

    def __init__(
        self, *, store: Store, judge: Judge, box: Box, unmasking: Unmasking, is_masked: bool = False
    ) -> None:
        self._store = store
        self._judge = judge
        self._box = box
        self._unmasking = unmasking
        self._is_masked = is_masked

    def view(self, site_id: int) -> SiteView:
        """One site, with its phones, units and mail addresses covered unless somebody here has asked for
        them. Raises ActRefused when it stands in another one by now."""
        view = self._read(site_id)
        if self._is_masked or self._unmasking.is_masked:
            view = mask_view(view)
        elif self._unmasking.is_open(site_id):
            return view
        return cover_view(view)

    def whole(self, site_id: int, what: str) -> SiteView:
        """The same with them, for a sheet that cannot do without (`what` names it); in the log where it holds
        any. Who only looks on gets it covered."""
        view = self._read(site_id)
        if self._is_masked or self._unmasking.is_masked:
            return cover_view(mask_view(view))
        if not self._unmasking.is_open(site_id) and cover_view(view).is_covered:
            self._unmasking.note(site_id, what)
        return view

    def _read(self, site_id: int) -> SiteView:
        with self._store.reading() as connection:
            rows = sites.board_rows(connection, [site_id])
            stored = sites.row(connection, site_id)
            members = sites.members(connection, [site_id]).get(site_id, [])
            if not rows or stored is None or not members:
                raise ActRefused("This site stands in another one now.")
            threads = mirror.thread(connection, [key for key, _, _ in members])
            ours = outbox.of_site(connection, site_id)
            facts = (
                *sites.facts(connection, site_id),
                *callers.facts_of(callers.of_site(connection, site_id)),
            )
            requests = tuple(request for _, request, _ in members)
            handed_over = escalations.of_site(connection, site_id)
            ways = escalations.deliveries(connection, [item.escalation_id for item in handed_over])
            recipients = _recipients(members, mirror.servers_of(connection, [key for key, _, _ in members]))
            can_message = any(not each.cannot_why for each in recipients)
            is_archived = all(request.status is CrmStatus.ARCHIVED for request in requests)
            return SiteView(
                row=rows[0],
                category_label=self._judge.rules.table[rows[0].category].label,
                title=rows[0].what,
                address=next((request.address for request in requests if request.address), ""),
                place_doubt=stored.place_doubt,
                assessed_band=Band(stored.assessed_band),
                own_band=sites.own_band(stored),
                reasons=self._judge.reasons(members, own_places.of_site(connection, site_id)),
                requests=requests,
                thread=_thread([(key, r) for key, r, _ in members], threads, ours, facts),
                facts=facts,
                linked_sites=sites.links(connection, site_id),
                escalations=handed_over,
                deliveries=tuple(chain.from_iterable(ways.values())),
                log=log.of_site(connection, site_id),
                followers=sum(request.followers for request in requests),
                can_message=can_message,
                cannot_message_why=""
                if can_message
                else ARCHIVED
                if is_archived
                else next(each.cannot_why for each in recipients),
                recipients=recipients,
                gone=missing.gone(connection, [key for key, _, _ in members]),
                suggestions=suggestions.of_site(connection, site_id),
                offers=offers.of_members(connection, self._judge, members),
                no_neighbor=offers.why_no_neighbor(connection, self._judge, stored, members),
                first_look_min=self._judge.rules.table[rows[0].category].first_look_for(Band(rows[0].band)),
            )

    def request_ids(self, site_id: int) -> list[str]:
        """The server's ids of a site's reports, as far as it has given them."""
        with self._store.reading() as connection:
            members = sites.members(connection, [site_id]).get(site_id, [])
        return [request.request_id for _, request, _ in members if request.request_id]

    def find(self, request_id: str) -> int:
        """The site a request of the server stands in; 0 when it has not come yet."""
        with self._store.reading() as connection:
            return sites.of_request(connection, request_id)

    def find_place(self, typed: str) -> Found:
        """What is meant by an address or coordinates: by the street grid, and by where other reports of the
        same address have their pin."""
        found = self._judge.places.find(typed, self._box)
        with self._store.reading() as connection:
            told = own_places.of_address(connection, typed, at_most=AT_MOST)
        others = [Hit(place, address, "where another report has it") for address, place in told]
        hits = [
            replace(hit, area=self._judge.area_of(hit.place))
            for hit in (*others, *found.hits)
            if not self._judge.places.is_default_pin(hit.place)
        ]
        return Found(tuple(hits[:AT_MOST]), "" if hits else found.say)

    def area_of(self, place: Place) -> str:
        """Where a spot on the map lies."""
        return self._judge.area_of(place)

    def past(self, board: Board) -> Past:
        """What is needed to show how this board stood earlier."""
        return past.read(self._store, board)

    def search(self, words: str) -> list[int]:
        """Sites whose reports hold these words."""
        with self._store.reading() as connection:
            return search.find(connection, words)

    def look_up(self, words: str) -> LookUp:
        """What somebody means who types this: a report's number on the server, an address, words."""
        number = words.strip().removeprefix("#")
        with self._store.reading() as connection:
            by_number = sites.of_request(connection, number) if number and " " not in number else 0
            return LookUp(
                by_number,
                tuple(search.find_best(connection, words, limit=LOOK_UP_MOST)),
                tuple(search.find_phrase(connection, words, limit=LOOK_UP_MOST)),
            )


def _recipients(members: list[Member], servers: Mapping[int, Any]) -> tuple[Recipient, ...]:
    can = {key: from_text(server.capabilities, Capabilities())[0] for key, server in servers.items()}
    return tuple(
        Recipient(
            request_key=key,
            request_id=request.request_id,
            name="" if request.reporter.is_anonymous else request.reporter.name,
            language=assessed.language,
            is_guest=request.reporter.is_anonymous,
            cannot_why=why_not(OutboxKind.MESSAGE, request, server_kind=servers[key].kind, can=can[key]),
        )
        for key, request, assessed in members
    )


def _thread(
    requests: list[tuple[int, ServiceRequest]],
    threads: dict[int, list[Message]],
    ours: list[OutboxItem],
    facts: Iterable[Fact],
) -> tuple[ThreadLine, ...]:
    """Reports, messages, what is on its way and notes, in the order of their time."""
    notes = [fact for fact in facts if fact.name == "note"]
    noted = {_plain(fact.value) for fact in notes}
    said = {_plain(item.text) for item in ours}
    by_rule = {_plain(item.text) for item in ours if outbox.BY in item.detail}
    lines: list[ThreadLine] = []
    for key, request in requests:
        call = next((i for i in ours if i.request_key == key and i.kind is OutboxKind.NEW_REQUEST), None)
        lines.append(_report(request, call))
        lines += [
            ThreadLine(
                _kind(line, request, said, by_rule),
                request.request_id,
                line.author.name,
                line.text,
                line.at,
                is_moderated=line.is_moderated,
                first_text=line.first_text,
                edited_at=line.edited_at,
            )
            for line in threads[key]
            # Our own note, come back from the city's internal comments.
            if not (line.is_internal and _plain(line.text) in noted)
        ]
    lines += [_on_its_way(item) for item in ours if _has_yet_to_show(item)]
    lines += [_note(fact, ours) for fact in notes]
    return tuple(sorted(lines, key=lambda line: line.at))


def _report(request: ServiceRequest, call: OutboxItem | None) -> ThreadLine:
    """One that was typed in here says how far it is on its way to the server."""
    line = ThreadLine(
        "report",
        request.request_id,
        request.reporter.name,
        request.description or request.summary,
        request.created_at,
        request.photo_url,
    )
    return line if call is None or request.request_id else _with_state(line, call)


def _on_its_way(item: OutboxItem) -> ThreadLine:
    words = " · ".join(filter(None, (item.detail.get("assignee_id"), item.text)))
    line = ThreadLine("ours", item.request_id, item.person, words, item.at)
    return _with_state(line, item)


def _note(fact: Fact, ours: list[OutboxItem]) -> ThreadLine:
    """Where the city takes internal comments, with the state of the one that lags most."""
    line = ThreadLine("note", "", fact.who, fact.value, fact.at)
    sent = [i for i in ours if i.kind is OutboxKind.INTERNAL_NOTE and i.at == fact.at]
    sent = [item for item in sent if _plain(item.text) == _plain(fact.value)]
    if not sent:
        return line
    return _with_state(line, min(sent, key=lambda item: AS_URGENT.index(item.state)))


def _with_state(line: ThreadLine, item: OutboxItem) -> ThreadLine:
    return replace(
        line,
        state=item.state.value,
        outbox_id=item.outbox_id,
        due_at=item.due_at,
        error=item.error,
        act=item.kind.value,
    )


def _has_yet_to_show(item: OutboxItem) -> bool:
    """What has arrived comes back in the server's own thread; reports and notes have lines of their own."""
    is_other_line = item.kind in (OutboxKind.NEW_REQUEST, OutboxKind.INTERNAL_NOTE)
    return not is_other_line and item.state not in (OutboxState.SENT, OutboxState.TAKEN_BACK)


def _kind(message: Message, request: ServiceRequest, said: set[str], by_rule: set[str]) -> str:
    if message.is_internal:
        return "internal"
    if not message.author.is_staff:
        return "resident"
    if _plain(message.text) in by_rule:
        return "rule"
    if message.at <= request.created_at + BY_RULE_MS and _plain(message.text) not in said:
        return "rule"
    return "system" if message.text.startswith(message.author.name) else "city"


def _plain(words: str) -> str:
    return " ".join(words.split())
