"""Reads ranges of amounts: "entre 400 y 600", "más de 500", "como mil", "500 y pico"."""

import re
from collections.abc import Callable
from dataclasses import replace

from conekta_mcp.domains.support.clues.amounts import ParsedAmount, find_amounts, format_sum
from conekta_mcp.domains.support.reading.patterns import compile_pattern
from conekta_mcp.results.times import say

MOST = 10**12
HALF_A_MILLION = re.compile(r"\bmedio\s+mill[oó]n\b|\bhalf\s+a\s+million\b", re.IGNORECASE)
LEAST_BARE = 2000
"""Centavos; a smaller number without a currency is a count or an hour."""


CENTS_LINK = compile_pattern(r"\s*(?:con|y|and|with)\s*")
BARE_CENTS_LINK = compile_pattern(r"\s*con\s*")
OR_LINK = compile_pattern(r"\s*(?:o|ó|u|or)\s*(?:de\s+|unos\s+|an?\s+)?")
BETWEEN = compile_pattern(r"(?:\b(?:entre|between)\s+(?:los\s+|unos\s+)?|\bentre\s+)$")
AND_LINK = compile_pattern(r"\s*(?:y|e|and|a|to|[-–])\s*(?:los\s+|unos\s+|an?\s+)?")
FROM = compile_pattern(r"\b(?:de|desde|from)\s+(?:los\s+|unos\s+)?$")
TO_LINK = compile_pattern(r"\s*(?:a|hasta|to|until|[-–])\s*(?:los\s+|unos\s+|an?\s+)?")
ARTICLE = compile_pattern(r"\ban?\s+$")
"""An article before "thousand" or "hundred", which is no part of the number."""
MORE_THAN = compile_pattern(
    r"\b(?:m[aá]s\s+de|mayor(?:es)?\s+(?:a|de|que)|arriba\s+de|por\s+encima\s+de|superior(?:es)?\s+a|pasad[ao]s?\s+de"
    r"|more\s+than|over|above|greater\s+than|bigger\s+than)\s+(?:los\s+|las\s+)?$"
)
AT_LEAST = compile_pattern(
    r"\b(?:al\s+menos|por\s+lo\s+menos|m[ií]nimo(?:\s+de)?|desde|a\s+partir\s+de|de\s+por\s+lo\s+menos|no\s+menos\s+de"
    r"|at\s+least|no\s+less\s+than|starting\s+at)\s+(?:los\s+)?$"
)
LESS_THAN = compile_pattern(
    r"\b(?:menos\s+de|menor(?:es)?\s+(?:a|de|que)|(?:por\s+)?(?:de)?bajo\s+de|abajo\s+de|inferior(?:es)?\s+a"
    r"|less\s+than|under|below|smaller\s+than)\s+(?:los\s+)?$"
)
AT_MOST = compile_pattern(
    r"\b(?:no\s+m[aá]s\s+de|m[aá]ximo(?:\s+de)?|(?:a\s+lo|cuando)\s+mucho|como\s+m[aá]ximo|hasta"
    r"|at\s+most|up\s+to|no\s+more\s+than|not\s+more\s+than)\s+(?:los\s+)?$"
)
NEARLY = compile_pattern(r"\b(?:casi|almost|nearly|just\s+under)\s+(?:los\s+)?$")
ABOUT = compile_pattern(
    r"(?:\b(?:como(?:\s+(?:de|unos))?|(?:de\s+)?un[oa]s|alrededor\s+de|aproximadamente|aprox\.?|cerca\s+de|por\s+ah[ií]\s+de"
    r"|m[aá]s\s+o\s+menos|algo\s+as[ií]\s+como|about|around|roughly|approximately|approx\.?|some)\s+(?:los\s+|unos\s+)?"
    r"|[~≈]\s*)$"
)
ABOUT_AFTER = compile_pattern(
    r"\s*(?:pesos\s+)?(?:m[aá]s\s+o\s+menos|aproximadamente|aprox\b\.?|o\s+algo\s+as[ií]|or\s+so|more\s+or\s+less|-?ish\b)"
)
AND_MORE_AFTER = compile_pattern(
    r"\s*(?:y|and)\s+(?:pico|picos|tantos|tantas|cacho|algo|feria|fracci[oó]n|something|change)\b(?:\s+de\s+pesos|\s+pesos)?"
    r"|\s*-?something\b"
)
OR_MORE_AFTER = compile_pattern(
    r"\s*(?:o\s+m[aá]s|y\s+m[aá]s|para\s+arriba|en\s+adelante|or\s+more|and\s+up)\b"
)
OR_LESS_AFTER = compile_pattern(r"\s*(?:o\s+menos|para\s+abajo|or\s+less|or\s+under)\b")
ANY = compile_pattern(r"")


