"""A store's address as an argument: one of another kind is a wrong argument, not a failure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dispatch import settings as seat_settings
from dispatch.errors import StoreUnusable
from dispatch.store.store import check_address


class StoreAddress(click.ParamType[str]):
    name = "URL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            check_address(value)
        except StoreUnusable as error:
            raise click.UsageError(str(error)) from None
        return str(value)


def beside(store_url: str) -> Path:
    """Where a seat's folder is: beside its SQLite file, else the platform's place."""
    url: Any = check_address(store_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).resolve().parent
    return seat_settings.default_folder()
