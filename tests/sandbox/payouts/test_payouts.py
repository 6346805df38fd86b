"""Payout orders: cash for a person, out of what is available."""

from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.balance.test_balances import DAY, START, amounts, funded
from tests.sandbox.shop import OpenShop, Shop

FAILED = (402, ["processing.payout.general"])
NOW = START + 2 * DAY


def body(customer: str, **fields: Any) -> dict[str, Any]:
    return {
        "amount": 30000,
        "currency": "MXN",
        "reason": "Devolución en efectivo",
        "expires_at": NOW + 2 * DAY,
        "allowed_payout_methods": ["cashout"],
        "customer_info": {"customer_id": customer},
        "payout": {"payout_method": {"type": "cashout"}},
        **fields,
    }


@pytest.fixture
def rich(shop: Shop) -> Shop:
    """Return a shop with 47680 centavos available."""
    return funded(shop)


@pytest.fixture
def ana(rich: Shop) -> str:
    customer: str = rich.customer(custom_reference="A-17")["id"]
    return customer


def test_a_payout_order_holds_its_amount_back(rich: Shop, ana: str) -> None:
    order = rich.post("/payout_orders", body(ana, metadata={"folio": 7}))
    (payout,) = order["payouts"]
    assert order == {
        "amount": 30000,
        "currency": "MXN",
        "expires_at": NOW + 2 * DAY,
        "livemode": False,
        "status": "open",
        "allowed_payout_methods": ["cashout"],
        "created_at": NOW,
        "customer_info": {
            "id": ana,
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "phone": "+5215555555555",
            "corporate": False,
            "customer_custom_reference": "A-17",
            "object": "customer_info",
        },
        "id": order["id"],
        "metadata": {"folio": 7},
        "object": "payout_order",
        "payouts": [
            {
                "amount": 30000,
                "currency": "MXN",
                "expires_at": NOW + 2 * DAY,
                "livemode": False,
                "status": "open",
                "id": payout["id"],
                "object": "payout",
                "payout_order_id": order["id"],
            }
        ],
        "reason": "Devolución en efectivo",
        "updated_at": NOW,
    }
    assert (len(order["id"]), order["id"][14], payout["id"][:7]) == (36, "4", "payout_")
    assert amounts(rich) == (17680, 0, 30000)
    assert rich.get("/balance")["cashout_retention_amount"] == [{"amount": 30000, "currency": "MXN"}]
    assert rich.get(f"/payout_orders/{order['id']}") == order
    assert [row["type"] for row in rich.get("/transactions")["data"]] == ["capture"]


def test_a_paid_one_is_booked(rich: Shop, ana: str) -> None:
    order = rich.post("/payout_orders", body(ana))
    rich.advance(60)
    paid = rich.post(f"/_sandbox/payouts/{order['id']}/pay")
    assert (paid["status"], paid["payouts"][0]["status"], paid["updated_at"]) == (
        "paid_out",
        "paid_out",
        NOW + 60,
    )
    assert amounts(rich) == (17680, 0, 0)
    row = rich.get("/transactions")["data"][0]
    assert (row["type"], row["amount"], row["net"], row["charge"]) == ("payout", -30000, -30000, "")
    assert rich.refusal("POST", f"/_sandbox/payouts/{order['id']}/pay") == FAILED
    assert rich.refusal("PUT", f"/payout_orders/{order['id']}/cancel") == FAILED


def test_a_canceled_one_gives_its_amount_back(rich: Shop, ana: str) -> None:
    order = rich.post("/payout_orders", body(ana))
    canceled = rich.put(f"/payout_orders/{order['id']}/cancel", {})
    assert (canceled["status"], canceled["payouts"][0]["status"]) == ("canceled", "canceled")
    assert amounts(rich) == (47680, 0, 0)
    assert rich.refusal("PUT", f"/payout_orders/{order['id']}/cancel") == FAILED
    assert rich.refusal("POST", f"/_sandbox/payouts/{order['id']}/pay") == FAILED


