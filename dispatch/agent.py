"""What every server that is asked hears of the console: who calls, and whom its keepers may ask about it."""

from __future__ import annotations

from dispatch import __version__


def agent_of(contact: str) -> str:
    about = "; ".join(filter(None, ("dispatch console of an emergency operations center", contact)))
    return f"Landfall/{__version__} ({about})"
