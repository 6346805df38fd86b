"""Lines of an uncharged order: each request returns its line, and the amount follows (conekta-api.md 4.5)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from conekta_mcp.sandbox.charges import lifecycles
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.http.body_rules import Shape, check
from conekta_mcp.sandbox.http.endpoints import Call, Endpoint
from conekta_mcp.sandbox.http.envelopes import paginate, wrap_list
from conekta_mcp.sandbox.http.searches import has_match
from conekta_mcp.sandbox.orders import order_lines
from conekta_mcp.sandbox.orders.orders import load_order
from conekta_mcp.sandbox.refusals import reasons
from conekta_mcp.sandbox.refusals.envelope import NotFound
from conekta_mcp.sandbox.webhooks.emit import emit_event

LINE_ID_PARAMS: Mapping[str, str] = {
    "line_items": "line_item_id",
    "tax_lines": "tax_id",
    "shipping_lines": "shipping_id",
    "discount_lines": "discount_lines_id",
}
SHAPES: Mapping[str, Shape] = {
    name: replace(line.shape, closed=True) for name, line in order_lines.LINE_KINDS.items()
}
# A change of a shipping line must repeat its amount (3.1).
CHANGE_SHAPES: Mapping[str, Shape] = {
    name: shape if name == "shipping_lines" else shape.without_required() for name, shape in SHAPES.items()
}


def save_changed_order(account: Account, order: Json, before: Json) -> None:
    """Save a changed order with its new amount, and emit its update with the values of fields `before`."""
    before = {"amount": order["amount"], **before}
    order_lines.update_amount(order)
    lifecycles.save_order(account, order, account.now())
    previous = {name: before[name] for name in before if before[name] != order.get(name)}
    emit_event(account, "order.updated", order, previous)


def _make_add_handler(name: str) -> Callable[[Call], Json]:
    def add_line(call: Call) -> Json:
        order = load_order(call.account, call.path["id"])
        check(SHAPES[name], call.body)
        lifecycles.refuse_closed_order(order)
        if name == "shipping_lines" and "shipping_contact" not in order:
            order_lines.refuse_missing_address(shipped=True)
        line = order_lines.build_line(call.account, order_lines.LINE_KINDS[name], call.body, order["id"])
        _save_lines(call.account, order, name, [*order_lines.list_lines(order, name), line])
        return line

    return add_line


def _make_update_handler(name: str) -> Callable[[Call], Json]:
    def update_line(call: Call) -> Json:
        order, line = _load_line(call, name)
        check(CHANGE_SHAPES[name], call.body)
        lifecycles.refuse_closed_order(order)
        changed = {**line, **call.body}
        rows = [changed if row["id"] == line["id"] else row for row in order_lines.list_lines(order, name)]
        _save_lines(call.account, order, name, rows)
        return changed

    return update_line


def _make_delete_handler(name: str) -> Callable[[Call], Json]:
    def delete_line(call: Call) -> Json:
        """Return the line, without a `deleted` flag (1.2); the last product stays."""
        order, line = _load_line(call, name)
        lifecycles.refuse_closed_order(order)
        rows = [row for row in order_lines.list_lines(order, name) if row["id"] != line["id"]]
        _save_lines(call.account, order, name, rows)
        return line

    return delete_line


def list_discounts(call: Call) -> Json:
    newest_first = order_lines.list_lines(load_order(call.account, call.path["id"]), "discount_lines")[::-1]
    needle = call.query.get("search", "")
    listed = paginate(call, newest_first, lambda row: has_match(needle, [row["code"], row["type"]]))
    return {**listed, "total": len(listed["data"])}


def get_discount(call: Call) -> Json:
    return _load_line(call, "discount_lines")[1]


def _load_line(call: Call, name: str) -> tuple[Json, Json]:
    order, line_id = load_order(call.account, call.path["id"]), call.path[LINE_ID_PARAMS[name]]
    for row in order_lines.list_lines(order, name):
        if row["id"] == line_id:
            return order, row
    raise NotFound(reasons.entity_not_found(order_lines.LINE_KINDS[name].kind, line_id))


def _save_lines(account: Account, order: Json, name: str, rows: list[Json]) -> None:
    order[name] = wrap_list(rows)
    save_changed_order(account, order, {})


ENDPOINTS = (
    *(Endpoint("POST", f"/orders/{{id}}/{name}", _make_add_handler(name)) for name in LINE_ID_PARAMS),
    *(
        Endpoint("PUT", f"/orders/{{id}}/{name}/{{{key}}}", _make_update_handler(name))
        for name, key in LINE_ID_PARAMS.items()
    ),
    *(
        Endpoint("DELETE", f"/orders/{{id}}/{name}/{{{key}}}", _make_delete_handler(name))
        for name, key in LINE_ID_PARAMS.items()
    ),
    Endpoint("GET", "/orders/{id}/discount_lines", list_discounts),
    Endpoint("GET", "/orders/{id}/discount_lines/{discount_lines_id}", get_discount),
)
