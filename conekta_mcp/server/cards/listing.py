"""What tools/list adds for clients that show cards."""

from typing import Any

from mcp.types import Tool as WireTool
from mcp.types import ToolAnnotations

from conekta_mcp.catalog import Tool, Toolset
from conekta_mcp.server.cards.all_cards import ASKING_CARD
from conekta_mcp.server.cards.documents import get_address

APP_ONLY_TOOLS = ("approve_pending", "decline_pending", "approval_state")
"""The tools of the buttons; not in the catalogue, so that no model can call them."""


def can_ask(tool: Tool[Any]) -> bool:
    """Tell whether a call of `tool` may be answered with a question to a person."""
    return not tool.risk.read_only and tool.toolset is not Toolset.SANDBOX


def find_card(tool: Tool[Any]) -> str | None:
    """Return the card of a tool: the declared one, or the card that only asks."""
    return tool.card or (ASKING_CARD if can_ask(tool) else None)


def add_card(wire: WireTool, tool: Tool[Any]) -> WireTool:
    """Return a listed tool with its card.

    A tool that can ask is listed without an output schema: its answer may be the question. Everything that
    cards add is made up for by that, so that the list of such a client is no longer than others'.
    """
    card = find_card(tool)
    if card is None:
        return wire
    meta = {"ui": {"resourceUri": get_address(card)}}
    added: dict[str, Any] = {"meta": meta, **({"output_schema": None} if can_ask(tool) else {})}
    return wire.model_copy(update=added)


def list_app_only_tools() -> list[WireTool]:
    """Return the tools of the buttons, in the short form that hosts need; models do not see them."""
    return [
        WireTool(
            name=name,
            input_schema={"type": "object"},
            annotations=ToolAnnotations(read_only_hint=True) if name == "approval_state" else None,
            _meta={"ui": {"visibility": ["app"]}},
        )
        for name in APP_ONLY_TOOLS
    ]
