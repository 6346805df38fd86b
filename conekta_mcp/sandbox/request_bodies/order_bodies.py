"""Rules for the bodies of POST and PUT /orders (conekta-api.md 4.5, 4.6)."""

from collections.abc import Iterator
from typing import Any

from conekta_mcp.sandbox.customer_records.addresses import CONTACT
from conekta_mcp.sandbox.customer_records.fiscal_entities import ORDER_ENTITY
from conekta_mcp.sandbox.customer_records.people import validate_name, validate_phone
from conekta_mcp.sandbox.http.body_rules import (
    AMOUNT,
    EMAIL,
    INT32,
    TIMESTAMP,
    Array,
    Choice,
    Integer,
    Nullable,
    Rule,
    Shape,
    Text,
    check,
    validate_boolean,
    validate_mapping,
    validate_metadata,
)
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.request_bodies.checkout_bodies import (
    find_unpayable_currency,
    validate_order_checkout,
)
from conekta_mcp.sandbox.request_bodies.versions import check_version

MAX_LENGTH = 249
LABEL = Text(3, MAX_LENGTH)


def validate_line_metadata(value: object, param: str) -> Iterator[Detail]:
    """Take lists too: unsupported since 2.3.0 (1.3), and sent by Conekta's own WooCommerce plugin."""
    if isinstance(value, dict):
        flat = {name: "" if isinstance(entry, list) else entry for name, entry in value.items()}
        yield from validate_metadata(flat, param)
    else:
        yield from validate_metadata(value, param)


LINE_ITEM = Shape(
    required={"name": LABEL, "unit_price": Integer(0, INT32), "quantity": Integer(1, INT32)},
    optional={
        "description": LABEL,
        "sku": Text(1, MAX_LENGTH),
        "brand": Text(2, MAX_LENGTH),
        "tags": Array(Text(2, MAX_LENGTH), at_least=1),
        "metadata": validate_line_metadata,
        "antifraud_info": validate_mapping,
    },
)
SHIPPING_LINE = Shape(
    required={"amount": AMOUNT},
    optional={"carrier": LABEL, "method": LABEL, "tracking_number": LABEL, "metadata": validate_metadata},
)
TAX_LINE = Shape(
    required={"amount": AMOUNT, "description": Text(3)}, optional={"metadata": validate_metadata}
)
DISCOUNT_LINE = Shape(
    required={
        "amount": AMOUNT,
        "code": Text(),
        "type": Choice(("loyalty", "campaign", "coupon", "sign")),
    }
)
KNOWN_PAYER = Shape(required={"customer_id": Text()})
NEW_PAYER = Shape(
    required={"name": validate_name, "email": EMAIL, "phone": validate_phone},
    optional={"corporate": validate_boolean},
)

OFFLINE: dict[str, Rule] = {"type": Text(), "customer_ip_address": Text(), "expires_at": TIMESTAMP}
CARD: dict[str, Rule] = {
    "type": Text(),
    "customer_ip_address": Text(),
    "monthly_installments": Choice((3, 6, 9, 12, 18, 24)),
    "cvc": Text(pattern=r"^[0-9]{3,4}\Z"),
    "contract_id": Text(10, 10),
}
PAGE = Text(pattern=r"^https?://\S+\Z")
BNPL = Shape(
    required={
        "product_type": Choice(("aplazo_bnpl", "azteca_bnpl", "coppel_bnpl", "creditea_bnpl")),
        "success_url": PAGE,
        "failure_url": PAGE,
    },
    optional={**OFFLINE, "cancel_url": PAGE, "can_not_expire": validate_boolean},
    closed=True,
)
METHODS = {
    "spei": Shape(optional=OFFLINE, closed=True),
    "cash": Shape(optional=OFFLINE, closed=True),
    "oxxo_cash": Shape(optional=OFFLINE, closed=True),
    "card": Shape(optional={**CARD, "token_id": Text(), "payment_source_id": Text()}, closed=True),
    "default": Shape(optional=CARD, closed=True),
    "bnpl": BNPL,
    "pay_by_bank": Shape(
        required={"product_type": Choice(("bbva_pay_by_bank",))}, optional=OFFLINE, closed=True
    ),
}


