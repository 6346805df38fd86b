"""Changing an order and its lines while nothing is charged."""

from typing import Any

import pytest

from conekta_mcp.sandbox.refusals import policies
from tests.sandbox.shop import Shop

DAY = 86_400
NOW = 1_768_564_855
ADDRESS = {"street1": "Calle Uno 1", "postal_code": "06100", "country": "MX"}
HAS_CHARGE = "precondition_required.combo.order.cannot_be_updated_because_has_charge"
NEW: dict[str, dict[str, Any]] = {
    "line_items": {"name": "Producto 2", "unit_price": 700, "quantity": 3},
    "tax_lines": {"amount": 100, "description": "IVA"},
    "shipping_lines": {"amount": 1500},
    "discount_lines": {"amount": 600, "code": "HOLA", "type": "coupon"},
}
WORTH = {"line_items": 2100, "tax_lines": 100, "shipping_lines": 1500, "discount_lines": -600}
CHANGE: dict[str, dict[str, Any]] = {
    "line_items": {"quantity": 1, "metadata": {"tomo": 1}},
    "tax_lines": {"amount": 50, "metadata": {"ley": "x"}},
    "shipping_lines": {"amount": 2000, "carrier": "Moto"},
    "discount_lines": {"type": "sign"},
}
WORTH_CHANGED = {"line_items": 700, "tax_lines": 50, "shipping_lines": 2000, "discount_lines": -600}
ADDED: dict[str, dict[str, Any]] = {
    "line_items": {"object": "line_item", "metadata": {}, "antifraud_info": {}},
    "tax_lines": {"object": "tax_line", "metadata": {}},
    "shipping_lines": {"object": "shipping_line", "metadata": {}},
    "discount_lines": {"object": "discount_line"},
}
every_kind = pytest.mark.parametrize("kind", list(NEW))


def addressed(shop: Shop, *methods: Any, **fields: Any) -> str:
    """Return the path of an order that may be shipped."""
    order = shop.order(None, *methods, shipping_contact={"address": ADDRESS}, **fields)
    return f"/orders/{order['id']}"


@every_kind
def test_a_line_is_added_changed_and_taken_off_and_the_amount_follows(shop: Shop, kind: str) -> None:
    path = addressed(shop)
    shop.advance(60)
    line = shop.post(f"{path}/{kind}", NEW[kind])
    order = shop.get(path)
    assert line == {
        **NEW[kind],
        **ADDED[kind],
        "id": line["id"],
        "parent_id": order["id"],
    }
    assert (order["amount"], order["updated_at"]) == (50000 + WORTH[kind], NOW + 60)
    assert order[kind]["data"][-1] == line
    changed = shop.put(f"{path}/{kind}/{line['id']}", CHANGE[kind])
    assert changed == {**line, **CHANGE[kind]}
    assert shop.get(path)["amount"] == 50000 + WORTH_CHANGED[kind]
    assert shop.delete(f"{path}/{kind}/{line['id']}") == changed
    order = shop.get(path)
    assert (order["amount"], line in order[kind]["data"]) == (50000, False)
    for method, body in (("PUT", CHANGE[kind]), ("DELETE", None)):
        gone = shop.refusal(method, f"{path}/{kind}/{line['id']}", body)
        assert gone == (404, ["resource_not_found.entity"])


@every_kind
@pytest.mark.parametrize(
    ("method", "code"),
    [
        ({"type": "spei"}, HAS_CHARGE),
        ({"type": "card", "token_id": "tok_test_visa_4242"}, f"{HAS_CHARGE}_paid"),
    ],
)
def test_a_charge_freezes_the_lines(shop: Shop, kind: str, method: Any, code: str) -> None:
    path = addressed(shop, method, **{kind: [NEW[kind]]})
    before = shop.get(path)
    line = before[kind]["data"][-1]["id"]
    attempts: tuple[Any, ...] = (
        ("POST", f"{path}/{kind}", NEW[kind]),
        ("PUT", f"{path}/{kind}/{line}", CHANGE[kind]),
        ("DELETE", f"{path}/{kind}/{line}"),
        ("PUT", path, {kind: []} if kind != "line_items" else {"metadata": {}}),
    )
    for asked in attempts:
        assert shop.refusal(*asked) == (428, [code])
    assert shop.get(path) == before


@pytest.mark.parametrize("route", ["cancel", "void"])
def test_an_ended_order_stays_as_it_was(shop: Shop, visa: dict[str, str], route: str) -> None:
    path = addressed(shop, *([visa] if route == "void" else []), pre_authorize=route == "void")
    shop.post(f"{path}/{route}")
    assert shop.refusal("POST", f"{path}/tax_lines", NEW["tax_lines"]) == (428, [HAS_CHARGE])


