"""A single line of an order (conekta-api.md 4.5); the currency is the order's, so amounts have no text."""

from typing import ClassVar

from pydantic import Field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.orders.results import AmountLine, LineItem


class Product(LineItem):
    """A product with the id of its order."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("line_item",), ("line_item_id",))

    brand: str | None = None
    deleted: bool | None = Field(None, description="True when it is gone")
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None


class OrderLine(AmountLine):
    """A tax, shipping or discount line with the id of its order."""

    KIND: ClassVar[ObjectKind] = ObjectKind(
        ("tax_line", "shipping_line", "discount_line"),
        ("tax_line_id", "shipping_line_id", "discount_line_id"),
    )

    deleted: bool | None = Field(None, description="True when it is gone")
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None
