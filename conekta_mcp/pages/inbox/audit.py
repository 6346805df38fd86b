"""Records sign-ins, sign-outs and failed attempts in the audit log."""

from secrets import token_hex
from typing import Literal

from conekta_mcp.audit.log import Entry
from conekta_mcp.pages.inbox.context import InboxContext
from conekta_mcp.pages.inbox.requests import Visit

SignInOutcome = Literal["signed_in", "refused", "locked_out", "signed_out"]


async def record_sign_in(
    context: InboxContext, visit: Visit, person: str | None, outcome: SignInOutcome, code: str | None = None
) -> None:
    """Record what became of an attempt; `person` is an approver, or None for a name that nobody has.

    What was typed is never recorded: people type passphrases into the field of the name.

    Raises:
        StoreUnavailable: it cannot be recorded, so nobody may sign in.
    """
    entry = Entry(
        event="sign_in",
        at=await context.store.read_time(),
        call=token_hex(8),
        tool="inbox",
        person=person,
        address=visit.address,
        outcome=outcome,
        code=code,
    )
    await context.audit.record(entry)
