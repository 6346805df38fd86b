"""Orders as a merchant makes, finds and cancels them."""

import pytest

from conekta_mcp.sandbox.refusals import policies
from tests.sandbox.shop import Shop

DAY = 86_400
ADDRESS = {"street1": "Calle Uno 1", "city": "Ciudad de Mexico", "postal_code": "06100", "country": "MX"}


def test_an_order_on_the_customers_clabe_is_the_seeds_answer(shop: Shop, spei: dict[str, str]) -> None:
    customer, clabe = shop.customer_with_clabe()
    order = shop.order(customer, spei, reuse_customer_clabe=True)
    line, charge = order["line_items"]["data"][0], order["charges"]["data"][0]
    assert (len(charge["id"]), line["id"][:10], order["id"][:4]) == (24, "line_item_", "ord_")
    assert order == {
        "livemode": False,
        "amount": 50000,
        "currency": "MXN",
        "payment_status": "pending_payment",
        "amount_refunded": 0,
        "customer_info": {
            "email": "ana@example.com",
            "phone": "+5215555555555",
            "name": "Ana Ruiz",
            "corporate": False,
            "customer_id": customer,
            "object": "customer_info",
        },
        "object": "order",
        "id": order["id"],
        "metadata": {},
        "is_refundable": False,
        "created_at": 1768564855,
        "updated_at": 1768564855,
        "line_items": {
            "object": "list",
            "has_more": False,
            "total": 1,
            "data": [
                {
                    "name": "Producto 1",
                    "unit_price": 50000,
                    "quantity": 1,
                    "object": "line_item",
                    "id": line["id"],
                    "parent_id": order["id"],
                    "metadata": {},
                    "antifraud_info": {},
                }
            ],
        },
        "charges": {
            "object": "list",
            "has_more": False,
            "total": 1,
            "data": [
                {
                    "id": charge["id"],
                    "livemode": False,
                    "created_at": 1768564855,
                    "currency": "MXN",
                    "payment_method": {
                        "clabe": clabe,
                        "bank": "STP",
                        "receiving_account_number": clabe,
                        "receiving_account_bank": "STP",
                        "payment_attempts": [],
                        "object": "bank_transfer_payment",
                        "type": "spei",
                        "expires_at": 1768564855 + 7_776_000,
                    },
                    "object": "charge",
                    "description": "Payment from order",
                    "status": "pending_payment",
                    "amount": 50000,
                    "fee": 1450,
                    "customer_id": "",
                    "order_id": order["id"],
                }
            ],
        },
    }
    assert list(order)[:5] == ["livemode", "amount", "currency", "payment_status", "amount_refunded"]
    assert shop.get(f"/orders/{order['id']}", client="x") == order


def test_reuse_gives_the_newest_clabe_and_no_reuse_a_fresh_one(shop: Shop, spei: dict[str, str]) -> None:
    customer, first = shop.customer_with_clabe()
    second = shop.post(f"/customers/{customer}/payment_sources", {"type": "spei_recurrent"})["reference"]
    reused = [
        shop.method_of(shop.order(customer, spei, reuse_customer_clabe=True))["clabe"] for _ in range(2)
    ]
    assert reused == [second, second]
    fresh = {shop.method_of(shop.order(customer, spei))["clabe"] for _ in range(3)}
    fresh.add(shop.method_of(shop.order(customer, spei, reuse_customer_clabe=False))["clabe"])
    assert len(fresh) == 4
    assert fresh.isdisjoint({first, second})


def test_an_expired_recurrent_clabe_counts_as_not_found(shop: Shop, spei: dict[str, str]) -> None:
    customer = shop.customer(payment_sources=[{"type": "spei_recurrent", "expires_at": 1768564855 + DAY}])
    body = shop.order_body(customer["id"], spei, reuse_customer_clabe=True)
    shop.post("/orders", body)
    shop.advance(DAY)
    code = "resource_not_found.processing.offline_recurrent_reference.not_found"
    assert shop.refusal("POST", "/orders", body) == (404, [code])


def test_the_cash_reference_of_a_customer_can_be_reused_too(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "cash_recurrent"}])
    order = shop.order(customer["id"], {"type": "cash"}, reuse_customer_cash_reference=True)
    assert shop.method_of(order)["reference"] == customer["payment_sources"]["data"][0]["reference"]


