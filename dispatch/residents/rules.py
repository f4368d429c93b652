"""What a rule says to which report, and why not (S8, S9). Knows nothing of stores and sends nothing.

Every rule is off until a supervisor or the emergency manager switches it on. None writes to a P1 or to a
restricted site, none where a person has answered, and a resident hears from the rules once a day at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.records import Band, CrmStatus, Intent, Millis, RuleKind, RuleSettings
from dispatch.residents.danger import is_dangerous

# What a server writes by its own rule comes right after the report.
BY_SERVER_MS = 60_000
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
# Hours after its entry in which a report may still be written to. Thanks for having arrived are odd the day
# after, when its reporter had heard of another report of theirs first.
LATEST_H = 24
LATEST_THANKS_H = 6
LEAST_WAIT_MIN, MOST_WAIT_MIN, MOST_BACK_H, MOST_DAYS = 2, 24 * 60, 7 * 24, 60

INTENTS: Mapping[RuleKind, Intent] = {
    RuleKind.BETTER_PLACE: Intent.BETTER_PLACE,
    RuleKind.BETTER_PHOTO: Intent.BETTER_PHOTO,
    RuleKind.GOT_IT: Intent.GOT_IT,
    RuleKind.STILL_NEEDED: Intent.STILL_NEEDED,
}
# As a log says it.
NAMES: Mapping[RuleKind, str] = {
    RuleKind.BETTER_PLACE: "ask for a better place",
    RuleKind.BETTER_PHOTO: "ask for a photo",
    RuleKind.GOT_IT: "acknowledge on arrival",
    RuleKind.STILL_NEEDED: "ask whether it is still needed",
}
# As each comes out of the box.
DEFAULTS: Mapping[RuleKind, RuleSettings] = {
    RuleKind.BETTER_PLACE: RuleSettings(wait_min=15, back_h=24),
    RuleKind.BETTER_PHOTO: RuleSettings(wait_min=15, back_h=24),
    RuleKind.GOT_IT: RuleSettings(wait_min=5),
    RuleKind.STILL_NEEDED: RuleSettings(wait_min=LEAST_WAIT_MIN, days=7),
}
ASKING = (RuleKind.BETTER_PLACE, RuleKind.BETTER_PHOTO)
# Asked again, in a round of its own, when the days are over; every other rule writes to a report once.
AGAIN = (RuleKind.STILL_NEEDED,)
# Who says nothing is not asked for ever.
MOST_UNANSWERED = 2

SUSPENDED = "Field response is suspended."
IS_P1 = "It is a P1: a person answers it."
RESTRICTED = "Its words are restricted: a person answers it."
CLOSED = "The site is closed."
DANGEROUS = "It may be dangerous there: nobody is asked to go near it."
ACKNOWLEDGED = "The 311 server has acknowledged it already."
ANSWERED = "The city has answered it already."
TODAY = "Its reporter has heard from a rule today."
SAID = "It was sent already."
ELSEWHERE = "Its reporter reads it at another report of the site."
WITH_EM = "Emergency management has it."
NOT_TAKEN = "The 311 server takes no message on it."
NO_WORDS = "No text for it is approved by the city."
NO_SLOT = "Its text cannot be filled."
OF_STAFF = "The city typed it in: no resident reads it there."
IN_SWEEP = "An area sweep goes through there: nothing more is asked."
THEIRS = "It is the utility's or the owner's work: the city does not wait for an answer."
SAID_GONE = "Its reporter has said that it is not needed any more: a person closes it."
WROTE = "Its reporter has written: a person answers that first."
SILENT = "Its reporter was asked twice and said nothing: that stays unknown."
HAZARD = "It is a P2, a hazard: nobody is asked for a photo of it."
TOLD = "The time that its reporter was told is not over yet."
SPOKEN = "The city has written to it in these days."


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as a rule sees it, with what is known of its site. `heard_at`: when its reporter last heard
    from any rule; `said_at`: when this report last heard from this one. `spoken_at` and `wrote_at`: when the
    city and its reporter last wrote there; `told_until`: when the time that it was told is over; `is_theirs`:
    the work of a utility or an owner, also while its wire is not made safe."""

    request_key: int
    site_id: int
    status: CrmStatus
    created_at: Millis
    band: int
    category: str
    family: str
    is_restricted: bool
    has_wire: bool
    is_site_closed: bool
    is_placed: bool
    has_photo: bool
    is_acknowledged: bool
    is_answered: bool
    is_with_em: bool
    is_taken: bool
    is_read_elsewhere: bool
    is_of_staff: bool = False
    is_in_sweep: bool = False
    is_theirs: bool = False
    has_said_gone: bool = False
    heard_at: Millis | None = None
    said_at: Millis | None = None
    spoken_at: Millis = 0
    wrote_at: Millis = 0
    said_times: int = 0
    told_until: Millis = 0


