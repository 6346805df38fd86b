"""/subscriptions/{subscription_id}/customer_portal: where customers manage theirs (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.ids import ALPHABET
from conekta_mcp.sandbox.core.owned import PAYMENT_SOURCE, load_customer
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.subscriptions.plans import KIND as PLAN
from conekta_mcp.sandbox.subscriptions.subscribers import BILLING_STATE
from conekta_mcp.sandbox.subscriptions.subscribers import KIND as SUBSCRIPTION

KIND = "customer_portal"
SLUG_LENGTH = 30
CREATED_STATUS = 201


def get_portal(call: Call) -> Json:
    subscription = _load_subscription(call)
    portal = _find_portal(call.account, subscription)
    if portal is None:
        raise NotFound(reasons.entity_not_found("CustomerPortal", subscription["id"]))
    return _render_portal(call.account, portal, subscription)


def create_portal(call: Call) -> Json:
    """Return the portal there is, or a new one; 201 either way (4.9)."""
    check(Shape(closed=True), call.body)
    subscription = _load_subscription(call)
    portal = _find_portal(call.account, subscription) or _create_portal(call.account, subscription)
    return _render_portal(call.account, portal, subscription)


def _load_subscription(call: Call) -> Json:
    subscription_id = call.path["subscription_id"]
    for subscription in call.account.list_all(SUBSCRIPTION):
        if subscription["id"] == subscription_id:
            return subscription
    raise NotFound(reasons.entity_not_found("Subscription", subscription_id))


def _find_portal(account: Account, subscription: Json) -> Json | None:
    portals = account.list_records(KIND, parent=subscription["customer_id"])
    return next((row for row in portals if row["subscription_id"] == subscription["id"]), None)


def _create_portal(account: Account, subscription: Json) -> Json:
    now, slug = account.now(), "".join(account.ledger.random.choices(ALPHABET, k=SLUG_LENGTH))
    portal = {
        "slug": slug,
        "subscription_id": subscription["id"],
        "customer_id": subscription["customer_id"],
        "livemode": False,
        "id": account.make_id("scp_"),
        "company_id": account.fingerprint[:24],
        "object": KIND,
        "created_at": now,
        "updated_at": now,
        "portal_url": f"https://pay.example.com/subscription/management/{slug}",
    }
    account.add(KIND, portal, parent=subscription["customer_id"])
    return portal


def _render_portal(account: Account, portal: Json, subscription: Json) -> Json:
    customer = load_customer(account, portal["customer_id"])
    shown = ("id", "object", "name", "email")
    return {
        **portal,
        "subscription": _render_subscription(account, subscription),
        "customer": {name: customer[name] for name in shown},
    }


def _render_subscription(account: Account, subscription: Json) -> Json:
    """Return the subscription with its card and plan, as far as they still exist."""
    card = account.find(PAYMENT_SOURCE, subscription["card_id"], parent=subscription["customer_id"])
    plan = account.find(PLAN, subscription["plan_id"])
    shown = ("id", "object", "status", "plan_id", "customer_id", "created_at")
    return {
        **({"card": _render_card(subscription, card)} if card else {}),
        **({"plan": {name: plan[name] for name in plan if name != "livemode"}} if plan else {}),
        **{name: subscription[name] for name in shown},
        "next_billing_cycle": subscription[BILLING_STATE]["due_at"],
    }


def _render_card(subscription: Json, card: Json) -> Json:
    shown = ("id", "created_at", "exp_month", "exp_year", "brand", "last4", "name", "payment_source_status")
    return {
        **{name: card[name] for name in shown},
        "object": "card",
        "active": True,
        "customer_id": subscription["customer_id"],
        "customer_custom_reference": subscription["customer_custom_reference"],
    }


PORTAL_PATH = "/subscriptions/{subscription_id}/customer_portal"
ENDPOINTS = (
    Endpoint("GET", PORTAL_PATH, get_portal),
    Endpoint("POST", PORTAL_PATH, create_portal, CREATED_STATUS),
)
