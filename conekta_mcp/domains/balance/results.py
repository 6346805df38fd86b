"""Balance, transactions and transfers (conekta-api.md 4.11); of account numbers the last four digits only."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Result, Rows, Seconds
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import format_moment


class Money(Child):
    amount: int | None = Field(None, description="Centavos")
    currency: str | None = None

    @computed_field
    def amount_text(self) -> str | None:
        """The amount as a person reads it."""
        return format_pesos(self.amount, self.currency)


Amounts = Annotated[list[Money] | None, Rows]


class Balance(Result):
    """The merchant's balance; retentions of zero are left out."""

    KIND: ClassVar[ObjectKind] = ObjectKind(fields=(), any_fields=("available", "pending", "retained"))

    available: Amounts = None
    pending: Amounts = None
    retained: Amounts = None
    temporarily_retained: Amounts = None
    retention_amount: Amounts = None
    target_retention_amount: Amounts = None
    conekta_retention: Amounts = None
    cashout_retention_amount: Amounts = None
    gateway: Amounts = None
    target_collateral_amount: dict[str, object] | None = None

    @classmethod
    def curate(cls, raw: Mapping[str, Any]) -> dict[str, Any]:
        facts = super().curate(raw)
        always = ("available", "pending", "retained")
        return {name: value for name, value in facts.items() if name in always or _has_amount(value)}


class Transaction(Money):
    KIND: ClassVar[ObjectKind] = ObjectKind(("transaction",), ("transaction_id",))

    id: str | None = None
    type: str | None = None
    status: str | None = None
    fee: int | None = None
    net: int | None = Field(None, description="amount less fee, centavos")
    charge_id: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def net_text(self) -> str | None:
        """The net amount as a person reads it."""
        return format_pesos(self.net, self.currency)

    @computed_field
    def created_at_text(self) -> str | None:
        """When it was booked."""
        return format_moment(self.created_at)

    @model_validator(mode="before")
    @classmethod
    def _name_charge(cls, raw: Any) -> Any:
        return {**raw, "charge_id": raw.get("charge")} if isinstance(raw, Mapping) else raw


class Transfer(Money):
    """A settlement to the merchant's bank."""

    KIND: ClassVar[ObjectKind] = ObjectKind(("transfer",), ("transfer_id",))

    id: str | None = None
    status: str | None = None
    bank: str | None = None
    account_holder: str | None = None
    account_last4: str | None = None
    statement_reference: str | None = None
    statement_description: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None

    @computed_field
    def created_at_text(self) -> str | None:
        """When it was made."""
        return format_moment(self.created_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten_account(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        # A list has `method`, a single transfer `destination`, some with the number and some with last4.
        account = raw.get("method") or raw.get("destination")
        account = account if isinstance(account, Mapping) else {}
        return {
            **raw,
            "bank": account.get("bank"),
            "account_holder": account.get("account_holder"),
            "account_last4": get_last4(account.get("last4") or account.get("account_number")),
        }


def get_last4(number: object) -> str | None:
    return str(number)[-4:] or None if isinstance(number, str | int) else None


def _has_amount(value: object) -> bool:
    return not isinstance(value, list) or any(row.get("amount") for row in value)
