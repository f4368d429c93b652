"""Stems of English words: "injuries" and "injury" come to one. Rough, and the same for every reader."""

from __future__ import annotations


def stem_of(word: str) -> str:
    """Plural, past and -ing off a word in small letters."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return f"{word[:-3]}y"
    for ending, left in (("ing", 4), ("ed", 4), ("s", 3)):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= left:
            word = word.removesuffix(ending)
            if ending != "s" and word[-1] == word[-2]:
                return word[:-1]
            break
    return word.removesuffix("e") if len(word) > 4 else word
