"""A payout order: cash for a person (conekta-api.md 4.11)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.balance.results import Money
from conekta_mcp.results.base import Child, Rows, Seconds
from conekta_mcp.results.times import format_iso, format_moment


class Payee(Child):
    """Who gets the money."""

    customer_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_id(cls, raw: Any) -> Any:
        known = isinstance(raw, dict)
        return {**raw, "customer_id": raw.get("customer_id") or raw.get("id")} if known else raw


class Payout(Money):
    """One delivery of the money."""

    id: str | None = None
    status: str | None = None


class PayoutOrder(Money):
    KIND: ClassVar[ObjectKind] = ObjectKind(("payout_order",), ("payout_order_id",))

    id: str | None = None
    status: str | None = Field(None, description="open, paid_out, canceled, expired")
    reason: str | None = None
    customer: Payee | None = None
    allowed_payout_methods: list[str] | None = None
    payouts: Annotated[list[Payout] | None, Rows] = None
    expires_at: Seconds = None
    metadata: dict[str, object] | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be collected."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)

    @model_validator(mode="before")
    @classmethod
    def _name_customer(cls, raw: Any) -> Any:
        return {**raw, "customer": raw.get("customer_info")} if isinstance(raw, dict) else raw
