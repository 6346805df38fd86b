"""Records at once who answered a question, and where, because its call may never come again."""

from conekta_mcp.audit.log import AuditLog, Entry
from conekta_mcp.consent.pending.record import PendingApproval


async def record_decision(
    audit: AuditLog, approval: PendingApproval, at: float, address: str | None = None
) -> None:
    """Record the answer to an approval.

    Raises:
        StoreUnavailable: it cannot be recorded; its call will be refused too, because the call is recorded
            first.
    """
    entry = Entry(
        event="decision",
        at=at,
        call=approval.id,
        tool=approval.tool,
        account=approval.caller,
        profile=approval.facts.get("profile"),
        mode=approval.facts.get("mode"),
        amount=approval.facts.get("amount"),
        currency=approval.facts.get("currency"),
        consent=f"{approval.state} ({approval.describe_decision()})",
        person=approval.decided_by,
        address=address,
        outcome=approval.state,
    )
    await audit.record(entry)
