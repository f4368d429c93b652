"""Where a walk by bounds in the server's own time goes on: newest entered first, a page after the other."""

from __future__ import annotations

from dispatch.records import Millis, Page

SECOND_MS = 1_000

# A bound in the server's time, and the page in that second.
At = tuple[Millis, int]


def older(at: At, page: Page) -> At | None:
    """Where the walk back goes on after a page; None after the last."""
    return None if is_last(page) else following_of(at, page)


def following_of(at: At, page: Page) -> At:
    bound, number = at
    oldest = min((item.created_at for item in page.requests), default=bound)
    # The bound is exclusive and whole seconds: the second of the oldest row is asked for once more.
    following = (oldest // SECOND_MS + 1) * SECOND_MS
    return (following, 1) if following < bound else (bound, number + 1)


def is_last(page: Page) -> bool:
    return page.next_page is None or not (page.requests or page.bad)
