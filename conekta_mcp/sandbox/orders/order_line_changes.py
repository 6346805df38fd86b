"""The lines of an uncharged order: each call gives the line, and the amount follows (conekta-api.md 4.5)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import nested, page
from conekta_mcp.sandbox.http.searches import mentions
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.orders.orders import order_of
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.webhooks.emit import happened

IDS: Mapping[str, str] = {
    "line_items": "line_item_id",
    "tax_lines": "tax_id",
    "shipping_lines": "shipping_id",
    "discount_lines": "discount_lines_id",
}
SHAPES: Mapping[str, Shape] = {
    name: replace(line.shape, closed=True) for name, line in order_lines.LINES.items()
}
# A change of a shipping line repeats its amount (3.1).
CHANGES: Mapping[str, Shape] = {
    name: shape if name == "shipping_lines" else shape.loosened() for name, shape in SHAPES.items()
}


def save_reckoned(account: Account, order: Json, before: Json) -> None:
    """Save an order whose lines or fields changed, with its new amount, and say what it was `before`."""
    order_lines.reckon(order)
    lifecycles.save(account, order, account.now())
    previous = {name: before[name] for name in ("amount", *before) if before[name] != order.get(name)}
    happened(account, "order.updated", order, previous)


def _add(name: str) -> Callable[[Call], Json]:
    def add_line(call: Call) -> Json:
        """POST: returns the line."""
        order = order_of(call.account, call.path["id"])
        check(SHAPES[name], call.body)
        lifecycles.refuse_unless_open(order)
        if name == "shipping_lines" and "shipping_contact" not in order:
            order_lines.refuse_without_address(shipped=True)
        line = order_lines.line_of(call.account, order_lines.LINES[name], call.body, order["id"])
        _put(call.account, order, name, [*order_lines.rows_of(order, name), line])
        return line

    return add_line


def _update(name: str) -> Callable[[Call], Json]:
    def update_line(call: Call) -> Json:
        """PUT: any field; returns the line."""
        order, line = _addressed(call, name)
        check(CHANGES[name], call.body)
        lifecycles.refuse_unless_open(order)
        changed = {**line, **call.body}
        rows = [changed if row["id"] == line["id"] else row for row in order_lines.rows_of(order, name)]
        _put(call.account, order, name, rows)
        return changed

    return update_line


def _delete(name: str) -> Callable[[Call], Json]:
    def delete_line(call: Call) -> Json:
        """DELETE: returns the line, without a `deleted` flag (1.2); the last product stays."""
        order, line = _addressed(call, name)
        lifecycles.refuse_unless_open(order)
        rows = [row for row in order_lines.rows_of(order, name) if row["id"] != line["id"]]
        _put(call.account, order, name, rows)
        return line

    return delete_line


def list_discounts(call: Call) -> Json:
    """GET /orders/{id}/discount_lines: newest first; `search` over code and type."""
    newest_first = order_lines.rows_of(order_of(call.account, call.path["id"]), "discount_lines")[::-1]
    needle = call.query.get("search", "")
    listed = page(call, newest_first, lambda row: mentions(needle, [row["code"], row["type"]]))
    return {**listed, "total": len(listed["data"])}


def get_discount(call: Call) -> Json:
    """GET /orders/{id}/discount_lines/{discount_lines_id}."""
    return _addressed(call, "discount_lines")[1]


def _addressed(call: Call, name: str) -> tuple[Json, Json]:
    order, line_id = order_of(call.account, call.path["id"]), call.path[IDS[name]]
    for row in order_lines.rows_of(order, name):
        if row["id"] == line_id:
            return order, row
    raise NotFound(reasons.entity_not_found(order_lines.LINES[name].kind, line_id))


def _put(account: Account, order: Json, name: str, rows: list[Json]) -> None:
    before = {"amount": order["amount"]}
    order[name] = nested(rows)
    save_reckoned(account, order, before)


ENDPOINTS = (
    *(Endpoint("POST", f"/orders/{{id}}/{name}", _add(name)) for name in IDS),
    *(Endpoint("PUT", f"/orders/{{id}}/{name}/{{{key}}}", _update(name)) for name, key in IDS.items()),
    *(Endpoint("DELETE", f"/orders/{{id}}/{name}/{{{key}}}", _delete(name)) for name, key in IDS.items()),
    Endpoint("GET", "/orders/{id}/discount_lines", list_discounts),
    Endpoint("GET", "/orders/{id}/discount_lines/{discount_lines_id}", get_discount),
)
