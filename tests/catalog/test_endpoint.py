"""Endpoints build path, query and body from arguments; no id can become another route."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conekta_mcp.catalog import (
    DELETE,
    GET,
    POST,
    PUT,
    Request,
    Risk,
)
from conekta_mcp.catalog.endpoint import encode_segment
from tests.depth import tries


def test_the_rest_of_a_get_is_its_query() -> None:
    endpoint = GET("/customers/{customer_id}/payment_sources")
    assert endpoint.path_fields == ("customer_id",)
    assert endpoint.build_request({"customer_id": "cus_1", "limit": 2}) == Request(
        "GET", "/customers/cus_1/payment_sources", query={"limit": 2}, body=None
    )


@pytest.mark.parametrize(("make", "method"), [(POST, "POST"), (PUT, "PUT"), (DELETE, "DELETE")])
def test_the_rest_of_anything_else_is_its_body(make: object, method: str) -> None:
    assert callable(make)
    endpoint = make("/orders/{order_id}/refunds/{refund_id}")
    fields = {"refund_id": "b", "order_id": "a", "amount": 1}
    assert endpoint.build_request(fields) == Request(method, "/orders/a/refunds/b", body={"amount": 1})  # type: ignore[arg-type]
    assert endpoint.build_request({"refund_id": "b", "order_id": "a"}).body is None


@pytest.mark.parametrize(
    ("value", "encoded"),
    [("../x", "..%2Fx"), ("a?b#c", "a%3Fb%23c"), ("ñ %", "%C3%B1%20%25"), ("{order_id}", "%7Border_id%7D")],
)
def test_a_segment_is_encoded_whole(value: str, encoded: str) -> None:
    assert encode_segment(value) == encoded


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_segment_that_would_change_the_route_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="an id cannot be empty"):
        encode_segment(value)


@tries(60)
@given(st.text(min_size=1).filter(lambda text: text not in {".", ".."}))
def test_no_text_makes_more_than_one_segment(value: str) -> None:
    try:
        path = GET("/orders/{order_id}").build_request({"order_id": value}).path
    except UnicodeEncodeError:
        path = "/orders/lone_surrogate"
    assert (path.count("/"), "?" in path, "#" in path, path.isascii()) == (2, False, False, True)


@pytest.mark.parametrize(
    ("method", "writes"), [("GET", False), ("POST", True), ("PUT", True), ("DELETE", True)]
)
def test_all_but_a_get_can_change_something(method: str, writes: bool) -> None:
    assert Request(method, "/orders").writes is writes  # type: ignore[arg-type]


def test_the_hints_of_each_risk() -> None:
    assert {risk.value: (risk.read_only, risk.destructive) for risk in Risk} == {
        "read": (True, False),
        "write": (False, False),
        "money": (False, False),
        "destructive": (False, True),
        "secret": (False, True),
    }


def test_a_list_without_an_envelope_is_known_by_its_endpoint() -> None:
    endpoint = GET("/companies/{company_id}/documents", array=True)
    assert endpoint.build_request({"company_id": "a"}) == Request("GET", "/companies/a/documents", array=True)
