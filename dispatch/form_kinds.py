"""Which ICS forms there are, what a form that somebody has opened is, and what its file is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dispatch.forms.common import EXERCISE
from dispatch.forms.ics201 import Ics201
from dispatch.forms.ics209 import Ics209
from dispatch.forms.ics213rr import Ics213RR
from dispatch.forms.ics214 import Ics214
from dispatch.records import Changes, Millis
from dispatch.reports import pdf


class Kind(NamedTuple):
    """One form: its name on paper, its record, how it is drawn, and what its own numbers begin with."""

    name: str
    record: type[Any]
    draw: Callable[..., bytes]
    series: str = ""


KINDS: Mapping[str, Kind] = {
    "ics213rr": Kind("ICS 213RR", Ics213RR, pdf.ics213rr, "RR"),
    "ics214": Kind("ICS 214", Ics214, pdf.ics214),
    "ics201": Kind("ICS 201", Ics201, pdf.ics201),
    "ics209": Kind("ICS 209", Ics209, pdf.ics209),
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


def file_stem(opened: Opened) -> str:
    """EXERCISE_ICS-213RR_RR-0001_v2: letters, digits and dashes, the mark of an exercise first (S18)."""
    form, kind = opened.form, KINDS[opened.kind]
    parts = [EXERCISE if form.is_exercise else "", kind.name, form.stem, f"v{max(1, opened.version)}"]
    plain = (re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-")[:40] for part in parts)
    return "_".join(part for part in plain if part)
