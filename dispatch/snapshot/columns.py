"""The columns of the files, each with its definition."""

from __future__ import annotations

from dispatch.snapshot.records import Column, Kind

_PLACE = (
    Column("address", Kind.TEXT, "As reported. Empty where the row is restricted."),
    Column("latitude", Kind.DEGREES, "WGS 84, as reported or placed by hand. Empty where restricted."),
    Column("longitude", Kind.DEGREES, "WGS 84, as reported or placed by hand. Empty where restricted."),
    Column(
        "neighborhood",
        Kind.TEXT,
        "The area of the city's layer the place lies in; empty: outside or unknown.",
    ),
)
_WHAT = (
    Column(
        "band",
        Kind.TEXT,
        "P1 life safety, P2 hazard or access, P3 damage or service, P4 can wait, INFO question.",
    ),
    Column("family", Kind.TEXT, "The group of categories."),
    Column("category", Kind.TEXT, "The category the city's table gives it."),
)
_MARKS = (
    Column("photo", Kind.YES_NO, "Whether a resident sent a photo; it was not assessed."),
    Column("bulk", Kind.YES_NO, "Entered in one go with many others, often days after the event."),
    Column(
        "restricted",
        Kind.YES_NO,
        "About a person's health, home or safety: its place is its neighborhood only.",
    ),
)

SITE_COLUMNS = (
    Column("site", Kind.TEXT, "The number of the service request that opened the site."),
    *_WHAT,
    Column("lifeline", Kind.TEXT, "FEMA community lifeline of the category."),
    Column(
        "pa_line", Kind.TEXT, "Public Assistance line the lead is counted under, one a site; empty: none."
    ),
    Column("also_touches", Kind.TEXT, "Further lines it may touch; never summed."),
    Column(
        "public_owner",
        Kind.TEXT,
        "Public owner (our note): yes, no or unknown. Eligibility is FEMA's decision.",
    ),
    Column("open", Kind.YES_NO, "Whether the city still works on it."),
    Column("state", Kind.TEXT, "new, triaged, waiting or closed."),
    Column(
        "closed_reason",
        Kind.TEXT,
        "Why it was closed or waits; fixed_confirmed stands apart from all others.",
    ),
    Column("handed_over", Kind.TEXT, "State of its newest hand-over to emergency management; empty: none."),
    Column("outcome_known", Kind.YES_NO, "Whether the newest hand-over ended with an outcome."),
    Column(
        "wire",
        Kind.TEXT,
        "Where a report speaks of a wire: not made safe until the utility has said otherwise.",
    ),
    Column("reports", Kind.WHOLE, "Reports of it within the period."),
    Column("first_entered_at", Kind.TIME, "Entry of its first report within the period."),
    Column("last_entered_at", Kind.TIME, "Entry of its last report within the period."),
    Column("closed_at", Kind.TIME, "When it was closed, by the city or on the server."),
    *_PLACE,
    *_MARKS,
)

REPORT_COLUMNS = (
    Column("report", Kind.TEXT, "The service request's number on the 311 server."),
    Column("site", Kind.TEXT, "The site it belongs to after merging; see sites."),
    Column("entered_at", Kind.TIME, "When it was entered; the period counts by this."),
    Column("entered_day", Kind.TEXT, "The same as a day of the city."),
    Column("entered_hour", Kind.TEXT, "The same as an hour of the city, with its distance from UTC."),
    Column("happened_at", Kind.TIME, "When it happened, where a person noted it."),
    Column("updated_at", Kind.TIME, "The server's last change."),
    Column("closed_at", Kind.TIME, "When the server closed it."),
    Column("status", Kind.TEXT, "On the server: open, acknowledged, closed or archived."),
    Column(
        "told_by",
        Kind.TEXT,
        "resident, call (typed in here for a caller), staff, crew (staff, in bulk) or unknown.",
    ),
    *_WHAT,
    Column("late", Kind.YES_NO, "Entered more than a day after a person noted that it happened."),
    *_PLACE,
    *_MARKS,
)

