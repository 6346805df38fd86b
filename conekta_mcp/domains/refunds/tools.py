"""Tools for refunds of orders and charges (conekta-api.md 4.7, 5.2)."""

from typing import Annotated, Literal

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    POST,
    Input,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    Maybe,
    OrderId,
    RefundId,
    UnixTime,
)
from conekta_mcp.domains.charges.tools import Positive
from conekta_mcp.domains.orders.results import Order

Reason = Literal[
    "requested_by_client", "cannot_be_fulfilled", "duplicated_transaction", "suspected_fraud", "other"
]
"""The only reasons that Conekta accepts (conekta-api.md 14)."""


class RefundOrderInput(Input):
    rare = frozenset({"expires_at"})

    order_id: OrderId
    amount: Annotated[Positive, Field(description="Centavos to give back")]
    reason: Annotated[Reason, Field(description="Why, for Conekta")]
    expires_at: Annotated[Maybe[UnixTime], Field(description="Collect cash until; unix seconds")] = None


refund_order = Operation(
    name="refund_order",
    title="Refund an order",
    title_es="Reembolsar una orden",
    endpoint=POST("/orders/{order_id}/refunds"),
    risk=Risk.MONEY,
    toolset=Toolset.REFUNDS,
    description=(
        "Give money of a paid order back, all or a part; get_order says if it can. Confirm the amount: to "
        "a card no call takes it back. Each call refunds again. Unpaid: cancel_order."
    ),
    input=RefundOrderInput,
    example={"order_id": "ord_1", "amount": 500, "reason": "requested_by_client"},
    output=Order,
    card="order",
    settled_by="get_order: amount_refunded",
    hints={
        "order_not_refundable": "See payment_status and is_refundable in get_order.",
        "amount.invalid": "At most what the charges in get_order took, minus amount_refunded, can go back.",
    },
)


class CancelRefundInput(Input):
    order_id: OrderId
    refund_id: RefundId


cancel_refund = Operation(
    name="cancel_refund",
    title="Cancel a pending refund",
    title_es="Cancelar un reembolso pendiente",
    endpoint=DELETE("/orders/{order_id}/refunds/{refund_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.REFUNDS,
    description=(
        "Cancel a refund that is still pending, such as cash nobody collected; its id is in the charges of "
        "get_order. A refund to a card cannot be undone."
    ),
    input=CancelRefundInput,
    example={"order_id": "ord_1", "refund_id": "6a0000000000000000000001"},
    output=Order,
    settled_by="get_order",
    idempotent=True,
)

TOOLS = (refund_order, cancel_refund)
