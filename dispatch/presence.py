"""Who else looks at a site or writes on it: this seat's word to the others, and theirs."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.records import Actor, Millis, Onlooker, Role
from dispatch.store import presence
from dispatch.store.store import Store


class Presence:
    """On the store's lane. A store of one seat has nobody to tell: nothing is written there. Nor does a
    viewer tell, whose role writes nothing at all."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor]) -> None:
        self._store = store
        self._actor = actor

    @property
    def is_shared(self) -> bool:
        return not self._store.is_sqlite

    def stay(self, site_id: int, is_writing: bool, since_at: Millis) -> None:
        """This seat looks at the site, or writes there. To be said again every ten seconds."""
        if self._tells:
            presence.put(self._store, self._actor(), site_id, is_writing=is_writing, since_at=since_at)

    def leave(self) -> None:
        if self._tells:
            presence.drop(self._store, self._actor().seat)

    @property
    def _tells(self) -> bool:
        return self.is_shared and self._actor().role is not Role.VIEWER

    def others(self) -> tuple[Onlooker, ...]:
        return presence.others(self._store, self._actor().seat) if self.is_shared else ()
