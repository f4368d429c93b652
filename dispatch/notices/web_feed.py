"""What is live as files for website and radio: RSS 2.0, Atom and plain text, one of each per language.

Ids are the notices' own and stay the same; words are escaped, never taken for markup. An exercise is said in
every title and every file's name (S18).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from dispatch.forms.common import file_mark
from dispatch.notices import public_words
from dispatch.notices.cap12 import Sender, message, stamp, xml_words
from dispatch.records import Millis, Notice

ATOM = "http://www.w3.org/2005/Atom"
_NAMES: Any = {None: ATOM}
LANGUAGES = ("en", "es")
_TITLE = {"en": "Notices of the {}", "es": "Avisos de {}"}
# A feed's own name; nothing is fetched from it.
_FEED = "tag:landfall,2024:notices"


def files(live: Sequence[Notice], *, sender: Sender, now: Millis, link: str = "") -> dict[str, bytes]:
    """The files by name. `live` are those in force, `link` the city's page where it has one."""
    mark = file_mark(sender.is_exercise)
    shown = [each for each in live if each.is_live(now) and each.starts_at <= now]
    made: dict[str, bytes] = {}
    for language in LANGUAGES:
        made[f"{mark}notices_{language}.rss"] = _rss(shown, language, sender, now, link)
        made[f"{mark}notices_{language}.atom"] = _atom(shown, language, sender, now, link)
        made[f"{mark}notices_{language}.txt"] = _text(shown, language, sender)
        made[f"{mark}notices_{language}_read-aloud.txt"] = _aloud(shown, language, sender)
    return made


def cap_files(
    items: Sequence[tuple[Notice, Sequence[Notice]]], *, sender: Sender, now: Millis
) -> dict[str, bytes]:
    """Each notice, with those before it, as a CAP draft; what cannot be one is left out."""
    mark = file_mark(sender.is_exercise) or "DRAFT_"
    return {
        f"{mark}{item.number}.cap.xml": message(item, sender=sender, earlier=earlier, now=now)
        for item, earlier in items
    }


def _rss(live: Sequence[Notice], language: str, sender: Sender, now: Millis, link: str) -> bytes:
    root = etree.Element("rss", version="2.0")
    channel = _add(root, "channel")
    for name, text in (
        ("title", _feed_title(language, sender)),
        ("link", link or "about:blank"),
        ("description", _feed_title(language, sender)),
        ("language", language),
        ("lastBuildDate", _mail_date(now)),
    ):
        _add(channel, name, text)
    for item in live:
        entry = _add(channel, "item")
        said = item.text_in(language)
        _add(entry, "title", public_words.title(said, is_exercise=sender.is_exercise))
        _add(
            entry, "description", f"{said.text.strip()}\n\n{public_words.holds(item, language, sender.zone)}"
        )
        _add(entry, "guid", f"urn:uuid:{item.notice_id}").set("isPermaLink", "false")
        _add(entry, "pubDate", _mail_date(item.published_at))
    return _written(root)


def _atom(live: Sequence[Notice], language: str, sender: Sender, now: Millis, link: str) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)

    def add(parent: Any, name: str, text: str | None = None) -> Any:
        return _add(parent, f"{{{ATOM}}}{name}", text)

    add(root, "id", f"{_FEED}:{sender.address}:{language}")
    add(root, "title", _feed_title(language, sender))
    add(root, "updated", _atom_date(max((each.published_at for each in live), default=now)))
    add(add(root, "author"), "name", sender.name)
    if link:
        add(root, "link").set("href", xml_words(link))
    for item in live:
        entry = add(root, "entry")
        said = item.text_in(language)
        add(entry, "id", f"urn:uuid:{item.notice_id}")
        add(entry, "title", public_words.title(said, is_exercise=sender.is_exercise))
        add(entry, "updated", _atom_date(item.published_at))
        content = add(
            entry, "content", f"{said.text.strip()}\n\n{public_words.holds(item, language, sender.zone)}"
        )
        content.set("type", "text")
    return _written(root)


def _text(live: Sequence[Notice], language: str, sender: Sender) -> bytes:
    parts = [
        public_words.for_place(
            item, "website", language, city=sender.name, zone=sender.zone, is_exercise=sender.is_exercise
        )
        for item in live
    ]
    return _joined(parts, language, sender)


def _aloud(live: Sequence[Notice], language: str, sender: Sender) -> bytes:
    parts = [
        public_words.read_aloud(
            item, language, city=sender.name, zone=sender.zone, is_exercise=sender.is_exercise
        )
        for item in live
    ]
    return _joined(parts, language, sender)


def _joined(parts: Sequence[str], language: str, sender: Sender) -> bytes:
    return ("\n\n".join(_lines(parts, language, sender)) + "\n").encode()


def _lines(parts: Sequence[str], language: str, sender: Sender) -> Iterator[str]:
    yield _feed_title(language, sender)
    yield from parts
    if not parts:
        yield public_words.words(language)["none"]


def _feed_title(language: str, sender: Sender) -> str:
    return public_words.marked(_TITLE[language].format(sender.name), sender.is_exercise)


def _mail_date(at: Millis) -> str:
    return format_datetime(datetime.fromtimestamp(at // 1000, UTC))


def _atom_date(at: Millis) -> str:
    return stamp(at, UTC).replace("-00:00", "Z")


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = xml_words(text)
    return child


def _written(root: Any) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
