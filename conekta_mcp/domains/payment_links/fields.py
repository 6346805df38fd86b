"""The parts of a payment link's body (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from conekta_mcp.catalog import Input, Part
from conekta_mcp.catalog.fields import (
    INT32_MAX,
    CustomerId,
    Email,
    Maybe,
    Metadata,
    PersonName,
    Phone,
    PlanId,
    Text,
    UnixTime,
    require_shape,
)
from conekta_mcp.domains.orders.fields import DiscountLine, LineItem, TaxLine, refuse_together
from conekta_mcp.domains.spellings import Currency

T = TypeVar("T")

NonEmptyList = Annotated[list[T], Field(min_length=1)]
Method = Literal["card", "cash", "bank_transfer", "bnpl", "pay_by_bank"]
Network = Literal["visa", "mastercard", "amex", "visa_master_card"]
NETWORKS = "visa, mastercard, amex; from 2.3.0 visa_master_card, amex"
"""The names changed from 2.2.0 to 2.3.0 (conekta-api.md 1.3)."""
Address = Annotated[
    str,
    StringConstraints(max_length=2000),
    AfterValidator(
        require_shape(
            "url", r"https://[^\s\\/?#@]+(?:[/?#][^\s\\]*)?", "an address that begins with https://"
        )
    ),
]
Count = Annotated[int, Field(ge=1, le=INT32_MAX)]
Months = Literal[3, 6, 9, 12, 18, 24]


def publish_type(kind: str, description: str) -> WithJsonSchema:
    """Publish an argument by type and description only; its bounds are checked all the same."""
    return WithJsonSchema({"type": kind, "description": description})


def publish_typed_list(kind: str, description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "array", "items": {"type": kind}, "description": description})


class Person(Part):
    """Who is to pay."""

    name: PersonName
    email: Email
    phone: Phone


class CreatePaymentLinkInput(Input):
    """The fields of the order that a payment creates are not nested, but stand among the others."""

    rare = frozenset(
        {
            "allowed_payment_methods", "payments_limit_count", "metadata", "currency", "customer",
            "tax_lines", "discount_lines", "excluded_payment_methods",
            "exclude_card_networks", "monthly_installments_options", "needs_shipping_contact",
            "on_demand_enabled", "plan_ids", "success_url", "redirection_time", "three_ds_mode",
        }
    )  # fmt: skip
    assumed_values: ClassVar[Mapping[str, Any]] = {
        "needs_shipping_contact": False,
        "on_demand_enabled": False,
    }

    name: Annotated[Text, Field(description="Shown to the payer")]
    line_items: Annotated[NonEmptyList[LineItem], Field(description="What is sold")]
    expires_at: Annotated[UnixTime, Field(description="End in unix seconds")]
    recurrent: Annotated[bool, Field(description="true: many payments")] = False
    payments_limit_count: Annotated[Maybe[Count], publish_type("integer", "Most payments, if recurrent")] = (
        None
    )
    currency: Annotated[Currency, Field(description="Of all amounts")] = "MXN"
    customer_id: Annotated[Maybe[CustomerId], Field(description="Payer, if known")] = None
    customer: Annotated[Maybe[Person], Field(description="Or who is new")] = None
    metadata: Maybe[Metadata] = None
    tax_lines: Annotated[Maybe[list[TaxLine]], Field(description="Taxes")] = None
    discount_lines: Annotated[Maybe[list[DiscountLine]], Field(description="Discounts")] = None
    allowed_payment_methods: Annotated[Maybe[NonEmptyList[Method]], Field(description="Default: all")] = None
    excluded_payment_methods: Annotated[
        Maybe[NonEmptyList[Method]], publish_typed_list("string", "Or all but these")
    ] = None
    exclude_card_networks: Annotated[Maybe[NonEmptyList[Network]], publish_typed_list("string", NETWORKS)] = (
        None
    )
    monthly_installments_options: Annotated[
        Maybe[NonEmptyList[Months]], publish_typed_list("integer", "Months offered: 3, 6, 9, 12, 18, 24")
    ] = None
    needs_shipping_contact: Annotated[Maybe[bool], Field(description="Ask for an address")] = None
    on_demand_enabled: Annotated[Maybe[bool], Field(description="Keep the card to charge later")] = None
    plan_ids: Annotated[
        Maybe[NonEmptyList[PlanId]], publish_typed_list("string", "Plans to subscribe to; card only")
    ] = None
    success_url: Annotated[Maybe[Address], publish_type("string", "https, back to the shop")] = None
    redirection_time: Annotated[Maybe[Count], publish_type("integer", "Seconds before success_url")] = None
    three_ds_mode: Annotated[Maybe[Literal["strict", "not_strict", "smart"]], Field(description="3DS")] = None

    @model_validator(mode="after")
    def _refuse_contradiction(self) -> Self:
        if self.allowed_payment_methods:
            refuse_together(
                "allowed_payment_methods",
                ["excluded_payment_methods"] if self.excluded_payment_methods else [],
            )
        if self.customer_id:
            refuse_together("customer_id", ["customer"] if self.customer else [])
        if self.payments_limit_count and not self.recurrent:
            refuse_together("payments_limit_count", ["recurrent: false"])
        if self.plan_ids and self.allowed_payment_methods:
            others: list[str] = [method for method in self.allowed_payment_methods if method != "card"]
            refuse_together("plan_ids", others)
        return self

    def payload(self) -> Mapping[str, Any]:
        of_order = {"line_items", "currency", "metadata", "tax_lines", "discount_lines"}
        template = self.model_dump(exclude_none=True, include=of_order)
        payer = self.customer.model_dump() if self.customer else {"customer_id": self.customer_id}
        if self.customer or self.customer_id:
            template["customer_info"] = payer
        months = {"monthly_installments_enabled": True} if self.monthly_installments_options else {}
        rest = self.model_dump(exclude_none=True, exclude={*of_order, "customer_id", "customer"})
        return {"type": "PaymentLink", **rest, **months, "order_template": template}
