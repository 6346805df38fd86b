"""A company and its documents (conekta-api.md 4.11); its users, webhooks and account numbers stay out."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.balance.results import get_last4
from conekta_mcp.results.base import Child, Rows, Seconds
from conekta_mcp.results.times import format_moment


class CompanyDocument(Child):
    file_classification: str | None = None
    file_name: str | None = None
    status: str | None = None


class Company(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(("company",), ("company_id",))

    id: str | None = None
    name: str | None = None
    active: bool | None = None
    account_status: str | None = None
    onboarding_status: str | None = None
    onboarding_url: str | None = Field(None, description="Whoever has it can go on with the onboarding")
    parent_company_id: str | None = None
    tax_id: str | None = None
    bank: str | None = None
    account_last4: str | None = None
    three_ds_enabled: bool | None = None
    three_ds_mode: str | None = None
    documents: Annotated[list[CompanyDocument] | None, Rows] = None
    created_at: Seconds = None

    @computed_field
    def created_at_text(self) -> str | None:
        """When it was created."""
        return format_moment(self.created_at)

    @model_validator(mode="before")
    @classmethod
    def _flatten_account(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        fiscal = _to_mapping(raw.get("fiscal_info"))
        # The older body has payout_destination, the newer one fiscal_info.bank_account.
        account = _to_mapping(fiscal.get("bank_account")) or _to_mapping(raw.get("payout_destination"))
        return {
            **raw,
            "tax_id": fiscal.get("tax_id"),
            "bank": account.get("bank"),
            "account_last4": get_last4(account.get("last4") or account.get("account_number")),
        }


def _to_mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
