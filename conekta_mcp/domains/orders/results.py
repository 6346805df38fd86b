"""An order (conekta-api.md 4.5), with how to pay it first."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.customers.address_results import ShippingContact
from conekta_mcp.domains.orders.charge_results import (
    Charge,
    get_latest_payment,
    get_payer_fields,
    get_redirect_url,
)
from conekta_mcp.results.base import Child, Result, Rows, Seconds, get_rows
from conekta_mcp.results.order_sums import sum_refundable_charges, sum_taken
from conekta_mcp.results.page import Page
from conekta_mcp.results.statuses import CANCELED, normalize_status
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_iso, format_moment, say

CANCELLED = (
    "Cancelada sin pago: no se cobró nada ni se devuelve nada; ya no hay que pagarla, tampoco en su CLABE",
    "Cancelled unpaid: nothing was charged or is given back; it is not to be paid, on its CLABE either",
)
HOLDS = {
    "pre_authorized": (
        "Apartado en la tarjeta, todavía sin cobrar: falta cobrarlo o soltarlo",
        "Held on the card and not charged yet: it has to be captured or released",
    ),
    "voided": ("Se soltó lo apartado: no se cobró nada", "The hold was released: nothing was charged"),
}
"""What a hold on a card means, by payment_status."""


class LineItem(Child):
    id: str | None = None
    name: str | None = None
    unit_price: int | None = Field(None, description="Centavos")
    quantity: int | None = None
    description: str | None = None
    sku: str | None = None


class AmountLine(Child):
    """A tax, shipping or discount line."""

    id: str | None = None
    amount: int | None = Field(None, description="Centavos")
    description: str | None = None
    code: str | None = None
    type: str | None = None
    carrier: str | None = None
    method: str | None = None
    tracking_number: str | None = None


class Payer(Child):
    customer_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class OrderFacts(Result):
    """The fields that a row and a full order share."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("order",), ("order_id",))

    id: str | None = None
    payment_status: str | None = None
    amount: int | None = Field(None, description="Centavos")
    currency: str | None = None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)


class OrderRow(OrderFacts):
    paid_amount: int | None = Field(None, description="Centavos that were paid, where that is not amount")
    method: str | None = None
    clabe: str | None = None
    reference: str | None = None
    expires_at: Seconds = None
    paid_at: Seconds = None
    customer_id: str | None = None
    customer_name: str | None = None
    created_at: Seconds = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at) if self.payment_status == "pending_payment" else None

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, raw: Any) -> Any:
        charges: Any = get_rows(raw.get("charges")) or []
        payer = raw.get("customer_info")
        flat = {**raw, **get_payer_fields(charges), **get_latest_payment(charges)}
        paid = sum_taken(raw)
        flat["paid_amount"] = None if paid == raw.get("amount") else paid or None
        if isinstance(payer, Mapping):
            flat |= {"customer_id": payer.get("customer_id"), "customer_name": payer.get("name")}
        return flat


class OrderPage(Page[OrderRow]):
    """Orders, with the sum of those that are shown where one sum says something: all stand alike."""

    @computed_field
    def sum_text(self) -> str | None:
        """What the rows that are shown come to."""
        rows = self.data or []
        alike = {(row.payment_status, row.currency) for row in rows}
        if len(rows) < 2 or len(alike) != 1 or any(row.amount is None for row in rows):
            return None
        is_paid = normalize_status(rows[0].payment_status) == "paid"
        sums = ((row.paid_amount if is_paid else None) or row.amount or 0 for row in rows)
        total, count = format_pesos(sum(sums), rows[0].currency), len(rows)
        more = say("; hay más filas", "; there are more rows") if self.has_more else ""
        return say(f"{total} en {count} órdenes{more}", f"{total} in {count} orders{more}")


class Order(OrderFacts):
    defaults_text: str | None = Field(None, description="What was not asked for and is set")
    clabe: str | None = Field(None, description="18 digits to transfer the exact amount to")
    bank: str | None = None
    reference: str | None = Field(None, description="Cash reference")
    barcode_url: str | None = None
    redirect_url: str | None = Field(None, description="The payer must open it for 3DS")
    expires_at: Seconds = None
    taken: int | None = Field(None, exclude=True)
    """Centavos that its charges took."""
    returnable: int | None = Field(None, exclude=True)
    """Centavos that its charges took and no dispute took back."""
    amount_refunded: int | None = None
    is_refundable: bool | None = None
    customer: Payer | None = None
    line_items: Annotated[list[LineItem] | None, Rows] = None
    tax_lines: Annotated[list[AmountLine] | None, Rows] = None
    shipping_lines: Annotated[list[AmountLine] | None, Rows] = None
    discount_lines: Annotated[list[AmountLine] | None, Rows] = None
    shipping_contact: ShippingContact | None = None
    charges: Annotated[list[Charge] | None, Rows] = None
    metadata: dict[str, object] | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def status_text(self) -> str | None:
        """What a hold, a cancellation or a refund means, and what of it was paid, if that is not all."""
        status = normalize_status(self.payment_status)
        if status == CANCELED:
            return None if any(charge.paid_at for charge in self.charges or []) else say(*CANCELLED)
        if status in HOLDS:
            return say(*HOLDS[status])
        if not self.amount_refunded:
            return self._describe_part()
        back = format_pesos(self.amount_refunded, self.currency)
        taken = format_pesos(self.taken, self.currency) if self.taken else self.amount_text
        told = say(
            f"Devuelto o pedido de vuelta: {back} de {taken}",
            f"Given back, or asked to be: {back} of {taken}",
        )
        left = format_pesos(self._compute_refundable(), self.currency)
        return told + (say(f"; se pueden devolver {left} más", f"; {left} more can be") if left else "")

    def _describe_part(self) -> str | None:
        if not self.taken or self.taken == self.amount or self.amount is None:
            return None
        paid, left = (format_pesos(one, self.currency) for one in (self.taken, self.amount - self.taken))
        if normalize_status(self.payment_status) == "paid":
            return say(
                f"Se cobró {paid} de {self.amount_text}; {left} no se cobraron",
                f"{paid} of {self.amount_text} was charged; {left} was not",
            )
        return say(
            f"Pagado: {paid} de {self.amount_text}; faltan {left}",
            f"Paid: {paid} of {self.amount_text}; {left} is missing",
        )

    @computed_field
    def refundable(self) -> int | None:
        """Centavos that can still be given back, of an order that was refunded in part."""
        return self._compute_refundable()

    def _compute_refundable(self) -> int | None:
        if self.payment_status != "partially_refunded" or self.is_refundable is False:
            return None
        if self.returnable is None:
            return None
        return max(self.returnable - (self.amount_refunded or 0), 0) or None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, raw: Any) -> Any:
        charges: Any = get_rows(raw.get("charges")) or []
        # A cancelled order can no longer be paid, so it shows no expiry.
        ended = {"expires_at": None} if normalize_status(raw.get("payment_status")) == CANCELED else {}
        return {
            **raw,
            **get_payer_fields(charges),
            **ended,
            "taken": sum_taken(raw),
            "returnable": sum_refundable_charges(raw),
            "customer": raw.get("customer_info"),
            "redirect_url": get_redirect_url(raw.get("next_action")),
        }

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Put what the payer needs first: CLABE or reference, bank and expiry."""
        facts = super().curate(raw)
        first = (
            "clabe",
            "bank",
            "reference",
            "barcode_url",
            "redirect_url",
            "expires_at",
            "expires_at_text",
            "expires_at_iso",
        )
        return {key: facts.pop(key) for key in first if key in facts} | facts
