"""Tools for orders: read, bill by SPEI and cash, cancel (conekta-api.md 4.5, 4.6, 5.1)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from conekta_mcp.catalog import GET, POST, DetailInput, Input, ListInput, Operation, Risk, Toolset
from conekta_mcp.catalog.fields import (
    Cents,
    CustomerId,
    Maybe,
    Metadata,
    OrderId,
    Source,
    SpanishText,
    Text,
    UnixTime,
)
from conekta_mcp.domains.orders.fields import LineItems, PayerInput
from conekta_mcp.domains.orders.results import Order, OrderPage
from conekta_mcp.results.times import say

PaymentStatus = Literal[
    "pending_payment", "paid", "pre_authorized", "declined", "expired", "canceled", "voided",
    "partially_refunded", "refunded", "charged_back",
]  # fmt: skip

SETTLED_BY = "list_orders with the payer's e-mail as search"

CLABE_GUIDE = Source("the CLABE guide, conekta-api.md 0.3")
REUSES = ("reuse_customer_clabe", "reuse_customer_cash_reference")

WIRE_NAMES = {
    "created_at_gte": "created_at.gte",
    "created_at_lte": "created_at.lte",
    "updated_at_gte": "updated_at.gte",
    "updated_at_lte": "updated_at.lte",
}


class ListOrdersInput(ListInput):
    """Times are unix seconds."""

    rare = ListInput.rare | {"amount", "created_at_lte", "updated_at_gte", "updated_at_lte"}

    search: Annotated[
        Maybe[Text],
        Field(description="E-mail or your reference"),
        SpanishText("correo o tu referencia"),
    ] = None
    payment_status: Annotated[Maybe[PaymentStatus], Field(description="Status")] = None
    amount: Annotated[Maybe[Cents], Field(description="Centavos, exact"), Source("conekta-api.md 1.7")] = None
    created_at_gte: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None
    created_at_lte: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None
    updated_at_gte: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None
    updated_at_lte: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None

    def payload(self) -> Mapping[str, Any]:
        return {WIRE_NAMES.get(key, key): value for key, value in super().payload().items()}


list_orders = Operation(
    name="list_orders",
    title="Find orders",
    title_es="Buscar órdenes",
    endpoint=GET("/orders"),
    risk=Risk.READ,
    toolset=Toolset.ORDERS,
    description=(
        "Find orders, newest first: what is owed, what was paid, whether a lost create_order arrived. "
        "No filter by customer id: search the e-mail."
    ),
    input=ListOrdersInput,
    example={},
    output=OrderPage,
    card="table",
)


class GetOrderInput(DetailInput):
    order_id: OrderId


get_order = Operation(
    name="get_order",
    title="Read an order",
    title_es="Ver una orden",
    endpoint=GET("/orders/{order_id}"),
    risk=Risk.READ,
    toolset=Toolset.ORDERS,
    description=(
        "Read one order: paid or not, how and until when to pay, why a card was declined. Without the "
        "id use list_orders."
    ),
    input=GetOrderInput,
    example={"order_id": "ord_1"},
    output=Order,
    card="order",
)


EXPIRY = Field(description="Unix; default SPEI 90 days, cash a month")


def _echo_defaults(asked: "CreateOrderInput | CreateOrderReusingClabeInput") -> Mapping[str, Any]:
    """Return a note if the expiry is a default."""
    if asked.expires_at or getattr(asked, "payment_method", "spei") == "none":
        return {}
    told = say(
        "El vencimiento no se pidió: es el de Conekta",
        "The expiry was not asked for: it is Conekta's default",
    )
    return {"defaults_text": told}


class CreateOrderInput(PayerInput):
    rare = PayerInput.rare | {*REUSES, "metadata"}
    assumed_values: ClassVar[Mapping[str, Any]] = dict.fromkeys(REUSES, False)

    payment_method: Annotated[Literal["spei", "cash", "none"], Field(description="none: no charge yet")] = (
        "spei"
    )
    reuse_customer_clabe: Annotated[Maybe[bool], Field(description="Needs customer_id"), CLABE_GUIDE] = None
    reuse_customer_cash_reference: Annotated[
        Maybe[bool], Field(description="The same for cash"), Source("conekta-api.md 0.3")
    ] = None
    expires_at: Annotated[Maybe[UnixTime], EXPIRY] = None

    @property
    def leaves_payer_to_conekta(self) -> bool:
        """Tell whether Conekta refuses a missing payer, as its CLABE guide documents."""
        return bool(self.reuse_customer_clabe or self.reuse_customer_cash_reference)

    def payload(self) -> Mapping[str, Any]:
        expiry = {"expires_at": self.expires_at} if self.expires_at else {}
        charge = None if self.payment_method == "none" else {"type": self.payment_method, **expiry}
        body = self.build_body(self.payer, charge)
        reused = {name: getattr(self, name) for name in REUSES}
        return {**body, **{name: flag for name, flag in reused.items() if flag is not None}}


create_order = Operation(
    name="create_order",
    title="Bill by SPEI or cash",
    title_es="Cobrar por SPEI o en efectivo",
    endpoint=POST("/orders", accepts_key=True),
    risk=Risk.MONEY,
    toolset=Toolset.ORDERS,
    description=(
        "Bill by SPEI (a fresh CLABE) or cash, or note an order without charge. On a customer's own "
        "CLABE: create_order_reusing_clabe; cards: create_card_order. Moves no money."
    ),
    input=CreateOrderInput,
    example={
        "customer_id": "cus_1",
        "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
    },
    output=Order,
    card="payment",
    settled_by=SETTLED_BY,
    echo=_echo_defaults,
    hints={
        "customer_info.customer_id.missing": (
            "Reusing a reference needs customer_id: find it with list_customers; for a CLABE then use "
            "create_order_reusing_clabe."
        ),
        "offline_recurrent_reference.not_found": (
            "This customer has none yet: create it with add_spei_recurrent_source or, for cash, "
            "add_cash_recurrent_source, then repeat."
        ),
    },
)


class CreateOrderReusingClabeInput(Input):
    rare = frozenset({"metadata"})

    customer_id: CustomerId
    line_items: LineItems
    metadata: Maybe[Metadata] = None
    expires_at: Annotated[Maybe[UnixTime], EXPIRY] = None

    def payload(self) -> Mapping[str, Any]:
        order = CreateOrderInput.model_construct(
            **dict(self), payment_method="spei", reuse_customer_clabe=True
        )
        return order.payload()


create_order_reusing_clabe = Operation(
    name="create_order_reusing_clabe",
    title="Bill on the customer's CLABE",
    title_es="Cobrar en la CLABE del cliente",
    endpoint=POST("/orders", accepts_key=True),
    risk=Risk.MONEY,
    toolset=Toolset.ORDERS,
    description=(
        "Bill a customer by SPEI on the CLABE they already pay to; needs add_spei_recurrent_source "
        "once. One-off CLABE: create_order. Moves no money; the payer transfers the exact amount."
    ),
    input=CreateOrderReusingClabeInput,
    example={
        "customer_id": "cus_1",
        "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
    },
    output=Order,
    card="payment",
    settled_by=SETTLED_BY,
    echo=_echo_defaults,
    hints={
        "offline_recurrent_reference.not_found": (
            "This customer has no recurring CLABE yet: create it with add_spei_recurrent_source, then repeat."
        ),
    },
)


class CancelOrderInput(Input):
    order_id: OrderId


cancel_order = Operation(
    name="cancel_order",
    title="Cancel an unpaid order",
    title_es="Cancelar una orden sin pagar",
    endpoint=POST("/orders/{order_id}/cancel"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.ORDERS,
    description=(
        "Cancel an unpaid order for good, so that it cannot be paid; releases a pre-authorisation. Gives no "
        "money back: for a paid order use refund_order."
    ),
    input=CancelOrderInput,
    example={"order_id": "ord_1"},
    output=Order,
    card="order",
    settled_by="get_order",
    hints={
        "has_charge_paid": "The order is paid: nothing to cancel. Giving the money back is a refund.",
    },
    idempotent=True,
)

TOOLS = (list_orders, get_order, create_order, create_order_reusing_clabe, cancel_order)
