"""The parts of an order's body (conekta-api.md 4.5, 4.6)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import Input, Part
from conekta_mcp.catalog.fields import (
    Cents,
    CustomerId,
    Email,
    Maybe,
    Metadata,
    PersonName,
    Phone,
    ShortText,
    Text,
)
from conekta_mcp.domains.customers.fields import FiscalAddress, ShippingContact
from conekta_mcp.domains.spellings import Country, Currency

Tag = Annotated[str, StringConstraints(min_length=2, max_length=249)]
Tags = Annotated[list[Tag], Field(min_length=1)]


class LineItem(Part):
    rare = frozenset({"description", "sku", "brand", "tags", "metadata", "antifraud_info"})

    name: ShortText
    unit_price: Annotated[Cents, Field(description="Centavos")]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    description: Maybe[ShortText] = None
    sku: Maybe[Text] = None
    brand: Maybe[Tag] = None
    tags: Maybe[Tags] = None
    metadata: Maybe[Metadata] = None
    antifraud_info: Maybe[Metadata] = None


class TaxLine(Part):
    amount: Cents
    description: ShortText
    metadata: Maybe[Metadata] = None


class DiscountLine(Part):
    amount: Cents
    code: Text
    type: Literal["loyalty", "campaign", "coupon", "sign"]


class ShippingLine(Part):
    amount: Cents
    carrier: Maybe[ShortText] = None
    method: Maybe[ShortText] = None
    tracking_number: Maybe[ShortText] = None
    metadata: Maybe[Metadata] = None


class OrderFiscalAddress(FiscalAddress):
    """An address with more required fields than a customer's (conekta-api.md 4.4)."""

    external_number: Text
    country: Country


class OrderFiscalEntity(Part):
    """The fiscal entity of one order, which is purely informative."""

    tax_id: Maybe[Text] = None
    name: Maybe[Text] = None
    email: Maybe[Email] = None
    phone: Maybe[Phone] = None
    metadata: Maybe[Metadata] = None
    address: OrderFiscalAddress


ORDER_ENTITY = Field(description="Informative only")


LineItems = Annotated[list[LineItem], Field(min_length=1, description="What is sold")]


class OrderInput(Input):
    """Arguments that the tools that create orders share."""

    rare = frozenset(
        {
            "currency", "tax_lines", "discount_lines", "shipping_lines", "shipping_contact",
            "fiscal_entity", "needs_shipping_contact", "processing_mode",
        }
    )  # fmt: skip

    line_items: LineItems
    currency: Annotated[Currency, Field(description="Of all amounts")] = "MXN"
    metadata: Maybe[Metadata] = None
    tax_lines: Annotated[Maybe[list[TaxLine]], Field(description="Taxes")] = None
    discount_lines: Annotated[Maybe[list[DiscountLine]], Field(description="Discounts")] = None
    shipping_lines: Annotated[Maybe[list[ShippingLine]], Field(description="Shipping costs")] = None
    shipping_contact: Annotated[Maybe[ShippingContact], Field(description="Where to")] = None
    fiscal_entity: Annotated[Maybe[OrderFiscalEntity], ORDER_ENTITY] = None
    needs_shipping_contact: Annotated[Maybe[bool], Field(description="It is shipped")] = None
    processing_mode: Annotated[
        Maybe[Literal["ecommerce", "recurrent", "validation"]], Field(description="What it is for")
    ] = None

    def build_body(self, customer: Mapping[str, Any], charge: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the body of POST /orders; without `charge` the order is not charged yet."""
        shared = self.model_dump(exclude_none=True, include=set(OrderInput.model_fields))
        charges = {"charges": [{"payment_method": charge}]} if charge else {}
        return {**shared, "customer_info": customer, **charges}


class PayerInput(OrderInput):
    """An order for a customer on file, or for a person described here."""

    customer_id: Annotated[Maybe[CustomerId], Field(description="Or name, email and phone")] = None
    name: Annotated[Maybe[PersonName], Field(description="If no customer_id")] = None
    email: Annotated[Maybe[Email], Field(description="Payer's")] = None
    phone: Annotated[Maybe[Phone], Field(description="Payer's")] = None

    @property
    def payer(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True, include={"customer_id", "name", "email", "phone"})

    @property
    def leaves_payer_to_conekta(self) -> bool:
        """Tell whether a missing payer is left for Conekta to refuse."""
        return False

    @model_validator(mode="after")
    def _require_one_payer(self) -> Self:
        person = {"name": self.name, "email": self.email, "phone": self.phone}
        if self.customer_id:
            refuse_together("customer_id", [key for key, value in person.items() if value])
        elif not self.leaves_payer_to_conekta and not all(person.values()):
            absent = ", ".join(key for key, value in person.items() if not value)
            raise PydanticCustomError(
                "payer_missing",
                "customer_id, or name, email and phone are needed; missing: {absent}",
                {"absent": absent},
            )
        return self


def refuse_together(one: str, others: list[str]) -> None:
    if others:
        raise PydanticCustomError(
            "contradiction",
            "{one} cannot go together with {others}",
            {"one": one, "others": ", ".join(others)},
        )
