"""A plan: what subscribers pay and how often (conekta-api.md 4.9)."""

from typing import ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.text import format_pesos


class PlanRow(Child):
    """A plan in a list, or of a portal's subscription."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("plan",), ("plan_id",))

    id: str | None = None
    name: str | None = None
    amount: int | None = Field(None, description="Centavos each cycle")
    currency: str | None = None
    interval: str | None = None
    frequency: int | None = Field(None, description="Intervals in a cycle")

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)


class Plan(PlanRow):
    trial_period_days: int | None = None
    expiry_count: int | None = Field(None, description="Charges in all; absent: endless")
    max_retries: int | None = None
    retry_delay_hours: int | None = None
    created_at: Seconds = None
    deleted: bool | None = None
    livemode: bool | None = None