def begins_at(kind: RuleKind, settings: RuleSettings, on_at: Millis, now: Millis) -> Millis:
    """From which entry on reports count, for a rule switched on then. An acknowledgement that comes days
    late says nothing any more, and neither is a photo asked for then."""
    if kind in AGAIN:
        return 0
    latest_h = LATEST_THANKS_H if kind is RuleKind.GOT_IT else LATEST_H
    return max(on_at - settings.back_h * HOUR_MS, now - max(settings.back_h, latest_h) * HOUR_MS)


def ends_at(kind: RuleKind, settings: RuleSettings, now: Millis) -> Millis:
    """Up to which entry: what is younger waits its minutes or days."""
    if kind in AGAIN:
        return now - settings.days * DAY_MS
    # The server's own acknowledgement comes in the first minute or two: ours never goes before it could.
    return now - max(settings.wait_min, LEAST_WAIT_MIN) * MINUTE_MS


def concerns(kind: RuleKind, settings: RuleSettings, report: Report) -> bool:
    """Whether the rule is about it at all; its entry time was looked at before."""
    if settings.categories and report.category not in settings.categories:
        return False
    if not report.status.is_open:
        return False
    if kind is RuleKind.BETTER_PLACE:
        return not report.is_placed
    return not (kind is RuleKind.BETTER_PHOTO and report.has_photo)


def why_not(
    kind: RuleKind, settings: RuleSettings, report: Report, *, now: Millis, is_suspended: bool
) -> str:
    """Why this report is left out, in a sentence; empty where the rule may write to it."""
    if report.is_restricted:
        return RESTRICTED
    if report.band == Band.P1:
        return IS_P1
    if report.is_site_closed:
        return CLOSED
    if is_suspended and kind is not RuleKind.GOT_IT:
        return SUSPENDED
    if kind in ASKING and (report.has_wire or is_dangerous(category=report.category, family=report.family)):
        return DANGEROUS
    if report.is_of_staff:
        return OF_STAFF
    if not report.is_taken:
        return NOT_TAKEN
    if _was_said(kind, settings, report, now):
        return SAID
    if report.is_answered and kind not in AGAIN:
        return ANSWERED
    if report.is_acknowledged and kind is RuleKind.GOT_IT:
        return ACKNOWLEDGED
    if report.is_with_em and kind in AGAIN:
        return WITH_EM
    if report.band == Band.P2 and kind is RuleKind.BETTER_PHOTO:
        return HAZARD
    if report.is_in_sweep and kind in (*ASKING, *AGAIN):
        return IN_SWEEP
    if kind in AGAIN and (no := _why_not_again(settings, report, now)):
        return no
    if report.is_read_elsewhere:
        return ELSEWHERE
    if report.heard_at is not None and report.heard_at > now - DAY_MS:
        return TODAY
    return ""


def wrong_settings(kind: RuleKind, settings: RuleSettings) -> str:
    """What is wrong with them, in a sentence that says what to do; empty where nothing is."""
    if kind in AGAIN and not 1 <= settings.days <= MOST_DAYS:
        return f"Ask again after 1 to {MOST_DAYS} days."
    if not LEAST_WAIT_MIN <= settings.wait_min <= MOST_WAIT_MIN:
        return f"Wait {LEAST_WAIT_MIN} to {MOST_WAIT_MIN} minutes after a report's entry."
    if not 0 <= settings.back_h <= MOST_BACK_H:
        return f"Look back 0 to {MOST_BACK_H} hours."
    return ""


def _why_not_again(settings: RuleSettings, report: Report, now: Millis) -> str:
    """Whoever was told a time, or has just read something there, is not asked in the midst of it: the days
    count from the last word. What its reporter wrote is answered by a person before anything is asked."""
    since = now - settings.days * DAY_MS
    if report.is_theirs:
        return THEIRS
    if report.has_said_gone:
        return SAID_GONE
    if report.wrote_at and (report.wrote_at > since or report.wrote_at >= report.spoken_at):
        return WROTE
    if report.said_times >= MOST_UNANSWERED and report.wrote_at <= (report.said_at or 0):
        return SILENT
    if report.told_until > now:
        return TOLD
    return SPOKEN if report.spoken_at > since else ""


def _was_said(kind: RuleKind, settings: RuleSettings, report: Report, now: Millis) -> bool:
    if report.said_at is None:
        return False
    return kind not in AGAIN or report.said_at > now - settings.days * DAY_MS
