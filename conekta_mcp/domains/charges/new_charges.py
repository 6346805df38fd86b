"""What a new charge has to show, in its answer and in its row."""

from typing import Any

from conekta_mcp.catalog import Verification
from conekta_mcp.domains.charges.tools import create_charge, create_charges
from conekta_mcp.domains.orders.new_orders import (
    CARD_METHOD_FIELDS,
    METHOD_FIELDS,
    expect_payment_method,
)
from conekta_mcp.effects.answer_check import IfShown, NoneOf
from conekta_mcp.effects.new_row import NewRow
from conekta_mcp.effects.state_reading import Raw, get_integer, get_object
from conekta_mcp.effects.verify_object import UNKNOWN, verify_charged
from conekta_mcp.results.statuses import FAILED_STATUSES, normalize_status

CHARGE_FIELDS = {**METHOD_FIELDS, **CARD_METHOD_FIELDS}
NEW_CHARGE = NewRow(tool=create_charge, shown=CHARGE_FIELDS)
NEW_CHARGES = NewRow(tool=create_charges, shown=CHARGE_FIELDS)


def judge_charges(arguments: Any, own: list[Raw], is_marked: bool) -> Verification:
    """Decide about create_charges: one call for cash makes a charge per network of shops (4.6)."""
    failed = any(normalize_status(charge.get("status")) in FAILED_STATUSES for charge in own)
    if not is_marked and len(own) > 1 and (failed or arguments.payment_method != "cash"):
        return UNKNOWN
    return verify_charged({"object": "list", "has_more": False, "data": own})


def expect_charge(arguments: Any, order: Raw) -> Raw:
    """Expect the approved amount; a charge without an amount takes the order's (4.5)."""
    asked = get_integer(order, "amount") if arguments.amount is None else arguments.amount
    payer = get_object(order, "customer_info").get("customer_id")
    told = {
        "amount": asked,
        "currency": order.get("currency"),
        "customer_id": IfShown(payer) if payer else None,
        "monthly_installments": IfShown(months) if (months := arguments.monthly_installments) else None,
    }
    return {
        "status": NoneOf(FAILED_STATUSES),
        "payment_method": expect_payment_method(arguments.payment_method),
        **{name: value for name, value in told.items() if value},
    }
