"""/customers/{id}/subscription: the deprecated routes, for a customer's one subscription (1.3)."""

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.owned import load_customer
from conekta_mcp.sandbox.http.body_rules import check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.subscriptions import billing
from conekta_mcp.sandbox.subscriptions.subscribers import (
    find_current_subscription,
    is_live,
    render_subscription,
)
from conekta_mcp.sandbox.subscriptions.subscriptions import (
    REQUEST,
    change_subscription,
    list_action_endpoints,
    start_subscription,
)
from conekta_mcp.sandbox.webhooks.events import list_subject_events


def create_subscription(call: Call) -> Json:
    """Create a subscription and end the live one; only the plural route keeps it (inferred)."""
    account = call.account
    customer = load_customer(account, call.path["id"])
    check(REQUEST, call.body)
    earlier = find_current_subscription(account, customer["id"])
    created = start_subscription(account, customer, call.body)
    if earlier and is_live(earlier):
        billing.cancel_subscription(account, earlier)
    return created


def get_subscription(call: Call) -> Json:
    return render_subscription(_load_subscription(call))


def update_subscription(call: Call) -> Json:
    subscription = _load_subscription(call)
    check(REQUEST.without_required(), call.body)
    return change_subscription(call.account, subscription, call.body)


def list_subscription_events(call: Call) -> Json:
    return list_subject_events(call, _load_subscription(call)["id"])


def _load_subscription(call: Call) -> Json:
    customer = load_customer(call.account, call.path["id"])
    subscription = find_current_subscription(call.account, customer["id"])
    if subscription is None:
        raise NotFound(reasons.entity_not_found("Subscription", customer["id"]))
    return subscription


SUBSCRIPTION_PATH = "/customers/{id}/subscription"
ENDPOINTS = (
    Endpoint("GET", SUBSCRIPTION_PATH, get_subscription),
    Endpoint("POST", SUBSCRIPTION_PATH, create_subscription),
    Endpoint("PUT", SUBSCRIPTION_PATH, update_subscription),
    Endpoint("GET", SUBSCRIPTION_PATH + "/events", list_subscription_events),
    *list_action_endpoints(SUBSCRIPTION_PATH, _load_subscription),
)
