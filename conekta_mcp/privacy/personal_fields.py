"""Which fields hold what about a person, curated, raw and in metadata, and how each is masked."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Mask = Callable[[str], str]
HIDDEN = "***"


def masked_name(text: str) -> str:
    """Give the initial of each word."""
    return " ".join(f"{word[0]}**" for word in text.split()) or HIDDEN


def masked_email(text: str) -> str:
    """Give the first character and the host."""
    box, at, host = text.rpartition("@")
    return f"{box[:1]}**@{host}" if at and host else HIDDEN


def masked_number(text: str) -> str:
    """Give the last four characters, of a phone, a CLABE or a cash reference."""
    return _end(text, 4)


def masked_tax_id(text: str) -> str:
    """Give the last three characters."""
    return _end(text, 3)


def hidden(_: str) -> str:
    """Give nothing."""
    return HIDDEN


def _end(text: str, count: int) -> str:
    return HIDDEN + text.strip()[-count:] if len(text.strip()) >= 2 * count else HIDDEN


MASKS: tuple[tuple[Mask, tuple[str, ...]], ...] = (
    (
        masked_name,
        (
            "name", "customer_name", "first_name", "last_name", "full_name", "holder_name",
            "account_holder", "receiver", "contact", "company_name", "buyer", "nombre", "nombre_completo",
            "apellido", "apellidos", "cliente", "comprador", "razon_social",
        ),
    ),
    (masked_email, ("email", "mail", "e_mail", "correo")),
    (
        masked_number,
        (
            "phone", "telephone", "mobile", "cellphone", "whatsapp", "telefono", "celular", "tel",
            "clabe", "reference", "account_number",
        ),
    ),
    (masked_tax_id, ("tax_id", "national_id", "rfc", "curp")),
    (
        hidden,
        (
            "street", "street1", "street2", "external_number", "internal_number", "between_streets",
            "address", "date_of_birth", "birthdate", "birthday", "ip_address", "ip", "device_fingerprint",
            "barcode_url", "searchable_tags", "search", "calle", "direccion", "domicilio",
            "fecha_de_nacimiento",
        ),
    ),
)  # fmt: skip
FIELDS: Mapping[str, Mask] = MappingProxyType({name: mask for mask, names in MASKS for name in names})
ENDINGS = ("_email", "_phone", "_tax_id", "_account_number", "_holder_name", "_ip_address")
"""What longer names end with, such as issuing_account_holder_name."""
COARSE = frozenset({"postal_code", "city", "zip", "codigo_postal", "ciudad", "metadata"})
"""Shown masked or whole, and left out at minimal: together with more they may tell who it is."""
THINGS = frozenset({"plan", "line_item", "company", "checkout", "product", "webhook", "chargeback_file"})
"""What Conekta calls the objects whose name is no person's."""
SIGNS = frozenset(
    {
        "unit_price", "interval", "evidence_type", "account_status", "onboarding_status",
        "paid_payments_count", "payments_limit_count", "emails_sent",
    }
)  # fmt: skip
"""Fields that only such objects have."""
PARENTS = frozenset({"plan", "line_items", "operations"})
PAYABLE = re.compile(r"\d{10,18}")
"""A cash reference or a CLABE; other references are ids of a shop's."""


def mask_of(name: str, holder: Mapping[str, Any], parent: str) -> Mask | None:
    """Give how field `name` of `holder`, itself in field `parent`, is masked; None if it tells of nobody."""
    if name == "name" and parent != "metadata" and _is_a_thing(holder, parent):
        return None
    if name == "value":
        return FIELDS.get(str(holder.get("field")))  # a rule against fraud names what its value is
    if name == "reference" and not PAYABLE.fullmatch(str(holder[name])):
        return None
    key = name.lower().replace("-", "_").replace(" ", "_")
    found = FIELDS.get(key)
    if found is None and "_" in key:
        ending = next((one for one in ENDINGS if key.endswith(one)), None)
        found = FIELDS[ending[1:]] if ending else None
    return found


def _is_a_thing(holder: Mapping[str, Any], parent: str) -> bool:
    return parent in PARENTS or holder.get("object") in THINGS or not SIGNS.isdisjoint(holder)
