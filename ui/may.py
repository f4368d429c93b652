"""Who may not do an act hears it before a sheet is filled in for it; the desks refuse it all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatch.rights import why_not

# What a sheet or a button does, by the name the log has for it. Sheets that also only show something, or
# in which everybody may do a part, are not here: their acts are refused one by one.
ACT_OF: Mapping[str, str] = {
    "answer": "accept",
    "ask": "ask_for",
    "band": "band",
    "bulk": "bulk",
    "call": "call",
    "channels": "channel",
    "claim": "claim",
    "close": "close",
    "duplicate": "merge",
    "escalate": "escalate",
    "figure": "figure",
    "ics201": "form",
    "ics209": "form",
    "ics214": "form",
    "import_layer": "layer",
    "let_go": "let_go",
    "merge_ticked": "merge",
    "message": "message",
    "not_the_same": "not_the_same",
    "note": "note",
    "outreach": "outreach",
    "offer": "offer",
    "paste_calls": "calls_pasted",
    "place": "place",
    "place_by_hand": "place_by_hand",
    "plan_done": "plan_done",
    "plan_owner": "plan_edited",
    "plan_skip": "plan_skipped",
    "plan_take": "plan_zero",
    "plan_zero": "plan_zero",
    "reopen": "reopen",
    "report_facts": "storm_facts",
    "report_export": "snapshot_exported",
    "report_keep": "snapshot_kept",
    "report_survey": "survey_imported",
    "resume": "resume",
    "roster": "desk_taken",
    "rule": "rule_on",
    "snooze": "snooze",
    "split": "split",
    "storm_mode": "storm_mode",
    "suspend": "suspend",
    "told_911": "911",
    "undo": "undo",
    "utility": "utility_told",
    "wait": "wait",
    "notice": "notice_drafted",
    "notice_put": "notice_put",
    "notice_step": "notice_published",
    "text_variant": "template_edited",
    "sweep": "sweep_planned",
    "city_fact": "city_fact",
}


def why_may_not(bridge: Any, name: str) -> str:
    """Why who sits here may not do what the sheet or button of that name does, and whom to ask; empty where
    they may, and where nobody has set up who may do what."""
    act = ACT_OF.get(name)
    return why_not(bridge.parts.actor.role, act) if act else ""
