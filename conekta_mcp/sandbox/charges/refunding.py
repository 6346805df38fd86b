"""How much of a charge was refunded, and how much still can be (conekta-api.md 4.7).

Amounts are positive centavos here; the rows that Conekta shows carry them negative (1.4).
"""

from conekta_mcp.sandbox.core.account import Json

PENDING = "pending"
REFUNDED = "refunded"
COUNTED_STATUSES = (PENDING, REFUNDED)
"""A refund that waits to be collected counts at once (inferred); a canceled or expired one does not."""
PAID_STATUSES = ("paid", "partially_refunded", "refunded")


def list_refunds(charge: Json) -> list[Json]:
    rows: list[Json] = charge.get("refunds", {}).get("data", [])
    return rows


def get_refunded_amount(charge: Json) -> int:
    """Return the centavos that were refunded or wait to be collected."""
    return sum(-refund["amount"] for refund in list_refunds(charge) if refund["status"] in COUNTED_STATUSES)


def get_refundable_amount(charge: Json) -> int:
    """Return the centavos that can still be refunded."""
    return int(charge["amount"]) - get_refunded_amount(charge) if charge["status"] in PAID_STATUSES else 0


def refresh_charge_status(charge: Json) -> None:
    if charge["status"] in PAID_STATUSES:
        back = get_refunded_amount(charge)
        part = "refunded" if back == charge["amount"] else "partially_refunded"
        charge["status"] = part if back else "paid"


def list_pending_refunds(charges: list[Json]) -> list[Json]:
    return [refund for charge in charges for refund in list_refunds(charge) if refund["status"] == PENDING]
