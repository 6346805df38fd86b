"""Tools for subscriptions: a plan charges a customer's card in each cycle (conekta-api.md 4.9, 5.3)."""

from conekta_mcp.catalog import (
    GET,
    POST,
    PUT,
    DetailInput,
    Operation,
    Risk,
    Toolset,
)
from conekta_mcp.catalog.fields import CustomerId, SubscriptionId
from conekta_mcp.domains.subscriptions.fields import (
    HINTS,
    ChangeSubscriptionInput,
    ListCustomerSubscriptionsInput,
    ListSubscriptionEventsInput,
    StartSubscriptionInput,
    SubscriptionInput,
)
from conekta_mcp.domains.subscriptions.results import OneSubscription, Subscription
from conekta_mcp.domains.webhooks.event_results import EventRow
from conekta_mcp.results.page import Page

SUBSCRIPTIONS_PATH = "/customers/{customer_id}/subscriptions"
SUBSCRIPTION_PATH = SUBSCRIPTIONS_PATH + "/{subscription_id}"
SETTLED_BY = "get_subscription"

list_subscriptions = Operation(
    name="list_subscriptions",
    title="List a customer's subscriptions",
    title_es="Listar las suscripciones de un cliente",
    endpoint=GET(SUBSCRIPTIONS_PATH),
    risk=Risk.READ,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "List a customer's subscriptions, newest first, with status and next bill. Look before "
        "create_subscription: a plan twice is charged twice. One: get_subscription."
    ),
    input=ListCustomerSubscriptionsInput,
    example={"customer_id": "cus_1"},
    output=Page[Subscription],
    card="table",
)


class GetSubscriptionInput(DetailInput):
    customer_id: CustomerId
    subscription_id: SubscriptionId


get_subscription = Operation(
    name="get_subscription",
    title="Read a subscription",
    title_es="Ver una suscripción",
    endpoint=GET(SUBSCRIPTION_PATH),
    risk=Risk.READ,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Read one subscription: status, cycle, ids of plan and card. Price, plan name, card digits, why a "
        "payment failed: check_subscription. Ids: list_subscriptions."
    ),
    input=GetSubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=OneSubscription,
)

create_subscription = Operation(
    name="create_subscription",
    title="Subscribe a customer",
    title_es="Suscribir a un cliente",
    endpoint=POST(SUBSCRIPTIONS_PATH),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Subscribe a customer to a plan. Charges the card AT ONCE unless plan or trial_end give a trial, "
        "and again each cycle. Needs a saved card (add_card_source); earlier subscriptions stay."
    ),
    input=StartSubscriptionInput,
    example={"customer_id": "cus_1", "plan_id": "plan_1"},
    output=OneSubscription,
    settled_by="list_subscriptions",
    hints=HINTS,
)

update_subscription = Operation(
    name="update_subscription",
    title="Change a subscription",
    title_es="Cambiar una suscripción",
    endpoint=PUT(SUBSCRIPTION_PATH),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Change the plan, the card or the end of the trial of a subscription: later bills follow. Not "
        "possible once canceled; create_subscription then. For all subscribers use update_plan."
    ),
    input=ChangeSubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1", "plan_id": "plan_2"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    idempotent=True,
)

cancel_subscription = Operation(
    name="cancel_subscription",
    title="Cancel a subscription",
    title_es="Cancelar una suscripción",
    endpoint=POST(SUBSCRIPTION_PATH + "/cancel"),
    risk=Risk.DESTRUCTIVE,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "End a subscription for good: it is not billed again and cannot come back. Returns no money "
        "already paid. To stop for a while use pause_subscription."
    ),
    input=SubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    idempotent=True,
)

pause_subscription = Operation(
    name="pause_subscription",
    title="Pause a subscription",
    title_es="Pausar una suscripción",
    endpoint=POST(SUBSCRIPTION_PATH + "/pause"),
    risk=Risk.WRITE,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Stop billing an active or in_trial subscription until resume_subscription. Returns no money "
        "already paid. To end it use cancel_subscription."
    ),
    input=SubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
    idempotent=True,
)

resume_subscription = Operation(
    name="resume_subscription",
    title="Resume a subscription",
    title_es="Reanudar una suscripción",
    endpoint=POST(SUBSCRIPTION_PATH + "/resume"),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Go on with a paused subscription; the card may be charged at once if its cycle is over. For a "
        "past_due one use retry_subscription."
    ),
    input=SubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
)

retry_subscription = Operation(
    name="retry_subscription",
    title="Retry a failed subscription payment",
    title_es="Reintentar el cobro de una suscripción",
    endpoint=POST(SUBSCRIPTION_PATH + "/retry"),
    risk=Risk.MONEY,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "Charge the card of a past_due subscription now, before its next automatic retry. If it answers "
        "past_due it failed again: give it another card first with update_subscription."
    ),
    input=SubscriptionInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=OneSubscription,
    settled_by=SETTLED_BY,
    hints=HINTS,
)

list_subscription_events = Operation(
    name="list_subscription_events",
    title="List a subscription's events",
    title_es="Listar los eventos de una suscripción",
    endpoint=GET(SUBSCRIPTION_PATH + "/events"),
    risk=Risk.READ,
    toolset=Toolset.SUBSCRIPTIONS,
    description=(
        "List what happened to a subscription and when, newest first: paid, payment_failed, canceled ... "
        "Its state now is in get_subscription."
    ),
    input=ListSubscriptionEventsInput,
    example={"customer_id": "cus_1", "subscription_id": "sub_1"},
    output=Page[EventRow],
    card="table",
)

TOOLS = (
    list_subscriptions,
    get_subscription,
    create_subscription,
    update_subscription,
    cancel_subscription,
    pause_subscription,
    resume_subscription,
    retry_subscription,
    list_subscription_events,
)
