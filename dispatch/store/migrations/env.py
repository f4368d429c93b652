"""Alembic's own entry; the console runs migrations through `dispatch.store.migrate` instead."""
