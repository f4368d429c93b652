"""A notice as the public reads and hears it, by language and place. The city's words stand as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from dispatch.forms.common import EXERCISE, iso, local
from dispatch.records import Millis, Notice, NoticeText
from dispatch.text_from_outside import plain

# Where people put it by hand, in the order of the sheet.
PLACES = ("website", "app", "social", "radio")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "from": "From {start} until {end}.",
        "area": "For: {names}.",
        "city": "the whole city",
        "and": "and",
        "order": "Issued by {authority}. Order: {order}.",
        "cancelled": "Cancelled: {title}",
        "no_longer": "This notice no longer holds: {title}.",
        "radio": "A notice from the {city}.",
        "again": "Again: {title}.",
        "exercise": "This is an exercise. This is only an exercise.",
        "none": "No notice is in force now.",
        "time": "%B {day}, {hour}:%M %p",
    },
    "es": {
        "from": "Desde el {start} hasta el {end}.",
        "area": "Para: {names}.",
        "city": "toda la ciudad",
        "and": "y",
        "order": "Emitido por {authority}. Orden: {order}.",
        "cancelled": "Cancelado: {title}",
        "no_longer": "Este aviso ya no está vigente: {title}.",
        "radio": "Un aviso de {city}.",
        "again": "Repetimos: {title}.",
        "exercise": "Esto es un simulacro. Es solo un simulacro.",
        "none": "No hay avisos vigentes ahora.",
        "time": "{day} de {month}, %H:%M",
    },
}
_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905


def words(language: str) -> Mapping[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def marked(text: str, is_exercise: bool) -> str:
    """S18: the word stands first, in every language."""
    return f"{EXERCISE} · {text}" if is_exercise and not text.startswith(EXERCISE) else text


def title(said: NoticeText, *, is_exercise: bool) -> str:
    return marked(one_line(said.title), is_exercise)


def area(item: Notice, language: str) -> str:
    said = words(language)
    names = [one_line(each) for each in item.area.names]
    if not names:
        return said["city"]
    return f" {said['and']} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def holds(item: Notice, language: str, zone: tzinfo) -> str:
    """Where and when, and whose order it is: what stands under the text everywhere."""
    said = words(language)
    start, end = (moment(at, language, zone) for at in (item.starts_at, item.expires_at))
    lines = [said["area"].format(names=area(item, language)), said["from"].format(start=start, end=end)]
    if item.kind.is_order:
        lines.append(said["order"].format(authority=one_line(item.authority), order=one_line(item.order)))
    return " ".join(lines)


def moment(at: Millis, language: str, zone: tzinfo) -> str:
    then = local(at, zone)
    said = words(language)["time"].format(
        day=then.day, hour=then.hour % 12 or 12, month=_MONTHS[then.month - 1]
    )
    return f"{then:{said}} {then:%Z}"


def for_place(item: Notice, place: str, language: str, *, city: str, zone: tzinfo, is_exercise: bool) -> str:
    """What is copied for one place."""
    said = item.text_in(language)
    head, text = title(said, is_exercise=is_exercise), plain(said.text).strip()
    if place == "radio":
        return read_aloud(item, language, city=city, zone=zone, is_exercise=is_exercise)
    if place == "social":
        return f"{head}. {one_line(text)} {words(language)['from'].format(**_span(item, language, zone))}"
    if place == "app":
        return f"{head}\n{text}"
    return f"{head}\n\n{text}\n\n{holds(item, language, zone)}"


def read_aloud(item: Notice, language: str, *, city: str, zone: tzinfo, is_exercise: bool) -> str:
    """For radio: whole sentences, the title twice, an exercise said before and after."""
    said, text = words(language), item.text_in(language)
    head = one_line(text.title)
    lines = [
        said["radio"].format(city=city),
        f"{head}.",
        one_line(text.text),
        holds(item, language, zone),
        said["again"].format(title=head),
    ]
    if is_exercise:
        lines = [f"{EXERCISE}. {said['exercise']}", *lines, said["exercise"]]
    return "\n".join(lines)


def for_server(item: Notice, *, zone: tzinfo, is_exercise: bool) -> dict[str, Any]:
    """The body that a 311 server with notices takes: our id first, by which it is read back."""
    return {
        "external_id": item.notice_id,
        "number": item.number,
        "kind": item.kind.value,
        "texts": [
            {
                "language": each.language,
                "title": title(each, is_exercise=is_exercise),
                "text": plain(each.text).strip(),
            }
            for each in item.texts
        ],
        "areas": [one_line(each) for each in item.area.names],
        "polygons": [[list(place) for place in ring] for ring in item.area.rings],
        "starts_at": iso(item.starts_at, zone),
        "expires_at": iso(item.expires_at, zone),
        "authority": one_line(item.authority),
        "order": one_line(item.order),
        "updates": item.updates,
    }


def cancellation(item: Notice) -> tuple[NoticeText, ...]:
    """What the public is told when it is cancelled, to be mended by a person."""
    return tuple(
        NoticeText(
            each.language,
            words(each.language)["cancelled"].format(title=each.title)[:120],
            words(each.language)["no_longer"].format(title=each.title),
        )
        for each in item.texts
    )


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _span(item: Notice, language: str, zone: tzinfo) -> dict[str, str]:
    return {
        "start": moment(item.starts_at, language, zone),
        "end": moment(item.expires_at, language, zone),
    }
