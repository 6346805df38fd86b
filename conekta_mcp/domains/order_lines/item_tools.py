"""Tools for the products of an uncharged order (conekta-api.md 4.5); each call answers with the product."""

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
    LineItemId,
    Maybe,
    Metadata,
    OrderId,
    ShortText,
    Text,
    publish_as_text,
)
from conekta_mcp.domains.order_lines.results import Product
from conekta_mcp.domains.orders.fields import Tag, Tags

HINTS = {
    "has_charge_paid": "The order is paid: its lines stay as they are.",
    "has_charge": "The order has a charge: cancel_order and make a new one with the right lines.",
    "line_items.missing": "An order keeps at least one product: add the new one first.",
    "discount_lines.amount.invalid": "Discounts cannot be more than everything else of the order.",
}
Name = Annotated[ShortText, Field(description="What is sold")]
Price = Annotated[Cents, Field(description="Centavos each")]
Quantity = Annotated[int, Field(ge=1, le=1_000_000, description="How many")]


class ProductFields(Input):
    """The optional fields of a product."""

    rare = frozenset({"sku", "brand", "tags", "antifraud_info"})

    order_id: OrderId
    description: Annotated[Maybe[ShortText], Field(description="Details")] = None
    sku: Annotated[Maybe[Text], Field(description="Your SKU")] = None
    brand: Annotated[Maybe[Tag], Field(description="Brand")] = None
    tags: Annotated[Maybe[Tags], Field(description="Your own words")] = None
    antifraud_info: Annotated[Maybe[Metadata], publish_as_text("For the antifraud, as JSON text")] = None
    metadata: Maybe[Metadata] = None


class AddLineItemInput(ProductFields):
    name: Name
    unit_price: Price
    quantity: Quantity


add_line_item = Operation(
    name="add_line_item",
    title="Add a product to an order",
    title_es="Agregar un producto a una orden",
    endpoint=POST("/orders/{order_id}/line_items"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Add a product to an order without a pending or paid charge; its amount grows. Each call adds one; "
        "to correct one use update_line_item."
    ),
    input=AddLineItemInput,
    example={"order_id": "ord_1", "name": "Plan anual", "unit_price": 50000, "quantity": 1},
    output=Product,
    settled_by="get_order",
    hints=HINTS,
)


class UpdateLineItemInput(ChangeInput, ProductFields):
    line_item_id: LineItemId
    name: Maybe[Name] = None
    unit_price: Maybe[Price] = None
    quantity: Maybe[Quantity] = None


update_line_item = Operation(
    name="update_line_item",
    title="Change a product of an order",
    title_es="Cambiar un producto de una orden",
    endpoint=PUT("/orders/{order_id}/line_items/{line_item_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Change the given fields of a product (ids in get_order) of an uncharged order; its amount follows. "
        "All products at once: update_order."
    ),
    input=UpdateLineItemInput,
    example={"order_id": "ord_1", "line_item_id": "line_item_1", "quantity": 2},
    output=Product,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)


class DeleteLineItemInput(Input):
    order_id: OrderId
    line_item_id: LineItemId


delete_line_item = Operation(
    name="delete_line_item",
    title="Take a product off an order",
    title_es="Quitar un producto de una orden",
    endpoint=DELETE("/orders/{order_id}/line_items/{line_item_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.ORDER_LINES,
    description=(
        "Take a product off an uncharged order (ids in get_order); its amount shrinks. The last one stays: "
        "to give the order up use cancel_order."
    ),
    input=DeleteLineItemInput,
    example={"order_id": "ord_1", "line_item_id": "line_item_1"},
    output=Product,
    echo=echo_deletion,
    settled_by="get_order",
    hints=HINTS,
    idempotent=True,
)

TOOLS = (add_line_item, update_line_item, delete_line_item)
