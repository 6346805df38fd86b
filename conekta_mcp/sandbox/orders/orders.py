"""/orders: create, read, list and cancel (conekta-api.md 4.5, 5.1, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.charges import OrderCharger
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.core.loading import load_record
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate, wrap_list
from conekta_mcp.sandbox.http.searches import has_match, make_amount_filter, make_time_filter
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.refusals.envelope import Declined
from conekta_mcp.sandbox.request_bodies.order_bodies import check_order


def create_order(call: Call) -> Json:
    """Create an order; a declined card leaves it behind and shows it in the 402's `data`."""
    check_order(call.body, call.version)
    customer = _load_payer(call)
    order = order_lines.build_order(call.account, call.body, customer)
    charges, decline = OrderCharger(call.account, call.body, order, customer).charge()
    order = _add_charges(order, charges)
    if "checkout" in call.body:
        order["checkout"] = checkouts.create_order_checkout(call.account, order, call.body["checkout"])
    lifecycles.refresh_order_status(order)
    lifecycles.store_terms(call.account, order, call.body)
    request_3ds(call.account, order)
    # Before the decline is raised: Conekta keeps the declined order (see Ledger.savepoint).
    lifecycles.store_order(call.account, order)
    if decline:
        raise Declined(decline, data=order)
    return order


def get_order(call: Call) -> Json:
    """Return the order; the `client` parameter changes nothing here."""
    return load_order(call.account, call.path["id"])


def list_orders(call: Call) -> Json:
    """List newest first, with the filters of conekta-api.md 1.7."""
    newest_first = call.account.list_records(lifecycles.KIND)[::-1]
    query, in_time, costs = call.query, make_time_filter(call.query), make_amount_filter(call.query)

    def is_match(order: Json) -> bool:
        return (
            has_match(query.get("search", ""), _list_texts(order))
            and query.get("payment_status") in (None, order.get("payment_status"))
            and query.get("last_payment_info.status") in (None, _get_last_charge_status(order))
            and in_time(order)
            and costs(order)
        )

    listed = paginate(call, newest_first, is_match)
    return {**listed, "total": len(listed["data"])}


def cancel_order(call: Call) -> Json:
    check(Shape(closed=True), call.body)
    order = load_order(call.account, call.path["id"])
    lifecycles.cancel_order(call.account, order)
    return order


def load_order(account: Account, order_id: str) -> Json:
    return load_record(account, lifecycles.KIND, order_id, "Order")


def request_3ds(account: Account, order: Json) -> None:
    if any(c["payment_method"]["object"] == "card_payment" for c in lifecycles.list_pending_charges(order)):
        back = {
            name: value
            for name, value in lifecycles.find_terms(account, order).items()
            if name == "return_url"
        }
        url = f"https://pay.example.com/3ds/{order['id']}"
        order["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": url, **back}}


def _load_payer(call: Call) -> Json | None:
    customer_id = call.body["customer_info"].get("customer_id")
    return None if customer_id is None else owned.load_customer(call.account, customer_id)


def _add_charges(order: Json, charges: list[Json]) -> Json:
    if not charges:
        return order
    head = {name: order[name] for name in ("livemode", "amount", "currency")}
    status = lifecycles.compute_order_status(charges)
    shown = {} if status is None else {"payment_status": status}
    return {**head, **shown, **order, "charges": wrap_list(charges)}


def _list_texts(order: Json) -> list[str]:
    return [order["id"], order["customer_info"]["name"], order["customer_info"]["email"]]


def _get_last_charge_status(order: Json) -> str | None:
    charges = lifecycles.list_charges(order)
    return charges[-1]["status"] if charges else None


ENDPOINTS = (
    Endpoint("GET", "/orders", list_orders),
    Endpoint("POST", "/orders", create_order),
    Endpoint("GET", "/orders/{id}", get_order),
    Endpoint("POST", "/orders/{id}/cancel", cancel_order),
)
