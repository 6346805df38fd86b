"""Reads what a payer says of a payment: numbers, ids, days and words, each with what it may mean."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from conekta_mcp.domains.support.days import cut_days, find_day_end
from conekta_mcp.results.times import LocalTimes

Kind = Literal[
    "order_id", "customer_id", "charge_id", "link_id", "clabe", "reference", "email", "phone", "last4",
    "amount", "day", "name", "words",
]  # fmt: skip
CLABE_WEIGHTS = (3, 7, 1)
PHONE_DIGITS = 10
MIN_WORD = 3


@dataclass(frozen=True)
class Reading:
    """One thing that a clue may mean."""

    kind: Kind
    text: str = ""
    amount: int = 0
    """Centavos."""
    start: float = 0
    end: float = 0
    """Of a day or range: unix seconds, the end not included."""
    currency: str = ""


@dataclass(frozen=True)
class Clue:
    """One thing that was said; an order fits if it fits any of the readings."""

    readings: tuple[Reading, ...]
    said: str = ""


IDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("order_id", re.compile(r"\bord_[A-Za-z0-9]{1,60}\b")),
    ("customer_id", re.compile(r"\bcus_[A-Za-z0-9]{1,60}\b")),
    ("link_id", re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.I)),
    ("charge_id", re.compile(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{24}\b", re.I)),
    ("charge_id", re.compile(r"\b\d{24}\b")),
    ("email", re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
)
SPACED_DIGITS = re.compile(r"(?<![\w.,$])\+?\(?\d(?:[ ().-]?\d){9,19}(?![\w]|[.,]\d)")
MONEY = re.compile(
    r"(?<![\w.,@])(?:(?P<before>mxn|mx\$|usd|us\$|\$)\s*)?"
    r"(?P<number>\d{1,3}(?:[, ]\d{3})+(?:\.\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?:\s*(?P<after>pesos?|mxn|usd|d[oó]lar(?:es)?|dollars?|varos)\b)?(?![\w@]|[.,]\d)",
    re.I,
)
DOLLARS = {"usd", "us$", "dolar", "dólar", "dolares", "dólares", "dollar", "dollars"}
LAST4 = re.compile(
    r"\b(?:termina(?:da|ci[oó]n)?(?:\s+(?:en|de))?|ending(?:\s+in)?|ends\s+in|[uú]ltimos\s+(?:cuatro|4)"
    r"(?:\s+d[ií]gitos)?|last\s+(?:four|4)(?:\s+digits)?|x{4}|\*{2,4}|•{2,4})\W{0,3}(?:es|son|is|are)?\s*(\d{4})\b"
    r"|(?:\*{2,4}|•{2,4}|x{4})\s?(\d{4})\b",
    re.I,
)
CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:[ap]\.?\s?m\b\.?|h(?:rs?|oras)?\b))?", re.I)
IGNORED = frozenset(
    """
    abono al and annual ante antes aparece arrive arrived aun bien buenas buenos can card cargo charge
    charged clabe client cliente cobro compra con correo cuando customer de del deposite deposited deposito
    desde dia dias dice did dinero does donde efectivo el ella ellos email en era es esa ese eso esta estan
    este esto favor for from fue gracias had hace hacer has hasta have hay hello hice hizo hola how its las
    last les llegado llego los made mas mes money month monto muy name need nombre not order orden otra otro
    oxxo pagado pagamos pago pagos pague paid para pay payment pero phone please por porque puede que quien
    quiere realice realizo received referencia reference said same saber senor senora sent ser sin sobre
    spei status sus tarjeta telefono that the their them they this through ticket tiene today todavia
    transfer transferencia transfirio tres una uno was week when where which who why with without yesterday
    yet
    """.split()  # noqa: SIM905 - a hundred words, which nobody reads one a line
)
"""Words that say nothing of one payment, without accents."""


def read_clues(text: str, times: LocalTimes, now: float) -> list[Clue]:
    """Read a free text; what no reading takes is left as words."""
    found: list[Clue] = []
    rest = unicodedata.normalize("NFC", text)
    for kind, pattern in IDS:
        found += [Clue((Reading(kind, normalize_id(kind, hit)),), hit) for hit in pattern.findall(rest)]
        rest = pattern.sub(" ", rest)
    rest = _take(LAST4, rest, found, lambda hit: Clue((Reading("last4", hit[1] or hit[2]),), hit[0]))
    for read in (_read_days, _read_long_numbers, _read_money):
        rest = read(rest, found, times, now)
        if read is _read_days:
            rest = CLOCK.sub(" ", rest)
    return found + [make_word(word) for word in re.findall(r"\w[\w-]*", rest) if is_telling(word)]


def make_word(word: str) -> Clue:
    return Clue((Reading("words", word),), word)


def normalize_id(kind: Kind, text: str) -> str:
    if kind == "link_id":
        plain = text.replace("-", "").lower()
        return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))
    return text.lower() if kind in {"charge_id", "email"} else text


def is_telling(word: str) -> bool:
    """Whether a word says something of a payment; short and common ones do not."""
    return len(word) >= MIN_WORD and fold(word) not in IGNORED and not word.isdigit()


def fold(text: str) -> str:
    """Return text without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).casefold()


