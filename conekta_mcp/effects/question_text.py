"""Writes the question to a person: amounts and days as people write them, others' text in quotes."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from conekta_mcp.catalog.fields import UNIX_TIME_MAX, SpanishName
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times
from conekta_mcp.settings.table import LANGUAGES

AMOUNT_FIELDS = {"amount", "unit_price"}
TIME_FIELDS = {"expires_at", "trial_end"}
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
    "national_id": "identificación", "sku": "SKU", "tags": "etiquetas", "antifraud_info": "datos antifraude",
    "fiscal_entity": "datos fiscales",
}  # fmt: skip
"""The Spanish names of common arguments; others have a `SpanishName` in their declaration."""
UNKNOWN_CURRENCY = "?"
"""Of an object that names none."""
UNKNOWN_SUM = ("un importe desconocido", "an unknown sum")
"""Where Conekta does not show it: a person would take MXN 0.00 for a sum."""
PLACE_FIELDS = (
    "receiver", "company_name", "name", "tax_id", "email", "phone", "street1", "external_number", "street2",
    "between_streets", "city", "state", "postal_code", "country",
)  # fmt: skip
"""What says where something goes, and to whom, in the order of an envelope."""
PLACES = {"address", "shipping_contact", "fiscal_entity"}
"""Arguments that say where goods or invoices go."""
PLAIN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

BilingualText = tuple[str, str]
"""A piece of text in Spanish and in English."""
Facts = Mapping[str, "str | BilingualText"]
QuestionWriter = Callable[[Any, Facts], Mapping[str, str]]


class PlaceholderValues:
    """The values of the {names} in a question: facts first, then arguments."""

    def __init__(self, arguments: Any, facts: Facts, language: str) -> None:
        self._arguments = arguments
        self._facts = facts
        self._language = language

    def __getitem__(self, name: str) -> str:
        if name in self._facts:
            return to_language(self._facts[name], self._language)
        return to_language(format_argument(name, getattr(self._arguments, name)), self._language)


def build_question(spanish: str, english: str) -> QuestionWriter:
    """Return a function that fills the {names} of a question in both languages."""

    def write_question(arguments: Any, facts: Facts) -> Mapping[str, str]:
        texts = zip(LANGUAGES, (spanish, english), strict=True)
        return {
            language: text.format_map(PlaceholderValues(arguments, facts, language))
            for language, text in texts
        }

    return write_question


def to_language(text: str | BilingualText, language: str) -> str:
    return text if isinstance(text, str) else text[LANGUAGES.index(language)]


def format_argument(name: str, value: Any) -> str | BilingualText:
    """Return an argument as text: amounts and times by their name, ids plainly, anything else in quotes."""
    if name in AMOUNT_FIELDS:
        return format_money(value)
    if name in TIME_FIELDS:
        return format_time(value)
    if isinstance(value, int):
        return YES_OR_NO[value] if isinstance(value, bool) else str(value)
    return format_id(value) if name.endswith("_id") and name not in TYPED_IDS else quote_text(str(value))


def format_changes(body: Mapping[str, Any], model: type[BaseModel]) -> BilingualText:
    """Return the arguments that change, with short new values; `model` has their Spanish names."""
    parts = [_format_change(name, find_spanish_name(name, model), value) for name, value in body.items()]
    spanish, english = (", ".join(part[place] for part in parts) for place in (0, 1))
    return spanish, english


def find_spanish_name(name: str, model: type[BaseModel]) -> str | None:
    """Return the Spanish name of an argument, or None if it has none."""
    field = model.model_fields.get(name)
    own = [one.text for one in field.metadata if isinstance(one, SpanishName)] if field else []
    return own[0] if own else LABELS.get(name)


def _format_change(name: str, spanish: str | None, value: Any) -> BilingualText:
    english = name.replace("_", " ")
    label = spanish or english, english
    if name in PLACES and isinstance(value, Mapping):
        return format_both("{label} {place}", "{label} {place}", label=label, place=format_place(value))
    if isinstance(value, Mapping | list):
        return label
    return format_both(
        "{label} {value}", "{label} {value}", label=label, value=_format_new_value(name, value)
    )


def format_place(place: Mapping[str, Any]) -> str:
    """Quote each part of an address: who says yes to it has to see where goods or invoices go."""
    inner = place.get("address")
    parts = {**place, **inner} if isinstance(inner, Mapping) else place
    found = [parts.get(name) for name in PLACE_FIELDS]
    return " ".join(quote_text(part) for part in found if isinstance(part, str) and part.strip())


def _format_new_value(name: str, value: Any) -> str | BilingualText:
    """Return a new value as text; of an amount only the number, because the object has the currency."""
    return format_money(value).removeprefix("MXN ") if name in AMOUNT_FIELDS else format_argument(name, value)


def format_count(many: int, spanish: BilingualText, english: BilingualText) -> BilingualText:
    """Return a number with its noun, in the singular or the plural."""
    place = int(many != 1)
    return f"{many} {spanish[place]}", f"{many} {english[place]}"


def format_id(value: object) -> str:
    """Return an id as it is; any other text in quotes."""
    return str(value) if PLAIN_ID.fullmatch(str(value)) else quote_text(str(value))


def format_named_id(name: str, value: object) -> str:
    """Return a name, which is quoted already, with its id in brackets; the id alone if the name is empty."""
    return f"{name} ({format_id(value)})" if name else format_id(value)


def format_money(amount: int, currency: object = "MXN") -> str:
    """Return centavos as text, such as MXN 1,250.00."""
    return str(format_pesos(amount, to_currency(currency)))


def format_known_money(amount: int | None, currency: object = "MXN") -> "str | BilingualText":
    """Return centavos as text, or say that they are not known."""
    return UNKNOWN_SUM if amount is None else format_money(amount, currency)


def to_currency(value: object) -> str:
    """Return the three letters of a currency in capitals; an invalid one never becomes MXN."""
    text = value if isinstance(value, str) else ""
    if re.fullmatch("[A-Za-z]{3}", text):
        return text.upper()
    return quote_text(text) if text.strip() else UNKNOWN_CURRENCY


def format_day(seconds: int) -> BilingualText:
    """Return the merchant's day of unix `seconds`, such as 3 Nov."""
    spanish, english = (get_times().format_day(_clamp(seconds), language) for language in LANGUAGES)
    return spanish, english


def format_time(seconds: int) -> BilingualText:
    """Return day, year, hour and time zone, for times that may be years ahead."""
    spanish, english = (get_times().format_minute(_clamp(seconds), language) or "" for language in LANGUAGES)
    return spanish, english


def format_both(spanish: str, english: str, **facts: str | BilingualText) -> BilingualText:
    """Fill a text in both languages, such as (", pagada el {day}", ", paid {day}")."""
    filled = (
        text.format(**{name: to_language(fact, language) for name, fact in facts.items()})
        for text, language in zip((spanish, english), LANGUAGES, strict=True)
    )
    first, second = filled
    return first, second


def _clamp(seconds: int) -> int:
    return min(max(seconds, 0), UNIX_TIME_MAX)
