"""POST /monthly_installments/validate [UP]: the months a card can be charged in (conekta-api.md 3.2)."""

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.http.body_rules import Integer, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.instruments.cards import CARDS, Card
from conekta_mcp.sandbox.refusals.policies import MIN_INSTALLMENT

MONTHS = (3, 6, 9, 12, 18, 24)
REQUEST = Shape(
    required={"bin": Text(pattern=r"^(?:[0-9]{6}|[0-9]{8})\Z"), "amount": Integer(1)}, closed=True
)


def validate_installments(call: Call) -> Json:
    """Return the plans for `amount` (centavos), each rounded up; none for debit and unknown cards."""
    check(REQUEST, call.body)
    card = next((card for card in CARDS.values() if call.body["bin"].startswith(card.bin)), None)
    return {
        "available_installments": _list_plans(card, call.body["amount"]),
        "bin_info": {
            "country": "MX" if card else None,
            "scheme": card.brand if card else None,
            "issuer": card.issuer if card else None,
        },
    }


def _list_plans(card: Card | None, amount: int) -> list[Json]:
    if card is None or card.card_type == "debit":
        return []
    return [{"months": months, "amount": -(-amount // months)} for months in list_eligible_months(amount)]


def list_eligible_months(amount: int) -> list[int]:
    """Return the months that a credit card can be charged in for `amount` centavos."""
    return [months for months in MONTHS if amount >= months * MIN_INSTALLMENT]


ENDPOINTS = (Endpoint("POST", "/monthly_installments/validate", validate_installments),)