def test_cash_without_reuse_gets_a_fresh_reference(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "cash_recurrent"}])
    own = customer["payment_sources"]["data"][0]["reference"]
    methods = [
        shop.method_of(shop.order(customer["id"], {"type": "cash"}, **flag))["reference"]
        for flag in ({}, {"reuse_customer_cash_reference": False}, {"reuse_customer_clabe": True})
    ]
    assert len({own, *methods}) == 4


@pytest.mark.parametrize(
    ("stored", "fields", "refusal"),
    [
        (None, {}, (422, ["parameter_validation.customer_info.customer_id.missing"])),
        ([], {}, (404, ["resource_not_found.processing.offline_recurrent_reference.not_found"])),
        (
            [{"type": "spei_recurrent"}],
            {},
            (404, ["resource_not_found.processing.offline_recurrent_reference.not_found"]),
        ),
        (
            [],
            {"reuse_customer_cash_reference": "true"},
            (422, ["parameter_validation.reuse_customer_cash_reference.invalid_datatype"]),
        ),
    ],
    ids=["no customer", "no reference", "a CLABE only", "no boolean"],
)
def test_reuse_of_a_cash_reference_is_refused_as_that_of_a_clabe(
    stored: list[dict[str, str]] | None, fields: dict[str, str], refusal: object, shop: Shop
) -> None:
    customer = None if stored is None else shop.customer(payment_sources=stored)["id"]
    flags = {"reuse_customer_cash_reference": True, **fields}
    assert shop.refusal("POST", "/orders", shop.order_body(customer, {"type": "cash"}, **flags)) == refusal
    assert shop.get("/orders")["data"] == []


def test_orders_are_found_by_their_exact_amount(shop: Shop) -> None:
    line = {"name": "Producto 1", "quantity": 1}
    ids = [shop.order(line_items=[{**line, "unit_price": cents}])["id"] for cents in (100, 1000, 100)]
    assert [order["id"] for order in shop.get("/orders", amount=100)["data"]] == [ids[2], ids[0]]
    assert shop.get("/orders", amount=10)["data"] == []
    for wrong in ("1.0", "-1", "mucho", ""):
        assert shop.refusal("GET", f"/orders?amount={wrong}") == (
            422,
            ["parameter_validation.amount.invalid_datatype"],
        )


def test_first_seed_refusal_reuse_without_a_customer(shop: Shop, spei: dict[str, str]) -> None:
    answer = shop.http.post("/orders", json=shop.order_body(None, spei, reuse_customer_clabe=True))
    log_id = answer.json()["log_id"]
    assert len(log_id) == 24
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "details": [
                {
                    "debug_message": 'The "customer_info attribute customer_id" is missing.',
                    "message": 'El parametro customer_id" es requerido.',
                    "param": "customer_info.customer_id",
                    "code": "conekta.errors.parameter_validation.customer_info.customer_id.missing",
                }
            ],
            "object": "error",
            "type": "parameter_validation_error",
            "log_id": log_id,
        },
    )


def test_second_seed_refusal_reuse_without_a_reference(shop: Shop, spei: dict[str, str]) -> None:
    customer = shop.customer()["id"]
    answer = shop.http.post("/orders", json=shop.order_body(customer, spei, reuse_customer_clabe=True))
    assert (answer.status_code, answer.json()) == (
        404,
        {
            "details": [
                {
                    "debug_message": "Recurrent reference not found",
                    "message": "Referencia recurrente no encontrada",
                    "code": "conekta.errors.resource_not_found.processing."
                    "offline_recurrent_reference.not_found",
                }
            ],
            "object": "error",
            "type": "resource_not_found_error",
            "log_id": answer.json()["log_id"],
        },
    )
    assert shop.get("/orders")["data"] == []


def test_third_seed_refusal_reuse_that_is_no_boolean(shop: Shop, spei: dict[str, str]) -> None:
    customer = shop.customer()["id"]
    answer = shop.http.post("/orders", json=shop.order_body(customer, spei, reuse_customer_clabe="true"))
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "details": [
                {
                    "debug_message": 'The "reuse_customer_clabe" parameter is invalid.',
                    "message": "El parámetro reuse_customer_clabe es inválido.",
                    "param": "reuse_customer_clabe",
                    "code": "conekta.errors.parameter_validation.reuse_customer_clabe.invalid_datatype",
                }
            ],
            "object": "error",
            "type": "parameter_validation_error",
        },
    )


