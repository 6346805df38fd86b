"""The rules of POST and PUT /orders (conekta-api.md 4.5, 4.6)."""

from collections.abc import Iterator
from typing import Any

from conekta_mcp.sandbox.customer_records.addresses import CONTACT
from conekta_mcp.sandbox.customer_records.fiscal_entities import ORDER_ENTITY
from conekta_mcp.sandbox.http.body_rules import (
    AMOUNT,
    EMAIL,
    INT32,
    MOMENT,
    Choice,
    Many,
    Nullable,
    Rule,
    Shape,
    Text,
    Whole,
    boolean,
    check,
    mapping,
    metadata,
)
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.request_bodies.checkout_bodies import order_checkout

LONGEST = 249
LABEL = Text(3, LONGEST)

LINE_ITEM = Shape(
    required={"name": LABEL, "unit_price": Whole(0, INT32), "quantity": Whole(1, INT32)},
    optional={
        "description": LABEL,
        "sku": Text(1, LONGEST),
        "brand": Text(2, LONGEST),
        "tags": Many(Text(2, LONGEST), at_least=1),
        "metadata": metadata,
        "antifraud_info": mapping,
    },
)
SHIPPING_LINE = Shape(
    required={"amount": AMOUNT},
    optional={"carrier": LABEL, "method": LABEL, "tracking_number": LABEL, "metadata": metadata},
)
TAX_LINE = Shape(required={"amount": AMOUNT, "description": Text(3)}, optional={"metadata": metadata})
DISCOUNT_LINE = Shape(
    required={
        "amount": AMOUNT,
        "code": Text(),
        "type": Choice(("loyalty", "campaign", "coupon", "sign")),
    }
)
KNOWN_PAYER = Shape(required={"customer_id": Text()})
NEW_PAYER = Shape(required={"name": Text(), "email": EMAIL, "phone": Text()}, optional={"corporate": boolean})

OFFLINE: dict[str, Rule] = {"type": Text(), "customer_ip_address": Text(), "expires_at": MOMENT}
CARD: dict[str, Rule] = {
    "type": Text(),
    "customer_ip_address": Text(),
    "monthly_installments": Choice((3, 6, 9, 12, 18, 24)),
    "cvc": Text(pattern=r"^[0-9]{3,4}\Z"),
    "contract_id": Text(10, 10),
}
METHODS = {
    "spei": Shape(optional=OFFLINE, closed=True),
    "cash": Shape(optional=OFFLINE, closed=True),
    "oxxo_cash": Shape(optional=OFFLINE, closed=True),
    "card": Shape(optional={**CARD, "token_id": Text(), "payment_source_id": Text()}, closed=True),
    "default": Shape(optional=CARD, closed=True),
}


def payer(value: object, param: str) -> Iterator[Detail]:
    """A customer_id, or name, email and phone; with a customer_id the rest is ignored (ours)."""
    known = isinstance(value, dict) and "customer_id" in value
    yield from (KNOWN_PAYER if known else NEW_PAYER)(value, param)


def payment_method(value: object, param: str) -> Iterator[Detail]:
    """The rule of the method's type; bnpl, pay_by_bank and raw cards are not served."""
    if not isinstance(value, dict):
        yield reasons.invalid_datatype(param)
    elif "type" not in value:
        yield reasons.missing(f"{param}.type")
    elif not isinstance(value["type"], str):
        yield reasons.invalid_datatype(f"{param}.type")
    elif value["type"] not in METHODS:
        yield reasons.invalid(f"{param}.type")
    else:
        yield from METHODS[value["type"]](value, param)


CHARGE = Shape(
    required={"payment_method": payment_method},
    optional={"amount": Whole(1), "reference_id": Text()},
    closed=True,
)
ORDER = Shape(
    required={
        "currency": Text(3, 3, "(?i)^(mxn|usd)$"),
        "customer_info": payer,
        "line_items": Many(LINE_ITEM, at_least=1),
    },
    optional={
        "charges": Many(CHARGE),
        "discount_lines": Many(DISCOUNT_LINE),
        "tax_lines": Many(TAX_LINE),
        "shipping_lines": Many(SHIPPING_LINE),
        "shipping_contact": CONTACT,
        "needs_shipping_contact": boolean,
        "fiscal_entity": ORDER_ENTITY,
        "metadata": metadata,
        "pre_authorize": boolean,
        "processing_mode": Choice(("ecommerce", "recurrent", "validation")),
        "three_ds_mode": Nullable(Choice(("strict", "not_strict", "smart"))),
        "return_url": Text(pattern="^https?://"),
        "reuse_customer_clabe": boolean,
        "reuse_customer_cash_reference": boolean,
        "checkout": order_checkout,
    },
    closed=True,
)
UPDATABLE = (
    "charges", "checkout", "currency", "customer_info", "discount_lines", "fiscal_entity", "line_items",
    "metadata", "pre_authorize", "shipping_contact", "shipping_lines", "tax_lines",
)  # fmt: skip
ORDER_CHANGE = Shape(
    optional={name: {**ORDER.required, **ORDER.optional}[name] for name in UPDATABLE}, closed=True
)
REUSES = ("reuse_customer_clabe", "reuse_customer_cash_reference")


def check_order(body: dict[str, Any]) -> None:
    """Refuse a body that breaks the rules; reuse without a customer_id is refused in the seed's words."""
    info = body.get("customer_info")
    reuses = any(body.get(name) is True for name in REUSES)
    if reuses and isinstance(info, dict) and "customer_id" not in info:
        check(_without_customer_id, body)
    check(ORDER, body)
    if "checkout" in body and "return_url" in body:
        raise Invalid(reasons.invalid("return_url"))


def _without_customer_id(body: object, param: str) -> Iterator[Detail]:
    details = ORDER(body, param)
    yield from (detail for detail in details if not str(detail.param).startswith("customer_info"))
    yield reasons.customer_id_missing()
