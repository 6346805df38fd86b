"""Tools that change an uncharged order and its lines: what leaves and what comes back."""

from typing import Any

import pytest

from tests.domains import answers, bodies
from tests.domains.row import Row, each

pytestmark = pytest.mark.anyio
ORDER = {"order_id": "ord_1"}
ITEM = {**ORDER, "line_item_id": "line_item_1"}
TAX = {**ORDER, "tax_line_id": "tax_lin_1"}
SHIPPING = {**ORDER, "shipping_line_id": "ship_lin_1"}
DISCOUNT = {**ORDER, "discount_line_id": "dis_lin_1"}
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
LINES = [{"name": "Plan anual", "unit_price": 50000, "quantity": 1}]


def line(kind: str, prefix: str, **fields: Any) -> dict[str, Any]:
    """A line as Conekta serves it."""
    return {**fields, "object": kind, "id": f"{prefix}1", "parent_id": "ord_1", "metadata": {}}


PRODUCT = line(
    "line_item", "line_item_", name="Plan anual", unit_price=50000, quantity=1, antifraud_info={}, tags=["a"]
)
TAX_LINE = line("tax_line", "tax_lin_", amount=8000, description="IVA")
SHIPPING_LINE = line(
    "shipping_line", "ship_lin_", amount=1500, carrier="Moto", tracking_number=None, metadata={}
)
DISCOUNT_LINE = line("discount_line", "dis_lin_", amount=600, code="HOLA", type="coupon")
TOLD_PRODUCT = {
    "id": "line_item_1",
    "name": "Plan anual",
    "unit_price": 50000,
    "quantity": 1,
    "parent_id": "ord_1",
}
TOLD_TAX = {"id": "tax_lin_1", "amount": 8000, "description": "IVA", "parent_id": "ord_1"}
TOLD_SHIPPING = {"id": "ship_lin_1", "amount": 1500, "carrier": "Moto", "parent_id": "ord_1"}
TOLD_DISCOUNT = {"id": "dis_lin_1", "amount": 600, "code": "HOLA", "type": "coupon", "parent_id": "ord_1"}
ROWS = [
    Row(
        tool="update_order",
        given={
            **ORDER,
            "line_items": LINES,
            "currency": "USD",
            "metadata": {"reference": "A-1"},
            "tax_lines": [{"amount": 8000, "description": "IVA"}],
            "discount_lines": [{"amount": 600, "code": "HOLA", "type": "coupon"}],
            "shipping_lines": [{"amount": 1500, "carrier": "Moto"}],
            "shipping_contact": {"receiver": "Eva Luna", "address": ADDRESS},
            "customer_id": "cus_1",
        },
        request="PUT /orders/ord_1",
        body={
            "line_items": LINES,
            "currency": "USD",
            "metadata": {"reference": "A-1"},
            "tax_lines": [{"amount": 8000, "description": "IVA"}],
            "discount_lines": [{"amount": 600, "code": "HOLA", "type": "coupon"}],
            "shipping_lines": [{"amount": 1500, "carrier": "Moto"}],
            "shipping_contact": {"receiver": "Eva Luna", "address": ADDRESS},
            "customer_info": {"customer_id": "cus_1"},
        },
        conekta=bodies.order(None),
        answer=answers.BARE_ORDER,
    ),
    Row(
        tool="update_order",
        about="another person",
        given={
            **ORDER,
            "name": "Eva Luna",
            "email": "eva@example.com",
            "phone": "5512345678",
        },
        request="PUT /orders/ord_1",
        body={
            "customer_info": {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"},
        },
        conekta=bodies.order(None, tax_lines=bodies.listed(TAX_LINE)),
        answer={
            **answers.BARE_ORDER,
            "tax_lines": [{name: TOLD_TAX[name] for name in ("id", "amount", "description")}],
        },
    ),
    Row(
        tool="add_line_item",
        given={
            **ORDER,
            "name": "Plan anual",
            "unit_price": 50000,
            "quantity": 1,
            "description": "Doce meses",
            "sku": "A-1",
            "brand": "Oro",
            "metadata": {"tomo": 1},
        },
        request="POST /orders/ord_1/line_items",
        body={
            "name": "Plan anual",
            "unit_price": 50000,
            "quantity": 1,
            "description": "Doce meses",
            "sku": "A-1",
            "brand": "Oro",
            "metadata": {"tomo": 1},
        },
        conekta={**PRODUCT, "sku": "A-1", "brand": "Oro", "metadata": {"tomo": 1}},
        answer={
            **TOLD_PRODUCT,
            "sku": "A-1",
            "brand": "Oro",
            "metadata": {"tomo": 1},
        },
    ),
    Row(
        tool="update_line_item",
        given={**ITEM, "quantity": 2},
        request="PUT /orders/ord_1/line_items/line_item_1",
        body={"quantity": 2},
        conekta={**PRODUCT, "quantity": 2},
        answer={**TOLD_PRODUCT, "quantity": 2},
    ),
    Row(
        tool="delete_line_item",
        given=ITEM,
        request="DELETE /orders/ord_1/line_items/line_item_1",
        conekta=PRODUCT,
        answer={**TOLD_PRODUCT, "deleted": True},
    ),
    Row(
        tool="add_tax_line",
        given={**ORDER, "amount": 8000, "description": "IVA"},
        request="POST /orders/ord_1/tax_lines",
        body={"amount": 8000, "description": "IVA"},
        conekta=TAX_LINE,
        answer=TOLD_TAX,
    ),
    Row(
        tool="update_tax_line",
        given={**TAX, "amount": 0},
        request="PUT /orders/ord_1/tax_lines/tax_lin_1",
        body={"amount": 0},
        conekta={**TAX_LINE, "amount": 0},
        answer={**TOLD_TAX, "amount": 0},
    ),
    Row(
        tool="delete_tax_line",
        given=TAX,
        request="DELETE /orders/ord_1/tax_lines/tax_lin_1",
        conekta=TAX_LINE,
        answer={**TOLD_TAX, "deleted": True},
    ),
    Row(
        tool="add_shipping_line",
        given={**ORDER, "amount": 1500, "carrier": "Moto", "method": "Mismo día", "tracking_number": "T-1"},
        request="POST /orders/ord_1/shipping_lines",
        body={"amount": 1500, "carrier": "Moto", "method": "Mismo día", "tracking_number": "T-1"},
        conekta={**SHIPPING_LINE, "method": "Mismo día", "tracking_number": "T-1"},
        answer={**TOLD_SHIPPING, "method": "Mismo día", "tracking_number": "T-1"},
    ),
    Row(
        tool="update_shipping_line",
        given={**SHIPPING, "amount": 1500, "metadata": {"piso": 2}},
        request="PUT /orders/ord_1/shipping_lines/ship_lin_1",
        body={"amount": 1500, "metadata": {"piso": 2}},
        conekta={**SHIPPING_LINE, "metadata": {"piso": 2}},
        answer={**TOLD_SHIPPING, "metadata": {"piso": 2}},
    ),
    Row(
        tool="delete_shipping_line",
        given=SHIPPING,
        request="DELETE /orders/ord_1/shipping_lines/ship_lin_1",
        conekta=SHIPPING_LINE,
        answer={**TOLD_SHIPPING, "deleted": True},
    ),
    Row(
        tool="list_discount_lines",
        given={**ORDER, "limit": 1, "search": "HO"},
        request="GET /orders/ord_1/discount_lines?limit=1&search=HO",
        conekta={
            **bodies.listed(DISCOUNT_LINE),
            "has_more": True,
            "next_page_url": "https://api.conekta.io/orders/ord_1/discount_lines?limit=1&next=dis_lin_1",
        },
        answer={"data": [TOLD_DISCOUNT], "has_more": True, "next": "dis_lin_1"},
    ),
    Row(
        tool="get_discount_line",
        given=DISCOUNT,
        request="GET /orders/ord_1/discount_lines/dis_lin_1",
        conekta=DISCOUNT_LINE,
        answer=TOLD_DISCOUNT,
    ),
    Row(
        tool="add_discount_line",
        given={**ORDER, "amount": 600, "code": "HOLA", "type": "coupon"},
        request="POST /orders/ord_1/discount_lines",
        body={"amount": 600, "code": "HOLA", "type": "coupon"},
        conekta=DISCOUNT_LINE,
        answer=TOLD_DISCOUNT,
    ),
    Row(
        tool="update_discount_line",
        given={**DISCOUNT, "code": "ADIOS", "type": "sign"},
        request="PUT /orders/ord_1/discount_lines/dis_lin_1",
        body={"code": "ADIOS", "type": "sign"},
        conekta={**DISCOUNT_LINE, "code": "ADIOS", "type": "sign"},
        answer={**TOLD_DISCOUNT, "code": "ADIOS", "type": "sign"},
    ),
    Row(
        tool="delete_discount_line",
        given=DISCOUNT,
        request="DELETE /orders/ord_1/discount_lines/dis_lin_1",
        conekta=DISCOUNT_LINE,
        answer={**TOLD_DISCOUNT, "deleted": True},
    ),
]
NEW = {**ORDER, "name": "Plan anual", "unit_price": 1, "quantity": 1}
COUPON = {**ORDER, "amount": 1, "code": "A", "type": "coupon"}
REFUSED = [
    ("update_order", ORDER, "missing"),
    ("update_order", {**ORDER, "line_items": []}, "missing"),
    ("update_order", {**ORDER, "line_items": [{"name": "Uno"}]}, "line_items.unit_price.missing"),
    ("update_order", {**ORDER, "currency": "EUR"}, "currency.invalid"),
    ("update_order", {**ORDER, "name": "Eva Luna"}, "missing"),
    ("update_order", {**ORDER, "customer_id": "cus_1", "email": "eva@example.com"}, "invalid"),
    ("update_order", {**ORDER, "charges": []}, "charges.unknown_argument"),
    ("update_order", {**ORDER, "pre_authorize": True}, "pre_authorize.unknown_argument"),
    ("update_order", {**ORDER, "metadata": {"a": {}}}, "metadata.a.invalid_datatype"),
    ("add_line_item", {**NEW, "name": "No"}, "name.too_short"),
    ("add_line_item", {**NEW, "unit_price": "1.00"}, "unit_price.invalid_datatype"),
    ("add_line_item", {**NEW, "quantity": 0}, "quantity.invalid"),
    ("add_line_item", {**NEW, "tags": ["a"]}, "tags.too_short"),
    ("update_line_item", ITEM, "missing"),
    ("update_line_item", {**ORDER, "line_item_id": "tax_lin_1", "quantity": 1}, "line_item_id.invalid"),
    ("delete_line_item", ORDER, "line_item_id.missing"),
    ("add_tax_line", {**ORDER, "amount": 1, "description": "IV"}, "description.too_short"),
    ("add_tax_line", {**ORDER, "amount": -1, "description": "IVA"}, "amount.invalid"),
    ("update_tax_line", TAX, "missing"),
    ("update_tax_line", {**TAX, "amount": 5.5}, "amount.invalid_datatype"),
    ("delete_tax_line", {**ORDER, "tax_line_id": "tax_lin_1/x"}, "tax_line_id.invalid"),
    ("add_shipping_line", {**ORDER, "carrier": "Moto"}, "amount.missing"),
    ("update_shipping_line", {**SHIPPING, "carrier": "Moto"}, "amount.missing"),
    ("delete_shipping_line", {**ORDER, "shipping_line_id": "1"}, "shipping_line_id.invalid"),
    ("list_discount_lines", {**ORDER, "limit": 251}, "limit.invalid"),
    ("get_discount_line", {**ORDER, "discount_line_id": ".."}, "discount_line_id.invalid"),
    ("add_discount_line", {**COUPON, "type": "gift"}, "type.invalid"),
    ("add_discount_line", {**COUPON, "code": ""}, "code.missing"),
    ("update_discount_line", DISCOUNT, "missing"),
    ("delete_discount_line", {**DISCOUNT, "amount": 1}, "amount.unknown_argument"),
]


@each(ROWS)
async def test_a_call_is_one_request_and_a_curated_answer(row: Row, check: Any) -> None:
    await check(row)


@pytest.mark.parametrize(("tool", "given", "code"), REFUSED)
async def test_a_wrong_argument_is_named_and_nothing_is_sent(
    tool: str, given: dict[str, Any], code: str, client_for: Any
) -> None:
    async with client_for(AssertionError("sent")) as (client, sent):
        result = await client.call_tool(tool, given)
    assert result.structured_content["error"]["code"] == f"conekta_mcp.errors.parameter_validation.{code}"
    assert sent == []


async def test_a_change_of_nothing_is_told_in_spanish(client_for: Any) -> None:
    async with client_for(AssertionError("sent")) as (client, _):
        result = await client.call_tool("update_order", ORDER)
    assert result.structured_content["error"]["message"] == "arguments: di qué cambiar."
