"""The columns of the assessor's work list, each with its definition."""

from __future__ import annotations

from dispatch.snapshot.records import Column, Kind

HOMES_LIST = "homes_work_list"
BASIS_WORDS = "suggested from residents' words, not assessed"
# As surveys say it; what a crew finds without harm is inspected, too.
INSPECTED_LEVELS = ("destroyed", "major", "minor", "affected", "inaccessible", "not affected")
BASIS_NO_WORDS = "no words, nothing suggested"

HOME_COLUMNS = (
    Column("site", Kind.TEXT, "The number of the service request that opened the site."),
    Column(
        "suggested_level",
        Kind.TEXT,
        "destroyed, major, minor, affected, inaccessible or unknown: suggested from residents' words by"
        " written rules, never assessed. The worst of what its reports say.",
    ),
    Column("suggested_why", Kind.TEXT, "The words and the rule; only the rule where the row is restricted."),
    Column("basis", Kind.TEXT, "What the suggestion stands on."),
    Column(
        "inspected_level",
        Kind.TEXT,
        "Inspected by crew: the level of its newest results; empty: none.",
    ),
    Column(
        "in_county_survey", Kind.TEXT, "Also in the county's own survey: yes, no, or unknown: none imported."
    ),
    Column("water_in", Kind.WHOLE, "Inches over the living floor, as residents say; empty: not told."),
    Column("mobile_home", Kind.TEXT, "yes where the words say so, else unknown."),
    Column("said_unreachable", Kind.TEXT, "yes where residents say that it cannot be reached, else unknown."),
    Column(
        "primary_home", Kind.TEXT, "Whether somebody lives there for good: yes, no or unknown, only if told."
    ),
    Column("insured", Kind.TEXT, "Whether it is insured: yes, no or unknown, only if told."),
    Column(
        "band",
        Kind.TEXT,
        "P1 life safety, P2 hazard or access, P3 damage or service, P4 can wait, INFO question.",
    ),
    Column("category", Kind.TEXT, "The site's category by the city's table."),
    Column("open", Kind.YES_NO, "Whether the city still works on it."),
    Column("reports", Kind.WHOLE, "Reports of it within the period."),
    Column("first_entered_at", Kind.TIME, "Entry of its first report within the period."),
    Column("photo", Kind.YES_NO, "Whether a resident sent a photo; it was not assessed."),
    Column("bulk", Kind.YES_NO, "Entered in one go with many others, often days after the event."),
    Column("address", Kind.TEXT, "As reported, phones left out. Empty where the row is restricted."),
    Column("latitude", Kind.DEGREES, "WGS 84, as reported or placed by hand. Empty where restricted."),
    Column("longitude", Kind.DEGREES, "WGS 84, as reported or placed by hand. Empty where restricted."),
    Column("neighborhood", Kind.TEXT, "The area of the city's layer it lies in; empty: outside or unknown."),
    Column(
        "restricted",
        Kind.YES_NO,
        "Its reports speak of a person's health or safety: its place is its neighborhood only.",
    ),
)
