"""Band and score of a report and of a site, each with its reasons in words. Pure: no clock, no storage.

Score = category + cues + text model + place + other reporters (+ waiting, which the board adds). The band
comes from the category, is raised at once by any raising cue, to P2 at most by points of category and cues,
and is never lowered here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from dispatch.records import Assessment, Band, Reason, ServiceRequest
from dispatch.triage.categories import OTHER, Category
from dispatch.triage.cues import Hit
from dispatch.triage.phrases import Words
from dispatch.triage.profile import PHOTO_NOT_LOOKED_AT
from dispatch.triage.rules import Points, Rules
from dispatch.triage.text_model import PART as TEXT_MODEL

WIRE = "wire"
PERSON = "person"
KNOWN_TEXTS = 4096
NO_MARKS: frozenset[str] = frozenset()
# Parts that say nothing about a site when another of its reports has the better score.
ONLY_ITS_OWN = frozenset({"place", "suggestion", "points", TEXT_MODEL})


def assess(
    request: ServiceRequest, rules: Rules, *, later: Sequence[str] = (), photo_seen: bool = False
) -> Assessment:
    """What triage makes of one request; `later` are the residents' messages since, which can raise it too."""
    key = rules.categories.find(request.service_code, request.service_name)
    category = rules.table[key or OTHER]
    text = own_words(request, rules, later)
    assessment = _read(text, category, rules, has_place=request.place is not None)
    if key is None:
        say = f"Category '{request.service_name}' is not in our table: taken as '{category.label}'"
        assessment = _noting(assessment, Reason("unknown_category", say, 0.0))
    if request.photo_url and not text and not photo_seen:
        assessment = _noting(
            assessment, Reason(PHOTO_NOT_LOOKED_AT, "No words, and nobody has looked at the photo", 0.0)
        )
    return rules.profile.apply(assessment)


def _read(text: str, category: Category, rules: Rules, *, has_place: bool) -> Assessment:
    """A storm says much again: empty reports, call takers' own phrases, a list entered in one go."""
    at = (text, category.key, has_place)
    assessment = rules.known.get(at)
    if assessment is None:
        if len(rules.known) >= KNOWN_TEXTS:
            rules.known.clear()
        assessment = rules.known[at] = assess_text(text, category, rules, has_place=has_place)
    return assessment


def assess_text(
    text: str, category: Category, rules: Rules, *, has_place: bool = False, language: str = ""
) -> Assessment:
    """Score a text under a category; `language` only if the sender told it."""
    words = Words.of(text)
    hits = rules.cues.find(words, category.marks)
    language = language or rules.languages.guess(words)
    is_assessed = rules.languages.is_assessed(language)
    band = _raised(category.default_band, hits)
    cue_reasons = _cue_reasons(hits, band if band < category.default_band else None, rules.points)
    raising = category.base_points + sum(reason.points for reason in cue_reasons if reason.points > 0)
    reasons = [Reason("category", category.label, category.base_points), *_limited(cue_reasons)]
    if band > Band.P2 and raising >= rules.points.p2_from:
        band = Band.P2
        reasons.append(Reason("points", f"{raising:g} points from words and category: raised to P2", 0.0))
    if learned := _learned(words, language, rules):
        reasons.append(learned)
    if has_place:
        reasons.append(Reason("place", "Place given", rules.points.place))
    if not is_assessed:
        reasons.append(Reason("not_assessed", "Language not assessed: read it", rules.points.not_assessed))
    if suggestion := _suggestion(words, category, rules):
        reasons.append(suggestion)
    return Assessment(
        band=band,
        score=sum(reason.points for reason in reasons),
        reasons=tuple(reasons),
        category=category.key,
        is_assessed=is_assessed,
        language=language,
        cues=category.marks.union(*({hit.cue.name, *hit.cue.marks} for hit in hits))
        if hits
        else category.marks,
    )


def own_words(request: ServiceRequest, rules: Rules, later: Sequence[str] = ()) -> str:
    """What residents wrote. A summary that only repeats the category's title is nobody's words."""
    is_title = request.summary == request.service_name or rules.categories.is_title(request.summary)
    summary = "" if is_title else request.summary
    return ". ".join(part for text in (summary, request.description, *later) if (part := text.strip()))


def _noting(assessment: Assessment, reason: Reason) -> Assessment:
    return replace(assessment, reasons=(*assessment.reasons, reason), cues=assessment.cues | {reason.part})


def _raised(band: Band, hits: Collection[Hit]) -> Band:
    return min([band, *(hit.cue.raises_to for hit in hits if hit.cue.raises_to)]) if hits else band


