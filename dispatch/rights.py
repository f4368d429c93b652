"""Which act each role may do, by the name the log has for it: one table. An act that does not stand in it is
nobody's. The program looks here when an act is logged, on every store; a shared database has the same table
and looks again, whatever program asks (`dispatch.store.roles`)."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.records import Role

VIEWER, OPERATOR, SUPERVISOR, MANAGER, ADMINISTRATOR, SYNC = Role

Roles = frozenset[Role]

NOBODY_ELSE: Roles = frozenset()
# At the queue.
QUEUE: Roles = frozenset({OPERATOR, SUPERVISOR})
# Who works on sites: emergency management adds facts to them and answers what is handed over.
SITES = QUEUE | {MANAGER}
# What goes on by itself is logged by whichever process comes to it first.
WHOEVER_LOOKS = SITES | {SYNC}
ROOM: Roles = frozenset({SUPERVISOR})
# Field response is suspended by supervisor or emergency manager (S7).
SUSPENDING = ROOM | {MANAGER}
ADMINISTRATORS: Roles = frozenset({ADMINISTRATOR})
SITTING = SITES | ADMINISTRATORS
EVERYBODY: Roles = frozenset(Role)

# The wall, and who keeps people and does nothing at sites: they see no words (S15).
MASKED_FOR = (VIEWER, ADMINISTRATOR)

# `close` with a subject closes a hand-over with its outcome, without one a site: two acts of one name.
OUTCOME = "outcome"

ACTS: Mapping[str, Roles] = {
    # sites: looking after them
    "claim": SITES,
    "let_go": SITES,
    "ask_for": SITES,
    "give": SITES,
    "keep": SITES,
    "take_over": SITES,
    "opened": SITES,
    "unmasked": SITES,
    "band": QUEUE,
    "raise": QUEUE,
    "wait": QUEUE,
    "resume": QUEUE,
    "snooze": QUEUE,
    "close": QUEUE,
    "reopen": QUEUE,
    "bulk": QUEUE,
    "undo": SITTING,
    # sites: which reports are one place
    "merge": QUEUE,
    "merged": QUEUE | {SYNC},
    "split": QUEUE,
    "link": QUEUE,
    "not_the_same": QUEUE,
    # sites: what is known of them
    "note": SITES,
    "911": SITES,
    "utility_told": SITES,
    "made_safe": SITES,
    "place": SITES,
    "place_by_hand": SITES,
    # words with residents, calls
    "call": QUEUE,
    "calls_pasted": QUEUE,
    "message": QUEUE,
    "take_back": QUEUE,
    "assign": QUEUE,
    "offer": QUEUE,
    "date_moved": ROOM,
    # hand-overs: an operator records what was answered by voice
    "escalate": SITES,
    "send": SITES,
    "receive": WHOEVER_LOOKS,
    "received": WHOEVER_LOOKS,
    "accept": WHOEVER_LOOKS,
    "hold": WHOEVER_LOOKS,
    "still_needed": WHOEVER_LOOKS,
    "not_reached": WHOEVER_LOOKS,
    "resource": WHOEVER_LOOKS,
    "on_scene": WHOEVER_LOOKS,
    "pass_on": WHOEVER_LOOKS,
    "forward": WHOEVER_LOOKS,
    "mutual_aid": WHOEVER_LOOKS,
    "ask": WHOEVER_LOOKS,
    "add": WHOEVER_LOOKS,
    "return": WHOEVER_LOOKS,
    OUTCOME: WHOEVER_LOOKS,
    "expire": WHOEVER_LOOKS,
    "expired": WHOEVER_LOOKS,
    "not_handed_over": WHOEVER_LOOKS,
    "undelivered": WHOEVER_LOOKS,
    "answer_to_read": WHOEVER_LOOKS,
    "answer_read": SITES,
    "sent": WHOEVER_LOOKS,
    # the room
    "activation": ROOM | ADMINISTRATORS | {SYNC},
    "storm_mode": ROOM | {SYNC},
    "profile": ROOM,
    # What the public can report under; at its time the syncing does it.
    "public_mode_on": SUSPENDING | {SYNC},
    "public_mode_off": SUSPENDING | {SYNC},
    "category_ticked": SUSPENDING,
    "category_switched": frozenset({SYNC}),
    "suspend": SUSPENDING,
    "resume_service": SUSPENDING,
    "desk_taken": SUSPENDING,
    "outreach": SITES,
    "outreach_corrected": SITES,
    "outreach_taken_back": SITES,
    "plan_zero": SUSPENDING,
    "plan_edited": SUSPENDING,
    # an operator only for the items of the own position (plan/desk.py)
    "plan_done": SITES,
    "plan_skipped": SITES,
    "plan_reopened": SITES,
    "rule_on": SUSPENDING,
    "rule_off": SUSPENDING,
    "shelve": SITES,
    "unshelve": SITES,
    "form": SITES,
    "figure": SITES,
    # what the city says to residents
    "template_edited": SUSPENDING,
    "template_approved": SUSPENDING,
    # notices: whoever works on sites writes one and hands it in; who approved it is looked at besides
    "notice_drafted": SITES,
    "notice_edited": SITES,
    "notice_submitted": SITES,
    "notice_discarded": SITES,
    "notice_put": SITES,
    "notice_sent_back": SUSPENDING,
    "notice_approved": SUSPENDING,
    "notice_seconded": frozenset({MANAGER}),
    "notice_published": SUSPENDING,
    "notice_ordered": frozenset({MANAGER}),
    "notice_cancelled": SUSPENDING,
    "notice_expired": SUSPENDING | {SYNC},
    "notice_on_server": SUSPENDING | {SYNC},
    # the room to the next shift: a supervisor gives it, who takes it may be an operator
    "pack_made": ROOM,
    "pack_kept": ROOM,
    "pack_handed_over": ROOM,
    "pack_confirmed": QUEUE,
    "seat_taken": SITTING,
    "signed_in": EVERYBODY,
    "weather": SITES | ADMINISTRATORS,
    "layer": ROOM | ADMINISTRATORS,
    "channel": ROOM | ADMINISTRATORS,
    "channel_tried": ROOM | ADMINISTRATORS,
    # people
    "person_added": ADMINISTRATORS,
    "person_role": ADMINISTRATORS,
    "person_password": SITTING,  # one's own; another's is an administrator's (people.py)
    "person_closed": ADMINISTRATORS,
    # the syncing's own
    "server": frozenset({SYNC, ADMINISTRATOR}),
    "refused": frozenset({SYNC}),
    "reopened": frozenset({SYNC}),
    "closed": frozenset({SYNC}),
    "gone": frozenset({SYNC}),
    "rule_message": frozenset({SYNC}),
    "rule_withdrawn": frozenset({SYNC}),
    "back": frozenset({SYNC}),
    # crews by area: planned by who leads, told as done by whoever hears it
    "sweep_planned": SUSPENDING,
    "sweep_changed": SUSPENDING,
    "sweep_cancelled": SUSPENDING,
    "sweep_started": SITES,
    "sweep_done": SITES,
    "city_fact": SITES,
    "city_fact_gone": SITES,
    # what county, state and FEMA are given: whoever works on sites keeps one, who leads stands for it
    "storm_facts": SUSPENDING,
    "snapshot_kept": SITES,
    "snapshot_discarded": SITES,
    "snapshot_reviewed": SUSPENDING,
    "snapshot_withdrawn": SUSPENDING,
    "snapshot_published": SUSPENDING,
    # what leaves the room: a list with addresses only by who leads
    "snapshot_exported": SITES,
    "costs_listed": SITES,
    "homes_listed": SUSPENDING,
    "evidence_listed": SUSPENDING,
    "restricted_listed": SUSPENDING,
    # what others surveyed: it goes into the assessors' list and into costs
    "survey_imported": SUSPENDING,
    "survey_taken_back": SUSPENDING,
    # public records: the custodian is a supervisor
    "records_requested": ROOM,
    "records_redacted": ROOM,
    "records_withheld": ROOM,
    "records_withdrawn": ROOM,
    "records_packed": ROOM,
    "hold_placed": ROOM,
    "hold_lifted": ROOM,
}

# What an act is called in "may not ..."; others by their name in the log.
WORDS: Mapping[str, str] = {
    "911": "say that 911 was told",
    "activation": "open an activation",
    "ask_for": "ask for a claim",
    "assign": "assign reports",
    "band": "change a band",
    "bulk": "act on many sites at once",
    "call": "enter a call",
    "calls_pasted": "paste a list of calls",
    "channel": "set up a channel",
    "category_ticked": "tick a category that was switched",
    "channel_tried": "try a channel",
    "claim": "claim a site",
    "close": "close a site",
    "desk_taken": "change who is on a desk",
    "escalate": "hand a site over",
    "figure": "note a figure",
    "form": "keep a form",
    "layer": "change the map's layers",
    "let_go": "let go of a site",
    "merge": "merge sites",
    "message": "write to residents",
    "offer": "act on an offer of help",
    "note": "write a note",
    "notice_approved": "approve a notice",
    "notice_cancelled": "cancel a notice",
    "notice_discarded": "discard a notice's draft",
    "notice_drafted": "write a notice",
    "notice_edited": "write a notice",
    "notice_ordered": "publish an evacuation, shelter or re-entry notice",
    "notice_published": "publish a notice",
    "notice_put": "tick off where a notice stands",
    "notice_seconded": "give a notice its second approval",
    "notice_sent_back": "send a notice back",
    "notice_submitted": "hand a notice in",
    "outreach": "record outreach",
    "outreach_corrected": "correct an outreach note",
    "outreach_taken_back": "take an outreach note back",
    "pack_confirmed": "confirm a shift's hand-over",
    "pack_handed_over": "hand the room over",
    "pack_kept": "write on a shift's hand-over",
    "pack_made": "make a shift's hand-over",
    "person_added": "add people",
    "person_closed": "close a login",
    "person_password": "change a password",
    "person_role": "change a role",
    "place_by_hand": "move a site on the map",
    "plan_done": "tick an item of the storm plan",
    "plan_edited": "change the storm plan",
    "plan_reopened": "open an item of the storm plan again",
    "plan_skipped": "skip an item of the storm plan",
    "plan_zero": "set hour 0 of the storm plan",
    "profile": "change the storm profile",
    "public_mode_off": "put the public's categories back",
    "public_mode_on": "switch categories for the public",
    "reopen": "open a site again",
    "resume_service": "let field response go out again",
    "rule_off": "switch a rule off",
    "rule_on": "switch a rule on",
    "seat_taken": "take a seat",
    "shelve": "shelve an alarm",
    "snooze": "put a site aside",
    "storm_mode": "switch storm mode",
    "suspend": "suspend field response",
    "template_approved": "approve texts to residents",
    "template_edited": "change texts to residents",
    "undo": "undo an act",
    "unshelve": "bring an alarm back",
    "weather": "bring a weather file",
    OUTCOME: "close a hand-over",
    "sweep_planned": "plan an area sweep",
    "sweep_changed": "change an area sweep",
    "sweep_cancelled": "cancel an area sweep",
    "sweep_started": "say that a sweep has started",
    "sweep_done": "say that a sweep is done",
    "city_fact": "keep what residents can be told",
    "city_fact_gone": "take back what residents can be told",
    "storm_facts": "say what heads a snapshot",
    "snapshot_kept": "keep a snapshot",
    "snapshot_discarded": "discard a working copy",
    "snapshot_reviewed": "review a snapshot",
    "snapshot_withdrawn": "discard a reviewed snapshot",
    "snapshot_published": "publish a snapshot",
    "snapshot_exported": "export a snapshot",
    "costs_listed": "write the costs by line",
    "homes_listed": "write the work list of homes",
    "evidence_listed": "pack photos as evidence",
    "restricted_listed": "write the places of restricted sites",
    "survey_imported": "import a survey",
    "survey_taken_back": "take a survey back",
    "records_requested": "collect public records",
    "records_redacted": "redact public records",
    "records_withheld": "withhold public records",
    "records_withdrawn": "withdraw a redaction",
    "records_packed": "pack public records",
    "hold_placed": "place a legal hold",
    "hold_lifted": "lift a legal hold",
    "date_moved": "correct the times that residents were told",
}

# Whom to ask, in this order; nobody asks a viewer, and the syncing is no person.
TO_ASK: Mapping[Role, str] = {
    OPERATOR: "an operator",
    SUPERVISOR: "a supervisor",
    MANAGER: "the emergency manager",
    ADMINISTRATOR: "an administrator",
}


def right_of(act: str, subject: str = "") -> str:
    """The line of the table that an entry of the log falls under."""
    return OUTCOME if act == "close" and subject else act


def may(role: Role | None, act: str, subject: str = "") -> bool:
    """Whether a role may do what the log calls so. Without a role nobody has set up rights: everything."""
    return role is None or role in ACTS.get(right_of(act, subject), NOBODY_ELSE)


def may_sync(role: Role | None) -> bool:
    """Whether who signed in so may write what servers say. In a room with roles a process of its own does."""
    return role in (None, SYNC)


def why_not(role: Role | None, act: str, subject: str = "") -> str:
    """Who may, and whom to ask, in one sentence; empty where this role may."""
    if may(role, act, subject):
        return ""
    right = right_of(act, subject)
    able = [words for each, words in TO_ASK.items() if each in ACTS.get(right, NOBODY_ELSE)]
    what = WORDS.get(right, right.replace("_", " "))
    if not able:
        return f"Only the syncing may log “{what}”."
    if len(able) == 1:
        return f"Only {able[0]} may {what}: ask one."
    return f"Only {', '.join(able[:-1])} or {able[-1]} may {what}: ask one of them."
