"""What the slots of a text hold for one site, from what is recorded of it and nothing more (S8); and which
texts are offered there at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dispatch.records import (
    Band,
    CloseReason,
    Escalation,
    EscalationState,
    Expectation,
    Filled,
    Intent,
    NoTime,
    SiteState,
    Template,
    WaitReason,
)
from dispatch.residents.danger import is_dangerous
from dispatch.residents.range_words import range_words, reason_words
from dispatch.residents.templates import ENGLISH, Language, Templates, fill

# Emergency management has said that it has it; before that it was only sent.
_PROVEN = frozenset(
    {
        EscalationState.RECEIVED,
        EscalationState.ACCEPTED,
        EscalationState.HELD,
        EscalationState.UNDER_WAY,
        EscalationState.FORWARDED,
        EscalationState.MUTUAL_AID,
    }
)
_FIXED = (CloseReason.FIXED_CONFIRMED, CloseReason.FIXED_UNCONFIRMED)
_OTHERS = (NoTime.UTILITY, NoTime.HOMEOWNER)
_NOT_OURS = (CloseReason.NOT_OURS, CloseReason.PASSED_TO_OWNER)
_CANNOT = (*_NOT_OURS, CloseReason.CANNOT_ACT)
# Neither the city's to repair nor the city's to say when (domain notes, section 4).
UTILITYS = frozenset({"power_line_down", "tree_on_wires", "power_outage"})
PRIVATE = frozenset({"tree_private", "tree_on_structure", "home_flooded", "structure_damage"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One report of a site, and what is recorded of the site. `label` and `family` are the category table's;
    `normal_days` too, None where residents are told no date; `expectation` is the category's, or None."""

    category: str
    label: str
    family: str
    band: int = Band.P3
    number: str = ""
    name: str = ""
    reports: int = 1
    normal_days: int | None = None
    expectation: Expectation | None = None
    state: SiteState = SiteState.NEW
    state_reason: str = ""
    escalations: tuple[Escalation, ...] = ()
    has_wire: bool = False
    is_utility_told: bool = False
    is_made_safe: bool = False
    is_suspended: bool = False
    is_in_sweep: bool = False
    was_told_time: bool = False

    @property
    def is_live_wire(self) -> bool:
        return self.has_wire and not self.is_made_safe

    @property
    def text_category(self) -> str:
        """By which its texts are chosen: while a wire is live it is the utility's first, and nobody is told
        that the tree is theirs to clear (S13)."""
        return "tree_on_wires" if self.is_live_wire else self.category

    @property
    def expected(self) -> Expectation | None:
        """None also where no time may be told: none while response is suspended (S7), none for what is the
        utility's or a homeowner's."""
        return self.expectation if self.expectation is not None and not self.no_time_why else None

    @property
    def no_time_why(self) -> str:
        if self.category in UTILITYS or self.is_live_wire:
            return NoTime.UTILITY
        if self.category in PRIVATE:
            return NoTime.HOMEOWNER
        if self.is_suspended:
            return NoTime.SUSPENDED
        return self.expectation.no_time_why if self.expectation is not None else ""


def site_slots(known: Known, language: Language) -> dict[str, str]:
    """Every slot that can be filled, in that language; one that is not in it cannot be."""
    slots = {
        "name": known.name.strip() or language.words["neighbor"],
        "category": language.categories.get(known.category, known.label),
        "next": next_words(known, language),
        "safety": safety_words(known, language),
    }
    if known.number:
        slots["number"] = known.number
    if (normal := known.normal_days or (known.expected.normal_days if known.expected else 0)) > 0:
        slots["normal"] = _days(normal, language)
    if known.expected is not None and (said := range_words(known.expected, language.code)):
        slots["range"] = said
        slots["reason"] = _sentence(reason_words(known.expected, language.code))
    if why := _cannot(known):
        slots["reason"] = language.cannot[why]
    return slots


def next_words(known: Known, language: Language) -> str:
    """The furthest that a receipt proves; else what the console has of it."""
    say = language.next
    if known.state is SiteState.CLOSED:
        return say["closed"]
    said = []
    if known.is_made_safe and known.has_wire:
        said.append(say["made_safe"])
    elif known.is_utility_told:
        said.append(say["utility_told"])
    if (step := _furthest(known)) and step != "held":
        said.append(say[step])
    elif step:
        said += [say["passed_to_em"], say["suspended"]]
    if known.is_suspended and say["suspended"] not in said:
        said.append(say["suspended"])
    if not said:
        said.append(say.get(_of_console(known), say["triaged"]))
    return " ".join(said)


def safety_words(known: Known, language: Language) -> str:
    """The line of the category, else of the family, and that this is not 911. Wires go before all others."""
    lines = language.safety
    key = "wires" if known.is_live_wire or known.family == "wires" else known.category
    line = lines.get(key) or lines.get(known.family) or ""
    return " ".join(filter(None, (line, language.not_911)))


