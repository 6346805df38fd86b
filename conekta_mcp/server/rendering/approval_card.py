"""Renders a question that the client shows on a card, with what only the card may know."""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

from conekta_mcp.consent.client import PendingCard

CARD_META = "conekta-mcp/approval"
"""The key of a result's `_meta` under which the card finds its id and its secret."""


def render_card(card: PendingCard) -> CallToolResult:
    """Render a question as a result that is no error: some clients drop what errors carry besides text.

    The question itself is not in it: the card asks for it with its secret. Some clients keep `_meta` in
    files, or show it to the model, and the question may hold what `--pii` masks.
    """
    told: dict[str, Any] = {
        "status": "consent_pending",
        "outcome": "not_applied",
        "message": card.message,
        "retry_after_s": card.retry_after_s,
        "hint": card.hint,
    }
    return CallToolResult(
        content=[TextContent(text=json.dumps(told, ensure_ascii=False))],
        structured_content=told,
        _meta={CARD_META: {"id": card.approval.id, "secret": card.secret}},
    )
