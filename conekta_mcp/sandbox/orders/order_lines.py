"""An order before it is charged: its payer, its lines and its amount (conekta-api.md 4.5)."""

from collections.abc import Mapping
from typing import NamedTuple

from conekta_mcp.sandbox.core import owned
from conekta_mcp.sandbox.core.account import Account, Json
from conekta_mcp.sandbox.customer_records import addresses, fiscal_entities
from conekta_mcp.sandbox.http.body_rules import Shape
from conekta_mcp.sandbox.http.envelopes import nested
from conekta_mcp.sandbox.refusals import policies, reasons
from conekta_mcp.sandbox.refusals.envelope import Invalid
from conekta_mcp.sandbox.request_bodies import order_bodies


class Line(NamedTuple):
    """One kind of line: its object name, id prefix, rule and the fields it has even if not sent."""

    kind: str
    prefix: str
    shape: Shape
    empty: tuple[str, ...] = ("metadata",)


LINES: Mapping[str, Line] = {
    "line_items": Line("line_item", "line_item_", order_bodies.LINE_ITEM, ("metadata", "antifraud_info")),
    "shipping_lines": Line("shipping_line", "ship_lin_", order_bodies.SHIPPING_LINE),
    "tax_lines": Line("tax_line", "tax_lin_", order_bodies.TAX_LINE),
    "discount_lines": Line("discount_line", "dis_lin_", order_bodies.DISCOUNT_LINE, ()),
}
ECHOED = ("processing_mode",)


def uncharged(account: Account, body: Json, customer: Json | None) -> Json:
    """A new order from a checked body, in the field order of the seed's answer."""
    now, order_id = account.now(), account.new_id("ord_")
    return {
        "livemode": False,
        "amount": amount_of(body),
        "currency": body["currency"].upper(),
        "amount_refunded": 0,
        "customer_info": customer_info(body["customer_info"], customer),
        **delivery(account, body, customer),
        **_invoiced(account, body),
        "object": "order",
        "id": order_id,
        "metadata": body.get("metadata", {}),
        "is_refundable": False,
        **{name: body[name] for name in ECHOED if name in body},
        "created_at": now,
        "updated_at": now,
        **{name: lines_of(account, name, body[name], order_id) for name in LINES if body.get(name)},
    }


def rows_of(order: Json, name: str) -> list[Json]:
    """The lines of one kind, such as "tax_lines"; none if the order never had any."""
    rows: list[Json] = order.get(name, {}).get("data", [])
    return rows


def reckon(order: Json) -> None:
    """Let the amount of a stored order follow its lines; it keeps at least one product (4.5)."""
    lines = {name: rows_of(order, name) for name in LINES}
    if not lines["line_items"]:
        raise Invalid(reasons.missing("line_items"))
    order["amount"] = amount_of(lines)


def amount_of(body: Json) -> int:
    """Lines plus shipping plus tax minus discounts, in centavos (4.5)."""
    goods = sum(line["unit_price"] * line["quantity"] for line in body["line_items"])
    extras = sum(line["amount"] for name in ("shipping_lines", "tax_lines") for line in body.get(name, []))
    discounts: int = sum(line["amount"] for line in body.get("discount_lines", []))
    amount: int = goods + extras - discounts
    if amount < 0:
        raise Invalid(reasons.invalid("discount_lines.amount"))
    return amount


def customer_info(sent: Json, customer: Json | None) -> Json:
    """The payer as the order remembers him."""
    source = customer or sent
    info = {name: source[name] for name in ("email", "phone", "name")}
    info["corporate"] = source.get("corporate", False)
    if customer:
        info["customer_id"] = customer["id"]
    return {**info, "object": "customer_info"}


def delivery(account: Account, body: Json, customer: Json | None) -> Json:
    """Where the order goes, if it is known; refused where shipping has no address."""
    contact = _shipping_contact(account, body, customer)
    if contact is None:
        refuse_without_address(shipped=bool(body.get("shipping_lines")))
        return {}
    return {"shipping_contact": contact}


def _invoiced(account: Account, body: Json) -> Json:
    if "fiscal_entity" not in body:
        return {}
    return {"fiscal_entity": fiscal_entities.entity_of(account, body["fiscal_entity"])}


def refuse_without_address(*, shipped: bool) -> None:
    """Refuse an order without an address where the policy wants one; `shipped`: it has shipping lines."""
    rule = policies.SHIPPING_CONTACT_RULE
    if rule == "always" or (rule == "with_shipping_lines" and shipped):
        raise Invalid(reasons.missing("shipping_contact"))


def _shipping_contact(account: Account, body: Json, customer: Json | None) -> Json | None:
    if "shipping_contact" in body:
        # created_at is 0 and there is no parent on orders (conekta-api.md 4.3).
        head = {"id": account.new_id("ship_cont_"), "object": "shipping_contact", "created_at": 0}
        return {**head, "metadata": {}, **addresses.contact_of(body["shipping_contact"])}
    if customer is None or "default_shipping_contact_id" not in customer:
        return None
    contact_id = customer["default_shipping_contact_id"]
    contact = owned.belonging_of(account, owned.CONTACT, customer["id"], contact_id)
    return {name: contact[name] for name in contact if name != "parent_id"} | {"created_at": 0}


def lines_of(account: Account, name: str, sent: list[Json], order_id: str) -> Json:
    """The envelope of checked lines of one kind."""
    return nested([line_of(account, LINES[name], fields, order_id) for fields in sent])


def line_of(account: Account, line: Line, fields: Json, order_id: str) -> Json:
    """One checked line as stored, with a new id."""
    return {
        **line.shape.known(fields),
        "object": line.kind,
        "id": account.new_id(line.prefix),
        "parent_id": order_id,
        **{name: fields.get(name, {}) for name in line.empty},
    }
