"""Faults on demand, in process."""

import time

import pytest

from tests.sandbox.shop import Shop


def test_a_fault_strikes_the_next_matching_requests_and_no_others(shop: Shop) -> None:
    fault = shop.post(
        "/_sandbox/faults",
        {"count": 2, "status": 503, "headers": {"Retry-After": "7"}, "method": "GET", "path_prefix": "/cust"},
    )
    assert shop.get("/_sandbox/faults")["data"] == [fault]
    assert shop.http.get("/orders").status_code == 200
    assert shop.http.post("/customers", json={}).status_code == 422
    for left in (1, 0):
        answer = shop.http.get("/customers")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "7")
        assert answer.json()["type"] == "api_error"
        assert answer.headers["conekta-media-type"] == "conekta-v2.2.0; format=application/json"
        assert [pending["count"] for pending in shop.get("/_sandbox/faults")["data"]] == [left][:left]
    assert shop.http.get("/customers").status_code == 200


def test_raw_garbage_is_sent_as_it_is(shop: Shop) -> None:
    shop.post("/_sandbox/faults", {"body": "<html>oops", "headers": {"Content-Type": "text/html"}})
    answer = shop.http.get("/customers")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        "<html>oops",
        "text/html",
    )
    shop.post("/_sandbox/faults", {"status": 204})
    empty = shop.http.get("/customers")
    assert (empty.status_code, empty.content) == (204, b"")


@pytest.mark.parametrize(("applied", "customers"), [(False, 0), (True, 1)])
def test_a_failed_request_is_applied_only_if_asked(shop: Shop, applied: bool, customers: int) -> None:
    shop.post("/_sandbox/faults", {"status": 500, "apply": applied})
    new = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
    assert shop.http.post("/customers", json=new).status_code == 500
    assert len(shop.get("/customers")["data"]) == customers


@pytest.mark.parametrize(("cut", "customers"), [("before", 0), ("after", 1), ("during", 1)])
def test_a_cut_reaches_the_caller_as_a_reset_connection(shop: Shop, cut: str, customers: int) -> None:
    shop.post("/_sandbox/faults", {"cut": cut})
    new = {"name": "Ana Ruiz", "email": "ana@example.com", "phone": "5512345678"}
    with pytest.raises(ConnectionResetError):
        shop.http.post("/customers", json=new)
    assert len(shop.get("/customers")["data"]) == customers
    request = shop.get("/_sandbox/requests")["data"][1]
    assert (request["path"], request["status"], request["fault"]["cut"]) == ("/customers", None, cut)


def test_a_fault_may_only_add_headers_or_delay(shop: Shop) -> None:
    shop.post("/_sandbox/faults", {"headers": {"X-Slow": "yes"}, "delay_seconds": 0.05})
    start = time.monotonic()
    answer = shop.http.get("/customers")
    assert time.monotonic() - start >= 0.05
    assert (answer.status_code, answer.headers["x-slow"]) == (200, "yes")


def test_faults_can_be_called_off_and_never_strike_the_controls(shop: Shop) -> None:
    shop.post("/_sandbox/faults", {"status": 500, "count": 5})
    assert shop.get("/_sandbox/clock")["now"] == 1768564855
    assert shop.delete("/_sandbox/faults")["total"] == 1
    assert shop.get("/customers")["data"] == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({}, "status.missing"),
        ({"count": 3}, "status.missing"),
        ({"status": 99}, "status.invalid"),
        ({"status": 500, "count": 0}, "count.invalid"),
        ({"delay_seconds": "long"}, "delay_seconds.invalid_datatype"),
        ({"delay_seconds": 601}, "delay_seconds.invalid"),
        ({"cut": "middle"}, "cut.invalid"),
        ({"delay_seconds": 1, "delay": "during"}, "delay.invalid"),
        ({"delay": "after"}, "status.missing"),
        ({"headers": {"X-A": 1}}, "headers.X-A.invalid_datatype"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers.X-A.invalid"),
        ({"headers": {"Content-Length": "3"}}, "headers.Content-Length.invalid"),
        ({"headers": []}, "headers.invalid_datatype"),
        ({"status": 500, "path_prefix": "orders"}, "path_prefix.invalid"),
        ({"status": 500, "surprise": 1}, "whitelist"),
    ],
)
def test_a_fault_nobody_could_mean_is_refused(shop: Shop, fault: object, code: str) -> None:
    assert shop.refusal("POST", "/_sandbox/faults", fault) == (422, [f"parameter_validation.{code}"])
