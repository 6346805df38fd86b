"""Tools for payment links, pages of Conekta where whoever has the URL can pay (conekta-api.md 4.8, 5.4)."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from conekta_mcp.catalog import (
    GET,
    POST,
    PUT,
    DetailInput,
    Input,
    ListInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import (
    CheckoutId,
    Email,
    Maybe,
    Phone,
    SpanishText,
    Text,
)
from conekta_mcp.domains.payment_links.fields import CreatePaymentLinkInput
from conekta_mcp.domains.payment_links.results import PaymentLink, PaymentLinkRow
from conekta_mcp.effects.question_facts import compute_total
from conekta_mcp.results.page import Page

STATUS_HINTS = {"checkout.status.invalid": "Only a link that is Issued can do this; make another one."}


class ListPaymentLinksInput(ListInput):
    search: Annotated[
        Maybe[Text], Field(description="Part of its name"), SpanishText("parte de su nombre")
    ] = None


list_payment_links = Operation(
    name="list_payment_links",
    title="Find payment links",
    title_es="Buscar links de pago",
    endpoint=GET("/checkouts"),
    risk=Risk.READ,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Find payment links, newest first: which are open and how often they were paid, without their "
        "addresses. For the address use get_payment_link."
    ),
    input=ListPaymentLinksInput,
    example={},
    output=Page[PaymentLinkRow],
    card="table",
)


class GetPaymentLinkInput(DetailInput):
    checkout_id: CheckoutId


get_payment_link = Operation(
    name="get_payment_link",
    title="Read a payment link",
    title_es="Ver un link de pago",
    endpoint=GET("/checkouts/{checkout_id}"),
    risk=Risk.READ,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Read one payment link: its address, status, payments, how often it was sent. Conekta does not "
        "show its products or sum; explain_payment has the orders paid with it. Ids: list_payment_links."
    ),
    input=GetPaymentLinkInput,
    example={"checkout_id": "00000000-0000-4000-8000-000000000001"},
    output=PaymentLink,
    card="payment",
)


def _echo_sum(asked: CreatePaymentLinkInput) -> Mapping[str, Any]:
    """Return what a link sells and its total in centavos, which Conekta's object does not show."""
    items = [line.model_dump(exclude_none=True) for line in asked.line_items]
    return {"line_items": items, "amount": compute_total(asked), "currency": asked.currency}


create_payment_link = Operation(
    name="create_payment_link",
    title="Create a payment link",
    title_es="Crear un link de pago",
    endpoint=POST("/checkouts", accepts_key=True),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Create a public page where anyone with its address can pay; moves no money, sends nothing "
        "(email_payment_link). One known payer: create_order."
    ),
    input=CreatePaymentLinkInput,
    example={
        "name": "Plan anual",
        "line_items": [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}],
        "expires_at": 1_900_000_000,
    },
    output=PaymentLink,
    card="payment",
    settled_by="list_payment_links with the name as search",
    echo=_echo_sum,
)


class CancelPaymentLinkInput(Input):
    checkout_id: CheckoutId


cancel_payment_link = Operation(
    name="cancel_payment_link",
    title="Cancel a payment link",
    title_es="Cancelar un link de pago",
    endpoint=PUT("/checkouts/{checkout_id}/cancel"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Close a payment link for good, so that nobody can pay it any more. What was paid stays paid; "
        "orders already waiting for money are stopped with cancel_order."
    ),
    input=CancelPaymentLinkInput,
    example={"checkout_id": "00000000-0000-4000-8000-000000000001"},
    output=PaymentLink,
    settled_by="get_payment_link",
    hints=STATUS_HINTS,
    idempotent=True,
)


class EmailPaymentLinkInput(Input):
    checkout_id: CheckoutId
    email: Annotated[Email, Field(description="Recipient")]


email_payment_link = Operation(
    name="email_payment_link",
    title="E-mail a payment link",
    title_es="Enviar un link de pago por correo",
    endpoint=POST("/checkouts/{checkout_id}/email"),
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Let Conekta e-mail a payment link to somebody now; a message cannot be taken back and every call "
        "sends another. By phone: sms_payment_link."
    ),
    input=EmailPaymentLinkInput,
    example={"checkout_id": "00000000-0000-4000-8000-000000000001", "email": "ana@example.com"},
    output=PaymentLink,
    settled_by="get_payment_link, by emails_sent",
    hints=STATUS_HINTS,
)


class SmsPaymentLinkInput(Input):
    """In the request the phone is `phonenumber`, as in the vendor's SDK."""

    checkout_id: CheckoutId
    phone: Annotated[Phone, Field(description="Recipient")]

    def payload(self) -> Mapping[str, Any]:
        return {"checkout_id": self.checkout_id, "phonenumber": self.phone}


sms_payment_link = Operation(
    name="sms_payment_link",
    title="Text a payment link",
    title_es="Enviar un link de pago por SMS",
    endpoint=POST("/checkouts/{checkout_id}/sms"),
    source="taken out of the file in August 2026; the vendor's SDK and the mock have it",
    risk=Risk.WRITE,
    toolset=Toolset.PAYMENT_LINKS,
    description=(
        "Let Conekta text a payment link to a phone now; every call sends another. Conekta dropped this "
        "from its documentation and may refuse it: then use email_payment_link."
    ),
    input=SmsPaymentLinkInput,
    example={"checkout_id": "00000000-0000-4000-8000-000000000001", "phone": "+525555555555"},
    output=PaymentLink,
    settled_by="get_payment_link, by sms_sent",
    hints=STATUS_HINTS,
)

TOOLS = (
    list_payment_links,
    get_payment_link,
    create_payment_link,
    cancel_payment_link,
    email_payment_link,
    sms_payment_link,
)
