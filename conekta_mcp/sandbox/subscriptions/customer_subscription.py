"""/customers/{id}/subscription: the deprecated routes, for a customer's one subscription (1.3)."""

from conekta_mcp.sandbox.core.account import Json
from conekta_mcp.sandbox.core.owned import customer_of
from conekta_mcp.sandbox.http.body_rules import check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.subscriptions import billing
from conekta_mcp.sandbox.subscriptions.subscribers import current_of, is_live, served
from conekta_mcp.sandbox.subscriptions.subscriptions import REQUEST, acting, change, subscribe
from conekta_mcp.sandbox.webhooks.events import list_events_about


def create_subscription(call: Call) -> Json:
    """POST: the live subscription that it had before ends; only the plural route keeps it (inferred)."""
    account = call.account
    customer = customer_of(account, call.path["id"])
    check(REQUEST, call.body)
    earlier = current_of(account, customer["id"])
    created = subscribe(account, customer, call.body)
    if earlier and is_live(earlier):
        billing.cancel(account, earlier)
    return created


def get_subscription(call: Call) -> Json:
    """GET."""
    return served(_addressed(call))


def update_subscription(call: Call) -> Json:
    """PUT."""
    subscription = _addressed(call)
    check(REQUEST.loosened(), call.body)
    return change(call.account, subscription, call.body)


def list_subscription_events(call: Call) -> Json:
    """GET its events, newest first."""
    return list_events_about(call, _addressed(call)["id"])


def _addressed(call: Call) -> Json:
    customer = customer_of(call.account, call.path["id"])
    subscription = current_of(call.account, customer["id"])
    if subscription is None:
        raise NotFound(reasons.entity_not_found("Subscription", customer["id"]))
    return subscription


ONE = "/customers/{id}/subscription"
ENDPOINTS = (
    Endpoint("GET", ONE, get_subscription),
    Endpoint("POST", ONE, create_subscription),
    Endpoint("PUT", ONE, update_subscription),
    Endpoint("GET", ONE + "/events", list_subscription_events),
    Endpoint("POST", ONE + "/cancel", acting(_addressed, billing.cancel)),
    Endpoint("POST", ONE + "/pause", acting(_addressed, billing.pause)),
    Endpoint("POST", ONE + "/resume", acting(_addressed, billing.resume)),
)
