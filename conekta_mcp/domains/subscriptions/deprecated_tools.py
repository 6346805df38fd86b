"""Deprecated routes of a customer's one subscription, gone with API 2.3.0 (conekta-api.md 1.3, 3.1)."""

from conekta_mcp.catalog import (
    GET,
    POST,
    PUT,
    DetailInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import CustomerId
from conekta_mcp.domains.subscriptions.fields import (
    HINTS,
    ChangeCustomerSubscriptionInput,
    CustomerSubscriptionInput,
    StartSubscriptionInput,
)
from conekta_mcp.domains.subscriptions.results import OneSubscription
from conekta_mcp.domains.subscriptions.tools import create_subscription
from conekta_mcp.domains.webhooks.event_results import EventRow
from conekta_mcp.results.page import Page

SUBSCRIPTION_PATH = "/customers/{customer_id}/subscription"
SETTLED_BY = "get_customer_subscription"


class GetCustomerSubscriptionInput(DetailInput):
    customer_id: CustomerId


get_customer_subscription = Operation(
    name="get_customer_subscription",
    twin_of="get_subscription",
    title="Read a customer's subscription (deprecated)",
    title_es="Ver la suscripción de un cliente (obsoleta)",
    endpoint=GET(SUBSCRIPTION_PATH),
    risk=Risk.READ,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use list_subscriptions instead; deprecated. Reads a customer's subscription without its id, one "
        "only even if there are several."
    ),
    input=GetCustomerSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=OneSubscription,
    deprecated=True,
)

create_customer_subscription = Operation(
    name="create_customer_subscription",
    twin_of="create_subscription",
    title="Subscribe a customer (deprecated)",
    title_es="Suscribir a un cliente (obsoleta)",
    endpoint=POST(SUBSCRIPTION_PATH),
    equal_endpoint=create_subscription.endpoint,
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use create_subscription instead; deprecated. Subscribes a customer and charges the card AT ONCE "
        "unless there is a trial; a subscription they have may end by it."
    ),
    input=StartSubscriptionInput,
    example={"customer_id": "cus_1", "plan_id": "plan_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    deprecated=True,
)

update_customer_subscription = Operation(
    name="update_customer_subscription",
    twin_of="update_subscription",
    title="Change a customer's subscription (deprecated)",
    title_es="Cambiar la suscripción de un cliente (obsoleta)",
    endpoint=PUT(SUBSCRIPTION_PATH),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use update_subscription instead; deprecated. Changes plan, card or end of trial of a customer's "
        "subscription without its id; later bills follow."
    ),
    input=ChangeCustomerSubscriptionInput,
    example={"customer_id": "cus_1", "plan_id": "plan_2"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    idempotent=True,
    deprecated=True,
)

cancel_customer_subscription = Operation(
    name="cancel_customer_subscription",
    twin_of="cancel_subscription",
    title="Cancel a customer's subscription (deprecated)",
    title_es="Cancelar la suscripción de un cliente (obsoleta)",
    endpoint=POST(SUBSCRIPTION_PATH + "/cancel"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use cancel_subscription instead; deprecated. Ends a customer's subscription for good without "
        "naming which; if there are several, another one may follow on a second call."
    ),
    input=CustomerSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    deprecated=True,
)

pause_customer_subscription = Operation(
    name="pause_customer_subscription",
    twin_of="pause_subscription",
    title="Pause a customer's subscription (deprecated)",
    title_es="Pausar la suscripción de un cliente (obsoleta)",
    endpoint=POST(SUBSCRIPTION_PATH + "/pause"),
    risk=Risk.WRITE,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use pause_subscription instead; deprecated. Stops billing a customer's subscription without its "
        "id, until resume_customer_subscription."
    ),
    input=CustomerSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    idempotent=True,
    deprecated=True,
)

resume_customer_subscription = Operation(
    name="resume_customer_subscription",
    twin_of="resume_subscription",
    title="Resume a customer's subscription (deprecated)",
    title_es="Reanudar la suscripción de un cliente (obsoleta)",
    endpoint=POST(SUBSCRIPTION_PATH + "/resume"),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use resume_subscription instead; deprecated. Goes on with a customer's paused subscription "
        "without its id; the card may be charged at once."
    ),
    input=CustomerSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    deprecated=True,
)

list_customer_subscription_events = Operation(
    name="list_customer_subscription_events",
    twin_of="list_subscription_events",
    title="List events of a customer's subscription (deprecated)",
    title_es="Listar eventos de la suscripción de un cliente (obsoleta)",
    endpoint=GET(SUBSCRIPTION_PATH + "/events"),
    risk=Risk.READ,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Use list_subscription_events instead; deprecated. Lists what happened to a customer's subscription "
        "without its id."
    ),
    input=CustomerSubscriptionInput,
    example={"customer_id": "cus_1"},
    output=Page[EventRow],
    card="table",
    deprecated=True,
)

TOOLS = (
    get_customer_subscription,
    create_customer_subscription,
    update_customer_subscription,
    cancel_customer_subscription,
    pause_customer_subscription,
    resume_customer_subscription,
    list_customer_subscription_events,
)
