"""What an imported layer's sheets say of a file: counts, losses, fields with their first values."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.geo.areas import Bounds, meet
from dispatch.geo.imports.kinds import ZONES
from dispatch.geo.imports.records import Look, Preview
from ui.map.layers.imported import kind_words

Samples = Mapping[str, tuple[str, ...]]
VALUE_CHARS = 18


def _tr(text: str) -> str:
    return QCoreApplication.translate("layers", text)


def preview_words(preview: Preview, city: Bounds) -> str:
    """`city` is the jurisdiction's box in degrees."""
    if preview.coordinates_asked:
        return _tr("{}: which columns hold the coordinates cannot be told.").format(preview.file_format)
    counts, number = preview.counts, QLocale().toString
    kinds = (
        (counts.areas, _tr("{} areas")),
        (counts.lines, _tr("{} lines")),
        (counts.points, _tr("{} points")),
    )
    losses = (
        (counts.without_geometry, _tr("{} without a place")),
        (counts.damaged, _tr("{} damaged")),
        (counts.outside, _tr("{} outside the world")),
    )
    found = ", ".join(words.format(number(count)) for count, words in kinds if count)
    lines = [f"{preview.file_format}: {found}."]
    if counts.mended:
        lines.append(_tr("Mended, because they crossed themselves: {}.").format(number(counts.mended)))
    if lost := ", ".join(words.format(number(count)) for count, words in losses if count):
        lines.append(_tr("Left out: {}.").format(lost))
    if preview.projection and preview.projection != "EPSG:4326":
        said = preview.projection if len(preview.projection) < 20 else _tr("its own projection")
        lines.append(_tr("Brought from {} to degrees.").format(said))
    if not meet(preview.bounds, city):
        lines.append(_tr("Nothing of it lies in the city: is it the right file?"))
    return "\n".join(lines)


def field_choices(samples: Samples) -> list[tuple[str, str]]:
    """Each field with its first values, by which a person knows it."""
    return [(name, f"{name[:28]} ({', '.join(map(_short, values))}…)") for name, values in samples.items()]


def first_words(look: Look, samples: Samples) -> str:
    """How the first features will be called."""
    if look.kind in ZONES and look.zone_field:
        said = [f"{kind_words(look.kind)} {value}" for value in samples.get(look.zone_field, ())]
    else:
        said = list(samples.get(look.name_field, ()))
    return _tr("Reads: {}").format(", ".join(map(_short_line, said[:3]))) if said else ""


def style_words(style: str) -> str:
    words = {
        "slate": _tr("Slate"),
        "teal": _tr("Teal"),
        "plum": _tr("Plum"),
        "brown": _tr("Brown"),
        "olive": _tr("Olive"),
    }
    return words[style]


def _short(value: str) -> str:
    return value if len(value) <= VALUE_CHARS else f"{value[: VALUE_CHARS - 1]}…"


def _short_line(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}…"
