"""Everything one site's detail shows, read together so that it fits together."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.errors import ActRefused
from dispatch.masking import mask_view
from dispatch.records import (
    Band,
    CrmStatus,
    Fact,
    Message,
    OutboxItem,
    OutboxState,
    ServiceRequest,
    SiteView,
    ThreadLine,
)
from dispatch.store import escalations, log, mirror, missing, outbox, search, sites
from dispatch.store.store import Store
from dispatch.triage.judge import Judge

CITY_ROLES = ("Verified Official", "Admin")
ARCHIVED = "Every report here is archived on the 311 server: nobody can be answered any more."


class Detail:
    """Reads for the screen; runs on the store lane."""

    def __init__(self, *, store: Store, judge: Judge, is_masked: bool = False) -> None:
        self._store = store
        self._judge = judge
        self._is_masked = is_masked

    def view(self, site_id: int) -> SiteView:
        """One site, whole. Raises ActRefused when it stands in another one by now."""
        view = self._read(site_id)
        return mask_view(view) if self._is_masked else view

    def _read(self, site_id: int) -> SiteView:
        with self._store.reading() as connection:
            rows = sites.board_rows(connection, [site_id])
            stored = sites.row(connection, site_id)
            members = sites.members(connection, [site_id]).get(site_id, [])
            if not rows or stored is None or not members:
                raise ActRefused("This site stands in another one now.")
            threads = mirror.thread(connection, [key for key, _, _ in members])
            ours = outbox.of_site(connection, site_id)
            facts = sites.facts(connection, site_id)
            requests = tuple(request for _, request, _ in members)
            can_message = any(request.status != CrmStatus.ARCHIVED for request in requests)
            return SiteView(
                row=rows[0],
                category_label=self._judge.rules.table[rows[0].category].label,
                title=rows[0].what,
                address=next((request.address for request in requests if request.address), ""),
                place_doubt=stored.place_doubt,
                assessed_band=Band(stored.assessed_band),
                own_band=sites.own_band(stored),
                reasons=self._judge.reasons(members),
                requests=requests,
                thread=_thread([(key, r) for key, r, _ in members], threads, ours, facts),
                facts=facts,
                linked_sites=sites.links(connection, site_id),
                escalations=escalations.of_site(connection, site_id),
                log=log.of_site(connection, site_id),
                followers=sum(request.followers for request in requests),
                can_message=can_message,
                cannot_message_why="" if can_message else ARCHIVED,
                gone=missing.gone(connection, [key for key, _, _ in members]),
            )

    def request_ids(self, site_id: int) -> list[str]:
        """The server's ids of a site's reports."""
        with self._store.reading() as connection:
            members = sites.members(connection, [site_id]).get(site_id, [])
        return [request.request_id for _, request, _ in members]

    def find(self, request_id: str) -> int:
        """The site a request of the server stands in; 0 when it has not come yet."""
        with self._store.reading() as connection:
            return sites.of_request(connection, request_id)

    def search(self, words: str) -> list[int]:
        """Sites whose reports hold these words."""
        with self._store.reading() as connection:
            return search.find(connection, words)


def _thread(
    requests: list[tuple[int, ServiceRequest]],
    threads: dict[int, list[Message]],
    ours: list[OutboxItem],
    facts: Iterable[Fact],
) -> tuple[ThreadLine, ...]:
    """Reports, messages, what is on its way and notes, in the order of their time."""
    lines: list[ThreadLine] = []
    for key, request in requests:
        lines.append(
            ThreadLine(
                "report",
                request.request_id,
                request.reporter.name,
                request.description or request.summary,
                request.created_at,
                request.photo_url,
            )
        )
        lines += [
            ThreadLine(_kind(line), request.request_id, line.author.name, line.text, line.at)
            for line in threads[key]
        ]
    lines += [
        ThreadLine(
            "ours",
            item.request_id,
            item.person,
            item.text,
            item.at,
            "",
            item.state.value,
            item.outbox_id,
            item.due_at,
            item.error,
        )
        for item in ours
        # What has arrived comes back in the server's own thread.
        if item.state not in (OutboxState.SENT, OutboxState.TAKEN_BACK)
    ]
    lines += [ThreadLine("note", "", fact.who, fact.value, fact.at) for fact in facts if fact.name == "note"]
    return tuple(sorted(lines, key=lambda line: line.at))


def _kind(message: Message) -> str:
    if message.author.role not in CITY_ROLES:
        return "resident"
    return "system" if message.text.startswith(message.author.name) else "city"
