"""A charge of an order and how it is paid (conekta-api.md 4.6)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.chargebacks.results import Chargeback
from conekta_mcp.results.base import Child, Rows, Seconds, get_rows
from conekta_mcp.results.statuses import normalize_status
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_iso, format_moment, say

REFUND_STATES = {
    "pending": ("Pedido, todavía no completado", "Asked for, and not completed yet"),
    "canceled": ("Cancelado: no se devolvió dinero", "Cancelled: no money went back"),
    "expired": (
        "Nadie lo recogió a tiempo: no se devolvió",
        "Not collected in time: no money went back",
    ),
}
"""Explanations of statuses; the others need none."""
UNPAID_STATES = {
    "declined": ("Rechazado: no se cobró nada", "Declined: nothing was charged"),
    "expired": ("Venció sin pago: no se cobró nada", "Expired unpaid: nothing was charged"),
    "canceled": ("Cancelado: no se cobró nada", "Cancelled: nothing was charged"),
    "voided": ("Se soltó: no se cobró nada", "Released: nothing was charged"),
}
"""Charges without a fee, whatever Conekta's object shows."""
UNPAID_YET = frozenset({"pending_payment", "pre_authorized"})
"""Charges whose fee is due only once they are paid."""


class Refund(Child):
    """A refund of a charge (conekta-api.md 4.7)."""

    of_method: str | None = Field(None, exclude=True)
    """How the charge was paid."""
    id: str | None = None
    amount: int | None = Field(None, description="Centavos, negative")
    currency: str | None = Field(None, exclude=True)
    status: str | None = Field(None, description="pending: can be cancelled")
    reason: str | None = None
    auth_code: str | None = None
    created_at: Seconds = None
    expires_at: Seconds = None

    @computed_field
    def status_text(self) -> str | None:
        """What the status means, and what completes it."""
        if self.status == "pending" and self.expires_at:
            until = format_moment(self.expires_at)
            return say(
                f"Falta que la persona recoja el efectivo, hasta el {until}; antes se puede cancelar",
                f"The person still has to collect the cash, until {until}; before that it can be cancelled",
            )
        if self.status == "refunded" and self.of_method == "card":
            return say(
                "Devuelto; el banco tarda de 5 a 10 días hábiles en abonarlo a la tarjeta",
                "Given back; the bank takes 5 to 10 business days to credit the card",
            )
        state = normalize_status(self.status)
        return say(*REFUND_STATES[state]) if state in REFUND_STATES else None

    @computed_field
    def amount_text(self) -> str | None:
        """What goes back, as a person reads it."""
        return format_pesos(abs(self.amount), self.currency) if self.amount else None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when the cash can be collected."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)


class Charge(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(("charge",), ("charge_id",))

    id: str | None = None
    status: str | None = None
    method: str | None = None
    amount: int | None = None
    currency: str | None = None
    paid_at: Seconds = None
    failure_code: str | None = None
    failure_message: str | None = None
    monthly_installments: int | None = None
    card_brand: str | None = None
    card_last4: str | None = None
    auth_code: str | None = None
    tracking_code: str | None = None
    fee: int | None = Field(None, description="Centavos that Conekta keeps")
    fee_if_paid: int | None = Field(None, description="Nothing is charged yet")
    reference_id: str | None = None
    chargeback: Chargeback | None = None
    refunds: Annotated[list[Refund] | None, Rows] = None

    @computed_field
    def status_text(self) -> str | None:
        """What the status means where nothing was charged."""
        state = normalize_status(self.status)
        return say(*UNPAID_STATES[state]) if state in UNPAID_STATES else None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)

    @computed_field
    def paid_at_text(self) -> str | None:
        """When it was paid."""
        return format_moment(self.paid_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten_method(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        told = {**raw, **_get_fee(raw)}
        method = raw.get("payment_method")
        if not isinstance(method, Mapping):
            return told
        name = get_method_name(method)
        known = {"of_method": name, "currency": raw.get("currency")}
        return {
            **told,
            "refunds": [{**known, **refund} for refund in get_rows(raw.get("refunds")) or []],
            "method": name,
            "card_brand": method.get("brand"),
            "card_last4": method.get("last4"),
            "auth_code": method.get("auth_code"),
            "tracking_code": method.get("tracking_code"),
        }


def _get_fee(charge: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fee in the field for its state: taken, due once paid, or none."""
    status, fee = str(normalize_status(charge.get("status"))), charge.get("fee")
    if status in UNPAID_STATES:
        return {"fee": None}
    return {"fee": None, "fee_if_paid": fee} if status in UNPAID_YET else {}


OBJECT_TO_METHOD = {"card_payment": "card", "cash_payment": "cash", "bank_transfer_payment": "spei"}


def get_method_name(method: Mapping[str, Any]) -> str | None:
    """Return the payment method as requests name it; a response's `type` may be "credit" or "oxxo"."""
    return OBJECT_TO_METHOD.get(str(method.get("object")), method.get("type"))


def get_payer_fields(charges: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return CLABE and bank, or cash reference, and expiry of the latest charge."""
    for charge in reversed(charges):
        method = charge.get("payment_method")
        if isinstance(method, Mapping):
            return {
                key: method.get(key) for key in ("clabe", "bank", "reference", "barcode_url", "expires_at")
            }
    return {}


def get_latest_payment(charges: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return method and time of the last charge of an order."""
    if not charges:
        return {}
    method = charges[-1].get("payment_method")
    return {
        "method": get_method_name(method) if isinstance(method, Mapping) else None,
        "paid_at": charges[-1].get("paid_at"),
    }


def get_redirect_url(action: object) -> object:
    """Return the page where the payer confirms a card payment (3DS)."""
    target = action.get("redirect_to_url") if isinstance(action, Mapping) else None
    return target.get("url") if isinstance(target, Mapping) else None
