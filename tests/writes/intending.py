"""Claims, proofs and refusals, for the tests of intents."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from conekta_mcp.catalog import Verification
from conekta_mcp.domains.refunds.tools import refund_order
from conekta_mcp.errors import Failure
from conekta_mcp.storage.records import Attempt, Claim
from conekta_mcp.writes.intents import ClaimResender, ClaimSettler, Intents
from conekta_mcp.writes.settling import Settler

LEASE = 150.0
START = 1_790_000_000.0
Prove = Callable[[Claim], Awaitable[Verification]]
BUYER = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"}


def claim(owner: str = "one", fingerprint: str = "f", **more: Any) -> Claim:
    given = {"account": "a1b2", "tool": "refund_order", "key": "k-1", "arguments": "{}", "at": START}
    given |= {"attempts": (Attempt(at=START, wall=START),)}
    return Claim(**{**given, "until": START + LEASE, "owner": owner, "fingerprint": fingerprint, **more})


def proving(outcome: Any, answer: Any = None, look: str | None = None) -> Prove:
    async def prove(_: Claim) -> Verification:
        return Verification(outcome=outcome, answer=answer, lookup=look)

    return prove


async def unsettled(_: Claim, __: float) -> Claim:
    raise AssertionError("nothing was lost, so nothing has to be settled")


def settling(intents: Intents, verify: Prove | None, resend: ClaimResender | None = None) -> ClaimSettler:
    return Settler(intents=intents, verify=verify, resend=resend).settle


def refund(**more: Any) -> Any:
    given = {"order_id": "ord_1", "amount": 500, "reason": "requested_by_client", **more}
    return refund_order.input.model_validate(given)


async def refused(call: Awaitable[object]) -> tuple[str, str | None]:
    with pytest.raises(Failure) as caught:
        await call
    return caught.value.type, caught.value.outcome
