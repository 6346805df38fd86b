"""Reads amounts: digits in several spellings, and numbers in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from conekta_mcp.domains.support.reading.number_words import find_numbers
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import say

LEAST_BARE_WORDS = 20
"""A smaller number in words without a currency counts things: "dos playeras"."""
BEFORE = r"(?P<before>mxn|mx\$|m\.n\.|usd|us\$|u\$s|eur|€|\$)"
AFTER = (
    r"(?P<after>pesos?|pesitos|mxn|m\.?\s?n\.?(?=\W|$)|varos|baros|usd|d[oó]lar(?:es)?|dollars?|euros?|eur|€"
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
COUNTED = re.compile(
    r"\s*(?:d[ií]as?|days?|semanas?|weeks?|mes(?:es)?|months?|msi|años?|years?|quincenas?|mensualidades"
    r"|veces|times|intentos?|attempts?|d[ií]gitos|digits|horas?|hours?|hrs?|minutos?|minutes?|mins?)\b",
    re.IGNORECASE,
)
THINGS = re.compile(
    r"\s+(?!(?:pesos?|pues|para|pero|porque|cuando|desde|hasta|ayer|antier|este|esta|like|from|when|that|with"
    r"|this|last|yesterday|today)\b)[^\W\d_]{4,}",
    re.IGNORECASE,
)
"""Things that a small number before them counts."""
NUMBERED = (
    r"depto|dpto|departamento|casa|lote|mesa|local|piso|grupo|grado|folio|nota|factura|remisi[oó]n|recibo|pedido"
    r"|orden|sucursal|ticket|contrato|cuarto|invoice|bill|order|note|receipt|room|table|unit|apartment|apt|house"
    r"|store|contract"
)
LABELS = re.compile(
    rf"(?:\b(?:{NUMBERED})\.?\s+|\b(?:n[uú]mero|n[uú]m\.?|nro\.?|no\.|number)\s+|#\s?)$", re.IGNORECASE
)
"""Words before a number that is no amount, such as "factura"."""
MOST_COUNT_DIGITS = 3
DOLLARS = re.compile(r"usd|us\$|u\$s|d[oó]lar(?:es)?|dollars?", re.IGNORECASE)
EUROS = re.compile(r"euros?|eur|€", re.IGNORECASE)
SCALES = {"mil": 1000, "k": 1000, "thousand": 1000, "hundred": 100}
DOTTED_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True)
class ParsedAmount:
    """An amount, or a range of amounts, in a text."""

    words: str
    ranges: tuple[tuple[int, int], ...]
    """Least and most centavos of each alternative; equal for a single amount."""
    currency: str
    """MXN, USD or EUR; "" if none was named."""
    figures: str
    """The digits alone, which may be part of a product's name; "" for words with a currency."""
    is_sure: bool
    """Whether it can only be an amount."""
    reading: str | None = None
    """How an ambiguous spelling was read, in the language of the call."""
    start: int = 0
    end: int = 0
    """Its position in the text."""
    has_scale: bool = False
    """Whether a word for thousands follows, as in "6 mil"."""
    is_label: bool = False
    """Whether it numbers something, as in "factura 1023" or "depto 4"."""

    @property
    def centavos(self) -> int:
        return self.ranges[0][0]


def find_amounts(text: str) -> list[ParsedAmount]:
    """Return the single amounts of a text, in order."""
    found = list(_iter_worded(text))
    for one in found:  # as long as before, so that places stay
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    found += [
        replace(_read_figures(hit), is_label=_is_label(hit, text))
        for hit in FIGURES.finditer(text)
        if not _is_count(hit, text)
    ]
    return sorted(found, key=lambda one: one.start)


def _is_label(hit: re.Match[str], text: str) -> bool:
    is_bare = hit["number"].isdecimal() and hit[0].strip() == hit["number"]
    return is_bare and LABELS.search(text[: hit.start()].rstrip() + " ") is not None


def _is_count(hit: re.Match[str], text: str) -> bool:
    """Tell whether a number counts things, such as "3 intentos", and is no amount."""
    is_bare = hit["number"].isdecimal() and hit[0].strip() == hit["number"]
    if not is_bare or len(hit["number"]) > MOST_COUNT_DIGITS:
        return False
    is_small = int(hit["number"]) < LEAST_BARE_WORDS
    return COUNTED.match(text, hit.end()) is not None or (
        is_small and THINGS.match(text, hit.end()) is not None
    )


def _iter_worded(text: str) -> Iterator[ParsedAmount]:
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
        words = text[start:stop].strip()
        currency = _find_currency(unit["after"]) if unit else ""
        yield ParsedAmount(
            words,
            ((centavos, centavos),),
            currency,
            figures="" if unit else text[start:end],
            is_sure=unit is not None,
            reading=describe_amount(words, centavos, currency),
            start=start,
            end=stop,
            has_scale=value >= 1000 and value % 1000 == 0,
        )


def _read_figures(hit: re.Match[str]) -> ParsedAmount:
    number, words = hit["number"], hit[0].strip()
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
    return ParsedAmount(
        words,
        ((centavos, centavos),),
        currency,
        figures="" if is_sure else words,
        is_sure=is_sure,
        reading=describe_amount(words, centavos, currency) if is_doubtful else None,
        start=hit.start(),
        end=hit.end(),
        has_scale=bool(scale),
    )


def read_number(text: str) -> int:
    """Return centavos; the last comma or dot before one or two digits is the decimal one."""
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


def describe_amount(words: str, centavos: int, currency: str) -> str:
    amount = format_sum(centavos, currency)
    return say(f"«{words}» se leyó como {amount}.", f"“{words}” was read as {amount}.")


def format_sum(centavos: int, currency: str) -> str:
    """Return an amount as text, without a currency if none was named."""
    amount = format_pesos(centavos, currency or "MXN") or ""
    return amount if currency else amount.partition(" ")[2] or amount
