"""Charges of orders that exist: a second attempt, captures and releases, and the list of all charges."""

from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.shop import OpenShop, Shop

DAY = 86_400
NOW = 1_768_564_855
DECLINED = {"type": "card", "token_id": "tok_test_card_declined"}
HAS_CHARGE = "precondition_required.combo.order.cannot_be_updated_because_has_charge"
PAID = f"{HAS_CHARGE}_paid"
NOT_HELD = "precondition_required.combo.order.not_pre_authorized"


def charged(shop: Shop, order_id: str, method: Any, **fields: Any) -> Any:
    return shop.post(f"/orders/{order_id}/charges", {"payment_method": method, **fields})


def held(shop: Shop, visa: dict[str, str], **fields: Any) -> str:
    order_id: str = shop.order(None, visa, pre_authorize=True, **fields)["id"]
    return order_id


def test_an_order_without_a_charge_is_charged_later(shop: Shop, spei: dict[str, str]) -> None:
    order_id = shop.order()["id"]
    charge = charged(shop, order_id, spei, reference_id="pedido-7")
    clabe = charge["payment_method"]["clabe"]
    assert charge == {
        "id": charge["id"],
        "livemode": False,
        "created_at": NOW,
        "currency": "MXN",
        "payment_method": {
            "clabe": clabe,
            "bank": "STP",
            "receiving_account_number": clabe,
            "receiving_account_bank": "STP",
            "payment_attempts": [],
            "object": "bank_transfer_payment",
            "type": "spei",
            "expires_at": NOW + 90 * DAY,
        },
        "object": "charge",
        "description": "Payment from order",
        "status": "pending_payment",
        "amount": 50000,
        "fee": 1450,
        "customer_id": "",
        "order_id": order_id,
        "reference_id": "pedido-7",
    }
    order = shop.get(f"/orders/{order_id}")
    assert (order["payment_status"], order["charges"]["data"]) == ("pending_payment", [charge])
    shop.pay(reference=clabe)
    assert shop.status(order_id) == "paid"


def test_add_charges_answers_with_a_list_of_the_one_charge(shop: Shop) -> None:
    order_id = shop.order()["id"]
    listed = shop.post(f"/orders/{order_id}/add_charges", {"payment_method": {"type": "cash"}})
    assert listed == shop.get(f"/orders/{order_id}")["charges"]
    assert (listed["object"], listed["has_more"], listed["total"]) == ("list", False, 1)


def test_a_stored_card_of_the_orders_customer_can_be_charged(shop: Shop) -> None:
    source = {"type": "card", "token_id": "tok_test_visa_4242"}
    customer = shop.customer(payment_sources=[source])
    order_id = shop.order(customer["id"])["id"]
    source_id = customer["default_payment_source_id"]
    charge = charged(
        shop, order_id, {"type": "card", "payment_source_id": source_id, "monthly_installments": 3}
    )
    assert (charge["status"], charge["monthly_installments"], charge["fee"]) == ("paid", 3, 2320)
    assert shop.status(order_id) == "paid"


def test_the_card_of_a_deleted_customer_cannot_be_charged(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "card", "token_id": "tok_test_visa_4242"}])
    order_id = shop.order(customer["id"])["id"]
    shop.delete(f"/customers/{customer['id']}")
    body = {"payment_method": {"type": "card", "payment_source_id": customer["default_payment_source_id"]}}
    assert shop.refusal("POST", f"/orders/{order_id}/charges", body) == (
        422,
        ["parameter_validation.customer_info.customer_id.missing"],
    )


def test_a_declined_card_may_be_followed_by_another(shop: Shop, visa: dict[str, str]) -> None:
    order_id = shop.order()["id"]
    refused = shop.http.post(f"/orders/{order_id}/charges", json={"payment_method": DECLINED})
    assert refused.status_code == 402
    assert refused.json()["data"] == shop.get(f"/orders/{order_id}")
    assert shop.status(order_id) is None
    charged(shop, order_id, visa)
    order = shop.get(f"/orders/{order_id}")
    statuses = [charge["status"] for charge in order["charges"]["data"]]
    assert (order["payment_status"], statuses) == ("paid", ["declined", "paid"])
    assert order["is_refundable"] is True


def test_a_declined_second_attempt_leaves_an_expired_order_expired(
    shop: Shop, spei: dict[str, str], visa: dict[str, str]
) -> None:
    order_id = shop.order(None, {**spei, "expires_at": NOW + DAY})["id"]
    shop.advance(DAY)
    assert shop.refusal("POST", f"/orders/{order_id}/charges", {"payment_method": DECLINED})[0] == 402
    assert shop.status(order_id) == "expired"
    charged(shop, order_id, visa)
    assert shop.status(order_id) == "paid"


