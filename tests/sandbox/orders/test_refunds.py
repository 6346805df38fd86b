"""Refunds: to cards at once, in cash when they are collected, never more than was paid."""

from typing import Any

import pytest

from tests.sandbox.shop import Shop

DAY = 86_400
NOW = 1_768_564_855
NOT_REFUNDABLE = "processing.refund.order_not_refundable"
NOT_PENDING = "processing.refund.not_pending"


def refund(shop: Shop, order_id: str, amount: int, **fields: Any) -> Any:
    body = {"amount": amount, "reason": "requested_by_client", **fields}
    return shop.post(f"/orders/{order_id}/refunds", body)


def refusal(shop: Shop, order_id: str, amount: int) -> Any:
    return shop.refusal("POST", f"/orders/{order_id}/refunds", {"amount": amount, "reason": "other"})


def refunds_of(order: Any) -> Any:
    return order["charges"]["data"][0].get("refunds", {"data": []})["data"]


def facts(order: Any) -> tuple[str, str, int, bool]:
    return (
        order["payment_status"],
        order["charges"]["data"][0]["status"],
        order["amount_refunded"],
        order["is_refundable"],
    )


@pytest.fixture
def cash_order(shop: Shop) -> str:
    order_id: str = shop.order(None, {"type": "cash"})["id"]
    shop.pay(order_id=order_id)
    return order_id


def test_a_card_is_refunded_at_once_in_parts_and_then_no_more(shop: Shop, visa: dict[str, str]) -> None:
    paid = shop.order(None, visa)
    shop.advance(60)
    first = refund(shop, paid["id"], 20000)
    assert facts(first) == ("partially_refunded", "partially_refunded", 20000, True)
    assert first["charges"]["data"][0]["refunds"] == {
        "object": "list",
        "has_more": False,
        "total": 1,
        "data": [
            {
                "object": "refund",
                "id": refunds_of(first)[0]["id"],
                "amount": -20000,
                "created_at": NOW + 60,
                "reason": "requested_by_client",
                "auth_code": paid["charges"]["data"][0]["payment_method"]["auth_code"],
                "status": "refunded",
            }
        ],
    }
    assert len(refunds_of(first)[0]["id"]) == 24
    assert refusal(shop, paid["id"], 30001) == (422, ["parameter_validation.amount.invalid"])
    last = refund(shop, paid["id"], 30000)
    assert facts(last) == ("refunded", "refunded", 50000, False)
    assert [row["amount"] for row in refunds_of(last)] == [-20000, -30000]
    assert refusal(shop, paid["id"], 1) == (402, [NOT_REFUNDABLE])
    assert shop.get(f"/orders/{paid['id']}") == last


def test_a_refund_to_a_card_cannot_be_cancelled(shop: Shop, visa: dict[str, str]) -> None:
    order = refund(shop, shop.order(None, visa)["id"], 50000)
    path = f"/orders/{order['id']}/refunds/{refunds_of(order)[0]['id']}"
    assert shop.refusal("DELETE", path) == (402, [NOT_PENDING])
    assert shop.get(f"/orders/{order['id']}") == order


@pytest.mark.parametrize("method", ["cash", "spei"])
def test_what_was_not_paid_by_card_waits_to_be_collected(shop: Shop, method: str) -> None:
    order_id = shop.order(None, {"type": method})["id"]
    shop.pay(order_id=order_id)
    order = refund(shop, order_id, 50000)
    (waiting,) = refunds_of(order)
    assert facts(order) == ("refunded", "refunded", 50000, False)
    assert (waiting["status"], waiting["expires_at"], "auth_code" in waiting) == (
        "pending",
        NOW + 2 * DAY,
        False,
    )
    collected = shop.post(f"/_sandbox/refunds/{waiting['id']}/collect")
    assert refunds_of(collected) == [{**waiting, "status": "refunded"}]
    for method_and_path in (
        ("DELETE", f"/orders/{order_id}/refunds/{waiting['id']}"),
        ("POST", f"/_sandbox/refunds/{waiting['id']}/collect"),
    ):
        assert shop.refusal(*method_and_path) == (402, [NOT_PENDING])


def test_a_cancelled_cash_refund_counts_no_more(shop: Shop, cash_order: str) -> None:
    refund(shop, cash_order, 10000)
    second = refunds_of(refund(shop, cash_order, 15000))[1]["id"]
    order = shop.delete(f"/orders/{cash_order}/refunds/{second}")
    assert facts(order) == ("partially_refunded", "partially_refunded", 10000, True)
    assert [row["status"] for row in refunds_of(order)] == ["pending", "canceled"]
    first = refunds_of(order)[0]["id"]
    assert facts(shop.delete(f"/orders/{cash_order}/refunds/{first}")) == ("paid", "paid", 0, True)
    assert shop.refusal("DELETE", f"/orders/{cash_order}/refunds/{first}") == (402, [NOT_PENDING])
    assert facts(refund(shop, cash_order, 50000)) == ("refunded", "refunded", 50000, False)


def test_a_cash_refund_expires_when_nobody_collects_it(shop: Shop, cash_order: str) -> None:
    refund(shop, cash_order, 50000, expires_at=NOW + DAY)
    shop.advance(DAY - 1)
    assert shop.status(cash_order) == "refunded"
    shop.advance(1)
    order = shop.get(f"/orders/{cash_order}")
    assert facts(order) == ("paid", "paid", 0, True)
    assert (refunds_of(order)[0]["status"], order["updated_at"]) == ("expired", NOW + DAY)


