"""A line of an order on its own (conekta-api.md 4.5); its currency is the order's: amounts have no text."""

from conekta_mcp.domains.orders.results import AmountLine, LineItem


class Product(LineItem):
    """What is sold, and in which order."""

    brand: str | None = None
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None


class OrderLine(AmountLine):
    """A tax, shipping or discount line, and its order."""

    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    livemode: bool | None = None
