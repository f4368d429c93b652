"""Sites: what their reports come to, what we did to them, and the reads of board and detail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Numeric,
    Row,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from dispatch.records import (
    SITE_STATES,
    Assessment,
    Band,
    Fact,
    Flag,
    Millis,
    OwnBand,
    Place,
    Reason,
    ReportRow,
    ServiceRequest,
    SiteRow,
    SiteState,
    SiteSummary,
)
from dispatch.store import escalations, mirror
from dispatch.store.bulk import among, upsert, write
from dispatch.store.schema import assessment, claim, claim_ask, fact, link, membership, request, site
from dispatch.store.transaction import Transaction

Member = tuple[int, ServiceRequest, Assessment]

# The board's columns of a site, in the order of SiteRow up to `why`.
_BOARD = (
    site.c.site_id,
    site.c.band,
    site.c.score,
    site.c.first_at,
    site.c.last_at,
    site.c.acted_at,
    site.c.reports,
    site.c.state,
    site.c.state_reason,
    site.c.category,
    site.c.neighborhood,
    site.c.lat,
    site.c.lng,
    site.c.flags.bitwise_or(site.c.own_flags).bitwise_or(
        case((site.c.own_band.is_not(None), int(Flag.OVERRIDDEN)), else_=0)
    ),
    site.c.snoozed_until,
    site.c.what,
    site.c.where_words,
    site.c.why,
)
_CLAIMS = select(
    *(claim.c.site_id, claim.c.person, claim.c.seat, claim.c.at),
    *(claim_ask.c.person, claim_ask.c.seat, claim_ask.c.at),
).outerjoin(claim_ask, claim_ask.c.site_id == claim.c.site_id)
# Ids a statement may name at once; SQLite allows some thirty thousand, older builds 999.
CHUNK = 900
DEGREE_M = 111_195.0
# What is written of a site's reports together, and of a site that opens.
_SUMMED = (
    *("band", "assessed_band", "score", "first_at", "last_at", "reports", "category", "neighborhood"),
    *("lat", "lng", "flags", "what", "where_words", "place_doubt", "why"),
)
_OPENED = ("site_id", "activation_id", "state", "state_reason", *_SUMMED)
_ASSESSED = (
    *("request_key", "band", "score", "category", "is_assessed", "language", "is_set_aside", "cues"),
    "reasons",
)
CLOSED = SITE_STATES.index(SiteState.CLOSED)
NONE = Flag(0)
NOBODY = ("", "", 0)  # has claimed it, or asks for it
NO_ESCALATION = ("", "", "", 0)


# -- what the board reads -------------------------------------------------------------------------------


def board_rows(connection: Connection, site_ids: Iterable[int] | None = None) -> list[SiteRow]:
    """The board's row of these sites, or of all, with their claims and open escalations put in."""
    rows: list[SiteRow] = []
    for chunk in _chunks(site_ids):
        sites, claims = select(*_BOARD), _CLAIMS
        if chunk is not None:
            sites = sites.where(among(site.c.site_id, chunk))
            claims = claims.where(among(claim.c.site_id, chunk))
        claimed = {site_id: tuple(held) for site_id, *held in connection.execute(claims)}
        asked = {site_id: held[3:] for site_id, held in claimed.items() if held[3]}
        handed_over = escalations.open_by_site(connection, chunk)
        rows += [
            SiteRow._make(
                row
                + claimed.get(row[0], NOBODY)[:3]
                + handed_over.get(row[0], NO_ESCALATION)
                + asked.get(row[0], NOBODY)
            )
            for row in _tuples(connection, sites)
        ]
    return rows


def board_reports(connection: Connection, site_ids: Iterable[int] | None = None) -> list[ReportRow]:
    """Entry time and site of every report of these sites, or of all."""
    statement = select(request.c.request_key, request.c.created_at, membership.c.site_id).join(
        membership, membership.c.request_key == request.c.request_key
    )
    rows: list[ReportRow] = []
    for chunk in _chunks(site_ids):
        asked = statement if chunk is None else statement.where(among(membership.c.site_id, chunk))
        rows += map(ReportRow._make, _tuples(connection, asked))
    return rows