def test_amount_is_lines_plus_shipping_plus_tax_minus_discount(shop: Shop) -> None:
    order = shop.order(
        line_items=[
            {"name": "Uno", "unit_price": 10000, "quantity": 2},
            {"name": "Dos", "unit_price": 500, "quantity": 3},
        ],
        shipping_lines=[{"amount": 1500, "carrier": "Moto"}],
        tax_lines=[{"amount": 100, "description": "IVA"}],
        discount_lines=[{"amount": 600, "code": "HOLA", "type": "coupon"}],
        shipping_contact={"address": ADDRESS},
    )
    assert order["amount"] == 22500
    assert [order[name]["total"] for name in ("line_items", "shipping_lines", "tax_lines")] == [2, 1, 1]
    assert order["discount_lines"]["data"][0] == {
        "amount": 600,
        "code": "HOLA",
        "type": "coupon",
        "object": "discount_line",
        "id": order["discount_lines"]["data"][0]["id"],
        "parent_id": order["id"],
    }
    assert order["shipping_contact"]["created_at"] == 0
    assert order["shipping_contact"]["address"]["country"] == "mx"


def test_an_order_without_charges_has_no_payment_status(shop: Shop) -> None:
    order = shop.order()
    assert "payment_status" not in order
    assert "charges" not in order
    canceled = shop.post(f"/orders/{order['id']}/cancel")
    assert canceled["payment_status"] == "canceled"


def test_shipping_lines_need_an_address_of_the_order_or_the_customer(shop: Shop) -> None:
    lines = [{"amount": 1500}]
    missing = shop.refusal("POST", "/orders", shop.order_body(None, shipping_lines=lines))
    assert missing == (422, ["parameter_validation.shipping_contact.missing"])
    customer = shop.customer(shipping_contacts=[{"address": ADDRESS}])
    order = shop.order(customer["id"], shipping_lines=lines)
    assert order["shipping_contact"]["id"] == customer["default_shipping_contact_id"]
    assert order["shipping_contact"]["created_at"] == 0
    assert "parent_id" not in order["shipping_contact"]


@pytest.mark.parametrize(
    ("rule", "lines", "status"),
    [
        ("never", [{"amount": 1500}], 200),
        ("with_shipping_lines", [], 200),
        ("with_shipping_lines", [{"amount": 1500}], 422),
        ("always", [], 422),
    ],
)
def test_when_an_address_is_needed_is_one_line_to_change(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, rule: str, lines: list[object], status: int
) -> None:
    monkeypatch.setattr(policies, "SHIPPING_CONTACT_RULE", rule)
    assert shop.http.post("/orders", json=shop.order_body(None, shipping_lines=lines)).status_code == status


