"""Arguments that customers, their addresses and orders share."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from conekta_mcp.catalog import (
    Part,
)
from conekta_mcp.catalog.fields import (
    Email,
    Maybe,
    Metadata,
    Phone,
    Spelling,
    Text,
    require_shape,
)
from conekta_mcp.domains.spellings import Country

Street = Annotated[str, StringConstraints(min_length=2, max_length=249)]


WithLetters = Annotated[
    str,
    StringConstraints(max_length=249),
    AfterValidator(require_shape("letters", "(?s).*[A-Za-z]{2}.*", "two letters of A-Z in a row somewhere")),
]


PostalCode = Annotated[str, StringConstraints(min_length=1, max_length=250), Spelling(str.strip)]


class AddressDetails(Part):
    """The optional parts of an address."""

    street2: Maybe[Text] = None
    city: Maybe[WithLetters] = None
    state: Maybe[Text] = None
    residential: Maybe[bool] = None


class Address(AddressDetails):
    """A complete delivery address."""

    street1: Street
    postal_code: Annotated[PostalCode, Field(description="5 digits in MX")]
    country: Country


class AddressChanges(AddressDetails):
    street1: Maybe[Street] = None
    postal_code: Maybe[PostalCode] = None
    country: Maybe[Country] = None


class ContactFields(Part):
    """The fields of a shipping contact besides its address."""

    receiver: Annotated[Maybe[Text], Field(description="Who receives")] = None
    phone: Annotated[Maybe[Phone], Field(description="Receiver's")] = None
    between_streets: Annotated[Maybe[WithLetters], Field(description="Cross streets")] = None
    default: Annotated[Maybe[bool], Field(description="Make it the default")] = None


class ShippingContact(ContactFields):
    """A shipping contact inside a customer or an order."""

    rare = frozenset({"between_streets", "default", "metadata"})

    address: Address
    metadata: Maybe[Metadata] = None


class FiscalAddress(Part):
    street1: Text
    external_number: Maybe[Text] = None
    street2: Maybe[Text] = None
    postal_code: Text
    city: Text
    state: Maybe[Text] = None
    country: Maybe[Country] = None


class FiscalFields(Part):
    """The fields of a fiscal entity besides its address."""

    tax_id: Annotated[Maybe[Text], Field(description="RFC")] = None
    company_name: Annotated[Maybe[Text], Field(description="Legal name")] = None
    email: Annotated[Maybe[Email], Field(description="For invoices")] = None
    phone: Annotated[Maybe[Phone], Field(description="For invoices")] = None
    metadata: Maybe[Metadata] = None


class FiscalEntity(FiscalFields):
    """A fiscal entity inside a customer."""

    rare = frozenset({"metadata"})

    address: FiscalAddress