def test_a_held_order_stays_as_it_is(shop: Shop, visa: dict[str, str]) -> None:
    path = addressed(shop, visa, pre_authorize=True)
    assert shop.refusal("PUT", path, {"metadata": {}}) == (428, [HAS_CHARGE])


def test_an_expired_order_is_changed_and_charged_again(shop: Shop) -> None:
    path = addressed(shop, {"type": "spei", "expires_at": NOW + DAY})
    shop.advance(DAY)
    shop.post(f"{path}/tax_lines", NEW["tax_lines"])
    assert shop.get(path)["payment_status"] == "expired"
    charge = shop.post(f"{path}/charges", {"payment_method": {"type": "spei"}})
    assert (charge["amount"], shop.get(path)["payment_status"]) == (50100, "pending_payment")
    shop.pay(reference=charge["payment_method"]["clabe"])
    order = shop.get(path)
    assert (order["payment_status"], order["is_refundable"]) == ("paid", True)


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("line_items", {"name": "No", "unit_price": 1, "quantity": 1}, "name.invalid"),
        ("line_items", {"name": "Uno", "unit_price": 1}, "quantity.missing"),
        ("line_items", {**NEW["line_items"], "price": 1}, "whitelist"),
        ("tax_lines", {"amount": 1.5, "description": "IVA"}, "amount.invalid_datatype"),
        ("tax_lines", {"amount": 1}, "description.missing"),
        ("shipping_lines", {"carrier": "Moto"}, "amount.missing"),
        ("discount_lines", {**NEW["discount_lines"], "type": "gift"}, "type.invalid"),
        ("discount_lines", {**NEW["discount_lines"], "amount": 50001}, "discount_lines.amount.invalid"),
    ],
)
def test_a_wrong_line_is_not_added(shop: Shop, kind: str, body: Any, code: str) -> None:
    path = addressed(shop)
    before = shop.get(path)
    assert shop.refusal("POST", f"{path}/{kind}", body) == (422, [f"parameter_validation.{code}"])
    assert shop.get(path) == before


def test_a_wrong_change_changes_nothing(shop: Shop) -> None:
    path = addressed(shop, shipping_lines=[NEW["shipping_lines"]], discount_lines=[NEW["discount_lines"]])
    before = shop.get(path)
    shipping, discount, product = (
        f"{path}/{kind}/{before[kind]['data'][0]['id']}"
        for kind in ("shipping_lines", "discount_lines", "line_items")
    )
    refusals = [
        shop.refusal("PUT", shipping, {"carrier": "Moto"}),
        shop.refusal("PUT", discount, {"amount": 60000}),
        shop.refusal("PUT", product, {"id": "line_item_x"}),
        shop.refusal("DELETE", product),
    ]
    assert refusals == [
        (422, ["parameter_validation.amount.missing"]),
        (422, ["parameter_validation.discount_lines.amount.invalid"]),
        (422, ["parameter_validation.whitelist"]),
        (422, ["parameter_validation.line_items.missing"]),
    ]
    assert shop.get(path) == before


@pytest.mark.parametrize(("rule", "status"), [("never", 200), ("with_shipping_lines", 422)])
def test_shipping_needs_an_address(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, rule: str, status: int
) -> None:
    monkeypatch.setattr(policies, "SHIPPING_CONTACT_RULE", rule)
    path = f"/orders/{shop.order()['id']}"
    answers = [
        shop.http.post(f"{path}/shipping_lines", json={"amount": 1500}).status_code,
        shop.http.put(path, json={"shipping_lines": [{"amount": 1500}]}).status_code,
    ]
    assert answers == [status, status]


def test_discounts_are_listed_newest_first_and_read_one_by_one(shop: Shop) -> None:
    path = f"{addressed(shop)}/discount_lines"
    first = shop.post(path, NEW["discount_lines"])
    second = shop.post(path, {"amount": 10, "code": "ADIOS", "type": "sign"})
    assert shop.get(path) == {
        "next_page_url": None,
        "previous_page_url": None,
        "has_more": False,
        "object": "list",
        "data": [second, first],
        "total": 2,
    }
    assert shop.get(path, search="hola")["data"] == [first]
    assert shop.get(path, limit=1)["next_page_url"].endswith(f"{path}?limit=1&next={second['id']}")
    assert shop.get(f"{path}/{first['id']}") == first
    assert shop.refusal("GET", f"{path}/dis_lin_none") == (404, ["resource_not_found.entity"])
    assert shop.refusal("GET", "/orders/ord_none/discount_lines") == (404, ["resource_not_found.entity"])


