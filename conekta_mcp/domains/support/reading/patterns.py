"""Compiles the patterns of what people write, in which capitals never matter, and has those of years."""

import re

YEARS = range(2000, 2100)
"""Payments of other years do not exist, and the API takes no earlier times than 1970."""
YEAR = r"(20[0-4]\d)\b(?!\s*(?:pesos|mxn|usd|varos|d[oó]lar)|[.,]\d)"
"""Four digits that are a year; other ones after a month, as in "16 de enero 1850", are an amount."""
NO_THOUSANDS = r"(?!,\d{3}\b|\.\d)"
"""After a day: in "enero 2,050" and "semana del 12,500" there is none."""


def compile_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
