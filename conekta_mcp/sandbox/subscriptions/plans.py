"""/plans: create, read, list, change and delete (conekta-api.md 4.9)."""

from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import (
    INT32,
    Choice,
    Integer,
    Rule,
    Shape,
    Text,
    check,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import reasons, subscriptions
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.subscriptions.subscribers import list_live_subscriptions
from conekta_mcp.sandbox.webhooks.emit import emit_event

KIND = "plan"
MIN_RETRIES = 3
MIN_RETRY_DELAY = 48
"""Hours."""
CHANGEABLE_FIELDS: dict[str, Rule] = {
    "name": Text(),
    "amount": Integer(1, INT32),
    "currency": Text(3, 3, "(?i)^(mxn|usd)$"),
    "expiry_count": Integer(1, INT32),
}
PLAN = Shape(
    required={
        "name": CHANGEABLE_FIELDS["name"],
        "amount": CHANGEABLE_FIELDS["amount"],
        "interval": Choice(("week", "half_month", "month", "year")),
        "frequency": Integer(1, INT32),
    },
    optional={
        "id": Text(1, 64, r"^[0-9A-Za-z][0-9A-Za-z_-]*\Z"),
        "currency": CHANGEABLE_FIELDS["currency"],
        "trial_period_days": Integer(0, INT32),
        "expiry_count": CHANGEABLE_FIELDS["expiry_count"],
        "max_retries": Integer(MIN_RETRIES, INT32),
        "retry_delay_hours": Integer(MIN_RETRY_DELAY, INT32),
    },
    closed=True,
)
DEFAULTS = {
    "currency": "MXN",
    "trial_period_days": 0,
    "expiry_count": None,
    "max_retries": MIN_RETRIES,
    "retry_delay_hours": MIN_RETRY_DELAY,
}


def create_plan(call: Call) -> Json:
    """Create a plan; the merchant may choose the id (1.5)."""
    check(PLAN, call.body)
    account = call.account
    plan_id = call.body.get("id") or account.make_id("plan_")
    if account.find(KIND, plan_id):
        raise Invalid(subscriptions.duplicate_plan_id())
    head = {"livemode": False, "object": KIND, "created_at": account.now()}
    plan = {**head, **DEFAULTS, **_normalize_currency(call.body), "id": plan_id}
    account.add(KIND, plan)
    emit_event(account, "plan.created", plan)
    return plan


def get_plan(call: Call) -> Json:
    return load_plan(call.account, call.path["id"])


def list_plans(call: Call) -> Json:
    currency, frequency = call.query.get("currency", "").upper(), call.query.get("frequency", "")
    if frequency and not (frequency.isascii() and frequency.isdigit()):
        raise Invalid(reasons.invalid_datatype("frequency"))

    def is_match(plan: Json) -> bool:
        return (
            has_match(call.query.get("search", ""), [plan["id"], plan["name"]])
            and currency in ("", plan["currency"])
            and frequency in ("", str(plan["frequency"]))
        )

    return paginate(call, call.account.list_records(KIND)[::-1], is_match)


def update_plan(call: Call) -> Json:
    """Change a plan; subscriptions pay the new amount from their next bill on (inferred)."""
    plan = load_plan(call.account, call.path["id"])
    check(Shape(optional=CHANGEABLE_FIELDS, closed=True), call.body)
    sent = _normalize_currency(call.body)
    previous = {name: plan[name] for name in sent if plan[name] != sent[name]}
    plan.update(sent)
    call.account.save(KIND, plan)
    emit_event(call.account, "plan.updated", plan, previous)
    return plan


def delete_plan(call: Call) -> Json:
    """Delete a plan without live subscriptions (13, ours); returned without a `deleted` flag (1.2)."""
    plan = load_plan(call.account, call.path["id"])
    if list_live_subscriptions(call.account, plan["id"]):
        raise Invalid(subscriptions.plan_in_use())
    call.account.remove(KIND, plan["id"])
    emit_event(call.account, "plan.deleted", plan)
    return plan


def load_plan(account: Account, plan_id: str) -> Json:
    return load_record(account, KIND, plan_id, "Plan")


def _normalize_currency(body: Json) -> Json:
    return {**body, "currency": body["currency"].upper()} if "currency" in body else body


ENDPOINTS = (
    Endpoint("GET", "/plans", list_plans),
    Endpoint("POST", "/plans", create_plan),
    Endpoint("GET", "/plans/{id}", get_plan),
    Endpoint("PUT", "/plans/{id}", update_plan),
    Endpoint("DELETE", "/plans/{id}", delete_plan),
)