def _cue_reasons(hits: Sequence[Hit], raised_to: Band | None, points: Points) -> list[Reason]:
    """One reason for each cue that counts, raises or marks; a second cue of a part brings less."""
    told: set[str] = set()
    reasons = []
    for hit in hits:
        cue = hit.cue
        worth = points.parts.get(cue.part)
        value = 0.0 if worth is None else worth.further if cue.part in told else worth.first
        raises = raised_to is not None and cue.raises_to is raised_to
        if value or raises or (WIRE in cue.marks and WIRE not in told):
            reasons.append(Reason(cue.name, _sentence(hit, raised_to if raises else None), value))
        told |= {cue.part} | (cue.marks & {WIRE})
    return reasons


def _sentence(hit: Hit, raised_to: Band | None) -> str:
    """Says 'sparking', wire or pole sparking: raised to P1."""
    said = f"Says '{hit.words}', {hit.cue.say}" if hit.words else hit.cue.say
    return f"{said}: raised to {raised_to.name}" if raised_to else said


def _limited(reasons: Sequence[Reason]) -> list[Reason]:
    """Lowering parts take away at most what the raising ones brought: never below the category's points."""
    room = sum(reason.points for reason in reasons if reason.points > 0)
    limited = []
    for reason in reasons:
        if reason.points < 0:
            reason = replace(reason, points=max(reason.points, -room))
            room += reason.points
            if not reason.points:
                continue
        limited.append(reason)
    return limited


def _learned(words: Words, language: str, rules: Rules) -> Reason | None:
    """What the text model adds, in its own language, by the words that the cues' grammar lets stand."""
    if language != rules.text_model.language:
        return None
    return rules.text_model.reason(rules.cues.grammar.meant(words))


def _suggestion(words: Words, category: Category, rules: Rules) -> Reason | None:
    """S2: for a report in the catch-all or a set-aside category, which category its words suggest."""
    if category.is_essential and category.key != OTHER:
        return None
    suggested = rules.table.suggest(words)
    if suggested is None or suggested.category.key == category.key:
        return None
    say = f"'{suggested.keyword}' suggests '{suggested.category.label}'"
    return Reason("suggestion", say, 0.0)


@dataclass(frozen=True, slots=True)
class SiteAssessment:
    """What all requests of a site come to: the worst band, the best score, every reason told once."""

    band: Band
    score: float
    reasons: tuple[Reason, ...]
    category: str
    cues: frozenset[str]
    is_assessed: bool
    is_set_aside: bool

    @property
    def has_wire(self) -> bool:
        """S13: utility told and made safe before any tree crew."""
        return WIRE in self.cues

    @property
    def is_about_person(self) -> bool:
        """S10: linked by building, never merged."""
        return PERSON in self.cues


def assess_site(assessments: Sequence[Assessment], reporters: int, rules: Rules) -> SiteAssessment:
    """Combine the requests of one site; `reporters` is how many different people reported it."""
    if len(assessments) == 1 and reporters <= 1:
        return _alone(assessments[0])
    lead = min(assessments, key=lambda each: (each.band, -each.score))
    best = max(assessments, key=lambda each: each.score)
    reasons = list(best.reasons)
    told = {reason.part for reason in reasons}
    # What only the others say is told as well, without points: the score is the best one's.
    for other in [lead, *assessments]:
        for reason in other.reasons:
            if reason.part not in told and reason.part not in ONLY_ITS_OWN:
                told.add(reason.part)
                reasons.append(replace(reason, points=0.0))
    extra = reporter_points(reporters, rules.points)
    if extra:
        others = reporters - 1
        say = f"{others} other reporters" if others > 1 else "1 other reporter"
        reasons.append(Reason("reporters", say, extra))
    return SiteAssessment(
        band=lead.band,
        score=best.score + extra,
        reasons=tuple(reasons),
        category=lead.category,
        cues=NO_MARKS.union(*(each.cues for each in assessments)),
        is_assessed=all(each.is_assessed for each in assessments),
        is_set_aside=all(each.is_set_aside for each in assessments),
    )


def _alone(each: Assessment) -> SiteAssessment:
    return SiteAssessment(
        each.band, each.score, each.reasons, each.category, each.cues, each.is_assessed, each.is_set_aside
    )


def reporter_points(reporters: int, points: Points) -> float:
    """S10: one point for each other reporter, at most five, and never a band."""
    return float(min(max(reporters - 1, 0), points.reporters_at_most))


def waiting_points(category: Category, band: Band, first_at: int, now: int, points: Points) -> float:
    """+1 for each tenth of the promised time, P3 and P4 only (S4: P1 and P2 do not change with age)."""
    promised_ms = category.promised_ms()
    if band not in (Band.P3, Band.P4) or not promised_ms:
        return 0.0
    tenths = max(now - first_at, 0) * 10 // promised_ms
    return float(min(tenths, points.waiting_at_most))
