"""Tools for the customer portal, where a customer manages a subscription (conekta-api.md 4.9)."""

from conekta_mcp.catalog import (
    GET,
    POST,
    DetailInput,
    Input,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import SubscriptionId
from conekta_mcp.domains.subscriptions.results import CustomerPortal

PORTAL_PATH = "/subscriptions/{subscription_id}/customer_portal"


class GetCustomerPortalInput(DetailInput):
    subscription_id: SubscriptionId


get_customer_portal = Operation(
    name="get_customer_portal",
    title="Read a customer portal",
    title_es="Ver el portal de un cliente",
    endpoint=GET(PORTAL_PATH),
    risk=Risk.SECRET,
    toolset=Toolset.CUSTOMER_PORTAL,
    description=(
        "Read the portal of a subscription. portal_url works like a password: whoever opens it manages the "
        "subscription, so give it to its customer only. A 404 where create_customer_portal was never called."
    ),
    input=GetCustomerPortalInput,
    example={"subscription_id": "sub_1"},
    output=CustomerPortal,
    settled_by="get_customer_portal",
    hints={"resource_not_found.entity": "No portal yet, or no such subscription: create_customer_portal."},
)


class CreateCustomerPortalInput(Input):
    subscription_id: SubscriptionId


create_customer_portal = Operation(
    name="create_customer_portal",
    title="Create a customer portal",
    title_es="Crear el portal de un cliente",
    endpoint=POST(PORTAL_PATH),
    risk=Risk.SECRET,
    toolset=Toolset.CUSTOMER_PORTAL,
    description=(
        "Make the page where a customer changes the card of a subscription or ends it; gives the one there "
        "is, if any. portal_url works like a password: give it to that customer only. With a saved card: "
        "update_subscription."
    ),
    input=CreateCustomerPortalInput,
    example={"subscription_id": "sub_1"},
    output=CustomerPortal,
    settled_by="get_customer_portal",
    idempotent=True,
)

TOOLS = (get_customer_portal, create_customer_portal)
