"""Answers the tools that only the buttons of a card call, given the secret of the card."""

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent

from conekta_mcp.errors import AnswerUnrecorded
from conekta_mcp.server.cards.listing import APP_ONLY_TOOLS
from conekta_mcp.server.elicitation import McpClient
from conekta_mcp.server.rendering.approval_card import build_views

if TYPE_CHECKING:
    from conekta_mcp.consent.pending.approvals import PendingApprovals
    from conekta_mcp.consent.pending.record import PendingApproval

SHAPES = {"id": "[0-9a-f]{24}", "secret": "[0-9A-Za-z_-]{32}"}
"""The patterns of a card's arguments; others are not looked up."""


class AppTools:
    """Shows and answers pending approvals on cards; there are none without a store for them."""

    def __init__(self, find_pending: Callable[[], "PendingApprovals"] | None) -> None:
        self._find_pending = find_pending

    @property
    def are_there(self) -> bool:
        return self._find_pending is not None

    async def call(
        self, name: str, arguments: Mapping[str, Any], context: Context[Any, Any]
    ) -> CallToolResult | None:
        """Answer a card; return None for any other tool, client or session, and for a wrong secret."""
        client = McpClient(context)
        if name not in APP_ONLY_TOOLS or self._find_pending is None or not client.shows_cards:
            return None
        approval_id, secret = arguments.get("id"), arguments.get("secret")
        if set(arguments) != {"id", "secret"} or not _has_shape(SHAPES["id"], approval_id):
            return None
        if not _has_shape(SHAPES["secret"], secret):
            return None
        # Imported here: a server that starts has no approvals yet, and most never have one on a card.
        from conekta_mcp.consent.pending.cards import CardApprovals

        pending = self._find_pending()
        cards, card = CardApprovals(pending), (str(approval_id), str(secret), client.session)
        is_recorded = True
        try:
            if name == "approval_state":
                approval = await cards.read_state(*card)
            else:
                approval = await cards.decide(*card, approved=name == "approve_pending")
        except AnswerUnrecorded:
            approval, is_recorded = await pending.find(card[0]), False
        if approval is None:
            return None
        return _render_state(approval, await pending.read_time(), is_recorded=is_recorded)


def _has_shape(shape: str, text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(shape, text) is not None


def _render_state(approval: "PendingApproval", now: float, *, is_recorded: bool) -> CallToolResult:
    # Imported here: the words of pages are not needed before a card asks for them.
    from conekta_mcp.pages.wording import WORDS

    is_over = now >= approval.expires_at and approval.state not in {"spent", "declined"}
    answer: dict[str, Any] = {
        "state": "expired" if is_over else approval.state,
        "channel": approval.channel,
        "views": build_views(approval, now),
    }
    if not is_recorded:
        answer["warning"] = WORDS["unrecorded_next"]
    text = json.dumps({"state": answer["state"]})
    return CallToolResult(content=[TextContent(text=text)], structured_content=answer)
