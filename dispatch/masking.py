"""What stays of a restricted site where its words must not be seen (S15): band and neighborhood."""

from __future__ import annotations

from dataclasses import replace

from dispatch.records import Band, Flag, SiteRow, SiteView, ThreadLine

LIFE_SAFETY = "Life safety"
RESTRICTED = "Restricted"
HIDDEN = "The words of this site are not shown here."


def mask_row(row: SiteRow) -> SiteRow:
    """A board row without street, words and pin; one that is not restricted as it is."""
    if not row.flags & Flag.RESTRICTED:
        return row
    return row._replace(what=LIFE_SAFETY if row.band == Band.P1 else RESTRICTED, where="", lat=None, lng=None)


def mask_view(view: SiteView) -> SiteView:
    """A detail without what residents and operators wrote; one that is not restricted as it is."""
    if not view.row.flags & Flag.RESTRICTED:
        return view
    row = mask_row(view.row)
    return replace(
        view,
        row=row,
        title=row.what,
        address="",
        place_doubt="",
        # Cue reasons quote the resident.
        reasons=tuple(replace(r, text=RESTRICTED) if "'" in r.text else r for r in view.reasons),
        requests=(),
        thread=tuple(_mask_line(line) for line in view.thread),
        facts=(),
        escalations=(),
    )


def _mask_line(line: ThreadLine) -> ThreadLine:
    return replace(line, author="", text=HIDDEN, photo_url="")
