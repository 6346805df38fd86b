"""Addresses and contacts: their rules, and how answers repeat them (conekta-api.md 4.3)."""

from collections.abc import Iterator

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.customer_records.people import validate_phone
from conekta_mcp.sandbox.http.body_rules import (
    Nullable,
    Shape,
    Text,
    validate_boolean,
    validate_metadata,
)
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail

TWO_LETTERS = "[A-Za-z]{2}"
MAX_LENGTH = 249
ECHOED_FIELDS = ("phone", "receiver", "between_streets", "metadata")

ADDRESS = Shape(
    required={
        "street1": Text(2, MAX_LENGTH, short=reasons.short_text),
        "postal_code": Text(1, 250),
        "country": Text(2, MAX_LENGTH),
    },
    optional={
        "city": Text(1, MAX_LENGTH, TWO_LETTERS),
        "state": Text(0, MAX_LENGTH),
        "street2": Text(0, MAX_LENGTH),
        "residential": Nullable(validate_boolean),
    },
)


def validate_shipping_address(value: object, param: str) -> Iterator[Detail]:
    yield from ADDRESS(value, param)
    yield from validate_postal_code(value, param)


CONTACT = Shape(
    required={"address": validate_shipping_address},
    optional={
        "phone": validate_phone,
        "receiver": Text(),
        "between_streets": Text(1, MAX_LENGTH, TWO_LETTERS),
        "parent_id": Text(),
        "default": Nullable(validate_boolean),
        "deleted": Nullable(validate_boolean),
        "metadata": validate_metadata,
    },
    closed=True,
)
CONTACT_CHANGE = Shape(optional={**CONTACT.optional, "address": ADDRESS.without_required()}, closed=True)
FULL_ADDRESS = Shape(required={"address": validate_shipping_address})


def build_contact(body: Json) -> Json:
    """Return the stored fields of a contact; parent_id and deleted are accepted and mean nothing here."""
    kept: Json = {name: body[name] for name in ECHOED_FIELDS if name in body}
    if "address" in body:
        kept["address"] = build_shipping_address(body["address"])
    return kept


def build_shipping_address(address: Json) -> Json:
    return {"object": "shipping_address", "residential": True, **_lower_country(ADDRESS.pick_known(address))}


def _lower_country(address: Json) -> Json:
    return {name: text.lower() if name == "country" else text for name, text in address.items()}


def validate_postal_code(value: object, param: str) -> Iterator[Detail]:
    """Require five digits of an address in Mexico (1.4)."""
    if not isinstance(value, dict) or str(value.get("country")).lower() != "mx":
        return
    code = value.get("postal_code")
    if isinstance(code, str) and not (len(code) == 5 and code.isascii() and code.isdigit()):
        yield reasons.invalid_param(f"{param}.postal_code")
