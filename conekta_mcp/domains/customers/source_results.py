"""A payment source of a customer: a card, a CLABE or a cash reference (conekta-api.md 4.2)."""

from typing import Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Seconds
from conekta_mcp.results.times import format_iso, format_moment


class PaymentSource(Child):
    """A payment source; what a payer needs comes first."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("payment_source",), ("payment_source_id",))

    clabe: str | None = Field(None, description="18 digits to transfer to")
    bank: str | None = None
    reference: str | None = Field(None, description="Cash reference")
    barcode_url: str | None = None
    expires_at: Seconds = None
    never_expires: bool | None = None
    id: str | None = None
    type: str | None = None
    name: str | None = None
    brand: str | None = None
    last4: str | None = None
    card_type: str | None = None
    exp_month: str | None = None
    exp_year: str | None = None
    payment_source_status: str | None = None
    default: bool | None = None
    deleted: bool | None = None
    parent_id: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def expires_at_text(self) -> str | None:
        """When it expires."""
        return format_moment(self.expires_at)

    @computed_field
    def expires_at_iso(self) -> str | None:
        return format_iso(self.expires_at)

    @model_validator(mode="before")
    @classmethod
    def _name_reference(cls, raw: Any) -> Any:
        if not isinstance(raw, dict):
            return raw
        named = {**raw, "never_expires": True if raw.get("expires_at") in (0, "0", "none") else None}
        if raw.get("type") == "spei_recurrent":
            named["clabe"] = named.pop("reference", None)
        return named
