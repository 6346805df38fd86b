"""/orders (conekta-api.md 4.5, 5.1, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.charges import Till
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import nested, page
from conekta_mcp.sandbox.http.searches import mentions, of_amount, within
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.payment_links import checkouts
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Declined, NotFound
from conekta_mcp.sandbox.request_bodies.order_bodies import check_order


def create_order(call: Call) -> Json:
    """POST /orders: a declined card leaves the order behind and shows it in the 402's `data`."""
    check_order(call.body)
    customer = _payer(call)
    order = order_lines.uncharged(call.account, call.body, customer)
    charges, decline = Till(call.account, call.body, order, customer).charge()
    order = _with_charges(order, charges)
    if "checkout" in call.body:
        order["checkout"] = checkouts.of_order(call.account, order, call.body["checkout"])
    lifecycles.settle(order)
    lifecycles.keep_terms(call.account, order, call.body)
    ask_for_3ds(call.account, order)
    lifecycles.store(call.account, order)
    if decline:
        raise Declined(decline, data=order)
    return order


def get_order(call: Call) -> Json:
    """GET /orders/{id}; the `client` parameter changes nothing here."""
    return order_of(call.account, call.path["id"])


def list_orders(call: Call) -> Json:
    """GET /orders: newest first, with the filters of conekta-api.md 1.7."""
    newest_first = call.account.oldest_first(lifecycles.KIND)[::-1]
    query, in_time, costs = call.query, within(call.query), of_amount(call.query)

    def fits(order: Json) -> bool:
        return (
            mentions(query.get("search", ""), _searched(order))
            and query.get("payment_status") in (None, order.get("payment_status"))
            and query.get("last_payment_info.status") in (None, _last_charge_status(order))
            and in_time(order)
            and costs(order)
        )

    listed = page(call, newest_first, fits)
    return {**listed, "total": len(listed["data"])}


def cancel_order(call: Call) -> Json:
    """POST /orders/{id}/cancel."""
    check(Shape(closed=True), call.body)
    order = order_of(call.account, call.path["id"])
    lifecycles.cancel(call.account, order)
    return order


def order_of(account: Account, order_id: str) -> Json:
    """The stored order, or a 404."""
    order = account.find(lifecycles.KIND, order_id)
    if order is None:
        raise NotFound(reasons.entity_not_found("Order", order_id))
    return order


def ask_for_3ds(account: Account, order: Json) -> None:
    """Send the payer of a card that waits for 3DS to its page."""
    if any(c["payment_method"]["object"] == "card_payment" for c in lifecycles.pending_charges(order)):
        back = {
            name: value for name, value in lifecycles.terms_of(account, order).items() if name == "return_url"
        }
        url = f"https://pay.example.com/3ds/{order['id']}"
        order["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"url": url, **back}}


def _payer(call: Call) -> Json | None:
    customer_id = call.body["customer_info"].get("customer_id")
    return None if customer_id is None else owned.customer_of(call.account, customer_id)


def _with_charges(order: Json, charges: list[Json]) -> Json:
    if not charges:
        return order
    head = {name: order[name] for name in ("livemode", "amount", "currency")}
    status = lifecycles.status_of(charges)
    shown = {} if status is None else {"payment_status": status}
    return {**head, **shown, **order, "charges": nested(charges)}


def _searched(order: Json) -> list[str]:
    return [order["id"], order["customer_info"]["name"], order["customer_info"]["email"]]


def _last_charge_status(order: Json) -> str | None:
    charges = lifecycles.charges_of(order)
    return charges[-1]["status"] if charges else None


ENDPOINTS = (
    Endpoint("GET", "/orders", list_orders),
    Endpoint("POST", "/orders", create_order),
    Endpoint("GET", "/orders/{id}", get_order),
    Endpoint("POST", "/orders/{id}/cancel", cancel_order),
)