def test_refunds_expire_one_by_one(shop: Shop, cash_order: str) -> None:
    refund(shop, cash_order, 20000, expires_at=NOW + DAY)
    refund(shop, cash_order, 10000, expires_at=NOW + 5 * DAY)
    shop.advance(4 * DAY)
    order = shop.get(f"/orders/{cash_order}")
    assert facts(order) == ("partially_refunded", "partially_refunded", 10000, True)
    shop.advance(DAY)
    assert shop.status(cash_order) == "paid"


def test_a_refund_of_several_charges_takes_the_oldest_first(shop: Shop, visa: dict[str, str]) -> None:
    parts = [{"amount": amount, "payment_method": visa} for amount in (20000, 30000)]
    order_id = shop.order(charges=parts)["id"]
    order = refund(shop, order_id, 25000)
    rows = [charge["refunds"]["data"][0]["amount"] for charge in order["charges"]["data"]]
    statuses = [charge["status"] for charge in order["charges"]["data"]]
    assert (order["payment_status"], order["amount_refunded"]) == ("partially_refunded", 25000)
    assert (rows, statuses) == ([-20000, -5000], ["refunded", "partially_refunded"])
    assert refund(shop, order_id, 25000)["payment_status"] == "refunded"


def test_the_paid_part_of_an_expired_order_is_refunded(shop: Shop, visa: dict[str, str]) -> None:
    parts = [
        {"amount": 20000, "payment_method": visa},
        {"amount": 30000, "payment_method": {"type": "spei", "expires_at": NOW + DAY}},
    ]
    order_id = shop.order(charges=parts)["id"]
    assert refusal(shop, order_id, 20000) == (402, [NOT_REFUNDABLE])
    shop.advance(DAY)
    assert refund(shop, order_id, 20000)["payment_status"] == "refunded"


@pytest.mark.parametrize("end", [None, "cancel", "advance"])
@pytest.mark.parametrize("method", [None, {"type": "spei", "expires_at": NOW + DAY}])
def test_what_was_never_paid_is_not_refunded(shop: Shop, method: Any, end: str | None) -> None:
    order_id = shop.order(None, *([method] if method else []))["id"]
    if end == "cancel":
        shop.post(f"/orders/{order_id}/cancel")
    elif end == "advance":
        shop.advance(DAY)
    assert refusal(shop, order_id, 50000) == (402, [NOT_REFUNDABLE])


def test_a_hold_is_released_not_refunded(shop: Shop, visa: dict[str, str]) -> None:
    order_id = shop.order(None, visa, pre_authorize=True)["id"]
    assert refusal(shop, order_id, 50000) == (402, [NOT_REFUNDABLE])


@pytest.mark.parametrize("amount", [20000, 50000])
def test_a_refunded_order_is_not_cancelled_charged_or_changed(
    shop: Shop, visa: dict[str, str], amount: int
) -> None:
    path = f"/orders/{refund(shop, shop.order(None, visa)['id'], amount)['id']}"
    paid = "precondition_required.combo.order.cannot_be_updated_because_has_charge_paid"
    asked: list[tuple[str, str, Any]] = [
        ("POST", f"{path}/cancel", {}),
        ("POST", f"{path}/charges", {"payment_method": visa}),
        ("POST", f"{path}/capture", {}),
        ("PUT", path, {"metadata": {}}),
        ("POST", f"{path}/tax_lines", {"amount": 1, "description": "IVA"}),
    ]
    assert [shop.refusal(*one) for one in asked] == [(428, [paid])] * 5


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "other"}, "amount.missing"),
        ({"amount": 100}, "reason.missing"),
        ({"amount": 0, "reason": "other"}, "amount.invalid"),
        ({"amount": -100, "reason": "other"}, "amount.invalid"),
        ({"amount": "100.50", "reason": "other"}, "amount.invalid_datatype"),
        ({"amount": 50001, "reason": "other"}, "amount.invalid"),
        ({"amount": 100, "reason": "other", "expires_at": NOW}, "expires_at.invalid"),
        ({"amount": 100, "reason": "other", "charge_id": "x"}, "whitelist"),
    ],
)
def test_a_wrong_refund_gives_nothing_back(shop: Shop, visa: dict[str, str], body: Any, code: str) -> None:
    order = shop.order(None, visa)
    refused = shop.refusal("POST", f"/orders/{order['id']}/refunds", body)
    assert refused == (422, [f"parameter_validation.{code}"])
    assert shop.get(f"/orders/{order['id']}") == order


def test_an_unknown_refund_is_not_found(shop: Shop, cash_order: str) -> None:
    unknown = "6a0000000000000000000001"
    waiting = refunds_of(refund(shop, cash_order, 100))[0]["id"]
    other = shop.order()["id"]
    for method, path in (
        ("DELETE", f"/orders/{cash_order}/refunds/{unknown}"),
        ("DELETE", f"/orders/{other}/refunds/{waiting}"),
        ("POST", f"/_sandbox/refunds/{unknown}/collect"),
    ):
        assert shop.refusal(method, path) == (404, ["resource_not_found.entity"])


def test_refusals_are_told_in_both_languages(shop: Shop, visa: dict[str, str]) -> None:
    order_id = shop.order(None, visa)["id"]
    body = {"amount": 60000, "reason": "other"}
    told = [
        shop.http.post(
            f"/orders/{order_id}/refunds", json=body, headers={"Accept-Language": language}
        ).json()["details"][0]["message"]
        for language in ("es", "en")
    ]
    assert told == [
        "El monto no puede ser mayor a lo que queda por reembolsar (50000).",
        "The amount cannot be more than what remains to be refunded (50000).",
    ]
