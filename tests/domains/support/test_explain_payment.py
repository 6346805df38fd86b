"""explain_payment: the story in order, what is true now, why it failed, and what can be done here."""

from typing import Any

import pytest

from conekta_mcp.domains.support.explaining.state import describe_now
from conekta_mcp.errors import RequestRefused
from conekta_mcp.results.times import use_times
from conekta_mcp.settings.timezone import MEXICO_CITY
from tests.domains.support.asking import DAY, VISA, Desk
from tests.domains.support.test_find_payment import PEOPLE, place_order
from tests.domains.support.test_wait_for_payment import link

SPEI, CASH = {"type": "spei"}, {"type": "cash"}
DECLINED = {"type": "card", "token_id": "tok_test_insufficient_funds"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def decline(desk: Desk) -> dict[str, Any]:
    body = desk.shop.order_body(None, DECLINED)
    order: dict[str, Any] = desk.shop.http.post("/orders", json=body).json()["data"]
    return order


def read_story(answer: dict[str, Any]) -> list[str]:
    moments = [one.get("happened_at") or 0 for one in answer["story"]]
    assert moments == sorted(moments)
    return [one["what"] for one in answer["story"]]


def test_a_paid_order(desk: Desk) -> None:
    order = desk.shop.order(None, SPEI)["id"]
    desk.shop.advance(3600)
    desk.shop.pay(order_id=order)
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"] == "It is paid: MXN 500.00 by SPEI, on 16 Jan 2026, 07:00 (Mexico City)."
    assert read_story(answer) == [
        "The order was created, MXN 500.00.",
        "Charge of MXN 500.00 by SPEI.",
        "MXN 500.00 was paid.",
    ]
    assert [one["tool"] for one in answer["next_steps"]] == ["refund_order"]
    assert "failure" not in answer


def test_what_the_shop_noted_is_shown_of_an_order_and_without_marks_of_this_server(desk: Desk) -> None:
    body = {**desk.shop.order_body(None, CASH), "metadata": {"pedido": "A-17", "mesa": 4}}
    order = desk.shop.http.post("/orders", json=body).json()
    answer = desk.ask("explain_payment", id=order["id"])
    assert answer["order"]["metadata"] == {"pedido": "A-17", "mesa": 4}
    # Of many candidates it would be too much.
    found = desk.ask("find_payment", id=order["id"])
    assert "metadata" not in found["payments"][0]


def test_a_wrong_transfer_is_in_the_story(desk: Desk) -> None:
    order = desk.shop.order(None, SPEI)["id"]
    desk.shop.pay(order_id=order, amount=40000)
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"] == (
        "The payment has not arrived: it waits for exactly MXN 500.00 by SPEI until "
        "16 Apr 2026, 06:00 (Mexico City). What came was not the exact amount and was returned."
    )
    assert read_story(answer)[-1] == (
        "A transfer of MXN 400.00 came, which is not the exact amount: it was returned."
    )


def test_a_declined_card_says_why_and_what_to_tell(desk: Desk) -> None:
    order = decline(desk)
    answer = desk.ask("explain_payment", id=order["id"])
    assert answer["now"] == "It is not paid: the last attempt of MXN 500.00 was declined."
    assert answer["failure"]["failure_code"] == "insufficient_funds"
    assert answer["failure"]["who_can_act"] == "cardholder"
    assert answer["failure"]["tell_customer"].startswith("Your card has not enough funds")
    assert [one["tool"] for one in answer["next_steps"]] == ["create_charge", "create_payment_link"]


def test_an_attempt_that_was_paid_after_a_decline_is_no_failure(desk: Desk) -> None:
    order = decline(desk)
    desk.shop.post(f"/orders/{order['id']}/charges", {"payment_method": VISA})
    answer = desk.ask("explain_payment", id=order["id"])
    assert "failure" not in answer
    assert len(answer["story"]) == 4


