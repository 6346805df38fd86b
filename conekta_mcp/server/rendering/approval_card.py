"""Renders a question that the client shows on a card, with what only the card may know."""

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

from conekta_mcp.consent.client import PendingCard
from conekta_mcp.results.times import get_times
from conekta_mcp.settings.table import LANGUAGES

CARD_META = "conekta-mcp/approval"
"""The key of a result's `_meta` under which the card finds its question and its secret."""


def render_card(card: PendingCard) -> CallToolResult:
    """Render a question as a result that is no error: some clients drop what errors carry besides text."""
    told: dict[str, Any] = {
        "status": "consent_pending",
        "outcome": "not_applied",
        "message": card.message,
        "retry_after_s": card.retry_after_s,
        "hint": card.hint,
    }
    approval = card.approval
    meta = {
        "id": approval.id,
        "secret": card.secret,
        "question": dict(approval.question),
        "facts": dict(approval.facts),
        "expires_at": approval.expires_at,
        "expires_at_text": {
            language: get_times().format_minute(approval.expires_at, language) for language in LANGUAGES
        },
    }
    return CallToolResult(
        content=[TextContent(text=json.dumps(told, ensure_ascii=False))],
        structured_content=told,
        _meta={CARD_META: meta},
    )
