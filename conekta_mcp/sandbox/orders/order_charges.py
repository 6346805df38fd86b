"""Charges of existing orders, and the list of all charges (conekta-api.md 4.6, 5.2)."""

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.charges.charges import OrderCharger
from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Shape, Text, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate, wrap_list
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.orders.orders import load_order, request_3ds
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import Declined, NotFound
from conekta_mcp.sandbox.request_bodies.order_bodies import CHARGE
from conekta_mcp.sandbox.request_bodies.versions import check_version

REFERENCE = Shape(optional={"reference_id": Text()}, closed=True)


def charge_order(account: Account, order: Json, asked: list[Json], place: str = "charges.{}.") -> list[Json]:
    """Charge an open order with checked charges; `place` is the path of one in its request.

    A declined card leaves its charge behind and shows the order in the 402's `data` (inferred).
    """
    lifecycles.refuse_closed_order(order)
    info = order["customer_info"]
    body = {**lifecycles.find_terms(account, order), "charges": asked, "customer_info": info}
    # An order outlives its deleted customer (ours), whose sources are gone then.
    customer = account.find(owned.CUSTOMER, info.get("customer_id", ""))
    charges, decline = OrderCharger(account, body, order, customer, place).charge()
    order["charges"] = wrap_list([*lifecycles.list_charges(order), *charges])
    lifecycles.refresh_order_status(order)
    request_3ds(account, order)
    lifecycles.save_order(account, order, account.now())
    if decline:
        raise Declined(decline, data=order)
    return charges


def create_charge(call: Call) -> Json:
    return _create_charges(call)[0]


def add_charges(call: Call) -> Json:
    """Take one charge and return a list of one (4.6, inferred)."""
    return wrap_list(_create_charges(call))


def list_charges(call: Call) -> Json:
    orders = call.account.list_records(lifecycles.KIND)
    charges = [charge for order in orders for charge in lifecycles.list_charges(order)]
    # A second attempt at an old order is newer than the charges of later orders.
    charges.sort(key=lambda charge: charge["created_at"])
    needle = call.query.get("search", "")
    return paginate(call, charges[::-1], lambda row: has_match(needle, _list_texts(row)))


def update_charge(call: Call) -> Json:
    """Change only the reference, and after payment too (4.6)."""
    order, charge = load_charge(call.account, call.path["id"])
    check(REFERENCE, call.body)
    charge.update(call.body)
    # Not save_order: a new reference changes no status and emits no event.
    call.account.save(lifecycles.KIND, order, due_at=lifecycles.compute_due_at(order))
    return charge


def load_charge(account: Account, charge_id: str) -> tuple[Json, Json]:
    for order in account.list_records(lifecycles.KIND):
        for charge in lifecycles.list_charges(order):
            if charge["id"] == charge_id:
                return order, charge
    raise NotFound(reasons.entity_not_found("Charge", charge_id))


def _create_charges(call: Call) -> list[Json]:
    order = load_order(call.account, call.path["id"])
    check(CHARGE, call.body)
    check_version({"charges": [call.body]}, call.version, place="")
    return charge_order(call.account, order, [call.body], place="")


def _list_texts(charge: Json) -> list[str]:
    return [charge["id"], charge["order_id"], charge.get("reference_id", "")]


ENDPOINTS = (
    Endpoint("GET", "/charges", list_charges),
    Endpoint("PUT", "/charges/{id}", update_charge),
    Endpoint("POST", "/orders/{id}/charges", create_charge),
    Endpoint("POST", "/orders/{id}/add_charges", add_charges),
)
