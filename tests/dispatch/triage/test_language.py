"""Which language a text is in, as far as it decides whether anybody has a list for it."""

from __future__ import annotations

import pytest

from dispatch.triage.phrases import Words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are on the roof", "en"),
        ("Oak across 5th Ave N, no. 12", "en"),
        ("No power", "en"),
        ("Estamos en el techo", "es"),
        ("No puedo salir", "es"),
        ("No hay luz", "es"),
        ("Nou sou tèt kay la", "ht"),
        ("nou bezwen aide en urgence, nou nan place la", "ht"),
        ("Tanpri ede nou, dlo ap antre nan kay la", "ht"),
        ("mwen nan lari a avèk timoun yo", "ht"),
        ("Nous avons besoin d'aide, l'eau entre dans la maison", "fr"),
        ("nous sommes sur le toit avec les enfants", "fr"),
        ("Au secours, il y a le feu", "fr"),
        ("Preciso de ajuda, a água está entrando em casa", "pt"),
        ("Estamos presos no telhado com uma criança", "pt"),
        ("Wir brauchen Hilfe, das Haus brennt", "de"),
        ("Siamo sul tetto, abbiamo bisogno di aiuto", "it"),
        ("Xin giúp chúng tôi, nước đang vào nhà", "vi"),
        ("Xin giup chung toi, nuoc dang vao nha", "vi"),
        ("Tulong po, may tubig na sa bahay namin", "tl"),
        ("Prosimy o pomoc, woda jest w domu", "pl"),
        ("Помогите", "und"),
        ("救命", "und"),
        ("", ""),
    ],
)
def test_s1_a_language_without_a_list_is_told_apart(text, language, rules):
    assert rules.languages.guess(Words.of(text)) == language
    assert rules.languages.is_assessed(language) is (language in ("en", "es", "ht", ""))


def test_a_language_has_a_list_or_is_named_as_without_one_never_both(rules):
    assert rules.languages.with_list == {"en", "es", "ht"}
    assert {"fr", "pt", "de", "vi"} <= rules.languages.stop_words.keys()