def why_not_offered(intent: Intent, known: Known) -> str:
    """Why no text of this intent is offered at the site, in a sentence; empty where it is. What is said of
    others needs its proof, and while response is suspended a P1 hears stay-safe texts alone (S7, S8, S9)."""
    if known.is_suspended and known.band == Band.P1 and intent is not Intent.STAY_SAFE:
        return "Field response is suspended: a P1 is answered with a stay-safe text."
    if known.state is SiteState.CLOSED and intent in _OF_OPEN:
        return "The site is closed."
    if intent in (Intent.BETTER_PLACE, Intent.BETTER_PHOTO):
        if known.is_suspended:
            return "Field response is suspended: nobody is asked to go outside."
        if known.is_live_wire or is_dangerous(category=known.category, family=known.family):
            return "Nobody is asked to go near this: it may be dangerous."
    if intent in (Intent.ON_THE_LIST, Intent.DATE_MOVED) and known.expected is None:
        why = reason_words(known.expectation, ENGLISH) if known.expectation and known.no_time_why else ""
        return f"No time is told here. {why}." if why else "No time can be told for this now."
    if intent is Intent.DATE_MOVED and not known.was_told_time:
        return "Nobody here was told a time yet."
    return _UNPROVEN[intent] if intent in _UNPROVEN and not _is_proven(intent, known) else ""


def offered(
    templates: Templates, known: Known, language: str = ENGLISH
) -> Mapping[Intent, tuple[Template, Filled]]:
    """The texts that may be said here, each filled, in the order of the intents."""
    found: dict[Intent, tuple[Template, Filled]] = {}
    for intent in Intent:
        template = templates.choose(intent, category=known.text_category, band=known.band, language=language)
        if template is None or why_not_offered(intent, known):
            continue
        filled = fill(template.text, site_slots(known, templates.language(template.language)))
        if not filled.missing:
            found[intent] = (template, filled)
    return found


_OF_OPEN = frozenset(
    {Intent.ON_THE_LIST, Intent.DATE_MOVED, Intent.STILL_NEEDED, Intent.BETTER_PLACE, Intent.BETTER_PHOTO}
)
_UNPROVEN = {
    Intent.WITH_OWNER: "The site does not wait for its owner.",
    Intent.SWEEP: "No area sweep covers this site.",
    Intent.ON_THE_WAY: "Nobody has named a crew for it.",
    Intent.DONE: "It is not closed as fixed.",
    Intent.CANNOT: "It is not closed as something the city cannot do.",
    Intent.MERGED: "Only one report stands in this site.",
}


def _is_proven(intent: Intent, known: Known) -> bool:
    match intent:
        case Intent.WITH_OWNER:
            waits = known.state is SiteState.WAITING and known.state_reason in (
                WaitReason.OWNER,
                WaitReason.UTILITY_FIRST,
            )
            closed = known.state is SiteState.CLOSED and known.state_reason in _NOT_OURS
            return waits or closed or known.no_time_why in _OTHERS
        case Intent.SWEEP:
            return known.is_in_sweep
        case Intent.ON_THE_WAY:
            return not known.is_suspended and _furthest(known) in ("crew_named", "crew_there")
        case Intent.DONE:
            return known.state is SiteState.CLOSED and known.state_reason in _FIXED
        case Intent.CANNOT:
            return bool(_cannot(known))
        case Intent.MERGED:
            return known.reports > 1
    return True


def _cannot(known: Known) -> str:
    if known.state is SiteState.CLOSED and known.state_reason in _CANNOT:
        return str(known.state_reason)
    is_open = known.state is not SiteState.CLOSED
    is_for_its_owner = known.category in PRIVATE and not known.is_live_wire
    return "private" if is_open and is_for_its_owner else ""


def _furthest(known: Known) -> str:
    """How far the open hand-over that has gone furthest is proven; empty where none is."""
    steps = [_step(item, known.is_suspended) for item in _open(known.escalations)]
    return max(steps, key=_ORDER.index, default="")


_ORDER = ("", "held", "passed_to_em", "crew_named", "crew_there")


def _step(item: Escalation, is_suspended: bool) -> str:
    if item.state not in _PROVEN:
        return ""
    if item.state is EscalationState.HELD:
        return "held"
    if item.on_scene_at:
        return "crew_there"
    is_named = item.state is EscalationState.UNDER_WAY and bool(item.resource) and not is_suspended
    return "crew_named" if is_named else "passed_to_em"


def _open(items: Iterable[Escalation]) -> list[Escalation]:
    return [item for item in items if item.state.is_open]


def _of_console(known: Known) -> str:
    if known.state is SiteState.WAITING and known.state_reason in list(WaitReason):
        return str(known.state_reason)
    if known.no_time_why in _OTHERS or known.is_live_wire:
        return "noted"  # no list of the city's: it is for its owner, or the utility first
    return "new" if known.state is SiteState.NEW else "triaged"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _days(days: int, language: Language) -> str:
    return language.words["day"] if days == 1 else language.words["days"].format(n=days)
