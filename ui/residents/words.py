"""What intents and languages are called on screen."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from dispatch.records import Intent

_INTENTS = {
    Intent.GOT_IT: QT_TRANSLATE_NOOP("residents", "Got it"),
    Intent.BETTER_PLACE: QT_TRANSLATE_NOOP("residents", "Need a clearer place"),
    Intent.BETTER_PHOTO: QT_TRANSLATE_NOOP("residents", "Need a photo"),
    Intent.CALL_911: QT_TRANSLATE_NOOP("residents", "Life at risk: call 911"),
    Intent.ON_THE_LIST: QT_TRANSLATE_NOOP("residents", "On the list, with the time"),
    Intent.WITH_OWNER: QT_TRANSLATE_NOOP("residents", "With its owner"),
    Intent.SWEEP: QT_TRANSLATE_NOOP("residents", "An area sweep covers it"),
    Intent.ON_THE_WAY: QT_TRANSLATE_NOOP("residents", "A crew is named"),
    Intent.DONE: QT_TRANSLATE_NOOP("residents", "Done, tell us if not"),
    Intent.CANNOT: QT_TRANSLATE_NOOP("residents", "Cannot be done, and why"),
    Intent.MERGED: QT_TRANSLATE_NOOP("residents", "Reported by others too"),
    Intent.DATE_MOVED: QT_TRANSLATE_NOOP("residents", "The time has changed"),
    Intent.STAY_SAFE: QT_TRANSLATE_NOOP("residents", "Stay safe"),
    Intent.STILL_NEEDED: QT_TRANSLATE_NOOP("residents", "Still needed?"),
}
_LANGUAGES = {
    "en": QT_TRANSLATE_NOOP("residents", "English"),
    "es": QT_TRANSLATE_NOOP("residents", "Spanish"),
    "ht": QT_TRANSLATE_NOOP("residents", "Haitian Creole"),
    "fr": QT_TRANSLATE_NOOP("residents", "French"),
    "pt": QT_TRANSLATE_NOOP("residents", "Portuguese"),
    "vi": QT_TRANSLATE_NOOP("residents", "Vietnamese"),
    "de": QT_TRANSLATE_NOOP("residents", "German"),
    "it": QT_TRANSLATE_NOOP("residents", "Italian"),
    "ru": QT_TRANSLATE_NOOP("residents", "Russian"),
}
UNKNOWN = "und"


def _tr(text: str) -> str:
    return QCoreApplication.translate("residents", text)


def intent_words(intent: Intent) -> str:
    return _tr(_INTENTS[intent])


def language_words(code: str) -> str:
    return _tr(_LANGUAGES[code]) if code in _LANGUAGES else code.upper()


def guessed_words(code: str) -> str:
    """In which language residents wrote, and how that is known."""
    if not code:
        return _tr("No words to tell a language by")
    if code == UNKNOWN:
        return _tr("A language the console does not know")
    return _tr("{language}, guessed from the words").format(language=language_words(code))
