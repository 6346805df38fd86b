"""Addresses and contacts: their rules and how they are echoed (conekta-api.md 4.3)."""

from collections.abc import Iterator

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.body_rules import (
    Nullable,
    Shape,
    Text,
    boolean,
    mapping,
)
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail

TWO_LETTERS = "[A-Za-z]{2}"
LONGEST = 249
ECHOED = ("phone", "receiver", "between_streets", "metadata")

ADDRESS = Shape(
    required={
        "street1": Text(2, LONGEST, short=reasons.too_short),
        "postal_code": Text(1, 250),
        "country": Text(2, LONGEST),
    },
    optional={
        "city": Text(1, LONGEST, TWO_LETTERS),
        "state": Text(0, LONGEST),
        "street2": Text(0, LONGEST),
        "residential": Nullable(boolean),
    },
)


def shipping_address(value: object, param: str) -> Iterator[Detail]:
    """The address rules, and five digits of postal code in Mexico."""
    yield from ADDRESS(value, param)
    yield from _mexican_postal_code(value, param)


CONTACT = Shape(
    required={"address": shipping_address},
    optional={
        "phone": Text(),
        "receiver": Text(),
        "between_streets": Text(1, LONGEST, TWO_LETTERS),
        "parent_id": Text(),
        "default": Nullable(boolean),
        "deleted": Nullable(boolean),
        "metadata": mapping,
    },
    closed=True,
)
CONTACT_CHANGE = Shape(optional={**CONTACT.optional, "address": ADDRESS.loosened()}, closed=True)
WHOLE_ADDRESS = Shape(required={"address": shipping_address})


def contact_of(body: Json) -> Json:
    """The stored fields of a contact; parent_id and deleted are accepted and mean nothing here."""
    kept: Json = {name: body[name] for name in ECHOED if name in body}
    if "address" in body:
        kept["address"] = shipping_address_of(body["address"])
    return kept


def shipping_address_of(address: Json) -> Json:
    """The known fields with the country in lower case."""
    return {"object": "shipping_address", "residential": True, **_lower_country(ADDRESS.known(address))}


def _lower_country(address: Json) -> Json:
    return {name: text.lower() if name == "country" else text for name, text in address.items()}


def _mexican_postal_code(value: object, param: str) -> Iterator[Detail]:
    if not isinstance(value, dict) or str(value.get("country")).lower() != "mx":
        return
    code = value.get("postal_code")
    if isinstance(code, str) and not (len(code) == 5 and code.isascii() and code.isdigit()):
        yield reasons.invalid(f"{param}.postal_code")