def _tuples(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them: for a hundred thousand, wrapping each costs more than reading it."""
    with connection.execute(statement) as found:
        assert found.cursor is not None
        return list(found.cursor.fetchall())


def count(connection: Connection) -> int:
    """Sites with at least one report."""
    return int(connection.execute(select(func.count(func.distinct(membership.c.site_id)))).scalar_one())


def around(
    connection: Connection, place: Place | None, where: str, reach_m: float, *, at_most: int
) -> list[Row[Any]]:
    """Open sites within reach of a place, or of just this short address, those last reported first."""
    near: list[ColumnElement[bool]] = []
    if place is not None:
        north = reach_m / DEGREE_M
        east = north / max(0.1, cos(radians(place.lat)))
        in_lat = site.c.lat.between(place.lat - north, place.lat + north)
        near.append(and_(in_lat, site.c.lng.between(place.lng - east, place.lng + east)))
    if where:
        near.append(func.lower(site.c.where_words) == where.lower())
    if not near:
        return []
    is_open = and_(site.c.state != CLOSED, site.c.own_flags.bitwise_and(int(Flag.MERGED)) == 0)
    found = select(site).where(or_(*near), is_open).order_by(site.c.last_at.desc()).limit(at_most)
    return list(connection.execute(found))


# -- what sync and desk write -----------------------------------------------------------------------------


def open_new(transaction: Transaction, rows: Sequence[tuple[int, SiteSummary, bool]]) -> None:
    """Open one site for each new request, with the request's key as its id; True: closed on the server."""
    activation_id = transaction.actor.activation_id
    write(
        transaction.connection,
        site,
        _OPENED,
        [
            (
                key,
                activation_id,
                CLOSED if is_closed else 0,
                "server" if is_closed else "",
                *_summary_values(summary),
            )
            for key, summary, is_closed in rows
        ],
    )
    keys = [key for key, _, _ in rows]
    write(transaction.connection, membership, ("request_key", "site_id"), list(zip(keys, keys, strict=True)))
    transaction.sites.update(keys)


def save_assessments(transaction: Transaction, rows: Sequence[tuple[int, Assessment]]) -> None:
    write(
        transaction.connection,
        assessment,
        _ASSESSED,
        [
            (
                key,
                int(item.band),
                item.score,
                item.category,
                int(item.is_assessed),
                item.language,
                int(item.is_set_aside),
                ",".join(sorted(item.cues)) if item.cues else "",
                orjson.dumps([(r.part, r.text, r.points) for r in item.reasons]).decode(),
            )
            for key, item in rows
        ],
        key=("request_key",),
    )


def refresh(transaction: Transaction, site_id: int, summary: SiteSummary) -> None:
    """Write what a site's reports come to now. An operator's own band stays, until a new fact says worse
    than was known: a raiser raises at once, only lowering is the operator's (S2)."""
    old = transaction.connection.execute(
        select(site.c.own_band, site.c.band, site.c.assessed_band).where(site.c.site_id == site_id)
    ).one()
    columns = dict(zip(_SUMMED, _summary_values(summary), strict=True))
    if old.own_band is not None:
        is_worse = summary.band < old.assessed_band
        columns["band"] = min(old.band, int(summary.band)) if is_worse else old.band
    change(transaction, site_id, **columns)


def rescore(transaction: Transaction, site_id: int, summary: SiteSummary) -> None:
    """The same after the rules have changed: nothing new is known, so an operator's own band stays."""
    columns = dict(zip(_SUMMED, _summary_values(summary), strict=True))
    columns["band"] = func.coalesce(site.c.own_band, int(summary.band))
    change(transaction, site_id, **columns)


def change(transaction: Transaction, site_id: int, **values: Any) -> None:
    transaction.connection.execute(update(site).where(site.c.site_id == site_id).values(**values))
    transaction.sites.add(site_id)


def set_flags(transaction: Transaction, site_id: int, *, add: Flag = NONE, drop: Flag = NONE) -> None:
    """Marks that an act or an event sets, beside those that follow from the reports."""
    value = site.c.own_flags.bitwise_or(int(add)).bitwise_and(~int(drop) & 0x7FFFFFFF)
    transaction.connection.execute(update(site).where(site.c.site_id == site_id).values(own_flags=value))
    transaction.sites.add(site_id)


def move_members(transaction: Transaction, request_keys: Iterable[int], site_id: int) -> None:
    transaction.connection.execute(
        update(membership).where(membership.c.request_key.in_(list(request_keys))).values(site_id=site_id)
    )


def set_happened(transaction: Transaction, request_key: int, at: Millis) -> None:
    """When what a report tells of happened, as a person says."""
    own = membership.c.request_key == request_key
    transaction.connection.execute(update(membership).where(own).values(happened_at=at))


def stands_in(connection: Connection, request_key: int) -> int:
    """The site in which a report stands by now, which may have become part of another one."""
    found = select(membership.c.site_id).where(membership.c.request_key == request_key)
    return int(connection.execute(found).scalar() or request_key)


def add_links(transaction: Transaction, site_id: int, others: Iterable[int]) -> None:
    """Tie sites of one building together without merging them, in both directions (S10)."""
    pairs = [
        {"site_id": a, "other_id": b} for other in others for a, b in ((site_id, other), (other, site_id))
    ]
    upsert(transaction.connection, link, pairs, key=("site_id", "other_id"))
    transaction.sites.update(pair["site_id"] for pair in pairs)


def add_fact(transaction: Transaction, site_id: int, name: str, value: str) -> tuple[str | None, str]:
    """Its id, after that of the newest fact of this name before it: by them the log names words it must not
    hold."""
    before = transaction.connection.execute(
        select(fact.c.fact_id)
        .where(fact.c.site_id == site_id, fact.c.name == name)
        .order_by(fact.c.at.desc())
        .limit(1)
    ).scalar()
    fact_id = str(uuid4())
    transaction.connection.execute(
        insert(fact).values(
            fact_id=fact_id,
            site_id=site_id,
            name=name,
            value=value,
            who=transaction.actor.person,
            at=transaction.now,
        )
    )
    transaction.sites.add(site_id)
    return before, fact_id


def put_claim(transaction: Transaction, site_id: int) -> tuple[str, str, Millis] | None:
    """Claim a site; None when it is ours now, else (person, seat, since when) of who was first."""
    actor = transaction.actor
    upsert_row = {
        "site_id": site_id,
        "person": actor.person,
        "position": actor.position,
        "seat": actor.seat,
        "at": transaction.now,
    }
    holder = transaction.connection.execute(
        select(claim.c.person, claim.c.seat, claim.c.at).where(claim.c.site_id == site_id).with_for_update()
    ).first()
    if holder is not None and (holder.person, holder.seat) != (actor.person, actor.seat):
        return holder.person, holder.seat, holder.at
    upsert(transaction.connection, claim, [upsert_row], key=("site_id",))
    transaction.sites.add(site_id)
    return None


def touch_claim(transaction: Transaction, site_id: int) -> None:
    """An act of the claim's own seat shows that it is not stale."""
    transaction.connection.execute(
        update(claim)
        .where(
            claim.c.site_id == site_id,
            claim.c.person == transaction.actor.person,
            claim.c.seat == transaction.actor.seat,
        )
        .values(at=transaction.now)
    )


def drop_stale_claim(transaction: Transaction, site_id: int, *, before_at: Millis) -> None:
    """Take away a claim without an act since then, and who asks for it."""
    stale = delete(claim).where(claim.c.site_id == site_id, claim.c.at < before_at)
    if transaction.connection.execute(stale).rowcount:
        transaction.connection.execute(delete(claim_ask).where(claim_ask.c.site_id == site_id))


def drop_claim(transaction: Transaction, site_id: int) -> bool:
    """Let go of a claim, for which nobody asks any more then; False when there was none."""
    transaction.connection.execute(delete(claim_ask).where(claim_ask.c.site_id == site_id))
    gone = transaction.connection.execute(delete(claim).where(claim.c.site_id == site_id)).rowcount
    transaction.sites.add(site_id)
    return bool(gone)


# -- what acts and the detail read ------------------------------------------------------------------------


def row(connection: Connection, site_id: int) -> Row[Any] | None:
    """The site's stored columns; None when there is no such site."""
    return connection.execute(select(site).where(site.c.site_id == site_id)).first()


def members(connection: Connection, site_ids: Iterable[int]) -> dict[int, list[Member]]:
    """The reports of these sites with what triage made of them, oldest first."""
    found: dict[int, list[Member]] = defaultdict(list)
    statement = (
        select(membership.c.site_id, request, *(c.label(f"a_{c.name}") for c in assessment.c))
        .join(request, request.c.request_key == membership.c.request_key)
        .join(assessment, assessment.c.request_key == request.c.request_key)
        .order_by(request.c.created_at, request.c.request_key)
    )
    for chunk in _chunks(site_ids):
        for item in connection.execute(statement.where(membership.c.site_id.in_(chunk or []))):
            found[item.site_id].append((item.request_key, mirror.request_of(item), _assessment(item)))
    return dict(found)


def facts(connection: Connection, site_id: int) -> tuple[Fact, ...]:
    rows = connection.execute(select(fact).where(fact.c.site_id == site_id).order_by(fact.c.at))
    return tuple(Fact(item.name, item.value, item.who, item.at) for item in rows)


def links(connection: Connection, site_id: int) -> tuple[int, ...]:
    rows = connection.execute(select(link.c.other_id).where(link.c.site_id == site_id))
    return tuple(sorted(item.other_id for item in rows))


def claim_of(connection: Connection, site_id: int) -> tuple[str, str] | None:
    holder = connection.execute(
        select(claim.c.person, claim.c.seat).where(claim.c.site_id == site_id)
    ).first()
    return None if holder is None else (holder.person, holder.seat)


def own_band(item: Row[Any]) -> OwnBand | None:
    """An operator's own band of a site's stored columns."""
    if item.own_band is None:
        return None
    return OwnBand(Band(item.own_band), item.own_band_reason, item.own_band_who, item.own_band_at or 0)


def crowded_points(connection: Connection, *, at_least: int) -> list[tuple[Place, list[int]]]:
    """Points, to about a metre, on which so many reports of different addresses stand, with their sites."""
    lat, lng = (func.round(cast(column, Numeric), 5) for column in (request.c.lat, request.c.lng))
    points = connection.execute(
        select(lat, lng)
        .where(request.c.lat.is_not(None))
        .group_by(lat, lng)
        .having(func.count() >= at_least, func.count(func.distinct(request.c.address)) > 1)
    ).all()
    found = []
    for north, east in points:
        ids = connection.execute(
            select(membership.c.site_id)
            .distinct()
            .join(request, request.c.request_key == membership.c.request_key)
            .where(lat == north, lng == east)
        ).scalars()
        found.append((Place(float(north), float(east)), list(ids)))
    return found


def of_request(connection: Connection, request_id: str) -> int:
    """The site a server's request stands in, 0 when there is none."""
    found = connection.execute(
        select(membership.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(request.c.remote_id == request_id)
    ).scalar()
    return int(found or 0)


def _assessment(item: Row[Any]) -> Assessment:
    return Assessment(
        band=Band(item.a_band),
        score=item.a_score,
        reasons=tuple(Reason(*part) for part in orjson.loads(item.a_reasons)),
        category=item.a_category,
        is_assessed=bool(item.a_is_assessed),
        language=item.a_language,
        is_set_aside=bool(item.a_is_set_aside),
        cues=frozenset(filter(None, item.a_cues.split(","))),
    )


def _summary_values(summary: SiteSummary) -> tuple[Any, ...]:
    """In the order of `_SUMMED`."""
    band, place = int(summary.band), summary.place
    return (
        *(band, band, summary.score, summary.first_at, summary.last_at, summary.reports),
        *(summary.category, summary.neighborhood),
        *((place.lat, place.lng) if place else (None, None)),
        *(int(summary.flags), summary.what, summary.where, summary.place_doubt, summary.why),
    )


def _chunks(site_ids: Iterable[int] | None) -> Iterable[list[int] | None]:
    if site_ids is None:
        yield None
        return
    ids = list(site_ids)
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
