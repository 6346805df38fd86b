"""The view of an approval for a page, in one language; text that others typed is marked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.wording import bind_page_texts
from conekta_mcp.privacy.untrusted_text import quote_text
from conekta_mcp.results.text import format_pesos

QUOTED = re.compile("«[^»]*(?:»|$)|“[^”]*”")
"""Text that others typed, between quotation marks that it cannot contain."""
COMPARED = ("amount", "recurrence", "payer", "plan")
"""Fields that can change, in the order of the page."""
INTERVALS = {
    "week": {"es": ("semana", "semanas"), "en": ("week", "weeks")},
    "half_month": {"es": ("quincena", "quincenas"), "en": ("half month", "half months")},
    "month": {"es": ("mes", "meses"), "en": ("month", "months")},
    "year": {"es": ("año", "años"), "en": ("year", "years")},
}


@dataclass(frozen=True)
class TextPart:
    """A part of a line: our words, or text that others typed."""

    text: str
    is_typed: bool = False


Line = tuple[TextPart, ...]


@dataclass(frozen=True, kw_only=True)
class ChangedField:
    name: str
    before: Line
    after: Line


@dataclass(frozen=True, kw_only=True)
class ApprovalView:
    """The fields of an approval that the templates use."""

    id: str
    stage: str
    is_live: bool
    account: Line
    amount: str | None
    question: Line
    warnings: list[Line]
    declining: Line
    rows: list[tuple[str, Line]]
    result: list[tuple[str, Line]] = field(default_factory=list)
    """The outcome of the call, if this server carried it out."""
    changes: list[ChangedField] = field(default_factory=list)
    left_ms: int
    left_text: str


def build_view(approval: PendingApproval, language: str, now: float) -> ApprovalView:
    """Return the view of an approval at `now`, unix seconds by the store's clock."""
    facts = approval.facts
    # write_question: the account, the sentence, a warning if there is one, and what a no does.
    account, *middle, declining = approval.question[language].split("\n")
    left = max(0, round(approval.expires_at - now))
    return ApprovalView(
        id=approval.id,
        stage=approval.stage,
        is_live=facts.get("mode") != "test",
        account=split_typed(account),
        amount=format_pesos(facts.get("amount"), facts.get("currency")),
        question=split_typed(middle[0] if middle else account),
        warnings=[split_typed(line) for line in middle[1:]],
        declining=split_typed(declining),
        rows=_list_rows(approval, language),
        result=list_result(approval, language),
        changes=_list_changes(facts, language),
        left_ms=left * 1000,
        left_text=f"{left // 60}:{left % 60:02d}",
    )


def split_typed(text: str) -> Line:
    """Split a line into our words and text that others typed, which keeps its quotation marks."""
    parts: list[TextPart] = []
    at = 0
    for found in QUOTED.finditer(text):
        parts.append(_judge_plain(text[at : found.start()]))
        parts.append(TextPart(found.group(), is_typed=True))
        at = found.end()
    parts.append(_judge_plain(text[at:]))
    return tuple(part for part in parts if part.text)


def _judge_plain(text: str) -> TextPart:
    # A long question is cut in the middle: the end of a quotation whose start is missing is still typed.
    return TextPart(text, is_typed="»" in text)


def _list_rows(approval: PendingApproval, language: str) -> list[tuple[str, Line]]:
    say, facts = bind_page_texts(language), approval.facts
    rows: list[tuple[str, Line]] = []
    if facts.get("recurrence"):
        again = format_recurrence(facts["recurrence"], facts.get("currency"), language)
        rows.append((say("recurrence"), (TextPart(again),)))
    if "is_reversible" in facts:
        answer = say("is_reversible" if facts["is_reversible"] else "is_final")
        rows.append((say("reversible"), (TextPart(answer),)))
    rows.append((say("tool"), (TextPart(approval.tool),)))
    return rows


def list_decision(approval: PendingApproval, language: str) -> list[tuple[str, Line]]:
    """Return who decided an approval, and where."""
    say, channel = bind_page_texts(language), approval.channel
    rows: list[tuple[str, Line]] = []
    # A client reports its own name; a page and a card know nobody's.
    if approval.decided_by and approval.decided_by != channel:
        rows.append((say("decided_by"), (_quote(approval.decided_by),)))
    if channel:
        rows.append((say("decided_where"), (TextPart(say(f"at_{channel}")),)))
    return rows


def list_result(approval: PendingApproval, language: str) -> list[tuple[str, Line]]:
    """Return how the call of an approval ended, if this server carried it out."""
    say, result = bind_page_texts(language), approval.result
    if result is None:
        return []
    outcome = result.get("outcome")
    known = outcome if outcome in {"applied", "not_applied"} else "unknown"
    rows: list[tuple[str, Line]] = [(say("result"), (TextPart(say(f"result_{known}")),))]
    # Both come from outside: an id of Conekta's, and what it said of a refusal.
    return rows + [
        (say(f"result_{name}"), (_quote(str(result[name])),))
        for name in ("id", "message")
        if result.get(name)
    ]


def format_recurrence(again: Mapping[str, Any], currency: object, language: str) -> str:
    """Return how often an amount recurs, such as "MXN 500.00 cada mes, 12 veces"."""
    say, interval, times = bind_page_texts(language), again.get("interval"), again.get("times")
    frequency = again.get("frequency") or 1
    amount = format_pesos(again.get("amount"), str(currency or "MXN")) or say("unknown_amount")
    if interval is None:
        rhythm = say("whenever")
    else:
        one, several = INTERVALS.get(interval, {}).get(language, (interval, interval))
        rhythm = f"{say('every')} {one if frequency == 1 else f'{frequency} {several}'}"
    end = say("endless") if times is None else f"{times} {say('once' if times == 1 else 'times')}"
    return f"{amount} {rhythm}, {end}"


def _list_changes(facts: Mapping[str, Any], language: str) -> list[ChangedField]:
    before, after = facts.get("before") or {}, facts.get("after") or {}
    if not before or not after:
        return []
    say = bind_page_texts(language)
    found = []
    for name in COMPARED:
        sides = [_show_side(name, side, language) for side in (before, after)]
        if sides[0] != sides[1]:
            found.append(ChangedField(name=say(f"changed_{name}"), before=sides[0], after=sides[1]))
    return found


def _show_side(name: str, side: Mapping[str, Any], language: str) -> Line:
    """Return one field before or after the call; "" if it is unknown."""
    if name == "amount" and "amount" in side:
        amount = format_pesos(side["amount"], side.get("currency"))
        return (TextPart(amount or bind_page_texts(language)("unknown_amount")),)
    if name == "recurrence" and "interval" in side:
        return (TextPart(format_recurrence(side, side.get("currency"), language)),)
    if name in {"payer", "plan"} and side.get(name):
        # An id or a name: both come from outside.
        return (_quote(str(side[name])),)
    return ()


def _quote(text: str) -> TextPart:
    return TextPart(quote_text(text), is_typed=True)


def join_text(line: Sequence[TextPart]) -> str:
    """Return a line as plain text."""
    return "".join(part.text for part in line)