def test_an_overdue_one_expires_to_the_second(rich: Shop, ana: str) -> None:
    order = rich.post("/payout_orders", body(ana))
    rich.advance(2 * DAY - 1)
    assert rich.get(f"/payout_orders/{order['id']}")["status"] == "open"
    rich.advance(DAY)
    expired = rich.get(f"/payout_orders/{order['id']}")
    assert (expired["status"], expired["updated_at"]) == ("expired", NOW + 2 * DAY)
    assert amounts(rich) == (47680, 0, 0)
    assert rich.refusal("PUT", f"/payout_orders/{order['id']}/cancel") == FAILED


def test_what_is_not_available_cannot_be_paid_out(rich: Shop, ana: str) -> None:
    assert rich.refusal("POST", "/payout_orders", body(ana, amount=47681)) == FAILED
    rich.post("/payout_orders", body(ana, amount=47680))
    assert rich.refusal("POST", "/payout_orders", body(ana, amount=1)) == FAILED
    assert rich.refusal("POST", "/_sandbox/transfers")[0] == 422


def test_every_wrong_field_is_named(rich: Shop, ana: str) -> None:
    wrong = {
        "amount": 0,
        "currency": "USD",
        "expires_at": "soon",
        "allowed_payout_methods": [],
        "payout": {"payout_method": {"type": "bank"}},
        "extra": 1,
    }
    status, codes = rich.refusal("POST", "/payout_orders", body(ana, **wrong))
    assert (status, codes) == (
        422,
        [
            "parameter_validation.amount.invalid",
            "parameter_validation.currency.invalid",
            "parameter_validation.expires_at.invalid_datatype",
            "parameter_validation.allowed_payout_methods.missing",
            "parameter_validation.payout.payout_method.type.invalid",
            "parameter_validation.whitelist",
        ],
    )
    assert rich.refusal("POST", "/payout_orders", body(ana, expires_at=NOW)) == (
        422,
        ["parameter_validation.expires_at.invalid"],
    )
    assert rich.refusal("POST", "/payout_orders", body("cus_none")) == (404, ["resource_not_found.entity"])
    assert rich.get("/payout_orders")["data"] == []


def test_an_unknown_one_is_a_404_to_read_and_a_402_to_end(rich: Shop) -> None:
    assert rich.refusal("GET", "/payout_orders/x") == (404, ["resource_not_found.entity"])
    assert rich.refusal("PUT", "/payout_orders/x/cancel") == FAILED
    assert rich.refusal("POST", "/_sandbox/payouts/x/pay") == FAILED


def test_they_are_listed_and_searched(rich: Shop, ana: str) -> None:
    first = rich.post("/payout_orders", body(ana, amount=1))
    second = rich.post(
        "/payout_orders", body(rich.customer(name="Eva Luna")["id"], amount=2, reason="Premio")
    )
    assert rich.get("/payout_orders")["data"] == [second, first]
    assert rich.get("/payout_orders", search="eva")["data"] == [second]
    assert rich.get("/payout_orders", search="devolución")["data"] == [first]
    page = rich.get("/payout_orders", limit=1)
    assert (page["data"], page["has_more"]) == ([second], True)


def test_another_account_does_not_see_them(ledger: Ledger, open_shop: OpenShop, rich: Shop, ana: str) -> None:
    order, other = rich.post("/payout_orders", body(ana)), open_shop(ledger, "key_other")
    assert other.get("/payout_orders")["data"] == []
    assert other.refusal("GET", f"/payout_orders/{order['id']}") == (404, ["resource_not_found.entity"])


def test_every_end_is_an_event(rich: Shop, ana: str) -> None:
    ids = [rich.post("/payout_orders", body(ana, amount=1))["id"] for _ in range(3)]
    rich.post(f"/_sandbox/payouts/{ids[0]}/pay")
    rich.put(f"/payout_orders/{ids[1]}/cancel", {})
    rich.advance(3 * DAY)
    told = [
        (event["type"], event["data"]["object"]["payout_order_id"], event["data"]["object"]["status"])
        for event in rich.get("/events", limit=6)["data"]
        if event["type"].startswith(("payout.", "cashout."))
    ]
    assert told == [
        ("payout.failed", ids[2], "expired"),
        ("cashout.canceled", ids[1], "canceled"),
        ("payout.paid_out", ids[0], "paid_out"),
        ("payout.created", ids[2], "open"),
        ("payout.created", ids[1], "open"),
        ("payout.created", ids[0], "open"),
    ]
