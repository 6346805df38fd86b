"""What the server says and does besides for clients that show cards."""

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
    """The cards of one server; `find_pending` finds the approvals that they may answer, if any."""

    def __init__(self, language: str, find_pending: Callable[[], PendingApprovals] | None) -> None:
        self._language = language
        self.app_tools = AppTools(find_pending)

    def declare(self, server: Server[Any]) -> None:
        """Tell clients that there are cards; the SDK tells only those of 2026-07-28, and hosts do without."""
        server.extensions[EXTENSION_ID] = {}

    def list_tools(
        self,
        ctx: ServerRequestContext[Any],
        tools: Sequence[Tool[Any]],
        to_wire_tool: Callable[[Tool[Any]], WireTool],
    ) -> list[WireTool]:
        """Return `tools` as they are listed to this client."""
        if not supports_cards(ctx):
            return [to_wire_tool(tool) for tool in tools]
        listed = [add_card(to_wire_tool(tool), tool) for tool in tools]
        # Where nothing can ask, as under --read-only, no card has buttons.
        has_buttons = self.app_tools.are_there and any(map(can_ask, tools))
        return [*listed, *(list_app_only_tools() if has_buttons else [])]

    def add_resources(
        self, ctx: ServerRequestContext[Any], cursor: str | None, page: ListResourcesResult
    ) -> ListResourcesResult:
        """Return the first page of resources with the cards, for a client that shows them."""
        if cursor is not None or not supports_cards(ctx):
            return page
        return page.model_copy(update={"resources": [*page.resources, *list_cards(self._language)]})
