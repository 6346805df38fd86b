"""Delivery and fiscal addresses of customers (conekta-api.md 4.3, 4.4)."""

from typing import ClassVar

from conekta_mcp.catalog import ObjectKind
from conekta_mcp.results.base import Child, Seconds


class Address(Child):
    """A postal address, of a shipping contact or a fiscal entity."""

    street1: str | None = None
    street2: str | None = None
    external_number: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    residential: bool | None = None


class ShippingContact(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(("shipping_contact",), ("shipping_contact_id",))

    id: str | None = None
    receiver: str | None = None
    phone: str | None = None
    between_streets: str | None = None
    address: Address | None = None
    default: bool | None = None
    deleted: bool | None = None
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None


class FiscalEntity(Child):
    KIND: ClassVar[ObjectKind] = ObjectKind(
        ("fiscal_entity", "fiscal_entities", "shipping_contact"), ("fiscal_entity_id",)
    )

    id: str | None = None
    tax_id: str | None = None
    company_name: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None
    default: bool | None = None
    metadata: dict[str, object] | None = None
    parent_id: str | None = None
    created_at: Seconds = None
    livemode: bool | None = None
