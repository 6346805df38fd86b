"""An order before it is charged: its payer, lines and amount (conekta-api.md 4.5)."""

from collections.abc import Mapping
from typing import NamedTuple

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses, fiscal_entities
from conekta_mcp.sandbox.http.body_rules import Shape
from conekta_mcp.sandbox.http.envelopes import wrap_list
from conekta_mcp.sandbox.refusals import policies, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.request_bodies import order_bodies


class LineKind(NamedTuple):
    """One kind of line: its object name, id prefix, rule, and the fields it has even if not sent."""

    kind: str
    prefix: str
    shape: Shape
    empty: tuple[str, ...] = ("metadata",)


LINE_KINDS: Mapping[str, LineKind] = {
    "line_items": LineKind("line_item", "line_item_", order_bodies.LINE_ITEM, ("metadata", "antifraud_info")),
    "shipping_lines": LineKind("shipping_line", "ship_lin_", order_bodies.SHIPPING_LINE),
    "tax_lines": LineKind("tax_line", "tax_lin_", order_bodies.TAX_LINE),
    "discount_lines": LineKind("discount_line", "dis_lin_", order_bodies.DISCOUNT_LINE, ()),
}


def build_order(account: Account, body: Json, customer: Json | None) -> Json:
    """Return a new order from a checked body, in the field order of the seed's answer."""
    now, order_id = account.now(), account.make_id("ord_")
    return {
        "livemode": False,
        "amount": compute_amount(body),
        "currency": body["currency"].upper(),
        "amount_refunded": 0,
        "customer_info": build_customer_info(body["customer_info"], customer),
        **build_delivery(account, body, customer),
        **_build_fiscal_entity(account, body),
        "object": "order",
        "id": order_id,
        "metadata": body.get("metadata", {}),
        "is_refundable": False,
        **{name: body[name] for name in order_bodies.ECHOED_FIELDS if name in body},
        "created_at": now,
        "updated_at": now,
        **{name: build_lines(account, name, body[name], order_id) for name in LINE_KINDS if body.get(name)},
    }


def list_lines(order: Json, name: str) -> list[Json]:
    rows: list[Json] = order.get(name, {}).get("data", [])
    return rows


def update_amount(order: Json) -> None:
    """Compute the amount from the lines again; an order keeps at least one product (4.5)."""
    lines = {name: list_lines(order, name) for name in LINE_KINDS}
    if not lines["line_items"]:
        raise Invalid(reasons.missing_param("line_items"))
    order["amount"] = compute_amount(lines)


def compute_amount(body: Json) -> int:
    """Return lines plus shipping plus tax minus discounts, in centavos (4.5)."""
    goods = sum(line["unit_price"] * line["quantity"] for line in body["line_items"])
    extras = sum(line["amount"] for name in ("shipping_lines", "tax_lines") for line in body.get(name, []))
    discounts: int = sum(line["amount"] for line in body.get("discount_lines", []))
    amount: int = goods + extras - discounts
    if amount < 0:
        raise Invalid(reasons.invalid_param("discount_lines.amount"))
    return amount


def build_customer_info(sent: Json, customer: Json | None) -> Json:
    source = customer or sent
    info = {name: source[name] for name in ("email", "phone", "name")}
    info["corporate"] = source.get("corporate", False)
    if customer:
        info["customer_id"] = customer["id"]
    return {**info, "object": "customer_info"}


def build_delivery(account: Account, body: Json, customer: Json | None) -> Json:
    """Return the shipping contact if one is known; raise Invalid where shipping lines need one."""
    contact = _find_shipping_contact(account, body, customer)
    if contact is None:
        refuse_missing_address(shipped=bool(body.get("shipping_lines")))
        return {}
    return {"shipping_contact": contact}


def _build_fiscal_entity(account: Account, body: Json) -> Json:
    if "fiscal_entity" not in body:
        return {}
    return {"fiscal_entity": fiscal_entities.build_entity(account, body["fiscal_entity"])}


def refuse_missing_address(*, shipped: bool) -> None:
    rule = policies.SHIPPING_CONTACT_RULE
    if rule == "always" or (rule == "with_shipping_lines" and shipped):
        raise Invalid(reasons.missing_param("shipping_contact"))


def _find_shipping_contact(account: Account, body: Json, customer: Json | None) -> Json | None:
    if "shipping_contact" in body:
        # created_at is 0 and there is no parent on orders (conekta-api.md 4.3).
        head = {"id": account.make_id("ship_cont_"), "object": "shipping_contact", "created_at": 0}
        return {**head, "metadata": {}, **addresses.build_contact(body["shipping_contact"])}
    if customer is None or "default_shipping_contact_id" not in customer:
        return None
    contact_id = customer["default_shipping_contact_id"]
    contact = owned.load_child(account, owned.SHIPPING_CONTACT, customer["id"], contact_id)
    return {name: contact[name] for name in contact if name != "parent_id"} | {"created_at": 0}


def build_lines(account: Account, name: str, sent: list[Json], order_id: str) -> Json:
    return wrap_list([build_line(account, LINE_KINDS[name], fields, order_id) for fields in sent])


def build_line(account: Account, line: LineKind, fields: Json, order_id: str) -> Json:
    return {
        **line.shape.pick_known(fields),
        "object": line.kind,
        "id": account.make_id(line.prefix),
        "parent_id": order_id,
        **{name: fields.get(name, {}) for name in line.empty},
    }
