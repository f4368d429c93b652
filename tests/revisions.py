"""What each form of the tables added to the one before: how tests make a store, or a backup, an old one."""

from __future__ import annotations

from collections.abc import Iterator

FIRST = "0001"
# By table its new columns; none: the whole table. Taken away again, what is left is of the version before.
ADDED: dict[str, dict[str, tuple[str, ...]]] = {
    "0002": {
        "server": ("capabilities", "progress", "swept_at", "is_current"),
        "request": (
            *("expected_at", "agency", "status_notes", "duplicate_of", "doubts"),
            *("token", "missing_at", "gone_at", "assignee_id", "is_private"),
        ),
        "message": ("is_internal",),
        "outbox": ("detail",),
    },
    "0003": {
        "activation": ("storm_mode_from", "storm_mode_until"),
        "site": ("why",),
        **dict.fromkeys(("profile", "rescoring", "suggestion"), ()),
    },
    "0004": dict.fromkeys(("incoming", "escalation_of_site", "roster"), ()),
    "0005": {"form": ()},
    "0006": {"alarm_shelf": ()},
    "0007": dict.fromkeys(("person", "presence", "claim_ask", "done", "syncing"), ()),
    "0008": {"outreach": ()},
    "0009": {"shift_pack": ()},
    "0010": {"template": (), "message": ("is_moderated", "first_text", "edited_at")},
    "0014": {"plan_step": ()},
    "0016": {
        "notice_version": (),
        "notice_place": (),
        "notice": (
            *("number", "kind", "version", "starts_at", "expires_at", "drafted_by", "edited_by"),
            *("submitted_at", "approved_by", "approved_at", "second_by", "second_at", "published_by"),
            *("published_at", "ended_at", "ended_why", "sent_back_why", "cancel_texts", "updates"),
        ),
    },
    "0012": {"outbox": ("lane",), **dict.fromkeys(("rule", "rule_sent"), ())},
    "0017": {"caller": ()},
    "0019": dict.fromkeys(("survey_row", "survey"), ()),
    "0020": dict.fromkeys(("redaction", "records_request", "legal_hold"), ()),
    "0013": dict.fromkeys(("sweep", "city_fact"), ()),
    "0018": dict.fromkeys(("snapshot_version", "storm_fact"), ()),
    "0011": {"told": ()},
    "0015": {
        "activation": ("storm_mode_public",),
        **dict.fromkeys(("offered_category", "category_look", "category_switch"), ()),
    },
}
EARLIER = (FIRST, *sorted(ADDED)[:-1])


def added_after(revision: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Newest first."""
    for later in sorted(ADDED, reverse=True):
        if later > revision:
            yield from ADDED[later].items()