def validate_payer(value: object, param: str) -> Iterator[Detail]:
    """Require a customer_id, or name, email and phone; with a customer_id the rest is ignored (ours)."""
    known = isinstance(value, dict) and "customer_id" in value
    yield from (KNOWN_PAYER if known else NEW_PAYER)(value, param)


def validate_payment_method(value: object, param: str) -> Iterator[Detail]:
    """Apply the rule of the method's type; raw cards, for merchants with PCI only, are not served."""
    if not isinstance(value, dict):
        yield reasons.invalid_datatype(param)
    elif "type" not in value:
        yield reasons.missing_param(f"{param}.type")
    elif not isinstance(value["type"], str):
        yield reasons.invalid_datatype(f"{param}.type")
    elif value["type"] not in METHODS:
        yield reasons.invalid_param(f"{param}.type")
    else:
        yield from METHODS[value["type"]](value, param)


CHARGE = Shape(
    required={"payment_method": validate_payment_method},
    optional={"amount": Integer(1), "reference_id": Text()},
    closed=True,
)
ORDER = Shape(
    required={
        "currency": Text(3, 3, "(?i)^(mxn|usd)$"),
        "customer_info": validate_payer,
        "line_items": Array(LINE_ITEM, at_least=1),
    },
    optional={
        "charges": Array(CHARGE),
        "discount_lines": Array(DISCOUNT_LINE),
        "tax_lines": Array(TAX_LINE),
        "shipping_lines": Array(SHIPPING_LINE),
        "shipping_contact": CONTACT,
        "needs_shipping_contact": validate_boolean,
        "fiscal_entity": ORDER_ENTITY,
        "metadata": validate_metadata,
        "pre_authorize": validate_boolean,
        "processing_mode": Choice(("ecommerce", "recurrent", "validation")),
        "three_ds_mode": Nullable(Choice(("strict", "not_strict", "smart"))),
        "return_url": PAGE,
        "reuse_customer_clabe": validate_boolean,
        "reuse_customer_cash_reference": validate_boolean,
        "checkout": validate_order_checkout,
    },
    closed=True,
)
ECHOED_FIELDS = ("processing_mode",)
"""What an order answers as it was sent."""
UPDATABLE_FIELDS = (
    "charges", "checkout", "currency", "customer_info", "discount_lines", "fiscal_entity", "line_items",
    "metadata", "pre_authorize", "shipping_contact", "shipping_lines", "tax_lines",
)  # fmt: skip
ORDER_CHANGE = Shape(
    optional={name: {**ORDER.required, **ORDER.optional}[name] for name in UPDATABLE_FIELDS}, closed=True
)
REUSE_FLAGS = ("reuse_customer_clabe", "reuse_customer_cash_reference")


def check_order(body: dict[str, Any], version: str) -> None:
    """Refuse a wrong body; reuse without a customer_id is refused in the seed's words."""
    info = body.get("customer_info")
    reuses = any(body.get(name) is True for name in REUSE_FLAGS)
    if reuses and isinstance(info, dict) and "customer_id" not in info:
        check(_validate_reuse, body)
    check(ORDER, body)
    check_version(body, version)
    if "checkout" in body and "return_url" in body:
        raise Invalid(reasons.invalid_param("return_url"))
    refuse_unpayable_page(body)


def refuse_unpayable_page(order: dict[str, Any]) -> None:
    """Refuse the page of an order, sent or stored, on which its currency cannot be paid."""
    check(lambda _order, _param: find_unpayable_currency(order["currency"], order.get("checkout")), order)


def _validate_reuse(body: object, param: str) -> Iterator[Detail]:
    details = ORDER(body, param)
    yield from (detail for detail in details if not str(detail.param).startswith("customer_info"))
    yield reasons.missing_customer_id()
