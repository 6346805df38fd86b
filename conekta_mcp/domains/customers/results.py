"""A customer (conekta-api.md 4.1)."""

from typing import Annotated, ClassVar

from pydantic import Field

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.domains.customers.address_results import FiscalEntity, ShippingContact
from conekta_mcp.domains.payment_sources.results import PaymentSource
from conekta_mcp.results.base import Result, Rows, Seconds


class CustomerRow(Result):
    KIND: ClassVar[ObjectKind] = ObjectKind(("customer",), ("customer_id",))

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    custom_reference: str | None = None


class Customer(CustomerRow):
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
    livemode: bool | None = None
