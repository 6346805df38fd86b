"""Words as they sound in Mexican Spanish, so that what is spelled by ear is found."""

import re
from functools import lru_cache

SOUNDS = (
    (re.compile(r"ll"), "y"), (re.compile(r"ch"), "1"), (re.compile(r"x"), "s"), (re.compile(r"h"), ""),
    (re.compile(r"qu(?=[ei])|q|k"), "c"), (re.compile(r"n(?=[bp])"), "m"),
    (re.compile(r"gu(?=[ei])"), "g"), (re.compile(r"c(?=[ei])|z"), "s"), (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"v|w"), "b"), (re.compile(r"i(?=[aeou])|y"), "i"), (re.compile(r"(.)\1+"), r"\1"),
)  # fmt: skip
"""Letters that are taken for each other, replaced in this order."""


@lru_cache(maxsize=20_000)
def spell_sound(word: str) -> str:
    """Return how a folded word sounds: "cobrar" and "kovrar" are one, and so are "hoy" and "oi"."""
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return word
