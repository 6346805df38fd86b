"""/customers (conekta-api.md 4.1)."""

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses, fiscal_entities, payment_sources
from conekta_mcp.sandbox.customer_records.shipping_contacts import add_contact
from conekta_mcp.sandbox.http.body_rules import (
    EMAIL,
    INT64,
    Many,
    Nullable,
    Rule,
    Shape,
    Text,
    Whole,
    boolean,
    check,
    mapping,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import nested, page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.subscriptions import billing, subscriptions
from conekta_mcp.sandbox.subscriptions.subscribers import current_of, is_live
from conekta_mcp.sandbox.subscriptions.subscribers import served as served_subscription
from conekta_mcp.sandbox.webhooks.emit import happened

ANTIFRAUD = Shape(optional={"account_created_at": Whole(0, INT64), "first_paid_at": Whole(0, INT64)})
SCALARS: dict[str, Rule] = {
    "custom_reference": Text(0),
    "corporate": boolean,
    "date_of_birth": Text(pattern=r"^[0-9]{2}/[0-9]{2}/[0-9]{4}\Z"),
    "national_id": Text(),
    "metadata": mapping,
    "antifraud_info": Nullable(ANTIFRAUD),
}
DEFAULTS = {
    "default_payment_source_id": owned.SOURCE,
    "default_shipping_contact_id": owned.CONTACT,
}
CUSTOMER = Shape(
    required={"name": Text(), "email": EMAIL, "phone": Text()},
    optional={
        **SCALARS,
        **dict.fromkeys(DEFAULTS, Text()),
        "payment_sources": Many(payment_sources.source_rule),
        "shipping_contacts": Many(addresses.CONTACT),
        "fiscal_entities": Many(fiscal_entities.ENTITY),
        "plan_id": Text(),
        "subscription": subscriptions.REQUEST,
    },
    closed=True,
)
STORED = ("name", "email", "phone", *SCALARS)
SEARCHED = ("name", "email", "phone", "custom_reference")


def create_customer(call: Call) -> Json:
    """POST /customers: duplicates are accepted (4.1, inferred)."""
    check(CUSTOMER, call.body)
    account = call.account
    contact = {name: call.body[name] for name in ("name", "email", "phone")}
    customer = {
        "livemode": False,
        **contact,
        "id": account.new_id("cus_"),
        "object": "customer",
        "created_at": account.now(),
        "corporate": False,
        "custom_reference": "",
        **_stored_fields(call.body),
    }
    account.add(owned.CUSTOMER, customer)
    made = _completed(account, customer, call.body)
    happened(account, "customer.created", made)
    return made


def update_customer(call: Call) -> Json:
    """PUT /customers/{id}: any field; children sent here are added to those it has (inferred)."""
    customer = owned.customer_of(call.account, call.path["id"])
    check(CUSTOMER.loosened(), call.body)
    fields = _stored_fields(call.body)
    previous = {name: customer.get(name) for name in fields if customer.get(name) != fields[name]}
    customer.update(fields)
    call.account.save(owned.CUSTOMER, customer)
    changed = _completed(call.account, customer, call.body)
    happened(call.account, "customer.updated", changed, previous)
    return changed


def get_customer(call: Call) -> Json:
    """GET /customers/{id}."""
    return served(call.account, owned.customer_of(call.account, call.path["id"]))


def list_customers(call: Call) -> Json:
    """GET /customers: newest first; `search` over name, email, phone and custom_reference."""
    newest_first = call.account.oldest_first(owned.CUSTOMER)[::-1]
    needle = call.query.get("search", "")
    listed = page(call, newest_first, lambda row: mentions(needle, [row[name] for name in SEARCHED]))
    return {**listed, "data": [served(call.account, row) for row in listed["data"]]}


def delete_customer(call: Call) -> Json:
    """DELETE /customers/{id}: gone with its children, its subscriptions ended (13, ours); its orders stay."""
    customer = owned.customer_of(call.account, call.path["id"])
    gone = {**served(call.account, customer), "deleted": True}
    billing.cancel_all(call.account, customer["id"])
    call.account.remove_children(customer["id"])
    call.account.remove(owned.CUSTOMER, customer["id"])
    happened(call.account, "customer.deleted", gone)
    return gone


def served(account: Account, customer: Json) -> Json:
    """The customer with its children as list envelopes, none for the kinds it has none of."""
    envelopes = {
        "payment_sources": [
            payment_sources.served(customer, source)
            for source in account.oldest_first(owned.SOURCE, parent=customer["id"])
        ],
        "shipping_contacts": _children(account, customer, owned.CONTACT),
        "fiscal_entities": _children(account, customer, owned.FISCAL_ENTITY),
    }
    current = current_of(account, customer["id"])
    return {
        **customer,
        **{name: nested(rows) for name, rows in envelopes.items() if rows},
        **({"subscription": served_subscription(current)} if current else {}),
    }


def _children(account: Account, customer: Json, kind: str) -> list[Json]:
    rows = account.oldest_first(kind, parent=customer["id"])
    return [owned.with_default(kind, customer, row) for row in rows]


def _completed(account: Account, customer: Json, body: Json) -> Json:
    for place, source in enumerate(body.get("payment_sources", [])):
        payment_sources.add_source(account, customer, source, f"payment_sources.{place}")
    for contact in body.get("shipping_contacts", []):
        add_contact(account, customer, contact)
    for entity in body.get("fiscal_entities", []):
        fiscal_entities.add_entity(account, customer, entity)
    for field, kind in DEFAULTS.items():
        _choose_default(account, customer, field, kind, body)
    _subscribe(account, customer, body)
    return served(account, customer)


def _subscribe(account: Account, customer: Json, body: Json) -> None:
    """Start the subscription asked for, or change the live one (inferred); `plan_id` is one without more."""
    if not {"plan_id", "subscription"} & body.keys():
        return
    if {"plan_id", "subscription"} <= body.keys():
        raise Invalid(reasons.invalid("plan_id"))
    asked = body.get("subscription", {"plan_id": body.get("plan_id")})
    current = current_of(account, customer["id"])
    if current and is_live(current):
        subscriptions.change(account, current, asked)
    else:
        subscriptions.subscribe(account, customer, asked, "subscription.")


def _choose_default(account: Account, customer: Json, field: str, kind: str, body: Json) -> None:
    if field not in body:
        return
    if account.find(kind, body[field], parent=customer["id"]) is None:
        raise Invalid(reasons.invalid(field))
    owned.prefer(account, kind, customer, body[field])


def _stored_fields(body: Json) -> Json:
    return {name: body[name] for name in STORED if name in body}


ENDPOINTS = (
    Endpoint("GET", "/customers", list_customers),
    Endpoint("POST", "/customers", create_customer),
    Endpoint("GET", "/customers/{id}", get_customer),
    Endpoint("PUT", "/customers/{id}", update_customer),
    Endpoint("DELETE", "/customers/{id}", delete_customer),
)