def _widen_by_tenth(amount: int) -> tuple[tuple[int, int], ...]:
    return (amount, amount), (amount - amount // 10, amount + amount // 10)


def _fill_last_figures(amount: int) -> tuple[tuple[int, int], ...]:
    """Return the range of "500 y pico": up to where its last non-zero digit would change."""
    step, pesos = 1, amount // 100
    while pesos and pesos % (step * 10) == 0:
        step *= 10
    return ((amount, amount + step * 100 - 1),)


Widen = Callable[[int], tuple[tuple[int, int], ...]]
ONE_SIDED: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, Widen], ...] = (
    (ANY, AND_MORE_AFTER, _fill_last_figures),
    (ANY, OR_MORE_AFTER, lambda amount: ((amount, MOST),)),
    (ANY, OR_LESS_AFTER, lambda amount: ((1, amount),)),
    (AT_MOST, None, lambda amount: ((1, amount),)),
    (AT_LEAST, None, lambda amount: ((amount, MOST),)),
    (LESS_THAN, None, lambda amount: ((1, amount - 1),)),
    (MORE_THAN, None, lambda amount: ((amount + 1, MOST),)),
    (NEARLY, None, lambda amount: ((amount - amount // 10, amount),)),
    (ABOUT, None, _widen_by_tenth),
    (ANY, ABOUT_AFTER, _widen_by_tenth),
)
"""Words before an amount, words after it, and the range they mean; longer wordings first."""


def cut_amounts(text: str) -> tuple[str, list[ParsedAmount]]:
    """Return the text without its amounts, and the amounts and ranges."""
    text = HALF_A_MILLION.sub("500 mil", text)
    found: list[ParsedAmount] = []
    waiting = _join_cents(text, find_amounts(text))
    while waiting:
        one = waiting.pop(0)
        pair = _read_pair(text, one, waiting[0]) if waiting else None
        if pair:
            waiting.pop(0)
        found.append(pair or _read_one_sided(text, one) or one)
    rest, place = [], 0
    for one in found:
        rest.append(text[place : one.start])
        place = one.end
    return " ".join([*rest, text[place:]]), found


def _join_cents(text: str, found: list[ParsedAmount]) -> list[ParsedAmount]:
    """Add centavos that follow an amount: "500 pesos con 50", "mil con cincuenta centavos"."""
    joined: list[ParsedAmount] = []
    for one in found:
        before = joined[-1] if joined else None
        cents = _count_cents(text, before, one) if before else None
        if before is None or cents is None:
            joined.append(one)
            continue
        words, centavos = text[before.start : one.end].strip(), before.centavos + cents
        reading = say(
            f"«{words}» se leyó como {format_sum(centavos, before.currency)}.",
            f"“{words}” was read as {format_sum(centavos, before.currency)}.",
        )
        ranges = ((centavos, centavos),)
        joined[-1] = replace(
            before, words=words, ranges=ranges, figures="", is_sure=True, reading=reading, end=one.end
        )
    return joined


def _count_cents(text: str, before: ParsedAmount, one: ParsedAmount) -> int | None:
    between = text[before.end : one.start]
    if before.is_label or before.centavos % 100 or before.centavos < 100:
        return None
    if one.is_sure and one.centavos < 100 and CENTS_LINK.fullmatch(between):
        return one.centavos
    is_bare = not one.is_sure and one.centavos % 100 == 0 and one.centavos < 100 * 100
    return one.centavos // 100 if is_bare and BARE_CENTS_LINK.fullmatch(between) else None


def _read_pair(text: str, one: ParsedAmount, other: ParsedAmount) -> ParsedAmount | None:
    """Read two amounts as the ends of a range, or as alternatives."""
    between, lead = text[one.end : other.start], ARTICLE.sub("", text[: one.start])
    currency = one.currency or other.currency
    if one.is_label or other.is_label or (one.currency and other.currency and one.currency != other.currency):
        return None
    is_sure = one.is_sure or other.is_sure
    least, most = one.centavos, other.centavos
    if other.has_scale and not one.has_scale and least * 1000 <= most:  # "entre 4 y 6 mil"
        least *= 1000
    start = one.start
    if OR_LINK.fullmatch(between) and (is_sure or min(least, most) >= LEAST_BARE):
        return _build(text, start, other.end, ((least, least), (most, most)), currency)
    for begins, link in ((BETWEEN, AND_LINK), (FROM, TO_LINK)):
        if (hit := begins.search(lead)) and link.fullmatch(between):
            start = hit.start()
            break
    else:
        has_units = other.is_sure or text[one.start] == "$"
        if not (has_units and TO_LINK.fullmatch(between)):
            return None
    if least > most or (not is_sure and most < LEAST_BARE):
        return None
    return _build(text, start, other.end, ((least, most),), currency)


def _read_one_sided(text: str, one: ParsedAmount) -> ParsedAmount | None:
    if one.is_label or (not one.is_sure and one.centavos < LEAST_BARE):
        return None
    for before, after, widen in ONE_SIDED:
        lead = before.search(ARTICLE.sub("", text[: one.start])) if before is not ANY else None
        follow = after.match(text, one.end) if after else None
        if (before is not ANY and not lead) or (after and not follow):
            continue
        start, end = lead.start() if lead else one.start, follow.end() if follow else one.end
        return _build(text, start, end, widen(one.centavos), one.currency)
    return None


def _build(
    text: str, start: int, end: int, ranges: tuple[tuple[int, int], ...], currency: str
) -> ParsedAmount:
    words = text[start:end].strip()
    least, most = ranges[-1]
    from_sum, to_sum = format_sum(least, currency), format_sum(most, currency)
    if len(ranges) > 1 and all(first == last for first, last in ranges):
        ways = say(" o ", " or ").join(format_sum(one, currency) for one, _ in ranges)
    elif most == MOST:
        ways = say(f"{from_sum} o más", f"{from_sum} or more")
    elif least == 1:
        ways = say(f"hasta {to_sum}", f"up to {to_sum}")
    else:
        ways = say(f"de {from_sum} a {to_sum}", f"{from_sum} to {to_sum}")
    reading = say(f"«{words}» se leyó como {ways}.", f"“{words}” was read as {ways}.")
    return ParsedAmount(
        words, ranges, currency, figures="", is_sure=True, reading=reading, start=start, end=end
    )
