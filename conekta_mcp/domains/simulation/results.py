"""The result of a payment that the sandbox simulated."""

from pydantic import Field, computed_field

from conekta_mcp.results.base import Result
from conekta_mcp.results.text import format_pesos


class SimulatedPayment(Result):
    status: str | None = Field(None, description="applied, or returned to the payer")
    reason: str | None = None
    order_id: str | None = None
    reference: str | None = None
    amount: int | None = Field(None, description="Centavos")
    ambiguous: bool | None = Field(None, description="Several orders waited for this amount")
    candidates: list[str] | None = None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount)
