"""ICS forms as acts: filled from the records, edited by people, kept in every version, printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dispatch.errors import ActRefused
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.form_kinds import KINDS, UNNUMBERED, Kind, Opened, file_stem
from dispatch.forms import first_hour, ics201, ics209, ics213rr, ics214
from dispatch.forms.boxes import Form, body, differing, edited, of_body
from dispatch.forms.common import date_time, file_mark, local, person
from dispatch.forms.first_hour import FirstHour
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Actor, Escalation, LogEntry, Millis
from dispatch.reports import pdf
from dispatch.store import escalations, forms, log, roster, situation
from dispatch.store.forms import Incident, Kept
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.whole_file import write_into


@dataclass(frozen=True, slots=True)
class _Told:
    """What the store says of a period, for the forms."""

    connection: Any
    actor: Actor
    incident: Incident
    entries: tuple[LogEntry, ...]
    numbers: Mapping[int, str]
    head: tuple[int, str]
    prepared_by: str


class FormDesk:
    """`folder` is the data folder: what is printed lies in its `print`, as the ICS 213 does."""

    def __init__(
        self, *, store: Store, actor: Callable[[], Actor], jurisdiction: Jurisdiction, folder: Path
    ) -> None:
        self._store = store
        self._actor = actor
        self._jurisdiction = jurisdiction
        self._folder = folder

    # -- opening --------------------------------------------------------------------------------------

    def resource_request(self, escalation_id: str) -> Opened:
        """The ICS 213RR of a hand-over: as it was left, or filled from it. Refused to other positions than
        emergency management and Logistics."""
        actor = self._actor()
        if no := ics213rr.why_not(actor.position, self._jurisdiction.desks):
            raise ActRefused(no)
        with self._store.reading() as connection:
            item = escalations.get(connection, escalation_id)
            if item is None:
                raise ActRefused("There is no such hand-over.")
            fresh = ics213rr.fill(
                item,
                self._store.clock.now(),
                self._jurisdiction.zone,
                number=UNNUMBERED,
                person=actor.person,
                position=actor.position,
            )
            kept = forms.versions(connection, "ics213rr", escalation_id)
        opened = self._opened("ics213rr", escalation_id, fresh, kept, item.site_id)
        # What is dangerous there is said as it is known now, whatever was typed before.
        return replace(opened, form=replace(opened.form, warnings=fresh.warnings))

    def activity_log(self, position: str, from_at: Millis, to_at: Millis) -> Opened:
        """The ICS 214 of a position and a period: as it was left, or filled from the activity log."""
        with self._records(from_at, to_at, position=position) as told:
            fresh = ics214.fill(
                told.entries,
                told.numbers,
                self._jurisdiction.zone,
                incident=told.incident.name,
                is_exercise=told.incident.is_exercise,
                position=position,
                period=(from_at, to_at),
                head=told.head,
                prepared_by=told.prepared_by,
            )
            return self._of(told.connection, "ics214", f"{position}|{from_at}|{to_at}", fresh)

    def briefing(self, from_at: Millis, to_at: Millis) -> Opened:
        """The ICS 201 of a period, from all positions: as it was left, or filled from the records."""
        with self._records(from_at, to_at) as told:
            fresh = ics201.fill(
                situation.read(told.connection, told.actor.activation_id, from_at, to_at),
                self._escalations(told),
                self._jurisdiction.zone,
                incident=told.incident.name,
                is_exercise=told.incident.is_exercise,
                started_at=told.incident.started_at,
                period=(from_at, to_at),
                suspensions=situation.suspended(told.connection, told.actor.activation_id),
                entries=told.entries,
                numbers=told.numbers,
                on_duty=roster.on_duty(told.connection, told.actor.activation_id).values(),
                head=told.head,
                prepared_by=told.prepared_by,
                now=self._store.clock.now(),
            )
            return self._of(told.connection, "ics201", f"{from_at}|{to_at}", fresh)

    def status_summary(self, from_at: Millis, to_at: Millis) -> Opened:
        """The ICS 209 fill sheet of a period: as it was left, or filled from the records."""
        with self._records(from_at, to_at) as told:
            fresh = ics209.fill(
                situation.read(told.connection, told.actor.activation_id, from_at, to_at),
                self._escalations(told),
                self._jurisdiction.zone,
                incident=told.incident.name,
                is_exercise=told.incident.is_exercise,
                is_first=not forms.count(told.connection, "ics209"),
                period=(from_at, to_at),
                jurisdiction=self._jurisdiction,
                suspensions=situation.suspended(told.connection, told.actor.activation_id),
                entries=told.entries,
                numbers=told.numbers,
                head=told.head,
                prepared_by=told.prepared_by,
            )
            return self._of(told.connection, "ics209", f"{from_at}|{to_at}", fresh)

    def first_hour(self) -> FirstHour:
        """What is held for weather now (S7), for the page."""
        actor, zone = self._actor(), self._jurisdiction.zone
        with self._store.reading() as connection:
            incident = forms.incident(connection, actor.activation_id)
            items = escalations.open_ones(connection)
        own = [item for item in items if item.activation_id == actor.activation_id]
        now = self._store.clock.now()
        return first_hour.fill(own, now, zone, incident=incident.name, is_exercise=incident.is_exercise)

    def print_first_hour(self, folder: Path | None = None) -> Path:
        """The first-hour list as PDF, by the minute it was made in."""
        page = self.first_hour()
        at = local(self._store.clock.now(), self._jurisdiction.zone)
        mark = file_mark(page.is_exercise)
        return self._write(f"{mark}first-hour-list_{at:%Y-%m-%d-%H%M}.pdf", pdf.first_hour(page), folder)

    # -- keeping and printing -------------------------------------------------------------------------

    def keep(self, opened: Opened, typed: Mapping[str, Any]) -> Opened:
        """Keep what was typed as the next version; the first one is always as the records had filled it. The
        log has the names of the boxes that changed, not the words."""
        kind = KINDS[opened.kind]
        if opened.kind == "ics213rr" and (
            no := ics213rr.why_not(self._actor().position, self._jurisdiction.desks)
        ):
            raise ActRefused(no)
        form = edited(opened.form, typed)
        with self._store.transaction(self._actor()) as tx:
            before = next(iter(reversed(forms.versions(tx.connection, opened.kind, opened.subject))), None)
            if before is not None and before.version != opened.version:
                raise ActRefused(f"{before.person} has changed this form meanwhile: open it again.")
            form = self._numbered(tx, kind, form, before)
            # What the records say comes first, so that the original is there whatever is typed.
            kept = before or self._put(tx, opened, replace(form, **_boxes(opened.form)), None)
            if _differs(form, kept, kind):
                form = replace(form, edition=self._edition(tx, kept.version + 1))
                kept = self._put(tx, opened, form, kept)
        return replace(
            opened,
            form=form,
            version=kept.version,
            person=kept.person,
            at=kept.at,
            changes=tx.changes,
        )

    def originals(self, kind: str, subject: str) -> tuple[Any, ...]:
        """Every version of a form, the one that the records had filled first."""
        with self._store.reading() as connection:
            return tuple(
                of_body(KINDS[kind].record, k.body) for k in forms.versions(connection, kind, subject)
            )

    def print_out(self, opened: Opened, folder: Path | None = None, *, picture: bytes = b"") -> Path:
        """The form as PDF in the data folder's `print` or another folder; each version has its own file.
        `picture` is the map of an ICS 201."""
        draw = KINDS[opened.kind].draw
        content = draw(opened.form, picture) if picture else draw(opened.form)
        return self._write(f"{file_stem(opened)}.pdf", content, folder)

    # -- inside ---------------------------------------------------------------------------------------

    def _write(self, name: str, content: bytes, folder: Path | None) -> Path:
        return write_into(folder or self._folder / PRINT_FOLDER, name, content)

    @contextmanager
    def _records(self, from_at: Millis, to_at: Millis, *, position: str | None = None) -> Iterator[_Told]:
        """What all forms of a period are filled from, read at one moment."""
        if from_at >= to_at:
            raise ActRefused("The period ends before it begins: give its beginning first.")
        actor = self._actor()
        with self._store.reading() as connection:
            entries = log.between(connection, from_at, to_at, position=position)
            head = log.newest(connection)
            yield _Told(
                connection,
                actor,
                forms.incident(connection, actor.activation_id),
                entries,
                forms.numbers(connection, {e.site_id for e in entries if e.site_id is not None}),
                (head.number, head.hash),
                person(actor.person, actor.position),
            )

    def _escalations(self, told: _Told) -> list[Escalation]:
        items = escalations.every(told.connection)
        return [item for item in items if item.activation_id == told.actor.activation_id]

    def _of(self, connection: Any, kind: str, subject: str, fresh: Form) -> Opened:
        return self._opened(kind, subject, fresh, forms.versions(connection, kind, subject))

    def _opened(
        self, kind: str, subject: str, fresh: Form, kept: tuple[Kept, ...], site_id: int | None = None
    ) -> Opened:
        if not kept:
            return Opened(kind, subject, fresh, fresh, site_id=site_id)
        last = kept[-1]
        form = of_body(KINDS[kind].record, last.body)
        return Opened(kind, subject, form, fresh, last.version, last.person, last.at, site_id)

    def _numbered(self, tx: Transaction, kind: Kind, form: Any, before: Kept | None) -> Any:
        """The transaction holds the lock that orders commits: no two forms get one number."""
        if not kind.series or before is not None:
            return form
        number = forms.count(tx.connection, _key(kind)) + 1
        return replace(form, number=f"{kind.series}-{number:04d}")

    def _edition(self, tx: Transaction, version: int) -> str:
        who = person(tx.actor.person, tx.actor.position)
        at = date_time(tx.now, self._jurisdiction.zone)
        return f"version {version}, edited by {who}, {at}; version 1 is as the records filled it"

    def _put(self, tx: Transaction, opened: Opened, form: Any, before: Kept | None) -> Kept:
        kind = KINDS[opened.kind]
        number = getattr(form, "number", "")
        kept = forms.put(tx, opened.kind, opened.subject, number, body(form), before)
        changed = differing(form, of_body(kind.record, before.body)) if before else []
        said = "made" if before is None else f"edited, version {kept.version}"
        tx.log(
            "form",
            f"{' '.join(part for part in (kind.name, number) if part)} {said}",
            site_id=opened.site_id,
            subject=kept.form_id,
            detail={
                "before": {"version": before.version} if before else None,
                "after": {"version": kept.version},
                "boxes": changed,
            },
        )
        return kept


def _boxes(form: Form) -> dict[str, Any]:
    return {box.name: getattr(form, box.name) for box in form.BOXES}


def _differs(form: Form, kept: Kept, kind: Kind) -> bool:
    return bool(differing(form, of_body(kind.record, kept.body)))


def _key(kind: Kind) -> str:
    return next(key for key, each in KINDS.items() if each is kind)
