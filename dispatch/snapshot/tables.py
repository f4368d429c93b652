"""The tables of a snapshot: what, where, when, how it ended, who told us, leads by Public Assistance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dispatch.records import Band
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import Cell, Line, Number, Rows, Table
from dispatch.snapshot.rows import NO, YES

FAMILIES = {
    "trees": "Trees and limbs",
    "flooding": "Flooding",
    "wires": "Wires",
    "signals": "Signals, signs and lights",
    "structure": "Structure damage",
    "sewer_water": "Sewer and water",
    "medical": "Medical and welfare",
    "other": "Other",
}
# FEMA's Public Assistance categories of work (Stafford Act sections 403, 406, 407).
PA_LINES = {
    "A": "A Debris removal",
    "B": "B Emergency protective measures",
    "C": "C Roads and bridges",
    "D": "D Water control facilities",
    "E": "E Buildings and equipment",
    "F": "F Utilities",
    "G": "G Parks and other",
}
CLOSED = {
    "fixed_confirmed": "Fixed and confirmed",
    "fixed_unconfirmed": "Said to be fixed, not confirmed",
    "passed_to_owner": "Passed to its owner",
    "not_ours": "Not the city's",
    "area_sweep": "Area swept",
    "cannot_act": "Cannot be acted on",
    "no_longer_needed": "No longer needed",
    "spam": "Spam or test",
    "server": "Closed on the 311 server",
    "": "No reason kept",
}
TELLERS = {
    "resident": "Residents, app and web",
    "call": "Callers, typed in here",
    "staff": "City staff, also calls typed in elsewhere",
    "crew": "Crews in the field, entered in bulk",
    "unknown": "Server does not say",
}
NOWHERE = "Outside every area, or place unknown"
Words = dict[str, str]


def tables(sites: Counts, reports: Counts, areas: Rows) -> tuple[Table, ...]:
    return (
        _what(sites, reports, "families", "How many, how severe", "family", FAMILIES),
        _what(sites, reports, "categories", "By category", "category", {}),
        _bands(sites, reports),
        _where(sites, reports, areas),
        _when(reports, "days", "By day of entry", "entered_day"),
        _when(reports, "hours", "By hour of entry", "entered_hour"),
        _lifelines(sites),
        _closed(sites),
        _pa_lines(sites),
        _told_by(reports),
    )


def _what(sites: Counts, reports: Counts, key: str, title: str, column: str, words: Words) -> Table:
    lines = []
    for value in _ordered(sites, column, words) if words else _most_first(sites, column):
        name = str(value)
        asked = (column, (value,))
        counted = (
            reports.number(
                f"{key}.{name}.reports", "reports", f"Reports of: {words.get(name, name)}.", asked
            ),
            *_sites_and_open(sites, f"{key}.{name}", asked),
        )
        lines.append(Line(words.get(name, name), counted, _worst(sites, asked)))
    says = "A report's category is its own; a site's the most urgent of its reports'."
    return Table(key, title, ("What", "reports", "sites", "open", "worst open"), tuple(lines), says)


def _bands(sites: Counts, reports: Counts) -> Table:
    lines = []
    for band in Band:
        asked = ("band", (band.name,))
        said = reports.number(f"bands.{band.name}.reports", "reports", f"Reports of band {band.name}.", asked)
        lines.append(Line(band.name, (said, *_sites_and_open(sites, f"bands.{band.name}", asked))))
    says = "By the band in force: the program's, or an operator's own."
    return Table("bands", "By band", ("Band", "reports", "sites", "open"), tuple(lines), says)


def _where(sites: Counts, reports: Counts, areas: Rows) -> Table:
    at, rate_at = areas.position["neighborhood"], areas.position["per_1000"]
    rates = {str(row[at]): None if row[rate_at] is None else float(row[rate_at] or 0) for row in areas.values}
    lines = []
    for value in _most_first(sites, "neighborhood", rates):
        name = str(value) or NOWHERE
        asked = ("neighborhood", (value,))
        counted = (
            reports.number(f"areas.{value}.reports", "reports", f"Reports in: {name}.", asked),
            *_sites_and_open(sites, f"areas.{value}", asked),
        )
        lines.append(Line(name, counted, _worst(sites, asked), rates.get(str(value))))
    says = (
        "By the area a site lies in, with those of which nothing was reported. Per 1,000 are reports not"
        " entered in bulk for each 1,000 residents (areas.csv). A low count does not mean low damage: some"
        " areas are not heard."
    )
    rate = ("per 1,000",) if any(line.per_1000 is not None for line in lines) else ()
    headings = ("Neighborhood", "reports", "sites", "open", *rate, "worst open")
    return Table("areas", "Where", headings, tuple(lines), says)


def _when(reports: Counts, key: str, title: str, column: str) -> Table:
    lines = []
    for value in reports.values(column):
        asked = (column, (value,))
        counted = (
            reports.number(
                f"{key}.{value}",
                "one by one",
                f"Reports entered {value}, not in bulk.",
                asked,
                ("bulk", (NO,)),
            ),
            reports.number(
                f"{key}.{value}.bulk", "in bulk", f"Reports entered {value} in bulk.", asked, ("bulk", (YES,))
            ),
        )
        lines.append(Line(str(value), counted))
    says = "By the time of entry, in the city's time. Bulk entries come late and in one go: they stand apart."
    return Table(key, title, ("When", "one by one", "in bulk"), tuple(lines), says)


def _lifelines(sites: Counts) -> Table:
    lines = []
    for value in sites.values("lifeline"):
        asked = ("lifeline", (value,))
        counted = _sites_and_open(sites, f"lifelines.{value}", asked)
        lines.append(Line(str(value) or "None", counted, _worst(sites, asked)))
    says = "FEMA's community lifelines by the category's own; a site stands in one line."
    return Table("lifelines", "Lifelines", ("Lifeline", "sites", "open", "worst open"), tuple(lines), says)


def _closed(sites: Counts) -> Table:
    lines = []
    for value in _ordered(sites, "closed_reason", CLOSED):
        label = CLOSED.get(str(value), str(value).replace("_", " ").capitalize())
        asked = ("closed_reason", (value,))
        said = sites.number(f"closed.{value}", "sites", f"Closed sites: {label}.", asked, ("open", (NO,)))
        if said.value:
            lines.append(Line(label, (said,)))
    says = "Why closed sites were closed. Only the first line is work that somebody confirmed."
    return Table("closed", "Closed, by reason", ("Reason", "sites"), tuple(lines), says)


def _pa_lines(sites: Counts) -> Table:
    lines = []
    for value, label in PA_LINES.items():
        asked = ("pa_line", (value,))
        key = f"pa_lines.{value}"
        counted = (
            sites.number(f"{key}.sites", "sites", f"Leads counted under {label}.", asked),
            sites.number(
                f"{key}.owner",
                "public owner, our note",
                f"Of {label}: public owner by our note.",
                asked,
                ("public_owner", (YES,)),
            ),
            sites.number(
                f"{key}.photo",
                "with photo",
                f"Of {label}: with a resident's photo.",
                asked,
                ("photo", (YES,)),
            ),
        )
        lines.append(Line(label, counted))
    says = (
        "Leads, not damages and not projects: eligibility is FEMA's decision. One line a site, by its"
        " category; further lines it may touch are never summed."
    )
    headings = ("Public Assistance line", "sites", "public owner, our note", "with photo")
    return Table("pa_lines", "Leads by Public Assistance line", headings, tuple(lines), says)


def _told_by(reports: Counts) -> Table:
    lines = []
    for value, label in TELLERS.items():
        said = reports.number(f"told_by.{value}", "reports", f"Reports: {label}.", ("told_by", (value,)))
        lines.append(Line(label, (said,)))
    says = "By the account a report came from, as the server tells it; calls typed in here are known as such."
    return Table("told_by", "Who told us", ("Who", "reports"), tuple(lines), says)


def _sites_and_open(sites: Counts, key: str, asked: tuple[str, tuple[Cell, ...]]) -> tuple[Number, Number]:
    value = asked[1][0]
    says = f"{asked[0].replace('_', ' ').capitalize()}: {value if value != '' else 'none'}"
    return (
        sites.number(f"{key}.sites", "sites", f"{says}; sites.", asked),
        sites.number(f"{key}.open", "open", f"{says}; open sites.", asked, ("open", (YES,))),
    )


def _worst(sites: Counts, asked: tuple[str, tuple[Cell, ...]]) -> str:
    """The highest band of an open site; empty where all are closed."""
    found = sites.of(asked[0], "open", "band")
    return next((band.name for band in Band if found[asked[1][0], YES, band.name]), "")


def _most_first(counts: Counts, column: str, more: Iterable[str] = ()) -> Sequence[Cell]:
    """Of as many by name; what lies nowhere last. `more` are values that may have no row."""
    found = counts.of(column)
    values = {*counts.values(column), *more}
    return sorted(values, key=lambda each: (each == "", -found[(each,)], str(each)))


def _ordered(counts: Counts, column: str, words: Words) -> Sequence[Cell]:
    """By the order of the words, then what has none."""
    known: Iterable[str] = words
    order = {value: at for at, value in enumerate(known)}
    return sorted(counts.values(column), key=lambda each: (order.get(str(each), len(order)), str(each)))
