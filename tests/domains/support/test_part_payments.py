"""What is said of an order whose own amount is neither what was paid nor what is due."""

from typing import Any

import pytest

from conekta_mcp.domains.orders.results import Order
from conekta_mcp.results.times import use_times
from conekta_mcp.settings.timezone import MEXICO_CITY
from tests.domains.support.asking import DAY, VISA, Desk

CASH, SPEI = {"type": "cash"}, {"type": "spei"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def split_order(desk: Desk, *charges: dict[str, Any], customer_id: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = desk.shop.order(customer_id, charges=list(charges))
    return made


def card_part(amount: int) -> dict[str, Any]:
    return {"payment_method": VISA, "amount": amount}


def cash_part(amount: int) -> dict[str, Any]:
    return {"payment_method": CASH, "amount": amount}


def test_of_two_charges_the_one_that_waits_is_asked_for_and_not_the_whole_order(desk: Desk) -> None:
    customer = desk.shop.customer()["id"]
    order = split_order(desk, card_part(30050), cash_part(19950), customer_id=customer)
    answer = desk.ask("explain_payment", id=order["id"])
    assert answer["now"] == (
        "A part is missing: it waits for exactly MXN 199.50 by cash until 15 Feb 2026, 18:00 (Mexico City). "
        "MXN 300.50 were paid before by card, on 16 Jan 2026, 06:00 (Mexico City)."
    )
    assert answer["order"]["paid_amount"] == 30050
    assert desk.ask("get_customer_profile", customer_id=customer)["owed"][0]["amount"] == 19950
    assert desk.ask("summarize_sales", from_day="today")["pending"][0]["amount"] == 19950
    desk.shop.pay(order_id=order["id"])
    assert desk.ask("explain_payment", id=order["id"])["now"] == (
        "It is paid: MXN 500.00 by card and cash, on 16 Jan 2026, 06:00 (Mexico City)."
    )


def test_two_charges_that_wait_are_both_told(desk: Desk) -> None:
    order = split_order(desk, cash_part(20000), {"payment_method": SPEI, "amount": 30000})
    now = desk.ask("explain_payment", id=order["id"])["now"]
    assert "exactly MXN 200.00 by cash until" in now
    assert "exactly MXN 300.00 by SPEI until" in now
    assert "MXN 500.00" not in now


def test_of_a_hold_that_was_captured_in_part_only_that_part_is_paid_and_can_go_back(desk: Desk) -> None:
    order = desk.shop.order(None, VISA, pre_authorize=True)["id"]
    desk.shop.post(f"/orders/{order}/capture", {"amount": 30000})
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"] == (
        "It is paid: MXN 300.00 by card, on 16 Jan 2026, 06:00 (Mexico City). "
        "The order's own amount is MXN 500.00."
    )
    assert answer["order"]["paid_amount"] == 30000
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 10000, "reason": "requested_by_client"})
    assert desk.ask("explain_payment", id=order)["now"].startswith(
        "MXN 300.00 was paid and MXN 100.00 given back."
    )


def test_a_chargeback_after_a_refund_takes_the_rest_only(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 20000, "reason": "requested_by_client"})
    desk.shop.post("/_sandbox/chargebacks", {"order_id": order, "reason": "fraudulent"})
    now = desk.ask("explain_payment", id=order)["now"]
    assert "of which MXN 200.00 had gone back before; Conekta took the rest, MXN 300.00." in now
    (sums,) = desk.ask("summarize_sales", from_day="today")["totals"]
    assert (sums["refunds"], sums["chargebacks"]) == (20000, 30000)


def test_the_verdict_of_a_chargeback_is_not_dated_to_the_day_it_was_opened(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.advance(3600)
    made = desk.shop.post("/_sandbox/chargebacks", {"order_id": order, "reason": "fraudulent"})
    desk.shop.advance(3600)
    desk.shop.post(f"/_sandbox/chargebacks/{made['id']}/resolve", {"status": "lost"})
    opened, verdict = desk.ask("explain_payment", id=order)["story"][-2:]
    assert (opened["what"], opened["happened_at"]) == (
        "The cardholder disputed the charge: they do not recognise the charge.",
        made["created_at"],
    )
    assert verdict == {"what": "Chargeback lost: the cardholder has the money."}


def list_steps(answer: dict[str, Any]) -> list[str]:
    return [one["tool"] for one in answer.get("next_steps", [])]


def test_a_link_that_reached_its_limit_says_so_and_is_not_waited_for(desk: Desk) -> None:
    template = {"currency": "MXN", "line_items": [{"name": "Curso", "unit_price": 70050, "quantity": 1}]}
    asked = {
        "name": "Curso",
        "type": "PaymentLink",
        "recurrent": True,
        "payments_limit_count": 2,
        "expires_at": desk.now + 86_400,
        "allowed_payment_methods": ["card", "cash"],
        "order_template": template,
    }
    link = desk.shop.post("/checkouts", asked)["id"]
    paid = {"method": "card", "token_id": "tok_test_visa_4242"}
    desk.shop.post(f"/_sandbox/checkouts/{link}/payments", paid)
    assert "wait_for_payment" in list_steps(desk.ask("explain_payment", id=link))
    desk.shop.post(f"/_sandbox/checkouts/{link}/payments", paid)
    answer = desk.ask("explain_payment", id=link)
    assert answer["now"] == "It was paid 2 times. It reached its limit: nobody else can pay."
    assert list_steps(answer) == ["create_payment_link"]
    del asked["payments_limit_count"]
    once = desk.shop.post("/checkouts", {**asked, "recurrent": False})["id"]
    desk.shop.post(f"/_sandbox/checkouts/{once}/payments", paid)
    answer = desk.ask("explain_payment", id=once)
    assert list_steps(answer) == ["refund_order", "create_payment_link"]
    order = answer["orders"][0]["id"]
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 70050, "reason": "requested_by_client"})
    assert "MXN 700.50 was paid and MXN 700.50 given back." in desk.ask("explain_payment", id=once)["now"]


