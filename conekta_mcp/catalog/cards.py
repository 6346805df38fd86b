"""The cards on which clients with MCP Apps show answers; each is a document of server/cards."""

from typing import Literal, get_args

Card = Literal["approval", "payment", "order", "customer", "table", "sales"]
CARDS: tuple[Card, ...] = get_args(Card)
