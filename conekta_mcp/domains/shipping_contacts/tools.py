"""Shipping contacts (conekta-api.md 4.3)."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog import (
    DELETE,
    POST,
    PUT,
    Changing,
    Input,
    Operation,
    Part,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    Country,
    CustomerId,
    Maybe,
    Metadata,
    Phone,
    ShippingContactId,
    Text,
    outlined,
    shaped,
)
from conekta_mcp.domains.shipping_contacts.results import ShippingContact as CuratedContact

LOOK = "get_customer"

Street = Annotated[str, StringConstraints(min_length=2, max_length=249)]
WithLetters = Annotated[
    str,
    StringConstraints(max_length=249),
    AfterValidator(shaped("letters", "(?s).*[A-Za-z]{2}.*", "two letters of A-Z in a row somewhere")),
]
PostalCode = Annotated[str, StringConstraints(min_length=1, max_length=250)]


class AddressDetails(Part):
    """The parts of an address that may be left out."""

    street2: Maybe[Text] = None
    city: Maybe[WithLetters] = None
    state: Maybe[Text] = None
    residential: Maybe[bool] = None


class Address(AddressDetails):
    """A whole delivery address."""

    street1: Street
    postal_code: Annotated[PostalCode, Field(description="5 digits in MX")]
    country: Country


class AddressChanges(AddressDetails):
    """The parts of a delivery address to change."""

    street1: Maybe[Street] = None
    postal_code: Maybe[PostalCode] = None
    country: Maybe[Country] = None


class ContactFields(Part):
    """What a shipping contact has besides its address."""

    receiver: Annotated[Maybe[Text], Field(description="Who receives")] = None
    phone: Annotated[Maybe[Phone], Field(description="Phone")] = None
    between_streets: Annotated[Maybe[WithLetters], Field(description="Cross streets")] = None
    default: Annotated[Maybe[bool], Field(description="Make it the default")] = None


class ShippingContact(ContactFields):
    """A shipping contact inside a customer or an order."""

    address: Address
    metadata: Maybe[Metadata] = None


NestedContact = Annotated[ShippingContact, outlined("Fields of add_shipping_contact")]
"""Published without its fields, which the schema of add_shipping_contact shows."""


class AddShippingContactInput(ContactFields, Input):
    """Arguments of add_shipping_contact."""

    rare = frozenset({"between_streets"})

    customer_id: CustomerId
    address: Annotated[
        Address,
        outlined("{street1*, postal_code*, country*: MX, street2, city, state, residential}"),
    ]
    metadata: Maybe[Metadata] = None


add_shipping_contact = Operation(
    name="add_shipping_contact",
    title="Add a shipping contact",
    endpoint=POST("/customers/{customer_id}/shipping_contacts"),
    risk=Risk.WRITE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Add a delivery address to a customer. Each call adds one; to correct one use "
        "update_shipping_contact."
    ),
    input=AddShippingContactInput,
    output=CuratedContact,
    settled_by=LOOK,
)


class UpdateShippingContactInput(ContactFields, Changing):
    """Arguments of update_shipping_contact."""

    rare = frozenset({"between_streets"})

    customer_id: CustomerId
    shipping_contact_id: ShippingContactId
    address: Annotated[
        Maybe[AddressChanges],
        outlined("Parts, as in add_shipping_contact"),
    ] = None


update_shipping_contact = Operation(
    name="update_shipping_contact",
    title="Change a shipping contact",
    endpoint=PUT("/customers/{customer_id}/shipping_contacts/{shipping_contact_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Change the given fields of a delivery address (ids in get_customer). Existing orders keep theirs."
    ),
    input=UpdateShippingContactInput,
    output=CuratedContact,
    settled_by=LOOK,
    idempotent=True,
)


class DeleteShippingContactInput(Input):
    """Arguments of delete_shipping_contact."""

    customer_id: CustomerId
    shipping_contact_id: ShippingContactId


delete_shipping_contact = Operation(
    name="delete_shipping_contact",
    title="Delete a shipping contact",
    endpoint=DELETE("/customers/{customer_id}/shipping_contacts/{shipping_contact_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.SHIPPING_CONTACTS,
    description=(
        "Delete a delivery address for good (ids in get_customer). To correct it use update_shipping_contact."
    ),
    input=DeleteShippingContactInput,
    output=CuratedContact,
    settled_by=LOOK,
    idempotent=True,
)

TOOLS = (add_shipping_contact, update_shipping_contact, delete_shipping_contact)
