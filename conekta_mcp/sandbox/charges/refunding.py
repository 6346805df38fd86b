"""What of a charge was given back, and what is left to give back (conekta-api.md 4.7).

Amounts are positive centavos here; the rows that Conekta shows carry them negative (1.4).
"""

from conekta_mcp.sandbox.core.account import Json

PENDING = "pending"
GIVEN = "refunded"
COUNTED = (PENDING, GIVEN)
"""A refund that waits to be collected counts at once (inferred); a canceled or expired one does not."""
TOOK_MONEY = ("paid", "partially_refunded", "refunded")


def refunds_of(charge: Json) -> list[Json]:
    """The refunds of a charge, oldest first."""
    rows: list[Json] = charge.get("refunds", {}).get("data", [])
    return rows


def given_back(charge: Json) -> int:
    """Centavos of the charge that were given back or wait to be collected."""
    return sum(-refund["amount"] for refund in refunds_of(charge) if refund["status"] in COUNTED)


def remaining(charge: Json) -> int:
    """Centavos of the charge that can still be given back."""
    return int(charge["amount"]) - given_back(charge) if charge["status"] in TOOK_MONEY else 0


def settle_charge(charge: Json) -> None:
    """Let the status of a charge that took money follow its refunds."""
    if charge["status"] in TOOK_MONEY:
        back = given_back(charge)
        part = "refunded" if back == charge["amount"] else "partially_refunded"
        charge["status"] = part if back else "paid"


def pending_refunds(charges: list[Json]) -> list[Json]:
    """The refunds that wait to be collected."""
    return [refund for charge in charges for refund in refunds_of(charge) if refund["status"] == PENDING]
