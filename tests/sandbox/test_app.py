"""The app as a transport: in the same process, without a socket."""

import anyio
import httpx
import pytest

from conekta_mcp.sandbox import Ledger, create_sandbox
from conekta_mcp.sandbox.app import API, CONTROLS

from .shop import Shop


def test_httpx_speaks_to_it_in_process_and_sees_a_cut_as_it_is(ledger: Ledger) -> None:
    async def talk() -> int:
        transport = httpx.ASGITransport(create_sandbox(ledger))
        headers = {"Authorization": "Bearer key_a"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://sandbox", headers=headers
        ) as client:
            await client.post("/_sandbox/faults", json={"cut": "after"})
            with pytest.raises(ConnectionResetError):
                await client.get("/customers")
            return (await client.get("/customers")).status_code

    assert anyio.run(talk) == 200


def test_it_serves_exactly_the_routes_of_this_step() -> None:
    assert sorted((endpoint.method, endpoint.path) for endpoint in API) == [
        ("DELETE", "/customers/{id}"),
        ("DELETE", "/customers/{id}/payment_sources/{payment_method_id}"),
        ("DELETE", "/customers/{id}/shipping_contacts/{shipping_contacts_id}"),
        ("GET", "/customers"),
        ("GET", "/customers/{id}"),
        ("GET", "/customers/{id}/payment_sources"),
        ("GET", "/orders"),
        ("GET", "/orders/{id}"),
        ("POST", "/customers"),
        ("POST", "/customers/{id}/fiscal_entities"),
        ("POST", "/customers/{id}/payment_sources"),
        ("POST", "/customers/{id}/shipping_contacts"),
        ("POST", "/orders"),
        ("POST", "/orders/{id}/cancel"),
        ("PUT", "/customers/{id}"),
        ("PUT", "/customers/{id}/fiscal_entities/{fiscal_entities_id}"),
        ("PUT", "/customers/{id}/payment_sources/{payment_method_id}"),
        ("PUT", "/customers/{id}/shipping_contacts/{shipping_contacts_id}"),
    ]
    assert all(endpoint.path.startswith("/_sandbox/") for endpoint in CONTROLS)


@pytest.mark.parametrize("endpoint", [*API, *CONTROLS], ids=lambda endpoint: "-".join(endpoint[:2]))
def test_no_route_answers_without_a_key(shop: Shop, endpoint: tuple[str, str]) -> None:
    answer = shop.http.request(endpoint[0], endpoint[1], headers={"Authorization": ""})
    assert answer.status_code == 401
