"""A store's address as an argument: one of another kind is a wrong argument, not a failure."""

from __future__ import annotations

from typing import Any

import click

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
