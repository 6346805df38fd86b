"""The rows of an approval's history: its state, and when, by whom and where each step happened."""

from conekta_mcp.consent.pending.record import ApprovalState, PendingApproval
from conekta_mcp.pages.approval_view import Line, TextPart, join_text, list_decision, list_result
from conekta_mcp.pages.inbox.words import bind_inbox_texts
from conekta_mcp.results.times import LocalTimes

TIMES = ("created_at", "shown_at", "decided_at", "expires_at")


def find_state(approval: PendingApproval, now: float) -> ApprovalState:
    """Return the state at `now`, since nothing is stored at the moment of expiry."""
    is_over = approval.state in {"created", "shown", "approved"} and now >= approval.expires_at
    return "expired" if is_over else approval.state


def list_record_rows(
    approval: PendingApproval, language: str, now: float, times: LocalTimes
) -> list[tuple[str, Line]]:
    tell = bind_inbox_texts(language)
    rows: list[tuple[str, Line]] = [
        (tell("state"), (TextPart(tell(f"state_{find_state(approval, now)}")),)),
        *list_decision(approval, language),
    ]
    moments = [(name, getattr(approval, name)) for name in TIMES]
    rows += [
        (tell(name), (TextPart(times.format_second(at, language) or ""),))
        for name, at in moments
        if at is not None
    ]
    asked_by = [(tell("asked_by"), (TextPart(approval.caller),))] if approval.caller else []
    return [*rows, *asked_by, (tell("id"), (TextPart(approval.id),))]


def summarize_outcome(approval: PendingApproval, language: str, now: float, times: LocalTimes) -> str:
    """Return the outcome of an approval on one line."""
    tell = bind_inbox_texts(language)
    parts = [tell(f"state_{find_state(approval, now)}")]
    parts += [join_text(line) for _, line in list_decision(approval, language)]
    parts += [join_text(line) for _, line in list_result(approval, language)]
    if approval.decided_at is not None:
        parts.append(times.format_second(approval.decided_at, language) or "")
    return " · ".join(parts)
