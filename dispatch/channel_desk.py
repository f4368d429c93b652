"""Setting up the channels of hand-overs: what is kept where, in force at once, tried and logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from dispatch import settings as seat_settings
from dispatch.errors import SettingsBroken
from dispatch.escalation import setting_up
from dispatch.escalation.channel import ChannelSettings, Values
from dispatch.escalation.channels import CHANNELS
from dispatch.escalation.mail.road import EXERCISE
from dispatch.escalation.setting_up import SECRETS, Wrong, entries
from dispatch.escalation.try_channel import Tried, try_channel
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Actor, Changes
from dispatch.settings import Settings
from dispatch.store.store import Store

NO_KEYRING = (
    "The password or secret cannot be kept, as this computer has no open keyring: unlock it and save again."
)
FROM_OUTSIDE = (
    "The system's credentials give the password or secret here, and they come first: change it there."
)

# Entries and secrets by their live names; a secret that is empty is to be removed, one not named stays.
Entered = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stored:
    """Which secrets there are; of those `outside` nothing can be changed here. `trouble` is why nobody knows,
    in a sentence."""

    names: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was saved of a channel: the names of its entries that changed, never what they say."""

    channel: str
    changed: tuple[str, ...]
    settings: Settings
    undo: Callable[[], None] = field(repr=False)


class ChannelDesk:
    """Of an exercise only the exercise's own entries are read and written (S18)."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        jurisdiction: Jurisdiction,
        settings: ChannelSettings,
        values: Values,
    ) -> None:
        self._store = store
        self._actor = actor
        self._desks = tuple(desk.name for desk in jurisdiction.desks)
        self._settings = settings
        self._values = values
        self._prefix = EXERCISE if settings.is_exercise else ""

    # -- how it stands --------------------------------------------------------------------------------

    def entered(self, channel: str) -> dict[str, str]:
        return {name: self._settings.value(self._prefix + name) for name in entries(channel, self._desks)}

    def missing(self, channel: str, stored: Stored) -> tuple[str, ...]:
        """Names of what has to be entered yet; of secrets only where it is known what is stored."""
        have = (
            stored.names if not stored.trouble else {each for all_of in SECRETS.values() for each in all_of}
        )
        return setting_up.missing(channel, self._settings, have)

    def stored(self) -> Stored:
        """May wait until a person unlocks the keyring."""
        names = [name for all_of in SECRETS.values() for name in all_of]
        outside = {name for name in names if seat_settings.is_given_from_outside(self._prefix + name)}
        try:
            there = {name for name in names if self._settings.secret(self._prefix + name)}
        except SettingsBroken:
            return Stored(
                frozenset(outside),
                frozenset(outside),
                "This computer has no open keyring: no password can be kept.",
            )
        return Stored(frozenset(there | outside), frozenset(outside))

    def wrong(self, channel: str, values: Entered, secrets: Entered) -> Wrong | None:
        return setting_up.wrong(channel, self._typed(values, secrets), secrets)

    # -- trying and saving ----------------------------------------------------------------------------

    def try_out(self, channel: str, values: Entered, secrets: Entered) -> Tried:
        """As it is entered, saved or not. Takes as long as the other side does."""
        return try_channel(channel, self._typed(values, secrets))

    def note_tried(self, channel: str, *, is_good: bool) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            outcome = "it works" if is_good else "it failed"
            tx.log("channel_tried", f"channel tried: {CHANNELS[channel].label}, {outcome}", subject=channel)
        return tx.changes

    def keep(self, channel: str, values: Entered, secrets: Entered) -> Kept:
        """Into the keyring, then into the settings, then in force. May wait for the keyring. SettingsBroken
        says in a sentence what to do; nothing is changed then. Its log line is `note`'s."""
        folder, before = self._settings.data_dir, dict(self._values)
        old_secrets = self._replace_secrets(secrets)
        try:
            found = seat_settings.load(folder)
            _save(folder, found, self._placed(channel, values, found))
        except BaseException:
            with suppress(SettingsBroken):
                self._replace_secrets(old_secrets)
            raise
        kept = seat_settings.load(folder)
        self._values.take(kept.channel_values())
        changed = [name for name in values if before.get(self._prefix + name, "") != values[name]]

        def undo() -> None:
            _save(folder, seat_settings.load(folder), found.channels)
            self._values.take(before)
            self._replace_secrets(old_secrets)

        return Kept(channel, (*changed, *secrets), kept, undo)

    def note(self, kept: Kept) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            said = ", ".join(kept.changed) or "nothing new"
            tx.log(
                "channel",
                f"channel set up: {CHANNELS[kept.channel].label} ({said})",
                subject=kept.channel,
                detail={"changed": list(kept.changed)},
            )
        return tx.changes

    # -- inside ---------------------------------------------------------------------------------------

    def _typed(self, values: Entered, secrets: Entered) -> ChannelSettings:
        """What is in force, with what is typed over it."""
        over = {self._prefix + name: value for name, value in values.items()}
        typed = {self._prefix + name: value for name, value in secrets.items()}
        known = self._settings.secret
        return replace(
            self._settings,
            values={**self._settings.values, **over},
            secret=lambda name: typed[name] if name in typed else known(name),
        )

    def _placed(self, channel: str, values: Entered, found: Settings) -> dict[str, dict[str, str]]:
        """Each entry where it stands in the file, else among its channel's; an empty one is left out."""
        placed = {section: dict(inside) for section, inside in found.channels.items()}
        for name, value in values.items():
            full = self._prefix + name
            section = next((each for each, inside in placed.items() if full in inside), channel)
            if value:
                placed.setdefault(section, {})[full] = value
            elif section in placed:
                placed[section].pop(full, None)
        return placed

    def _replace_secrets(self, secrets: Entered) -> dict[str, str]:
        """Gives those that stood there; an empty one is removed."""
        full = {self._prefix + name: value for name, value in secrets.items()}
        if any(map(seat_settings.is_given_from_outside, full)):
            raise SettingsBroken(FROM_OUTSIDE)
        try:
            before = {name: self._settings.secret(self._prefix + name) for name in secrets}
            for name, value in full.items():
                if value:
                    seat_settings.keep_secret(name, value)
                else:
                    seat_settings.remove_secret(name)
        except SettingsBroken as error:
            raise SettingsBroken(NO_KEYRING) from error
        return before


def _save(folder: Path, found: Settings, channels: Mapping[str, Mapping[str, str]]) -> None:
    seat_settings.save(folder, replace(found, channels=channels))
