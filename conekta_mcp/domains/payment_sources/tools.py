"""Tools for payment sources: cards by token, recurring CLABEs and cash references (conekta-api.md 4.2)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    ChangeInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
    echo_deletion,
)
from conekta_mcp.catalog.fields import (
    CustomerId,
    Maybe,
    PersonName,
    SourceId,
    TokenId,
    UnixTime,
)
from conekta_mcp.domains.customers.source_results import PaymentSource
from conekta_mcp.results.page import Page

SETTLED_BY = "list_payment_sources"


class ListPaymentSourcesInput(ListInput):
    customer_id: CustomerId


list_payment_sources = Operation(
    name="list_payment_sources",
    title="List a customer's payment sources",
    title_es="Listar los medios de pago de un cliente",
    endpoint=GET("/customers/{customer_id}/payment_sources"),
    risk=Risk.READ,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "List a customer's cards, CLABEs and cash references. Use before add_spei_recurrent_source."
    ),
    input=ListPaymentSourcesInput,
    example={"customer_id": "cus_1"},
    output=Page[PaymentSource],
    card="table",
)


class NewSourceInput(Input):
    """Arguments of the tools that add a source of one fixed type."""

    customer_id: CustomerId


class AddCardSourceInput(NewSourceInput):
    token_id: Annotated[TokenId, Field(description="tok_ id, single use; never a card number")]

    def payload(self) -> Mapping[str, Any]:
        return {"type": "card", **super().payload()}


add_card_source = Operation(
    name="add_card_source",
    title="Save a card",
    title_es="Guardar una tarjeta",
    endpoint=POST("/customers/{customer_id}/payment_sources"),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "Save a card from a token (made in the browser, lives 10 minutes, single use). The bank may "
        "validate it; to charge use create_card_order."
    ),
    input=AddCardSourceInput,
    example={"customer_id": "cus_1", "token_id": "tok_test_visa_4242"},
    output=PaymentSource,
    settled_by=SETTLED_BY,
)


class AddSpeiRecurrentSourceInput(NewSourceInput):
    rare = frozenset({"expires_at"})

    expires_at: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None

    def payload(self) -> Mapping[str, Any]:
        return {"type": "spei_recurrent", **super().payload()}


add_spei_recurrent_source = Operation(
    name="add_spei_recurrent_source",
    title="Give a recurring CLABE",
    title_es="Dar una CLABE recurrente",
    endpoint=POST("/customers/{customer_id}/payment_sources"),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "Give a customer a CLABE to pay again and again. Look with get_customer first: each call makes "
        "another. Then bill with create_order_reusing_clabe."
    ),
    input=AddSpeiRecurrentSourceInput,
    example={"customer_id": "cus_1"},
    output=PaymentSource,
    card="payment",
    settled_by=SETTLED_BY,
)


class AddCashRecurrentSourceInput(AddSpeiRecurrentSourceInput):
    """Arguments of add_cash_recurrent_source."""

    def payload(self) -> Mapping[str, Any]:
        return {**super().payload(), "type": "cash_recurrent"}


add_cash_recurrent_source = Operation(
    name="add_cash_recurrent_source",
    title="Give a recurring cash reference",
    title_es="Dar una referencia recurrente de efectivo",
    endpoint=POST("/customers/{customer_id}/payment_sources"),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "Give a customer a reference to pay in cash again and again. Each call makes another. For "
        "transfers use add_spei_recurrent_source."
    ),
    input=AddCashRecurrentSourceInput,
    example={"customer_id": "cus_1"},
    output=PaymentSource,
    card="payment",
    settled_by=SETTLED_BY,
)


class UpdatePaymentSourceInput(ChangeInput):
    customer_id: CustomerId
    payment_source_id: SourceId
    name: Annotated[Maybe[PersonName], Field(description="Holder's name")] = None
    expires_at: Annotated[Maybe[UnixTime], Field(description="Unix seconds")] = None


update_payment_source = Operation(
    name="update_payment_source",
    title="Change a payment source",
    title_es="Cambiar un medio de pago",
    endpoint=PUT("/customers/{customer_id}/payment_sources/{payment_source_id}"),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "Change the holder's name or the expiry of a source. It stays the same card: for another one use "
        "add_card_source, then delete_payment_source."
    ),
    input=UpdatePaymentSourceInput,
    example={"customer_id": "cus_1", "payment_source_id": "src_1", "name": "Ana Ruiz"},
    output=PaymentSource,
    settled_by=SETTLED_BY,
    idempotent=True,
)


class DeletePaymentSourceInput(Input):
    customer_id: CustomerId
    payment_source_id: SourceId


delete_payment_source = Operation(
    name="delete_payment_source",
    title="Delete a payment source",
    title_es="Eliminar un medio de pago",
    endpoint=DELETE("/customers/{customer_id}/payment_sources/{payment_source_id}"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.PAYMENT_SOURCES,
    description=(
        "Delete a card, CLABE or cash reference for good; payers who still use it will fail. The "
        "customer stays; to remove them use delete_customer."
    ),
    input=DeletePaymentSourceInput,
    example={"customer_id": "cus_1", "payment_source_id": "off_ref_1"},
    output=PaymentSource,
    echo=echo_deletion,
    settled_by=SETTLED_BY,
    idempotent=True,
)

TOOLS = (
    list_payment_sources,
    add_card_source,
    add_spei_recurrent_source,
    add_cash_recurrent_source,
    update_payment_source,
    delete_payment_source,
)
