"""Payment links: made, sent, ended by time or by hand, and the checkouts of orders."""

import re
from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.conftest import START
from tests.sandbox.shop import OpenShop, Shop

LINES = [{"name": "Anticipo", "unit_price": 50000, "quantity": 1}]
DAY = 86_400
MIDNIGHT = 1_768_543_200  # 2026-01-16 00:00 in Mexico City, UTC-6


def body(**fields: Any) -> dict[str, Any]:
    link = {
        "name": "Anticipo",
        "type": "PaymentLink",
        "recurrent": False,
        "expires_at": START + DAY,
        "order_template": {"currency": "MXN", "line_items": LINES},
    }
    return {**link, **fields}


def link(shop: Shop, **fields: Any) -> Any:
    return shop.post("/checkouts", body(**fields))


def test_a_link_is_what_conekta_answers(shop: Shop) -> None:
    made = link(shop, success_url="https://shop.example.com/ok", redirection_time=5)
    assert re.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made["id"])
    slug = made["id"].replace("-", "")
    assert made == {
        "allowed_payment_methods": ["card", "cash", "bank_transfer", "bnpl", "pay_by_bank"],
        "can_not_expire": False,
        "emails_sent": 0,
        "exclude_card_networks": [],
        "expires_at": START + DAY,
        "failure_url": "",
        "force_3ds_flow": False,
        "id": made["id"],
        "livemode": False,
        "metadata": {},
        "monthly_installments_enabled": False,
        "monthly_installments_options": [],
        "name": "Anticipo",
        "needs_shipping_contact": False,
        "object": "checkout",
        "paid_payments_count": 0,
        "payments_limit_count": None,
        "recurrent": False,
        "slug": slug,
        "sms_sent": 0,
        "starts_at": MIDNIGHT,
        "status": "Issued",
        "success_url": "https://shop.example.com/ok",
        "type": "PaymentLink",
        "url": f"https://pay.example.com/link/{slug}",
        "redirection_time": 5,
    }
    assert shop.get(f"/checkouts/{made['id']}") == made


def test_links_are_listed_newest_first_and_found_by_name(shop: Shop) -> None:
    first, second = link(shop), link(shop, name="Saldo")
    listed = shop.get("/checkouts", limit=1)
    assert ([row["id"] for row in listed["data"]], listed["has_more"], listed["total"]) == (
        [second["id"]],
        True,
        1,
    )
    assert listed["next_page_url"] == f"https://api.example.com/checkouts?limit=1&next={second['id']}"
    assert shop.get("/checkouts", search="anti")["data"] == [first]
    assert shop.get("/checkouts", search=second["slug"])["data"] == [second]


