"""Tools for shipping contacts of customers (conekta-api.md 4.3)."""

from typing import Annotated

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    POST,
    PUT,
    ChangeInput,
    Input,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import (
    CustomerId,
    Maybe,
    Metadata,
    ShippingContactId,
)
from conekta_mcp.domains.customers.address_results import ShippingContact as CuratedContact
from conekta_mcp.domains.customers.fields import Address, AddressChanges, ContactFields

SETTLED_BY = "get_customer"


class AddShippingContactInput(ContactFields, Input):
    rare = frozenset({"between_streets", "default", "metadata"})

    customer_id: CustomerId
    address: Annotated[
        Address,
        Field(description="Where to"),
    ]
    metadata: Maybe[Metadata] = None


add_shipping_contact = Operation(
    name="add_shipping_contact",
    title="Add a shipping contact",
    title_es="Agregar un contacto de envío",
    endpoint=POST("/customers/{customer_id}/shipping_contacts"),
    risk=Risk.WRITE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Add a delivery address to a customer. Each call adds one; to correct one use "
        "update_shipping_contact."
    ),
    input=AddShippingContactInput,
    example={
        "customer_id": "cus_1",
        "address": {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"},
    },
    output=CuratedContact,
    settled_by=SETTLED_BY,
)


class UpdateShippingContactInput(ContactFields, ChangeInput):
    rare = frozenset({"between_streets"})

    customer_id: CustomerId
    shipping_contact_id: ShippingContactId
    address: Annotated[
        Maybe[AddressChanges],
        Field(description="Parts to change"),
    ] = None


update_shipping_contact = Operation(
    name="update_shipping_contact",
    title="Change a shipping contact",
    title_es="Cambiar un contacto de envío",
    endpoint=PUT("/customers/{customer_id}/shipping_contacts/{shipping_contact_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Change the given fields of a delivery address (ids in get_customer). Existing orders keep theirs."
    ),
    input=UpdateShippingContactInput,
    example={"customer_id": "cus_1", "shipping_contact_id": "ship_cont_1", "receiver": "Eva"},
    output=CuratedContact,
    settled_by=SETTLED_BY,
    idempotent=True,
)


class DeleteShippingContactInput(Input):
    customer_id: CustomerId
    shipping_contact_id: ShippingContactId


delete_shipping_contact = Operation(
    name="delete_shipping_contact",
    title="Delete a shipping contact",
    title_es="Eliminar un contacto de envío",
    endpoint=DELETE("/customers/{customer_id}/shipping_contacts/{shipping_contact_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Delete a delivery address for good (ids in get_customer). To correct it use update_shipping_contact."
    ),
    input=DeleteShippingContactInput,
    example={"customer_id": "cus_1", "shipping_contact_id": "ship_cont_1"},
    output=CuratedContact,
    echo=echo_deletion,
    settled_by=SETTLED_BY,
    idempotent=True,
)

TOOLS = (add_shipping_contact, update_shipping_contact, delete_shipping_contact)
