"""What the city says to residents, by what it is for: the names under which texts are chosen."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.records import Intent

_INTENTS = {
    Intent.GOT_IT: QT_TRANSLATE_NOOP("intents", "Your report has arrived"),
    Intent.BETTER_PLACE: QT_TRANSLATE_NOOP("intents", "Need a better place"),
    Intent.BETTER_PHOTO: QT_TRANSLATE_NOOP("intents", "Need a photo"),
    Intent.CALL_911: QT_TRANSLATE_NOOP("intents", "Life at risk: call 911"),
    Intent.ON_THE_LIST: QT_TRANSLATE_NOOP("intents", "On the list, how long and why"),
    Intent.WITH_OWNER: QT_TRANSLATE_NOOP("intents", "With the utility or the owner"),
    Intent.SWEEP: QT_TRANSLATE_NOOP("intents", "An area sweep covers it"),
    Intent.ON_THE_WAY: QT_TRANSLATE_NOOP("intents", "A crew is named"),
    Intent.DONE: QT_TRANSLATE_NOOP("intents", "Done, tell us if not"),
    Intent.CANNOT: QT_TRANSLATE_NOOP("intents", "Cannot be done, why"),
    Intent.MERGED: QT_TRANSLATE_NOOP("intents", "Merged with an earlier report"),
    Intent.DATE_MOVED: QT_TRANSLATE_NOOP("intents", "The time has moved"),
    Intent.STAY_SAFE: QT_TRANSLATE_NOOP("intents", "Stay safe, response suspended"),
    Intent.STILL_NEEDED: QT_TRANSLATE_NOOP("intents", "Still needed?"),
}
_LANGUAGES = {
    "en": QT_TRANSLATE_NOOP("intents", "English"),
    "es": QT_TRANSLATE_NOOP("intents", "Spanish"),
    "ht": QT_TRANSLATE_NOOP("intents", "Haitian Creole"),
}


def intent_words(intent: Intent) -> str:
    return QCoreApplication.translate("intents", _INTENTS[intent])


def language_words(code: str) -> str:
    said = _LANGUAGES.get(code)
    return QCoreApplication.translate("intents", said) if said else code
