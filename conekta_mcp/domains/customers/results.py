"""A customer (conekta-api.md 4.1)."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, computed_field, model_validator

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.customers.address_results import FiscalEntity, ShippingContact
from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.results.base import Child, Result, Rows, Seconds, get_rows
from conekta_mcp.results.text import format_pesos
from conekta_mcp.results.times import say


class CustomerFacts(Result):
    KIND: ClassVar[ObjectKind] = ObjectKind(("customer",), ("customer_id",))

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    custom_reference: str | None = None


class CustomerRow(CustomerFacts):
    clabe: str | None = Field(None, description="The CLABE they pay to, if they have one")

    @model_validator(mode="before")
    @classmethod
    def _find_clabe(cls, raw: Any) -> Any:
        sources = get_rows(raw.get("payment_sources")) if isinstance(raw, Mapping) else None
        clabes = [one.get("reference") for one in sources or () if one.get("type") == "spei_recurrent"]
        return {**raw, "clabe": clabes[-1]} if clabes else raw


class OwedSum(Child):
    currency: str | None = None
    amount: int | None = Field(None, description="Centavos")

    @computed_field
    def amount_text(self) -> str | None:
        """The sum as a person reads it."""
        return format_pesos(self.amount, self.currency)


class Customer(CustomerFacts):
    """A customer with payment sources, shipping contacts and fiscal entities."""

    created_at: Seconds = None
    corporate: bool | None = None
    date_of_birth: str | None = None
    national_id: str | None = None
    metadata: dict[str, object] | None = None
    default_payment_source_id: str | None = None
    default_shipping_contact_id: str | None = None
    payment_sources: Annotated[list[PaymentSource] | None, Rows] = None
    shipping_contacts: Annotated[list[ShippingContact] | None, Rows] = None
    fiscal_entities: Annotated[list[FiscalEntity] | None, Rows] = None
    deleted: bool | None = Field(None, description="True when it is gone")
    owed: Annotated[list[OwedSum] | None, Rows] = Field(
        None, description="Unpaid orders that stay after a deletion"
    )
    owed_is_complete: bool | None = Field(None, exclude=True)
    livemode: bool | None = None

    @computed_field
    def deletion(self) -> str | None:
        """What a deletion took along, and what it leaves."""
        if not self.deleted:
            return None
        taken = say(
            ", con las formas de pago y direcciones que se muestran",
            ", with the payment sources and addresses that are shown",
        )
        children = (self.payment_sources, self.shipping_contacts, self.fiscal_entities)
        clabe = say(
            " Lo que se transfiera a su CLABE no encuentra a nadie.",
            " What is transferred to their CLABE finds nobody.",
        )
        orders = say(
            " Sus órdenes quedan: cancela las que no se deban pagar (list_orders por su correo).",
            " Orders stay: cancel those that are not to be paid (list_orders by the e-mail).",
        )
        if self.owed:
            money = " + ".join(format_pesos(one.amount, one.currency) or "" for one in self.owed)
            orders = say(f" Quedan por pagar {money}.", f" {money} stay to be paid.") + orders
        elif self.owed_is_complete:
            orders = say(" No debía nada. Sus órdenes quedan.", " They owed nothing. Their orders stay.")
        has_clabe = any(one.clabe for one in self.payment_sources or [])
        gone = say("Borrado para siempre", "Deleted for good") + (taken if any(children) else "")
        return f"{gone}.{clabe if has_clabe else ''}{orders}"
