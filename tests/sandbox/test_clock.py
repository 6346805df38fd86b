"""The clock that tests move."""

import pytest

from tests.sandbox.shop import Shop


def test_time_moves_only_forward_and_only_when_told(shop: Shop) -> None:
    assert shop.get("/_sandbox/clock") == {"object": "sandbox_clock", "now": 1768564855}
    assert shop.advance(45) == 1768564900
    assert shop.post("/_sandbox/clock", {"now": 1768565000})["now"] == 1768565000
    assert shop.customer()["created_at"] == 1768565000


@pytest.mark.parametrize(
    ("move", "code"),
    [
        ({"now": 1768564854}, "now.invalid"),
        ({"advance_seconds": -1}, "advance_seconds.invalid"),
        ({"advance_seconds": 1.5}, "advance_seconds.invalid_datatype"),
        ({"advance_seconds": 10**18}, "advance_seconds.invalid"),
        ({}, "advance_seconds.missing"),
        ({"advance_seconds": 1, "now": 1768564900}, "now.invalid"),
        ({"back": 1}, "whitelist"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(shop: Shop, move: object, code: str) -> None:
    assert shop.refusal("POST", "/_sandbox/clock", move) == (422, [f"parameter_validation.{code}"])
    assert shop.get("/_sandbox/clock")["now"] == 1768564855


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (1768564855, 1771200000),  # 16 January -> 16 February 2026
        (1769817600, 1772236800),  # 31 January -> 28 February 2026
        (1798675200, 1801353600),  # 31 December 2026 -> 31 January 2027
    ],
)
def test_a_cash_reference_lasts_until_the_same_day_next_month(shop: Shop, today: int, due: int) -> None:
    shop.post("/_sandbox/clock", {"now": today})
    assert shop.method_of(shop.order(None, {"type": "cash"}))["expires_at"] == due


def test_reset_leaves_an_unused_account(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(shop.customer_with_clabe()[0], spei)
    shop.post("/_sandbox/cards", {"decline_next": "card_declined"})
    shop.advance(100)
    assert shop.post("/_sandbox/reset") == {"object": "sandbox_reset", "now": 1768564855}
    assert shop.get("/customers")["data"] == shop.get("/orders")["data"] == []
    assert shop.refusal("GET", f"/orders/{order['id']}")[0] == 404
    assert [entry["status"] for entry in shop.get("/_sandbox/requests")["data"]] == [404, 200, 200]
