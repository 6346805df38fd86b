"""The answer of summarize_sales: sums by currency, in total and in groups."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, computed_field

from conekta_mcp.domains.support.fields import Grouping
from conekta_mcp.results.base import Child, Result
from conekta_mcp.results.text import format_pesos


class SalesSums(Child):
    group: str | None = None
    currency: str | None = None
    taken: int | None = Field(None, description="Centavos")
    fees: int | None = None
    refunds: int | None = None
    chargebacks: int | None = None
    net: int | None = Field(None, description="taken - fees - refunds - chargebacks")
    other: int | None = Field(None, description="Movements that are no sales, such as payouts")
    balance_change: int | None = None
    payments: int | None = None
    refund_count: int | None = None
    chargeback_count: int | None = None

    @computed_field
    def taken_text(self) -> str | None:
        """What was taken, as a person reads it."""
        return format_pesos(self.taken, self.currency)

    @computed_field
    def fees_text(self) -> str | None:
        """The fees, as a person reads them."""
        return format_pesos(self.fees, self.currency)

    @computed_field
    def refunds_text(self) -> str | None:
        """What was given back, as a person reads it."""
        return format_pesos(self.refunds or None, self.currency)

    @computed_field
    def chargebacks_text(self) -> str | None:
        """What was charged back, as a person reads it."""
        return format_pesos(self.chargebacks or None, self.currency)

    @computed_field
    def net_text(self) -> str | None:
        """The net, as a person reads it."""
        return format_pesos(self.net, self.currency)


class PendingSum(Child):
    currency: str | None = None
    amount: int | None = None
    orders: int | None = None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)


class SalesSummary(Result):
    found: str | None = Field(None, description="The totals in a sentence")
    totals: list[SalesSums] | None = Field(None, description="By currency")
    groups: list[SalesSums] | None = Field(None, description="What is 0 is left out")
    pending: list[PendingSum] | None = Field(None, description="Orders of these days that wait for payment")
    by: Grouping | None = None
    complete: bool | None = Field(None, description="false: so far only; left_out says what is missing")
    movements: int | None = None
    left_out: list[str] | None = None

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = {"totals": [], **super().curate(raw)}
        groups = [{key: value for key, value in one.items() if value != 0} for one in facts.get("groups", [])]
        return {**facts, **({"groups": groups} if groups else {})}
