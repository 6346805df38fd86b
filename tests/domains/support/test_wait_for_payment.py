"""wait_for_payment: answers at the moment a payment ends, asks seldom, and never claims what is not."""

from typing import Any

import anyio
import pytest

from conekta_mcp.domains.support.explaining.waiting import MAX_READS
from tests.domains.support.asking import DAY, VISA, Desk

SPEI = {"type": "spei"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def link(desk: Desk, **more: Any) -> str:
    body = {
        "name": "Curso",
        "type": "PaymentLink",
        "recurrent": False,
        "expires_at": desk.now + 5 * DAY,
        "order_template": {
            "currency": "MXN",
            "line_items": [{"name": "Curso", "unit_price": 50000, "quantity": 1}],
        },
    }
    return str(desk.shop.post("/checkouts", {**body, **more})["id"])


def test_what_is_paid_already_is_answered_at_once(desk: Desk) -> None:
    answer = desk.ask("wait_for_payment", id=desk.shop.order(None, VISA)["id"])
    assert (answer["outcome"], answer["reads"], desk.waits) == ("paid", 1, [])


def test_a_payment_that_comes_is_answered_when_it_comes(desk: Desk) -> None:
    order = desk.shop.order(None, SPEI)
    desk.meanwhile = lambda _: desk.shop.pay(order_id=order["id"]) if len(desk.waits) == 3 else None
    answer = desk.ask("wait_for_payment", id=order["id"], minutes=2)
    assert (answer["outcome"], answer["reads"], desk.waits) == ("paid", 4, [2.0, 3.0, 4.5])
    assert answer["now"].startswith("It is paid: MXN 500.00 by SPEI, on ")
    assert answer["waited_seconds"] == 9


@pytest.mark.parametrize(
    ("happens", "outcome"),
    [
        (lambda desk, order: desk.shop.post(f"/orders/{order}/cancel"), "canceled"),
        (lambda desk, _: desk.shop.advance(91 * DAY), "expired"),
    ],
)
def test_an_end_without_a_payment_is_told_as_it_is(desk: Desk, happens: Any, outcome: str) -> None:
    order = desk.shop.order(None, SPEI)["id"]
    desk.meanwhile = lambda _: happens(desk, order) if len(desk.waits) == 1 else None
    assert desk.ask("wait_for_payment", id=order)["outcome"] == outcome


def test_a_timeout_says_that_it_may_still_come(desk: Desk) -> None:
    answer = desk.ask("wait_for_payment", id=desk.shop.order(None, SPEI)["id"])
    assert (answer["outcome"], answer["waited_seconds"]) == ("still_waiting", 60)
    assert answer["hint"] == (
        "It did not arrive within 1 min; that does not say that it will not. Waiting can go on."
    )
    assert sum(desk.waits) == 60


def test_ten_minutes_ask_seldom_and_less_and_less(desk: Desk) -> None:
    answer = desk.ask("wait_for_payment", id=desk.shop.order(None, SPEI)["id"], minutes=10)
    assert answer["reads"] <= MAX_READS
    assert desk.waits[:-1] == sorted(desk.waits[:-1])
    assert max(desk.waits) == 30
    assert answer["waited_seconds"] == 600


def test_news_ends_a_wait_early() -> None:
    desk = Desk()
    order = desk.shop.order(None, SPEI)["id"]
    told: list[str] = []

    async def wake(subject: str, _seconds: float) -> None:
        told.append(subject)
        desk.shop.pay(order_id=order)

    desk.wait = wake  # type: ignore[method-assign] # other news
    answer = desk.ask("wait_for_payment", id=order)
    assert (answer["outcome"], answer["waited_seconds"], told) == ("paid", 0, [order])


@pytest.mark.parametrize("minutes", [1, 10])
def test_a_burst_of_news_without_a_payment_ends_no_wait_before_its_time(minutes: int) -> None:
    desk = Desk()
    order = desk.shop.order(None, SPEI)["id"]
    told: list[float] = []

    async def wake(_subject: str, seconds: float) -> None:
        told.append(seconds)  # at once, such as for order.updated, order.updated, ...

    desk.wait = wake  # type: ignore[method-assign] # other news
    answer = desk.ask("wait_for_payment", id=order, minutes=minutes)
    assert (answer["outcome"], answer["waited_seconds"]) == ("still_waiting", minutes * 60)
    assert answer["hint"].startswith(f"It did not arrive within {minutes} min;")
    assert answer["reads"] <= MAX_READS


def test_a_wait_that_its_budget_ends_says_how_long_it_was(desk: Desk) -> None:
    order = desk.shop.order(None, SPEI)["id"]
    answer = desk.ask("wait_for_payment", id=order, minutes=10, budget=3)
    assert answer["waited_seconds"] == 5
    assert answer["hint"].startswith("It did not arrive within 5 s;")


def test_a_link_is_waited_for_until_it_is_paid(desk: Desk) -> None:
    one = link(desk)
    pay = f"/_sandbox/checkouts/{one}/payments"
    desk.meanwhile = lambda _: desk.shop.post(pay, {"method": "card"}) if len(desk.waits) == 1 else None
    answer = desk.ask("wait_for_payment", id=one)
    assert (answer["outcome"], answer["link"]["paid_payments_count"]) == ("paid", 1)


def test_a_link_for_many_payments_is_waited_for_until_the_next_one(desk: Desk) -> None:
    one = link(desk, recurrent=True, payments_limit_count=5)
    desk.shop.post(f"/_sandbox/checkouts/{one}/payments", {"method": "card"})
    assert desk.ask("wait_for_payment", id=one)["outcome"] == "still_waiting"


def test_a_cancelled_link_ends_the_wait(desk: Desk) -> None:
    one = link(desk)
    desk.meanwhile = lambda _: desk.shop.put(f"/checkouts/{one}/cancel", {}) if len(desk.waits) == 1 else None
    assert desk.ask("wait_for_payment", id=one)["outcome"] == "canceled"


def test_progress_is_told_while_it_waits(desk: Desk) -> None:
    desk.ask("wait_for_payment", id=desk.shop.order(None, SPEI)["id"])
    assert desk.told[0] == (0, 60)
    assert desk.told[-1] == (60, 60)
    assert [done for done, _ in desk.told] == sorted(done for done, _ in desk.told)


def test_a_cancelled_call_ends_at_once(desk: Desk) -> None:
    order = desk.shop.order(None, SPEI)["id"]

    async def wait_forever(_subject: str, _seconds: float) -> None:
        await anyio.sleep_forever()

    desk.wait = wait_forever  # type: ignore[method-assign] # other news

    async def cancel_soon() -> bool:
        with anyio.move_on_after(0.5) as scope:
            await desk._ask("wait_for_payment", None, {"id": order})
        return scope.cancelled_caught

    assert anyio.run(cancel_soon)


def test_a_link_that_reached_its_limit_is_not_waited_for(desk: Desk) -> None:
    many = link(desk, recurrent=True, payments_limit_count=1)
    desk.shop.post(f"/_sandbox/checkouts/{many}/payments", {"method": "card", "token_id": VISA["token_id"]})
    answer = desk.ask("wait_for_payment", id=many)
    assert (answer["outcome"], desk.waits) == ("paid", [])
    assert answer["now"] == "It was paid once. It reached its limit: nobody else can pay."
