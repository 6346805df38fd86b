"""Tools for customers (conekta-api.md 4.1)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    DetailInput,
    Input,
    ListInput,
    Operation,
    Part,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    UNIX_TIME_MAX,
    CustomerId,
    Email,
    Maybe,
    Metadata,
    PersonName,
    Phone,
    ShippingContactId,
    SourceId,
    SpanishText,
    Text,
    TokenId,
    UnixTime,
)
from conekta_mcp.domains.customers.fields import FiscalEntity, ShippingContact
from conekta_mcp.domains.customers.results import Customer, CustomerRow
from conekta_mcp.domains.spellings import DateOfBirth, search_phone
from conekta_mcp.results.page import Page

PastTime = Annotated[int, Field(ge=0, le=UNIX_TIME_MAX)]


class ListCustomersInput(ListInput):
    search: Annotated[
        Maybe[Text],
        Field(description="Part of name, e-mail or phone"),
        SpanishText("parte del nombre, del correo o del teléfono"),
    ] = None

    def payload(self) -> Mapping[str, Any]:
        sent = super().payload()
        return {**sent, "search": search_phone(self.search)} if self.search else sent


list_customers = Operation(
    name="list_customers",
    title="Find customers",
    title_es="Buscar clientes",
    endpoint=GET("/customers"),
    risk=Risk.READ,
    toolset=Toolset.CUSTOMERS,
    description=(
        "Find customers, newest first: turn a name or e-mail into a cus_ id, and look before "
        "create_customer, which accepts duplicates. One in full: get_customer."
    ),
    input=ListCustomersInput,
    example={},
    output=Page[CustomerRow],
    card="table",
)


class GetCustomerInput(DetailInput):
    customer_id: CustomerId


get_customer = Operation(
    name="get_customer",
    title="Read a customer",
    title_es="Ver un cliente",
    endpoint=GET("/customers/{customer_id}"),
    risk=Risk.READ,
    toolset=Toolset.CUSTOMERS,
    description=(
        "Read one customer with CLABE, cards, addresses and fiscal data. With what they owe and bought: "
        "get_customer_profile."
    ),
    input=GetCustomerInput,
    example={"customer_id": "cus_1"},
    output=Customer,
    card="customer",
)


class NewSource(Part):
    """A payment source created together with its customer."""

    type: Literal["card", "spei_recurrent", "cash_recurrent"]
    token_id: Annotated[Maybe[TokenId], Field(description="card only")] = None
    expires_at: Annotated[Maybe[UnixTime], Field(description="Not for card")] = None

    @model_validator(mode="after")
    def _check_token(self) -> Self:
        if self.type == "card" and not self.token_id:
            raise PydanticCustomError("token_missing", "a card needs its token_id")
        if self.type != "card" and self.token_id:
            raise PydanticCustomError(
                "contradiction",
                "{one} cannot go together with {others}",
                {"one": "token_id", "others": f"type {self.type}"},
            )
        return self


class AntifraudInfo(Part):
    """What the shop knows of its customer; first_paid_at is 0 for one who has not paid yet."""

    account_created_at: Maybe[PastTime] = None
    first_paid_at: Maybe[PastTime] = None


class CustomerFields(Input):
    """The fields that can be set on creation and changed later."""

    rare = frozenset({"corporate", "custom_reference", "date_of_birth", "national_id", "antifraud_info"})

    corporate: Annotated[Maybe[bool], Field(description="Belongs to a company")] = None
    custom_reference: Annotated[Maybe[Text], Field(description="Your own id")] = None
    date_of_birth: Annotated[Maybe[DateOfBirth], Field(description="DD/MM/YYYY")] = None
    national_id: Annotated[Maybe[Text], Field(description="Such as a CURP")] = None
    antifraud_info: Annotated[Maybe[AntifraudInfo], Field(description="Unix seconds")] = None
    metadata: Maybe[Metadata] = None


class CreateCustomerInput(CustomerFields):
    rare = CustomerFields.rare | {"shipping_contacts", "fiscal_entities"}

    name: Annotated[PersonName, Field(description="Full name")]
    email: Annotated[Email, Field(description="E-mail")]
    phone: Annotated[Phone, Field(description="Such as +525555555555")]
    payment_sources: Annotated[
        Maybe[list[NewSource]],
        Field(min_length=1, description="To pay with"),
    ] = None
    shipping_contacts: Annotated[
        Maybe[list[ShippingContact]], Field(min_length=1, description="Addresses")
    ] = None
    fiscal_entities: Annotated[Maybe[list[FiscalEntity]], Field(min_length=1, description="For invoices")] = (
        None
    )


create_customer = Operation(
    name="create_customer",
    title="Create a customer",
    title_es="Crear un cliente",
    endpoint=POST("/customers"),
    risk=Risk.WRITE,
    toolset=Toolset.CUSTOMERS,
    description=(
        "Create a customer. Look with list_customers first: the same e-mail twice makes two. Charges "
        "nothing. To change one use update_customer."
    ),
    input=CreateCustomerInput,
    example={"name": "Ana Ruiz", "email": "ana@example.com", "phone": "+525555555555"},
    output=Customer,
    card="customer",
    settled_by="list_customers with the e-mail as search",
)


class UpdateCustomerInput(ChangeInput, CustomerFields):
    rare = CustomerFields.rare | {"default_payment_source_id", "default_shipping_contact_id", "metadata"}

    customer_id: CustomerId
    name: Annotated[Maybe[PersonName], Field(description="Full name")] = None
    email: Annotated[Maybe[Email], Field(description="New e-mail")] = None
    phone: Annotated[Maybe[Phone], Field(description="New phone")] = None
    default_payment_source_id: Annotated[Maybe[SourceId], Field(description="One of theirs")] = None
    default_shipping_contact_id: Annotated[Maybe[ShippingContactId], Field(description="One of theirs")] = (
        None
    )


update_customer = Operation(
    name="update_customer",
    title="Change a customer",
    title_es="Cambiar un cliente",
    endpoint=PUT("/customers/{customer_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.CUSTOMERS,
    description=(
        "Change the given fields of a customer; the rest stays. A card: add_card_source; an address: "
        "update_shipping_contact."
    ),
    input=UpdateCustomerInput,
    example={"customer_id": "cus_1", "name": "Ana Ruiz"},
    output=Customer,
    card="customer",
    settled_by="get_customer",
    idempotent=True,
)


class DeleteCustomerInput(Input):
    customer_id: CustomerId


delete_customer = Operation(
    name="delete_customer",
    title="Delete a customer",
    title_es="Eliminar un cliente",
    endpoint=DELETE("/customers/{customer_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.CUSTOMERS,
    description=(
        "Delete a customer with their CLABE and cards, for good: later transfers find nobody. For one "
        "source use delete_payment_source."
    ),
    input=DeleteCustomerInput,
    example={"customer_id": "cus_1"},
    output=Customer,
    settled_by="get_customer: a 404 means that it is deleted",
    idempotent=True,
)

TOOLS = (list_customers, get_customer, create_customer, update_customer, delete_customer)
