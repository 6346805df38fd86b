"""The question that a person is asked: amounts and days as people write them, what others typed in quotes."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from conekta_mcp.catalog.fields import UNIX_TIME_MAX
from conekta_mcp.privacy.untrusted_text import quoted
from conekta_mcp.results.text import pesos

LANGUAGES = ("es", "en")
MONTHS = {
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
MEXICO_CITY = timezone(timedelta(hours=-6))
"""Without daylight saving time since 2022."""
AMOUNTS = {"amount", "unit_price"}
MOMENTS = {"expires_at", "trial_end"}
TYPED_IDS = {"reference_id", "national_id", "tax_id"}
YES_OR_NO = (("no", "no"), ("sí", "yes"))
LABELS: Mapping[str, str] = {
    "name": "nombre", "email": "correo", "phone": "teléfono", "amount": "importe", "quantity": "cantidad",
    "unit_price": "precio", "description": "descripción", "expires_at": "vencimiento", "address": "dirección",
    "line_items": "productos", "tax_lines": "impuestos", "discount_lines": "descuentos",
    "shipping_lines": "envíos", "shipping_contact": "dirección de entrega", "customer_info": "quien paga",
    "currency": "moneda", "metadata": "metadatos", "code": "código", "type": "tipo", "carrier": "paquetería",
    "method": "método", "tracking_number": "guía", "brand": "marca", "receiver": "quien recibe",
    "between_streets": "entre calles", "tax_id": "RFC", "company_name": "razón social",
    "custom_reference": "referencia propia", "date_of_birth": "fecha de nacimiento",
    "default_payment_source_id": "forma de pago principal", "default": "principal",
    "default_shipping_contact_id": "dirección principal", "corporate": "de empresa",
    "national_id": "identificación",
}  # fmt: skip
PLAIN = re.compile(r"[0-9A-Za-z_-]{1,64}")

Both = tuple[str, str]
"""A piece of text in Spanish and in English."""
Facts = Mapping[str, "str | Both"]
Saying = Callable[[Any, Facts], Mapping[str, str]]


class Words:
    """What the names between the braces of a sentence stand for: facts first, then arguments."""

    def __init__(self, arguments: Any, facts: Facts, language: str) -> None:
        self._arguments = arguments
        self._facts = facts
        self._language = language

    def __getitem__(self, name: str) -> str:
        if name in self._facts:
            return in_language(self._facts[name], self._language)
        return in_language(shown(name, getattr(self._arguments, name)), self._language)


def asking(spanish: str, english: str) -> Saying:
    """Give what fills {names} of a question in both languages."""

    def said(arguments: Any, facts: Facts) -> Mapping[str, str]:
        texts = zip(LANGUAGES, (spanish, english), strict=True)
        return {language: text.format_map(Words(arguments, facts, language)) for language, text in texts}

    return said


def in_language(text: str | Both, language: str) -> str:
    """Give a text in `language`."""
    return text if isinstance(text, str) else text[LANGUAGES.index(language)]


def shown(name: str, value: Any) -> str | Both:
    """Show an argument by its name: ids plainly, centavos and seconds as people write them, else quoted."""
    if name in AMOUNTS:
        return money(value)
    if name in MOMENTS:
        return dated(value)
    if isinstance(value, int):
        return YES_OR_NO[value] if isinstance(value, bool) else str(value)
    return identity(value) if name.endswith("_id") and name not in TYPED_IDS else quoted(str(value))


def changes_of(body: Mapping[str, Any]) -> Both:
    """Name what changes, with the new value where it is a short one."""
    parts = [_change(name, value) for name, value in body.items()]
    spanish, english = (", ".join(part[place] for part in parts) for place in (0, 1))
    return spanish, english


def _change(name: str, value: Any) -> Both:
    label = LABELS.get(name, name.replace("_", " ")), name.replace("_", " ")
    if isinstance(value, Mapping | list):
        return label
    return both("{label} {value}", "{label} {value}", label=label, value=_bare(name, value))


def _bare(name: str, value: Any) -> str | Both:
    """Show a new value; of an amount its number alone, since the object knows the currency."""
    return money(value).removeprefix("MXN ") if name in AMOUNTS else shown(name, value)


def several(many: int, spanish: Both, english: Both) -> Both:
    """Say how many, of one or of several."""
    place = int(many != 1)
    return f"{many} {spanish[place]}", f"{many} {english[place]}"


def identity(value: object) -> str:
    """Show an id plainly if it is one, else in quotes."""
    return str(value) if PLAIN.fullmatch(str(value)) else quoted(str(value))


def money(amount: int, currency: object = "MXN") -> str:
    """Write centavos as MXN 1,250.00."""
    return str(pesos(amount, currency_of(currency)))


def currency_of(value: object) -> str:
    """Give a currency's three letters, MXN where there are none."""
    letters = str(value or "MXN").upper()
    return letters if re.fullmatch("[A-Z]{3}", letters) else "MXN"


def day(seconds: int) -> Both:
    """Write the day of unix `seconds` in Mexico City, such as 3 Nov."""
    moment = _moment(seconds)
    spanish, english = (f"{moment.day} {MONTHS[language][moment.month - 1]}" for language in LANGUAGES)
    return spanish, english


def dated(seconds: int) -> Both:
    """Write the day with its year, for what may be years ahead."""
    spanish, english = day(seconds)
    year = _moment(seconds).year
    return f"{spanish} {year}", f"{english} {year}"


def both(spanish: str, english: str, **facts: str | Both) -> Both:
    """Fill a piece of text in both languages, such as (", paid {day}")."""
    filled = (
        text.format(**{name: in_language(fact, language) for name, fact in facts.items()})
        for text, language in zip((spanish, english), LANGUAGES, strict=True)
    )
    first, second = filled
    return first, second


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(seconds, 0), UNIX_TIME_MAX), UTC).astimezone(MEXICO_CITY)
