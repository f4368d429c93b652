"""What an act has changed: sites, by what the act gives back, and what holds for the whole room."""

from __future__ import annotations

# What else than sites and hand-overs every seat looks at again when any of them changes it.
ROOM = frozenset(
    {
        *("activation", "suspension", "profile", "layers", "alarm_shelf", "seat"),
        *("outreach", "figure", "shift"),
        "template",
        *("outreach", "figure", "shift", "plan"),
        *("outreach", "figure", "shift", "notices"),
        *("outreach", "figure", "shift", "rule"),
        *("sweep", "city_fact"),
        "told",
        "public_mode",
        "snapshot",
        "survey",
    }
)


def sites_of(result: object) -> frozenset[int]:
    """The sites that an act has changed, by what the act gives back."""
    from dispatch.records import Changes, Escalation  # not before there is an act

    match result:
        case Changes():
            return result.sites
        case Escalation():
            return frozenset({result.site_id})
        case (_, Changes() as done):
            return done.sites
    return frozenset()
