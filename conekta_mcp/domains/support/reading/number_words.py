"""Reads numbers in words, in Spanish and English: "mil doscientos cincuenta", "five hundred"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conekta_mcp.domains.folding import fold_text

UNITS = {
    **{"un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7},
    **{"ocho": 8, "nueve": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7},
    **{"eight": 8, "nine": 9},
}
TEENS = {
    **{"diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16},
    **{"diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veintiun": 21, "veintiuno": 21},
    **{"veintiuna": 21, "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25},
    **{"veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29, "ten": 10, "eleven": 11},
    **{"twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17},
    **{"eighteen": 18, "nineteen": 19},
}
TENS = {
    **{"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70},
    **{"ochenta": 80, "noventa": 90, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60},
    **{"seventy": 70, "eighty": 80, "ninety": 90},
}
HUNDREDS = {
    **{"cien": 100, "ciento": 100, "doscientos": 200, "doscientas": 200, "trescientos": 300},
    **{"trescientas": 300, "cuatrocientos": 400, "cuatrocientas": 400, "quinientos": 500, "quinientas": 500},
    **{"seiscientos": 600, "seiscientas": 600, "setecientos": 700, "setecientas": 700, "ochocientos": 800},
    **{"ochocientas": 800, "novecientos": 900, "novecientas": 900},
}
SCALES = {"mil": 1000, "thousand": 1000, "millon": 1_000_000, "millones": 1_000_000, "million": 1_000_000}
HUNDREDFOLD = frozenset({"hundred", "cientos"})
"""Words that multiply by hundred: "five hundred", and "dos cientos", which is misspelt."""
LINKS = frozenset({"y", "and"})
VALUES = {**UNITS, **TEENS, **TENS, **HUNDREDS}
TOKEN = re.compile(r"[^\W\d_]+")
JOINABLE = "|".join(sorted((*TEENS, *TENS, *HUNDREDS, *UNITS), key=len, reverse=True))
JOINED = re.compile(rf"({JOINABLE})?(mil)({JOINABLE})?", re.IGNORECASE)
"""Numbers written as one word: "milquinientos", "dosmil"."""
COUNT = (
    r"\d{1,3}|un|una|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince"
    "|a|an|one|two|three|four|five|six|seven|eight|nine|ten|fifteen"
)
"""So many days or weeks."""


@dataclass
class Number:
    """A number while it is read: thousands, and the rest."""

    total: int = 0
    group: int = 0
    room: int = 1000
    """The next word has to be less than this: "treinta" cannot follow "veinte"."""
    largest: int = 10**9

    @property
    def value(self) -> int:
        return self.total + self.group

    def take(self, word: str) -> bool:
        """Add a word; return False if the number ends before it."""
        if word in SCALES:
            scale = SCALES[word]
            if scale >= self.largest:
                return False
            self.total += (self.group or 1) * scale
            self.group, self.room, self.largest = 0, 1000, scale
            return True
        if word in HUNDREDFOLD:
            if self.group >= 100 or (word == "cientos" and not self.group):
                return False
            self.group, self.room = (self.group or 1) * 100, 100
            return True
        value = VALUES.get(word)
        if value is None or value >= self.room:
            return False
        self.group += value
        self.room = 100 if value >= 100 else 10 if word in TENS else 0
        return True


def find_numbers(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and value of each number in words."""
    words = list(_iter_words(text))
    first = 0
    while first < len(words):
        number, after = Number(), first
        while after < len(words) and _is_next(text, words, first, after):
            # A link is part of the number only with what follows it: "cincuenta y cinco", not "cien y Ana".
            linked = after > first and words[after][2] in LINKS and _is_next(text, words, first, after + 1)
            if not number.take(words[after + linked][2]):
                break
            after += 1 + linked
        if after > first:
            yield words[first][0], words[after - 1][1], number.value
        first = max(after, first + 1)


def _iter_words(text: str) -> Iterator[tuple[int, int, str]]:
    for found in TOKEN.finditer(text):
        word = fold_text(found[0])
        joined = JOINED.fullmatch(word) if len(word) == len(found[0]) else None
        for part in range(1, 4) if joined else ():
            if joined and joined[part]:
                yield found.start() + joined.start(part), found.start() + joined.end(part), joined[part]
        if not joined:
            yield found.start(), found.end(), word


def _is_next(text: str, words: list[tuple[int, int, str]], first: int, place: int) -> bool:
    """Tell whether a word continues the number before it, without punctuation between them."""
    if place >= len(words):
        return False
    return place == first or not text[words[place - 1][1] : words[place][0]].strip(" -\t\xa0")


def read_count(text: str) -> int | None:
    """Return a small number in digits or words; None for other text."""
    word = fold_text(text)
    if word.isdecimal():
        return int(word)
    return 1 if word in {"a", "an"} else VALUES.get(word)