@pytest.mark.parametrize(
    ("end", "now"),
    [
        (lambda shop, order: shop.post(f"/orders/{order}/cancel"), "It was cancelled and cannot be paid."),
        (lambda shop, _: shop.advance(91 * DAY), "It expired unpaid and cannot be paid any more."),
    ],
)
def test_what_can_no_longer_be_paid(desk: Desk, end: Any, now: str) -> None:
    order = desk.shop.order(None, SPEI)["id"]
    end(desk.shop, order)
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"] == now
    assert [one["tool"] for one in answer["next_steps"]] == ["create_order", "create_payment_link"]


def test_a_cash_refund_that_nobody_has_collected_yet(desk: Desk) -> None:
    order = desk.shop.order(None, CASH)["id"]
    desk.shop.pay(order_id=order)
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 20000, "reason": "requested_by_client"})
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"].startswith(
        "MXN 500.00 was paid; nothing went back yet. A refund of MXN 200.00 is not collected yet"
    )
    assert read_story(answer)[-1].startswith(
        "Refund of MXN 200.00: waits for the customer to collect it until "
    )
    tools = [one["tool"] for one in answer["next_steps"]]
    assert tools[-1] == "cancel_refund"
    assert answer["next_steps"][-1]["arguments"].keys() == {"order_id", "refund_id"}
    # Nothing went back, and what was asked for cannot be given back again.
    assert "amount_refunded" not in answer["order"]
    assert answer["next_steps"][0]["does"] == "Give back what is left, MXN 300.00, or a part"


def test_a_hold_that_was_released_can_only_be_followed_by_a_new_order(desk: Desk) -> None:
    order = desk.shop.order(None, VISA, pre_authorize=True)["id"]
    desk.shop.post(f"/orders/{order}/cancel")
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"] == "What was held was released; nothing was charged."
    assert [one["tool"] for one in answer["next_steps"]] == ["create_order", "create_payment_link"]


