"""The question before private words go out in a public message (S8)."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from dispatch.residents.private_words import Private, private_words


def _tr(text: str) -> str:
    return QCoreApplication.translate("public_words", text)


def doubt_about(text: str) -> str:
    """One sentence that names what to look at again; empty when nothing stands out."""
    names = {
        Private.PHONE: _tr("a phone number"),
        Private.EMAIL: _tr("an e-mail address"),
        Private.UNIT: _tr("a unit number"),
        Private.MEDICAL: _tr("a medical word"),
    }
    found = private_words(text)
    if not found:
        return ""
    named = ", ".join(f"{names[kind]} (“{words}”)" for kind, words in found.items())
    return _tr("Anybody can read this. It holds {named}. Send it all the same?").format(named=named)
