"""Formats pending approvals for a terminal, in Spanish and English, and as JSON."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from conekta_mcp.consent.pending.approvals import UNUSED_STATES
from conekta_mcp.consent.pending.record import ApprovalState, PendingApproval
from conekta_mcp.privacy.untrusted_text import clean_line, clean_text, quote_text
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import get_times

SHORTEST_PREFIX = 6
MAX_WIDTH = 60
HIDDEN_FIELDS = ("call", "effect", "card_secrets")
"""Fields that only the server compares."""

STATES: dict[ApprovalState, dict[str, str]] = {
    "created": {"es": "sin respuesta", "en": "not answered"},
    "shown": {"es": "sin respuesta, alguien la ve", "en": "not answered, somebody has it before them"},
    "approved": {"es": "aprobada, aún sin usar", "en": "approved, not used yet"},
    "declined": {"es": "rechazada", "en": "declined"},
    "expired": {"es": "vencida", "en": "expired"},
    "spent": {"es": "aprobada y usada", "en": "approved and used"},
}
WORDS = {
    "es": {
        "live": "EN VIVO, DINERO REAL",
        "test": "prueba",
        "left": "quedan {minutes} min {seconds} s",
        "by": "por {by} ({channel})",
        "id": "aprobación",
        "tool": "herramienta",
        "account": "cuenta",
        "amount": "importe",
        "caller": "llave que lo pide",
        "state": "estado",
        "expires": "vence",
        "result": "resultado",
        "none": "Nadie espera una respuesta.",
        "answer": "Para responder: conekta-mcp approvals watch, o approve ID, o decline ID.",
    },
    "en": {
        "live": "LIVE MONEY",
        "test": "test",
        "left": "{minutes} min {seconds} s left",
        "by": "by {by} ({channel})",
        "id": "approval",
        "tool": "tool",
        "account": "account",
        "amount": "amount",
        "caller": "key that asks",
        "state": "state",
        "expires": "expires",
        "result": "result",
        "none": "Nobody waits for an answer.",
        "answer": "To answer: conekta-mcp approvals watch, or approve ID, or decline ID.",
    },
}


def find_state(approval: PendingApproval, now: float) -> ApprovalState:
    """Return the state now: an approval past its time is expired, whether that is stored or not."""
    is_over = approval.state in UNUSED_STATES and now >= approval.expires_at
    return "expired" if is_over else approval.state


def find_short_ids(approvals: Iterable[PendingApproval]) -> dict[str, str]:
    """Return the shortest unique prefix of each id, of at least 6 digits."""
    names = sorted(one.id for one in approvals)
    short = {}
    for name in names:
        size = SHORTEST_PREFIX
        while size < len(name) and sum(other.startswith(name[:size]) for other in names) > 1:
            size += 1
        short[name] = name[:size]
    return short


def get_account(approval: PendingApproval) -> str:
    return clean_line(str(approval.facts.get("account") or approval.account), MAX_WIDTH)


def get_mode(approval: PendingApproval, language: str) -> str:
    """Return the mode as text; an unknown mode counts as live."""
    return WORDS[language]["test" if approval.facts.get("mode") == "test" else "live"]


def format_row(approval: PendingApproval, short_id: str, now: float, language: str) -> str:
    """Return an approval in two lines."""
    facts = approval.facts
    parts = [short_id, get_mode(approval, language), get_account(approval)]
    parts += [format_pesos(facts.get("amount"), facts.get("currency")) or "", approval.tool]
    parts.append(format_state(approval, now, language))
    lines = approval.question.get(language, "").splitlines()
    question = lines[1] if len(lines) > 1 else "".join(lines)
    return "  ".join(part for part in parts if part) + f"\n    {question}"


def format_state(approval: PendingApproval, now: float, language: str) -> str:
    words, state = WORDS[language], find_state(approval, now)
    told = STATES[state][language]
    if approval.decided_by:
        by = clean_line(approval.decided_by, MAX_WIDTH)
        # A client chooses its own name, which could imitate an approver's.
        by = quote_text(by) if approval.channel == "client" else by
        told += " " + words["by"].format(by=by, channel=approval.channel)
    if state in UNUSED_STATES:
        minutes, seconds = divmod(max(0, round(approval.expires_at - now)), 60)
        told += ", " + words["left"].format(minutes=minutes, seconds=seconds)
    return told


def format_whole(approval: PendingApproval, now: float, language: str) -> str:
    """Return the complete question with everything a person should know."""
    words, facts = WORDS[language], approval.facts
    rows = [
        ("id", approval.id),
        ("account", f"{get_account(approval)} — {get_mode(approval, language)}"),
        ("amount", format_pesos(facts.get("amount"), facts.get("currency"))),
        ("tool", approval.tool),
        ("caller", approval.caller),
        ("state", format_state(approval, now, language)),
        ("expires", get_times().format_minute(approval.expires_at, language)),
        ("result", _format_result(approval)),
    ]
    width = max(len(words[name]) for name, _ in rows)
    lines = [f"{words[name]:<{width}}  {text}" for name, text in rows if text]
    return "\n".join([*lines, "", approval.question.get(language) or approval.tool])


def as_fields(approval: PendingApproval, now: float) -> dict[str, Any]:
    """Return an approval as JSON: times in unix seconds, its end also in ISO, amounts in centavos."""
    kept = {name: value for name, value in vars(approval).items() if name not in HIDDEN_FIELDS}
    ends = get_times().format_iso(approval.expires_at)
    return {**kept, "expires_at_iso": ends, "state": find_state(approval, now)}


def format_json(fields: Mapping[str, Any]) -> str:
    """Return fields on one line without control characters, which customers' text may contain."""
    return clean_text(json.dumps(fields, ensure_ascii=False))


def _format_result(approval: PendingApproval) -> str:
    result = approval.result or {}
    parts = [str(result[name]) for name in ("outcome", "id", "message") if result.get(name)]
    return clean_line(", ".join(parts), 4 * MAX_WIDTH)
