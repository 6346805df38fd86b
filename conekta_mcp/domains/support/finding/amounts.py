"""Amounts as people write and say them: figures in several spellings, and numbers in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from conekta_mcp.domains.support.reading.number_words import find_numbers
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import say

LEAST_BARE_WORDS = 20
"""Below it a number in words without a currency counts things, such as "dos playeras"."""
BEFORE = r"(?P<before>mxn|mx\$|m\.n\.|usd|us\$|u\$s|\$)"
AFTER = (
    r"(?P<after>pesos?|pesitos|mxn|m\.?\s?n\.?(?=\W|$)|varos|baros|usd|d[oó]lar(?:es)?|dollars?|euros?|eur"
    r"|centavos?|cents?|ctvs?)"
)
CENT = re.compile(r"centavos?|cents?|ctvs?", re.IGNORECASE)
CENTS = (
    r"(?:\s+(?:(?:con|y|and|with)\s+)?(?P<cents>\d{1,2})\s*(?:centavos?|cents?|ctvs?\.?))?"
    r"(?:\s+(?P<hundredths>\d{2})/100)?"
)
SCALE = (
    r"(?:\s*(?P<scale>mil|k|thousand|hundred|mill[oó]n(?:es)?|million)\b(?:\s+(?P<rest>\d{1,3})(?![\d.,]))?)?"
)
FIGURES = re.compile(
    rf"(?<![\w.,@/])(?:{BEFORE}\s*)?"
    r"(?P<number>\d{1,3}(?:[, '’]\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?"
    r"|\d{1,9}(?:[.,]\d{1,2})?)"
    rf"{SCALE}(?:\s*(?:de\s+)?{AFTER}(?!\w))?{CENTS}(?![\w@/]|[.,]\d)",
    re.IGNORECASE,
)
IN_WORDS = re.compile(rf"\s+(?:de\s+)?{AFTER}(?!\w){CENTS}(?:\s*m\.?\s?n\.?(?=\W|$))?", re.IGNORECASE)
HUNDREDS_IN_FIGURES = re.compile(r"\s+(\d{3})(?![\d.,])")
CENTS_IN_FIGURES = re.compile(
    r"\s+(?:con|y|and|with)\s+(\d{1,2})\s*(?:centavos?|cents?|ctvs?\.?)(?!\w)", re.IGNORECASE
)
HALF_A_MILLION = re.compile(r"\bmedio\s+mill[oó]n\b|\bhalf\s+a\s+million\b", re.IGNORECASE)
BEFORE_CENTS = re.compile(r"\s+(?:con|y|and|with)\s+", re.IGNORECASE)
COUNTED = re.compile(
    r"\s*(?:d[ií]as?|days?|semanas?|weeks?|mes(?:es)?|months?|años?|years?|veces|times|d[ií]gitos|digits)\b",
    re.IGNORECASE,
)
DOLLARS = re.compile(r"usd|us\$|u\$s|d[oó]lar(?:es)?|dollars?", re.IGNORECASE)
EUROS = re.compile(r"euros?|eur", re.IGNORECASE)
SCALES = {"mil": 1000, "k": 1000, "thousand": 1000, "hundred": 100}
DOTTED_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True)
class SaidAmount:
    """An amount that was said."""

    said: str
    centavos: int
    currency: str
    """MXN, USD or EUR, "" where none was named."""
    figures: str
    """The figures alone, which may be a part of what was sold; "" of an amount in words with a currency."""
    is_sure: bool
    """Whether it cannot mean anything else than an amount."""
    reading: str | None = None
    """How an ambiguous spelling was read, in the language of the call."""


def cut_amounts(text: str) -> tuple[str, list[SaidAmount]]:
    """Return the text without the amounts in it, and the amounts."""
    found: list[SaidAmount] = []
    text = HALF_A_MILLION.sub("500 mil", text)
    rest, place = [], 0
    for start, end, amount in _iter_worded(text):
        rest.append(text[place:start])
        found.append(amount)
        place = end
    text = " ".join([*rest, text[place:]])

    def take(hit: re.Match[str]) -> str:
        found.append(_read_figures(hit))
        return " "

    return FIGURES.sub(take, text), found


def _iter_worded(text: str) -> Iterator[tuple[int, int, SaidAmount]]:
    numbers = list(find_numbers(text))
    while numbers:
        start, end, value = numbers.pop(0)
        if (hundreds := HUNDREDS_IN_FIGURES.match(text, end)) and value and value % 1000 == 0:
            end, value = hundreds.end(), value + int(hundreds[1])  # "mil 200"
        unit = IN_WORDS.match(text, end)
        is_scale_of_figures = re.search(r"\d\s*$", text[:start]) is not None  # "2 mil" is read as figures
        if is_scale_of_figures or COUNTED.match(text, end) or (not unit and value < LEAST_BARE_WORDS):
            continue
        stop = unit.end() if unit else end
        centavos = _count_centavos(value * 100, unit["after"] if unit else "")
        if unit and CENT.fullmatch(unit["after"]) and value > 100 and value % 100:
            centavos = value // 100 * 100 * 100 + value % 100  # "mil doscientos y cincuenta centavos"
        centavos += _read_cents(unit) if unit else 0
        is_sure = unit is not None
        if numbers and (cents_end := _find_end_of_cents(text, stop, numbers[0])):
            stop, centavos, is_sure = cents_end, centavos + numbers.pop(0)[2], True
        elif not unit and (cents := CENTS_IN_FIGURES.match(text, stop)):
            stop, centavos, is_sure = cents.end(), centavos + int(cents[1]), True
        said = text[start:stop].strip()
        currency = _find_currency(unit["after"]) if unit else ""
        reading = _describe(said, centavos, currency)
        figures = "" if is_sure else text[start:end]
        yield start, stop, SaidAmount(said, centavos, currency, figures, is_sure, reading)


def _find_end_of_cents(text: str, stop: int, number: tuple[int, int, int]) -> int | None:
    """Return where "con cincuenta centavos" ends after an amount that ends at `stop`; None without."""
    start, end, value = number
    unit = IN_WORDS.match(text, end)
    is_linked = BEFORE_CENTS.fullmatch(text, stop, start) is not None
    return unit.end() if is_linked and value < 100 and unit and CENT.fullmatch(unit["after"]) else None


def _read_figures(hit: re.Match[str]) -> SaidAmount:
    number, said = hit["number"], hit[0].strip()
    centavos = read_number(number)
    if scale := (hit["scale"] or "").lower():
        centavos *= SCALES.get(scale, 1_000_000)
        centavos += int(hit["rest"] or 0) * 100
    centavos = _count_centavos(centavos, hit["after"] or "") + _read_cents(hit)
    unit = hit["before"] or hit["after"] or ""
    named = [one for one in (hit["before"], hit["after"]) if one and one != "$"]
    currency = _find_currency(named[0]) if named else ""
    is_sure = bool(unit or hit["cents"] or hit["hundredths"])
    is_doubtful = bool(scale) or DOTTED_THOUSANDS.fullmatch(number) is not None
    reading = _describe(said, centavos, currency) if is_doubtful else None
    return SaidAmount(said, centavos, currency, "" if is_sure else said, is_sure, reading)


def read_number(text: str) -> int:
    """Return centavos of figures: the last comma or dot before one or two digits is the decimal one."""
    whole, part = text, ""
    if found := re.fullmatch(r"(.+)[.,](\d{1,2})", text):
        whole, part = found[1], found[2]
    return int(re.sub(r"\D", "", whole)) * 100 + int(part.ljust(2, "0") or 0)


def _count_centavos(hundredths: int, unit: str) -> int:
    return hundredths // 100 if CENT.fullmatch(unit) else hundredths


def _read_cents(hit: re.Match[str]) -> int:
    return int(hit["cents"] or hit["hundredths"] or 0)


def _find_currency(unit: str) -> str:
    if DOLLARS.fullmatch(unit):
        return "USD"
    return "EUR" if EUROS.fullmatch(unit) else "MXN"


def _describe(said: str, centavos: int, currency: str) -> str:
    amount = format_pesos(centavos, currency or "MXN") or ""
    if not currency:
        amount = amount.partition(" ")[2] or amount
    return say(f"«{said}» se leyó como {amount}.", f"“{said}” was read as {amount}.")