def test_an_order_keeps_its_fiscal_entity(shop: Shop) -> None:
    entity = {"name": "Prueba", "address": {**ADDRESS, "external_number": "1"}}
    order = shop.order(fiscal_entity=entity, processing_mode="ecommerce", metadata={"reference": "A-1"})
    assert order["fiscal_entity"]["address"]["external_number"] == "1"
    assert (order["processing_mode"], order["metadata"]) == ("ecommerce", {"reference": "A-1"})
    incomplete = shop.order_body(None, fiscal_entity={"address": ADDRESS})
    assert shop.refusal("POST", "/orders", incomplete)[1] == [
        "parameter_validation.fiscal_entity.address.external_number.missing"
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"currency": "EUR"}, "currency.invalid"),
        ({"line_items": []}, "line_items.missing"),
        ({"line_items": {}}, "line_items.invalid_datatype"),
        (
            {"line_items": [{"name": "Uno", "unit_price": "500.00", "quantity": 1}]},
            "line_items.unit_price.invalid_datatype",
        ),
        (
            {"line_items": [{"name": "Uno", "unit_price": True, "quantity": 1}]},
            "line_items.unit_price.invalid_datatype",
        ),
        (
            {"line_items": [{"name": "Uno", "unit_price": 5.0, "quantity": 1}]},
            "line_items.unit_price.invalid_datatype",
        ),
        ({"line_items": [{"name": "Uno", "unit_price": -1, "quantity": 1}]}, "line_items.unit_price.invalid"),
        ({"line_items": [{"name": "Uno", "unit_price": 1, "quantity": 0}]}, "line_items.quantity.invalid"),
        ({"line_items": [{"name": "No", "unit_price": 1, "quantity": 1}]}, "line_items.name.invalid"),
        ({"customer_info": {"customer_id": 5}}, "customer_info.customer_id.invalid_datatype"),
        ({"customer_info": []}, "customer_info.invalid_datatype"),
        ({"metadata": "x"}, "metadata.invalid_datatype"),
        ({"metadata": {"a": {}}}, "metadata.a.invalid"),
        ({"metadata": {"a": "x" * 250}}, "metadata.a.invalid"),
        ({"three_ds_mode": "always"}, "three_ds_mode.invalid"),
        ({"three_ds_mode": 3}, "three_ds_mode.invalid_datatype"),
        (
            {"discount_lines": [{"amount": 50001, "code": "A", "type": "coupon"}]},
            "discount_lines.amount.invalid",
        ),
        ({"checkout": {"type": "PaymentLink"}}, "checkout.type.invalid"),
        ({"reuse_clabe": True}, "whitelist"),
        ({"charges": [{"payment_method": {"type": "spei"}, "expires": 1}]}, "whitelist"),
        ({"charges": [{"payment_method": {"type": "card", "number": "4242424242424242"}}]}, "whitelist"),
        ({"charges": [{"payment_method": {"type": "paypal"}}]}, "payment_method.type.invalid"),
        ({"charges": [{"payment_method": {"type": ["spei"]}}]}, "payment_method.type.invalid_datatype"),
        ({"charges": [{"payment_method": {}}]}, "payment_method.type.missing"),
        ({"charges": [{"payment_method": "spei"}]}, "payment_method.invalid_datatype"),
        (
            {"charges": [{"payment_method": {"type": "spei"}, "amount": True}]},
            "charges.amount.invalid_datatype",
        ),
        (
            {"charges": [{"payment_method": {"type": "spei"}, "amount": 49999}]},
            "combo.order.amount.invalid_charges_amount",
        ),
        (
            {"charges": [{"payment_method": {"type": "spei", "expires_at": 1768564855}}]},
            "payment_method.expires_at.invalid",
        ),
        ({"charges": [{"payment_method": {"type": "spei"}}], "pre_authorize": True}, "pre_authorize.invalid"),
        ({"charges": [{"payment_method": {"type": "card"}}]}, "payment_method.token_id.missing"),
        (
            {"charges": [{"payment_method": {"type": "card", "token_id": "tok_x"}}]},
            "payment_method.token_id.nonexistent_token",
        ),
    ],
)
def test_a_body_is_refused_under_the_name_of_its_fault(
    shop: Shop, change: dict[str, object], code: str
) -> None:
    assert shop.refusal("POST", "/orders", shop.order_body(None, **change)) == (
        422,
        [f"parameter_validation.{code}"],
    )
    assert shop.get("/orders")["data"] == []


def test_nothing_required_is_forgotten(shop: Shop) -> None:
    assert shop.refusal("POST", "/orders", {"customer_info": {}}) == (
        422,
        [
            "parameter_validation.customer_info.name.missing",
            "parameter_validation.customer_info.email.missing",
            "parameter_validation.customer_info.phone.missing",
            "parameter_validation.currency.missing",
            "parameter_validation.line_items.missing",
        ],
    )


def test_an_unknown_customer_is_not_found(shop: Shop, spei: dict[str, str]) -> None:
    assert shop.refusal("POST", "/orders", shop.order_body("cus_none", spei)) == (
        404,
        ["resource_not_found.entity"],
    )


