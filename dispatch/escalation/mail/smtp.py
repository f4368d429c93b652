"""Carrying one letter to the city's mail server: verified TLS, one try, every failure a sentence."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from dispatch.errors import ChannelFailed
from dispatch.escalation.mail import line
from dispatch.escalation.mail.line import AGAIN, cut_after, words
from dispatch.escalation.mail.road import CONNECT_S, WHOLE_S, Server


@dataclass(frozen=True, slots=True)
class Carried:
    """What the server said of each recipient; `answer` is its receipt for the whole."""

    answer: str
    taken: tuple[str, ...]
    refused: dict[str, str]  # for good
    later: dict[str, str]  # greylisted, busy, full


def carry(
    message: EmailMessage, server: Server, password: Callable[[], str], *, recipients: Collection[str]
) -> Carried:
    """Give the letter to the server for these. ChannelFailed says in a sentence what to do; whether a
    letter whose answer got lost arrived nobody knows, and the next try has the same Message-ID."""
    content = message.as_bytes()
    with connected(server, password) as smtp:
        most = smtp.esmtp_features.get("size", "")
        if most.isdecimal() and 0 < int(most) < len(content):
            raise ChannelFailed(
                f"The mail is too big for {server.host}, which takes {int(most) // 1024} KB:"
                " use another channel."
            )
        _check(
            server, smtp.mail(message["From"].addresses[0].addr_spec, _options(smtp, content)), "the sender"
        )
        refused: dict[str, str] = {}
        later: dict[str, str] = {}
        for each in recipients:
            code, said = smtp.rcpt(each)
            if code not in (250, 251, 252):
                (refused if code >= 500 else later)[each] = f"{code} {words(said)}"
        taken = tuple(each for each in recipients if each not in refused and each not in later)
        if not taken:
            smtp.rset()
            return Carried("", (), refused, later)
        code, said = smtp.data(content)
        _check(server, (code, said), "the mail")
    return Carried(f"{code} {words(said)}", taken, refused, later)


def not_yet(server: Server, later: Mapping[str, str], have: Collection[str]) -> ChannelFailed:
    each, said = next(iter(later.items()))
    others = f" {' and '.join(have)} have it." if have else ""
    return ChannelFailed(f"{server.host} does not take mail for {each} yet ({said}): {AGAIN}.{others}")


def refused_all(server: Server, refused: Mapping[str, str]) -> ChannelFailed:
    each, said = next(iter(refused.items()))
    return ChannelFailed(f"{server.host} refuses mail for {each} ({said}): mend mail_to in the settings.")


@contextmanager
def connected(server: Server, password: Callable[[], str]) -> Iterator[smtplib.SMTP]:
    """A line to the server, encrypted and logged in; cut when it takes too long as a whole."""
    known: list[smtplib.SMTP] = []
    with in_sentences(server), cut_after(WHOLE_S, lambda: known[0].sock if known else None):
        try:
            yield _logged_in(server, password, known)
            _say_goodbye(known[0])
        finally:
            for smtp in known:
                smtp.close()


def _logged_in(server: Server, password: Callable[[], str], known: list[smtplib.SMTP]) -> smtplib.SMTP:
    context = server.tls()
    smtp: smtplib.SMTP
    if server.security == "tls":
        smtp = _Tls(server, context, known)
    else:
        smtp = _Plain(server, known)
    smtp.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        smtp.starttls(context=context)
        smtp.ehlo()
    if server.user:
        _log_in(smtp, server, password())
    return smtp


class _Plain(smtplib.SMTP):
    """Known before it is connected: already its first answer may drip."""

    def __init__(self, server: Server, known: list[smtplib.SMTP]) -> None:
        known.append(self)
        super().__init__(server.host, server.port, _own_name(), timeout=CONNECT_S)


class _Tls(smtplib.SMTP_SSL):
    def __init__(self, server: Server, context: ssl.SSLContext, known: list[smtplib.SMTP]) -> None:
        known.append(self)
        super().__init__(server.host, server.port, _own_name(), timeout=CONNECT_S, context=context)


def _own_name() -> str:
    """Asked of no name server, which may be as dead as anything."""
    return re.sub(r"[^A-Za-z0-9.-]", "", socket.gethostname()) or "localhost"


@contextmanager
def in_sentences(server: Server) -> Iterator[None]:
    try:
        yield
    except ChannelFailed:
        raise
    except smtplib.SMTPNotSupportedError as error:
        raise ChannelFailed(_not_offered(server, str(error))) from error
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise ChannelFailed(f"{server.host} cannot check the login now: {AGAIN}.") from error
        raise ChannelFailed(line.login_refused(server)) from error
    except smtplib.SMTPServerDisconnected as error:
        # smtplib makes one of a time-out as well, and keeps only its words.
        meant = TimeoutError() if "timed out" in str(error) else ConnectionError()
        raise ChannelFailed(line.sentence(server, meant)) from error
    except smtplib.SMTPResponseException as error:
        code, said = error.smtp_code, words(error.smtp_error)
        raise ChannelFailed(f"{server.host} answers {code} {said}: {AGAIN}.") from error
    except smtplib.SMTPException as error:
        raise ChannelFailed(
            f"{server.host} does not speak as a mail server: check {server.prefix}_port."
        ) from error
    except (OSError, ValueError) as error:
        raise ChannelFailed(line.sentence(server, error)) from error


def _log_in(smtp: smtplib.SMTP, server: Server, password: str) -> None:
    if not password:
        raise ChannelFailed(line.no_password(server))
    smtp.login(server.user, password)


def _not_offered(server: Server, said: str) -> str:
    if "STARTTLS" in said:
        return (
            f"{server.host} offers no STARTTLS, and nothing is sent in the clear:"
            f" set {server.prefix}_security to tls, or ask IT."
        )
    return f"{server.host} offers no login on port {server.port}: check {server.prefix}_port and _user."


def _options(smtp: smtplib.SMTP, content: bytes) -> list[str]:
    return [f"size={len(content)}"] if smtp.has_extn("size") else []


def _check(server: Server, answer: tuple[int, bytes], what: str) -> None:
    code, said = answer[0], words(answer[1])
    if code == 250:
        return
    if code in (523, 552, 554) and _is_about_size(said):
        raise ChannelFailed(f"The mail is too big for {server.host} ({code} {said}): use another channel.")
    if code >= 500:
        raise ChannelFailed(
            f"{server.host} refuses {what} ({code} {said}): ask who runs it, or another channel."
        )
    raise ChannelFailed(f"{server.host} does not take {what} now ({code} {said}): {AGAIN}.")


def _is_about_size(said: str) -> bool:
    return any(part in said.lower() for part in ("size", "too big", "too large", "exceed"))


def _say_goodbye(smtp: smtplib.SMTP) -> None:
    """It has the letter: a line that breaks now has lost nothing."""
    with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
        smtp.quit()
