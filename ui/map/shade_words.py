"""What the shading of neighborhoods says: its title, its classes, and one area under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.insight.by_area import LEAST_RESIDENTS, ByArea, Measure, Shade, Unit


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


def measure_words(measure: Measure | None) -> str:
    """The choice in the layer box."""
    words = {None: _tr("off"), Measure.COUNT: _tr("count"), Measure.RATE: _tr("rate")}
    return words[measure]


def title(found: ByArea, *, is_narrowed: bool) -> str:
    """What is shaded. Under filters it is no more the whole, and says so."""
    words = {
        (Unit.SITES, False): _tr("Open sites by neighborhood"),
        (Unit.SITES, True): _tr("Sites under the filters, by neighborhood"),
        (Unit.PER_1000_RESIDENTS, False): _tr("Open sites per 1,000 residents"),
        (Unit.PER_1000_RESIDENTS, True): _tr("Sites under the filters per 1,000 residents"),
        (Unit.PER_KM2, False): _tr("Open sites per km² (residents not known)"),
        (Unit.PER_KM2, True): _tr("Sites under the filters per km² (residents not known)"),
    }
    return words[found.unit, is_narrowed]


def class_words(found: ByArea) -> list[str]:
    """Each class by its ends, from the lowest."""
    ends = [_short(bound) for bound in found.bounds]
    if not ends:
        return [_tr("1 or more") if found.unit is Unit.SITES else _tr("more than 0")]
    said = []
    for at, end in enumerate(ends):
        if found.unit is Unit.SITES:
            first = int(found.bounds[at - 1]) + 1 if at else 1
            said.append(end if first == found.bounds[at] else f"{_short(first)}–{end}")
        else:
            said.append(f"{ends[at - 1]}–{end}" if at else _tr("to {}").format(end))
    return [*said, _tr("over {}").format(ends[-1])]


def rest_words(found: ByArea) -> list[tuple[Shade, str]]:
    """Those in no class, as far as there are any, with how many areas each is."""
    words = {
        Shade.NONE_IN_VIEW: _tr("none in view · {}"),
        Shade.NONE_REPORTED: _tr("none reported · {}"),
        Shade.NO_DATA: _tr("no data · {}"),
    }
    counted = {shade: int((found.shades == shade).sum()) for shade in words}
    return [(shade, words[shade].format(_areas_words(count))) for shade, count in counted.items() if count]


def outside_words(found: ByArea) -> str:
    """Sites that no shade shows."""
    if not found.outside:
        return ""
    words = _tr("outside of all · {} site") if found.outside == 1 else _tr("outside of all · {} sites")
    return words.format(QLocale().toString(found.outside))


def text(found: ByArea, *, is_narrowed: bool) -> str:
    """All of the legend in one line: for paper and for who does not see it."""
    heads = {
        Shade.NONE_IN_VIEW: _tr("blank {}"),
        Shade.NONE_REPORTED: _tr("hatched {}"),
        Shade.NO_DATA: _tr("dotted {}"),
    }
    rest = [heads[shade].format(words) for shade, words in rest_words(found)]
    said = [_tr("pale to strong {}").format(" · ".join(class_words(found))), *rest, outside_words(found)]
    return f"{title(found, is_narrowed=is_narrowed)}: {', '.join(filter(None, said))}"


def area_words(found: ByArea, at: int, name: str, residents: float, *, is_narrowed: bool) -> str:
    """One area, for the hover card."""
    shade, in_view = int(found.shades[at]), int(found.in_view[at])
    in_all = int(found.in_all[at])
    if shade == Shade.NONE_REPORTED:
        lines = [_tr("None reported: nobody was heard from here."), _tr("It may still need help.")]
    elif not in_view and in_all:
        lines = [_tr("None in view, {} in all").format(QLocale().toString(in_all))]
    elif not in_all:
        lines = [_tr("No data: no report has come yet.")]
    else:
        lines = [f"{_sites_words(in_view, is_narrowed)}, {_value_words(found, at)}".rstrip(", ")]
    if shade == Shade.NO_DATA and in_all and residents == residents:
        lines.append(_tr("No rate under {} residents").format(LEAST_RESIDENTS))
    if found.unit is Unit.PER_1000_RESIDENTS and residents == residents:
        lines.append(_tr("About {} residents, an estimate").format(QLocale().toString(round(residents))))
    return "\n".join([name, *lines])


def _areas_words(count: int) -> str:
    return (_tr("{} area") if count == 1 else _tr("{} areas")).format(QLocale().toString(count))


def _sites_words(count: int, is_narrowed: bool) -> str:
    if is_narrowed:
        words = _tr("{} site under the filters") if count == 1 else _tr("{} sites under the filters")
    else:
        words = _tr("{} open site") if count == 1 else _tr("{} open sites")
    return words.format(QLocale().toString(count))


def _value_words(found: ByArea, at: int) -> str:
    value = float(found.values[at])
    if value != value or found.unit is Unit.SITES:
        return ""
    number = QLocale().toString(value, "f", 1 if value >= 1 else 2)
    if found.unit is Unit.PER_KM2:
        return _tr("{} per km²").format(number)
    return _tr("{} per 1,000").format(number)


def _short(number: float) -> str:
    return QLocale().toString(number, "g", 6) if number < 1 else QLocale().toString(round(number))
