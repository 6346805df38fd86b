"""/checkouts: payment links, and the checkouts of orders and tokens (conekta-api.md 4.8, 5.4, 5.5).

A paid link stays Issued, since no other final status is documented (5.4). No event of checkouts is known (6).
"""

from collections.abc import Iterator
from uuid import UUID

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.core.owned import CUSTOMER
from conekta_mcp.sandbox.customer_records.people import validate_phone
from conekta_mcp.sandbox.http.body_rules import (
    EMAIL,
    TIMESTAMP,
    Array,
    Choice,
    Shape,
    Text,
    check,
    validate_boolean,
    validate_metadata,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import links as reasons_links
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Detail, Invalid
from conekta_mcp.sandbox.refusals.policies import CHECKOUT_LIFETIMES
from conekta_mcp.sandbox.request_bodies.checkout_bodies import (
    LINK,
    find_contradictions,
    list_offered_methods,
)
from conekta_mcp.sandbox.request_bodies.order_bodies import DISCOUNT_LINE, LINE_ITEM, TAX_LINE, validate_payer
from conekta_mcp.sandbox.request_bodies.versions import check_version

KIND, PAYMENT = "checkout", "checkout_payment"
DAY, MEXICO_CITY = 86_400, 6 * 3600
DEFAULT_DAYS = 3
PAID_STATUSES = ("paid", "partially_refunded", "refunded", "charged_back")
PENDING_STATUSES = ("pending_payment", "pre_authorized")
PAGE_PATHS = {"PaymentLink": "link", "HostedPayment": "checkout"}

TEMPLATE = Shape(
    required={"currency": Text(3, 3, "(?i)^(mxn|usd)$"), "line_items": Array(LINE_ITEM, at_least=1)},
    optional={
        "customer_info": validate_payer,
        "metadata": validate_metadata,
        "tax_lines": Array(TAX_LINE),
        "discount_lines": Array(DISCOUNT_LINE),
    },
    closed=True,
)
REQUEST = Shape(
    required={
        "name": Text(),
        "type": Choice(("PaymentLink",)),
        "recurrent": validate_boolean,
        "expires_at": TIMESTAMP,
        "order_template": TEMPLATE,
    },
    optional=LINK,
    closed=True,
)


def validate_link(value: object, param: str) -> Iterator[Detail]:
    yield from REQUEST(value, param)
    yield from find_contradictions(value)


def create_link(call: Call) -> Json:
    """Create a link; 404 is not declared for it, so an unknown payer is a 422."""
    check(validate_link, call.body)
    check_version(call.body, call.version)
    template, account = call.body["order_template"], call.account
    customer_id = template.get("customer_info", {}).get("customer_id")
    if customer_id is not None and account.find(CUSTOMER, customer_id) is None:
        raise Invalid(reasons.invalid_param("order_template.customer_info.customer_id"))
    return render_checkout(account, issue(account, call.body, {"order_template": template}))


def create_order_checkout(account: Account, order: Json, asked: Json) -> Json:
    """Return the `checkout` of a new order, Integration unless it asks for a hosted page."""
    defaults = {"type": "Integration", "name": account.make_id("ord-"), "recurrent": False}
    return render_checkout(
        account, issue(account, {**defaults, **asked}, {"order_id": order["id"]}, "checkout.")
    )


def create_token_checkout(account: Account, token: Json) -> Json:
    asked = {"type": "Integration", "name": account.make_id("tok-"), "allowed_payment_methods": ["card"]}
    return render_checkout(account, issue(account, {"recurrent": False, **asked}, {"token_id": token["id"]}))


def issue(account: Account, asked: Json, kept: Json, param: str = "") -> Json:
    """Store a new checkout; `kept` is what it is for, never shown, `param` its path in the body."""
    now = account.now()
    # Midnight in Mexico City, which has had no summer time since 2022.
    starts_at = (now - MEXICO_CITY) // DAY * DAY + MEXICO_CITY
    # By default a link lasts to the end of its third day.
    expires_at = asked.get("expires_at", starts_at + DEFAULT_DAYS * DAY - 1)
    if not CHECKOUT_LIFETIMES[0] <= expires_at - now <= CHECKOUT_LIFETIMES[1]:
        raise Invalid(reasons.invalid_param(f"{param}expires_at"))
    shown = _build_checkout(account, asked, starts_at, expires_at)
    record = {"id": shown["id"], "shown": shown, "three_ds_mode": _get_3ds_mode(asked), **kept}
    account.add(KIND, record, due_at=expires_at)
    return record


def _build_checkout(account: Account, asked: Json, starts_at: int, expires_at: int) -> Json:
    identity = UUID(int=account.ledger.random.getrandbits(128), version=4)
    echoed = ("excluded_payment_methods", "plan_ids", "redirection_time", "on_demand_enabled", *_ORDER_FIELDS)
    page_of = PAGE_PATHS.get(asked["type"])
    return {
        "allowed_payment_methods": list_offered_methods(asked),
        "can_not_expire": False,
        "emails_sent": 0,
        "exclude_card_networks": asked.get("exclude_card_networks", []),
        "expires_at": expires_at,
        "failure_url": asked.get("failure_url", ""),
        "force_3ds_flow": _get_3ds_mode(asked) == "strict",
        "id": str(identity),
        "livemode": False,
        "metadata": asked.get("metadata", {}),
        "monthly_installments_enabled": asked.get("monthly_installments_enabled", False),
        "monthly_installments_options": asked.get("monthly_installments_options", []),
        "name": asked["name"],
        "needs_shipping_contact": asked.get("needs_shipping_contact", False),
        "object": "checkout",
        "paid_payments_count": 0,
        "payments_limit_count": asked.get("payments_limit_count"),
        "recurrent": asked["recurrent"],
        "slug": identity.hex,
        "sms_sent": 0,
        "starts_at": starts_at,
        "status": "Issued",
        "success_url": asked.get("success_url", ""),
        "type": asked["type"],
        **({"url": f"https://pay.example.com/{page_of}/{identity.hex}"} if page_of else {}),
        **{name: asked[name] for name in echoed if name in asked},
    }


_ORDER_FIELDS = ("force_save_card", "max_failed_retries", "is_redirect_on_failure")


def _get_3ds_mode(asked: Json) -> str | None:
    return asked.get("three_ds_mode") or ("strict" if asked.get("force_3ds_flow") else None)


def render_checkout(account: Account, record: Json) -> Json:
    paid = sum(status in PAID_STATUSES for status in _list_payment_statuses(account, record))
    return {**record["shown"], "paid_payments_count": paid}


def refuse_ended_checkout(record: Json) -> None:
    """Refuse what needs an Issued checkout (5.2)."""
    if record["shown"]["status"] != "Issued":
        raise Invalid(reasons_links.inactive_checkout(record["shown"]["status"]))


def refuse_another_payment(account: Account, record: Json) -> None:
    """Refuse a payment above the limit; pending payments count too (inferred)."""
    refuse_ended_checkout(record)
    shown = record["shown"]
    limit = shown["payments_limit_count"] if shown["recurrent"] else 1
    taken = sum(
        status in (*PAID_STATUSES, *PENDING_STATUSES) for status in _list_payment_statuses(account, record)
    )
    if limit is not None and taken >= limit:
        raise Invalid(reasons_links.exhausted_checkout())


def expire_due_checkouts(account: Account, moment: int) -> None:
    for record in account.list_due(KIND, moment):
        _end_checkout(account, record, "Expired")


def get_checkout(call: Call) -> Json:
    return render_checkout(call.account, load_checkout(call.account, call.path["id"]))


def list_links(call: Call) -> Json:
    """List links only (inferred), newest first; `search` looks at name, id and slug."""
    stored = call.account.list_records(KIND)[::-1]
    links = [render_checkout(call.account, record) for record in stored if "order_template" in record]
    needle = call.query.get("search", "")
    listed = paginate(call, links, lambda row: has_match(needle, [row["name"], row["id"], row["slug"]]))
    return {**listed, "total": len(listed["data"])}


def cancel_link(call: Call) -> Json:
    check(Shape(closed=True), call.body)
    record = load_checkout(call.account, call.path["id"])
    refuse_ended_checkout(record)
    return render_checkout(call.account, _end_checkout(call.account, record, "Cancelled"))


def email_link(call: Call) -> Json:
    return _count_message(call, "emails_sent", Shape(required={"email": EMAIL}, closed=True))


def text_link(call: Call) -> Json:
    """Count a message; none is sent. Dropped from the specification; the vendor's server says phone (3.2)."""
    name = "phone" if "phone" in call.body else "phonenumber"
    return _count_message(call, "sms_sent", Shape(required={name: validate_phone}, closed=True))


def _count_message(call: Call, counter: str, rule: Shape) -> Json:
    record = load_checkout(call.account, call.path["id"])
    check(rule, call.body)
    refuse_ended_checkout(record)
    record["shown"][counter] += 1
    call.account.save(KIND, record, due_at=record["shown"]["expires_at"])
    return render_checkout(call.account, record)


def load_checkout(account: Account, checkout_id: str) -> Json:
    return load_record(account, KIND, checkout_id, "Checkout")


def _end_checkout(account: Account, record: Json, status: str) -> Json:
    record["shown"]["status"] = status
    account.save(KIND, record)
    return record


def _list_payment_statuses(account: Account, record: Json) -> list[str | None]:
    rows = account.list_records(PAYMENT, parent=record["id"])
    # Read from the orders each time: their later refunds and expiries count.
    orders = [account.find(lifecycles.KIND, row["id"]) for row in rows]
    return [order.get("payment_status") for order in orders if order]


ENDPOINTS = (
    Endpoint("GET", "/checkouts", list_links),
    Endpoint("POST", "/checkouts", create_link),
    Endpoint("GET", "/checkouts/{id}", get_checkout),
    Endpoint("PUT", "/checkouts/{id}/cancel", cancel_link),
    Endpoint("POST", "/checkouts/{id}/email", email_link),
    Endpoint("POST", "/checkouts/{id}/sms", text_link),
)
