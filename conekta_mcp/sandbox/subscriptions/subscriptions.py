"""/customers/{customer_id}/subscriptions: several for one customer (conekta-api.md 4.9, 5.2, 5.3)."""

from collections.abc import Callable

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import TIMESTAMP, Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import reasons, subscriptions
from conekta_mcp.sandbox.refusals.envelope import Invalid, NoChargeableCard, NotFound
from conekta_mcp.sandbox.subscriptions import billing
from conekta_mcp.sandbox.subscriptions.plans import load_plan
from conekta_mcp.sandbox.subscriptions.subscribers import (
    BILLING_STATE,
    KIND,
    LIVE_STATUSES,
    load_subscription,
    render_subscription,
    set_status,
)
from conekta_mcp.sandbox.webhooks.events import list_subject_events

DAY = 86_400
REQUEST = Shape(
    required={"plan_id": Text()}, optional={"card_id": Text(), "trial_end": TIMESTAMP}, closed=True
)


def list_subscriptions(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["customer_id"])
    rows = [render_subscription(row) for row in call.account.list_records(KIND, parent=customer["id"])[::-1]]
    needle = call.query.get("search", "")
    return paginate(
        call, rows, lambda row: has_match(needle, [row[name] for name in ("id", "plan_id", "status")])
    )


def create_subscription(call: Call) -> Json:
    """Create one beside the earlier ones; a card that declines makes it past_due, not a 402 (5.3)."""
    customer = owned.load_customer(call.account, call.path["customer_id"])
    check(REQUEST, call.body)
    return start_subscription(call.account, customer, call.body)


def get_subscription(call: Call) -> Json:
    return render_subscription(_load_subscription(call))


def update_subscription(call: Call) -> Json:
    subscription = _load_subscription(call)
    check(REQUEST.without_required(), call.body)
    return change_subscription(call.account, subscription, call.body)


def list_subscription_events(call: Call) -> Json:
    return list_subject_events(call, _load_subscription(call)["id"])


def start_subscription(account: Account, customer: Json, body: Json, param: str = "") -> Json:
    """Start a subscription from a checked body: with a trial, or charged at once."""
    plan, now = load_plan(account, body["plan_id"]), account.now()
    card = select_card(account, customer, body.get("card_id"))
    _refuse_past_trial_end(account, body, param)
    trial_end = body.get("trial_end", now + (plan["trial_period_days"] or 0) * DAY)
    trial = {"trial_start": now} if trial_end > now else {}
    subscription = {
        "id": account.make_id("sub_"),
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
        BILLING_STATE: {"anchor": trial_end, "cycles": 0, "paid": 0, "failures": 0, "due_at": trial_end},
    }
    account.add(KIND, subscription, parent=customer["id"], due_at=trial_end)
    # Stored and announced before the first charge, whose events follow.
    set_status(account, subscription, "in_trial" if trial else "active", "created")
    if not trial:
        billing.start_billing(account, subscription)
    return render_subscription(subscription)


def change_subscription(account: Account, subscription: Json, body: Json) -> Json:
    """Change the plan from the next bill on, the card, or the end of the trial (all inferred)."""
    billing.refuse_wrong_status(subscription, "update", *LIVE_STATUSES)
    inside = subscription[BILLING_STATE]
    if "card_id" in body:
        customer = owned.load_customer(account, subscription["customer_id"])
        subscription["card_id"] = select_card(account, customer, body["card_id"])["id"]
    if "plan_id" in body and body["plan_id"] != subscription["plan_id"]:
        subscription["plan_id"] = load_plan(account, body["plan_id"])["id"]
        # The new plan counts its cycles from the end of the one that is paid.
        inside.update(anchor=subscription["billing_cycle_end"], cycles=0, paid=0)
    if "trial_end" in body:
        _refuse_past_trial_end(account, body, "")
        if subscription["status"] != "in_trial":
            raise Invalid(reasons.invalid_param("trial_end"))
        end = body["trial_end"]
        subscription.update(trial_end=end, billing_cycle_end=end)
        inside.update(anchor=end, due_at=end)
    set_status(account, subscription, subscription["status"], "updated")
    return render_subscription(subscription)


def make_action_handler(
    find: Callable[[Call], Json], act: Callable[[Account, Json], None]
) -> Callable[[Call], Json]:
    def run_action(call: Call) -> Json:
        check(Shape(closed=True), call.body)
        subscription = find(call)
        act(call.account, subscription)
        return render_subscription(subscription)

    return run_action


def list_action_endpoints(path: str, find: Callable[[Call], Json]) -> tuple[Endpoint, ...]:
    """Return the routes below `path` that act on the subscription that `find` returns."""
    actions = {
        "cancel": billing.cancel_subscription,
        "pause": billing.pause_subscription,
        "resume": billing.resume_subscription,
    }
    return tuple(
        Endpoint("POST", f"{path}/{name}", make_action_handler(find, act)) for name, act in actions.items()
    )


def select_card(account: Account, customer: Json, card_id: str | None) -> Json:
    """Return the card to charge: the one named, else the default source, else the oldest card."""
    sources = account.list_records(owned.PAYMENT_SOURCE, parent=customer["id"])
    if card_id is not None:
        sources = [source for source in sources if source["id"] == card_id]
        if not sources:
            raise NotFound(reasons.entity_not_found("card", card_id))
    cards = [source for source in sources if source["type"] == "card"]
    default = [card for card in cards if card["id"] == customer.get("default_payment_source_id")]
    if not cards:
        raise NoChargeableCard(subscriptions.no_valid_card())
    return [*default, *cards][0]


def _refuse_past_trial_end(account: Account, body: Json, param: str) -> None:
    if body.get("trial_end", account.now() + 1) <= account.now():
        raise Invalid(reasons.invalid_param(f"{param}trial_end"))


def _load_subscription(call: Call) -> Json:
    customer = owned.load_customer(call.account, call.path["customer_id"])
    return load_subscription(call.account, customer["id"], call.path["id"])


SUBSCRIPTIONS_PATH = "/customers/{customer_id}/subscriptions"
SUBSCRIPTION_PATH = SUBSCRIPTIONS_PATH + "/{id}"
ENDPOINTS = (
    Endpoint("GET", SUBSCRIPTIONS_PATH, list_subscriptions),
    Endpoint("POST", SUBSCRIPTIONS_PATH, create_subscription),
    Endpoint("GET", SUBSCRIPTION_PATH, get_subscription),
    Endpoint("PUT", SUBSCRIPTION_PATH, update_subscription),
    Endpoint("GET", SUBSCRIPTION_PATH + "/events", list_subscription_events),
    *list_action_endpoints(SUBSCRIPTION_PATH, _load_subscription),
    Endpoint(
        "POST", SUBSCRIPTION_PATH + "/retry", make_action_handler(_load_subscription, billing.retry_payment)
    ),
)