HAND_OVER_COLUMNS = (
    Column("hand_over", Kind.TEXT, "Its number."),
    Column("site", Kind.TEXT, "The site handed over; see sites."),
    Column("band", Kind.TEXT, "The site's band when it was handed over."),
    Column("desk", Kind.TEXT, "The desk that has it."),
    Column("state", Kind.TEXT, "How far it is."),
    Column("handed_over_at", Kind.TIME, "When it was handed over."),
    Column("received_at", Kind.TIME, "When a receipt came."),
    Column("accepted_at", Kind.TIME, "When somebody took it."),
    Column("ended_at", Kind.TIME, "When it ended."),
    Column("accepted", Kind.YES_NO, "Whether somebody took it."),
    Column("returned_as", Kind.TEXT, "Why it was returned, if it ever was: the last reason."),
    Column("unmet", Kind.YES_NO, "No resource was left, or mutual aid was asked for, and nobody has it yet."),
    Column("outcome_known", Kind.YES_NO, "Whether it ended with an outcome."),
)

LEFT_OUT_COLUMNS = (
    Column("report", Kind.TEXT, "The service request's number on the 311 server."),
    Column("entered_at", Kind.TIME, "When it was entered."),
    Column("category", Kind.TEXT, "The category the city's table gives it."),
    Column("why", Kind.TEXT, "Why the filter left it out of every number."),
)

CHANGE_COLUMNS = (
    Column("what", Kind.TEXT, "report, site, hand-over or number."),
    Column("which", Kind.TEXT, "Its number; a hand-over's with its site; a number's key in snapshot.json."),
    Column("change", Kind.TEXT, "added, gone or changed, against the version that is replaced."),
    Column(
        "field",
        Kind.TEXT,
        "Empty: the whole of it, one row each. Then a row for each column that differs.",
    ),
    Column(
        "before", Kind.TEXT, "As the replaced version has it. Places of restricted rows never stand here."
    ),
    Column("after", Kind.TEXT, "As this one has it."),
    Column(
        "why",
        Kind.TEXT,
        "As far as it can be known: late (entered before the replaced version was made and not in it), new,"
        " left out, split, merged, moved, worked on. Empty: unknown.",
    ),
)

AREA_COLUMNS = (
    Column("neighborhood", Kind.TEXT, "An area of the city's layer; empty: outside of all or place unknown."),
    Column("people", Kind.WHOLE, "Its residents, an estimate that comes with the layer; empty: not known."),
    Column("reports", Kind.WHOLE, "Reports of it within the period."),
    Column(
        "one_by_one", Kind.WHOLE, "Those of them not entered in bulk: only these are held against others."
    ),
    Column("sites", Kind.WHOLE, "Sites in it with a report within the period."),
    Column("open", Kind.WHOLE, "Those of them the city still works on."),
    Column(
        "per_1000",
        Kind.RATE,
        "Reports entered one by one for each 1,000 residents; empty: not known, or fewer than 200 live here.",
    ),
    Column(
        "judged_as",
        Kind.TEXT,
        "The area, or the areas of under 1,000 people it is judged together with, named after the largest.",
    ),
    Column(
        "expected",
        Kind.RATE,
        "Its share of what all other areas report, by residents and by what it reports in ordinary times.",
    ),
    Column(
        "quiet",
        Kind.YES_NO,
        "Whether it reports so little that of twenty areas like all others one would by chance; empty: nobody"
        " can say. A quiet area is not an area without damage.",
    ),
    Column("how_sure", Kind.TEXT, "How sure that is, and how many of the reports expected are missing."),
    Column(
        "outreach_began_at",
        Kind.TIME,
        "When somebody first went to hear the people there, by the outreach log, before the period's end.",
    ),
)

RESTRICTED_COLUMNS = (
    Column("site", Kind.TEXT, "The number of the service request that opened the site."),
    *_WHAT,
    Column("open", Kind.YES_NO, "Whether the city still works on it."),
    Column("first_entered_at", Kind.TIME, "Entry of its first report within the period."),
    Column("neighborhood", Kind.TEXT, "The area of the city's layer the place lies in."),
    Column("address", Kind.TEXT, "As reported."),
    Column("latitude", Kind.DEGREES, "WGS 84, as reported or placed by hand."),
    Column("longitude", Kind.DEGREES, "WGS 84, as reported or placed by hand."),
)