def test_an_order_is_changed_as_a_whole(shop: Shop) -> None:
    customer = shop.customer(shipping_contacts=[{"address": ADDRESS}])
    order = shop.order(None, tax_lines=[NEW["tax_lines"]], metadata={"reference": "A-1", "x": 1})
    shop.advance(60)
    changed = shop.put(
        f"/orders/{order['id']}",
        {
            "currency": "usd",
            "customer_info": {"customer_id": customer["id"]},
            "line_items": [NEW["line_items"]],
            "tax_lines": [],
            "shipping_lines": [NEW["shipping_lines"]],
            "discount_lines": [NEW["discount_lines"]],
            "metadata": {"reference": "A-2"},
            "fiscal_entity": {"address": {**ADDRESS, "city": "Mexico", "external_number": "1"}},
        },
    )
    assert changed == {
        **order,
        "currency": "USD",
        "amount": 2100 + 1500 - 600,
        "customer_info": {
            "email": "ana@example.com",
            "phone": "+5215555555555",
            "name": "Ana Ruiz",
            "corporate": False,
            "customer_id": customer["id"],
            "object": "customer_info",
        },
        "shipping_contact": {
            **{
                name: value
                for name, value in customer["shipping_contacts"]["data"][0].items()
                if name not in ("parent_id", "default")
            },
            "created_at": 0,
        },
        "metadata": {"reference": "A-2"},
        "tax_lines": {"object": "list", "has_more": False, "total": 0, "data": []},
        **{name: changed[name] for name in ("line_items", "shipping_lines", "discount_lines")},
        "fiscal_entity": changed["fiscal_entity"],
        "updated_at": NOW + 60,
    }
    assert changed["line_items"]["data"][0]["name"] == "Producto 2"
    assert changed["fiscal_entity"]["address"]["external_number"] == "1"
    assert shop.get(f"/orders/{order['id']}") == changed


def test_an_order_keeps_its_address_until_it_gets_another(shop: Shop) -> None:
    path = addressed(shop)
    before = shop.get(path)["shipping_contact"]
    other = shop.customer(shipping_contacts=[{"address": {**ADDRESS, "street1": "Calle Dos 2"}}])
    info = {"customer_info": {"customer_id": other["id"]}}
    assert shop.put(path, info)["shipping_contact"] == before
    moved = shop.put(path, {"shipping_contact": {"address": {**ADDRESS, "street1": "Calle Tres 3"}}})
    assert moved["shipping_contact"]["address"]["street1"] == "Calle Tres 3"
    person = {"name": "Eva Luna", "email": "eva@example.com", "phone": "5512345678"}
    assert shop.put(path, {"customer_info": person})["customer_info"] == {
        **person,
        "corporate": False,
        "object": "customer_info",
    }


def test_an_order_can_be_charged_while_it_is_changed(shop: Shop, visa: dict[str, str]) -> None:
    path = addressed(shop)
    body = {"tax_lines": [NEW["tax_lines"]], "pre_authorize": True, "charges": [{"payment_method": visa}]}
    order = shop.put(path, body)
    assert (order["payment_status"], order["amount"]) == ("pre_authorized", 50100)
    assert order["charges"]["data"][0]["amount"] == 50100
    assert shop.post(f"{path}/capture")["payment_status"] == "paid"


def test_an_order_gets_a_checkout(shop: Shop) -> None:
    checkout = {"type": "HostedPayment", "allowed_payment_methods": ["card"], "name": "Pedido 7"}
    made = shop.order(checkout=checkout)["checkout"]
    changed = shop.put(addressed(shop), {"checkout": checkout})["checkout"]
    for shown in (made, changed):
        assert (shown["type"], shown["name"], shown["status"]) == ("HostedPayment", "Pedido 7", "Issued")
        assert shop.get(f"/checkouts/{shown['id']}") == shown
    both = shop.order_body(None, checkout=checkout, return_url="https://shop.example.com/back")
    assert shop.refusal("POST", "/orders", both) == (422, ["parameter_validation.return_url.invalid"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"line_items": []}, "parameter_validation.line_items.missing"),
        ({"currency": "EUR"}, "parameter_validation.currency.invalid"),
        ({"three_ds_mode": "strict"}, "parameter_validation.whitelist"),
        ({"reuse_customer_clabe": True}, "parameter_validation.whitelist"),
        ({"customer_info": {"name": "Eva Luna"}}, "parameter_validation.customer_info.email.missing"),
        ({"customer_info": {"customer_id": "cus_none"}}, "resource_not_found.entity"),
        (
            {"discount_lines": [{"amount": 50001, "code": "A", "type": "sign"}]},
            "parameter_validation.discount_lines.amount.invalid",
        ),
    ],
)
def test_a_wrong_change_of_an_order_changes_nothing(shop: Shop, body: Any, code: str) -> None:
    path = addressed(shop)
    before = shop.get(path)
    assert shop.refusal("PUT", path, body)[1][0] == code
    assert shop.get(path) == before