def test_split_charges_must_add_up_and_all_be_paid(shop: Shop) -> None:
    parts = [
        {"amount": 20000, "payment_method": {"type": "spei"}},
        {"amount": 30000, "payment_method": {"type": "cash"}, "reference_id": "parte-2"},
    ]
    order = shop.order(charges=parts)
    assert order["charges"]["data"][1]["reference_id"] == "parte-2"
    first, second = (charge["payment_method"] for charge in order["charges"]["data"])
    shop.pay(reference=first["clabe"])
    assert shop.status(order["id"]) == "pending_payment"
    assert shop.refusal("POST", f"/orders/{order['id']}/cancel", {})[0] == 428
    shop.pay(reference=second["reference"])
    paid = shop.get(f"/orders/{order['id']}")
    assert (paid["payment_status"], paid["is_refundable"]) == ("paid", True)


def test_a_split_order_whose_second_part_expires_is_expired_but_refundable(shop: Shop) -> None:
    parts = [
        {"amount": 20000, "payment_method": {"type": "spei"}},
        {"amount": 30000, "payment_method": {"type": "cash", "expires_at": 1768564855 + DAY}},
    ]
    order = shop.order(charges=parts)
    shop.pay(reference=shop.method_of(order)["clabe"])
    shop.advance(DAY)
    ended = shop.get(f"/orders/{order['id']}")
    assert (ended["payment_status"], ended["is_refundable"]) == ("expired", True)


@pytest.mark.parametrize("method", ["spei", "cash"])
def test_a_pending_order_expires_at_its_time_and_not_before(shop: Shop, method: str) -> None:
    ends = 1768564855 + DAY
    order = shop.order(None, {"type": method, "expires_at": ends})
    shop.advance(DAY - 1)
    assert shop.status(order["id"]) == "pending_payment"
    shop.advance(50)
    expired = shop.get(f"/orders/{order['id']}")
    assert (expired["payment_status"], expired["updated_at"]) == ("expired", ends)
    assert expired["charges"]["data"][0]["status"] == "expired"
    assert expired["is_refundable"] is False
    assert shop.refusal("POST", f"/orders/{order['id']}/cancel", {})[0] == 428


def test_orders_are_listed_newest_first_and_filtered(
    shop: Shop, spei: dict[str, str], visa: dict[str, str]
) -> None:
    pending = shop.order(shop.customer_with_clabe()[0], spei)
    shop.advance(100)
    paid = shop.order(None, visa)
    shop.advance(100)
    bare = shop.order()

    def ids(**query: str | int) -> list[str]:
        return [row["id"] for row in shop.get("/orders", **query)["data"]]

    assert ids() == [bare["id"], paid["id"], pending["id"]]
    assert shop.get("/orders", limit=2)["total"] == 2
    assert ids(payment_status="paid") == [paid["id"]]
    assert ids(**{"last_payment_info.status": "pending_payment"}) == [pending["id"]]
    assert ids(created_at=1768564955) == [paid["id"]]
    assert ids(**{"created_at.gte": 1768564955}) == [bare["id"], paid["id"]]
    assert ids(**{"created_at.lte": 1768564954}) == [pending["id"]]
    assert ids(**{"updated_at.gte": 1768564855, "updated_at.lte": 1768564955}) == [paid["id"], pending["id"]]
    assert ids(search="ANA@") == [pending["id"]]
    assert ids(search=paid["id"]) == [paid["id"]]
    assert ids(search="luna") == [bare["id"], paid["id"]]
    refused = shop.http.get("/orders", params={"created_at.gte": "ayer"})
    assert (refused.status_code, refused.json()["details"][0]["param"]) == (422, "created_at.gte")


def test_cancel_ends_the_pending_and_refuses_the_paid(
    shop: Shop, spei: dict[str, str], visa: dict[str, str]
) -> None:
    pending, paid = shop.order(None, spei), shop.order(None, visa)
    canceled = shop.post(f"/orders/{pending['id']}/cancel")
    assert canceled["payment_status"] == canceled["charges"]["data"][0]["status"] == "canceled"
    has_charge = "precondition_required.combo.order.cannot_be_updated_because_has_charge"
    assert shop.refusal("POST", f"/orders/{pending['id']}/cancel", {}) == (428, [has_charge])
    assert shop.refusal("POST", f"/orders/{paid['id']}/cancel", {}) == (428, [f"{has_charge}_paid"])
    assert shop.refusal("POST", "/orders/ord_none/cancel", {}) == (404, ["resource_not_found.entity"])
    assert shop.refusal("POST", f"/orders/{paid['id']}/cancel", {"why": 1})[0] == 422
