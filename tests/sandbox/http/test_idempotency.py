"""Idempotency-Key: one key acts once, and gets its first answer again."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.running import serve_sandbox
from tests.sandbox.shop import OpenShop, Shop

DAY = 86_400
KEY = {"Idempotency-Key": "intent-1"}
LINK = {
    "name": "Plan anual",
    "type": "PaymentLink",
    "recurrent": False,
    "expires_at": 1_769_000_000,
    "allowed_payment_methods": ["cash"],
    "order_template": {
        "currency": "MXN",
        "line_items": [{"name": "Plan", "unit_price": 50000, "quantity": 1}],
        "customer_info": {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"},
    },
}


def send(shop: Shop, body: Any, path: str = "/orders", **headers: str) -> Any:
    return shop.http.post(path, json=body, headers={**KEY, **headers})


def seen(answer: Any) -> tuple[int, bytes, str]:
    return answer.status_code, answer.content, answer.headers["conekta-media-type"]


def test_an_order_is_created_once_however_often_it_is_sent(shop: Shop, spei: dict[str, str]) -> None:
    body = shop.order_body(None, spei)
    first, second, third = (send(shop, body) for _ in range(3))
    assert (first.status_code, first.headers["content-type"]) == (200, second.headers["content-type"])
    assert seen(first) == seen(second) == seen(third)
    assert [order["id"] for order in shop.get("/orders")["data"]] == [first.json()["id"]]


def test_an_order_is_charged_once(shop: Shop, visa: dict[str, str]) -> None:
    order = shop.order()["id"]
    path, charge = f"/orders/{order}/charges", {"payment_method": visa}
    first, second = send(shop, charge, path), send(shop, charge, path)
    assert (first.status_code, seen(first)) == (200, seen(second))
    assert len(shop.get(f"/orders/{order}")["charges"]["data"]) == 1


def test_a_link_is_made_once(shop: Shop) -> None:
    first, second = send(shop, LINK, "/checkouts"), send(shop, LINK, "/checkouts")
    assert (first.status_code, seen(first)) == (200, seen(second))
    assert len(shop.get("/checkouts")["data"]) == 1


@pytest.mark.parametrize("path", ["/customers", "/plans", "/orders/ord_1/cancel"])
def test_other_requests_do_not_take_the_key(path: str, shop: Shop) -> None:
    person = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
    first, second = send(shop, person, path), send(shop, person, path)
    assert first.content != second.content


@pytest.mark.parametrize("key", ["", "  "])
def test_an_empty_key_is_none(key: str, shop: Shop) -> None:
    for _ in range(2):
        assert send(shop, shop.order_body(), **{"Idempotency-Key": key}).status_code == 200
    assert len(shop.get("/orders")["data"]) == 2


def test_a_declined_card_declines_once_and_leaves_one_order(shop: Shop, visa: dict[str, str]) -> None:
    shop.post("/_sandbox/cards", {"decline_next": "insufficient_funds"})
    body = shop.order_body(None, visa)
    first, second = send(shop, body), send(shop, body)
    assert (first.status_code, seen(first)) == (402, seen(second))
    assert [order["id"] for order in shop.get("/orders")["data"]] == [first.json()["data"]["id"]]


def test_a_refusal_stands_although_its_reason_is_gone(shop: Shop) -> None:
    customer = shop.customer()["id"]
    body = shop.order_body(customer, {"type": "spei"}, reuse_customer_clabe=True)
    first = send(shop, body)
    shop.post(f"/customers/{customer}/payment_sources", {"type": "spei_recurrent"})
    assert (first.status_code, seen(first)) == (404, seen(send(shop, body)))
    assert send(shop, body, **{"Idempotency-Key": "intent-2"}).status_code == 200


@pytest.mark.parametrize(("language", "text"), [("es", "ya se usó"), ("en", "was already used")])
def test_the_same_key_with_another_body_is_a_conflict(shop: Shop, language: str, text: str) -> None:
    first = send(shop, shop.order_body())
    answer = send(shop, shop.order_body(currency="USD"), **{"Accept-Language": language})
    assert (answer.status_code, answer.json()["type"]) == (409, "conflict_error")
    assert text in answer.json()["details"][0]["message"]
    assert answer.json()["details"][0]["code"] == "conekta.errors.conflict.idempotency_key"
    assert send(shop, shop.order_body()).content == first.content


def test_the_same_key_on_another_route_is_a_conflict(shop: Shop) -> None:
    order = shop.order()["id"]
    cash = {"payment_method": {"type": "cash"}}
    assert send(shop, cash, f"/orders/{order}/charges").status_code == 200
    assert send(shop, cash, "/orders/ord_2/charges").status_code == 409


def test_the_same_body_written_otherwise_is_the_same(shop: Shop) -> None:
    body = shop.order_body()
    first = send(shop, body)
    turned = dict(reversed(body.items()))
    assert send(shop, turned).content == first.content


def test_a_body_that_is_no_json_is_refused_once_more(shop: Shop) -> None:
    answers = [shop.http.post("/orders", content=b"{", headers=KEY) for _ in range(2)]
    assert (answers[0].status_code, seen(answers[0])) == (400, seen(answers[1]))


def test_a_key_is_of_one_account(ledger: Ledger, open_shop: OpenShop) -> None:
    one, two = open_shop(ledger, "key_one"), open_shop(ledger, "key_two")
    ids = {send(shop, shop.order_body()).json()["id"] for shop in (one, two)}
    assert len(ids) == 2


def test_a_key_lives_a_day_of_the_sandbox(shop: Shop, ledger: Ledger) -> None:
    first = send(shop, shop.order_body()).json()["id"]
    shop.advance(DAY - 1)
    assert send(shop, shop.order_body()).json()["id"] == first
    shop.advance(1)
    assert send(shop, shop.order_body()).json()["id"] != first
    shop.advance(DAY)
    assert ledger.list_due_accounts() == []


def test_a_failure_before_it_was_applied_leaves_the_key_free(shop: Shop) -> None:
    shop.post("/_sandbox/faults", {"status": 503})
    assert [send(shop, shop.order_body()).status_code for _ in range(2)] == [503, 200]
    assert send(shop, shop.order_body(currency="USD")).status_code == 409


@pytest.mark.parametrize("fault", [{"status": 500, "apply": True}, {"body": "<", "apply": True}])
def test_after_a_failure_that_hid_it_the_answer_is_given_again(shop: Shop, fault: Any) -> None:
    shop.post("/_sandbox/faults", fault)
    send(shop, shop.order_body())
    answer = send(shop, shop.order_body())
    assert [order["id"] for order in shop.get("/orders")["data"]] == [answer.json()["id"]]


def test_a_restart_forgets_no_key(tmp_path: Path, open_shop: OpenShop) -> None:
    answers = []
    for _ in range(2):
        ledger = Ledger(str(tmp_path / "ledger.db"))
        shop = open_shop(ledger)
        answers.append(send(shop, shop.order_body()))
        ledger.close()
    assert seen(answers[0]) == seen(answers[1])


def test_an_emptied_account_forgets_its_keys(shop: Shop) -> None:
    first = send(shop, shop.order_body()).json()["id"]
    shop.post("/_sandbox/reset")
    assert send(shop, shop.order_body()).json()["id"] != first


def test_of_many_at_the_same_moment_one_acts_and_all_are_told_the_same(tmp_path: Path) -> None:
    path = str(tmp_path / "ledger.db")
    body = Shop.order_body(None)  # type: ignore[arg-type]  # it does not look at its shop
    ledgers = [Ledger(path), Ledger(path)]
    with serve_sandbox(ledgers[0]) as one, serve_sandbox(ledgers[1]) as two:
        headers = {**KEY, "Authorization": "Bearer key_shop"}

        def post(url: str) -> bytes:
            return httpx.post(f"{url}/orders", json=body, headers=headers, trust_env=False).content

        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(post, [one.url, two.url] * 8))
        orders = httpx.get(f"{one.url}/orders", headers=headers, trust_env=False).json()["data"]
    for ledger in ledgers:
        ledger.close()
    assert (len(answers), len(orders)) == (1, 1)