def test_excluded_methods_are_taken_from_all_of_them(shop: Shop) -> None:
    made = link(shop, excluded_payment_methods=["bnpl", "pay_by_bank"])
    assert made["allowed_payment_methods"] == ["card", "cash", "bank_transfer"]
    assert made["excluded_payment_methods"] == ["bnpl", "pay_by_bank"]
    assert link(shop, plan_ids=["gold-plan"])["allowed_payment_methods"] == ["card"]


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"name": 7}, ["name.invalid_datatype"]),
        ({"type": "HostedPayment"}, ["type.invalid"]),
        ({"recurrent": "true"}, ["recurrent.invalid_datatype"]),
        ({"expires_at": START + 299}, ["expires_at.invalid"]),
        ({"expires_at": START + 365 * DAY + 1}, ["expires_at.invalid"]),
        ({"payments_limit_count": 0}, ["payments_limit_count.invalid"]),
        ({"redirection_time": 0}, ["redirection_time.invalid"]),
        ({"three_ds_mode": None}, ["three_ds_mode.invalid_datatype"]),
        ({"success_url": "shop"}, ["success_url.invalid"]),
        ({"monthly_installments_options": [5]}, ["monthly_installments_options.invalid"]),
        ({"allowed_payment_methods": ["spei"]}, ["allowed_payment_methods.invalid"]),
        (
            {"allowed_payment_methods": ["card"], "excluded_payment_methods": ["cash"]},
            ["excluded_payment_methods.invalid"],
        ),
        ({"plan_ids": ["oro"], "allowed_payment_methods": ["cash"]}, ["allowed_payment_methods.invalid"]),
        ({"order_template": {}}, ["order_template.currency.missing", "order_template.line_items.missing"]),
        (
            {"order_template": {"currency": "MXN", "line_items": LINES, "customer_info": {"name": "Ana"}}},
            ["order_template.customer_info.email.missing", "order_template.customer_info.phone.missing"],
        ),
        (
            {
                "order_template": {
                    "currency": "MXN",
                    "line_items": LINES,
                    "customer_info": {"customer_id": "cus_none"},
                }
            },
            ["order_template.customer_info.customer_id.invalid"],
        ),
        ({"colour": "red"}, ["whitelist"]),
    ],
)
def test_a_wrong_link_is_refused(shop: Shop, fields: dict[str, Any], codes: list[str]) -> None:
    refused = shop.refusal("POST", "/checkouts", body(**fields))
    assert refused == (422, [f"parameter_validation.{code}" for code in codes])
    assert shop.get("/checkouts")["data"] == []


def test_what_is_required_of_a_link_is_named_at_once(shop: Shop) -> None:
    missing = ("name", "type", "recurrent", "expires_at", "order_template")
    assert shop.refusal("POST", "/checkouts", {}) == (
        422,
        [f"parameter_validation.{name}.missing" for name in missing],
    )
    assert shop.http.post("/checkouts", json=[]).status_code == 400


def test_a_link_is_sent_by_mail_and_text_and_counts_both(shop: Shop) -> None:
    path = f"/checkouts/{link(shop)['id']}"
    shop.post(f"{path}/email", {"email": "ana@example.com"})
    sent = shop.post(f"{path}/email", {"email": "ana@example.com"})
    assert (sent["emails_sent"], sent["sms_sent"]) == (2, 0)
    assert shop.post(f"{path}/sms", {"phonenumber": "5512345678"})["sms_sent"] == 1
    assert shop.get(path)["emails_sent"] == 2
    assert shop.refusal("POST", f"{path}/email", {"email": "ana"})[1] == [
        "parameter_validation.email.invalid"
    ]
    assert shop.refusal("POST", f"{path}/sms", {})[1] == ["parameter_validation.phonenumber.missing"]


@pytest.mark.parametrize("status", ["Expired", "Cancelled"])
def test_an_ended_link_stays_ended(shop: Shop, status: str) -> None:
    path = f"/checkouts/{link(shop)['id']}"
    if status == "Cancelled":
        assert shop.put(f"{path}/cancel", {})["status"] == "Cancelled"
    shop.advance(DAY - 1)
    assert shop.get(path)["status"] == ("Cancelled" if status == "Cancelled" else "Issued")
    shop.advance(1)
    assert shop.get(path)["status"] == status
    refused = [
        shop.refusal("PUT", f"{path}/cancel"),
        shop.refusal("POST", f"{path}/email", {"email": "ana@example.com"}),
        shop.refusal("POST", f"{path}/sms", {"phonenumber": "5512345678"}),
        shop.refusal("POST", f"/_sandbox{path}/payments", {"method": "card"}),
    ]
    assert refused == [(422, ["parameter_validation.checkout.status.invalid"])] * 4


def test_another_accounts_link_does_not_exist(shop: Shop, ledger: Ledger, open_shop: OpenShop) -> None:
    path = f"/checkouts/{link(shop)['id']}"
    other = open_shop(ledger, "key_other")
    requests = [
        ("GET", path, None),
        ("PUT", f"{path}/cancel", {}),
        ("POST", f"{path}/email", {"email": "ana@example.com"}),
        ("POST", f"/_sandbox{path}/payments", {"method": "card"}),
    ]
    assert [other.refusal(*request) for request in requests] == [(404, ["resource_not_found.entity"])] * 4
    assert other.get("/checkouts")["data"] == []
    assert shop.get(path)["status"] == "Issued"


