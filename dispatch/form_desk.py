"""ICS forms as acts: filled from the records, edited by people, kept in every version, printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from dispatch.errors import ActRefused, FileNotWritten
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.forms import ics213rr, ics214
from dispatch.forms.boxes import Form, body, differing, edited, of_body
from dispatch.forms.common import EXERCISE, date_time, person
from dispatch.forms.ics213rr import Ics213RR
from dispatch.forms.ics214 import Ics214
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Actor, Changes, Millis
from dispatch.reports import pdf
from dispatch.store import escalations, forms, log
from dispatch.store.forms import Kept
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.whole_file import write_whole


class Kind(NamedTuple):
    """One form: its name on paper, its record, how it is drawn, and what its own numbers begin with."""

    name: str
    record: type[Any]
    draw: Callable[[Any], bytes]
    series: str = ""


KINDS: Mapping[str, Kind] = {
    "ics213rr": Kind("ICS 213RR", Ics213RR, pdf.ics213rr, "RR"),
    "ics214": Kind("ICS 214", Ics214, pdf.ics214),
}
NOTHING = Changes()
UNNUMBERED = "RR-····"


@dataclass(frozen=True, slots=True)
class Opened:
    """A form to be edited: as it was kept last (`version` 0: never yet), and as the records fill it now."""

    kind: str
    subject: str
    form: Any
    fresh: Any
    version: int = 0
    person: str = ""
    at: Millis = 0
    site_id: int | None = None
    changes: Changes = NOTHING


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
        if from_at >= to_at:
            raise ActRefused("The period ends before it begins: give its beginning first.")
        actor = self._actor()
        with self._store.reading() as connection:
            entries = log.between(connection, from_at, to_at, position=position)
            incident = forms.incident(connection, actor.activation_id)
            head = log.newest(connection)
            subject = f"{position}|{from_at}|{to_at}"
            fresh = ics214.fill(
                entries,
                forms.numbers(connection, {e.site_id for e in entries if e.site_id is not None}),
                self._jurisdiction.zone,
                incident=incident.name,
                is_exercise=incident.is_exercise,
                position=position,
                period=(from_at, to_at),
                head=(head.number, head.hash),
                prepared_by=person(actor.person, actor.position),
            )
            kept = forms.versions(connection, "ics214", subject)
        return self._opened("ics214", subject, fresh, kept)

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

    def print_out(self, opened: Opened, folder: Path | None = None) -> Path:
        """The form as PDF in the data folder's `print` or another folder; each version has its own file."""
        kind = KINDS[opened.kind]
        folder = folder or self._folder / PRINT_FOLDER
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = error.strerror or "unknown"
            raise FileNotWritten(f"{folder} cannot be made: {why}. Choose another folder.") from error
        path = folder / f"{file_stem(opened)}.pdf"
        write_whole(path, kind.draw(opened.form))
        return path

    # -- inside ---------------------------------------------------------------------------------------

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


def file_stem(opened: Opened) -> str:
    """EXERCISE_ICS-213RR_RR-0001_v2: letters, digits and dashes, the mark of an exercise first (S18)."""
    form, kind = opened.form, KINDS[opened.kind]
    parts = [EXERCISE if form.is_exercise else "", kind.name, form.stem, f"v{max(1, opened.version)}"]
    plain = (re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-")[:40] for part in parts)
    return "_".join(part for part in plain if part)


def _boxes(form: Form) -> dict[str, Any]:
    return {box.name: getattr(form, box.name) for box in form.BOXES}


def _differs(form: Form, kept: Kept, kind: Kind) -> bool:
    return bool(differing(form, of_body(kind.record, kept.body)))


def _key(kind: Kind) -> str:
    return next(key for key, each in KINDS.items() if each is kind)
