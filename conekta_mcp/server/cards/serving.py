"""What the server adds for clients that show cards: tools, resources, and its capability."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mcp.server.context import ServerRequestContext
from mcp.types import ListResourcesResult
from mcp.types import Tool as WireTool

from conekta_mcp.catalog import Tool
from conekta_mcp.server.card_support import EXTENSION_ID, supports_cards
from conekta_mcp.server.cards.app_tools import AppTools
from conekta_mcp.server.cards.documents import list_cards
from conekta_mcp.server.cards.listing import add_card, can_ask, list_app_only_tools

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

    from conekta_mcp.consent.pending.approvals import PendingApprovals


class Cards:
    """The cards of one server; `find_pending` returns the approvals that they may answer, if any."""

    def __init__(self, language: str, find_pending: Callable[[], PendingApprovals] | None) -> None:
        self._language = language
        self.app_tools = AppTools(find_pending)

    def declare(self, server: Server[Any]) -> None:
        """Declare the capability; the SDK does so only for the protocol of 2026-07-28."""
        server.extensions[EXTENSION_ID] = {}

    def list_tools(
        self,
        ctx: ServerRequestContext[Any],
        tools: Sequence[Tool[Any]],
        to_wire_tool: Callable[[Tool[Any]], WireTool],
    ) -> list[WireTool]:
        """Return `tools` as this client lists them."""
        if not supports_cards(ctx):
            return [to_wire_tool(tool) for tool in tools]
        listed = [add_card(to_wire_tool(tool), tool) for tool in tools]
        # If no tool can ask, as with --read-only, no card has buttons.
        has_buttons = self.app_tools.are_there and any(map(can_ask, tools))
        return [*listed, *(list_app_only_tools() if has_buttons else [])]

    def add_resources(
        self, ctx: ServerRequestContext[Any], cursor: str | None, page: ListResourcesResult
    ) -> ListResourcesResult:
        """Return the first page of resources, with the cards if the client shows them."""
        if cursor is not None or not supports_cards(ctx):
            return page
        return page.model_copy(update={"resources": [*page.resources, *list_cards(self._language)]})