def list_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def has_control_digit(clabe: str) -> bool:
    """Whether the last digit of a CLABE is the one that the others make (conekta-api.md 7)."""
    total = sum(int(digit) * CLABE_WEIGHTS[place % 3] % 10 for place, digit in enumerate(clabe[:17]))
    return int(clabe[17]) == -total % 10


def read_number(digits: str) -> Clue | None:
    """Read ten or more digits: a CLABE, a cash reference or a phone."""
    readings: list[Reading] = []
    if len(digits) == 18:
        readings.append(Reading("clabe", digits))
    elif len(digits) >= PHONE_DIGITS:
        readings.append(Reading("reference", digits))
        if len(digits) <= 13:
            readings.append(Reading("phone", digits[-PHONE_DIGITS:]))
    return Clue(tuple(readings), digits) if readings else None


def make_day(day: date, times: LocalTimes) -> Reading:
    return Reading("day", day.isoformat(), start=times.find_start(day), end=find_day_end(day, times))


def _take(
    pattern: re.Pattern[str], text: str, found: list[Clue], make: Callable[[re.Match[str]], Clue | None]
) -> str:
    """Add a clue for each hit that one can be made of, and return the text without them."""

    def replace(hit: re.Match[str]) -> str:
        clue = make(hit)
        if clue is None:
            return hit[0]
        found.append(clue)
        return " "

    return pattern.sub(replace, text)


def _read_days(text: str, found: list[Clue], times: LocalTimes, now: float) -> str:
    rest, days = cut_days(text, times.find_day(now))
    found += [Clue((make_day(day, times),), said) for day, said in days]
    return rest


def _read_long_numbers(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    return _take(SPACED_DIGITS, text, found, lambda hit: read_number(re.sub(r"\D", "", hit[0])))


def _read_money(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    return _take(MONEY, text, found, _make_amount)


def _make_amount(hit: re.Match[str]) -> Clue | None:
    number = hit["number"].replace(" ", "")
    # A comma before one or two digits at the end is a decimal one.
    number = re.sub(r",(\d{1,2})$", r".\1", number).replace(",", "")
    whole, _, part = number.partition(".")
    centavos = int(whole) * 100 + int(part.ljust(2, "0") or 0)
    unit = (hit["before"] or hit["after"] or "").lower()
    currency = "USD" if unit in DOLLARS else "MXN" if unit and unit != "$" else ""
    readings = [Reading("amount", amount=centavos, currency=currency)]
    if not unit:
        # It may be the end of a card's number, or a part of what was sold.
        last4 = (Reading("last4", hit["number"]),) if re.fullmatch(r"\d{4}", hit["number"]) else ()
        readings += [*last4, Reading("words", hit["number"])]
    return Clue(tuple(readings), hit[0].strip())


def iter_readings(clues: list[Clue], kind: Kind) -> Iterator[Reading]:
    for clue in clues:
        for reading in clue.readings:
            if reading.kind == kind:
                yield reading
