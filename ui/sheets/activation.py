"""What concerns the whole activation: storm mode (S1) and field response suspended (S7)."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QCoreApplication
from shiboken6 import isValid

from dispatch.records import Band
from dispatch.rights import may
from ui.sheets.words import sites_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField, TextField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

LISTED = 8
SERVICES = ("police", "fire", "public works", "utility")


class StormModeSheet(Sheet):
    NAME = "storm_mode"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.turns_on = not bridge.activation.storm_mode
        self.say_title(self.tr("Switch storm mode on") if self.turns_on else self.tr("Switch storm mode off"))
        self._counts = Words(theme=theme)
        self._danger = Words(theme=theme, tone="text_soft")
        self._public = Words(theme=theme, tone="text_soft")
        self._has_public = False
        for part in (self._counts, self._danger, self._public):
            self.body.addWidget(part)
        self._public.hide()
        self.say_act(self.tr("Storm mode on") if self.turns_on else self.tr("Storm mode off"))
        self._say()
        if self.turns_on:
            self._reading = self.read_for(self._read())
        self._asking = self.read_for(self._look_at_public())

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.set_storm_mode, self.turns_on)

    def take_kept(self, site_ids: list[int]) -> None:
        """What storm mode would have hidden but for S1, by name."""
        board = self.bridge.board
        count = self.tr("%n P1 or P2", "", len(site_ids))
        lines = [self.tr("{count} in such categories stay in the queue.").format(count=count)]
        rows = [row for row in map(board.row, site_ids[:LISTED]) if row >= 0]
        lines += [
            f"{Band(int(board.band[row])).name}  {board.what[row]} · {board.where[row]}" for row in rows
        ]
        if len(site_ids) > LISTED:
            lines.append(self.tr("and %n more", "", len(site_ids) - LISTED))
        self._danger.say("\n".join(lines))
        self.grew.emit()

    def follows(self) -> Sheet | None:
        """And for the public: seen there, and switched only by a key of its own."""
        if not self._has_public:
            return None
        from ui.sheets.public_mode import PublicModeSheet

        return PublicModeSheet(bridge=self.bridge, theme=self.theme)

    async def _look_at_public(self) -> None:
        if not may(self.bridge.parts.actor.role, "public_mode_on"):
            return
        now = await self.bridge.read(self.bridge.parts.public_mode_desk.now)
        if not isValid(self):
            return
        goes_on = self.turns_on and now.plan.changes and not now.state.is_on
        self._has_public = bool(goes_on or (not self.turns_on and now.state.is_on))
        if self._has_public:
            self._public.say(
                self.tr("Next: what the public can report, to be seen and switched by itself.")
                if self.turns_on
                else self.tr("Next: putting back what the public can report.")
            )
            self._public.show()
            self.grew.emit()

    async def _read(self) -> None:
        self.take_kept(list(await self.bridge.read(self.bridge.parts.profile_desk.would_hide)))

    def _say(self) -> None:
        count = sites_words(self.bridge.storm_mode_preview().set_aside)
        if self.turns_on:
            self.say_effect(
                self.tr(
                    "What can wait goes to the after-the-storm backlog: out of sight, counted, never lost."
                )
            )
            self._counts.say(self.tr("{count} would be held until after the storm.").format(count=count))
        else:
            self.say_effect(self.tr("Everything held until after the storm comes back into the queue."))
            self._counts.say(self.tr("{count} come back.").format(count=count))


class SuspendSheet(Sheet):
    NAME = "suspend"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.say_title(self.tr("Field response suspended"))
        services = [(service, service_words(service)) for service in SERVICES]
        self._service = self.add(
            "service", PickField(self.tr("Which service"), services, theme=theme, columns=2)
        )
        self._why = self.add("why", TextField(self.tr("Why: wind measured, order given by"), theme=theme))
        self._since = self.add("since", LineField(self.tr("Since"), theme=theme))
        self._review = self.add("review", LineField(self.tr("Next review"), theme=theme, text="+60"))
        self._since.show_value(times.clock(bridge.clock.now(), bridge.clock.now(), bridge.zone))
        for field in (self._since, self._review):
            field.edited.connect(self._read)
        self._service.edited.connect(self._say)
        self._read()
        self._say()

    def problem(self) -> tuple[str, str] | None:
        if self._service.value() is None:
            return "service", self.tr("Choose the service.")
        if self._running() is not None:
            return None
        if not self._why.value():
            return "why", self.tr("Say why, and who ordered it.")
        since_at, review_at = self._read()
        if since_at is None:
            return "since", self.tr("Type a time like 18:30.")
        if review_at is None or review_at <= self.bridge.clock.now():
            return "review", self.tr("Type a time ahead, like 20:00 or +60.")
        return None

    def act(self) -> asyncio.Task[Any]:
        service, desk = self._service.value(), self.bridge.desk
        if self._running() is not None:
            return self.bridge.act(desk.resume_service, service)
        since_at, review_at = self._read()
        return self.bridge.act(desk.suspend, service, since_at, self._why.value(), review_at)

    def _running(self) -> Any:
        service = self._service.value()
        return next((s for s in self.bridge.suspensions if s.service == service), None)

    def _read(self) -> tuple[int | None, int | None]:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        since_at = times.read_time(self._since.value(), now, zone) if self._since.touched else now
        if since_at is not None and since_at > now + times.MINUTE_MS:
            since_at -= times.DAY_MS
        review_at = times.read_time(self._review.value(), now, zone)
        is_past = since_at is not None and now - since_at >= times.MINUTE_MS
        self._since.say_aside(times.ahead(since_at, now) if is_past else "")
        self._review.say_aside(times.ahead(review_at, now) if review_at is not None else "")
        return since_at, review_at

    def _say(self) -> None:
        running, service = self._running(), self._service.value()
        for field in (self._why, self._since, self._review):
            field.setVisible(running is None)
        if running is not None:
            since = times.ago(running.since_at, self.bridge.clock.now(), self.bridge.zone)
            self.say_effect(
                self.tr(
                    "{service} stands still since {since}: {why}. Every held P1 will ask “still needed?”."
                ).format(service=service_words(service), since=since, why=running.why)
            )
            self.say_act(self.tr("{service} drives again").format(service=service_words(service)))
            return
        self.say_effect(
            self.tr(
                "A bar on every screen. 911 and emergency management go on; no ETA is sent, replies to "
                "P1 use the stay-safe texts, and the first-hour list builds itself."
            )
        )
        named = service_words(service) if service else self.tr("Field response")
        self.say_act(self.tr("Suspend: {service}").format(service=named))


def service_words(service: str) -> str:
    names = {
        "police": QCoreApplication.translate("services", "Police"),
        "fire": QCoreApplication.translate("services", "Fire rescue"),
        "public works": QCoreApplication.translate("services", "Public works"),
        "utility": QCoreApplication.translate("services", "Utility"),
    }
    return names.get(service, service)
