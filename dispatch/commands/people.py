"""`people`: who may sign in, from the command line; passwords are asked for or come from a variable."""

from __future__ import annotations

import getpass
import json
import os
import platform
from collections.abc import Callable
from typing import Any

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.people import ROLES, People
from dispatch.records import Actor, Changes, Role
from dispatch.store import forms
from dispatch.store.store import Store

POSITION = "Setup"
NAMES = {role.value: role for role in ROLES}


class RoleName(click.Choice[str]):
    """Also with a dash, as a shell likes it: emergency-manager."""

    def __init__(self) -> None:
        super().__init__(list(NAMES))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(str(value).replace("-", " "), param, ctx)


@click.group()
def people() -> None:
    """Who may sign in, and as what."""


def on_store(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")(
        command
    )


def with_password(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--password-env", default="", help="Name of the variable that holds it; asked for by default."
    )(command)


@people.command("list")
@on_store
def list_(store_url: str) -> None:
    """Everybody, also who may sign in no more."""
    with opened(store_url, "listed") as store:
        found = _people(store)
        said = [
            {
                "login": each.login,
                "name": each.name,
                "role": each.role.value,
                "active": each.is_active,
                "by_machine": each.by_machine,
            }
            for each in found.everyone()
        ]
        click.echo(json.dumps({"people": said, "kept_by": found.kept_by}))


@people.command()
@on_store
@click.argument("login")
@click.option("--name", required=True, help="As the log and the forms shall say it.")
@click.option("--role", type=RoleName(), required=True)
@click.option("--by-machine", is_flag=True, help="Signs in as the machine's account of that name.")
@with_password
def add(store_url: str, login: str, name: str, role: str, by_machine: bool, password_env: str) -> None:
    """Let somebody sign in. The first one is an administrator."""
    if by_machine and password_env:
        raise click.UsageError("Say one of them: --by-machine, or a password.")
    with opened(store_url, "changed") as store:
        password = "" if by_machine else _password(login, password_env)
        _done(_people(store).add(login, name, NAMES[role], password), login=login, role=role)


@people.command()
@on_store
@click.argument("login")
@click.argument("new_role", type=RoleName(), metavar="ROLE")
def role(store_url: str, login: str, new_role: str) -> None:
    """Give somebody another role."""
    with opened(store_url, "changed") as store:
        _done(_people(store).change_role(login, NAMES[new_role]), login=login, role=new_role)


@people.command()
@on_store
@click.argument("login")
@with_password
def password(store_url: str, login: str, password_env: str) -> None:
    """Give somebody a new password."""
    with opened(store_url, "changed") as store:
        _done(_people(store).set_password(login, _password(login, password_env)), login=login)


@people.command()
@on_store
@click.argument("login")
def close(store_url: str, login: str) -> None:
    """Let somebody sign in no more; what they did stays theirs."""
    with opened(store_url, "changed") as store:
        _done(_people(store).close(login), login=login, active=False)


def _people(store: Store) -> People:
    """Who can type this can change the file, or has an administrator's login of the database."""
    with store.reading() as connection:
        activation_id = forms.current_activation(connection)
    seat = platform.node().split(".")[0]
    actor = Actor(activation_id, getpass.getuser(), POSITION, seat, Role.ADMINISTRATOR)
    return People(store=store, actor=lambda: actor)


def _password(login: str, env: str) -> str:
    """Never an argument: every account of the machine can read those."""
    if not env:
        asked: str = click.prompt(f"Password of {login}", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    if value := os.environ.get(env, ""):
        return value
    raise click.ClickException(f"The environment variable {env} is empty: put the password there.")


def _done(changes: Changes, **said: Any) -> None:
    click.echo(json.dumps({**said, "change": changes.number}))