def test_a_later_charge_keeps_the_terms_of_its_order(shop: Shop, visa: dict[str, str]) -> None:
    order_id = shop.order(
        pre_authorize=True, three_ds_mode="strict", return_url="https://shop.example.com/back"
    )["id"]
    assert charged(shop, order_id, visa)["status"] == "pending_payment"
    assert shop.get(f"/orders/{order_id}")["next_action"] == {
        "type": "redirect_to_url",
        "redirect_to_url": {
            "url": f"https://pay.example.com/3ds/{order_id}",
            "return_url": "https://shop.example.com/back",
        },
    }
    shop.pay(order_id=order_id)
    order = shop.get(f"/orders/{order_id}")
    assert (order["payment_status"], "next_action" in order) == ("pre_authorized", False)


def test_a_later_spei_charge_reuses_the_clabe_as_its_order_asked(shop: Shop, spei: dict[str, str]) -> None:
    customer, clabe = shop.customer_with_clabe()
    order_id = shop.order(customer, reuse_customer_clabe=True)["id"]
    assert charged(shop, order_id, spei)["payment_method"]["clabe"] == clabe


@pytest.mark.parametrize(
    ("method", "end", "code"),
    [
        ({"type": "spei"}, None, HAS_CHARGE),
        ({"type": "card", "token_id": "tok_test_visa_4242"}, None, PAID),
        (None, "cancel", HAS_CHARGE),
        ({"type": "spei"}, "cancel", HAS_CHARGE),
    ],
)
def test_a_live_charge_or_an_end_forbids_another(
    shop: Shop, spei: dict[str, str], method: Any, end: str | None, code: str
) -> None:
    path = f"/orders/{shop.order(None, *([method] if method else []))['id']}"
    if end:
        shop.post(f"{path}/{end}")
    before = shop.get(path)
    for route in ("charges", "add_charges"):
        assert shop.refusal("POST", f"{path}/{route}", {"payment_method": spei}) == (428, [code])
    assert shop.get(path) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "payment_method.missing"),
        ({"payment_method": {"type": "paypal"}}, "payment_method.type.invalid"),
        ({"payment_method": {"type": "spei"}, "amount": 49999}, "combo.order.amount.invalid_charges_amount"),
        ({"payment_method": {"type": "spei", "expires_at": NOW}}, "payment_method.expires_at.invalid"),
        ({"payment_method": {"type": "spei"}, "charges": []}, "whitelist"),
        (
            {"payment_method": {"type": "card", "token_id": "tok_x"}},
            "payment_method.token_id.nonexistent_token",
        ),
    ],
)
def test_a_charge_is_refused_under_the_name_of_its_fault(shop: Shop, body: Any, code: str) -> None:
    path = f"/orders/{shop.order()['id']}"
    assert shop.refusal("POST", f"{path}/charges", body) == (422, [f"parameter_validation.{code}"])
    assert shop.get("/charges")["data"] == []


def test_the_place_of_a_fault_is_named_as_in_the_request(shop: Shop) -> None:
    path = f"/orders/{shop.order()['id']}"
    body = {"payment_method": {"type": "spei", "expires_at": NOW}}
    answers = [
        shop.http.post(f"{path}/charges", json=body).json(),
        shop.http.put(path, json={"charges": [body]}).json(),
    ]
    assert [answer["details"][0]["param"] for answer in answers] == [
        "payment_method.expires_at",
        "charges.0.payment_method.expires_at",
    ]


def test_charges_are_listed_newest_first_across_orders(shop: Shop, spei: dict[str, str]) -> None:
    late = shop.order()["id"]
    first = shop.order(None, spei)["charges"]["data"][0]
    shop.advance(100)
    second = charged(shop, late, {"type": "cash"}, reference_id="Pedido-7")
    listed = shop.get("/charges", limit=1)
    assert listed == {
        "next_page_url": f"https://api.example.com/charges?limit=1&next={second['id']}",
        "previous_page_url": None,
        "has_more": True,
        "object": "list",
        "data": [second],
    }
    assert shop.get("/charges", next=second["id"])["data"] == [first]
    assert shop.get("/charges", search="pedido")["data"] == [second]
    assert shop.get("/charges", search=first["order_id"])["data"] == [first]


