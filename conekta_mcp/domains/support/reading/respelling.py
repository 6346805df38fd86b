"""Respells what people write loosely as what the readers of days, numbers and e-mails know."""

import re
import unicodedata
from collections.abc import Callable

from conekta_mcp.domains.folding import fold_text
from conekta_mcp.domains.sounds import spell_sound
from conekta_mcp.domains.support.reading.days import MONTH
from conekta_mcp.domains.support.reading.number_words import HUNDREDS, TENS, UNITS, VALUES
from conekta_mcp.domains.support.reading.patterns import compile_pattern

Respelling = str | Callable[[re.Match[str]], str]

WEEKDAYS = {
    "lun": "lunes", "mie": "miércoles", "mier": "miércoles", "jue": "jueves", "vie": "viernes",
    "sab": "sábado", "dom": "domingo", "mon": "monday", "tue": "tuesday", "tues": "tuesday",
    "wed": "wednesday", "thu": "thursday", "thur": "thursday", "thurs": "thursday", "fri": "friday",
    "sat": "saturday", "sun": "sunday",
}  # fmt: skip
"""Without "mar", which is the sea, March and Tuesday."""
ORDINALS = {
    "primero": 1, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip
LAST_DAY_OF_MONTH = 31
SHORT_DAY = "|".join(sorted((*WEEKDAYS, "mié", "miér", "sáb"), key=len, reverse=True))
DAY_IN_WORDS = "|".join(
    sorted(
        (
            *(word for word, value in VALUES.items() if value <= LAST_DAY_OF_MONTH),
            *ORDINALS,
            r"treinta\s+y\s+un[o]?", "dieciséis", "veintidós", "veintitrés", "veintiséis", "veintiún",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
LONGEST_UNSURE = 6
"""Misspelt numbers of so few letters are words of their own, such as "siento" and "dies"."""


def respell(text: str) -> str:
    """Return the text with misspelt numbers, and with days and e-mails as they are usually written."""
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return re.sub(r"[^\W\d_]{7,}", _respell_number, text)


def _find_full_weekday(hit: re.Match[str]) -> str:
    return f"{hit[1]}{WEEKDAYS[fold_text(hit[2])]}"


def _write_day(hit: re.Match[str]) -> str:
    word = fold_text(re.sub(r"\s+", " ", hit[2]))
    day = LAST_DAY_OF_MONTH if word.startswith("treinta y") else ORDINALS.get(word) or VALUES[word]
    return f"{hit[1]}{day}{hit[3]}"


def _write_iso_day(hit: re.Match[str]) -> str:
    return f"{hit[1]}-{int(hit[2]):02}-{int(hit[3]):02}"


def _write_dashed_month(hit: re.Match[str]) -> str:
    year = hit[3] and (hit[3] if len(hit[3]) > 2 else f"20{hit[3]}")
    return f"{hit[1]} {hit[2]} {year}" if year else f"{hit[1]} {hit[2]}"


def _write_email(hit: re.Match[str]) -> str:
    name, place = (re.sub(r"\s*(?:\bpunto\b|\bdot\b|\.)\s*", ".", part, flags=re.I) for part in hit.groups())
    return f"{name}@{place}"


SOUNDS = {
    spell_sound(fold_text(word)): word for word in (*HUNDREDS, *TENS, *VALUES) if len(word) > LONGEST_UNSURE
}


def _respell_number(hit: re.Match[str]) -> str:
    word = unicodedata.normalize("NFC", hit[0])
    return word if fold_text(word) in VALUES else SOUNDS.get(spell_sound(fold_text(word)), hit[0])


# A handle such as "mi insta @tienda.mx" is no e-mail, nor is "paid at shop.com".
AT = r"(?:@\s?|\s@\s|\s+arroba\s+|\s+at\s+(?=\w+\s+dot\s)|\s*[(\[]at[)\]]\s*)"
DOT = r"(?:\.|\s+(?:punto|dot)\s+)"
PATTERNS: tuple[tuple[re.Pattern[str], Respelling], ...] = (
    (
        compile_pattern(
            rf"(?<![\w+.-])([\w+-]+(?:{DOT}[\w+-]+){{0,5}}){AT}([\w-]+(?:{DOT}[\w-]+){{1,5}})"
        ),
        _write_email,
    ),
    (compile_pattern(r"\b(20\d\d)/(\d{1,2})/(\d{1,2})\b"), _write_iso_day),
    (compile_pattern(rf"\b(\d{{1,2}})[-/.]({MONTH})(?:[-/.](\d{{4}}|\d{{2}}))?\b"), _write_dashed_month),
    (compile_pattern(rf"()\b({DAY_IN_WORDS})(\s+(?:de|of)\s+(?:{MONTH})\b)"), _write_day),
    (compile_pattern(rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|o|º|°)?\s+of\s+({MONTH})\b"), r"\1 \2"),
    (compile_pattern(r"\b(el\s+\d{1,2})\s+del\s+(0?[1-9]|1[0-2])\s+del?\s+(20\d\d)\b"), r"\1/\2/\3"),
    (compile_pattern(r"\b(el\s+\d{1,2})\s+del\s+(0?[1-9]|1[0-2])\b(?!\s*(?:de|pesos|mil|[.,]?\d))"),
     r"\1/\2"),
    (compile_pattern(rf"\b(el\s+d[ií]a\s+|el\s+(?=(?:quince|treinta)\b))({DAY_IN_WORDS})\b(?!\s+(?:mil|por|y)\b)()"),
     _write_day),
    (compile_pattern(r"(?<!el )\bd[ií]a\s+(?=\d{1,2}\b(?!\s*(?:pesos|mil|[.,]\d)))"), "el día "),
    (compile_pattern(rf"\b((?:el|este|pasado|on|last|this)\s+)({SHORT_DAY})\b\.?"), _find_full_weekday),
    (compile_pattern(rf"()\b({SHORT_DAY})\b\.?(?=\s+\d{{1,2}}\b)"), _find_full_weekday),
    (compile_pattern(r"\b(?:tras\s*(?:antier|anteayer)|antes\s+de\s+antier)\b"), "hace 3 días"),
    (compile_pattern(r"\bant[ie]?ayer\b"), "antier"),
    (re.compile(r"\b(?:aller|aier|hayer)\b"), "ayer"),  # Aller is a surname
    (compile_pattern(r"\bhoi\b"), "hoy"),
    (compile_pattern(r"\bhace\s+una\s+quincena\b"), "hace como 15 días"),
    (compile_pattern(r"\bfinde\b(?!\s+(?:de\s+)?semana)"), "fin de semana"),
    (compile_pattern(r"\b(\d{1,3}) (\d{3}),(\d{1,2})\b(?![.,]?\d)"), r"\1.\2,\3"),
    (compile_pattern(r"\bmil(?=\d{3}\b)"), "mil "),
    (compile_pattern(r"\b7[\s-]?(?:eleven|once)\b"), "efectivo"),
    (compile_pattern(r"\bfarmacias?\s+(?:guadalajara|del\s+ahorro|benavides|similares)\b"), "farmacia"),
    (compile_pattern(rf"\b({'|'.join(TENS)})[iy]({'|'.join(UNITS)})\b"), r"\1 y \2"),
    (compile_pattern(rf"\bsiento(?=\s+(?:{'|'.join((*TENS, *VALUES))})\b)"), "ciento"),
    (compile_pattern(r"\bdies(?=\s+(?:mil|pesos)\b)"), "diez"),
    (compile_pattern(r"\bquinient(?:itos?|[oó]n)\b"), "quinientos"),
)  # fmt: skip
"""What is written, and what the readers know; dates before words, since a month is in both."""
