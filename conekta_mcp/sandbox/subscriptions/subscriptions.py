"""/customers/{customer_id}/subscriptions: several at a time (conekta-api.md 4.9, 5.2, 5.3)."""

from collections.abc import Callable

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import MOMENT, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.refusals import reasons, subscriptions
from conekta_mcp.sandbox.refusals.envelope import Chargeless, Invalid, NotFound
from conekta_mcp.sandbox.subscriptions import billing
from conekta_mcp.sandbox.subscriptions.plans import plan_of
from conekta_mcp.sandbox.subscriptions.subscribers import (
    INSIDE,
    KIND,
    LIVE,
    become,
    served,
    subscription_of,
)
from conekta_mcp.sandbox.webhooks.events import list_events_about

DAY = 86_400
REQUEST = Shape(required={"plan_id": Text()}, optional={"card_id": Text(), "trial_end": MOMENT}, closed=True)


def list_subscriptions(call: Call) -> Json:
    """GET: newest first; `search` over id, plan and status."""
    customer = owned.customer_of(call.account, call.path["customer_id"])
    rows = [served(row) for row in call.account.oldest_first(KIND, parent=customer["id"])[::-1]]
    needle = call.query.get("search", "")
    return page(call, rows, lambda row: mentions(needle, [row[name] for name in ("id", "plan_id", "status")]))


def create_subscription(call: Call) -> Json:
    """POST: earlier subscriptions stay; a card that declines makes it past_due, not a 402 (5.3)."""
    customer = owned.customer_of(call.account, call.path["customer_id"])
    check(REQUEST, call.body)
    return subscribe(call.account, customer, call.body)


def get_subscription(call: Call) -> Json:
    """GET one."""
    return served(_addressed(call))


def update_subscription(call: Call) -> Json:
    """PUT: see `change`."""
    subscription = _addressed(call)
    check(REQUEST.loosened(), call.body)
    return change(call.account, subscription, call.body)


def list_subscription_events(call: Call) -> Json:
    """GET its events, newest first."""
    return list_events_about(call, _addressed(call)["id"])


def subscribe(account: Account, customer: Json, body: Json, param: str = "") -> Json:
    """Start a subscription from a checked body: with a trial, or charged at once."""
    plan, now = plan_of(account, body["plan_id"]), account.now()
    card = card_of(account, customer, body.get("card_id"))
    _refuse_past(account, body, param)
    trial_end = body.get("trial_end", now + (plan["trial_period_days"] or 0) * DAY)
    trial = {"trial_start": now} if trial_end > now else {}
    subscription = {
        "id": account.new_id("sub_"),
        "object": KIND,
        "status": "in_trial",
        "plan_id": plan["id"],
        "card_id": card["id"],
        "customer_id": customer["id"],
        "customer_custom_reference": customer["custom_reference"],
        "created_at": now,
        "subscription_start": now,
        "billing_cycle_start": now,
        "billing_cycle_end": trial_end,
        **trial,
        "trial_end": trial_end,
        INSIDE: {"anchor": trial_end, "cycles": 0, "paid": 0, "failures": 0, "due_at": trial_end},
    }
    account.add(KIND, subscription, parent=customer["id"], due_at=trial_end)
    become(account, subscription, "in_trial" if trial else "active", "created")
    if not trial:
        billing.start(account, subscription)
    return served(subscription)


def change(account: Account, subscription: Json, body: Json) -> Json:
    """Give it another plan from its next bill on, another card, or its trial another end (all inferred)."""
    billing.allow(subscription, "update", *LIVE)
    inside = subscription[INSIDE]
    if "card_id" in body:
        customer = owned.customer_of(account, subscription["customer_id"])
        subscription["card_id"] = card_of(account, customer, body["card_id"])["id"]
    if "plan_id" in body and body["plan_id"] != subscription["plan_id"]:
        subscription["plan_id"] = plan_of(account, body["plan_id"])["id"]
        inside.update(anchor=subscription["billing_cycle_end"], cycles=0, paid=0)
    if "trial_end" in body:
        _refuse_past(account, body, "")
        if subscription["status"] != "in_trial":
            raise Invalid(reasons.invalid("trial_end"))
        end = body["trial_end"]
        subscription.update(trial_end=end, billing_cycle_end=end)
        inside.update(anchor=end, due_at=end)
    become(account, subscription, subscription["status"], "updated")
    return served(subscription)


def acting(find: Callable[[Call], Json], act: Callable[[Account, Json], None]) -> Callable[[Call], Json]:
    """A route that does something to the subscription it finds, and answers with it."""

    def answer(call: Call) -> Json:
        check(Shape(closed=True), call.body)
        subscription = find(call)
        act(call.account, subscription)
        return served(subscription)

    return answer


def card_of(account: Account, customer: Json, card_id: str | None) -> Json:
    """The card to charge: the one named, else the default source, else the customer's oldest card."""
    sources = account.oldest_first(owned.SOURCE, parent=customer["id"])
    if card_id is not None:
        sources = [source for source in sources if source["id"] == card_id]
        if not sources:
            raise NotFound(reasons.entity_not_found("card", card_id))
    cards = [source for source in sources if source["type"] == "card"]
    default = [card for card in cards if card["id"] == customer.get("default_payment_source_id")]
    if not cards:
        raise Chargeless(subscriptions.no_valid_card())
    return [*default, *cards][0]


def _refuse_past(account: Account, body: Json, param: str) -> None:
    if body.get("trial_end", account.now() + 1) <= account.now():
        raise Invalid(reasons.invalid(f"{param}trial_end"))


def _addressed(call: Call) -> Json:
    customer = owned.customer_of(call.account, call.path["customer_id"])
    return subscription_of(call.account, customer["id"], call.path["id"])


MANY = "/customers/{customer_id}/subscriptions"
ONE = MANY + "/{id}"
ENDPOINTS = (
    Endpoint("GET", MANY, list_subscriptions),
    Endpoint("POST", MANY, create_subscription),
    Endpoint("GET", ONE, get_subscription),
    Endpoint("PUT", ONE, update_subscription),
    Endpoint("GET", ONE + "/events", list_subscription_events),
    Endpoint("POST", ONE + "/cancel", acting(_addressed, billing.cancel)),
    Endpoint("POST", ONE + "/pause", acting(_addressed, billing.pause)),
    Endpoint("POST", ONE + "/resume", acting(_addressed, billing.resume)),
    Endpoint("POST", ONE + "/retry", acting(_addressed, billing.retry)),
)
