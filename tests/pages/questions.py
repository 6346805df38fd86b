"""Questions that pages show, in a store of their own."""

from dataclasses import dataclass, field, replace
from typing import Any

from conekta_mcp.consent.pending.approvals import PendingApprovals
from conekta_mcp.consent.pending.record import PendingApproval
from conekta_mcp.storage.sqlite import SqliteStore
from tests.storage.fixtures import MovableClock

START = 1_790_000_000.0
NAME = "Ana</q><script>alert(1)</script> “Aprobado” EN VIVO"
"""A payer who typed markup, other quotation marks and words of ours as their name."""
QUESTION = {
    "es": (
        "Cuenta tienda-centro, dinero REAL\n"
        f"¿Cobrar MXN 500.00 por SPEI a «{NAME}» (cus_1) por «Plan anual», a pagar hasta el 27 dic 2026?\n"
        "Si dices que no, no se hace nada."
    ),
    "en": (
        "Account tienda-centro, LIVE money\n"
        f"Bill MXN 500.00 by SPEI to «{NAME}» (cus_1) for «Plan anual», to be paid until 27 Dec 2026?\n"
        "If you decline, nothing is done."
    ),
}
BILL: dict[str, Any] = {
    "kind": "bill",
    "amount": 50_000,
    "currency": "MXN",
    "recurrence": None,
    "before": {},
    "after": {},
    "is_reversible": True,
    "account": "tienda-centro",
    "mode": "live",
}
MONTHLY = {"amount": 50_000, "interval": "month", "frequency": 1, "times": 12}
CHANGE: dict[str, Any] = {
    **BILL,
    "kind": "change",
    "recurrence": MONTHLY,
    "before": {"amount": 40_000, "currency": "MXN", "interval": "month", "frequency": 1, "times": None},
    "after": {"amount": 50_000, "currency": "MXN", "interval": "month", "frequency": 2, "times": 12},
    "is_reversible": False,
}
DRAFT = PendingApproval(
    id="0" * 24,
    call="call-0",
    effect="effect",
    tool="create_order",
    account="tienda",
    caller="0123456789abcdef",
    question=QUESTION,
    facts=BILL,
    created_at=START,
    expires_at=START + 900,
)


@dataclass
class Questions:
    """Pending approvals, and the clock of their store."""

    clock: MovableClock = field(default_factory=lambda: MovableClock(START))
    made: int = 0

    def __post_init__(self) -> None:
        self.store = SqliteStore(":memory:", self.clock)
        self.pending = PendingApprovals(self.store)

    async def read_time(self) -> float:
        return await self.store.read_time()

    async def ask(self, **more: Any) -> PendingApproval:
        """Ask about one more call."""
        self.made += 1
        draft = replace(
            DRAFT,
            id=f"{self.made:024x}",
            call=f"call-{self.made}",
            created_at=self.clock(),
            expires_at=self.clock() + 900,
            **more,
        )
        return await self.pending.create(draft)

    async def decide(self, approval: PendingApproval) -> None:
        await self.pending.decide(approval.id, approved=False, by="luis", channel="terminal")

    async def find(self, approval: PendingApproval) -> PendingApproval:
        found = await self.pending.find(approval.id)
        assert found is not None
        return found
