"""Which fields hold what about a person, curated, raw and in metadata, and how each is masked."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

FieldMask = Callable[[str], str]
HIDDEN = "***"


def mask_name(text: str) -> str:
    """Give the initial of each word."""
    return " ".join(f"{word[0]}**" for word in text.split()) or HIDDEN


def mask_email(text: str) -> str:
    """Give the first character and the host."""
    box, at, host = text.rpartition("@")
    return f"{box[:1]}**@{host}" if at and host else HIDDEN


def mask_number(text: str) -> str:
    """Give the last four characters, of a phone, a CLABE or a cash reference."""
    return _keep_end(text, 4)


def mask_tax_id(text: str) -> str:
    """Give the last three characters."""
    return _keep_end(text, 3)


def hide_text(_: str) -> str:
    """Give nothing."""
    return HIDDEN


def _keep_end(text: str, count: int) -> str:
    return HIDDEN + text.strip()[-count:] if len(text.strip()) >= 2 * count else HIDDEN


MASKS: tuple[tuple[FieldMask, tuple[str, ...]], ...] = (
    (
        mask_name,
        (
            "name", "customer_name", "first_name", "last_name", "full_name", "holder_name",
            "account_holder", "receiver", "contact", "company_name", "buyer", "nombre", "nombre_completo",
            "apellido", "apellidos", "cliente", "comprador", "razon_social",
        ),
    ),
    (mask_email, ("email", "mail", "e_mail", "correo")),
    (
        mask_number,
        (
            "phone", "telephone", "mobile", "cellphone", "whatsapp", "telefono", "celular", "tel",
            "clabe", "reference", "account_number",
        ),
    ),
    (mask_tax_id, ("tax_id", "national_id", "rfc", "curp")),
    (
        hide_text,
        (
            "street", "street1", "street2", "external_number", "internal_number", "between_streets",
            "address", "date_of_birth", "birthdate", "birthday", "ip_address", "ip", "device_fingerprint",
            "barcode_url", "searchable_tags", "search", "calle", "direccion", "domicilio",
            "fecha_de_nacimiento",
        ),
    ),
)  # fmt: skip
MASK_BY_FIELD: Mapping[str, FieldMask] = MappingProxyType(
    {name: mask for mask, names in MASKS for name in names}
)
FIELD_ENDINGS = ("_email", "_phone", "_tax_id", "_account_number", "_holder_name", "_ip_address")
"""What longer names end with, such as issuing_account_holder_name."""
COARSE_FIELDS = frozenset({"postal_code", "city", "zip", "codigo_postal", "ciudad", "metadata"})
"""Shown masked or whole, and left out at minimal: together with more they may tell who it is."""
THING_OBJECTS = frozenset(
    {"plan", "line_item", "company", "checkout", "product", "webhook", "chargeback_file"}
)
"""What Conekta calls the objects whose name is no person's."""
THING_FIELDS = frozenset(
    {
        "unit_price", "interval", "evidence_type", "account_status", "onboarding_status",
        "paid_payments_count", "payments_limit_count", "emails_sent",
    }
)  # fmt: skip
"""Fields that only such objects have."""
THING_PARENTS = frozenset({"plan", "line_items", "operations"})
PAYABLE = re.compile(r"\d{10,18}")
"""A cash reference or a CLABE; other references are ids of a shop's."""


def find_mask(name: str, holder: Mapping[str, Any], parent: str) -> FieldMask | None:
    """Give how field `name` of `holder`, itself in field `parent`, is masked; None if it tells of nobody."""
    if name == "name" and parent != "metadata" and _is_thing(holder, parent):
        return None
    if name == "value":
        return MASK_BY_FIELD.get(str(holder.get("field")))  # a rule against fraud names what its value is
    if name == "reference" and not PAYABLE.fullmatch(str(holder[name])):
        return None
    key = name.lower().replace("-", "_").replace(" ", "_")
    found = MASK_BY_FIELD.get(key)
    if found is None and "_" in key:
        ending = next((one for one in FIELD_ENDINGS if key.endswith(one)), None)
        found = MASK_BY_FIELD[ending[1:]] if ending else None
    return found


def _is_thing(holder: Mapping[str, Any], parent: str) -> bool:
    return (
        parent in THING_PARENTS
        or holder.get("object") in THING_OBJECTS
        or not THING_FIELDS.isdisjoint(holder)
    )
