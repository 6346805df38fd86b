"""Records who signed in to the inbox and out, who could not, and who answered there."""

from secrets import token_hex
from typing import Literal

from conekta_mcp.audit.log import Entry
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.pages.inbox.desk import InboxDesk
from conekta_mcp.pages.inbox.requests import Visit

SignInOutcome = Literal["signed_in", "refused", "locked_out", "signed_out"]


async def record_sign_in(
    desk: InboxDesk, visit: Visit, person: str | None, outcome: SignInOutcome, code: str | None = None
) -> None:
    """Record what became of an attempt; `person` is an approver, or None for a name that nobody has.

    What was typed is never recorded: people type passphrases into the field of the name.

    Raises:
        StoreUnavailable: it cannot be recorded, so nobody may sign in.
    """
    entry = Entry(
        event="sign_in",
        at=await desk.store.read_time(),
        call=token_hex(8),
        tool="inbox",
        person=person,
        address=visit.address,
        outcome=outcome,
        code=code,
    )
    await desk.audit.record(entry)


async def record_decision(desk: InboxDesk, visit: Visit, approval: PendingApproval) -> None:
    """Record an answer at once: its call may never come again."""
    entry = Entry(
        event="decision",
        at=await desk.store.read_time(),
        call=approval.id,
        tool=approval.tool,
        account=approval.caller,
        profile=approval.facts.get("profile"),
        mode=approval.facts.get("mode"),
        amount=approval.facts.get("amount"),
        currency=approval.facts.get("currency"),
        consent=f"{approval.state} ({approval.describe_decision()})",
        person=approval.decided_by,
        address=visit.address,
        outcome=approval.state,
    )
    await desk.audit.record(entry)
