"""Who may sign in, and as what: for administrators; everybody else changes their own password here."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from dispatch import passwords
from dispatch.errors import LandfallError
from dispatch.people import ROLES, People, why_not
from dispatch.records import Person, Role
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, LineField, PickField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

WIDTH = 440
SOMEBODY_NEW = ""
ADD, ROLE, PASSWORD, CLOSE, OWN = "add", "role", "password", "close", "own"
# Which fields each of them needs.
FIELDS = {
    ADD: ("login", "name", "role", "password"),
    ROLE: ("role",),
    PASSWORD: ("password",),
    CLOSE: (),
    OWN: ("before", "password"),
}


class PeopleSheet(Sheet):
    NAME = "people"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._people: People = bridge.parts.people
        self._found: dict[str, Person] = {}
        self._said_done = ""
        actor = bridge.parts.actor
        self._keeps = actor.role in (None, Role.ADMINISTRATOR)
        self.say_title(self.tr("People") if self._keeps else self.tr("Your password"))
        self._who = self.add("who", ChoiceField(self.tr("Who"), theme=theme))
        acts = [
            (ROLE, self.tr("Role")),
            (PASSWORD, self.tr("New password")),
            (CLOSE, self.tr("Close: signs in no more")),
        ]
        self._what = self.add("what", PickField(self.tr("What to change"), acts, theme=theme, columns=3))
        self._what.show_value(ROLE)
        roles = [(role, _role_words(self, role)) for role in ROLES]
        self.add("login", LineField(self.tr("Login"), theme=theme, placeholder="kim.ortiz"))
        self.add("name", LineField(self.tr("Name, as log and forms say it"), theme=theme))
        self.add("role", PickField(self.tr("Role"), roles, theme=theme))
        self.add("before", _secret(self.tr("Password until now"), theme))
        self.add("password", _secret(self.tr("Password"), theme))
        self._machine = Words(
            self.tr("Left empty: signs in as the machine's account of that name, without a password."),
            theme=theme,
            role="small",
            tone="text_dim",
        )
        self.body.addWidget(self._machine)
        self._kept_by = Words(theme=theme, role="small", tone="text_dim")
        self.body.addWidget(self._kept_by)
        for field in (self._who, self._what):
            field.edited.connect(self._say)
        self._offer(())
        self._reading = asyncio.ensure_future(self._read())

    def draft(self) -> dict[str, Any]:
        """A password that was typed and not kept is forgotten with the sheet."""
        return {name: value for name, value in super().draft().items() if name in ("login", "name")}

    # -- doing --------------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        act, login = self._act(), self._login()
        if act == ADD and (no := why_not(login, " ".join(self._value("name").split()))):
            return ("login" if no.startswith("A login") else "name"), no
        if "role" in FIELDS[act] and self.fields["role"].value() is None:
            return "role", self.tr("Choose how far they may go.")
        password = self._password("password")
        is_empty_right = act == ADD and not password
        if "password" in FIELDS[act] and not is_empty_right and (no := passwords.why_not(login, password)):
            return "password", no
        if act == OWN and not self._password("before"):
            return "before", self.tr("Type the password you have now.")
        return None

    def doubt(self) -> str:
        if self._act() != CLOSE:
            return ""
        return self.tr("{name} signs in no more; what they did stays theirs. Close it?").format(
            name=self._name()
        )

    def act(self) -> asyncio.Task[Any]:
        act, login, role = self._act(), self._login(), self.fields["role"].value()
        password = self._password("password")
        name = self._name()
        done = {
            ADD: self.tr("{name} may sign in now."),
            ROLE: self.tr("{name} has the new role from the next sign-in on."),
            PASSWORD: self.tr("{name} has a new password."),
            CLOSE: self.tr("{name} signs in no more."),
            OWN: self.tr("Your password is changed."),
        }[act]
        self._said_done = done.format(name=name)
        if act == ADD:
            return self.bridge.act(self._people.add, login, self._value("name"), role, password)
        if act == ROLE:
            return self.bridge.act(self._people.change_role, login, role)
        if act == PASSWORD:
            return self.bridge.act(self._people.set_password, login, password)
        if act == CLOSE:
            return self.bridge.act(self._people.close, login)
        return self.bridge.act(self._people.change_own, login, self._password("before"), password)

    def done_words(self) -> tuple[str, bool]:
        return self._said_done, False

    # -- showing ------------------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            found = await self.bridge.read(self._people.everyone)
        except LandfallError as error:
            self.say_effect(str(error), "alarm")
            return
        if isValid(self):
            self._offer(found)

    def _offer(self, found: tuple[Person, ...]) -> None:
        self._found = {each.login: each for each in found}
        new = [(SOMEBODY_NEW, self.tr("Somebody new"))]
        listed = [(each.login, _line(self, each)) for each in found if each.is_active]
        self._who.offer(new + listed)
        closed = sum(not each.is_active for each in found)
        lines = [self._people.kept_by]
        if closed:
            lines.append(self.tr("Closed: {}").format(", ".join(e.name for e in found if not e.is_active)))
        self._kept_by.say("\n".join(lines))
        self._say()

    def _say(self) -> None:
        act = self._act()
        self._who.setVisible(self._keeps)
        self._what.setVisible(self._keeps and act != ADD)
        for name in ("login", "name", "role", "before", "password"):
            self.fields[name].setVisible(name in FIELDS[act])
        self._machine.setVisible(act == ADD)
        who = self._found.get(self._login())
        if act == ROLE and who is not None:
            self.fields["role"].fill(who.role)
        sentence, words = {
            ADD: (
                self.tr("They sign in at the next start, or by G W.")
                if self._found
                else self.tr(
                    "The first person is an administrator. From the next start on everybody has to sign in."
                ),
                self.tr("Add"),
            ),
            ROLE: (self.tr("Holds from their next sign-in on."), self.tr("Change the role")),
            PASSWORD: (
                self.tr("For who forgot theirs. Tell it to nobody else."),
                self.tr("Set the password"),
            ),
            CLOSE: (self.tr("Their acts and their name stay in the log."), self.tr("Close")),
            OWN: (self.tr("At least 8 signs, and not your login."), self.tr("Change it")),
        }[act]
        self.say_effect(sentence)
        self.say_act(words)
        self.grew.emit()

    # -- inside -------------------------------------------------------------------------------------

    def _act(self) -> str:
        if not self._keeps:
            return OWN
        return str(self._what.value()) if self._who.value() else ADD

    def _login(self) -> str:
        if not self._keeps:
            signed_in = self.bridge.parts.seat_desk.signed_in
            return signed_in.login if signed_in else ""
        return str(self._who.value() or self._value("login").casefold())

    def _name(self) -> str:
        who = self._found.get(self._login())
        return who.name if who else self._value("name")

    def _value(self, name: str) -> str:
        return str(self.fields[name].value())

    def _password(self, name: str) -> str:
        field = self.fields[name]
        assert isinstance(field, LineField)
        return field.line.text()


def _secret(label: str, theme: Theme) -> LineField:
    field = LineField(label, theme=theme)
    field.line.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _line(sheet: Sheet, who: Person) -> str:
    by = sheet.tr(" · by the machine's account") if who.by_machine else ""
    return f"{who.name} ({who.login}) · {who.role.value}{by}"


def _role_words(sheet: Sheet, role: Role) -> str:
    return {
        Role.VIEWER: sheet.tr("Viewer: looks on, masked"),
        Role.OPERATOR: sheet.tr("Operator: works on sites"),
        Role.SUPERVISOR: sheet.tr("Supervisor: and keeps the room"),
        Role.MANAGER: sheet.tr("Emergency manager: answers hand-overs"),
        Role.ADMINISTRATOR: sheet.tr("Administrator: people and settings, no sites"),
    }[role]
