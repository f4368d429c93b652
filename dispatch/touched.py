"""Which sites an act has changed, by what the act gives back."""

from __future__ import annotations


def sites_of(result: object) -> frozenset[int]:
    """The sites that an act has changed, by what the act gives back."""
    from dispatch.records import Changes, Escalation  # not before there is an act

    match result:
        case Changes():
            return result.sites
        case Escalation():
            return frozenset({result.site_id})
        case (str(), Changes() as undone):
            return undone.sites
    return frozenset()
