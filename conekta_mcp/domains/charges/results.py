"""A charge outside its order, with how to pay it first (conekta-api.md 4.6)."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, computed_field, model_validator

from conekta_mcp.domains.orders.charge_results import Charge, get_payer_fields
from conekta_mcp.results.base import Seconds
from conekta_mcp.results.times import format_iso, format_moment


class FullCharge(Charge):
    """A charge with what its payer needs."""

    clabe: str | None = Field(None, description="18 digits to transfer the exact amount to")
    bank: str | None = None
    reference: str | None = Field(None, description="Cash reference")
    barcode_url: str | None = None
    expires_at: Seconds = None
    order_id: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """Until when it can be paid."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)

    @model_validator(mode="before")
    @classmethod
    def _add_payer_fields(cls, raw: Any) -> Any:
        return {**raw, **get_payer_fields([raw])} if isinstance(raw, Mapping) else raw

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Put what the payer needs first: CLABE or reference, bank and expiry."""
        facts = super().curate(raw)
        first = (
            "clabe",
            "bank",
            "reference",
            "barcode_url",
            "expires_at",
            "expires_at_text",
            "expires_at_iso",
        )
        return {key: facts.pop(key) for key in first if key in facts} | facts
