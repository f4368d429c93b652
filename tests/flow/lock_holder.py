"""Holds the syncing of a store until it is killed; stopped and woken, it tries to write."""

from __future__ import annotations

import sys
import time

from dispatch.clock import WallClock
from dispatch.errors import StoreUnreachable
from dispatch.records import Actor
from dispatch.store.store import open_store
from dispatch.store.sync_lock import StoreLock

if __name__ == "__main__":
    store = open_store(sys.argv[1], clock=WallClock())
    lock = StoreLock(store, "Seat 1")
    lock.take()
    print("held", flush=True)  # noqa: T201
    while True:
        slept_from = time.monotonic()
        time.sleep(0.05)
        if time.monotonic() - slept_from > 1.0:
            try:
                with store.transaction(Actor("", "", "Sync", "Seat 1")) as tx:
                    tx.log("sent", "too late")
                print("wrote", flush=True)  # noqa: T201
            except StoreUnreachable:
                print("refused", flush=True)  # noqa: T201
