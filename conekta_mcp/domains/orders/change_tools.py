"""Changes an order that is not charged yet (conekta-api.md 4.5, 5.2); nothing here can charge it."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import (
    PUT,
    ChangeInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    CustomerId,
    Email,
    Maybe,
    Metadata,
    OrderId,
    PersonName,
    Phone,
)
from conekta_mcp.domains.customers.fields import ShippingContact
from conekta_mcp.domains.orders.fields import (
    ORDER_ENTITY,
    DiscountLine,
    LineItem,
    OrderFiscalEntity,
    ShippingLine,
    TaxLine,
    refuse_together,
)
from conekta_mcp.domains.orders.results import Order
from conekta_mcp.domains.spellings import Currency

PERSON_FIELDS = {"name", "email", "phone"}


class UpdateOrderInput(ChangeInput):
    rare = frozenset(
        {"currency", "tax_lines", "discount_lines", "shipping_lines", "shipping_contact", "fiscal_entity"}
    )

    order_id: OrderId
    line_items: Annotated[Maybe[list[LineItem]], Field(min_length=1, description="Replaces all")] = None
    currency: Annotated[Maybe[Currency], Field(description="Of all amounts")] = None
    metadata: Maybe[Metadata] = None
    tax_lines: Annotated[Maybe[list[TaxLine]], Field(description="Replaces all")] = None
    discount_lines: Annotated[Maybe[list[DiscountLine]], Field(description="Replaces all")] = None
    shipping_lines: Annotated[Maybe[list[ShippingLine]], Field(description="Replaces all")] = None
    shipping_contact: Annotated[Maybe[ShippingContact], Field(description="Where to")] = None
    fiscal_entity: Annotated[Maybe[OrderFiscalEntity], ORDER_ENTITY] = None
    customer_id: Annotated[Maybe[CustomerId], Field(description="New payer, or the next three")] = None
    name: Annotated[Maybe[PersonName], Field(description="New payer")] = None
    email: Annotated[Maybe[Email], Field(description="Payer's")] = None
    phone: Annotated[Maybe[Phone], Field(description="Payer's")] = None

    @model_validator(mode="after")
    def _require_full_payer(self) -> Self:
        given = self.model_dump(exclude_none=True, include=PERSON_FIELDS)
        if self.customer_id:
            refuse_together("customer_id", list(given))
        elif given and PERSON_FIELDS - given.keys():
            absent = ", ".join(sorted(PERSON_FIELDS - given.keys()))
            raise PydanticCustomError("payer_missing", "missing: {absent}", {"absent": absent})
        return self

    def payload(self) -> Mapping[str, Any]:
        of_payer = {"customer_id", *PERSON_FIELDS}
        payer = self.model_dump(exclude_none=True, include=of_payer)
        rest = self.model_dump(exclude_none=True, exclude=of_payer)
        return {**rest, "customer_info": payer} if payer else rest


update_order = Operation(
    name="update_order",
    title="Change an uncharged order",
    title_es="Cambiar una orden sin cargos",
    endpoint=PUT("/orders/{order_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDERS,
    description=(
        "Change lines, payer, address or metadata of an order without a pending or paid charge; lists "
        "replace all of their kind (one line: add_line_item and its siblings). Then charge it with "
        "create_charge."
    ),
    input=UpdateOrderInput,
    example={"order_id": "ord_1", "currency": "MXN"},
    output=Order,
    card="order",
    settled_by="get_order",
    hints={
        "has_charge_paid": "Paid orders stay as they are; only a charge's reference changes: update_charge.",
        "has_charge": "It has a charge: cancel_order and make a new one.",
    },
    idempotent=True,
)

TOOLS = (update_order,)
