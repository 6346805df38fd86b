"""What every request has in common."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from conekta_mcp.sandbox import Ledger, create_sandbox
from tests.sandbox.shop import Shop


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0", "2.2.0", "2.3.0"])
def test_the_version_asked_for_is_echoed(shop: Shop, version: str) -> None:
    answer = shop.http.get("/customers", headers={"Accept": f"application/vnd.conekta-v{version}+json"})
    assert answer.headers["conekta-media-type"] == f"conekta-v{version}; format=application/json"
    assert answer.headers["content-type"] == "application/json"


def test_no_version_means_2_2_0_and_an_unknown_one_is_a_conflict(shop: Shop) -> None:
    plain = shop.http.get("/customers", headers={"Accept": "application/json"})
    assert plain.headers["conekta-media-type"] == "conekta-v2.2.0; format=application/json"
    odd = shop.http.get("/customers", headers={"Accept": "application/vnd.conekta-v9.0.0+json"})
    assert (odd.status_code, odd.json()["type"]) == (409, "conflict_error")


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("es", "El recurso no ha sido encontrado."),
        ("", "El recurso no ha sido encontrado."),
        ("en-US,es;q=0.5", 'The object Order "ord_none" could not be found.'),
    ],
)
def test_only_the_message_is_translated(shop: Shop, language: str, message: str) -> None:
    detail = shop.http.get("/orders/ord_none", headers={"Accept-Language": language}).json()["details"][0]
    assert detail == {
        "debug_message": 'The object Order "ord_none" could not be found.',
        "message": message,
        "code": "conekta.errors.resource_not_found.entity",
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("DELETE", "/customers"),
        ("PATCH", "/customers"),
        ("GET", "/_sandbox/none"),
        ("GET", "/customers/"),
        ("GET", "/customers/a%2Fb"),
    ],
)
def test_what_is_not_served_is_an_unknown_route(shop: Shop, method: str, path: str) -> None:
    assert shop.refusal(method, path) == (404, ["resource_not_found.unknown_route"])


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'"x"', b"\xff", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000, b"9" * 5000]
)
def test_a_body_that_is_no_json_object_is_malformed(shop: Shop, content: bytes) -> None:
    answer = shop.http.post("/customers", content=content)
    assert (answer.status_code, answer.json()["type"]) == (400, "malformed_request_error")


def test_a_refused_request_changes_nothing(shop: Shop) -> None:
    customer = shop.customer()["id"]
    sources = [{"type": "spei_recurrent"}, {"type": "card", "token_id": "tok_test_none"}]
    assert (
        shop.refusal("PUT", f"/customers/{customer}", {"name": "Otra", "payment_sources": sources})[0] == 422
    )
    kept = shop.get(f"/customers/{customer}")
    assert kept["name"] == "Ana Ruiz"
    assert "payment_sources" not in kept


def test_a_broken_ledger_is_a_500_in_conektas_words(ledger: Ledger) -> None:
    client = TestClient(create_sandbox(ledger), raise_server_exceptions=False)
    ledger.close()
    answer = client.get("/customers", headers={"Authorization": "Bearer key_a"})
    assert answer.status_code == 500
    assert answer.json()["details"][0]["code"] == "conekta.errors.api.system.general_failure"
    with pytest.raises(sqlite3.ProgrammingError):
        ledger.execute("SELECT 1")


def test_the_history_tells_what_was_asked_without_card_data(shop: Shop) -> None:
    body = {
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "phone": "5512345678",
        "card": {"number": "4242424242424242", "cvc": "123"},
        "metadata": {"note": "paid with 4242 4242 4242 4242 twice", "list": [4242424242424242, 7]},
    }
    answer = shop.http.post("/customers?search=4242424242424242", json=body)
    shop.http.post("/customers", content=b"{")
    garbled, first = shop.get("/_sandbox/requests")["data"]
    assert garbled["body"] is None
    assert first == {
        "object": "sandbox_request",
        "method": "POST",
        "path": "/customers",
        "query": {"search": "[redacted]"},
        "body": {
            "name": "Ana Ruiz",
            "email": "ana@example.com",
            "phone": "5512345678",
            "card": {"number": "[redacted]", "cvc": "[redacted]"},
            "metadata": {"note": "paid with [redacted] twice", "list": ["[redacted]", 7]},
        },
        "status": 422,
        "log_id": answer.json()["log_id"],
        "at": 1768564855,
    }
    assert shop.get("/_sandbox/requests", limit=1)["data"] == [garbled]


def test_the_history_keeps_the_last_500(shop: Shop) -> None:
    for n in range(510):
        shop.http.get(f"/orders/ord_{n}")
    entries = shop.get("/_sandbox/requests", limit=250)["data"]
    assert (len(entries), entries[0]["path"]) == (250, "/orders/ord_509")
    kept = shop.ledger.execute("SELECT COUNT(*) FROM records WHERE kind = 'sandbox_request'")
    assert kept == [(500,)]


@pytest.mark.parametrize("path", ["/_sandbox/requests", "/_sandbox/clock", "/_sandbox/faults"])
def test_a_control_says_what_it_takes_where_its_query_is_misspelt(shop: Shop, path: str) -> None:
    answer = shop.http.get(path, params={"limt": "1"})
    (detail,) = answer.json()["details"]
    assert (answer.status_code, detail["param"]) == (422, "limt")
    assert detail["debug_message"] == 'The parameter "limt" is not allowed; this control takes limit.'
