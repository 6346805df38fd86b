"""A card token, and the monthly instalments that a card can pay in (conekta-api.md 3.2, 4.11)."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Result, Rows, Seconds
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_iso, format_moment


class Token(Result):
    """A token; it reveals nothing about the card."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("token",))

    id: str | None = None
    used: bool | None = None
    checkout_id: str | None = Field(None, description="For Conekta's Component in the browser")
    checkout_expires_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def checkout_expires_at_text(self) -> str | None:
        """Until when the payer can give the card."""
        return format_moment(self.checkout_expires_at)

    @computed_field
    def checkout_expires_at_iso(self) -> str | None:
        return format_iso(self.checkout_expires_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten_checkout(cls, raw: Any) -> Any:
        checkout = raw.get("checkout")
        if not isinstance(checkout, dict):
            return raw
        return {
            **raw,
            "checkout_id": checkout.get("id"),
            "checkout_expires_at": checkout.get("expires_at"),
        }


class Installment(Child):
    """One way to split the amount."""

    months: int | None = None
    amount: int | None = Field(None, description="Centavos a month, rounded up")

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount)


class Installments(Result):
    """The ways to split the amount; none if the card is not eligible."""

    KIND: ClassVar[ObjectKind] = ObjectKind(fields=(), any_fields=("available_installments", "bin_info"))

    eligible: bool | None = None
    available_installments: Annotated[list[Installment] | None, Rows] = None
    country: str | None = None
    scheme: str | None = None
    issuer: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _flatten_bin(cls, raw: Any) -> Any:
        card = raw.get("bin_info")
        facts = card if isinstance(card, dict) else {}
        ways = raw.get("available_installments")
        return {**facts, "available_installments": ways, "eligible": None if ways is None else bool(ways)}
