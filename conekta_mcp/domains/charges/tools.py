"""Tools for charges of existing orders: create, find, capture, release (conekta-api.md 4.6, 5.1, 5.2)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import (
    GET,
    POST,
    PUT,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    INT32_MAX,
    CardSourceId,
    ChargeId,
    Maybe,
    OrderId,
    Reference,
    SpanishText,
    Text,
    TokenId,
    UnixTime,
)
from conekta_mcp.domains.charges.results import FullCharge
from conekta_mcp.domains.orders.fields import refuse_together
from conekta_mcp.domains.orders.results import Order
from conekta_mcp.results.page import Page

Positive = Annotated[int, Field(ge=1, le=INT32_MAX)]
CARD_ONLY = ("token_id", "payment_source_id", "monthly_installments")
HINTS = {
    "nonexistent_token": "Tokens live 10 minutes and work once; ask for a new one, or use a stored card.",
    "tokenization.used": "This token was used already; ask for a new one, or use a stored card (src_).",
    "has_charge_paid": "The order is paid: do not charge it again. Read it with get_order.",
    "has_charge": "The order has a charge already: see how to pay it with get_order, or cancel_order.",
    "invalid_charges_amount": "Leave amount out: a charge takes the whole amount of its order.",
}


class ListChargesInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Charge id, order id or reference_id"),
        SpanishText("id del cargo, id de la orden o reference_id"),
    ] = None


list_charges = Operation(
    name="list_charges",
    title="Find charges",
    title_es="Buscar cargos",
    endpoint=GET("/charges"),
    risk=Risk.READ,
    toolset=Toolset.CHARGES,
    description=(
        "Find charges of all orders, newest first, with status, fee and refunds. There is no reading of "
        "one by id: search it. What is owed or by whom is in list_orders."
    ),
    input=ListChargesInput,
    example={},
    output=Page[FullCharge],
    card="table",
)


class UpdateChargeInput(Input):
    charge_id: ChargeId
    reference_id: Annotated[Reference, Field(description="Your own reference")]


update_charge = Operation(
    name="update_charge",
    title="Set a charge's reference",
    title_es="Poner la referencia de un cargo",
    endpoint=PUT("/charges/{charge_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.CHARGES,
    description=(
        "Set your own reference on a charge, the one thing that can still change once it is paid. "
        "Metadata of an unpaid order: update_order."
    ),
    input=UpdateChargeInput,
    example={"charge_id": "6a0000000000000000000001", "reference_id": "R-1"},
    output=FullCharge,
    settled_by="list_charges",
    idempotent=True,
)


class NewChargeInput(Input):
    """Arguments of create_charge and create_charges; raw cards, bnpl and pay_by_bank have none."""

    order_id: OrderId
    payment_method: Annotated[Literal["spei", "cash", "card"], Field(description="How it is paid")]
    token_id: Annotated[Maybe[TokenId], Field(description="For card; never a card number")] = None
    payment_source_id: Annotated[Maybe[CardSourceId], Field(description="Or a stored card")] = None
    monthly_installments: Annotated[
        Maybe[Literal[3, 6, 9, 12, 18, 24]], Field(description="Months, card only")
    ] = None
    expires_at: Annotated[Maybe[UnixTime], Field(description="Unix seconds, not for card")] = None
    amount: Annotated[Maybe[Positive], Field(description="Centavos; all by default")] = None
    reference_id: Annotated[Maybe[Reference], Field(description="Your own reference")] = None

    @model_validator(mode="after")
    def _check_method_arguments(self) -> Self:
        given = [name for name in CARD_ONLY if getattr(self, name) is not None]
        if self.payment_method != "card":
            refuse_together(self.payment_method, given)
        elif not (self.token_id or self.payment_source_id):
            raise PydanticCustomError("card_missing", "token_id or payment_source_id is needed")
        else:
            refuse_together("card", ["expires_at"] if self.expires_at else [])
            if self.token_id:
                refuse_together("token_id", [name for name in given if name == "payment_source_id"])
        return self

    def payload(self) -> Mapping[str, Any]:
        of_method = {*CARD_ONLY, "expires_at"}
        method = {"type": self.payment_method, **self.model_dump(exclude_none=True, include=of_method)}
        rest = self.model_dump(exclude_none=True, exclude={*of_method, "payment_method"})
        return {**rest, "payment_method": method}


create_charge = Operation(
    name="create_charge",
    title="Charge an order",
    title_es="Hacer un cargo a una orden",
    endpoint=POST("/orders/{order_id}/charges", accepts_key=True),
    risk=Risk.MONEY,
    toolset=Toolset.CHARGES,
    description=(
        "Charge an order that has no live charge: made without one, declined or expired. A card moves real "
        "money at once; spei and cash wait for the payer. Order and charge together: create_order, "
        "create_card_order."
    ),
    input=NewChargeInput,
    example={"order_id": "ord_1", "payment_method": "cash"},
    output=FullCharge,
    settled_by="get_order",
    hints=HINTS,
)

create_charges = Operation(
    name="create_charges",
    title="Charge an order, every network",
    title_es="Hacer cargos a una orden, en cada red de tiendas",
    endpoint=POST("/orders/{order_id}/add_charges"),
    equal_endpoint=create_charge.endpoint,
    twin_of=create_charge.name,
    risk=Risk.MONEY,
    toolset=Toolset.CHARGES,
    description=(
        "Like create_charge, but answers with a list: cash can get one reference for each network of "
        "shops. A card moves real money at once. For one charge use create_charge."
    ),
    input=NewChargeInput,
    example={"order_id": "ord_1", "payment_method": "cash"},
    output=Page[FullCharge],
    card="table",
    settled_by="get_order",
    hints=HINTS,
)


class CaptureOrderInput(Input):
    order_id: OrderId
    amount: Annotated[Maybe[Positive], Field(description="Centavos; all by default")] = None


capture_order = Operation(
    name="capture_order",
    title="Take a pre-authorised amount",
    title_es="Capturar un monto preautorizado",
    endpoint=POST("/orders/{order_id}/capture"),
    risk=Risk.MONEY,
    toolset=Toolset.CHARGES,
    description=(
        "Take the money that a pre_authorized order holds on a card. Happens once: of less than all, "
        "the rest goes back to the card. To let go of everything use cancel_order."
    ),
    input=CaptureOrderInput,
    example={"order_id": "ord_1"},
    output=Order,
    card="order",
    settled_by="get_order",
    hints={"has_charge_paid": "It is captured already. Giving money back is refund_order."},
)


class VoidOrderInput(Input):
    order_id: OrderId


void_order = Operation(
    name="void_order",
    title="Release a pre-authorisation",
    title_es="Liberar una preautorización",
    endpoint=POST("/orders/{order_id}/void"),
    source="known of the vendor's old SDKs (4.x)",
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.CHARGES,
    description=(
        "Release what a pre_authorized order holds, for good. Known of Conekta's old SDKs only: use "
        "cancel_order, and this where that is refused. Paid orders: refund_order."
    ),
    input=VoidOrderInput,
    example={"order_id": "ord_1"},
    output=Order,
    card="order",
    settled_by="get_order",
    idempotent=True,
)

TOOLS = (list_charges, update_charge, create_charge, create_charges, capture_order, void_order)
