"""/customers: create, read, list, change and delete (conekta-api.md 4.1)."""

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses, fiscal_entities, payment_sources
from conekta_mcp.sandbox.customer_records.people import (
    is_after,
    validate_birth_date,
    validate_name,
    validate_phone,
)
from conekta_mcp.sandbox.customer_records.shipping_contacts import add_contact
from conekta_mcp.sandbox.http.body_rules import (
    EMAIL,
    INT64,
    Array,
    Integer,
    Nullable,
    Rule,
    Shape,
    Text,
    check,
    validate_boolean,
    validate_metadata,
)
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate, wrap_list
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.subscriptions import billing, subscriptions
from conekta_mcp.sandbox.subscriptions.subscribers import find_current_subscription, is_live
from conekta_mcp.sandbox.subscriptions.subscribers import render_subscription as served_subscription
from conekta_mcp.sandbox.webhooks.emit import emit_event

# Conekta requires first_paid_at if the object is sent at all (2.4).
ANTIFRAUD = Shape(
    required={"first_paid_at": Integer(0, INT64)}, optional={"account_created_at": Integer(0, INT64)}
)
SCALARS: dict[str, Rule] = {
    "custom_reference": Text(0),
    "corporate": validate_boolean,
    "date_of_birth": validate_birth_date,
    "national_id": Text(),
    "metadata": validate_metadata,
    "antifraud_info": Nullable(ANTIFRAUD),
}
DEFAULTS = {
    "default_payment_source_id": owned.PAYMENT_SOURCE,
    "default_shipping_contact_id": owned.SHIPPING_CONTACT,
}
CUSTOMER = Shape(
    required={"name": validate_name, "email": EMAIL, "phone": validate_phone},
    optional={
        **SCALARS,
        **dict.fromkeys(DEFAULTS, Text()),
        "payment_sources": Array(payment_sources.validate_source),
        "shipping_contacts": Array(addresses.CONTACT),
        "fiscal_entities": Array(fiscal_entities.ENTITY),
        "plan_id": Text(),
        "subscription": subscriptions.REQUEST,
    },
    closed=True,
)
STORED_FIELDS = ("name", "email", "phone", *SCALARS)
SEARCHED_FIELDS = ("name", "email", "phone", "custom_reference")


def create_customer(call: Call) -> Json:
    """Create a customer; duplicates are accepted (4.1, inferred)."""
    check(CUSTOMER, call.body)
    account = call.account
    _refuse_later_birth(account, call.body)
    contact = {name: call.body[name] for name in ("name", "email", "phone")}
    customer = {
        "livemode": False,
        **contact,
        "id": account.make_id("cus_"),
        "object": "customer",
        "created_at": account.now(),
        "corporate": False,
        "custom_reference": "",
        **_pick_stored_fields(call.body),
    }
    account.add(owned.CUSTOMER, customer)
    made = _apply_children(account, customer, call.body)
    emit_event(account, "customer.created", made)
    return made


def update_customer(call: Call) -> Json:
    """Change any field; children sent here are added to those it has (inferred)."""
    customer = owned.load_customer(call.account, call.path["id"])
    check(CUSTOMER.without_required(), call.body)
    _refuse_later_birth(call.account, call.body)
    fields = _pick_stored_fields(call.body)
    previous = {name: customer.get(name) for name in fields if customer.get(name) != fields[name]}
    customer.update(fields)
    call.account.save(owned.CUSTOMER, customer)
    changed = _apply_children(call.account, customer, call.body)
    emit_event(call.account, "customer.updated", changed, previous)
    return changed


def get_customer(call: Call) -> Json:
    return render_customer(call.account, owned.load_customer(call.account, call.path["id"]))


def list_customers(call: Call) -> Json:
    newest_first = call.account.list_records(owned.CUSTOMER)[::-1]
    needle = call.query.get("search", "")
    listed = paginate(
        call, newest_first, lambda row: has_match(needle, [row[name] for name in SEARCHED_FIELDS])
    )
    return {**listed, "data": [render_customer(call.account, row) for row in listed["data"]]}


