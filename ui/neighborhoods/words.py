"""What the Neighborhoods screen says of a place: its name, how sure we are, the sentence under the table."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.insight.neighborhoods import Neighborhoods, Place
from dispatch.insight.quiet_areas import LEAST_REPORTS, QUIET, Standing
from dispatch.records import Outreach, OutreachKind, Voices
from ui.widgets import counts


def _tr(text: str) -> str:
    return QCoreApplication.translate("neighborhoods", text)


def name(place: Place) -> str:
    if not place.areas:
        return _tr("Outside every area")
    more = len(place.areas) - 1
    return _tr("{area} and {count} more").format(area=place.name, count=more) if more else place.name


def whole_name(place: Place) -> str:
    """With every small area that is pooled in it."""
    return ", ".join(place.areas) if place.areas else name(place)


def number(value: float, decimals: int = 0) -> str:
    """Empty for what is not known."""
    if value != value:
        return ""
    return QLocale().toString(round(value)) if not decimals else QLocale().toString(value, "f", decimals)


def sure(found: Neighborhoods, at: int) -> str:
    """How sure, in the words of the table."""
    standing = Standing(found.judged.standing[at])
    if standing in QUIET:
        low, high = found.missing_share(at)
        return _tr("under by {low} to {high} %").format(low=low, high=high)
    if standing is Standing.NOT_KNOWN:
        known = found.places[at].residents == found.places[at].residents
        return _tr("too few reports yet") if known else _tr("residents not known")
    return {
        Standing.MAYBE_UNDER: _tr("maybe under"),
        Standing.AS_EXPECTED: _tr("as expected"),
        Standing.ABOVE: _tr("above"),
        Standing.TOO_FEW: _tr("too few people to tell"),
    }[standing]


def sentence(found: Neighborhoods, at: int) -> str:
    """9 reports where about 28 were expected."""
    count, expected = counts.reports(int(found.reports[at])), found.judged.expected[at]
    place = found.places[at]
    if expected != expected:
        if place.residents != place.residents:
            return _tr("{}. How many live here is not known: nothing can be expected.").format(count)
        return _tr("{}. In the whole city too few to expect anything of a part of it.").format(count)
    return _tr("{reports} where about {expected} were expected.").format(
        reports=count, expected=number(expected)
    )


def chance(found: Neighborhoods, at: int) -> str:
    """What the certainty rests on, said as odds."""
    standing, tail = Standing(found.judged.standing[at]), float(found.judged.tail[at])
    if standing is Standing.TOO_FEW:
        return _tr("So few people live here that no report at all would look the same.")
    if standing > Standing.MAYBE_UNDER:
        return ""
    words = _tr("Of 1,000 areas like all others not one would say so little by chance.")
    if tail > 0.001:
        words = _tr("Of {} areas like all others one would say so little by chance.").format(round(1 / tail))
    if standing is Standing.SURE:
        return _tr("{} Sure, also with all areas looked at at once.").format(words)
    return words


def head(found: Neighborhoods, span: str) -> str:
    """742 reports since activation · 2.8 per 1,000 residents · who is not being heard?"""
    said = [f"{counts.reports(found.total)} {span}"]
    if found.city_per_1000 == found.city_per_1000:
        said.append(_tr("{} per 1,000 residents").format(number(found.city_per_1000, 1)))
    return " · ".join([*said, _tr("who is not being heard?")])


def rests_on(found: Neighborhoods) -> str:
    """What is expected from what, and what is not in it; under the table."""
    if (found.judged.standing == Standing.NOT_KNOWN).all() and found.city_per_1000 == found.city_per_1000:
        return _tr(
            "Too early: before there are {} reports in the whole city nothing can be expected of an area."
        ).format(LEAST_REPORTS)
    base = _tr("Expected from what all other areas report, by residents")
    habit = _tr(" and by what each area usually reports.") if found.habit else _tr(".")
    if not found.habit:
        habit += _tr(" No ordinary weeks are on the board yet: what an area usually reports is not in it.")
    rest = _tr(" Wind and flooding are not in it: there are no figures by area.")
    small = _tr(" Areas under 1,000 people are pooled with their neighbors.")
    chance_words = ""
    if (by_chance := found.by_chance()) and any(s in QUIET for s in found.judged.standing):
        chance_words = _tr(" By chance alone up to {} may stand as under.").format(_areas(by_chance))
    return base + habit + rest + small + chance_words


def not_counted(found: Neighborhoods) -> str:
    """Reports that stand in no line; empty where there are none."""
    said = (
        (found.bulk, _tr("{} from bulk entries")),
        (found.not_placed, _tr("{} without a place")),
        (found.other_city, _tr("{} outside the city")),
    )
    parts = [sentence.format(number(count)) for count, sentence in said if count]
    return _tr("Not counted: {}").format(", ".join(parts)) if parts else ""


def hover(found: Neighborhoods, at: int) -> str:
    """One place under the pointer."""
    said = [whole_name(found.places[at]), sentence(found, at)]
    if rate := number(float(found.per_1000[at]), 1):
        said.append(_tr("{} per 1,000 residents").format(rate))
    return "\n".join([*said, sure(found, at)])


def kind(kind: OutreachKind) -> str:
    return {
        OutreachKind.EXPO: _tr("Expo"),
        OutreachKind.DRIVE_THROUGH: _tr("Drive-through"),
        OutreachKind.MEETING: _tr("Meeting"),
        OutreachKind.DOOR: _tr("Door to door"),
        OutreachKind.PHONE: _tr("Phone"),
    }[kind]


def entry(entry: Outreach, at: str, due: str) -> str:
    """One entry in one line: when, how, where, with whom, how many, in which languages, what next."""
    said = entry.said
    where = _tr("{kind}, {place}").format(kind=kind(said.kind), place=said.place)
    parts = [f"{at} {where if said.place else kind(said.kind)}"]
    if said.partner:
        parts.append(_tr("with {}").format(said.partner))
    if said.reached is not None:
        parts.append(_people(said.reached))
    parts += [f"{each.language} {number(each.count)}" for each in said.materials]
    if said.next_step:
        step = f"{said.next_step}, {due}" if due else said.next_step
        parts.append(_tr("next: {}").format(f"{step} ({said.owner})" if said.owner else step))
    elif said.owner:
        parts.append(said.owner)
    line = " · ".join(parts)
    return f"{line}\n{said.note}" if said.note else line


def around(days: int, before: Voices | None, after: Voices | None, rates: list[str], is_over: bool) -> str:
    """Before and after an outreach; `rates` are reports and reporters per 1,000 before and after, where
    residents are known."""
    if not is_over:
        return _tr("{} after it: too early to say.").format(counts.days(days))
    if before is None or after is None:
        return _tr("{} before it: the reports here do not go back so far.").format(counts.days(days))
    span = counts.days(days)
    return _tr("{span} before: {before}. {span} after: {after}.").format(
        span=span, before=rates[0], after=rates[1]
    )


def _areas(count: int) -> str:
    return _tr("1 area") if count == 1 else _tr("{} areas").format(number(count))


def _people(count: int) -> str:
    return _tr("1 person reached") if count == 1 else _tr("{} people reached").format(number(count))
