"""Renders a question on a card, with the parts that only the card may know."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mcp.types import CallToolResult, TextContent

from conekta_mcp.settings.table import LANGUAGES

if TYPE_CHECKING:
    from conekta_mcp.consent.client import PendingCard
    from conekta_mcp.consent.pending.record import PendingApproval

CARD_META = "conekta-mcp/approval"
"""The key in a result's `_meta` with the id, the secret and the question for the card."""


def render_card(card: PendingCard, pii: str) -> CallToolResult:
    """Render a question as a result that is no error: some clients drop what errors carry besides text.

    Some clients keep `_meta` in files, or show it to the model. So the question, which names people as they
    are, is not in it where `pii` masks answers: the card then asks for it with its secret.
    """
    told: dict[str, Any] = {
        "status": "consent_pending",
        "outcome": "not_applied",
        "message": card.message,
        "retry_after_s": card.retry_after_s,
        "hint": card.hint,
    }
    known: dict[str, Any] = {"id": card.approval.id, "secret": card.secret}
    if pii == "full":
        known["views"] = build_views(card.approval, card.asked_at)
    return CallToolResult(
        content=[TextContent(text=json.dumps(told, ensure_ascii=False))],
        structured_content=told,
        _meta={CARD_META: known},
    )


def build_views(approval: PendingApproval, now: float) -> dict[str, Any]:
    """Return what a card shows of an approval at `now`, in each language; the host chooses."""
    # Imported here: the words of pages are not needed before a card shows them.
    from conekta_mcp.pages.approval_view import build_view

    return {language: asdict(build_view(approval, language, now)) for language in LANGUAGES}
