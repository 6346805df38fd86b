"""Tools for discounts of an order, the only lines that can be read alone (conekta-api.md 3.1, 4.5)."""

from typing import Annotated, Literal

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import DiscountLineId, Maybe, OrderId, SpanishText, Text
from conekta_mcp.domains.order_lines.item_tools import HINTS
from conekta_mcp.domains.order_lines.results import OrderLine
from conekta_mcp.domains.order_lines.tools import Amount
from conekta_mcp.results.page import Page

Code = Annotated[Text, Field(description="Discount code")]
DiscountKind = Annotated[Literal["loyalty", "campaign", "coupon", "sign"], Field(description="Kind")]


class ListDiscountLinesInput(ListInput):
    finds_people = False

    order_id: OrderId
    search: Annotated[Maybe[Text], Field(description="Part of a code"), SpanishText("parte de un código")] = (
        None
    )


list_discount_lines = Operation(
    name="list_discount_lines",
    title="Find discounts of an order",
    title_es="Buscar descuentos de una orden",
    endpoint=GET("/orders/{order_id}/discount_lines"),
    risk=Risk.READ,
    toolset=Toolset.ORDER_LINES,
    description="Find the discounts of one order, newest first. All lines of an order are in get_order too.",
    input=ListDiscountLinesInput,
    example={"order_id": "ord_1"},
    output=Page[OrderLine],
    card="table",
)


class OneDiscountLineInput(Input):
    order_id: OrderId
    discount_line_id: DiscountLineId


get_discount_line = Operation(
    name="get_discount_line",
    title="Read a discount of an order",
    title_es="Ver un descuento de una orden",
    endpoint=GET("/orders/{order_id}/discount_lines/{discount_line_id}"),
    risk=Risk.READ,
    toolset=Toolset.ORDER_LINES,
    description="Read one discount of an order. Without its id use list_discount_lines or get_order.",
    input=OneDiscountLineInput,
    example={"order_id": "ord_1", "discount_line_id": "dis_lin_1"},
    output=OrderLine,
)


class AddDiscountLineInput(Input):
    order_id: OrderId
    amount: Amount
    code: Code
    type: DiscountKind


add_discount_line = Operation(
    name="add_discount_line",
    title="Add a discount to an order",
    title_es="Agregar un descuento a una orden",
    endpoint=POST("/orders/{order_id}/discount_lines"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Add a discount to an order without a pending or paid charge; its amount shrinks. Each call adds "
        "one; to correct one use update_discount_line. After payment: refund_order."
    ),
    input=AddDiscountLineInput,
    example={"order_id": "ord_1", "amount": 500, "code": "HOLA", "type": "coupon"},
    output=OrderLine,
    settled_by="list_discount_lines",
    hints=HINTS,
)


class UpdateDiscountLineInput(ChangeInput):
    order_id: OrderId
    discount_line_id: DiscountLineId
    amount: Maybe[Amount] = None
    code: Maybe[Code] = None
    type: Maybe[DiscountKind] = None


update_discount_line = Operation(
    name="update_discount_line",
    title="Change a discount of an order",
    title_es="Cambiar un descuento de una orden",
    endpoint=PUT("/orders/{order_id}/discount_lines/{discount_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Change the given fields of a discount (ids in list_discount_lines) of an uncharged order; its "
        "amount follows. To remove one use delete_discount_line."
    ),
    input=UpdateDiscountLineInput,
    example={"order_id": "ord_1", "discount_line_id": "dis_lin_1", "amount": 600},
    output=OrderLine,
    settled_by="get_discount_line",
    hints=HINTS,
    idempotent=True,
)

delete_discount_line = Operation(
    name="delete_discount_line",
    title="Take a discount off an order",
    title_es="Quitar un descuento de una orden",
    endpoint=DELETE("/orders/{order_id}/discount_lines/{discount_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Take a discount off an uncharged order (ids in list_discount_lines); its amount grows again. To "
        "correct it use update_discount_line."
    ),
    input=OneDiscountLineInput,
    example={"order_id": "ord_1", "discount_line_id": "dis_lin_1"},
    output=OrderLine,
    echo=echo_deletion,
    settled_by="list_discount_lines",
    hints=HINTS,
    idempotent=True,
)

TOOLS = (
    list_discount_lines, get_discount_line, add_discount_line, update_discount_line, delete_discount_line,
)  # fmt: skip