def test_the_reference_of_a_charge_changes_after_payment_too(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order(None, visa)
    path = f"/charges/{order['charges']['data'][0]['id']}"
    assert shop.put(path, {"reference_id": "pedido-7"})["reference_id"] == "pedido-7"
    (charge,) = shop.get(f"/orders/{order['id']}")["charges"]["data"]
    assert charge == {**order["charges"]["data"][0], "reference_id": "pedido-7"}
    assert shop.refusal("PUT", path, {"amount": 1}) == (422, ["parameter_validation.whitelist"])
    missing = shop.refusal("PUT", "/charges/6a0000000000000000000001", {"reference_id": "x"})
    assert missing == (404, ["resource_not_found.entity"])


def test_a_reference_set_on_a_pending_charge_lets_it_expire_in_time(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, {**spei, "expires_at": NOW + DAY})
    shop.put(f"/charges/{order['charges']['data'][0]['id']}", {"reference_id": "pedido-7"})
    shop.advance(DAY)
    assert shop.status(order["id"]) == "expired"


def test_a_hold_is_captured_whole(shop: Shop, visa: dict[str, str]) -> None:
    order_id = held(shop, visa)
    shop.advance(60)
    order = shop.post(f"/orders/{order_id}/capture")
    (charge,) = order["charges"]["data"]
    assert (order["payment_status"], order["is_refundable"], order["updated_at"]) == ("paid", True, NOW + 60)
    assert (charge["status"], charge["paid_at"], charge["amount"]) == ("paid", NOW + 60, 50000)
    assert shop.get(f"/orders/{order_id}") == order


def test_a_smaller_capture_releases_the_rest(shop: Shop, visa: dict[str, str]) -> None:
    order_id = held(shop, visa)
    order = shop.post(f"/orders/{order_id}/capture", {"amount": 10000})
    (charge,) = order["charges"]["data"]
    assert (order["payment_status"], order["amount"]) == ("paid", 50000)
    assert (charge["amount"], charge["fee"]) == (10000, 742)
    refused = shop.refusal("POST", f"/orders/{order_id}/refunds", {"amount": 10001, "reason": "other"})
    assert refused == (422, ["parameter_validation.amount.invalid"])


def test_a_capture_of_several_holds_takes_the_oldest_first(shop: Shop, visa: dict[str, str]) -> None:
    parts = [{"amount": amount, "payment_method": visa} for amount in (20000, 30000)]
    order_id = shop.order(charges=parts, pre_authorize=True)["id"]
    order = shop.post(f"/orders/{order_id}/capture", {"amount": 20000})
    taken = [(charge["status"], charge["amount"]) for charge in order["charges"]["data"]]
    assert (order["payment_status"], taken) == ("paid", [("paid", 20000), ("voided", 30000)])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"amount": 0}, "amount.invalid"),
        ({"amount": 50001}, "amount.invalid"),
        ({"amount": True}, "amount.invalid_datatype"),
        ({"reason": "x"}, "whitelist"),
    ],
)
def test_a_wrong_capture_takes_nothing(shop: Shop, visa: dict[str, str], body: Any, code: str) -> None:
    order_id = held(shop, visa)
    refused = shop.refusal("POST", f"/orders/{order_id}/capture", body)
    assert refused == (422, [f"parameter_validation.{code}"])
    assert shop.status(order_id) == "pre_authorized"


@pytest.mark.parametrize("route", ["void", "cancel"])
def test_a_hold_is_released_for_good(shop: Shop, visa: dict[str, str], route: str) -> None:
    order_id = held(shop, visa)
    order = shop.post(f"/orders/{order_id}/{route}")
    assert (order["payment_status"], order["charges"]["data"][0]["status"]) == ("voided", "voided")
    for again in ("void", "capture"):
        assert shop.refusal("POST", f"/orders/{order_id}/{again}", {}) == (428, [NOT_HELD])
    assert shop.refusal("POST", f"/orders/{order_id}/cancel", {}) == (428, [HAS_CHARGE])


@pytest.mark.parametrize("route", ["void", "capture"])
def test_only_what_is_held_is_captured_or_released(
    shop: Shop, spei: dict[str, str], visa: dict[str, str], route: str
) -> None:
    refusals = [
        shop.refusal("POST", f"/orders/{shop.order(None, *methods)['id']}/{route}", {})
        for methods in ([], [spei], [visa])
    ]
    assert refusals == [(428, [NOT_HELD]), (428, [NOT_HELD]), (428, [PAID])]
    assert shop.refusal("POST", f"/orders/ord_none/{route}", {}) == (404, ["resource_not_found.entity"])


def test_nobody_charges_captures_or_refunds_the_order_of_another(
    shop: Shop, ledger: Ledger, open_shop: OpenShop, spei: dict[str, str], visa: dict[str, str]
) -> None:
    order = shop.order(None, visa)
    hold, charge_id = held(shop, visa), order["charges"]["data"][0]["id"]
    bare = shop.order()["id"]
    stranger = open_shop(ledger, "key_stranger")
    asked = [
        ("POST", f"/orders/{bare}/charges", {"payment_method": spei}),
        ("POST", f"/orders/{bare}/add_charges", {"payment_method": spei}),
        ("PUT", f"/charges/{charge_id}", {"reference_id": "x"}),
        ("POST", f"/orders/{hold}/capture", {}),
        ("POST", f"/orders/{hold}/void", {}),
        ("POST", f"/orders/{order['id']}/refunds", {"amount": 1, "reason": "other"}),
        ("PUT", f"/orders/{bare}", {"metadata": {}}),
        ("POST", f"/orders/{bare}/tax_lines", {"amount": 1, "description": "IVA"}),
    ]
    answers = [stranger.refusal(*one) for one in asked]
    assert answers == [(404, ["resource_not_found.entity"])] * len(asked)
    assert stranger.get("/charges")["data"] == []
    assert (shop.status(hold), shop.status(order["id"]), shop.status(bare)) == (
        "pre_authorized",
        "paid",
        None,
    )
