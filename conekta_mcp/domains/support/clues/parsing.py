"""Reads clues about a payment in a text: numbers, ids, days and words, with their possible meanings."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from conekta_mcp.domains.folding import fold_text
from conekta_mcp.domains.support.clues.clue import Clue, Kind, Reading
from conekta_mcp.domains.support.clues.measured import cut_amount_clues, cut_time_clues
from conekta_mcp.domains.support.clues.words import (
    ACCOUNT,
    CARD,
    GOODS_TOO,
    INTRODUCING,
    METHODS,
    NAMED_BEFORE,
    PHONE,
    is_telling,
)
from conekta_mcp.domains.support.reading.respelling import respell
from conekta_mcp.results.times import LocalTimes

PHONE_DIGITS, LONGEST_PHONE = 10, 13


IDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("order_id", re.compile(r"\b(?i:ord)_[A-Za-z0-9]{1,60}\b")),
    ("customer_id", re.compile(r"\b(?i:cus)_[A-Za-z0-9]{1,60}\b")),
    ("link_id", re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.I)),
    ("charge_id", re.compile(r"\b[0-9a-f]{24}\b", re.I)),
    ("email", re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
)
SPACED_DIGITS = re.compile(r"(?<![\w.,$])\+?\(?\d(?:[ ().-]{0,2}\d){9,19}(?![\w]|[.,]\d)")
HIDDEN, FOUR = r"x{4}|\*{2,4}|•{2,4}", r"\d(?:[ -]?\d){3}"
LAST4 = re.compile(
    r"\b(?:(?:termina|acaba|finaliza)(?:da|d[oa]|ci[oó]n)?(?:\s+(?:en|de|con))?|ending(?:\s+in)?|ends\s+in|[uú]ltimos\s+(?:cuatro|4)"
    rf"(?:\s+d[ií]gitos)?|last\s+(?:four|4)(?:\s+digits)?|{HIDDEN})\W{{0,3}}(?:es|son|is|are)?\s*({FOUR})\b"
    rf"|(?:{HIDDEN})\s?({FOUR})\b",
    re.I,
)
DURATION = re.compile(r"\b\d{1,2}\s*(?:h|hrs?|horas?|hours?)\b|\b\d{1,2}:\d{2}\b", re.IGNORECASE)


def read_clues(text: str, times: LocalTimes, now: float) -> list[Clue]:
    """Read a free text; what matches no pattern is kept as words."""
    found: list[Clue] = []
    rest = respell(unicodedata.normalize("NFC", text))
    for kind, pattern in IDS:
        found += [Clue((Reading(kind, normalize_id(kind, hit)),), hit) for hit in pattern.findall(rest)]
        rest = pattern.sub(" ", rest)
    rest = _take(LAST4, rest, found, _make_ending)
    for read in (cut_time_clues, _read_long_numbers, cut_amount_clues):
        rest = read(rest, found, times, now)
        if read is cut_time_clues:
            rest = DURATION.sub(" ", rest)
    return [*_demote_bare_numbers(found), *_list_methods(rest), *_iter_words(rest)]


def _demote_bare_numbers(found: list[Clue]) -> list[Clue]:
    """If an amount has a currency, treat bare numbers as folios or counts, not as other amounts."""
    if not any(all(one.kind == "amount" for one in clue.readings) for clue in found):
        return found
    return [
        replace(clue, readings=tuple(sorted(clue.readings, key=lambda one: one.kind != "words")))
        if clue.readings[0].kind == "amount" and len(clue.readings) > 1
        else clue
        for clue in found
    ]


def make_word(word: str, *, is_name: bool = False) -> Clue:
    return Clue((Reading("words", word),), word, is_name=is_name)


def _iter_words(text: str) -> Iterator[Clue]:
    """Yield the words that can identify a payment; capitalized ones, and those after "soy", as names."""
    is_introduced, begins = False, True
    for hit in re.finditer(r"\w[\w-]*|[.!?¡¿\n]", text):
        word = hit[0]
        if not word[0].isalnum():
            is_introduced, begins = False, True
            continue
        if fold_text(word) in GOODS_TOO:
            yield replace(make_word(word), is_optional=True)
        elif is_telling(word):
            is_capital = word[0].isupper() and not word.isupper() and not begins
            yield make_word(word, is_name=is_introduced or is_capital)
        else:
            is_introduced = fold_text(word) in INTRODUCING
        begins = False


def _make_ending(hit: re.Match[str]) -> Clue:
    """Read four last digits: of a card, or of the CLABE, reference or phone that was named."""
    ending = re.sub(r"\D", "", hit[1] or hit[2])
    before = fold_text(hit.string[max(hit.start() - NAMED_BEFORE, 0) : hit.start()])
    card, account = Reading("last4", ending), Reading("digits", ending, of_phone=bool(PHONE.search(before)))
    is_number = account.of_phone or ACCOUNT.search(before)
    kinds = (account,) if is_number else (card,) if CARD.search(before) else (card, account)
    return Clue(kinds, hit[0])


def _list_methods(text: str) -> list[Clue]:
    """Return one clue of the payment methods in the text; an order with any of them matches."""
    folded = fold_text(text)
    named = [method for method, pattern in METHODS if pattern.search(folded)]
    return [Clue(tuple(Reading("method", one) for one in named), named[0])] if named else []


def normalize_id(kind: Kind, text: str) -> str:
    if kind == "link_id":
        plain = text.replace("-", "").lower()
        return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
    # Phones begin a sentence with a capital, as in Ord_; in the rest of such an id, capitals count.
    return text.lower() if kind in {"charge_id", "email"} else text[:4].lower() + text[4:]


def read_number(digits: str) -> Clue | None:
    """Read ten or more digits: a CLABE, a cash reference or a phone."""
    readings: list[Reading] = []
    if len(digits) == 18:
        readings += [Reading("clabe", digits), Reading("digits", digits)]
    elif len(digits) >= PHONE_DIGITS:
        readings += [Reading("reference", digits), Reading("digits", digits)]
        if len(digits) <= LONGEST_PHONE or digits.startswith("00"):
            readings.append(Reading("phone", digits[-PHONE_DIGITS:]))
    return Clue(tuple(readings), digits) if readings else None


def _take(
    pattern: re.Pattern[str], text: str, found: list[Clue], make: Callable[[re.Match[str]], Clue | None]
) -> str:
    """Add a clue for each match of a pattern, and return the text without the matches."""

    def replace(hit: re.Match[str]) -> str:
        clue = make(hit)
        if clue is None:
            return hit[0]
        found.append(clue)
        return " "

    return pattern.sub(replace, text)


def _read_long_numbers(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    return _take(SPACED_DIGITS, text, found, lambda hit: read_number(re.sub(r"\D", "", hit[0])))
