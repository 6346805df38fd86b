"""An order (conekta-api.md 4.5), with how to pay it first."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.customers.address_results import ShippingContact
from conekta_mcp.domains.orders.charge_results import Charge, get_method_name, get_payer_fields
from conekta_mcp.results.base import (
    Child,
    Result,
    Rows,
    Seconds,
    get_rows,
)
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_iso, format_moment


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
    method: str | None = None
    clabe: str | None = None
    reference: str | None = None
    expires_at: Seconds = None
    paid_at: Seconds = None
    customer_id: str | None = None
    customer_name: str | None = None
    created_at: Seconds = None

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, raw: Any) -> Any:
        charges: Any = get_rows(raw.get("charges")) or []
        payer = raw.get("customer_info")
        flat = {**raw, **get_payer_fields(charges), **_get_latest_payment(charges)}
        if isinstance(payer, Mapping):
            flat |= {"customer_id": payer.get("customer_id"), "customer_name": payer.get("name")}
        return flat


class Order(OrderFacts):
    clabe: str | None = Field(None, description="18 digits to transfer the exact amount to")
    bank: str | None = None
    reference: str | None = Field(None, description="Cash reference")
    barcode_url: str | None = None
    redirect_url: str | None = Field(None, description="The payer must open it for 3DS")
    expires_at: Seconds = None
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
        return {
            **raw,
            **get_payer_fields(charges),
            "customer": raw.get("customer_info"),
            "redirect_url": _get_redirect_url(raw.get("next_action")),
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


def _get_latest_payment(charges: list[Mapping[str, Any]]) -> dict[str, Any]:
    if not charges:
        return {}
    method = charges[-1].get("payment_method")
    return {
        "method": get_method_name(method) if isinstance(method, Mapping) else None,
        "paid_at": charges[-1].get("paid_at"),
    }


def _get_redirect_url(action: object) -> object:
    target = action.get("redirect_to_url") if isinstance(action, Mapping) else None
    return target.get("url") if isinstance(target, Mapping) else None
