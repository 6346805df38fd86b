"""/subscriptions/{subscription_id}/customer_portal: where a customer runs theirs (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.ids import ALPHABET
from conekta_mcp.sandbox.core.owned import SOURCE, customer_of
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.subscriptions.plans import KIND as PLAN
from conekta_mcp.sandbox.subscriptions.subscribers import INSIDE
from conekta_mcp.sandbox.subscriptions.subscribers import KIND as SUBSCRIPTION

KIND = "customer_portal"
SLUG_LENGTH = 30
CREATED = 201


def get_portal(call: Call) -> Json:
    """GET: a 404 until it was created."""
    subscription = _addressed(call)
    portal = _portal_of(call.account, subscription)
    if portal is None:
        raise NotFound(reasons.entity_not_found("CustomerPortal", subscription["id"]))
    return _served(call.account, portal, subscription)


def create_portal(call: Call) -> Json:
    """POST: the one there is, or a new one; 201 either way (4.9)."""
    check(Shape(closed=True), call.body)
    subscription = _addressed(call)
    portal = _portal_of(call.account, subscription) or _new_portal(call.account, subscription)
    return _served(call.account, portal, subscription)


def _addressed(call: Call) -> Json:
    subscription_id = call.path["subscription_id"]
    for subscription in call.account.all_of(SUBSCRIPTION):
        if subscription["id"] == subscription_id:
            return subscription
    raise NotFound(reasons.entity_not_found("Subscription", subscription_id))


def _portal_of(account: Account, subscription: Json) -> Json | None:
    portals = account.oldest_first(KIND, parent=subscription["customer_id"])
    return next((row for row in portals if row["subscription_id"] == subscription["id"]), None)


def _new_portal(account: Account, subscription: Json) -> Json:
    now, slug = account.now(), "".join(account.ledger.random.choices(ALPHABET, k=SLUG_LENGTH))
    portal = {
        "slug": slug,
        "subscription_id": subscription["id"],
        "customer_id": subscription["customer_id"],
        "livemode": False,
        "id": account.new_id("scp_"),
        "company_id": account.fingerprint[:24],
        "object": KIND,
        "created_at": now,
        "updated_at": now,
        "portal_url": f"https://pay.example.com/subscription/management/{slug}",
    }
    account.add(KIND, portal, parent=subscription["customer_id"])
    return portal


def _served(account: Account, portal: Json, subscription: Json) -> Json:
    customer = customer_of(account, portal["customer_id"])
    shown = ("id", "object", "name", "email")
    return {
        **portal,
        "subscription": _details(account, subscription),
        "customer": {name: customer[name] for name in shown},
    }


def _details(account: Account, subscription: Json) -> Json:
    """The subscription with its card and plan, as far as they still exist."""
    card = account.find(SOURCE, subscription["card_id"], parent=subscription["customer_id"])
    plan = account.find(PLAN, subscription["plan_id"])
    shown = ("id", "object", "status", "plan_id", "customer_id", "created_at")
    return {
        **({"card": _card(subscription, card)} if card else {}),
        **({"plan": {name: plan[name] for name in plan if name != "livemode"}} if plan else {}),
        **{name: subscription[name] for name in shown},
        "next_billing_cycle": subscription[INSIDE]["due_at"],
    }


def _card(subscription: Json, card: Json) -> Json:
    shown = ("id", "created_at", "exp_month", "exp_year", "brand", "last4", "name", "payment_source_status")
    return {
        **{name: card[name] for name in shown},
        "object": "card",
        "active": True,
        "customer_id": subscription["customer_id"],
        "customer_custom_reference": subscription["customer_custom_reference"],
    }


ONE = "/subscriptions/{subscription_id}/customer_portal"
ENDPOINTS = (
    Endpoint("GET", ONE, get_portal),
    Endpoint("POST", ONE, create_portal, CREATED),
)