def delete_customer(call: Call) -> Json:
    """Delete it with its children and end its subscriptions (13, ours); its orders stay."""
    customer = owned.load_customer(call.account, call.path["id"])
    # Rendered first, while it still has its children.
    gone = {**render_customer(call.account, customer), "deleted": True}
    billing.cancel_all_subscriptions(call.account, customer["id"])
    call.account.remove_children(customer["id"])
    call.account.remove(owned.CUSTOMER, customer["id"])
    emit_event(call.account, "customer.deleted", gone)
    return gone


def render_customer(account: Account, customer: Json) -> Json:
    """Return the customer with its children in list envelopes, none for a kind without any."""
    envelopes = {
        "payment_sources": [
            payment_sources.render_source(customer, source)
            for source in account.list_records(owned.PAYMENT_SOURCE, parent=customer["id"])
        ],
        "shipping_contacts": _list_children(account, customer, owned.SHIPPING_CONTACT),
        "fiscal_entities": _list_children(account, customer, owned.FISCAL_ENTITY),
    }
    current = find_current_subscription(account, customer["id"])
    return {
        **customer,
        **{name: wrap_list(rows) for name, rows in envelopes.items() if rows},
        **({"subscription": served_subscription(current)} if current else {}),
    }


def _refuse_later_birth(account: Account, body: Json) -> None:
    """Refuse a date after the account's day in Mexico City (1.4, inferred)."""
    born = body.get("date_of_birth")
    if born and is_after(born, account.now()):
        raise Invalid(reasons.invalid_param("date_of_birth"))


def _list_children(account: Account, customer: Json, kind: str) -> list[Json]:
    rows = account.list_records(kind, parent=customer["id"])
    return [owned.add_default_flag(kind, customer, row) for row in rows]


def _apply_children(account: Account, customer: Json, body: Json) -> Json:
    for place, source in enumerate(body.get("payment_sources", [])):
        payment_sources.add_source(account, customer, source, f"payment_sources.{place}")
    for contact in body.get("shipping_contacts", []):
        add_contact(account, customer, contact)
    for entity in body.get("fiscal_entities", []):
        fiscal_entities.add_entity(account, customer, entity)
    for field, kind in DEFAULTS.items():
        _choose_default(account, customer, field, kind, body)
    _apply_subscription(account, customer, body)
    return render_customer(account, customer)


def _apply_subscription(account: Account, customer: Json, body: Json) -> None:
    """Start the requested subscription, or change the live one (inferred); `plan_id` alone requests one."""
    if not {"plan_id", "subscription"} & body.keys():
        return
    # Together they could name two plans.
    if {"plan_id", "subscription"} <= body.keys():
        raise Invalid(reasons.invalid_param("plan_id"))
    asked = body.get("subscription", {"plan_id": body.get("plan_id")})
    current = find_current_subscription(account, customer["id"])
    if current and is_live(current):
        subscriptions.change_subscription(account, current, asked)
    else:
        subscriptions.start_subscription(account, customer, asked, "subscription.")


def _choose_default(account: Account, customer: Json, field: str, kind: str, body: Json) -> None:
    if field not in body:
        return
    if account.find(kind, body[field], parent=customer["id"]) is None:
        raise Invalid(reasons.invalid_param(field))
    owned.set_default(account, kind, customer, body[field])


def _pick_stored_fields(body: Json) -> Json:
    return {name: body[name] for name in STORED_FIELDS if name in body}


ENDPOINTS = (
    Endpoint("GET", "/customers", list_customers),
    Endpoint("POST", "/customers", create_customer),
    Endpoint("GET", "/customers/{id}", get_customer),
    Endpoint("PUT", "/customers/{id}", update_customer),
    Endpoint("DELETE", "/customers/{id}", delete_customer),
)
