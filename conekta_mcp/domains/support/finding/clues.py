"""Reads what a payer says of a payment: numbers, ids, days and words, each with what it may mean."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from conekta_mcp.domains.support.finding.amounts import SaidAmount, cut_amounts
from conekta_mcp.domains.support.reading.spans import SaidTime, cut_times
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
    read_as: str = ""
    """How it was read where it is ambiguous, in the language of the call."""


IDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("order_id", re.compile(r"\bord_[A-Za-z0-9]{1,60}\b")),
    ("customer_id", re.compile(r"\bcus_[A-Za-z0-9]{1,60}\b")),
    ("link_id", re.compile(r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.I)),
    ("charge_id", re.compile(r"\b(?=[0-9a-f]*[a-f])[0-9a-f]{24}\b", re.I)),
    ("charge_id", re.compile(r"\b\d{24}\b")),
    ("email", re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
)
SPACED_DIGITS = re.compile(r"(?<![\w.,$])\+?\(?\d(?:[ ().-]?\d){9,19}(?![\w]|[.,]\d)")
LAST4 = re.compile(
    r"\b(?:termina(?:da|ci[oó]n)?(?:\s+(?:en|de))?|ending(?:\s+in)?|ends\s+in|[uú]ltimos\s+(?:cuatro|4)"
    r"(?:\s+d[ií]gitos)?|last\s+(?:four|4)(?:\s+digits)?|x{4}|\*{2,4}|•{2,4})\W{0,3}(?:es|son|is|are)?\s*(\d{4})\b"
    r"|(?:\*{2,4}|•{2,4}|x{4})\s?(\d{4})\b",
    re.I,
)
CLOCK = re.compile(
    r"\b(?:(?:a|como\s+a|at|around)\s+(?:las?\s+)?)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*(?:[ap]\.?\s?m\b\.?|h(?:rs?|oras)?\b))?"
    r"|\b\d{1,2}\s*(?:[ap]\.?\s?m\b\.?|hrs?\b|horas\b|de\s+la\s+(?:mañana|tarde|noche|madrugada)\b)"
    r"|\ba\s+las?\s+\d{1,2}\b(?!\s*(?:pesos|mxn|[.,]\d))",
    re.IGNORECASE,
)
IGNORED = frozenset(
    """
    abonado abono abonos acaba acabamos acaban acabo adjunto ahi ahorita al algun alguna alguno and
    annual ante antes any aparece aqui arrive arrived aun ayer ayuda between bien buen buena buenas
    buenos buscamos buscar busco cae caer called calling can card cargo cayo charge charged checa checar
    check clabe client cliente clientes cobraron cobro compra comprobante con confirma confirmar contigo
    correo cual cuando customer dame day days de deberia decir decirme deje dejo del deposit deposite
    deposited deposito depositos desde dia dias dice did digan dinero dio disculpa disculpe disculpen
    does donde efectivo el ella ellos email en encontrar encuentra encuentro entra entrado entre entro
    envia enviaron envie envio era es esa escribe escribimos escribo ese eso esta estado estan estatus
    este esto favor fecha fin find for from fue gracias gustaria ha habla hablamos hablan hablo hace
    hacer had han has hasta have hay he hello help here hey hice hizo hola hora horas hour hours how hoy
    importe its just las last latest le les listo llama llamamos llamo llega llegado llegaron llego
    looking los made mande mando mas me mes mi mia mine mio mis money month monto movimiento movimientos
    muy name need new newest noche noches nombre nos nosotros not nuestra nuestro nuevo nuevos oiga
    oigan okay orden order otra otro our oxxo oye pagado pagamos pagar pagaron pago pagos pague paid
    para parte pasada pasado pay paying payment payments perdon perdona pero phone please por porque
    puede pueden puedes que quien quiere quiero quisiera realice realizo receive received recibi
    recibido recibieron recibio recibir recibiste recibo reference referencia reflejado reflejo regards
    revisa revisar saber said saludos same se sea semana sending senor senora sent ser si sido sigue sin
    sobre solo somos sorry soy spei status su sus tambien tarde tardes tarjeta telefono tengo that the
    their them then there they this through ticket tiene todavia transfer transferencia transferi
    transfirio tu ultimo ultimos una uno usted ustedes veces ver verificar vez via was week weeks went
    when where whether which who why with without ya yesterday yet you your
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
    rest, said = cut_times(text, times.find_day(now), times)
    found += map(_make_time, said)
    return rest


def _make_time(one: SaidTime) -> Clue:
    label = one.days.first.isoformat()
    readings = [Reading("day", label, start=start, end=end) for start, end in one.spans]
    if one.days.may_be_name:
        readings += [Reading("words", word) for word in one.said.split()[:1]]
    return Clue(tuple(readings), one.said, one.reading or "")


def _read_long_numbers(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    return _take(SPACED_DIGITS, text, found, lambda hit: read_number(re.sub(r"\D", "", hit[0])))


def _read_money(text: str, found: list[Clue], _times: LocalTimes, _now: float) -> str:
    rest, said = cut_amounts(text)
    found += map(_make_amount, said)
    return rest


def _make_amount(one: SaidAmount) -> Clue:
    readings = [Reading("amount", amount=one.centavos, currency=one.currency)]
    if not one.is_sure:
        # It may be the end of a card's number, or a part of what was sold.
        last4 = (Reading("last4", one.figures),) if re.fullmatch(r"\d{4}", one.figures) else ()
        readings += [*last4, Reading("words", one.figures)]
    return Clue(tuple(readings), one.said, one.reading or "")


def iter_readings(clues: list[Clue], kind: Kind) -> Iterator[Reading]:
    for clue in clues:
        for reading in clue.readings:
            if reading.kind == kind:
                yield reading