def test_an_order_of_a_link_that_waits_for_cash_is_told_with_the_link(desk: Desk) -> None:
    template = {"currency": "MXN", "line_items": [{"name": "Curso", "unit_price": 70050, "quantity": 1}]}
    asked = {
        "name": "Curso",
        "type": "PaymentLink",
        "recurrent": False,
        "expires_at": desk.now + 86_400,
        "allowed_payment_methods": ["cash"],
        "order_template": template,
    }
    link = desk.shop.post("/checkouts", asked)["id"]
    desk.shop.post(f"/_sandbox/checkouts/{link}/payments", {"method": "cash"})
    desk.shop.advance(2 * 86_400)
    answer = desk.ask("explain_payment", id=link)
    now = answer["now"]
    # The link is over and its cash reference is not: only a cancelled order takes no payment any more.
    assert list_steps(answer) == ["wait_for_payment", "cancel_order", "create_payment_link"]
    assert "nobody else can use it" in now
    assert "it waits for exactly MXN 700.50 by cash until 15 Feb 2026" in now


def test_a_subscription_whose_card_was_deleted_is_told_before_its_bill_fails(desk: Desk) -> None:
    plan = {"id": "mensual", "name": "Plan mensual", "amount": 19950, "currency": "MXN", "interval": "month"}
    desk.shop.post("/plans", {**plan, "frequency": 1})
    card = {"type": "card", "token_id": "tok_test_visa_4242"}
    customer = desk.shop.customer(payment_sources=[card])
    desk.shop.post(f"/customers/{customer['id']}/subscriptions", {"plan_id": "mensual"})
    source = customer["payment_sources"]["data"][0]["id"]
    desk.shop.delete(f"/customers/{customer['id']}/payment_sources/{source}")
    (checked,) = desk.ask("check_subscription", customer_id=customer["id"])["subscriptions"]
    assert checked["now"].endswith(
        "Its card is not saved any more: that bill will fail unless it is given another."
    )
    assert "add_card_source" in list_steps(checked)
    desk.shop.advance(32 * 86_400)
    (checked,) = desk.ask("check_subscription", customer_id=customer["id"])["subscriptions"]
    assert "but the card is not saved any more" in checked["now"]
    assert "retry_subscription" not in list_steps(checked)


def test_the_answer_of_a_write_says_what_of_an_order_was_charged(desk: Desk) -> None:
    held = desk.shop.order(None, VISA, pre_authorize=True)
    captured = desk.shop.post(f"/orders/{held['id']}/capture", {"amount": 30000})
    split = split_order(desk, card_part(30050), cash_part(19950))
    whole = desk.shop.order(None, VISA)
    with use_times(MEXICO_CITY, "en"):
        told = [Order.curate(one).get("status_text") for one in (held, captured, split, whole)]
    assert told == [
        "Held on the card and not charged yet: it has to be captured or released",
        "MXN 300.00 of MXN 500.00 was charged; MXN 200.00 was not",
        "Paid: MXN 300.50 of MXN 500.00; MXN 199.50 is missing",
        None,
    ]


def test_of_a_chargeback_under_review_the_evidence_that_was_sent_is_named(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)["id"]
    dispute = desk.shop.post("/_sandbox/chargebacks", {"order_id": order, "reason": "fraudulent"})
    ids = {"charge_id": dispute["charge_id"], "chargeback_id": dispute["id"]}
    files = {"order_details": ("note.pdf", b"%PDF-1.4 note", "application/pdf")}
    path = f"/charges/{dispute['charge_id']}/chargebacks/{dispute['id']}/files/batch"
    assert desk.shop.http.post(path, files=files).status_code == 200
    for _ in ("it waits for review", "the bank reviews it"):
        (step,) = desk.ask("explain_payment", id=order)["next_steps"]
        assert (step["tool"], step["arguments"]) == ("list_chargeback_evidence", ids)
        desk.shop.advance(DAY)
    desk.closed = frozenset({"list_chargeback_evidence"})
    assert "next_steps" not in desk.ask("explain_payment", id=order)
