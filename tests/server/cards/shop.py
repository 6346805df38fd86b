"""Clients that show cards, and a shop on the sandbox in which a bill needs a person's yes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from mcp import Client
from mcp.client import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import CallToolResult

from conekta_mcp.app import App
from conekta_mcp.server.rendering.approval_card import CARD_META
from conekta_mcp.settings import Settings

APPS = [advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})]
"""What a client that shows cards declares."""
ASKS = {"sandbox": True, "confirm": "money", "store": "memory", "approval_channels": ("card",)}
START = 1_790_000_000.0
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]
PAYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


class MovableTime:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@asynccontextmanager
async def connect(
    mode: Any = "auto", *, apps: bool = True, clock: Callable[[], float] | None = None, **settings: Any
) -> AsyncIterator[Client]:
    """A client of a server in this process."""
    chosen = Settings(**{**ASKS, **settings})
    app = App(chosen, clock=clock) if clock else App(chosen)
    try:
        async with Client(app.server, mode=mode, extensions=APPS if apps else None) as client:
            yield client
    finally:
        await app.close()


async def bill(client: Client, **more: Any) -> CallToolResult:
    return await client.call_tool("create_order", {**PAYER, "line_items": LINES, **more})


async def count_orders(client: Client) -> int:
    listed = (await client.call_tool("list_orders", {})).structured_content or {}
    return len(listed["rows"])


def read_card_meta(result: CallToolResult) -> dict[str, str]:
    """What the card answers with, which the model does not get."""
    return {name: read_card_only(result)[name] for name in ("id", "secret")}


def read_card_only(result: CallToolResult) -> dict[str, Any]:
    """All that the card gets and the model does not."""
    found: dict[str, Any] = (result.meta or {})[CARD_META]
    return found
