"""The city's mail settings as one road: the live one, or the exercise's own (S18), never a mixture."""

from __future__ import annotations

import ipaddress
import re
import ssl
from dataclasses import dataclass

from dispatch.errors import ChannelFailed, LandfallError
from dispatch.escalation.channel import ChannelSettings

EXERCISE = "exercise_"
MAIL_SERVER, MAILBOX = "mail server", "mailbox"
PORTS = {"starttls": 587, "tls": 465, "plain": 25}
IMAP_PORTS = {"tls": 993, "starttls": 143, "plain": 143}
CONNECT_S = 10.0
# Many small answers of a slow peer are slow as well: after so long the line is cut.
WHOLE_S = 60.0

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")


@dataclass(frozen=True, slots=True)
class Server:
    """Where one kind of mail server stands and how it is spoken to."""

    what: str  # MAIL_SERVER or MAILBOX, as sentences name it
    prefix: str  # of its settings: "smtp", "exercise_imap" …
    host: str
    port: int
    security: str
    user: str
    ca_file: str

    @property
    def secret_name(self) -> str:
        """Its password's name in the keyring."""
        is_exercise = EXERCISE if self.prefix.startswith(EXERCISE) else ""
        return is_exercise + ("imap_password" if self.what == MAILBOX else "email_password")

    def tls(self) -> ssl.SSLContext:
        """The system's authorities, or the city's own; certificate and name are always checked."""
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ssl.SSLError) as error:
            raise ChannelFailed(
                f"{self.ca_file} holds no certificate that can be read: mend mail_ca_file in the settings."
            ) from error


class Road:
    """Looks every name up in the settings; in an exercise with `exercise_` before it, and nowhere else."""

    def __init__(self, settings: ChannelSettings) -> None:
        self.settings = settings
        self.prefix = EXERCISE if settings.is_exercise else ""

    def value(self, name: str) -> str:
        return self.settings.value(self.prefix + name)

    def password(self, server: Server) -> str:
        """From the keyring, asked for when it is needed."""
        try:
            return self.settings.secret(server.secret_name)
        except LandfallError as error:
            raise ChannelFailed(str(error)) from error

    def is_on(self, name: str) -> bool:
        return self.value(name).lower() in ("yes", "true", "on", "1")

    def smtp(self) -> Server | None:
        return self._server(MAIL_SERVER, "smtp", PORTS, "starttls")

    def imap(self) -> Server | None:
        return self._server(MAILBOX, "imap", IMAP_PORTS, "tls")

    def sender(self) -> str:
        return self._one_address("mail_from")

    def own_sender(self) -> str:
        """Whom a test goes to: never, from an exercise, to where live hand-overs go."""
        sender = self.sender()
        if self.prefix and sender.lower() in self.live_addresses():
            raise ChannelFailed(f"{sender} is where live hand-overs go: choose another exercise_mail_from.")
        return sender

    def reply_to(self, token: str) -> str:
        """Where answers go; with the token in it where the mailbox takes such addresses (user+token@…)."""
        address = self._one_address("mail_reply_to") if self.value("mail_reply_to") else self.sender()
        user, _, domain = address.rpartition("@")
        return f"{user}+{token}@{domain}" if token and self.is_on("mail_plus") else address

    def recipients(self, desk: str) -> tuple[str, ...]:
        """Of this desk where it has an address of its own, else of all hand-overs."""
        name = f"mail_to.{desk}" if desk and self.value(f"mail_to.{desk}") else "mail_to"
        found = self._addresses(name)
        if not found:
            raise ChannelFailed(f"Nobody is named to mail to: enter {self.prefix}mail_to in the settings.")
        if self.prefix and (live := set(map(str.lower, found)) & self.live_addresses()):
            raise ChannelFailed(
                f"{sorted(live)[0]} is where live hand-overs go: choose another exercise_mail_to."
            )
        return found

    def desks(self) -> tuple[str, ...]:
        """Those with addresses of their own, and an empty name for all others."""
        start = f"{self.prefix}mail_to."
        return ("", *(name.removeprefix(start) for name in self.settings.values if name.startswith(start)))

    def is_allowed(self, address: str) -> bool:
        """Whether somebody there may answer: named, or of a named @domain. Without a list it is whoever
        hand-overs are mailed to. A sender can be forged: the token is the proof, this only keeps strangers
        who were shown a mail from answering it."""
        allowed = _split(self.value("mail_from_allowed")) or self._all_recipients(self.prefix)
        address = address.lower()
        domain = "@" + address.rpartition("@")[2]
        return any(each.lower() in (address, domain) for each in allowed)

    def named(self, name: str) -> tuple[str, ...]:
        """The addresses entered there, each once, whether they are any or not."""
        return tuple(dict.fromkeys(_bare(each) for each in _split(self.value(name))))

    @staticmethod
    def is_address(text: str) -> bool:
        return _ADDRESS.fullmatch(text) is not None

    def live_addresses(self) -> set[str]:
        """Where live hand-overs go, in small letters."""
        return {each.lower() for each in self._all_recipients("")}

    # -- inside ---------------------------------------------------------------------------------------

    def _server(self, what: str, name: str, ports: dict[str, int], usual: str) -> Server | None:
        host = self.value(f"{name}_host")
        if not host:
            return None
        security = self.value(f"{name}_security").lower() or usual
        prefix = f"{self.prefix}{name}"
        if security not in ports:
            raise ChannelFailed(f"{prefix}_security must be starttls or tls: mend it in the settings.")
        if security == "plain" and not is_this_machine(host):
            raise ChannelFailed(
                f"Mail never leaves this machine in the clear: set {prefix}_security to starttls or tls."
            )
        port = self.value(f"{name}_port") or str(ports[security])
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise ChannelFailed(f"{prefix}_port must be a number such as {ports[security]}: mend it.")
        return Server(
            what, prefix, host, int(port), security, self.value(f"{name}_user"), self.value("mail_ca_file")
        )

    def _one_address(self, name: str) -> str:
        found = self._addresses(name)
        if len(found) != 1:
            raise ChannelFailed(f"{self.prefix}{name} must be one e-mail address: mend it in the settings.")
        return found[0]

    def _addresses(self, name: str) -> tuple[str, ...]:
        found = self.named(name)
        for each in found:
            if not self.is_address(each):
                raise ChannelFailed(
                    f"“{each}” is no e-mail address: mend {self.prefix}{name} in the settings."
                )
        return found

    def _all_recipients(self, prefix: str) -> tuple[str, ...]:
        names = [name for name in self.settings.values if name.partition(".")[0] == f"{prefix}mail_to"]
        return tuple(_bare(each) for name in names for each in _split(self.settings.value(name)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;\n]", text) if part.strip())


def _bare(address: str) -> str:
    """m.diaz@pinellas.example of M. Diaz <m.diaz@pinellas.example>"""
    found = re.search(r"<([^<>]*)>$", address)
    return found[1].strip() if found else address


def is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
