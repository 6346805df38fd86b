"""Tools for payout orders: cash for a person (conekta-api.md 4.11)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    POST,
    PUT,
    DetailInput,
    Input,
    ListInput,
    Operation,
    RefusalExplanation,
    Risk,
    Sender,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    INT32_MAX,
    CustomerId,
    Maybe,
    Metadata,
    PayoutOrderId,
    SpanishText,
    Text,
    UnixTime,
)
from conekta_mcp.domains.balance.tools import get_balance
from conekta_mcp.domains.payouts.results import PayoutOrder
from conekta_mcp.results.base import get_rows
from conekta_mcp.results.page import Page
from conekta_mcp.results.text import format_pesos, join_parts

METHOD = "cashout"
"""The only known method (4.11)."""


class ListPayoutsInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Such as the payee's e-mail"),
        SpanishText("por ejemplo el correo de quien cobra"),
    ] = None


list_payouts = Operation(
    name="list_payouts",
    title="Find payout orders",
    title_es="Buscar órdenes de dispersión",
    endpoint=GET("/payout_orders"),
    risk=Risk.READ,
    toolset=Toolset.PAYOUTS,
    description=(
        "Find payout orders, newest first: what people can still collect, whether a lost create_payout "
        "arrived. Money to the merchant's own bank is in list_transfers."
    ),
    input=ListPayoutsInput,
    example={},
    output=Page[PayoutOrder],
    card="table",
)


class GetPayoutInput(DetailInput):
    payout_order_id: PayoutOrderId


get_payout = Operation(
    name="get_payout",
    title="Read a payout order",
    title_es="Ver una orden de dispersión",
    endpoint=GET("/payout_orders/{payout_order_id}"),
    risk=Risk.READ,
    toolset=Toolset.PAYOUTS,
    description=(
        "Read one payout order: open, collected, canceled or expired. Without the id use list_payouts; an "
        "unknown one is a 402."
    ),
    input=GetPayoutInput,
    example={"payout_order_id": "00000000-0000-4000-8000-000000000001"},
    output=PayoutOrder,
)


class CreatePayoutInput(Input):
    customer_id: CustomerId
    amount: Annotated[int, Field(ge=1, le=INT32_MAX, description="Centavos, MXN")]
    reason: Annotated[Text, Field(description="Why")]
    expires_at: Annotated[UnixTime, Field(description="Collect until; unix seconds")]
    metadata: Maybe[Metadata] = None

    def payload(self) -> Mapping[str, Any]:
        fields = super().payload()
        return {
            **{name: value for name, value in fields.items() if name != "customer_id"},
            "currency": "MXN",
            "customer_info": {"customer_id": self.customer_id},
            "allowed_payout_methods": [METHOD],
            "payout": {"payout_method": {"type": METHOD}},
        }


async def _describe_available(api: Sender) -> str:
    balance = await get_balance.call(api, get_balance.input())
    sums = join_parts(
        format_pesos(one.get("amount"), one.get("currency"))
        for one in get_rows(balance.get("available")) or []
    )
    return f"Available now, by get_balance: {sums or 'nothing'}."


create_payout = Operation(
    name="create_payout",
    title="Pay a person out",
    title_es="Pagar a una persona",
    endpoint=POST("/payout_orders"),
    risk=Risk.MONEY,
    toolset=Toolset.PAYOUTS,
    description=(
        "Let a customer on file collect cash from the merchant's balance; more than get_balance shows as "
        "available is refused. Money leaves when it is collected; until then cancel_payout stops it. Each "
        "call makes another."
    ),
    input=CreatePayoutInput,
    example={"customer_id": "cus_1", "amount": 500, "reason": "Premio", "expires_at": 1_900_000_000},
    output=PayoutOrder,
    settled_by="list_payouts with the customer's e-mail as search",
    hints={
        "processing.payout.general": (
            "Conekta does not say why; most often it is more than get_balance shows as available. Pay "
            "that at most, or wait until more is."
        )
    },
    refusal_explanation=RefusalExplanation(
        "processing.payout.general", get_balance.name, _describe_available
    ),
)


class CancelPayoutInput(Input):
    payout_order_id: PayoutOrderId


cancel_payout = Operation(
    name="cancel_payout",
    title="Cancel a payout order",
    title_es="Cancelar una orden de dispersión",
    endpoint=PUT("/payout_orders/{payout_order_id}/cancel"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.PAYOUTS,
    description=(
        "Cancel an open payout order for good, so that nobody can collect it; the money is available "
        "again. One that was collected stays (get_payout says so)."
    ),
    input=CancelPayoutInput,
    example={"payout_order_id": "00000000-0000-4000-8000-000000000001"},
    output=PayoutOrder,
    settled_by="get_payout",
    hints={"processing.payout.general": "It is unknown, or no longer open: see get_payout."},
    idempotent=True,
)

TOOLS = (list_payouts, get_payout, create_payout, cancel_payout)