def test_an_orders_checkout_has_three_days_and_a_name_of_its_own(shop: Shop) -> None:
    made = shop.order(checkout={})["checkout"]
    assert (made["type"], made["name"][:4], "url" in made) == ("Integration", "ord-", False)
    assert (made["starts_at"], made["expires_at"]) == (MIDNIGHT, MIDNIGHT + 3 * DAY - 1)
    assert shop.get(f"/checkouts/{made['id']}") == made
    assert shop.get("/checkouts")["data"] == []


def test_a_hosted_checkout_has_a_page_and_can_be_tried_again_after_a_decline(shop: Shop) -> None:
    asked = {"type": "HostedPayment", "max_failed_retries": 3, "force_save_card": True}
    order = shop.order(shop.customer()["id"], checkout=asked)
    made = order["checkout"]
    assert made["url"] == f"https://pay.example.com/checkout/{made['slug']}"
    assert (made["max_failed_retries"], made["force_save_card"]) == (3, True)
    pay = f"/_sandbox/checkouts/{made['id']}/payments"
    refused = shop.http.post(pay, json={"method": "card", "token_id": "tok_test_card_declined"})
    assert (refused.status_code, refused.json()["data"]["id"]) == (402, order["id"])
    assert shop.get(f"/checkouts/{made['id']}")["paid_payments_count"] == 0
    paid = shop.post(pay, {"method": "card"})
    assert (paid["id"], paid["payment_status"], len(paid["charges"]["data"])) == (order["id"], "paid", 2)
    assert shop.get(f"/checkouts/{made['id']}")["paid_payments_count"] == 1


def test_an_orders_checkout_is_paid_once(shop: Shop) -> None:
    order = shop.order(checkout={})
    pay = f"/_sandbox/checkouts/{order['checkout']['id']}/payments"
    paid = shop.post(pay, {"method": "card"})
    assert (paid["id"], paid["payment_status"], len(paid["charges"]["data"])) == (order["id"], "paid", 1)
    assert paid["channel"]["checkout_request_id"] == order["checkout"]["id"]
    assert shop.get(f"/checkouts/{order['checkout']['id']}")["paid_payments_count"] == 1
    assert shop.refusal("POST", pay, {"method": "card"})[0] == 422


def test_a_checkout_does_not_charge_an_order_that_is_charged_already(shop: Shop) -> None:
    made = shop.order(None, {"type": "spei"}, checkout={})["checkout"]
    refused = shop.refusal("POST", f"/_sandbox/checkouts/{made['id']}/payments", {"method": "card"})
    assert refused == (428, ["precondition_required.combo.order.cannot_be_updated_because_has_charge"])


def test_an_orders_checkout_may_not_end_at_once(shop: Shop) -> None:
    body = shop.order_body(checkout={"expires_at": START + 299})
    assert shop.refusal("POST", "/orders", body) == (
        422,
        ["parameter_validation.checkout.expires_at.invalid"],
    )


def test_the_rule_of_an_orders_checkout_names_what_is_wrong() -> None:
    from conekta_mcp.sandbox.request_bodies.checkout_bodies import validate_order_checkout

    wrong = {"type": "PaymentLink", "allowed_payment_methods": ["apple"], "excluded_payment_methods": []}
    assert [detail.code for detail in validate_order_checkout(wrong, "checkout")] == [
        "parameter_validation.checkout.type.invalid",
        "parameter_validation.checkout.excluded_payment_methods.invalid",
    ]
    assert [detail.code for detail in validate_order_checkout([], "checkout")] == [
        "parameter_validation.checkout.invalid_datatype"
    ]
