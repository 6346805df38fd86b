"""Tools for taxes and shipping costs of an order that is not charged yet (conekta-api.md 4.5)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    POST,
    PUT,
    ChangeInput,
    Input,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import (
    Cents,
    Maybe,
    Metadata,
    OrderId,
    ShippingLineId,
    ShortText,
    TaxLineId,
)
from conekta_mcp.domains.order_lines.item_tools import HINTS
from conekta_mcp.domains.order_lines.results import OrderLine

Amount = Annotated[Cents, Field(description="Centavos")]
TaxName = Annotated[ShortText, Field(description="Such as IVA")]


class TaxFields(Input):
    """Arguments that the tools for taxes share."""

    order_id: OrderId
    metadata: Maybe[Metadata] = None


class AddTaxLineInput(TaxFields):
    amount: Amount
    description: TaxName


add_tax_line = Operation(
    name="add_tax_line",
    title="Add a tax to an order",
    title_es="Agregar un impuesto a una orden",
    endpoint=POST("/orders/{order_id}/tax_lines"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Add a tax to an order without a pending or paid charge; its amount grows. Each call adds one; to "
        "correct one use update_tax_line."
    ),
    input=AddTaxLineInput,
    example={"order_id": "ord_1", "amount": 800, "description": "IVA"},
    output=OrderLine,
    settled_by="get_order",
    hints=HINTS,
)


class UpdateTaxLineInput(ChangeInput, TaxFields):
    tax_line_id: TaxLineId
    amount: Maybe[Amount] = None
    description: Maybe[TaxName] = None


update_tax_line = Operation(
    name="update_tax_line",
    title="Change a tax of an order",
    title_es="Cambiar un impuesto de una orden",
    endpoint=PUT("/orders/{order_id}/tax_lines/{tax_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Change the given fields of a tax (ids in get_order) of an uncharged order; its amount follows. To "
        "remove one use delete_tax_line."
    ),
    input=UpdateTaxLineInput,
    example={"order_id": "ord_1", "tax_line_id": "tax_lin_1", "amount": 900},
    output=OrderLine,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)


class DeleteTaxLineInput(Input):
    order_id: OrderId
    tax_line_id: TaxLineId


delete_tax_line = Operation(
    name="delete_tax_line",
    title="Take a tax off an order",
    title_es="Quitar un impuesto de una orden",
    endpoint=DELETE("/orders/{order_id}/tax_lines/{tax_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Take a tax off an uncharged order (ids in get_order); its amount shrinks. To correct it use "
        "update_tax_line."
    ),
    input=DeleteTaxLineInput,
    example={"order_id": "ord_1", "tax_line_id": "tax_lin_1"},
    output=OrderLine,
    echo=echo_deletion,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)


class ShippingFields(Input):
    """Arguments that the tools for shipping costs share."""

    rare = frozenset({"metadata"})

    order_id: OrderId
    carrier: Annotated[Maybe[ShortText], Field(description="Carrier")] = None
    method: Annotated[Maybe[ShortText], Field(description="Such as express")] = None
    tracking_number: Annotated[Maybe[ShortText], Field(description="Tracking number")] = None
    metadata: Maybe[Metadata] = None


class AddShippingLineInput(ShippingFields):
    amount: Amount


add_shipping_line = Operation(
    name="add_shipping_line",
    title="Add shipping to an order",
    title_es="Agregar un envío a una orden",
    endpoint=POST("/orders/{order_id}/shipping_lines"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Add a shipping cost to an order without a pending or paid charge; its amount grows. The order "
        "needs an address: update_order. To correct one use update_shipping_line."
    ),
    input=AddShippingLineInput,
    example={"order_id": "ord_1", "amount": 9900},
    output=OrderLine,
    settled_by="get_order",
    hints={**HINTS, "shipping_contact.missing": "Give the order an address first: update_order."},
)


class UpdateShippingLineInput(ShippingFields):
    """Conekta requires the amount every time (conekta-api.md 3.1)."""

    shipping_line_id: ShippingLineId
    amount: Amount


update_shipping_line = Operation(
    name="update_shipping_line",
    title="Change shipping of an order",
    title_es="Cambiar el envío de una orden",
    endpoint=PUT("/orders/{order_id}/shipping_lines/{shipping_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Change a shipping cost (ids in get_order) of an uncharged order; always say the amount, the "
        "order's follows. To remove one use delete_shipping_line."
    ),
    input=UpdateShippingLineInput,
    example={"order_id": "ord_1", "shipping_line_id": "ship_lin_1", "amount": 9900},
    output=OrderLine,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)


class DeleteShippingLineInput(Input):
    order_id: OrderId
    shipping_line_id: ShippingLineId


delete_shipping_line = Operation(
    name="delete_shipping_line",
    title="Take shipping off an order",
    title_es="Quitar el envío de una orden",
    endpoint=DELETE("/orders/{order_id}/shipping_lines/{shipping_line_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Take a shipping cost off an uncharged order (ids in get_order); its amount shrinks. To correct it "
        "use update_shipping_line."
    ),
    input=DeleteShippingLineInput,
    example={"order_id": "ord_1", "shipping_line_id": "ship_lin_1"},
    output=OrderLine,
    echo=echo_deletion,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)

TOOLS = (
    add_tax_line, update_tax_line, delete_tax_line,
    add_shipping_line, update_shipping_line, delete_shipping_line,
)  # fmt: skip
