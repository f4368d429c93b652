"""Rules in words: what each does, how it stands, what a dry run of it came to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.records import DryRun, Rule, RuleCount, RuleKind
from dispatch.residents.answers import StillNeeded
from ui.sheets.intent_words import language_words
from ui.widgets import counts

_NAMES = {
    RuleKind.BETTER_PLACE: QT_TRANSLATE_NOOP("rules", "Ask for a better place"),
    RuleKind.BETTER_PHOTO: QT_TRANSLATE_NOOP("rules", "Ask for a photo"),
    RuleKind.GOT_IT: QT_TRANSLATE_NOOP("rules", "Acknowledge on arrival"),
    RuleKind.STILL_NEEDED: QT_TRANSLATE_NOOP("rules", "Ask “still needed?”"),
}
_ABOUT = {
    RuleKind.BETTER_PLACE: QT_TRANSLATE_NOOP(
        "rules",
        "Where the pin is missing, in doubt or a default one. Never near wires, gas, fire or water, and not"
        " while field response is suspended.",
    ),
    RuleKind.BETTER_PHOTO: QT_TRANSLATE_NOOP(
        "rules",
        "Where a report came without a photo. Never near wires, gas, fire or water, and not while field"
        " response is suspended.",
    ),
    RuleKind.GOT_IT: QT_TRANSLATE_NOOP(
        "rules",
        "Some minutes after a report has arrived, and only where the 311 server gave no acknowledgement of"
        " its own.",
    ),
    RuleKind.STILL_NEEDED: QT_TRANSLATE_NOOP(
        "rules",
        "At sites that have been open for days. No answer means unknown, and no answer closes anything: who"
        " says it is gone is listed for a person to look at.",
    ),
}
ALWAYS = QT_TRANSLATE_NOOP(
    "rules",
    "No rule writes to a P1 or a restricted site, or twice in a day to one person; only texts that the city"
    " has approved; and all of it waits behind what people write.",
)
ANSWERS = {
    StillNeeded.GONE: QT_TRANSLATE_NOOP("rules", "Said no longer needed"),
    StillNeeded.STILL: QT_TRANSLATE_NOOP("rules", "Still needed"),
    StillNeeded.UNCLEAR: QT_TRANSLATE_NOOP("rules", "Unclear"),
    StillNeeded.UNKNOWN: QT_TRANSLATE_NOOP("rules", "No answer: unknown"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("rules", text)


def name(kind: RuleKind) -> str:
    return _tr(_NAMES[kind])


def about(kind: RuleKind) -> str:
    return _tr(_ABOUT[kind])


def always() -> str:
    return _tr(ALWAYS)


def since(rule: Rule, clock: str) -> str:
    """ "on since 14:05, S. Chief" or "off"."""
    if not rule.is_on:
        return _tr("off")
    return _tr("on since {at}, {who}").format(at=clock, who=rule.person)


def settings(rule: Rule) -> str:
    said = rule.settings
    if rule.kind is RuleKind.STILL_NEEDED:
        found = _tr("Open for more than {days} days; asked again after {days} days.").format(days=said.days)
    else:
        found = _tr("{wait} minutes after the entry; {back} hours back when it is switched on.").format(
            wait=said.wait_min, back=said.back_h
        )
    of = _tr("{} categories.").format(len(said.categories)) if said.categories else _tr("All categories.")
    return f"{found} {of}"


def would(run: DryRun) -> str:
    """ "12 messages at 9 sites, 3 in Spanish"."""
    total = len(run.messages) + run.more
    if not total:
        return _tr("nothing")
    sent = _tr("1 message") if total == 1 else _tr("{} messages").format(total)
    found = _tr("{messages} at {sites}").format(messages=sent, sites=counts.sites(run.sites))
    others: dict[str, int] = {}
    for each in run.messages:
        if each.language != "en":
            others[each.language] = others.get(each.language, 0) + 1
    for code, count in sorted(others.items()):
        found += _tr(", {count} in {language}").format(count=count, language=language_words(code))
    return found


def left_out(run: DryRun) -> str:
    """By reason, the most frequent first; empty where nobody is left out."""
    lines = [
        f"{counts.reports(len(ids))}: {why}"
        for why, ids in sorted(run.left_out.items(), key=lambda each: -len(each[1]))
    ]
    return "\n".join(lines)


def done(count: RuleCount) -> str:
    said = _tr("{sent} sent, {waiting} on their way").format(sent=count.sent, waiting=count.waiting)
    return said + (_tr(", {} withdrawn").format(count.withdrawn) if count.withdrawn else "")


def answered(answers: Mapping[str, tuple[int, ...]]) -> list[tuple[StillNeeded, str, tuple[int, ...]]]:
    return [(each, _tr(words), answers.get(each.value, ())) for each, words in ANSWERS.items()]
