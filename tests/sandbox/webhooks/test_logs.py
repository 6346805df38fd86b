"""/logs: requests to the API and their answers."""

import json

import pytest

from tests.sandbox.conftest import START
from tests.sandbox.shop import Shop

BODY = {
    "name": "Ana Ruiz",
    "email": "ana@example.com",
    "phone": "5512345678",
    "card": {"number": "4242424242424242", "cvc": "123"},
    "metadata": {"note": "4242-4242-4242-4242, key_other", "reference": "93000262276908"},
}


def test_a_refused_request_is_found_by_the_log_id_of_its_error(shop: Shop) -> None:
    answer = shop.http.post("/customers?from=5555555555554444", json=BODY)
    log = shop.get(f"/logs/{answer.json()['log_id']}")
    headers = log.pop("request_headers")
    assert (headers["Authorization"], headers["Content-Type"]) == ("********", "application/json")
    assert log == {
        "id": answer.json()["log_id"],
        "created_at": START,
        "updated_at": "2026-01-16T12:00:55.000+00:00",
        "livemode": False,
        "method": "POST",
        "url": "/customers",
        "query_string": {"from": "[redacted]"},
        "status": "422",
        "version": "2.2.0",
        "ip_address": "127.0.0.1",
        "request_body": {
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "phone": "5512345678",
            "card": {"number": "[redacted]", "cvc": "[redacted]"},
            "metadata": {"note": "[redacted], [redacted]", "reference": "93000262276908"},
        },
        "response_headers": {
            "Conekta-Media-Type": "conekta-v2.2.0; format=application/json",
            "Content-Length": answer.headers["content-length"],
            "Content-Type": "application/json",
        },
        "response_body": answer.json(),
        "loggable_type": None,
        "loggable_id": None,
        "searchable_tags": [],
        "oauth_token_id": None,
        "user_account_id": None,
    }


def test_a_log_names_the_object_it_was_about_and_is_found_by_it(shop: Shop, spei: dict[str, str]) -> None:
    order = shop.order(None, spei)
    shop.get("/customers")
    (log,) = shop.get("/logs", search=order["id"])["data"]
    assert (log["loggable_type"], log["loggable_id"], log["status"]) == ("order", order["id"], "200")
    assert log["response_body"] == order
    declined = {"type": "card", "token_id": "tok_test_card_declined"}
    data = shop.http.post("/orders", json=shop.order_body(None, declined)).json()["data"]
    (refused,) = shop.get("/logs", search=data["id"])["data"]
    assert (refused["loggable_id"], refused["status"]) == (data["id"], "402")


def test_logs_are_listed_newest_first_with_pages_and_the_bodies_of_logs_are_not_kept(shop: Shop) -> None:
    for path in ("/customers", "/orders", "/plans/none"):
        shop.http.get(path)
    page = shop.get("/logs", limit=2)
    assert [log["url"] for log in page["data"]] == ["/plans/none", "/orders"]
    older = shop.http.get(page["next_page_url"]).json()
    assert [log["url"] for log in older["data"]] == ["/customers"]
    (first, second) = shop.get("/logs", search="/LOGS")["data"]
    assert (first["response_body"], second["response_body"]) == ({}, {})
    assert [log["url"] for log in shop.get("/logs", search="404")["data"]] == ["/plans/none"]


def test_controls_are_not_logged_and_a_lost_ledger_of_one_account_is_not_anothers(shop: Shop) -> None:
    shop.advance(5)
    shop.post("/_sandbox/webhooks/deliver")
    assert shop.get("/logs")["data"] == []


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"status": 503}, "503"),
        ({"status": 204}, "204"),
        ({"body": "<html>"}, "200"),
        ({"status": 503, "apply": True}, "200"),
        ({"cut": "after"}, "200"),
        ({"headers": {"X-Late": "1"}}, "200"),
    ],
)
def test_a_fault_leaves_the_log_of_what_conekta_did(
    shop: Shop, fault: dict[str, object], status: str
) -> None:
    shop.post("/_sandbox/faults", {**fault, "method": "POST"})
    try:
        shop.http.post(
            "/customers", json={"name": "Ana Ruiz", "email": "a@example.com", "phone": "5512345678"}
        )
    except ConnectionResetError:
        assert "cut" in fault
    (log,) = shop.get("/logs", search="POST")["data"]
    assert (log["status"], log["version"]) == (status, "2.2.0")
    made = shop.get("/customers")["data"]
    assert log["loggable_id"] == (made[0]["id"] if made else None)


def test_a_request_cut_off_before_it_arrived_has_no_log(shop: Shop) -> None:
    shop.post("/_sandbox/faults", {"cut": "before"})
    with pytest.raises(ConnectionResetError):
        shop.http.get("/customers")
    assert shop.get("/logs")["data"] == []
    lost = shop.get("/_sandbox/requests")["data"][1]
    assert (lost["path"], lost["status"]) == ("/customers", None)
    assert shop.refusal("GET", f"/logs/{lost['log_id']}") == (404, ["resource_not_found.entity"])


def test_a_very_long_answer_is_not_kept(shop: Shop) -> None:
    for _ in range(20):
        shop.customer(metadata={f"k{n}": "x" * 240 for n in range(20)})
    answer = shop.http.get("/customers")
    assert len(answer.content) > 65_536
    (log,) = shop.get("/logs", search="GET")["data"]
    assert (log["url"], log["response_body"]) == ("/customers", {})


def test_the_address_of_the_caller_and_secrets_in_headers(shop: Shop) -> None:
    from starlette.testclient import TestClient

    from conekta_mcp.sandbox import create_sandbox

    client = TestClient(create_sandbox(shop.ledger), client=("192.0.2.7", 1))
    headers = {"Authorization": "Bearer key_shop", "Cookie": "a=b", "X-Note": "4111 1111 1111 1111"}
    client.get("/customers", headers=headers)
    (log,) = shop.get("/logs")["data"]
    assert log["ip_address"] == "192.0.2.7"
    shown = {name: log["request_headers"][name] for name in ("Authorization", "Cookie", "X-Note")}
    assert shown == {"Authorization": "********", "Cookie": "********", "X-Note": "[redacted]"}
    assert "key_shop" not in json.dumps(log)
