"""A single line of an order (conekta-api.md 4.5); the currency is the order's, so amounts have no text."""

from conekta_mcp.domains.orders.results import AmountLine, LineItem


class Product(LineItem):
    """A product with the id of its order."""

    brand: str | None = None
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None


class OrderLine(AmountLine):
    """A tax, shipping or discount line with the id of its order."""

    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None
