"""The three refusals of the CLABE guide: in Conekta's own words over plain HTTP, and through the server."""

from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest

from conekta_mcp.sandbox.running import RunningSandbox
from tests.journeys.clients import Era, answer, over_stdio
from tests.journeys.processes import stdio_server

pytestmark = pytest.mark.system

ANA = {"name": "Juan Perez", "email": "juan@example.com", "phone": "+5215555555555"}
PREFIX = "conekta.errors."
NO_CUSTOMER = {
    "debug_message": 'The "customer_info attribute customer_id" is missing.',
    "message": 'El parametro customer_id" es requerido.',
    "param": "customer_info.customer_id",
    "code": f"{PREFIX}parameter_validation.customer_info.customer_id.missing",
}
NO_REFERENCE = {
    "debug_message": "Recurrent reference not found",
    "message": "Referencia recurrente no encontrada",
    "code": f"{PREFIX}resource_not_found.processing.offline_recurrent_reference.not_found",
}
NO_BOOLEAN = {
    "debug_message": 'The "reuse_customer_clabe" parameter is invalid.',
    "message": "El parámetro reuse_customer_clabe es inválido.",
    "param": "reuse_customer_clabe",
    "code": f"{PREFIX}parameter_validation.reuse_customer_clabe.invalid_datatype",
}
LINES = [{"name": "Producto 1", "unit_price": 50000, "quantity": 1}]


def order(customer: dict[str, Any], flag: object = True) -> dict[str, Any]:
    return {
        "currency": "MXN",
        "reuse_customer_clabe": flag,
        "customer_info": customer,
        "line_items": LINES,
        "charges": [{"payment_method": {"type": "spei"}}],
    }


@pytest.fixture
def http(conekta: RunningSandbox, key: str) -> Iterator[httpx.Client]:
    headers = {
        "Authorization": f"Bearer {key}",
        "Accept": "application/vnd.conekta-v2.2.0+json",
        "Content-Type": "application/json",
    }
    with httpx.Client(base_url=conekta.url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def customer(http: httpx.Client) -> dict[str, str]:
    return {"customer_id": http.post("/customers", json=ANA).json()["id"]}


def test_without_a_customer_id_conekta_says_that_it_is_required(http: httpx.Client) -> None:
    answered = http.post("/orders", json=order(ANA))
    assert answered.status_code == 422
    assert without_log_id(answered) == {
        "details": [NO_CUSTOMER],
        "object": "error",
        "type": "parameter_validation_error",
    }


def test_without_a_recurrent_reference_conekta_does_not_find_it(
    http: httpx.Client, customer: dict[str, str]
) -> None:
    answered = http.post("/orders", json=order(customer))
    assert answered.status_code == 404
    assert without_log_id(answered) == {
        "details": [NO_REFERENCE],
        "object": "error",
        "type": "resource_not_found_error",
    }


@pytest.mark.parametrize("flag", ["true", "false", "", 1, 0, [], {}])
def test_a_flag_that_is_not_a_boolean_is_invalid(
    flag: object, http: httpx.Client, customer: dict[str, str]
) -> None:
    http.post(f"/customers/{customer['customer_id']}/payment_sources", json={"type": "spei_recurrent"})
    answered = http.post("/orders", json=order(customer, flag))
    assert answered.status_code == 422
    assert answered.json() == {
        "details": [NO_BOOLEAN],
        "object": "error",
        "type": "parameter_validation_error",
    }


def without_log_id(answered: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = answered.json()
    assert len(body.pop("log_id")) == 24
    return body


@pytest.mark.anyio
async def test_the_server_passes_the_first_two_on_with_a_way_out(
    era: Era, conekta: RunningSandbox, key: str
) -> None:
    server = stdio_server(CONEKTA_API_KEY=key, CONEKTA_BASE_URL=conekta.url)
    with anyio.fail_after(120):
        async with over_stdio(server, era) as client:
            mine = {"customer_id": (await answer(client, "create_customer", ANA))["id"]}
            nobody = {**ANA, "line_items": LINES, "reuse_customer_clabe": True}
            first = (await answer(client, "create_order", nobody))["error"]
            second = (await answer(client, "create_order_reusing_clabe", {**mine, "line_items": LINES}))[
                "error"
            ]
    assert len(first.pop("log_id")) == len(second.pop("log_id")) == 24
    assert first == {
        "type": "parameter_validation_error",
        "http_status": 422,
        **NO_CUSTOMER,
        "retryable": False,
        "outcome": "not_applied",
        "hint": (
            "Reusing a reference needs customer_id: find it with list_customers; for a CLABE then use "
            "create_order_reusing_clabe."
        ),
    }
    assert second == {
        "type": "resource_not_found_error",
        "http_status": 404,
        **NO_REFERENCE,
        "retryable": False,
        "outcome": "not_applied",
        "hint": (
            "This customer has no recurring CLABE yet: create it with add_spei_recurrent_source, then repeat."
        ),
    }


@pytest.mark.anyio
async def test_the_server_refuses_the_third_itself_and_sends_nothing(
    era: Era, conekta: RunningSandbox, key: str
) -> None:
    server = stdio_server(CONEKTA_API_KEY=key, CONEKTA_BASE_URL=conekta.url)
    with anyio.fail_after(120):
        async with over_stdio(server, era) as client:
            wrong = {"customer_id": "cus_1", "line_items": LINES, "reuse_customer_clabe": "true"}
            third = (await answer(client, "create_order", wrong))["error"]
        async with httpx.AsyncClient(base_url=conekta.url, trust_env=False) as http:
            asked = await http.get("/_sandbox/requests", headers={"Authorization": f"Bearer {key}"})
    assert third == {
        "type": "parameter_validation_error",
        "code": "conekta_mcp.errors.parameter_validation.reuse_customer_clabe.invalid_datatype",
        "message": "reuse_customer_clabe: se esperaba true o false.",
        "debug_message": "reuse_customer_clabe: expected true or false.",
        "param": "reuse_customer_clabe",
        "retryable": False,
        "outcome": "not_applied",
        "hint": "Nothing was sent to Conekta. Correct the arguments and call again.",
    }
    assert asked.json()["data"] == []
