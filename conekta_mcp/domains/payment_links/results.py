"""A payment link, or the checkout of an order (conekta-api.md 4.8)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, computed_field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Result, Seconds
from conekta_mcp.results.times import format_iso, format_moment


class PaymentLinkRow(Result):
    """A link in a list, without its URL: whoever has that can pay."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("checkout",), ("checkout_id",))

    id: str | None = None
    name: str | None = None
    status: str | None = Field(None, description="Issued, Expired or Cancelled")
    type: str | None = None
    recurrent: bool | None = None
    paid_payments_count: int | None = None
    payments_limit_count: int | None = None
    expires_at: Seconds = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)


class PaymentLink(PaymentLinkRow):
    url: str | None = Field(None, description="For the payer; anyone who has it can pay")
    starts_at: Seconds = None
    emails_sent: int | None = None
    sms_sent: int | None = None
    allowed_payment_methods: list[str] | None = None
    excluded_payment_methods: list[str] | None = None
    exclude_card_networks: list[str] | None = None
    monthly_installments_options: list[int] | None = None
    plan_ids: list[str] | None = None
    needs_shipping_contact: bool | None = None
    success_url: str | None = None
    failure_url: str | None = None
    metadata: dict[str, object] | None = None
    livemode: bool | None = None

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = super().curate(raw)
        return {key: facts.pop(key) for key in ("url", "status") if key in facts} | facts