def test_a_card_refund_says_how_long_the_bank_takes(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.post(f"/orders/{order}/refunds", {"amount": 50000, "reason": "requested_by_client"})
    assert desk.ask("explain_payment", id=order)["now"] == (
        "MXN 500.00 was paid and MXN 500.00 given back. The bank takes 5 to 10 business days to credit it, "
        "counted from 16 Jan 2026, 06:00 (Mexico City)."
    )


def test_a_chargeback_says_what_is_needed_until_when(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.post("/_sandbox/chargebacks", {"order_id": order})
    answer = desk.ask("explain_payment", id=order)
    assert answer["now"].startswith(
        "The cardholder disputed MXN 500.00 and Conekta took the money. "
        "Reason: they do not recognise the charge. Evidence is needed by "
    )
    tools = ["list_chargeback_evidence_types", "submit_chargeback_evidence"]
    assert [one["tool"] for one in answer["next_steps"]] == tools
    assert answer["next_steps"][0]["arguments"] == answer["next_steps"][1]["arguments"]
    assert answer["required_evidence"] == ["order_details"]
    assert "order_details" not in answer["optional_evidence"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("product_not_received", "they did not receive what they bought"),
        ("duplicate", "they were charged twice"),
        ("subscription_canceled", "they had cancelled the subscription or service"),
        ("chip_liabiliaty_shift", "Conekta says chip_liabiliaty_shift"),
    ],
)
def test_a_chargeback_says_why_the_cardholder_disputes(desk: Desk, reason: str, told: str) -> None:
    order = desk.shop.order(None, VISA)["id"]
    desk.shop.post("/_sandbox/chargebacks", {"order_id": order, "reason": reason})
    answer = desk.ask("explain_payment", id=order)
    assert f" Reason: {told}. Evidence is needed by " in answer["now"]
    assert read_story(answer)[-1].startswith(f"The cardholder disputed the charge: {told}. Evidence ")
    assert "recognise" not in answer["now"]


def test_what_is_asked_of_a_card_payment_is_in_the_answer(desk: Desk) -> None:
    months: dict[str, Any] = {**VISA, "monthly_installments": 6}
    order = place_order(desk, PEOPLE[0], months, 120000, "Televisión")
    answer = desk.ask("explain_payment", id=order["id"])
    assert read_story(answer)[1] == "Charge of MXN 1,200.00 by card ending in 4242 in 6 monthly payments."
    assert answer["order"]["monthly_installments"] == 6
    (movement,) = desk.shop.get("/transactions")["data"]
    assert answer["order"]["fee"] == movement["fee"]
    assert answer["order"]["fee_text"] == f"MXN {movement['fee'] / 100:,.2f}"
    unpaid = desk.ask("explain_payment", id=decline(desk)["id"])["order"]
    assert "fee" not in unpaid


def test_a_declined_order_that_conekta_calls_pending_waits_for_no_payment() -> None:
    charge = {
        "status": "declined", "amount": 30000, "currency": "MXN", "failure_code": "card_declined",
        "payment_method": {"type": "card"},
    }  # fmt: skip
    order = {"payment_status": "pending_payment", "amount": 50000, "currency": "MXN", "charges": [charge]}
    with use_times(MEXICO_CITY, "en"):
        assert describe_now(order) == "It is not paid: the last attempt of MXN 300.00 was declined."
        held = {**order, "payment_status": "under_fraud_review"}
        assert describe_now(held).startswith("Conekta reviews the payment for possible fraud")


def test_a_held_amount_is_not_called_paid(desk: Desk) -> None:
    order = desk.shop.order(None, VISA, pre_authorize=True)["id"]
    answer = desk.ask("explain_payment", id=order)
    assert read_story(answer)[-1] == "MXN 500.00 by card ending in 4242 were held, and not charged."
    assert answer["now"] == "MXN 500.00 are held on the card; they are not charged yet."
    assert [one["tool"] for one in answer["next_steps"]] == ["capture_order", "cancel_order"]


def test_an_order_without_a_charge(desk: Desk) -> None:
    answer = desk.ask("explain_payment", id=desk.shop.order()["id"])
    assert answer["now"] == "Nobody has tried to pay: MXN 500.00 without a charge."


def test_a_charge_is_explained_by_its_order(desk: Desk) -> None:
    order = desk.shop.order(None, VISA)
    by_charge = desk.ask("explain_payment", id=order["charges"]["data"][0]["id"])
    assert by_charge == desk.ask("explain_payment", id=order["id"])


def test_a_charge_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(RequestRefused, match="There is no charge 6a0000000000000000000001"):
        desk.ask("explain_payment", id="6a0000000000000000000001")


def test_a_link_with_its_payments(desk: Desk) -> None:
    one = link(desk)
    assert desk.ask("explain_payment", id=one)["now"].startswith("It was not paid. It can be paid until ")
    desk.shop.post(f"/_sandbox/checkouts/{one}/payments", {"method": "card"})
    answer = desk.ask("explain_payment", id=one)
    assert answer["now"] == (
        "It was paid once. It was for one payment. "
        "It is paid: MXN 500.00 by card, on 16 Jan 2026, 06:00 (Mexico City)."
    )
    assert [order["payment_status"] for order in answer["orders"]] == ["paid"]
    assert read_story(answer)[-1] == "MXN 500.00 was paid."


def test_only_tools_that_are_open_here_are_proposed() -> None:
    desk = Desk(closed=frozenset({"create_charge"}))
    answer = desk.ask("explain_payment", id=decline(desk)["id"])
    assert [one["tool"] for one in answer["next_steps"]] == ["create_payment_link"]


def test_the_story_is_told_in_spanish_too() -> None:
    desk = Desk(language="es")
    answer = desk.ask("explain_payment", id=decline(desk)["id"])
    assert answer["now"] == "No está pagada: el último intento de MXN 500.00 fue rechazado."
    assert answer["failure"]["cause"] == "La tarjeta no tiene saldo o crédito suficiente."
    assert answer["story"][0]["happened_at_text"] == "16 ene 2026, 06:00 (Ciudad de México)"
