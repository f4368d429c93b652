"""Answering a request for public records: collect, redact, withhold, pack. Each is a person's act with a line
in the log, which names records and statutes and never anybody's words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import (
    Actor,
    Changes,
    Millis,
    PublicRecord,
    RecordsQuery,
    RecordsRequest,
    Redaction,
)
from dispatch.records_request import packing
from dispatch.records_request.copies import widened
from dispatch.records_request.findings import FREE_WORDS, LEAST_REPEATED, Finding, open_findings
from dispatch.records_request.named import must_be_named
from dispatch.records_request.statutes import Statutes, load_once, number_of
from dispatch.rights import why_not
from dispatch.store import legal_holds, records_collected, records_rows
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Opened:
    """A request with its originals: for whoever answers it."""

    request: RecordsRequest
    records: tuple[PublicRecord, ...]
    redactions: tuple[Redaction, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """Two files that never lie in one folder."""

    requester_name: str
    requester: bytes
    originals_name: str
    originals: bytes


class RecordsDesk:
    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        statutes: Callable[[], Statutes] = load_once,
    ) -> None:
        self._store, self._actor, self._statutes = store, actor, statutes

    def collect(
        self, query: RecordsQuery, *, requester: str = "", received_at: Millis
    ) -> tuple[RecordsRequest, Changes]:
        """What the query finds, kept as it stands now. Raises ActRefused where it has no bounds or finds
        nothing."""
        self._must_be_allowed("records_requested")
        must_be_named(self._actor())
        if not query.is_bounded:
            raise ActRefused("Say a period with its beginning and end, or the numbers of reports.")
        with self._store.reading() as connection:
            found = records_collected.collect(connection, query)
        if not found:
            raise ActRefused("No report is like that: look at the period, the words and the area again.")
        with self._store.transaction(self._actor()) as tx:
            made = records_rows.add(
                tx, query, found, requester=requester[:MOST_WORDS], received_at=received_at
            )
            detail = {"before": None, "after": {"records": made.records}}
            tx.log(
                "records_requested", f"records request {made.name}", subject=made.records_id, detail=detail
            )
        return made, tx.changes

    def requests(self) -> tuple[RecordsRequest, ...]:
        """The newest first."""
        self._must_be_allowed("records_requested")
        with self._store.reading() as connection:
            return records_rows.requests(connection)

    def open(self, number: int) -> Opened:
        """With what stands open."""
        opened = self._read(number)
        return replace(opened, findings=open_findings(opened.request, opened.records, opened.redactions))

    def _read(self, number: int) -> Opened:
        self._must_be_allowed("records_requested")
        with self._store.reading() as connection:
            request = records_rows.by_number(connection, number)
            records = records_rows.collected(connection, request.records_id)
            redactions = records_rows.redactions(connection, request.records_id)
        return Opened(request, records, redactions)

    def redact(
        self, number: int, record_id: str, field: str, span: tuple[int, int] | None, statute: str, reason: str
    ) -> tuple[Redaction, Changes]:
        """A passage [start, end) of one field; None: the field whole. Raises ActRefused."""
        must_be_named(self._actor())
        opened = self._read(number)
        words = _record(opened, record_id).words_of(field)
        if words is None:
            raise ActRefused(f"{record_id} has no field {field}: `records show` names those it has.")
        start, end = (0, len(words)) if span is None else span
        if not 0 <= start < end <= len(words):
            raise ActRefused(f"{field} has {len(words)} characters: mark a passage within them.")
        start, end = widened(words, start, end)
        reason = _reason(reason, words[start:end])
        with self._store.transaction(self._actor()) as tx:
            made = self._mark(tx, opened, record_id, field, (start, end), statute, reason)
            words_of_act = f"{opened.request.name}: {record_id} {field} redacted, s. {made.statute}"
            tx.log(
                "records_redacted", words_of_act, subject=made.redaction_id, detail=_detail(made, after=True)
            )
        return made, tx.changes

    def withhold(self, number: int, record_id: str, statute: str, reason: str) -> tuple[Redaction, Changes]:
        """The whole record. Raises ActRefused."""
        must_be_named(self._actor())
        opened = self._read(number)
        record = _record(opened, record_id)
        reason = _reason(reason, "")
        for name, words in record.fields:
            if name in FREE_WORDS:
                _reason(reason, words)
        with self._store.transaction(self._actor()) as tx:
            made = self._mark(tx, opened, record_id, "", (0, 0), statute, reason)
            words_of_act = f"{opened.request.name}: {record_id} withheld, s. {made.statute}"
            tx.log(
                "records_withheld", words_of_act, subject=made.redaction_id, detail=_detail(made, after=True)
            )
        return made, tx.changes

    def withdraw(self, number: int, redaction_id: str, why: str) -> Changes:
        """The words are in the next copy again. Raises ActRefused."""
        must_be_named(self._actor())
        opened = self._read(number)
        mine = next((each for each in opened.redactions if each.redaction_id == redaction_id), None)
        if mine is None:
            raise ActRefused("This request has no such redaction: `records show` names those it has.")
        why = _reason(why, "")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("records_withdrawn")
            records_rows.withdraw(tx, redaction_id, why)
            words = f"{opened.request.name}: redaction of {mine.record_id} withdrawn, s. {mine.statute}"
            tx.log("records_withdrawn", words, subject=redaction_id, detail=_detail(mine, after=False))
        return tx.changes

    def pack(self, number: int, *, all_is_read: bool) -> tuple[Packed, Changes]:
        """Both packs as bytes; nothing is written or sent. `all_is_read`: a person says that what still
        stands open was read and may go out. Raises ActRefused where something stands open otherwise."""
        must_be_named(self._actor())
        opened = self.open(number)
        if opened.findings and not all_is_read:
            raise ActRefused(
                f"{len(opened.findings)} passages of {opened.request.name} stand open: read them"
                " (`records show --open`), redact what is exempt, then say that all is read."
            )
        contents = self._contents(opened)
        made = Packed(
            packing.requester_name(contents),
            packing.for_requester(contents),
            packing.originals_name(contents),
            packing.for_attorney(contents),
        )
        with self._store.transaction(self._actor()) as tx:
            detail = {
                "before": None,
                "after": {
                    "sha256": hashlib.sha256(made.requester).hexdigest(),
                    "redactions": len(contents.standing),
                    "open": len(opened.findings),
                },
            }
            words = f"{opened.request.name} packed"
            tx.log("records_packed", words, subject=opened.request.records_id, detail=detail)
        return made, tx.changes

    def _contents(self, opened: Opened) -> packing.Contents:
        # Also where no report stands in a site: whatever was asked for in an exercise is marked as of it.
        theirs = {opened.request.activation_id, *(record.activation_id for record in opened.records)}
        with self._store.reading() as connection:
            holds = [each for each in legal_holds.holds(connection) if each.stands]
            storms = [each for each in legal_holds.storms(connection) if each.activation_id in theirs]
        return packing.Contents(
            request=opened.request,
            records=opened.records,
            redactions=opened.redactions,
            storms=tuple(
                packing.StormOfPack(
                    storm.name,
                    storm.is_exercise,
                    min((h.since_at for h in holds if h.activation_id == storm.activation_id), default=None),
                )
                for storm in storms
            ),
            statutes=self._statutes(),
        )

    def _mark(
        self,
        tx: Transaction,
        opened: Opened,
        record_id: str,
        field: str,
        span: tuple[int, int],
        statute: str,
        reason: str,
    ) -> Redaction:
        tx.must_be_allowed("records_redacted" if field else "records_withheld")
        number = number_of(statute)
        for each in records_rows.redactions(tx.connection, opened.request.records_id):
            if each.stands and (each.record_id, each.field, each.start, each.end, each.statute) == (
                record_id,
                field,
                *span,
                number,
            ):
                raise ActRefused("This is redacted under that statute already.")
        return records_rows.redact(tx, opened.request.records_id, record_id, field, span, number, reason)

    def _must_be_allowed(self, act: str) -> None:
        if no := why_not(self._actor().role, act):
            raise NotAllowed(no)


def _record(opened: Opened, record_id: str) -> PublicRecord:
    for record in opened.records:
        if record.record_id == record_id:
            return record
    raise ActRefused(f"{opened.request.name} has no record {record_id}: `records show` names those it has.")


def _reason(reason: str, passage: str) -> str:
    """It goes to who asked: it must not tell what it takes out."""
    reason = reason.strip()[:MOST_WORDS]
    if not reason:
        raise ActRefused("Say the reason: the log of what was withheld gives it to who asked.")
    told = passage.strip().casefold()
    if len(told) >= LEAST_REPEATED and told in reason.casefold():
        raise ActRefused(
            "The reason repeats the words it takes out, and goes to who asked: say it otherwise."
        )
    return reason


def _detail(made: Redaction, *, after: bool) -> dict[str, object]:
    """Where and under what; neither the words nor the reason."""
    place = {"record": made.record_id, "field": made.field, "start": made.start, "end": made.end}
    return {"before": None, "after": place} if after else {"before": place, "after": None}
