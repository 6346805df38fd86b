"""Which keys are accepted, and what each key sees."""

import base64
from pathlib import Path

import pytest

from conekta_mcp.sandbox import Ledger
from tests.sandbox.shop import OpenShop, Shop


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("", "missing_key"),
        ("Bearer", "missing_key"),
        ("Digest key_a", "missing_key"),
        ("Basic %%%", "missing_key"),
        ("Bearer sk_live", "unrecognized_key"),
    ],
)
@pytest.mark.parametrize("path", ["/customers", "/_sandbox/clock", "/nowhere"])
def test_without_a_good_key_nothing_is_told(shop: Shop, authorization: str, code: str, path: str) -> None:
    answer = shop.http.get(path, headers={"Authorization": authorization})
    assert answer.status_code == 401
    body = answer.json()
    assert (body["type"], body["log_id"]) == ("authentication_error", None)
    assert body["details"][0]["code"] == f"conekta.errors.authentication.{code}"
    assert body["details"][0]["message"] == "Acceso no autorizado."


def test_basic_and_bearer_name_the_same_account(shop: Shop) -> None:
    customer = shop.customer()
    basic = base64.b64encode(b"key_shop:").decode()
    found = shop.http.get(f"/customers/{customer['id']}", headers={"Authorization": f"Basic {basic}"})
    assert found.json() == customer


def test_nothing_crosses_between_two_keys(
    shop: Shop, open_shop: OpenShop, ledger: Ledger, spei: dict[str, str]
) -> None:
    other = open_shop(ledger, "key_other")
    customer, clabe = shop.customer_with_clabe()
    order = shop.order(customer, spei, reuse_customer_clabe=True)
    shop.advance(100)
    shop.post("/_sandbox/faults", {"status": 500, "count": 9, "path_prefix": "/never"})
    assert other.get("/customers")["data"] == other.get("/orders")["data"] == []
    assert other.get("/_sandbox/faults")["data"] == []
    assert other.get("/_sandbox/clock")["now"] == shop.get("/_sandbox/clock")["now"] - 100
    for method, path in [("GET", f"/customers/{customer}"), ("POST", f"/orders/{order['id']}/cancel")]:
        assert other.refusal(method, path, {}) == (404, ["resource_not_found.entity"])
    assert other.refusal("POST", "/_sandbox/payments", {"reference": clabe})[0] == 404
    other.post("/_sandbox/reset")
    assert shop.status(order["id"]) == "pending_payment"
    assert {entry["path"] for entry in shop.get("/_sandbox/requests")["data"]}.isdisjoint({"/_sandbox/reset"})


def test_the_key_is_kept_nowhere(tmp_path: Path, open_shop: OpenShop) -> None:
    ledger = Ledger(str(tmp_path / "ledger.db"))
    open_shop(ledger, "key_very_secret").customer()
    ledger.close()
    assert b"key_very_secret" not in (tmp_path / "ledger.db").read_bytes()
