"""Antifraud lists: rules are kept, and act."""

from typing import Any

import pytest

from conekta_mcp.sandbox import Ledger
from conekta_mcp.sandbox.refusals import policies
from tests.sandbox.shop import OpenShop, Shop

FRAUD = (402, ["processing.charge.card_payment.suspicious_behaviour"])
RULE = {"field": "email", "value": "Eva@example.com", "description": "Contracargos"}
LISTS = pytest.mark.parametrize("path", ["/antifraud/whitelists", "/antifraud/blacklists"])


def block(shop: Shop, field: str, value: str) -> Any:
    return shop.post("/antifraud/blacklists", {"field": field, "value": value, "description": "Fraude"})


@LISTS
def test_a_rule_is_made_listed_and_deleted(shop: Shop, path: str) -> None:
    made = shop.post(path, RULE)
    assert made == {"id": made["id"], **RULE}
    phone = shop.post(path, {"field": "phone", "value": "5512345678", "description": "Otro"})
    row = {"created_at": "2026-01-16 12:00:55.000000+00:00", "is_global": False, "is_test": True}
    assert shop.get(path) == {
        "next_page_url": None,
        "previous_page_url": None,
        "has_more": False,
        "object": "list",
        "data": [{**phone, "field": "phone_number", **row}, {**made, **row}],
    }
    assert shop.delete(f"{path}/{made['id']}") == made
    assert [rule["id"] for rule in shop.get(path)["data"]] == [phone["id"]]
    assert shop.refusal("DELETE", f"{path}/{made['id']}") == (404, ["resource_not_found.entity"])


@LISTS
def test_a_wrong_rule_is_refused(shop: Shop, path: str) -> None:
    assert shop.refusal("POST", path, {"field": "name", "value": 7}) == (
        422,
        [
            f"parameter_validation.{code}"
            for code in ("field.invalid", "value.invalid_datatype", "description.missing")
        ],
    )


def test_a_blacklisted_payers_card_is_declined_until_the_rule_is_gone(
    shop: Shop, visa: dict[str, str], spei: dict[str, str]
) -> None:
    rule = shop.post("/antifraud/blacklists", RULE)
    body = shop.order_body(None, visa)
    answer = shop.http.post("/orders", json=body)
    charge = answer.json()["data"]["charges"]["data"][0]
    assert (answer.status_code, charge["status"], charge["failure_code"]) == (
        402,
        "declined",
        "suspected_fraud",
    )
    assert shop.refusal("POST", "/orders", body) == FRAUD
    assert shop.order(None, spei)["payment_status"] == "pending_payment"
    shop.delete(f"/antifraud/blacklists/{rule['id']}")
    assert shop.order(None, visa)["payment_status"] == "paid"


@pytest.mark.parametrize(("field", "value"), [("phone", "5512345678"), ("card_token", "tok_test_visa_4242")])
def test_a_phone_and_a_token_can_be_blacklisted(
    shop: Shop, field: str, value: str, visa: dict[str, str]
) -> None:
    block(shop, field, value)
    assert shop.refusal("POST", "/orders", shop.order_body(None, visa)) == FRAUD


def test_a_blacklist_knows_customers_and_their_saved_cards(shop: Shop) -> None:
    customer = shop.customer(payment_sources=[{"type": "card", "token_id": "tok_test_visa_1881"}])
    body = shop.order_body(customer["id"], {"type": "default"})
    for field, value in (("email", "ana@example.com"), ("card_token", "tok_test_visa_1881")):
        rule = block(shop, field, value)
        assert shop.refusal("POST", "/orders", body) == FRAUD
        shop.delete(f"/antifraud/blacklists/{rule['id']}")
    assert shop.post("/orders", body)["payment_status"] == "paid"


def test_a_whitelist_lifts_a_suspicion_and_nothing_else(shop: Shop, visa: dict[str, str]) -> None:
    shop.post("/antifraud/whitelists", RULE)
    shop.post("/_sandbox/cards", {"decline_next": "suspected_fraud"})
    assert shop.order(None, visa)["payment_status"] == "paid"
    shop.post("/_sandbox/cards", {"decline_next": "insufficient_funds"})
    assert shop.refusal("POST", "/orders", shop.order_body(None, visa))[0] == 402
    shop.post("/antifraud/blacklists", RULE)
    assert shop.refusal("POST", "/orders", shop.order_body(None, visa)) == FRAUD


def test_without_the_service_whitelists_are_forbidden(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "WHITELIST_SERVICE", False)
    code = "forbidden.authentication.invalid_whitelist_access"
    path = "/antifraud/whitelists"
    refused = [
        shop.refusal("GET", path),
        shop.refusal("POST", path, RULE),
        shop.refusal("DELETE", f"{path}/618c3f2fdb8b8da9be376af9"),
    ]
    assert refused == [(403, [code])] * 3
    assert shop.http.get(path).json()["type"] == "processing_error"
    assert shop.get("/antifraud/blacklists")["data"] == []


def test_a_rule_acts_in_its_own_account_only(
    shop: Shop, ledger: Ledger, open_shop: OpenShop, visa: dict[str, str]
) -> None:
    rule = shop.post("/antifraud/blacklists", RULE)
    other = open_shop(ledger, "key_other")
    assert other.get("/antifraud/blacklists")["data"] == []
    assert other.refusal("DELETE", f"/antifraud/blacklists/{rule['id']}")[0] == 404
    assert other.order(None, visa)["payment_status"] == "paid"
