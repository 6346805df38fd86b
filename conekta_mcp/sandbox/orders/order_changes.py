"""PUT /orders/{id}: changes an uncharged order, and charges it if the body says so (conekta-api.md 4.5)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import fiscal_entities
from conekta_mcp.sandbox.http.body_rules import check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.orders.order_charges import charge_order
from conekta_mcp.sandbox.orders.order_line_changes import save_changed_order
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.request_bodies.order_bodies import ORDER_CHANGE, refuse_unpayable_page
from conekta_mcp.sandbox.request_bodies.versions import check_version


def update_order(call: Call) -> Json:
    """Replace what is sent, lists of lines and metadata as wholes (inferred)."""
    account, body = call.account, call.body
    order = load_order(account, call.path["id"])
    check(ORDER_CHANGE, body)
    check_version(body, call.version)
    lifecycles.refuse_closed_order(order)
    lifecycles.store_terms(account, order, body)
    changes = _collect_changes(account, order, body)
    before = {name: order.get(name) for name in changes}
    order.update(changes)
    refuse_unpayable_page(order)
    save_changed_order(account, order, before)
    if body.get("charges"):
        charge_order(account, order, body["charges"])
    return order


def _collect_changes(account: Account, order: Json, body: Json) -> Json:
    changes = {}
    if "currency" in body:
        changes["currency"] = body["currency"].upper()
    if "metadata" in body:
        changes["metadata"] = body["metadata"]
    if "checkout" in body:
        changes["checkout"] = checkouts.create_order_checkout(account, order, body["checkout"])
    for name in order_lines.LINE_KINDS:
        if name in body:
            changes[name] = order_lines.build_lines(account, name, body[name], order["id"])
    return {**changes, **_collect_parties(account, order, body)}


def _collect_parties(account: Account, order: Json, body: Json) -> Json:
    """Return the payer, the address and the fiscal entity, as far as they change.

    An order keeps the address it has; one without takes the default of its customer.
    """
    people: Json = {}
    customer = account.find(owned.CUSTOMER, order["customer_info"].get("customer_id", ""))
    if "customer_info" in body:
        customer_id = body["customer_info"].get("customer_id")
        customer = owned.load_customer(account, customer_id) if customer_id else None
        people["customer_info"] = order_lines.build_customer_info(body["customer_info"], customer)
    if "fiscal_entity" in body:
        people["fiscal_entity"] = fiscal_entities.build_entity(account, body["fiscal_entity"])
    if "shipping_contact" in body or "shipping_contact" not in order:
        people |= order_lines.build_delivery(account, body, customer)
    return people


ENDPOINTS = (Endpoint("PUT", "/orders/{id}", update_order),)
